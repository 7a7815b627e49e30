"""HTML written anew, well-formed and bounded: blocks nest as they did, inline elements are opened again in each block
that they reach into.

What is written is bounded in depth, in the inline elements that are open at once and in how often one is opened again:
a sanitiser builds a tree, which costs more than linear time where these are not.
"""

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from enum import Enum
from html import escape
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from search_app.presentation.html.html_tokens import End, Start, Text, attributes, tokens

_DEPTH = 64
"""Blocks inside each other; deeper ones stand beside each other."""

_INLINES = 8
"""Inline elements open at once."""

_REOPENED = 32
"""Blocks that one inline element reaches into: an end tag that was forgotten is no wish of the author."""

_NODE = 4_000
"""Characters of a text node, about: nh3 takes longer than linear time for one with many character references."""

_ADDRESS = 2_000
"""Characters of an attribute that is kept. Longer addresses are mostly pictures in themselves (data:)."""

BLOCKS = frozenset((
    "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_SHOWN_AS = {"h1": "h2"} | dict.fromkeys(
    ("address", "article", "center", "details", "dir", "header", "hgroup", "listing", "main", "search", "section",
     "summary"), "div",
)  # fmt: skip
"""Other blocks. An article's own headings stand below the page's h1."""

INLINE = frozenset((
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s",
    "small", "span", "strong", "sub", "sup", "time", "u",
))  # fmt: skip
_MEDIA = {"audio": "src", "embed": "src", "iframe": "src", "img": "src", "source": "src", "video": "src"}
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc")
"""Where pages that load pictures late keep the real address."""
_MEDIA_ATTRIBUTES = frozenset(("src", "alt", *_LAZY))

DROPPED = frozenset((
    "aside", "button", "canvas", "dialog", "fieldset", "footer", "form", "math", "menu", "nav", "object", "select",
    "svg", "template",
))  # fmt: skip
"""Elements that go with all they hold: they are not the article."""

_VOID = frozenset(("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"))
_SECTIONS = frozenset(("tbody", "tfoot", "thead"))
_ROWS = _SECTIONS | {"table", "tr"}
"""Elements of a table that hold no text themselves."""
_PARTS = (_ROWS - {"table"}) | {"caption", "td", "th"}
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_WALLS = frozenset(("caption", "table", "td", "th"))
"""What no end tag of an element outside reaches through."""
_CLOSED_BY = {"li": ("li",), "dd": ("dd", "dt"), "dt": ("dd", "dt")}
ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}
SCHEMES = {"http", "https", "mailto"}


class Kind(Enum):
    TEXT = "characters, not escaped"
    OPEN = "a start tag"
    CLOSE = "an end tag"
    WHOLE = "an element as a whole"


class Piece(NamedTuple):
    """A part of the markup that is written; ``name`` is the element's, ``text`` the tag or the characters."""

    kind: Kind
    name: str
    text: str


@dataclass(slots=True)
class _Inline:
    """An inline element that is open: its start tag as written, and how many more blocks it reaches into."""

    name: str
    tag: str
    left: int = _REOPENED


