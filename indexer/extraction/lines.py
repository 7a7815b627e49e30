"""The lines of a page, without the elements that are not the article, and with what their markup says of them.

Two kinds of elements are left out; the second steps back when that would leave (almost) nothing:

1. those that never hold prose (scripts, navigation, embedded players);
2. those that seldom do: forms, asides, and those whose class or id names a share bar, an advertisement, a newsletter
   box or a list of other articles; one that has about as much prose as all that is left is kept.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from indexer.extraction.markup import squeeze

_SKIPPED = frozenset((
    "script", "style", "template", "head", "iframe", "object", "embed", "applet", "svg", "math", "canvas",
    "video", "audio", "map", "button", "input", "select", "textarea", "datalist", "progress", "nav", "footer",
    "dialog", "rt", "rp",
))  # fmt: skip
_SELDOM_PROSE = frozenset(("aside", "form", "noscript"))
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
    "legend", "main", "menu", "ol", "optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_PICTURES = frozenset(("img", "video", "audio", "amp-img"))
_CAPTION_NAME = re.compile(
    r"(?:^|[_-])(?:(?:fig|img|image|photo|pic|picture|media)?[_-]?captions?|cutline|"
    r"(?:img|image|photo|pic|picture|figure)[_-]?(?:info|desc|description|note|title|txt|text|credit)|pictext)(?:$|[_-])"
)
_SHORTEST_ALTERNATIVE = 8  # characters
LONGEST_CAPTION = 600
"""Characters of what is said of a picture, at most."""


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOISE_NAME = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|adslot|dfp|sponsor(?:ed)?|promo|banner|share|sharing|sharedaddy|addthis|"
    r"social[_-](?:share|sharing|media|links?|icons?|bar|buttons?|embed)|related(?:posts)?|recommend(?:ed|ations?)?|"
    r"more[_-](?:articles?|news|stories|link)|read[_-]?more|see[_-]?also|newsletter|subscri(?:be|ption)|donate|"
    r"interstitial|trust[_-]?badge|"
    r"breadcrumbs?|pagination|pager|navbar|sidebar|comments|"
    r"sr[_-]only|screen[_-]reader[_-]text|visually[_-]?hidden|skip[_-]?(?:link|twitter))(?=$|[\s_-])"
)

# Layouts that say what is or isn't beside the article, and names of the article itself.
_LAYOUT_NAME = re.compile(r"(?:no|has|with|without|is|not)-\S+|share-(?:article|content|body|text|story|post|page)")

_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；;]|\.(?=\s|$)")
_COMMA, _CALL = re.compile(r"[，,]"), re.compile(r"[！？…!?]")
_ENOUGH = 2 / 3  # of the prose that is left
_ROUNDS = 4  # of looking for elements that are prose after all


@dataclass(slots=True)
class Line:
    """One line of a page."""

    text: str
    linked: bool = False
    """Whether (almost) all of it is the text of links."""
    caption: bool = False
    """Whether (almost) all of it stands in an element for captions."""
    pictured: bool = False
    """Whether a picture or a film stands at the beginning of the line, or right before it."""
    heading: bool = False
    """Whether it is marked up as a heading."""


class _Page:
    """Collects the lines of a page while its tree is walked."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._pieces: list[str] = []
        self._says = False
        self._linked = self._captioned = 0
        self._pictured = self._next_pictured = False

    def add(self, text: str, *, linked: bool, caption: bool) -> None:
        self._pieces.append(text)
        said = len(text.strip())
        self._says = self._says or said > 0
        if linked:
            self._linked += said
        if caption:
            self._captioned += said

    def add_lines(self, text: str, *, linked: bool, caption: bool) -> None:
        """``text`` whose line breaks are lines."""
        first, *rest = text.split("\n")
        self.add(first, linked=linked, caption=caption)
        for line in rest:
            self.end_line()
            self.add(line, linked=linked, caption=caption)

    def picture(self) -> None:
        """A picture stands here: it belongs to what follows, in this line or the next."""
        if self._says:
            self._next_pictured = True
        else:
            self._pictured = True

    @property
    def is_below_picture(self) -> bool:
        """Whether nothing was said since a picture."""
        return self._next_pictured or (self._pictured and not self._says)

    def end_line(self, *, heading: bool = False) -> None:
        if self._pieces:
            # Between paragraphs there are nothing but blanks.
            if self._says and (text := squeeze("".join(self._pieces))):
                most = 0.9 * len(text)
                line = Line(text, self._linked >= most, self._captioned >= most, self._pictured, heading)
                self.lines.append(line)
                self._pictured, self._next_pictured = self._next_pictured, False
            self._pieces.clear()
            self._says = False
            self._linked = self._captioned = 0


