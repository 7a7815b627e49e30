"""Articles as objects of JSON: lines in and out with the field names of ``Article``, and what other programs write.

Times are ISO 8601; on the way in every date that ``indexer.dates`` reads will do, numbers too. Of ``html`` and
``text`` one is enough.

Of other programs the members of JSON Feed (https://jsonfeed.org/version/1.1), Google Reader's API (Inoreader,
FreshRSS), WordPress's REST API, schema.org's ``NewsArticle`` and public collections of news are known. Names are
compared without case, ``_`` and ``-``: ``pubDate`` and ``pub_date`` are one. A value may be wrapped:
``{"content": …}``, ``{"rendered": …}``, a list. An object without any body is an article only where every member is
understood: ``SourceError`` names those that are not, since one of them may be the text.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, tzinfo
from typing import Any

from indexer import dates
from indexer.article import Article
from indexer.errors import SourceError
from indexer.extraction import bylines, markup, parting
from indexer.extraction.publishers import known_publisher
from indexer.sources.draft import Draft, finish, fitting, name_of
from indexer.sources.encoding import storable
from indexer.sources.labels import DateKind, date_kind, is_date_of_another
from indexer.sources.readers.dumps import article_in
from indexer.text.language_identification import identify
from indexer.urls import site_of, web_address

_FIELDS = tuple(field.name for field in fields(Article))
_OWN = frozenset(_FIELDS)
_ID = re.compile("[0-9a-f]{16}")
_PARTS = frozenset(("captions", "furniture"))

_TITLE = ("title", "headline", "newstitle", "articletitle", "subject", "name", "标题", "標題", "题目", "题名")
_PLAIN = "contenttext"  # never markup, says JSON Feed
_BODY = (
    "contenthtml", "html", "content", "body", "articlebody", "fulltext", "maintext", "bodytext", "newscontent",
    "articlecontent", "contents", "article", "text", "paragraphs", "contenttext", "正文", "内容", "內容", "全文",
)  # fmt: skip
_SUMMARY = ("summary", "description", "desc", "abstract", "excerpt", "digest", "intro", "摘要", "导语", "简介")
_URL = (
    "url", "link", "canonical", "alternate", "canonicalurl", "permalink", "href", "articleurl", "newsurl", "pageurl",
    "sourceurl", "originalurl", "externalurl", "weburl", "mainentityofpage", "链接", "鏈接", "網址", "网址",
)  # fmt: skip
_UTC_DATE = ("dategmt",)
_SOURCE = (
    "source", "publisher", "origin", "sitename", "site", "media", "medianame", "feedtitle", "newspaper", "outlet",
    "sourcename", "accountname", "nickname", "mpname", "feed", "feedname", "来源", "來源",
)  # fmt: skip
_AUTHOR = ("author", "authors", "byline", "creator", "writer", "reporter", "authorname", "作者", "记者", "記者")
_GUID = ("guid",)
_LANGUAGE = ("language", "lang", "inlanguage")

# Members that are known to be no part of the article, or none that is kept.
_PASSED_OVER = frozenset(
    ("id", "discovered", "tags", "tag", "keywords", "keyword", "category", "categories", "section",
     "column", "channel", "type", "status", "score", "image", "images", "img", "cover", "thumbnail", "thumb", "banner",
     "bannerimage", "picture", "pictures", "video", "audio", "attachments", "enclosure", "comments", "commentcount",
     "views", "viewcount", "likes", "version", "part", "label", "labels", "topic", "topics", "domain", "host", "rank",
     "country", "region", "slug", "template", "format", "crawltimemsec", "timestampusec", "annotations", "likingusers",
     "@context", "@type", "@id", "分类", "分類", "标签", "標籤", "关键词", "關鍵詞")
)  # fmt: skip
_PASSED_OVER_ENDINGS = ("id", "ids", "url", "urls", "link", "links", "image", "img", "count", "num", "code", "hash")
_KNOWN = _PASSED_OVER.union(_TITLE, _BODY, _SUMMARY, _URL, _UTC_DATE, _SOURCE, _AUTHOR, _GUID, _LANGUAGE)
_OF_NEWS = re.compile(r"^(?:新[闻聞]|文章|稿件)(?=..)")
_NUMBER = re.compile(r"[\d\s.,:/TZ+-]+")

_DEEPEST = 20
_WRAPPERS = (
    "rendered", "content", "value", "$date", "$numberLong", "$numberInt", "$oid", "name", "title", "href", "@value",
    "#text", "html", "text", "@id", "url",
)  # fmt: skip


def write_line(article: Article) -> str:
    """``article`` as one line of JSON with its newline; empty and unknown fields are left out."""
    return line_of(members_of(article))


def members_of(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _FIELDS}


def line_of(members: dict[str, Any]) -> str:
    """An object as one line of JSON; empty and unknown members are left out, times are ISO 8601.

    Captions and furniture stay when they are empty: they tell that the text is the body alone.
    """
    told = {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in members.items()
        if value not in ("", None) or name in _PARTS
    }
    return json.dumps(told, ensure_ascii=False) + "\n"


def read_object(value: object, *, zone: tzinfo, now: datetime) -> Article:
    """The article of one decoded line. Dates without a zone are read in ``zone``; ``now`` is ``discovered``'s default.

    Raises ``SourceError`` when it is no article or a field is not of its type.
    """
    if not isinstance(value, dict):
        raise SourceError("the line is not a JSON object")
    value = article_in(value)
    if not value.keys() <= _OWN:
        return _foreign(value, zone=zone, now=now)
    strings = {name: _string(value, name) for name in _FIELDS}
    title, html = markup.squeeze(strings["title"]), strings["html"]
    text = strings["text"].replace("\r\n", "\n").strip()
    captions, furniture = strings["captions"], strings["furniture"]
    source, author = name_of(strings["source"]), name_of(strings["author"])
    if not _PARTS & value.keys():
        parted = parting.part_text(text, title=title) if text else parting.part_markup(html, title=title)
        text, captions, furniture = parted.text, parted.captions, parted.furniture
        source, author = bylines.credited(source, author, parted.authors)
    title = title or markup.headline_from(text)
    url = web_address(strings["url"])
    if not title:
        raise SourceError("the article has neither a title nor a text")
    if not (strings["text"].strip() or text or url):
        raise SourceError("members missing: text and address; a title alone is no article")
    title, text = fitting(title, text)
    tag = strings["language"]
    return Article(
        url=url,
        title=title,
        text=text,
        html=html,
        source=source or known_publisher(url) or site_of(url),
        published=dates.parse(strings["published"], zone=zone),
        discovered=dates.parse(strings["discovered"], zone=zone) or now,
        language=tag if tag not in ("", "und") else identify(f"{title}\n{text}"),
        guid=strings["guid"],
        author=author,
        part=strings["part"],
        captions=captions,
        furniture=furniture,
        origin=strings["origin"],
    )


def own_article(value: dict[str, object]) -> Article | None:
    """The article of a line that ``write_line`` wrote of an archive's, word for word; ``None`` for any other object."""
    strings = {name: found for name, found in value.items() if name in _OWN and isinstance(found, str)}
    times = {name: moment(strings.pop(name, None)) for name in ("published", "discovered")}
    if len(strings) + sum(time is not None for time in times.values()) != len(value):
        return None
    if not _ID.fullmatch(strings.get("id", "")) or not strings.get("title"):
        return None
    return Article(**{"text": "", **strings, "url": web_address(strings.get("url", ""))}, **times)  # type: ignore[arg-type]


