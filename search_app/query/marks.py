"""Fields that a reader's marks answer: ``is:starred``, ``tag:疫苗``.

Marks lie in the archive and not in the index, so such a clause is told which articles it means before it is read.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from indexer.archive.readers.marks import KINDS, MarkKind
from indexer.errors import QueryError
from search_app.query.tree import AllOf, AnyOf, Clause, Close, Node, NoneOf, Often

Marked = Callable[[MarkKind, str], Sequence[str]]
"""The ids of the articles that a reader marked so; the second argument is a tag, ``""`` for any."""


def with_marks(node: Node, marked: Marked | None) -> Node:
    """The tree with ``Clause.ids`` of those fields; ``marked`` is ``None`` where nobody is known to have marks.

    Raises ``QueryError``: ``bad_choice`` for a mark that there is not, ``no_marks``.
    """
    match node:
        case Clause(text, _, "is" | "tag" as field):
            kind = "tagged" if field == "tag" else next((each for each in KINDS if each == text.strip().lower()), None)
            if kind is None:
                raise QueryError("bad_choice", field=field, given=text, allowed=KINDS)
            if marked is None:
                raise QueryError("no_marks", field=field, given=text)
            return replace(node, ids=tuple(marked(kind, text.strip() if field == "tag" else "")))
        case Clause():
            return node
        case NoneOf(part):
            return NoneOf(with_marks(part, marked))
        case AllOf(parts):
            return AllOf(tuple(with_marks(part, marked) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(with_marks(part, marked) for part in parts))
        case Often(part):
            return replace(node, part=with_marks(part, marked))
        case Close(first, second):
            return replace(node, first=with_marks(first, marked), second=with_marks(second, marked))