def article_lines(root: etree._Element) -> list[Line]:
    """The lines of a page without the elements that are not the article."""
    wanted: set[etree._Element] = set()
    for _ in range(_ROUNDS):
        lines, taken = _lines(root, wanted)
        if not taken:
            return lines
        left = sum(len(line.text) for line in lines)
        prose = _prose(lines)
        found = {element for element in taken if (own := _prose_of(element)) and own >= _ENOUGH * prose}
        if not found:
            break
        wanted |= found
    if sum(sum(map(len, element.itertext())) for element in taken) > 4 * left:
        lines, _ = _lines(root, None)
    return lines


def _prose_of(element: etree._Element) -> int:
    """Characters of prose in an element, that of noise in it included."""
    return _prose(_lines(element, None)[0])


def _prose(lines: Iterable[Line]) -> int:
    """Characters of the lines that are sentences, not links, headlines or labels."""
    return sum(len(line.text) for line in lines if not line.linked and is_sentence(line.text))


def is_sentence(text: str) -> bool:
    """Whether a line ends a sentence somewhere; headlines have question marks too, but seldom a comma as well."""
    return _SENTENCE_END.search(text) is not None or (
        _COMMA.search(text) is not None and _CALL.search(text) is not None
    )


def _lines(root: etree._Element, wanted: set[etree._Element] | None) -> tuple[list[Line], list[etree._Element]]:
    """The lines below ``root``, and the elements of noise that were left out.

    ``wanted`` elements are not noise whatever they are called; with ``None`` none is.
    """
    page, links, preformatted = _Page(), 0, 0
    captions: list[etree._Element] = []
    taken: list[etree._Element] = []
    skipped: etree._Element | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _PICTURES:
                page.picture()
            if tag in _SKIPPED or (wanted is not None and element is not root and _is_noise(element, wanted)):
                if tag not in _SKIPPED:
                    taken.append(element)
                skipped = element
                walker.skip_subtree()
            else:
                links += tag == "a"
                preformatted += tag == "pre"
                if _is_caption(element, page):
                    captions.append(element)
                if tag in _BLOCKS:
                    page.end_line()
                if element.text:
                    add = page.add_lines if preformatted else page.add
                    add(element.text, linked=links > 0, caption=bool(captions))
            continue
        if element is skipped:
            skipped = None
        else:
            links -= tag == "a"
            preformatted -= tag == "pre"
        if tag in _BLOCKS:
            page.end_line(heading=tag in _HEADINGS)
        elif tag in _CELLS:
            page.add("\u2002", linked=False, caption=False)  # a blank that no line break of the source takes along
        if captions and captions[-1] is element:
            captions.pop()
        if element.tail and element is not root:
            add = page.add_lines if preformatted else page.add
            add(element.tail, linked=links > 0, caption=bool(captions))
    page.end_line()
    return page.lines, taken


def _is_caption(element: etree._Element, page: _Page) -> bool:
    """Whether an element holds what is said of a picture."""
    if element.tag == "small":
        named = page.is_below_picture
    else:
        named = element.tag == "figcaption" or _names_caption(element.get("class", ""))
    return named and sum(map(len, element.itertext())) <= LONGEST_CAPTION


@lru_cache(maxsize=8192)
def _names_caption(classes: str) -> bool:
    return any(_CAPTION_NAME.search(_CAMEL.sub("-", name).lower()) is not None for name in classes.split())


def bare_lines(root: etree._Element) -> list[Line]:
    """All lines that a page shows."""
    return _lines(root, None)[0]


def alternatives_in(root: etree._Element) -> frozenset[str]:
    """What stands for the pictures of a page where they cannot be shown, if it is more than a word or two."""
    texts = (image.get(name) or "" for image in root.iter("img") for name in ("alt", "title"))
    return frozenset(text for text in map(squeeze, texts) if len(text) >= _SHORTEST_ALTERNATIVE)


def shown(root: etree._Element) -> str:
    """All that a page shows, on one line."""
    return " ".join(line.text for line in bare_lines(root))


def _is_noise(element: etree._Element, wanted: set[etree._Element]) -> bool:
    if element.tag in _SELDOM_PROSE:
        return element not in wanted
    attributes: dict[str, str] = dict(element.items())  # type: ignore[arg-type]
    if not attributes:
        return False
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    names = attributes.get("class", ""), attributes.get("id", "")
    if hidden or (_HIDDEN_STYLE.search(attributes.get("style", "")) and names[1] != "js_content"):
        return element not in wanted
    return _names_noise(*names) and element not in wanted


@lru_cache(maxsize=8192)
def _names_noise(classes: str, id: str) -> bool:
    names = (_CAMEL.sub("-", name).lower() for name in f"{classes} {id}".split())
    return any(_NOISE_NAME.search(name) and not _LAYOUT_NAME.fullmatch(name) for name in names)