def read_members(value: dict[str, Any], *, zone: tzinfo, base: str = "") -> Draft:
    """The parts of the article that ``value`` is; relative addresses are read against ``base``.

    Raises ``SourceError`` when it has neither a title nor a body, or no body and members that are not understood.
    """
    members = {_plain_name(name): found for name, found in value.items()}
    title = markup.to_title(_first(members, _TITLE))
    html, text = _body(members)
    unknown = _not_understood(members)
    if not html and (unknown or not title):
        what = "text" if title else "title and text"
        raise SourceError(f"members missing: {what}; members not understood: {', '.join(unknown) or 'none'}")
    links = (text_of(members.get(name)).partition("\n")[0] for name in _URL)
    url = next(filter(None, (web_address(link, base) for link in links)), "")
    guid = _first(members, _GUID)
    return Draft(
        title=title,
        html=html,
        text=text,
        url=url or web_address(guid),
        guid=guid,
        author=_first(members, _AUTHOR, between="、"),
        source=_first(members, _SOURCE),
        dates=_dates(members, unknown, zone),
        language=_first(members, _LANGUAGE),
    )


def names_an_article(names: Iterable[str]) -> bool:
    """Whether members or columns of these names are those of articles: a title, and a text or an address."""
    plain = {_plain_name(name) for name in names}
    return not plain.isdisjoint(_TITLE) and not plain.isdisjoint((*_BODY, *_SUMMARY, *_URL))


