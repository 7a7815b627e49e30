"""Fields that a reader's marks answer: ``is:starred``, ``tag:疫苗``, ``note:核实``.

Marks lie in the archive and not in the index, so such a clause is told which articles it means before it is read.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from indexer.archive.readers.marks import KINDS, Hidden, MarkKind
from indexer.errors import QueryError
from search_app.query.tree import AllOf, AnyOf, Clause, Close, Node, NoneOf, Often, with_clauses


class Marked(Protocol):
    """What a reader marked; asked for by whoever reads their question."""

    def ids(self, kind: MarkKind, tag: str) -> Sequence[str]:
        """The articles marked so; ``tag`` is ``""`` for any."""
        ...

    def notes(self) -> Sequence[tuple[str, str]]:
        """The ids of the articles with a note, and the notes."""
        ...

    @property
    def hidden(self) -> Hidden: ...


def with_marks(node: Node, marked: Marked | None, fold: Callable[[str], str]) -> Node:
    """The tree with what clauses of those fields mean; ``marked`` is ``None`` where nobody is known to have marks.

    Raises ``QueryError``: ``bad_choice`` for a mark that there is not, ``no_marks``.
    """
    asked = ("is", "tag", "note")
    return with_clauses(node, lambda clause: _told(clause, marked, fold) if clause.field in asked else clause)


def _told(clause: Clause, marked: Marked | None, fold: Callable[[str], str]) -> Clause:
    text = clause.text.strip()
    kind = "tagged" if clause.field == "tag" else next((each for each in KINDS if each == text.lower()), None)
    if kind is None and clause.field == "is":
        raise QueryError("bad_choice", field="is", given=text, allowed=KINDS, position=clause.start)
    if marked is None:
        raise QueryError("no_marks", field=clause.field, given=clause.text, position=clause.start)
    if clause.field == "note":
        wanted = fold(text)
        return replace(clause, ids=tuple(id for id, note in marked.notes() if wanted in fold(note)))
    if kind == "hidden":
        return replace(clause, ids=tuple(sorted(marked.hidden.ids)), sources=marked.hidden.sources)
    assert kind is not None
    return replace(clause, ids=tuple(marked.ids(kind, text if clause.field == "tag" else "")))


def asks_hidden(node: Node | None) -> bool:
    """Whether a question names what is hidden, so that nothing is to be kept out of its answer."""
    match node:
        case None:
            return False
        case Clause(text, field="is"):
            return text.strip().lower() in ("hidden", "muted")
        case Clause():
            return False
        case NoneOf(part) | Often(part):
            return asks_hidden(part)
        case AllOf(parts) | AnyOf(parts):
            return any(map(asks_hidden, parts))
        case Close(first, second):
            return asks_hidden(first) or asks_hidden(second)
