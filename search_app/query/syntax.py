"""The query language: from what people type to a tree of frozen nodes.

::

    特朗普 疫苗            both words                   "视频会议"        exactly this run
    川普 OR 拜登, a | b    either                       疫苗 -接种, NOT a  not the second
    (a OR b) c             groups                       vacc*             words that begin so
    title:疫苗  source:联合早报  site:zaobao.com  lang:zh-Hant
    before:2020-09  after:去年  date:2020-09..2020-10   days, both ends included
    is:starred  tag:疫苗  标签:疫苗                        what the reader marked

Quotes, parentheses, colons, bars and minus signs may be full-width (“ ” 「 」 『 』 （ ） ： ｜ －); a field takes a
group too: ``title:(a OR b)``. Reading never fails on odd input: what makes no sense as an operator is text, and a note
says what was ignored. Only what looks like a field and is none is an error, since a search without it would answer
another question. ``http://…``, ``12:30``, ``比分3:2``, ``C:\\x`` are text, and so is any unknown name before a
full-width colon, as in a headline.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import cast

from indexer.errors import QueryError
from search_app.query.notes import Note

FieldName = OneOf["title", "source", "author", "site", "lang", "before", "after", "date", "is", "tag"]
FIELDS: tuple[FieldName, ...] = ("title", "source", "author", "site", "lang", "before", "after", "date", "is", "tag")

MAX_LENGTH = 2_000
"""Characters of a question; the rest is ignored."""

MAX_LEAVES = 64
"""Words, runs and fields of a question; further ones are ignored."""

MAX_DEPTH = 16
"""Parentheses within parentheses; deeper ones are ignored."""


@dataclass(frozen=True, slots=True)
class Clause:
    """Something to look for (a leaf of the tree): ``text`` as typed, in ``field`` (``""`` is title and body).

    ``kind`` tells how: ``words`` are segmented and widened to other spellings, ``exact`` is a quoted run, ``prefix``
    the beginning of a word. In fields other than ``title`` it makes no difference. ``ids`` are the articles that are
    meant, where a reader's marks tell that (``search_app.query.marks``).
    """

    text: str
    kind: OneOf["words", "exact", "prefix"] = "words"
    field: FieldName | OneOf[""] = ""
    ids: tuple[str, ...] = ()


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


Node = Clause | AllOf | AnyOf | NoneOf


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read. ``tree`` is ``None`` when nothing that can be searched was typed."""

    tree: Node | None
    notes: tuple[Note, ...]


def parse(text: str) -> Parsed:
    """Read a question. Raises ``QueryError`` ``unknown_field`` and nothing else, in time linear in ``MAX_LENGTH``."""
    notes: list[Note] = []
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        notes.append(Note("too_long", count=MAX_LENGTH))
    text = _SURROGATES.sub("\ufffd", text)
    parser = _Parser(list(_tokens(text, notes)), notes)
    return Parsed(parser.whole(), tuple(dict.fromkeys(notes)))


@dataclass(frozen=True, slots=True)
class _Token:
    """``kind``: ``(``, ``)``, ``or``, ``not``, ``and``, ``field``, or the kind of a leaf."""

    kind: str
    text: str = ""


_SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, from arguments that are not UTF-8: nothing can store or send them."""

_QUOTES = {'"': '"＂”', "＂": '"＂”', "“": '”"', "”": '”"', "„": '“”"', "「": "」", "『": "』", "«": "»"}
_OPEN, _CLOSE, _BAR, _MINUS, _STAR = "(（", ")）", "|｜", "-－−", "*＊"
_OTHER_NAMES = {"标签": "tag", "標籤": "tag"}
_FIELD = re.compile(rf"([A-Za-z][A-Za-z_]+|{'|'.join(_OTHER_NAMES)})([:：])")
_WORD_END = re.compile(rf"[\s{re.escape(''.join(_QUOTES) + _OPEN + _CLOSE + _BAR)}]")
_OPERATORS = {"OR": "or", "AND": "and", "NOT": "not"}


def _tokens(text: str, notes: list[Note]) -> Iterator[_Token]:
    position, begins = 0, True  # begins: an operator may stand here, not only the middle of a word
    while position < len(text):
        character = text[position]
        if character.isspace():
            position, begins = position + 1, True
        elif character in _OPEN or character in _CLOSE:
            yield _Token("(" if character in _OPEN else ")")
            position, begins = position + 1, True
        elif character in _BAR:
            yield _Token("or")
            position, begins = position + _run(text, position, _BAR), True
        elif character in _QUOTES:
            closing = _QUOTES[character]
            end = next((i for i in range(position + 1, len(text)) if text[i] in closing), len(text))
            if end == len(text):
                notes.append(Note("unbalanced_quote"))
            yield _Token("exact", text[position + 1 : end])
            position, begins = end + 1, False
        elif character in _MINUS and begins:
            position += _run(text, position, _MINUS)
            if position < len(text) and not text[position].isspace():
                yield _Token("not")
        elif begins and (name := _field_at(text, position)):
            yield _Token("field", name[0])
            position = name[1]
        else:
            found = _WORD_END.search(text, position)
            end = found.start() if found else len(text)
            word = text[position:end]
            yield _word(word) if begins else _Token("words", word)
            position, begins = end, False


def _run(text: str, position: int, characters: str) -> int:
    """How many of these characters stand here in a row."""
    return len(text) - position - len(text[position:].lstrip(characters))


def _field_at(text: str, position: int) -> tuple[str, int] | None:
    """The field whose name stands here and where its value begins; ``None`` if this is text."""
    match = _FIELD.match(text, position)
    if not match:
        return None
    name, rest = _OTHER_NAMES.get(match[1], match[1].lower()), text[match.end() :]
    if name in FIELDS:
        return (name, len(text) - len(rest.lstrip())) if rest.strip() else None
    if match[2] == "：" or not rest or rest[0].isspace() or rest[0] in ":：/\\":
        return None
    raise QueryError("unknown_field", field="q", given=match[1], allowed=FIELDS)


def _word(word: str) -> _Token:
    if word in _OPERATORS:
        return _Token(_OPERATORS[word])
    if word[-1] in _STAR:
        return _Token("prefix", word.rstrip(_STAR))
    return _Token("words", word)


class _Parser:
    """Recursive descent over the tokens; recursion is bounded by ``MAX_DEPTH``.

    ::

        any  = all { "or" all }
        all  = { ["and"] unary }
        unary = { "not" } ( "(" any ")" | "field" unary | leaf )
    """

    def __init__(self, tokens: list[_Token], notes: list[Note]) -> None:
        self._tokens = tokens
        self._notes = notes
        self._next = 0
        self._leaves = 0

    def whole(self) -> Node | None:
        parts: list[Node] = []
        while self._next < len(self._tokens):
            node = self._any("", 0)
            if node is not None:
                parts.append(node)
            if self._peek() == ")":  # one too many
                self._unbalanced()
                self._next += 1
        return _flat(AllOf, parts)

    def _peek(self) -> str:
        return self._tokens[self._next].kind if self._next < len(self._tokens) else ""

    def _any(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        alternatives: list[Node] = []
        while True:
            node = self._all(field, depth)
            if node is not None:
                alternatives.append(node)
            if self._peek() != "or":
                break
            self._next += 1
            if node is None or self._peek() in ("", ")"):
                self._dangling("OR")
        return _flat(AnyOf, alternatives)

    def _all(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in ("", ")", "or"):
            if kind == "and":
                self._next += 1
                continue
            node = self._unary(field, depth)
            if node is not None:
                parts.append(node)
        return _flat(AllOf, parts)

    def _unary(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        excluded = False
        while self._peek() in ("not", "field"):
            token = self._tokens[self._next]
            self._next += 1
            if token.kind == "not":
                excluded = not excluded
            else:
                field = cast(FieldName, token.text)
        kind = self._peek()
        if kind == "(":
            node = self._group(field, depth)
        elif kind in ("", ")", "or", "and"):
            if excluded:
                self._dangling("NOT")
            return None
        else:
            node = self._leaf(field)
        return NoneOf(node) if excluded and node is not None else node

    def _group(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        self._next += 1
        if depth == MAX_DEPTH:
            self._unbalanced()
            return None
        node = self._any(field, depth + 1)
        if self._peek() == ")":
            self._next += 1
        else:
            self._unbalanced()
        return node

    def _leaf(self, field: FieldName | OneOf[""]) -> Node | None:
        token = self._tokens[self._next]
        self._next += 1
        if not token.text.strip():
            return None
        if self._leaves == MAX_LEAVES:
            self._notes.append(Note("too_many_terms", count=MAX_LEAVES))
            return None
        self._leaves += 1
        return Clause(token.text, cast(OneOf["words", "exact", "prefix"], token.kind), field)

    def _unbalanced(self) -> None:
        self._notes.append(Note("unbalanced_parenthesis"))

    def _dangling(self, operator: str) -> None:
        self._notes.append(Note("dangling_operator", (operator,)))


def _flat(kind: type[AllOf] | type[AnyOf], parts: list[Node]) -> Node | None:
    """One node of the parts; parts of the same kind are taken apart."""
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
