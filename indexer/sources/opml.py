"""Subscription lists in OPML (http://opml.org/spec2.opml), in and out.

Lists are often written by hand: with a bare ``&`` in an address, quotes inside quotes, a stylesheet or a DOCTYPE before
them. Each outline is therefore read for itself, and what it holds that can't be followed is told.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from indexer.errors import SourceError
from indexer.sources.encoding import declared_encoding, decode
from indexer.urls import web_address

_PROLOGUE = r"(?>(?:\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>)*)"
_OPML = re.compile(_PROLOGUE + r"<(?:\w+:)?opml[\s>]", re.DOTALL | re.IGNORECASE)
_IGNORED = re.compile(r"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)", re.DOTALL)
_ENTITY = re.compile(r"&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
_OUTLINE = re.compile(r"</?(?:\w+:)?outline\b", re.IGNORECASE)
# A value ends at its quote where another attribute, the tag's end or the next tag follows: quotes inside stay.
_ATTRIBUTE = re.compile(
    r"""\s*([\w:.-]+)\s*=\s*"""
    r"""(?:(?:"(.*?)"|'(.*?)')(?=\s*/?>|\s*[\w:.-]+\s*=\s*["']|\s+[\w:.-]+\s*=|\s*<|\s*\Z)|"""
    r"""([^\s"'<>]+?)(?=\s|/?>|\Z))""",
    re.DOTALL,
)
_FEED_SCHEME = re.compile(r"feed:(?://)?(?=https?://)", re.IGNORECASE)
_BARE_FEED_SCHEME = re.compile(r"feed:(?=//)", re.IGNORECASE)
_LONGEST, _SHOWN = 20_000, 100  # characters of one outline that are read, and that are told of one that is not
_FULL_TEXT, _NAMESPACE = "xunwen:fullText", "urn:xunwen:opml"
_ADDRESSES = ("xmlurl", "feedurl", "url")


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed of a list: its address, its title, the address of its page and the innermost folder that it stands in,
    or ``""``.

    ``full_text`` is told by an attribute of our own: the feed gives less than the whole articles.
    """

    url: str
    title: str
    page: str = ""
    folder: str = ""
    full_text: bool = False


@dataclass(frozen=True, slots=True)
class SubscriptionList:
    """The feeds of a list, and the addresses in it that can't be followed, each with its title."""

    feeds: tuple[Outline, ...]
    refused: tuple[Outline, ...]


def looks_like_opml(text: str) -> bool:
    return _OPML.match(text[:20_000]) is not None


def read_opml(data: bytes) -> SubscriptionList:
    """The feeds of a list, each address once, in order. Raises ``SourceError``.

    ``feed:`` before an address is left out; of other schemes (``rsshub:``) no feed can be fetched.
    """
    text = decode(data, declared=declared_encoding(data))
    if not looks_like_opml(text):
        raise SourceError("not an OPML list of subscriptions")
    start = _OPML.match(text)
    text = _IGNORED.sub("", text[start.end() :] if start else text)
    feeds: dict[str, Outline] = {}
    refused: dict[str, Outline] = {}
    folders: list[str] = []
    tags = list(_OUTLINE.finditer(text))
    for tag, following in pairwise((*tags, None)):
        assert tag is not None
        end = following.start() if following else len(text)
        if tag[0].startswith("</"):
            del folders[-1:]
            continue
        outline, folder = text[tag.end() : min(end, tag.end() + _LONGEST)], folders[-1] if folders else ""
        attributes = _attributes(outline)
        title = " ".join((attributes.get("title") or attributes.get("text") or "").split())
        raw = next(filter(None, (attributes.get(name, "").strip() for name in _addresses(attributes))), "")
        if url := web_address(_BARE_FEED_SCHEME.sub("http:", _FEED_SCHEME.sub("", raw))):
            full_text = attributes.get(_FULL_TEXT.lower(), "").lower() == "true"
            feeds.setdefault(url, Outline(url, title, folder=folder, full_text=full_text))
        elif raw or "xmlurl" in outline.lower():
            refused.setdefault(raw or outline, Outline(raw or " ".join(outline[:_SHOWN].split()), title))
        if not outline.rstrip().endswith("/>"):
            folders.append(folder if url or raw else title or folder)
    return SubscriptionList(tuple(feeds.values()), tuple(refused.values()))


def _addresses(attributes: dict[str, str]) -> tuple[str, ...]:
    """Where the feed's address may stand: ``url`` only without ``xmlUrl``, and not in a link to a page or a list."""
    return _ADDRESSES[:2] if attributes.get("type", "").lower() in ("link", "include") else _ADDRESSES


def _attributes(outline: str) -> dict[str, str]:
    """The attributes of an outline's start tag, by names in lower case."""
    found: dict[str, str] = {}
    end = 0
    while match := _ATTRIBUTE.match(outline, end):
        raw = next(group for group in match.groups()[1:] if group is not None)
        found.setdefault(match[1].lower(), _ENTITY.sub(lambda entity: html.unescape(entity[0]), raw))
        end = match.end()
    return found


def write_opml(feeds: Iterable[Outline], *, title: str = "Xunwen") -> str:
    """An OPML 2.0 document of ``feeds``."""
    folders: dict[str, list[Outline]] = {}
    for feed in feeds:
        folders.setdefault(feed.folder, []).append(feed)
    outlines = "".join(
        f"    <outline text={quoteattr(_printable(name))}>\n{''.join(map(_outline, some))}    </outline>\n"
        if name
        else "".join(map(_outline, some))
        for name, some in folders.items()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<opml version="2.0" xmlns:xunwen="{_NAMESPACE}">\n'
        f"  <head><title>{escape(title)}</title></head>\n  <body>\n{outlines}  </body>\n</opml>\n"
    )


def _outline(feed: Outline) -> str:
    page = f" htmlUrl={quoteattr(feed.page)}" if feed.page else ""
    page += f' {_FULL_TEXT}="true"' if feed.full_text else ""
    title = quoteattr(_printable(feed.title) or feed.url)
    return f'    <outline type="rss" text={title} xmlUrl={quoteattr(feed.url)}{page}/>\n'


def _printable(text: str) -> str:
    return "".join(character for character in text if character.isprintable())
