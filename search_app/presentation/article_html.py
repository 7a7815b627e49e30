"""Article markup made safe to show: nh3 (Ammonia) decides what stays, nothing is let through around it.

Pictures become links: a reader's browser asks no other host for anything. Relative addresses are resolved against the
article's own. Matches are marked in the text nodes, across tags where a match spans them.
"""

import re
from collections.abc import Callable, Sequence
from html import escape
from html.parser import HTMLParser
from itertools import pairwise
from urllib.parse import urljoin, urlsplit

import nh3
from markupsafe import Markup

Span = tuple[int, int]
Highlighter = Callable[[str], Sequence[Span]]

_BLOCKS = frozenset((
    "blockquote", "caption", "dd", "div", "dl", "dt", "figcaption", "figure", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
))  # fmt: skip
_INLINE = frozenset((
    "a", "abbr", "b", "br", "cite", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "rp", "rt", "ruby", "s",
    "small", "span", "strong", "sub", "sup", "time", "u",
))  # fmt: skip
_MEDIA = {"audio": "src", "embed": "src", "iframe": "src", "img": "src", "source": "src", "video": "src"}
_LAZY = ("data-src", "data-original", "data-lazy-src", "data-actualsrc")
"""Where pages that load pictures late keep the real address."""

_DROPPED = frozenset((
    "aside", "button", "canvas", "dialog", "fieldset", "footer", "form", "head", "input", "math", "menu", "nav",
    "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
))  # fmt: skip
"""Elements that go with all they hold: they are not the article."""