class Writer:
    """Writes tokens as well-formed pieces."""

    def __init__(self, base: str, picture_label: str, captions: Container[str] = ()) -> None:
        """A picture whose alternative text is one of ``captions``, which stand below their pictures, gets the label."""
        self._base = base
        self._captions = captions
        self._picture_label = picture_label
        self._pieces: list[Piece] = []
        self._blocks: list[str] = []
        self._inlines: list[_Inline] = []
        self._opened = 0
        """How many of ``_inlines``, from the first, are written in the present block."""
        self._dropped = ""
        """The element that goes with all it holds, while inside one."""
        self._inside: Counter[str] = Counter()
        """The elements open inside of it."""
        self._seen: set[str] = set()

    def read(self, html: str) -> list[Piece]:
        for token in tokens(html):
            match token:
                case Text(text):
                    if not self._dropped:
                        self._text(text)
                case Start(name, rest):
                    self._start(name, rest)
                case End(name):
                    self._end(name)
        self._close_blocks(0)
        return self._pieces

    # -- tokens --------------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if text.isspace():
            if not self._in_rows():
                self._add_text(text)
            return
        self._into_cell()
        self._open_inlines()
        self._add_text(text)

    def _start(self, name: str, rest: str) -> None:
        if self._dropped:
            if name not in _VOID:
                self._inside[name] += 1
        elif name in _MEDIA:
            self._media(name, attributes(rest, _MEDIA_ATTRIBUTES, _ADDRESS))
        elif name in DROPPED:
            if not (name in ("svg", "math") and rest.endswith("/")):
                self._dropped, self._inside = name, Counter((name,))
        elif name == "br":
            self._into_cell()
            self._pieces.append(Piece(Kind.WHOLE, "br", "<br>"))
        elif name in INLINE:
            self._start_inline(name, rest)
        elif name in BLOCKS or name in _SHOWN_AS:
            self._start_block(name, rest)

    def _end(self, name: str) -> None:
        if self._dropped:
            if self._inside[name]:
                self._inside[name] -= 1
                if name == self._dropped:
                    self._dropped = ""
                return
            if self._depth_of(name) is None:
                return
            self._dropped = ""
        if name in INLINE:
            for number in range(len(self._inlines) - 1, -1, -1):
                if self._inlines[number].name == name:
                    self._end_inline(number)
                    return
        elif (depth := self._depth_of(name)) is not None:
            self._close_blocks(depth)

    # -- inline elements -----------------------------------------------------------------------------------------------

    def _start_inline(self, name: str, rest: str) -> None:
        # A link in a link ends the one outside, a reading in a reading the one before it.
        if name in ("a", "rp", "rt"):
            for number in range(len(self._inlines) - 1, -1, -1):
                if self._inlines[number].name == name or (name != "a" and self._inlines[number].name in ("rp", "rt")):
                    self._end_inline(number)
        values = self._values(name, rest)
        nothing_said = (name == "span" and not values) or (name == "a" and "href" not in values)
        if len(self._inlines) < _INLINES and not nothing_said:
            self._inlines.append(_Inline(name, _tag(name, values)))

    def _end_inline(self, number: int) -> None:
        self._close_inlines(number)
        del self._inlines[number]

    def _open_inlines(self) -> None:
        """Write the start tags that the present block still lacks."""
        for inline in self._inlines[self._opened :]:
            inline.left -= 1
            self._pieces.append(Piece(Kind.OPEN, inline.name, inline.tag))
        self._opened = len(self._inlines)

    def _close_inlines(self, first: int = 0) -> None:
        """Write the end tags of those from ``first`` on that are written in this block."""
        for inline in reversed(self._inlines[first : self._opened]):
            self._pieces.append(Piece(Kind.CLOSE, inline.name, f"</{inline.name}>"))
        self._opened = min(self._opened, first)

    def _media(self, name: str, values: dict[str, str]) -> None:
        address = next((values[each] for each in (*_LAZY, _MEDIA[name]) if values.get(each)), "")
        target = self._absolute(address)
        if not target or target in self._seen:
            return
        self._seen.add(target)
        self._into_cell()
        self._open_inlines()
        alternative = " ".join(values.get("alt", "").split())
        label = escape(self._picture_label if alternative in self._captions else alternative or self._picture_label)
        if any(inline.name == "a" for inline in self._inlines):
            self._pieces.append(Piece(Kind.WHOLE, "span", f"<span>{label}</span>"))
        else:
            self._pieces.append(Piece(Kind.WHOLE, "a", f'<a class="picture" href="{escape(target)}">{label}</a>'))

    # -- blocks --------------------------------------------------------------------------------------------------------

    def _start_block(self, name: str, rest: str) -> None:
        if name in _PARTS:
            table = self._depth_of("table")
            if table is None:
                return
            self._make_room(name, table)
        else:
            self._into_cell()
            self._close_before(name)
        if len(self._blocks) >= _DEPTH:
            self._close_blocks(len(self._blocks) - 1)
            if self._in_rows() or name in _PARTS:
                return
        self._open_block(name, self._values(name, rest))

    def _make_room(self, name: str, table: int) -> None:
        """Close what a part of a table cannot stand in."""
        within = {"td": ("tr",), "th": ("tr",), "tr": tuple(_SECTIONS)}.get(name, ())
        depth = next((d for d in range(len(self._blocks), table + 1, -1) if self._blocks[d - 1] in within), table + 1)
        self._close_blocks(depth)
        if name in ("td", "th") and self._blocks[-1] != "tr":
            self._start_block("tr", "")

    def _close_before(self, name: str) -> None:
        """Close what ends where this block begins: paragraphs, items of the same list, headings."""
        if (depth := self._depth_of("p")) is not None:
            self._close_blocks(depth)
        if name in _HEADINGS and self._blocks and self._blocks[-1] in _HEADINGS:
            self._close_blocks(len(self._blocks) - 1)
        for depth in range(len(self._blocks) - 1, -1, -1):
            if self._blocks[depth] in _CLOSED_BY.get(name, ()):
                self._close_blocks(depth)
                return
            if self._blocks[depth] not in ("address", "div", "p"):
                return

    def _open_block(self, name: str, values: dict[str, str]) -> None:
        self._close_inlines()
        self._inlines = [inline for inline in self._inlines if inline.left]
        shown = _SHOWN_AS.get(name, name)
        if name == "hr":
            self._pieces.append(Piece(Kind.WHOLE, name, "<hr>"))
            return
        self._blocks.append(name)
        self._pieces.append(Piece(Kind.OPEN, shown, _tag(shown, values)))

    def _close_blocks(self, depth: int) -> None:
        """Close the blocks until so many are open."""
        self._close_inlines()
        while len(self._blocks) > depth:
            name = self._blocks.pop()
            shown = _SHOWN_AS.get(name, name)
            self._pieces.append(Piece(Kind.CLOSE, shown, f"</{shown}>"))

    def _depth_of(self, name: str) -> int | None:
        """How many blocks stand around the open one of this name; ``None`` if none is in reach."""
        walls = {"table"} if name in _PARTS else _WALLS
        for depth in range(len(self._blocks) - 1, -1, -1):
            if self._blocks[depth] == name or (name in _HEADINGS and self._blocks[depth] in _HEADINGS):
                return depth
            if self._blocks[depth] in walls and name != "table":
                return None
        return None

    def _in_rows(self) -> bool:
        return bool(self._blocks) and self._blocks[-1] in _ROWS

    def _into_cell(self) -> None:
        """What stands in a table but in none of its cells gets one."""
        if self._in_rows():
            self._start_block("td", "")
            if self._in_rows():  # too deep for one
                self._close_blocks(next(d for d, name in enumerate(self._blocks) if name == "table"))

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _add_text(self, text: str) -> None:
        last = self._pieces[-1] if self._pieces else None
        if last and last.kind is Kind.TEXT and len(last.text) + len(text) <= _NODE:
            self._pieces[-1] = last._replace(text=last.text + text)
            return
        self._pieces += (Piece(Kind.TEXT, "", text[start : start + _NODE]) for start in range(0, len(text), _NODE))

    def _values(self, name: str, rest: str) -> dict[str, str]:
        values = attributes(rest, ATTRIBUTES.get(name, set()) | ATTRIBUTES["*"], _ADDRESS) if rest else {}
        if "href" in values:
            values["href"] = self._absolute(values["href"])
        return {name: value for name, value in values.items() if value}

    def _absolute(self, address: str) -> str:
        """The address in full; empty for what cannot be one."""
        try:
            whole = urljoin(self._base, address.strip()) if address.strip() else ""
            return whole if urlsplit(whole).scheme in SCHEMES else ""
        except ValueError:
            return ""


def _tag(name: str, values: dict[str, str]) -> str:
    rest = "".join(f' {each}="{escape(value)}"' for each, value in values.items())
    return f"<{name}{rest}>"
