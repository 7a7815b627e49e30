"""What stands between the first and the last paragraph of a page's article.

Readability scores paragraphs, and drops small tables, forms and notes between them although they are the article's. Its
paragraphs are looked for in the page again, and all that stands between them is the article; ``extraction.lines`` knows
share bars and the like.
"""

import re
from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import islice

from lxml import etree

from indexer.extraction.lines import bare_lines, is_sentence
from indexer.extraction.markup import parse, squeeze

_SHORTEST = 15  # characters of a paragraph that is looked for
_FOUND = 0.7  # share of the paragraphs' characters that must be found again
_MOST = 1.6  # times as much text as the paragraphs have: more is a list beside the article
_BOXES = 100  # forms, asides and sidebars that are looked into


def around(root: etree._Element, found: str) -> str:
    """The markup of the region that holds the paragraphs of ``found``, or ``""`` where they are not found again."""
    tree = parse(found)
    if tree is None:
        return ""
    paragraphs = {line.text for line in bare_lines(tree) if len(line.text) >= _SHORTEST}
    places = list(_places(root, paragraphs))
    held = sum(len(text) for text in {text for _, text in places})
    whole = sum(map(len, paragraphs))
    if len(places) < 2 or held < _FOUND * whole:
        return ""
    region = list(_common(places[0][0], places[-1][0]))
    start, end = (_child(region, place) for place, _ in (places[0], places[-1]))
    parts = [etree.tostring(_opened(child), encoding="unicode", method="html") for child in region[start : end + 1]]
    html = f"<div>{''.join(parts)}</div>"
    before, after = (bare_lines(each) for each in (tree, parse(html)) if each is not None)
    size = sum(len(line.text) for line in after)
    is_whole = {line.text for line in before} <= {line.text for line in after}
    return html if is_whole and size <= _MOST * sum(len(line.text) for line in before) else ""


def _places(root: etree._Element, paragraphs: set[str]) -> Iterator[tuple[etree._Element, str]]:
    """The blocks without blocks in them that are one of the paragraphs, in the order of the page."""
    blocks: list[etree._Element] = []
    outer: set[etree._Element] = set()
    around: list[etree._Element] = []
    for event, element in etree.iterwalk(root, events=("start", "end"), tag=_BLOCKS):
        if event == "end":
            around.pop()
            continue
        outer.update(around[-1:])
        around.append(element)
        blocks.append(element)
    for element in blocks:
        if element not in outer and (text := squeeze("".join(map(str, element.itertext())))) in paragraphs:
            yield element, text


_BLOCKS = ("p", "div", "td", "li", "blockquote", "section", "h1", "h2", "h3", "h4", "h5", "h6")


def _common(one: etree._Element, other: etree._Element) -> etree._Element:
    """The innermost element that both lie in, and neither is."""
    above = set(one.iterancestors())
    return next(each for each in other.iterancestors() if each in above)


def _opened(child: etree._Element) -> etree._Element:
    """A copy in which forms, asides and sidebars of prose are plain: between paragraphs they are the article's."""
    opened = deepcopy(child)
    boxes = (element for element in opened.iter("form", "aside", "div", "section") if _is_box(element))
    for element in islice(boxes, _BOXES):
        if _is_prose(element):
            element.tag = "div"
            for name in ("class", "id"):
                element.attrib.pop(name, "")
    return opened


def _is_box(element: etree._Element) -> bool:
    names = f"{element.get('class', '')} {element.get('id', '')}"
    boxed = element.tag in ("form", "aside") or _SIDEBAR.search(names) is not None
    return boxed and not _OTHER.search(names)


_SIDEBAR = re.compile(r"\bside-?bar", re.IGNORECASE)
_OTHER = re.compile(r"share|related|newsletter|subscri|advert|promo|banner|comment|search|login", re.IGNORECASE)


def _is_prose(element: etree._Element) -> bool:
    """Whether there are sentences in an element, and nothing to fill in."""
    if next(element.iter("textarea", "select", "button"), None) is not None:
        return False
    if any(field.get("type", "text") != "hidden" for field in element.iter("input")):
        return False
    return any(is_sentence(line.text) and not line.linked for line in bare_lines(element))


def _child(region: Sequence[etree._Element], inner: etree._Element) -> int:
    """Which of the children of a region ``inner`` is or lies in."""
    above = {inner, *inner.iterancestors()}
    return next(number for number, child in enumerate(region) if child in above)