_ATTRIBUTES = {
    "a": {"href", "title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "time": {"datetime"},
    "*": {"lang", "dir"},
}
_SCHEMES = {"http", "https", "mailto"}

# Archived pages hold start tags without the space: <asidedata-org-name="" data-org-type="">.
_GLUED = re.compile(r"<(aside|nav|section|div|figure|img|iframe|a)(data-[a-z-]+=|class=|id=|href=|src=)", re.IGNORECASE)

_gather = nh3.Cleaner(
    tags=set(_BLOCKS | _INLINE | set(_MEDIA) | {"h1"}),
    clean_content_tags=set(_DROPPED),
    attributes=_ATTRIBUTES | {tag: {attribute, "alt", *_LAZY} for tag, attribute in _MEDIA.items()},
    url_schemes=_SCHEMES,
    link_rel=None,
)
_final = nh3.Cleaner(
    tags=set(_BLOCKS | _INLINE),
    clean_content_tags=set(_DROPPED),
    attributes=_ATTRIBUTES,
    allowed_classes={"a": {"picture"}},
    url_schemes=_SCHEMES,
    link_rel="noopener noreferrer nofollow",
)


def _nothing(text: str) -> Sequence[Span]:
    return ()


def article_html(
    html: str,
    base: str,
    picture_label: str,
    highlight: Highlighter = _nothing,
    spell: Callable[[str], str] = str,
    text: str = "",
) -> Markup:
    """``html`` as safe markup: ``base`` resolves relative addresses, ``picture_label`` names a picture without a text.

    ``highlight`` gets the text (blocks separated by newlines) and returns slices of it, sorted and apart. ``spell``
    changes each text node last, its tags aside: for showing the other script. With ``text``, the article's text as it
    is searched, lines that are not in it (share bars, lists of other headlines) are left out.
    """
    rewriter = _Rewriter(base, picture_label)
    rewriter.feed(_gather.clean(_GLUED.sub(r"<\1 \2", html)))
    rewriter.close()
    if text:
        rewriter.keep(text)
    return Markup(_without_empties(_final.clean(rewriter.result(highlight, spell))))


_EMPTY = re.compile(
    r"<(a|b|blockquote|div|em|figcaption|figure|h[2-6]|i|li|ol|p|small|span|strong|u|ul)(?: [^>]*)?>\s*</\1>"
)


def _without_empties(markup: str) -> str:
    """Without elements that hold nothing, also when they hold but such elements."""
    while (shorter := _EMPTY.sub("", markup)) != markup:
        markup = shorter
    return markup


_BLANKS = re.compile(r"[\s\u200b\u2028\u2029\ufeff]+")


def _tag_name(tag: str) -> str:
    return tag.strip("</>").partition(" ")[0]


class _Rewriter(HTMLParser):
    """Reads markup that nh3 has already made well-formed; keeps tags and text apart so that text can be marked."""

    def __init__(self, base: str, picture_label: str) -> None:
        super().__init__(convert_charrefs=True)
        self._base = base
        self._picture_label = picture_label
        self._pieces: list[tuple[bool, str]] = []
        """(is text, tag or raw text)"""
        self._inside_link = 0
        self._seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in _MEDIA:
            self._media(tag, values)
            return
        if tag == "a":
            self._inside_link += 1
            values["href"] = self._absolute(values.get("href", ""))
        rendered = "".join(f' {name}="{escape(value)}"' for name, value in values.items() if value)
        # An article's own headings stand below the page's h1.
        self._tag(f"<{'h2' if tag == 'h1' else tag}{rendered}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in _MEDIA:
            return
        if tag == "a":
            self._inside_link -= 1
        self._tag(f"</{'h2' if tag == 'h1' else tag}>")

    def handle_data(self, data: str) -> None:
        self._pieces.append((True, data))

    def _media(self, tag: str, values: dict[str, str]) -> None:
        address = next((values[name] for name in (*_LAZY, _MEDIA[tag]) if values.get(name)), "")
        target = self._absolute(address)
        if not target or target in self._seen:
            return
        self._seen.add(target)
        label = escape(values.get("alt", "").strip() or self._picture_label)
        if self._inside_link:
            self._tag(f"<span>{label}</span>")
        else:
            self._tag(f'<a class="picture" href="{escape(target)}">{label}</a>')

    def _absolute(self, address: str) -> str:
        """The address in full; empty for what cannot be one."""
        try:
            whole = urljoin(self._base, address.strip()) if address.strip() else ""
            return whole if urlsplit(whole).scheme in _SCHEMES else ""
        except ValueError:
            return ""

    def _tag(self, markup: str) -> None:
        self._pieces.append((False, markup))

    def keep(self, text: str) -> None:
        """Leave out the lines that ``text`` doesn't hold. Blanks don't count, for they were squeezed there."""
        kept = _BLANKS.sub("", text)
        line: list[int] = []
        for number, (is_text, piece) in enumerate([*self._pieces, (False, "<p>")]):
            if is_text:
                line.append(number)
            elif (name := _tag_name(piece)) in _BLOCKS or name == "br":
                if _BLANKS.sub("", "".join(self._pieces[i][1] for i in line)) not in kept:
                    for i in line:
                        self._pieces[i] = (True, "")
                line = []

    def result(self, highlight: Highlighter, spell: Callable[[str], str]) -> str:
        """The markup again, with ``<mark>`` where ``highlight`` found something and its text nodes spelled anew."""
        joined: list[str] = []
        starts: list[int] = []
        length = 0
        for is_text, piece in self._pieces:
            starts.append(length)
            visible = piece if is_text else "\n" if _tag_name(piece) in _BLOCKS else ""
            joined.append(visible)
            length += len(visible)
        spans = list(highlight("".join(joined)))
        output: list[str] = []
        for (is_text, piece), start in zip(self._pieces, starts, strict=True):
            output.append(spell(marked(piece, _within(spans, start, start + len(piece)))) if is_text else piece)
        return "".join(output)


def _within(spans: Sequence[Span], start: int, end: int) -> list[Span]:
    """The parts of ``spans`` inside ``[start, end)``, counted from ``start``."""
    return [(max(lo, start) - start, min(hi, end) - start) for lo, hi in spans if lo < end and hi > start]


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """Text as markup with ``<mark>`` around the slices (sorted, apart, half-open)."""
    cuts = [0, *(edge for span in spans for edge in span), len(text)]
    parts = [escape(text[start:end], quote=False) for start, end in pairwise(cuts)]
    return Markup("".join(f"<mark>{part}</mark>" if i % 2 and part else part for i, part in enumerate(parts)))


def paragraphs(text: str, highlight: Highlighter = _nothing, spell: Callable[[str], str] = str) -> Markup:
    """Plain text as markup: one paragraph a line. ``highlight`` and ``spell`` as for ``article_html``."""
    spans = list(highlight(text))
    output: list[str] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            output.append(f"<p>{spell(marked(line, _within(spans, start, start + len(line))))}</p>")
        start += len(line) + 1
    return Markup("\n".join(output))
