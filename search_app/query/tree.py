"""What was typed, as a tree of frozen nodes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from typing import Literal as OneOf
from typing import get_args

FieldName = OneOf[
    "title",
    "lead",
    "source",
    "publisher",
    "author",
    "site",
    "lang",
    "before",
    "after",
    "date",
    "discovered",
    "words",
    "is",
    "tag",
    "note",
]
FIELDS: tuple[FieldName, ...] = get_args(FieldName)

TEXT_FIELDS = ("", "title", "lead")
"""The fields that are text."""

CHINESE_FIELDS: Mapping[str, FieldName] = {
    "标题": "title",
    "標題": "title",
    "导语": "lead",
    "導語": "lead",
    "来源": "source",
    "來源": "source",
    "媒体": "publisher",
    "媒體": "publisher",
    "作者": "author",
    "网站": "site",
    "網站": "site",
    "语言": "lang",
    "語言": "lang",
    "截至": "before",
    "起自": "after",
    "日期": "date",
    "收录": "discovered",
    "收錄": "discovered",
    "字数": "words",
    "字數": "words",
    "标签": "tag",
    "標籤": "tag",
    "笔记": "note",
    "筆記": "note",
}


@dataclass(frozen=True, slots=True)
class Clause:
    """Something to look for (a leaf of the tree): ``text`` as typed, in ``field`` (``""`` is title and body).

    ``kind`` tells how: ``words`` are segmented and widened to other spellings, ``exact`` is a quoted run, ``prefix``
    the beginning of a word. In fields that are no text it makes no difference. ``ids`` and ``sources``
    are the articles and publishers that are meant, where a reader's marks (``search_app.query.marks``) or a group
    (``search_app.query.publishers``) tell that.
    ``start`` is where it begins in what was typed.
    """

    text: str
    kind: OneOf["words", "exact", "prefix"] = "words"
    field: FieldName | OneOf[""] = ""
    ids: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    start: int = dataclass_field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AllOf:
    """All of the parts; ``AllOf(())`` is no restriction."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one of the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Not the part."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class Close:
    """Both parts ``together``: with so many positions between them at most, or in one sentence or paragraph.

    ``ordered``: the first comes first.
    """

    first: "Node"
    second: "Node"
    together: int | OneOf["sentence", "paragraph"]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Often:
    """The part so many times or more."""

    part: "Node"
    times: int


Node = Clause | AllOf | AnyOf | NoneOf | Close | Often


def with_clauses(node: Node, change: Callable[[Clause], Node]) -> Node:
    """The tree with each clause changed."""
    match node:
        case Clause():
            return change(node)
        case NoneOf(part):
            return NoneOf(with_clauses(part, change))
        case AllOf(parts):
            return AllOf(tuple(with_clauses(part, change) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(with_clauses(part, change) for part in parts))
        case Often(part):
            return replace(node, part=with_clauses(part, change))
        case Close(first, second):
            return replace(node, first=with_clauses(first, change), second=with_clauses(second, change))


def is_plain(node: Node) -> bool:
    """Whether it is text without quotes, operator and field."""
    return isinstance(node, Clause) and node.kind == "words" and not node.field


def spaced(clauses: Iterable[Node]) -> str:
    """The texts of clauses in a row."""
    return " ".join(clause.text for clause in clauses if isinstance(clause, Clause))
