"""Article markup made safe to show, in time linear in its length whatever it holds.

It is read as tags and texts (``html_tokens``) and written anew (``html_writer``), lines that are not the article and
elements that hold nothing are taken out, and nh3 (Ammonia) has the last word on what stays.

Pictures become links: a reader's browser asks no other host for anything. Relative addresses are resolved against the
article's own. Matches are marked in the text nodes, across tags where a match spans them.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import NamedTuple

import nh3
from markupsafe import Markup

from search_app.presentation.html.html_tokens import RAW
from search_app.presentation.html.html_writer import ATTRIBUTES, BLOCKS, DROPPED, INLINE, SCHEMES, Kind, Piece, Writer
from search_app.presentation.html.marking import Highlighter, SpanWalk, marked, nothing

LONGEST = 1_000_000
MOST_TAGS = 40_000
"""Characters and tags of markup that is read. The largest of 22,000 news articles had a third and a quarter of them."""

_SEARCHED = 20_000_000
"""Characters of the article's text that may be searched, in all, for lines that are not where they are expected."""

_EMPTY = frozenset((
    "a", "b", "blockquote", "div", "em", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "i", "li", "ol", "p",
    "small", "span", "strong", "u", "ul",
))  # fmt: skip
"""Elements that go when they hold nothing."""

# Archived pages hold start tags without the space: <asidedata-org-name="" data-org-type="">.
_GLUED = re.compile(r"<(aside|nav|section|div|figure|img|iframe|a)(data-[a-z-]+=|class=|id=|href=|src=)", re.IGNORECASE)

_final = nh3.Cleaner(
    tags=set(BLOCKS | INLINE),
    clean_content_tags=set(DROPPED | RAW),
    attributes=ATTRIBUTES,
    allowed_classes={"a": {"picture"}},
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer nofollow",
)


class Body(NamedTuple):
    """An article's markup, and how many characters of text it shows."""

    markup: Markup
    length: int


class Shown(NamedTuple):
    """What of an article's markup is shown: lines of its body and captions, without the furniture at their edges."""

    text: str
    captions: str = ""
    furniture: str = ""


def article_html(
    html: str,
    base: str,
    picture_label: str,
    highlight: Highlighter = nothing,
    spell: Callable[[str], str] = str,
    shown: Shown | None = None,
) -> Body:
    """``html`` as safe markup: ``base`` resolves relative addresses, ``picture_label`` names a picture without a text.

    ``highlight`` gets the text (blocks separated by newlines). ``spell`` changes each text node last, its tags aside:
    for showing the other script. With ``shown``, lines and edges of lines that are not in it (share bars, datelines)
    are left out. Of markup that ``is_too_large`` nothing is read.
    """
    if is_too_large(html):
        return Body(Markup(), 0)
    captions = frozenset(shown.captions.split("\n")) if shown else frozenset()
    pieces = Writer(base, picture_label, captions).read(_GLUED.sub(r"<\1 \2", html))
    if shown:
        pieces = _kept(pieces, shown)
    pieces = _without_empties(pieces)
    length = sum(len(" ".join(piece.text.split())) for piece in pieces if piece.kind is Kind.TEXT)
    return Body(Markup(_final.clean(_rendered(pieces, highlight, spell))), length)


def is_too_large(html: str) -> bool:
    """Whether reading this markup would keep others waiting."""
    return len(html) > LONGEST or html.count("<") > MOST_TAGS


_BLANKS = re.compile(r"[\s\u200b\u2028\u2029\ufeff]+")


def _is_break(piece: Piece) -> bool:
    return piece.name in BLOCKS or piece.name == "br"


def _kept(pieces: Sequence[Piece], shown: Shown) -> list[Piece]:
    """Without what is not shown. Blanks don't count, for they were squeezed there."""
    lines = _Lines(f"{shown.text}\n{shown.captions}")
    edges = [edge for each in shown.furniture.split("\n") if (edge := _BLANKS.sub("", each))][:_MOST_EDGES]
    kept: list[Piece] = []
    line: list[Piece] = []
    for piece in (*pieces, Piece(Kind.WHOLE, "br", "")):
        if not _is_break(piece):
            line.append(piece)
            continue
        said = _BLANKS.sub("", "".join(each.text for each in line if each.kind is Kind.TEXT))
        kept += _cut(line, *_within_edges(said, lines, edges))
        kept.append(piece)
        line = []
    return kept[:-1]


