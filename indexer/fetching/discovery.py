"""From the address of a page to the feeds that it names, ``<link rel="alternate" type="application/rss+xml" …>``.

Format: https://html.spec.whatwg.org/multipage/links.html#rel-alternate and the RSS Advisory Board's autodiscovery.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from indexer.errors import SourceError
from indexer.extraction.markup import root_of
from indexer.fetching import download
from indexer.fetching.download import Answer, reason_for
from indexer.fetching.fetcher import CONCURRENCY, READING
from indexer.fetching.worker import Caller, each
from indexer.plain_text import plain_line
from indexer.redaction import without_secrets
from indexer.sources import json_feed
from indexer.sources.encoding import declared_encoding, decode
from indexer.sources.feed import looks_like_feed
from indexer.urls import web_address

_TYPES = frozenset((
    "application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json",
))  # fmt: skip
_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Link:
    """A feed that a page names."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Discovered:
    """What stands behind ``asked``. ``feed`` is the address to follow; ``problem`` says why nobody could look, and then
    ``feed`` is what was asked for."""

    asked: str
    feed: str
    problem: str = ""


def discover(addresses: Iterable[str], *, now: datetime, private: bool = False) -> Iterator[Discovered]:
    """Look at each address, some at a time, within the bounds of fetching a feed.

    Raises ``SourceError`` for a page that names no feed, or several: then it lists them.
    """
    yield from each(
        addresses, lambda worker, address: discover_one(address, worker, now, private=private), workers=CONCURRENCY
    )


def discover_one(address: str, caller: Caller, now: datetime, *, private: bool = False) -> Discovered:
    """Look at one address. Whether it can be asked now is no condition for following it."""
    try:
        answer = caller.call(download.LIMITS, download.download, address, headers={}, now=now, private=private)
        links = caller.call(READING, feeds_of, answer)
    except Exception as error:
        return Discovered(address, address, reason_for(error))
    shown = without_secrets(address)
    match links:
        case None:
            return Discovered(address, address)
        case []:
            raise SourceError(f"{shown} is no feed, and names none")
        case [link]:
            return Discovered(address, link.url)
    listed = "".join(f"\n  {without_secrets(link.url)}  {link.title}".rstrip() for link in links[:_MOST_SHOWN])
    raise SourceError(f"{shown} is a page with {len(links)} feeds; give the address of the one you want:{listed}")


def feeds_of(answer: Answer) -> list[Link] | None:
    """The feeds that a page names, each once; ``None`` when the answer is a feed itself. Runs in a worker."""
    text = decode(answer.body, declared=answer.encoding or declared_encoding(answer.body))
    if looks_like_feed(text) or _is_json_feed(text):
        return None
    source = text.replace("\x00", "").encode("utf-8", "replace")
    root = root_of(source, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if root is None:
        return []
    named = next((base.attrib.get("href", "") for base in root.iter("base")), "")
    base = web_address(named, answer.url) or answer.url
    found = (_link(element, base) for element in root.iter("link", "a"))
    return list({link.url: link for link in found if link}.values())


def _is_json_feed(text: str) -> bool:
    try:
        return json_feed.looks_like_json(text) and json_feed.is_feed(json_feed.decoded(text))
    except SourceError:
        return False


def _link(element: etree._Element, base: str) -> Link | None:
    attributes = element.attrib
    kind = attributes.get("type", "").partition(";")[0].strip().lower()
    if "alternate" not in attributes.get("rel", "").lower().split() or kind not in _TYPES:
        return None
    url = web_address(attributes.get("href", ""), base)
    return Link(url, plain_line(attributes.get("title", ""), 80)) if url else None
