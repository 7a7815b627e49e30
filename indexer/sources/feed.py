"""Feeds: RSS 0.9 to 2.0, RDF and Atom by feedparser, and JSON Feed 1 and 1.1 (https://jsonfeed.org/version/1.1).

feedparser's dates are not used: it takes CST for American time and ``2024年1月5日`` for the first of November. Nor are
its guesses at encodings, which trust the declaration.
"""

import io
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from feedparser.api import parse as parse_feed

from indexer import dates, language
from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import markup
from indexer.sources.encoding import declared_encoding, decode, storable
from indexer.sources.publishers import known_publisher, without_site_name
from indexer.urls import site_of, web_address

_XML_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,300}\?>")
_FEED_ELEMENT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*", re.DOTALL | re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0; one of them makes a strict parser stop
_DATES = ("published", "created", "updated")
# What feedparser itself may raise on broken input (its parsers and URL handling are not written to refuse anything).
_PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


@dataclass(frozen=True, slots=True)
class Feed:
    """One read feed. Entries that hold neither a title nor a text are only counted, in ``empty``."""

    title: str
    articles: tuple[Article, ...]
    empty: int = 0


def looks_like_feed(text: str) -> bool:
    """Whether ``text`` begins as an XML feed does."""
    start = text[:20_000]
    prologue = _PROLOGUE.match(start)
    return _FEED_ELEMENT.match(start, prologue.end() if prologue else 0) is not None


def is_json_feed(value: object) -> bool:
    """Whether a decoded JSON value is a JSON Feed; many are published without their version."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return False
    return "jsonfeed.org" in str(value.get("version", "")) or "title" in value


def read_feed(
    data: bytes, *, zone: tzinfo, now: datetime, base: str = "", encoding: str | None = None, title: str = ""
) -> Feed:
    """The articles of a feed, XML or JSON.

    ``base`` is the feed's address, for relative links; ``encoding`` what its HTTP header declared, ``title`` the name
    that the reader gave the feed. Malformed XML is read as far as it goes. Raises ``SourceError`` when it is no feed.
    """
    text = decode(data, declared=encoding or declared_encoding(data))
    if text.lstrip().startswith("{"):
        return read_json_feed(_decoded(text), zone=zone, now=now, base=base, title=title)
    if not looks_like_feed(text):
        raise SourceError("not a feed")
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base:
        headers["content-location"] = base
    text = _ILLEGAL.sub("", _XML_DECLARATION.sub("", text, count=1)).lstrip()
    try:
        parsed = parse_feed(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        entries = [_entry(entry) for entry in parsed.entries]
        name = markup.to_title(str(dict.get(parsed.feed, "title") or ""))
        site = str(dict.get(parsed.feed, "link") or "") or base
        tag = str(dict.get(parsed.feed, "language") or "")
    except _PARSER_ERRORS as error:
        raise SourceError(f"the feed cannot be parsed ({error})") from error
    if not parsed.version and not entries:
        raise SourceError("not a feed")
    return _feed(entries, name=title or name, site=web_address(site, base), tag=tag, zone=zone, now=now)


def read_json_feed(value: object, *, zone: tzinfo, now: datetime, base: str = "", title: str = "") -> Feed:
    """The articles of a decoded JSON Feed; the arguments are those of ``read_feed``."""
    if not isinstance(value, dict) or not is_json_feed(value):
        raise SourceError("not a feed")
    entries = [_item(item) for item in value["items"] if isinstance(item, dict)]
    name = markup.to_title(_text(value.get("title")))
    site = _text(value.get("home_page_url")) or _text(value.get("feed_url")) or base
    return _feed(entries, name=title or name, site=site, tag=_text(value.get("language")), zone=zone, now=now)


@dataclass(frozen=True, slots=True)
class _Entry:
    url: str
    guid: str
    title: str
    html: str
    """The full content, else the summary: markup, or plain text without any."""
    author: str
    source: str
    dates: tuple[str, ...]
    language: str


def _entry(entry: Any) -> _Entry:
    """One entry of feedparser's. ``dict.get`` because its own ``get`` passes one kind of date off as another."""
    contents = [str(dict.get(content, "value") or "") for content in dict.get(entry, "content") or ()]
    guid = str(dict.get(entry, "id") or "")
    link = str(dict.get(entry, "link") or "")
    return _Entry(
        url=link or guid,
        guid=guid,
        title=str(dict.get(entry, "title") or ""),
        html=next(filter(str.strip, contents), "") or str(dict.get(entry, "summary") or ""),
        author=markup.to_title(str(dict.get(entry, "author") or "")),
        source=markup.to_title(str(dict.get(dict.get(entry, "source") or {}, "title") or "")),
        dates=tuple(str(dict.get(entry, name) or "") for name in _DATES),
        language=str(dict.get(dict.get(entry, "title_detail") or {}, "language") or ""),
    )


def _item(item: dict[str, Any]) -> _Entry:
    """One item of a JSON Feed."""
    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [_text(author.get("name")) for author in authors or () if isinstance(author, dict)]
    return _Entry(
        url=_text(item.get("url")) or _text(item.get("external_url")) or _text(item.get("id")),
        guid=_text(item.get("id")),
        title=_text(item.get("title")),
        html=_text(item.get("content_html")) or _text(item.get("content_text")) or _text(item.get("summary")),
        author="、".join(filter(None, names)),
        source="",
        dates=(_text(item.get("date_published")), _text(item.get("date_modified"))),
        language=_text(item.get("language")),
    )


def _decoded(text: str) -> object:
    try:
        value: object = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not valid JSON ({error})") from error
    return value


def _text(value: object) -> str:
    if isinstance(value, str):
        return storable(value)
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _feed(entries: Iterable[_Entry], *, name: str, site: str, tag: str, zone: tzinfo, now: datetime) -> Feed:
    articles = []
    empty = 0
    for entry in entries:
        title = without_site_name(markup.to_title(entry.title))
        text = markup.any_text(entry.html, title=title)
        title = title or markup.headline_from(text)
        if not title:
            empty += 1
            continue
        url = web_address(entry.url, site)
        published = (dates.parse(raw, zone=zone) for raw in entry.dates)
        articles.append(
            Article(
                url=url,
                title=title,
                text=text,
                html=entry.html,
                source=known_publisher(url)
                or entry.source
                or known_publisher(site)
                or name
                or site_of(url)
                or site_of(site),
                published=next(filter(None, published), None),
                discovered=now,
                language=language.detect(f"{title}\n{text}", hint=entry.language or tag),
                guid=entry.guid,
                author=entry.author,
            )
        )
    return Feed(title=name, articles=tuple(articles), empty=empty)