_MOST_EDGES = 100
"""Pieces of furniture that are looked for at the edges of lines."""


def _within_edges(line: str, lines: Container[str], edges: Sequence[str]) -> tuple[int, int]:
    """The part of a line that ``lines`` hold, between pieces of furniture; ``(0, 0)`` if none is."""
    start, end = 0, len(line)
    while start < end and line[start:end] not in lines:
        before = next((edge for edge in edges if line.startswith(edge, start, end)), "")
        behind = "" if before else next((edge for edge in edges if line.endswith(edge, start, end)), "")
        if not before and not behind:
            return 0, 0
        start, end = start + len(before), end - len(behind)
    return start, max(start, end)


def _cut(line: Sequence[Piece], start: int, end: int) -> Iterator[Piece]:
    """The pieces of a line with the text from one to another of its characters, blanks not counted."""
    place = 0
    for piece in line:
        if piece.kind is not Kind.TEXT:
            yield piece
            continue
        kept = []
        for character in piece.text:
            blank = _BLANKS.fullmatch(character) is not None
            if start < place < end or (start <= place < end and not blank):
                kept.append(character)
            place += not blank
        if kept:
            yield piece._replace(text="".join(kept))


class _Lines(Container[str]):
    """The runs of a text, blanks left out. Asked for lines in about the order of the text, it is walked over once."""

    def __init__(self, text: str) -> None:
        self._ends: dict[str, int] = {}
        self._text = _BLANKS.sub("", text)
        end = 0
        for line in text.split("\n"):
            squeezed = _BLANKS.sub("", line)
            end += len(squeezed)
            self._ends.setdefault(squeezed, end)
        self._place = 0
        self._budget = max(_SEARCHED, len(self._text))

    def __contains__(self, line: object) -> bool:
        """Whether the text holds it. When there was too much to search, a line that is none of the text's is out."""
        assert isinstance(line, str)
        if not line:
            return True
        if self._text.startswith(line, self._place):
            self._place += len(line)
            return True
        if line in self._ends:
            self._place = self._ends[line]
            return True
        if self._budget < len(self._text):
            return False
        self._budget -= len(self._text)
        found = self._text.find(line)
        if found >= 0:
            self._place = found + len(line)
        return found >= 0


def _without_empties(pieces: Iterable[Piece]) -> list[Piece]:
    """Without elements that hold nothing, also when they hold but such elements."""
    output: list[Piece] = []
    filled = [True]
    starts: list[int] = []
    for piece in pieces:
        if piece.kind is Kind.OPEN:
            starts.append(len(output))
            filled.append(False)
        elif piece.kind is Kind.CLOSE:
            start = starts.pop()
            if not filled.pop() and piece.name in _EMPTY:
                del output[start:]
                continue
            filled[-1] = True
        elif piece.kind is Kind.WHOLE or not piece.text.isspace():
            filled[-1] = True
        output.append(piece)
    return output


def _rendered(pieces: Sequence[Piece], highlight: Highlighter, spell: Callable[[str], str]) -> str:
    """The markup, with ``<mark>`` where ``highlight`` found something and its text nodes spelled anew."""
    visible = [piece.text if piece.kind is Kind.TEXT else "\n" if piece.name in BLOCKS else "" for piece in pieces]
    spans = SpanWalk(highlight("".join(visible)))
    output: list[str] = []
    start = 0
    before = None
    for piece, seen in zip(pieces, visible, strict=True):
        if piece.kind is Kind.TEXT:
            # A comment, which nh3 takes out, parts text nodes.
            output.append("<!---->" if before is Kind.TEXT else "")
            output.append(spell(marked(seen, spans.within(start, start + len(seen)))))
        else:
            output.append(piece.text)
        before = piece.kind
        start += len(seen)
    return "".join(output)
