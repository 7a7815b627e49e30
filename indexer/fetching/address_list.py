"""Lists of addresses as people keep them: one a line, Markdown, a page of links, a browser's bookmarks, OPML, a table.

What the list is shows in what it holds, not in its name. Each address is taken once, in order; what looks like a place
for an address and holds none is told with its line.
"""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from indexer.errors import SourceError
from indexer.extraction import markup
from indexer.sources.encoding import decode
from indexer.sources.files import Reject
from indexer.sources.opml import looks_like_opml, read_opml
from indexer.urls import web_address

MOST = 10_000
"""Addresses of one list."""
ALLOWED = (
    "a line for each address, Markdown with links, a page of links or a browser's bookmarks (HTML), OPML, "
    "or CSV with a column of addresses"
)

_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype|html|head|body|meta|title|a|ul|ol|dl|p|div|h1)\b", re.I | re.S)
# In prose an address ends before the punctuation around it, also Chinese, which no address holds unescaped.
_IN_TEXT = re.compile(r"https?://[^\s<>\"'`，。；：、！？（）《》「」『』【】\u3000]+", re.IGNORECASE)
_BEHIND = ".,;:!?*_~|"
_PAIRS = {")": "(", "]": "[", "}": "{"}
_COLUMNS = re.compile(r"(?:.*[\s_-])?(?:url|link|href|address|uri)|.*(?:网址|網址|链接|連結|鏈接|地址)", re.IGNORECASE)
_DELIMITERS = ",;\t|"
_LONGEST = 50_000  # characters of one line


@dataclass(frozen=True, slots=True)
class AddressList:
    """The addresses of a list, each once, and what in it is none."""

    addresses: tuple[str, ...]
    rejects: tuple[Reject, ...]


def read_list(data: bytes, path: str) -> AddressList:
    """The addresses of a list. Raises ``SourceError`` where it holds none, with what is allowed."""
    text = decode(data)
    if looks_like_opml(text):
        outlines = read_opml(data)
        found = [("", outline.page or outline.url) for outline in outlines.feeds]
        found += [("", outline.url) for outline in outlines.refused]
    elif _HTML.match(text, 0, 20_000):
        found = [("", url) for url in _links(text)]
    else:
        found = list(_of_table(text) or _of_lines(text))
    addresses: dict[str, None] = {}
    rejects: list[Reject] = []
    for line, raw in found:
        url = web_address(raw)
        where = f"{path}:{line}" if line else path
        if url and (url in addresses or len(addresses) < MOST):
            addresses[url] = None
        elif url:
            rejects.append(Reject(where, f"the list has more than {MOST:,} addresses"))
        else:
            rejects.append(Reject(where, "not an http or https address"))
    if not addresses:
        raise SourceError(f"{path} holds no http or https address; allowed: {ALLOWED}")
    return AddressList(tuple(addresses), tuple(rejects))


def _links(text: str) -> Iterator[str]:
    """Where the links of a page lead; a page's own places, scripts and mail are no addresses to be told of."""
    root = markup.parse(markup.without_endless_tags(text))
    elements = () if root is None else root.iter("a")
    for element in elements:
        assert isinstance(element, etree._Element)
        if url := web_address(str(element.get("href") or "")):
            yield url


def _of_lines(text: str) -> Iterator[tuple[str, str]]:
    """The number of each line with what is in the place of its address; ``#`` begins a comment, or a heading.

    A line without an address is told where most are addresses and nothing else; prose between links is no place of one.
    """
    lines = [(str(number), line[:_LONGEST].strip()) for number, line in enumerate(text.splitlines(), start=1)]
    lines = [(number, line) for number, line in lines if line and not (line.startswith("#") and "](" not in line)]
    is_bare = 2 * sum(_IN_TEXT.fullmatch(line) is not None for _, line in lines) >= len(lines)
    for number, line in lines:
        if found := [_trimmed(match[0]) for match in _IN_TEXT.finditer(line)]:
            yield from ((number, url) for url in found)
        elif is_bare:
            yield number, line


def _trimmed(url: str) -> str:
    """An address out of prose, without the punctuation behind it, and without a bracket that it does not open."""
    if (cut := url.find("](")) > 0:
        url = url[:cut]
    while url and (url[-1] in _BEHIND or (url[-1] in _PAIRS and url.count(url[-1]) > url.count(_PAIRS[url[-1]]))):
        url = url[:-1]
    return url


def _of_table(text: str) -> list[tuple[str, str]]:
    """The cells of the column of addresses with their lines, empty for what is no table with such a column."""
    head = text.lstrip("\n\r ").splitlines()[:1]
    if not head or "://" in head[0]:
        return []
    delimiter = max(_DELIMITERS, key=head[0].count)
    if delimiter not in head[0] and not _COLUMNS.fullmatch(head[0].strip()):
        return []
    if head[0].lstrip().startswith(("#", "-", "*", "|")):
        return []
    reader = csv.reader(io.StringIO(text.lstrip("\n\r "), newline=""), delimiter=delimiter)
    try:
        names = next(reader)
        column = next((at for at, name in enumerate(names) if _COLUMNS.fullmatch(name.strip())), None)
        if column is None:
            return []
        rows = [(str(reader.line_num), row[column].strip()) for row in reader if len(row) > column]
    except csv.Error:  # of a table that is none, every line is looked at
        return []
    return [(line, cell) for line, cell in rows if cell]
