"""Feeds: RSS 0.9 to 2.0, RDF and Atom by feedparser; those in JSON are left to ``json_feed``.

feedparser's dates are not used: it takes CST for American time and ``2024年1月5日`` for the first of November. Nor are
its guesses at encodings, which trust the declaration.
"""

import html
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Any

from feedparser.api import parse as parse_feed

from indexer.article import Article
from indexer.errors import SourceError
from indexer.extraction import markup, parting
from indexer.extraction.publishers import known_publisher
from indexer.sources import json_feed
from indexer.sources.draft import Draft, Found, finish, told_apart
from indexer.sources.encoding import declared_encoding, decode
from indexer.sources.readers.entries import mended_entries
from indexer.urls import site_of, web_address

_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]{0,300}\?>")
_FEED_ELEMENT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)[\s>]", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^>\[]*(?:\[.*?\])?\s*>|\s)*", re.DOTALL | re.IGNORECASE)
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # in XML 1.0; one of them makes a strict parser stop
# What a PHP program says before its feed: plain text or inline markup, never a page.
_NOTICE = re.compile(
    r"(?:(?!<\?xml|<rss|<feed|<rdf|<html|<!doctype|<body).){0,5000}?(?=<\?xml|<rss|<feed|<rdf:)", re.S | re.I
)
_BARE_AMPERSAND = re.compile(r"&(?!#\d{1,7};|#x[0-9a-f]{1,6};|[a-z][a-z0-9]{1,30};)", re.IGNORECASE)
_LAST_TAG = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>(?>\s+|<!--.*?-->|<script\b.*)*+\Z", re.IGNORECASE | re.DOTALL)
_OPEN_TAG = re.compile(r"<[^<>]{0,5000}\Z|&\w{0,10}\Z")
_ENTRY = re.compile(r"<(?:\w+:)?(?:item|entry)[\s>]", re.IGNORECASE)
_ELEMENT = re.compile(r"<(/?)([a-z][\w:.-]*)[^<>]*?(/?)>", re.IGNORECASE)
_TAIL = 20_000  # characters that may stand behind a feed by mistake
_PHP = re.compile(r"\b(?:Notice|Warning|Deprecated|Strict Standards|Fatal error)\b")
# feedparser looks for an e-mail address in these, in time quadratic in their length.
_LONG_PERSON = re.compile(
    r"(<(?:\w+:)?(?:author|creator|contributor|managingEditor|webMaster|name|email)\b[^>]*>(?:\s*<!\[CDATA\[)?[^<]{500})"
    r"(?:[^<\]]|\](?!\]>))+",
    re.IGNORECASE,
)
# The parser looks at all attributes of a tag for each of them.
_MANY_ATTRIBUTES = re.compile(r"<[^<>=]*+(?:=[^<>=]*+){300}")
_CUT_OFF = "the feed ends before its end: what is missing of this entry, and what followed it, was not read"
_DAMAGED = "the XML of this entry is damaged: only what could be told apart of it was read"
_ESCAPED = re.compile(r"\s*&lt;[a-z][a-z0-9]{0,9}\b[^<]*&gt;\s*", re.IGNORECASE)
_LINKS = ("feedburner_origlink", "pheedo_origlink", "origlink", "link")
_DATES = (("published", "created"), ("updated",))
"""What comes first of an entry's dates; who updated an entry published it before, on a day that may be unreadable."""
# What feedparser itself may raise on broken input (its parsers and URL handling are not written to refuse anything).
_PARSER_ERRORS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


@dataclass(frozen=True, slots=True)
class Feed:
    """One read feed. Entries that hold neither a title nor a text are only counted, in ``empty``.

    ``rejects`` tells of entries that are no articles, or are not all there, their number, from 1, and the reason;
    ``is_cut_off``: the last is not, and what followed it is not known.
    """

    title: str
    articles: tuple[Article, ...]
    empty: int = 0
    rejects: tuple[tuple[int, str], ...] = ()
    is_cut_off: bool = False


