"""The query language: from what people type to a tree of frozen nodes.

::

    特朗普 疫苗            both words                   "视频会议"        exactly this run
    川普 OR 拜登, a | b    either                       疫苗 -接种, NOT a  not the second
    (a OR b) c             groups                       vacc*             words that begin so
    拜登 NEAR/5 普京       at most five positions between    拜登 W/5 普京       in this order
    拜登 同句 普京, a S/ b  in one sentence                   a 同段 b, a P/ b   in one paragraph
    ATLEAST/3 疫苗         three times or more
    title:疫苗  lead:疫苗  source:联合早报  publisher:台湾  author:储百亮  site:zaobao.com  lang:zh-Hant
    before:2020-09  after:去年  date:2020-09..2020-10  discovered:昨天   days, both ends included
    words:>500                                                           characters of the text
    is:starred  tag:疫苗                                                   what the reader marked

Quotes, parentheses, colons, bars and minus signs may be full-width (“ ” 「 」 『 』 （ ） ： ｜ －). Fields go by their
Chinese names too (标题: 來源:), and take a group: ``title:(a OR b)``. NEAR and its like bind closest.

Reading never fails on odd input: what makes no sense as an operator is text, and a note says what was ignored. Only
what looks like a field or an operator and is none is an error, since a search without it would answer another question.
``http://…``, ``12:30``, ``比分3:2``, ``C:\\x`` are text, and so is any unknown name before a full-width colon, as in a
headline.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import cast

from indexer.errors import QueryError
from search_app.query.notes import Note
from search_app.query.tree import (
    CHINESE_FIELDS,
    FIELDS,
    AllOf,
    AnyOf,
    Clause,
    Close,
    FieldName,
    Node,
    NoneOf,
    Often,
)

MAX_DISTANCE = 1_000
"""Positions that NEAR and W may leave between."""

MAX_TIMES = 100
"""What ATLEAST may ask for."""

MAX_LENGTH = 2_000
"""Characters of a question; the rest is ignored."""

MAX_LEAVES = 64
"""Words, runs and fields of a question; further ones are ignored."""

MAX_DEPTH = 16
"""Parentheses within parentheses; deeper ones are ignored."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What was read. ``tree`` is ``None`` when nothing that can be searched was typed."""

    tree: Node | None
    notes: tuple[Note, ...]


def parse(text: str) -> Parsed:
    """Read a question in time linear in ``MAX_LENGTH``.

    Raises ``QueryError`` ``unknown_field`` and ``bad_operator``, and nothing else.
    """
    notes: list[Note] = []
    if len(text) > MAX_LENGTH:
        text = text[:MAX_LENGTH]
        notes.append(Note("too_long", count=MAX_LENGTH))
    text = _SURROGATES.sub("\ufffd", text)
    parser = _Parser(list(_tokens(text, notes)), notes)
    return Parsed(parser.whole(), tuple(dict.fromkeys(notes)))


@dataclass(frozen=True, slots=True)
class _Token:
    """``kind``: ``(``, ``)``, ``or``, ``not``, ``and``, ``field``, ``close``, ``often``, or the kind of a leaf.

    ``number`` is the operator's, ``start`` where the text of a leaf begins.
    """

    kind: str
    text: str = ""
    number: int = 0
    start: int = 0


_SURROGATES = re.compile("[\ud800-\udfff]")
"""Halves of characters, from arguments that are not UTF-8: nothing can store or send them."""

_QUOTES = {'"': '"＂”', "＂": '"＂”', "“": '”"', "”": '”"', "„": '“”"', "「": "」", "『": "』", "«": "»"}
_OPEN, _CLOSE, _BAR, _MINUS, _STAR = "(（", ")）", "|｜", "-－−", "*＊"
_FIELD = re.compile(rf"([A-Za-z][A-Za-z_]+|{'|'.join(CHINESE_FIELDS)})([:：])")
_WORD_END = re.compile(rf"[\s{re.escape(''.join(_QUOTES) + _OPEN + _CLOSE + _BAR)}]")
_OPERATORS = {"OR": "or", "AND": "and", "NOT": "not"}
_NUMBERED = re.compile(r"(NEAR|W|ATLEAST)[/／](\d+)", re.ASCII)
_IN_ONE: Mapping[str, OneOf["sentence", "paragraph"]] = {
    "S/": "sentence",
    "同句": "sentence",
    "P/": "paragraph",
    "同段": "paragraph",
}


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
            yield _Token("exact", text[position + 1 : end], start=position + 1)
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
            yield _word(word, position) if begins else _Token("words", word, start=position)
            position, begins = end, False


def _run(text: str, position: int, characters: str) -> int:
    """How many of these characters stand here in a row."""
    return len(text) - position - len(text[position:].lstrip(characters))