def has_body(value: dict[str, Any]) -> bool:
    """Whether an object has a member that is called like an article's text, and text in it."""
    return any(_plain_name(name) in _BODY and isinstance(found, str) and found for name, found in value.items())


def text_of(value: object, between: str = "\n", depth: int = _DEEPEST) -> str:
    """A value of JSON as text: a string or number, what an object wraps, the parts of a list.

    What is nested deeper than ``depth`` is left out: nobody writes so.
    """
    if not depth:
        return ""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, dict):
        return next(filter(None, (text_of(value.get(name), between, depth - 1) for name in _WRAPPERS)), "")
    if isinstance(value, list):
        return between.join(filter(None, (text_of(part, between, depth - 1) for part in value)))
    return ""


def _plain_name(name: str) -> str:
    return _OF_NEWS.sub("", name.lower().replace("_", "").replace("-", "").replace(" ", ""))


def _first(members: dict[str, Any], names: Iterable[str], between: str = "\n") -> str:
    return next(filter(None, (text_of(members.get(name), between).strip() for name in names)), "")


def _body(members: dict[str, Any]) -> tuple[str, str]:
    """The first body with a text, as it stands there, and its text where that is not to be read as markup."""
    for name in (*_BODY, *_SUMMARY):
        raw = text_of(members.get(name))
        if raw.strip() and (text := markup.text_lines(raw) if name == _PLAIN else parting.part_any(raw).text):
            return raw, text if name == _PLAIN else ""
    return "", ""


def _not_understood(members: dict[str, Any]) -> list[str]:
    """The members with words in them of which nobody knows what they are."""
    return [
        name
        for name, value in members.items()
        if name not in _KNOWN and not name.endswith(_PASSED_OVER_ENDINGS) and not isinstance(value, int | float)
        and (raw := text_of(value).strip()) and not _NUMBER.fullmatch(raw) and not dates.parse(raw, zone=UTC)
    ]  # fmt: skip


def _dates(members: dict[str, Any], unknown: Iterable[str], zone: tzinfo) -> tuple[str, ...]:
    """The raw dates of publication, the best first; where no member is called like one, the only one that reads so."""
    found = [(DateKind.PUBLISHED, f"{_first(members, (name,))}Z") for name in _UTC_DATE if members.get(name)]
    found += [(date_kind(name), _seconds(text_of(value))) for name, value in members.items() if name not in _UTC_DATE]
    readable = [(kind, raw) for kind, raw in found if kind < DateKind.NONE and dates.parse(raw, zone=zone)]
    if readable:
        return tuple(raw for _, raw in sorted(readable, key=lambda pair: pair[0]))
    others = [
        value
        for name, value in members.items()
        if isinstance(value, str) and name not in _KNOWN and not is_date_of_another(name)
        and not value.strip().isdecimal() and dates.parse(value, zone=zone)
    ]  # fmt: skip
    return tuple(others if len(others) == 1 else ())


def _seconds(raw: str) -> str:
    """A date, with microseconds since 1970 (Google's ``timestampUsec``) as milliseconds."""
    return raw[:-3] if len(raw) == 16 and raw.isdecimal() else raw


def _foreign(value: dict[str, object], *, zone: tzinfo, now: datetime) -> Article:
    draft = read_members(value, zone=zone)
    if not draft.html and not draft.url:
        raise SourceError("members missing: text and address; a title alone is no article")
    source = draft.source or known_publisher(draft.url) or site_of(draft.url)
    article = finish(replace(draft, source=source), zone=zone, now=now)
    if article is None:
        raise SourceError("the article has neither a title nor a text")
    discovered = dates.parse(text_of(value.get("discovered")), zone=zone) or now
    return replace(article, discovered=discovered, part=text_of(value.get("part")))


def moment(iso: object) -> datetime | None:
    """The time that ``write_line`` wrote; ``None`` for anything else."""
    try:
        found = datetime.fromisoformat(iso) if isinstance(iso, str) else None
        return found.astimezone(UTC) if found and found.tzinfo else None
    except (ValueError, OverflowError):
        return None


def _string(value: dict[str, object], name: str) -> str:
    """A field as text; numbers are allowed for the sake of epoch times and numeric guids."""
    found = value.get(name)
    if found is None:
        return ""
    if isinstance(found, str):
        return storable(found)
    if isinstance(found, int | float) and not isinstance(found, bool):
        return str(found)
    raise SourceError(f"the field {name!r} must be a string")