def looks_like_feed(text: str) -> bool:
    """Whether ``text`` begins as an XML feed does."""
    return _start(text) is not None


def read_feed(
    data: bytes, *, zone: tzinfo, now: datetime, base: str = "", encoding: str | None = None, title: str = ""
) -> Feed:
    """The articles of a feed, XML or JSON.

    ``base`` is the feed's address, for relative links; ``encoding`` what its HTTP header declared, ``title`` the name
    that the reader gave the feed. Malformed XML is read as far as it goes. Raises ``SourceError`` when it is no feed.
    """
    text = decode(data, declared=encoding or declared_encoding(data))
    if text.startswith(("{", "[")):
        return read_json_feed(json_feed.decoded(text), zone=zone, now=now, base=base, title=title)
    start = _start(text)
    if start is None:
        raise SourceError("not a feed")
    headers = {"content-type": "application/xml; charset=utf-8"}
    if base:
        headers["content-location"] = base
    text = _ILLEGAL.sub("", _XML_DECLARATION.sub("", text[start:], count=1)).lstrip()
    is_whole = _LAST_TAG.search(text[-_TAIL:]) is not None
    if not is_whole:
        text = _closed(text)
    text, damaged = mended_entries(text)
    text = _LONG_PERSON.sub(r"\1", "".join(map(_with_ampersands, _cut_at_cdata(text))))
    if _MANY_ATTRIBUTES.search(text):
        raise SourceError("the feed has a tag of more than 300 attributes")
    try:
        parsed = parse_feed(
            io.BytesIO(text.encode("utf-8", "replace")),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
        name = markup.to_title(str(dict.get(parsed.feed, "title") or ""))
        link = str(dict.get(parsed.feed, "link") or "")
        site = web_address(link, base) or base
        is_atom = str(parsed.version).startswith("atom")
        tag = str(dict.get(parsed.feed, "language") or "")
        drafts = [_draft(entry, site, tag, is_atom=is_atom) for entry in parsed.entries]
    except _PARSER_ERRORS as error:
        raise SourceError("the feed cannot be parsed: its XML is damaged, or is none") from error
    if not parsed.version and not drafts:
        raise SourceError("not a feed")
    read = _feed(drafts, name=title or name, site=site, zone=zone, now=now)
    if damaged:
        told = [(number, _DAMAGED) for number in damaged if is_whole or number < len(drafts)]
        read = replace(read, rejects=(*read.rejects, *told))
    if is_whole:
        return read
    return replace(read, rejects=(*read.rejects, (len(drafts), _CUT_OFF)), is_cut_off=True)


def read_json_feed(value: object, *, zone: tzinfo, now: datetime, base: str = "", title: str = "") -> Feed:
    """The articles of a decoded feed in JSON; the arguments are those of ``read_feed``."""
    found = json_feed.read_feed(value, zone=zone, base=base)
    feed = _feed(found.drafts, name=title or found.title, site=found.site, zone=zone, now=now)
    return replace(feed, rejects=found.rejects)


def _closed(text: str) -> str:
    """A feed that was cut off, with the elements of its last entry closed, so that what is there of them is read."""
    if text.rfind("<![CDATA[") > text.rfind("]]>"):
        text += "]]>"
    else:
        text = _OPEN_TAG.sub("", text)
    last = max((match.start() for match in _ENTRY.finditer(text)), default=len(text))
    opened: list[str] = []
    for match in _ELEMENT.finditer("".join(_cut_at_cdata(text[last:])[::2])):
        closes, name, is_empty = match.groups()
        if closes and name in opened:
            del opened[opened.index(name) :]
        elif not closes and not is_empty:
            opened.append(name)
    return text + "".join(f"</{name}>" for name in reversed(opened))


def _cut_at_cdata(text: str) -> list[str]:
    """Markup and CDATA sections by turns, the first and the last of them markup."""
    pieces: list[str] = []
    done = 0
    while (begin := text.find("<![CDATA[", done)) >= 0 and (end := text.find("]]>", begin) + 3) >= 3:
        pieces += text[done:begin], text[begin:end]
        done = end
    return [*pieces, text[done:]]


def _with_ampersands(text: str) -> str:
    """Markup outside of CDATA with each ``&`` that begins no entity written as one: ``AT&T``, ``?a=1&b=2``."""
    return text if text.startswith("<![CDATA[") else _BARE_AMPERSAND.sub("&amp;", text)


def _start(text: str) -> int | None:
    """Where the feed begins in ``text``: behind what servers by mistake write before it, else ``None``."""
    start = text[:20_000]
    if not _FEED_ELEMENT.search(start):
        return None
    notice = _NOTICE.match(start) if _PHP.search(start[:5_000]) else None
    begin = notice.end() if notice else 0
    prologue = _PROLOGUE.match(start, begin)
    return begin if _FEED_ELEMENT.match(start, prologue.end() if prologue else begin) else None


def _draft(entry: Any, site: str, tag: str, *, is_atom: bool) -> Draft:
    """One entry of feedparser's. ``dict.get`` because its own ``get`` passes one kind of date off as another."""
    details = [*(dict.get(entry, "content") or ()), dict.get(entry, "summary_detail") or {}]
    title = dict.get(entry, "title_detail") or {}
    bodies = [(_value(detail), is_atom and dict.get(detail, "type") == "text/plain") for detail in details]
    html, text = _body([*bodies, (str(dict.get(entry, "summary") or ""), False)])
    guid = str(dict.get(entry, "id") or "")
    # FeedBurner and the like lead through their own address, and keep the article's.
    link = next(filter(None, (str(dict.get(entry, name) or "") for name in _LINKS)), "")
    raw = _value(title) or str(dict.get(entry, "title") or "")
    return Draft(
        # A guid is an address only where it is a whole one: a number or a name would become one beside the feed.
        url=(web_address(link, site) if link != guid or link.startswith("/") else "") or web_address(guid),
        guid=guid,
        title=markup.squeeze(raw) if is_atom and dict.get(title, "type") == "text/plain" else markup.to_title(raw),
        html=html,
        text=text,
        author=str(dict.get(entry, "author") or ""),
        source=str(dict.get(dict.get(entry, "source") or {}, "title") or ""),
        dates=next((raw for raw in (tuple(_dates(entry, names)) for names in _DATES) if raw), ()),
        language=str(dict.get(title, "language") or "") or tag,
    )


def _dates(entry: Any, names: Iterable[str]) -> Iterator[str]:
    for name in names:
        if raw := str(dict.get(entry, name) or "").strip():
            yield Found(raw, f"{name} in the feed")


def _value(detail: Any) -> str:
    return str(dict.get(detail, "value") or "")


def _body(bodies: Iterable[tuple[str, bool]]) -> tuple[str, str]:
    """The first body with a text, and that text; else the first that is not blank: an image, a player."""
    found = [(raw if is_plain else _unescaped(raw), is_plain) for raw, is_plain in bodies if raw.strip()]
    for raw, is_plain in found:
        if text := markup.text_lines(raw) if is_plain else parting.part_any(raw).text:
            return raw, text if is_plain else ""
    return found[0][0] if found else "", ""


def _unescaped(raw: str) -> str:
    """Markup that a program escaped twice, as markup: all of it is one or more elements, and none is any yet."""
    if not _ESCAPED.fullmatch(raw) or markup.is_markup(raw):
        return raw
    unescaped = html.unescape(raw)
    return unescaped if markup.is_markup(unescaped) else raw


def _feed(drafts: Iterable[Draft], *, name: str, site: str, zone: tzinfo, now: datetime) -> Feed:
    articles, empty = [], 0
    for draft in drafts:
        source = known_publisher(draft.url) or draft.source or known_publisher(site) or name
        article = finish(replace(draft, source=source or site_of(draft.url) or site_of(site)), zone=zone, now=now)
        if article is None:
            empty += 1
        else:
            articles.append(article)
    return Feed(title=name, articles=tuple(told_apart(articles, site=site)), empty=empty)