def _field_at(text: str, position: int) -> tuple[str, int] | None:
    """The field whose name stands here and where its value begins; ``None`` if this is text."""
    match = _FIELD.match(text, position)
    if not match:
        return None
    name, rest = CHINESE_FIELDS.get(match[1], match[1].lower()), text[match.end() :]
    if name in FIELDS:
        return (name, len(text) - len(rest.lstrip())) if rest.strip() else None
    if match[2] == "：" or not rest or rest[0].isspace() or rest[0] in ":：/\\":
        return None
    raise QueryError("unknown_field", field="q", given=match[1], allowed=FIELDS, position=position)


def _word(word: str, start: int) -> _Token:
    if word in _OPERATORS:
        return _Token(_OPERATORS[word])
    if word in _IN_ONE:
        return _Token("close", word, start=start)
    if numbered := _NUMBERED.fullmatch(word):
        return _numbered(numbered[1], numbered[2], start)
    if word[-1] in _STAR:
        return _Token("prefix", word.rstrip(_STAR), start=start)
    return _Token("words", word, start=start)


def _numbered(name: str, digits: str, start: int) -> _Token:
    """Raises ``QueryError`` ``bad_operator`` for a number that is too large, or times that are none."""
    least, most = (1, MAX_TIMES) if name == "ATLEAST" else (0, MAX_DISTANCE)
    given = f"{name}/{digits}"
    if len(digits) > len(str(most)) or not least <= int(digits) <= most:
        allowed = f"{name}/{least}", f"{name}/{most}"
        raise QueryError("bad_operator", field="q", given=given, allowed=allowed, position=start)
    return _Token("often" if name == "ATLEAST" else "close", given, int(digits), start)


class _Parser:
    """Recursive descent over the tokens; recursion is bounded by ``MAX_DEPTH``.

    ::

        any  = all { "or" all }
        all  = { ["and"] close }
        close = unary { "close" unary }
        unary = { "not" | "often" | "field" } ( "(" any ")" | leaf )
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
        return flat(AllOf, parts)

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
        return flat(AnyOf, alternatives)

    def _all(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        parts: list[Node] = []
        while (kind := self._peek()) not in ("", ")", "or"):
            if kind == "and":
                self._next += 1
                continue
            parts += self._close(field, depth)
        return flat(AllOf, parts)

    def _close(self, field: FieldName | OneOf[""], depth: int) -> list[Node]:
        """A part, or each pair of parts that stand beside an operator."""
        left = self._operand(field, depth)
        pairs: list[Node] = []
        while left is not None and self._peek() == "close":
            operator = self._tokens[self._next]
            self._next += 1
            right = self._unary(field, depth)
            if right is None:
                return [*(pairs or [left]), *self._lone(operator, field)]
            together = _IN_ONE.get(operator.text, operator.number)
            pairs.append(Close(left, right, together, operator.text.startswith("W")))
            left = right
        return pairs or ([] if left is None else [left])

    def _operand(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        """What may stand to the left of an operator; an operator without it may be a word."""
        if self._peek() != "close":
            return self._unary(field, depth)
        self._next += 1
        lone = self._lone(self._tokens[self._next - 1], field)
        return lone[0] if lone else None

    def _lone(self, operator: _Token, field: FieldName | OneOf[""]) -> list[Node]:
        """What an operator is that lacks a part: a word where it is Chinese, else nothing."""
        if operator.text.isascii():
            self._dangling(operator.text)
            return []
        return [Clause(operator.text, field=field, start=operator.start)]

    def _unary(self, field: FieldName | OneOf[""], depth: int) -> Node | None:
        excluded, often = False, None
        while self._peek() in ("not", "field", "often"):
            token = self._tokens[self._next]
            self._next += 1
            if token.kind == "not":
                excluded = not excluded
            elif token.kind == "often":
                often = token
            else:
                field = cast(FieldName, token.text)
        kind = self._peek()
        if kind == "(":
            node = self._group(field, depth)
        elif kind in ("", ")", "or", "and", "close"):
            if excluded or often:
                self._dangling(often.text if often else "NOT")
            return None
        else:
            node = self._leaf(field)
        if often and node is not None:
            node = Often(node, often.number)
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
        return Clause(token.text, cast(OneOf["words", "exact", "prefix"], token.kind), field, start=token.start)

    def _unbalanced(self) -> None:
        self._notes.append(Note("unbalanced_parenthesis"))

    def _dangling(self, operator: str) -> None:
        self._notes.append(Note("dangling_operator", (operator,)))


def flat(kind: type[AllOf] | type[AnyOf], parts: Iterable[Node]) -> Node | None:
    """One node of the parts; parts of the same kind are taken apart."""
    found: list[Node] = []
    for part in parts:
        found += part.parts if isinstance(part, kind) else (part,)
    if not found:
        return None
    return found[0] if len(found) == 1 else kind(tuple(found))
