"""Saved web pages: one article a page, with what the page says of itself.

The body is found by readability-lxml (a port of Arc90's Readability), in WeChat's pages by their ids. Title, address,
date and author come from JSON-LD (https://schema.org/NewsArticle), meta elements (Open Graph, Dublin Core), ``<time>``
and labels in the page, in this order. A page without any is read as far as it goes.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from lxml import etree
from lxml.html import HTMLParser, document_fromstring
from readability.readability import Document as Readable
from readability.readability import Unparseable

from indexer.article import Article
from indexer.errors import SourceError
from indexer.extraction import lines, markup, parting
from indexer.extraction.publishers import known_publisher
from indexer.sources import article_regions
from indexer.sources.draft import Draft, Found, finish
from indexer.sources.jsonl import text_of
from indexer.sources.labels import read_line, shown_source, without_updates
from indexer.sources.page_authors import author_of
from indexer.urls import site_of, web_address

_PAGE = re.compile(
    r"\s*+(?>(?:<\?xml[^>]{0,300}\?>|<!--.{0,5000}?-->)\s*+)*+<(?:!doctype\s+html|html|head|body|title|meta)\b",
    re.S | re.I,
)
_NAMES, _ELEMENT = (".html", ".htm", ".xhtml", ".shtml"), re.compile(r"\s*<[a-z]", re.IGNORECASE)
_SAVED_FROM = re.compile(
    r"<!--\s*saved from url=\(\d+\)(\S+?)\s*-->|^\s*url:\s*(https?://\S+)\s*$", re.IGNORECASE | re.MULTILINE
)
_WECHAT_TIME = re.compile(r"""var\s+ct\s*=\s*["'](\d{10})["']|create_time\s*[:=]\s*["'](\d{10})["']""")
_DAY = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*日)?"
_TIME = r"[ T]*\d{1,2}[:：]\d\d(?:[:：]\d\d)?"
# A day alone may be any; behind a label, or with a time of day, it is that of publication.
_SHOWN_DATE = re.compile(
    rf"(?:[发發][布佈表]|更新|刊[登发發])(?:[时時][间間]|日期|[于於])?\s*[:：]?\s*({_DAY}(?:{_TIME})?)|"
    rf"(?:[时時][间間]|日期)\s*[:：]\s*({_DAY}(?:{_TIME})?)|({_DAY}{_TIME})"
)
_ISSUED = re.compile(rf"成\s*文\s*日\s*期\s*[:：]\s*({_DAY})")
_LARGEST = 4_000_000  # characters that are looked through for the body; of more the whole is taken
_COSTLIEST = 200_000_000
"""Children of one element times the characters between them, beyond which the whole is taken too: with each child that
readability drops, lxml writes the characters between those before it anew."""
_SHORTEST = 100  # characters of a body that was found
_SHARE = 0.1  # of the page's text, below which what was found is not the body
_TOP = 1_500  # characters of text around and behind the title in which a date is the article's

_SHELL = re.compile(
    r"\b404\b|not found|[页頁]面(?:不存在|[没沒]有找到|未找到|已[删刪]除)|(?:enable|requires?|turn on) javascript|"
    r"[启啟][用動动] ?javascript|需要.{0,6}javascript|access denied|forbidden|just a moment|"
    r"正在(?:加[载載]|跳[转轉])|loading\b",
    re.IGNORECASE,
)

_DATES = (
    "article:published_time", "og:published_time", "og:article:published_time", "datepublished", "pubdate",
    "publishdate", "publish_date", "publishtime", "weibo: article:create_at", "parsely-pub-date", "sailthru.date",
    "dc.date.issued", "dc.date", "dcterms.created", "date", "article.published", "cxenseparse:recs:publishtime",
)  # fmt: skip
_ABOVE, _NEAR = 4, 10  # lines above the body in which its headline stands, and those in which its title may
_SAME = 12  # characters by which a line is the title
_SUBJECT = re.compile(r"(?:主[题題]|[标標][题題]|[题題]目)\s*[:：]\s*")
_HAN = re.compile(r"\W?[\u4e00-\u9fff]{2}")
_HEADLINE = re.compile(
    r"(?!.*(?:位置|首[页頁]|打印|字[号體体]|[评評][论論]|分享|[点點][击擊]|登[录錄]|[机機][关關][:：]|\d{1,2}:\d\d|\d{4}年\d))"
    r"(?=(?:[^\u4e00-\u9fff]*[\u4e00-\u9fff]){6})[^。|>＞]{6,60}"
)
_TITLES = ("og:title", "twitter:title", "dc.title")
_SITES = ("og:site_name", "application-name", "mediaid", "source", "contentsource")
_TYPES = ("NewsArticle", "Article", "BlogPosting", "ReportageNewsArticle", "AnalysisNewsArticle", "WebPage")
# What sites put behind their titles: ``标题 - 栏目 - 网站``, ``标题_网站``.
_SUFFIX = re.compile(r"\s*[-_|–—]\s*[^-_|–—]{1,30}$")


def looks_like_page(text: str, path: str = "") -> bool:
    """Whether ``text`` begins as a whole HTML document does, or with any element in a file that is called HTML."""
    if _PAGE.match(text, 0, 20_000):
        return True
    return path.lower().endswith(_NAMES) and _ELEMENT.match(text) is not None


def read_page(text: str, *, zone: tzinfo, now: datetime, url: str = "") -> Article:
    """The article of a page; ``url`` is where it came from, as far as that is known.

    Raises ``SourceError`` when it has neither a title nor a text.
    """
    text = markup.without_endless_tags(text)
    root = markup.parse(text)
    if root is None:
        raise SourceError("the page is empty")
    meta, linked = _meta(root), _linked_data(root)
    saved = _SAVED_FROM.search(text[:5_000])
    address = next(
        filter(
            None,
            (web_address(raw) for raw in (url, *_addresses(root, meta, linked), *(saved.groups("") if saved else ()))),
        ),
        "",
    )
    given = text_of(linked.get("headline")) or _first(meta, _TITLES)
    title = markup.to_title(given) if given else _title(root)
    html, body = _body(text, root, title)
    if not given:
        title = _headline_above(root, body, title) or title
    source = (
        known_publisher(address) or _by_id(root, "js_name") or text_of(linked.get("publisher")) or _first(meta, _SITES)
    )
    article = finish(
        Draft(
            title=title,
            html=html,
            text=body,
            url=address,
            source=source or shown_source(lines.shown(root), title) or site_of(address),
            author=author_of(root, meta, linked, parting.part_markup(html, title=title).authors, title),
            dates=tuple(_dates(text, root, meta, linked, title)),
        ),
        zone=zone,
        now=now,
    )
    if article is None:
        raise SourceError("the page has neither a title nor a text")
    return article


def _meta(root: etree._Element) -> dict[str, str]:
    """What the meta elements say, by name or property in lower case."""
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        content = element.get("content") or ""
        if name and content.strip():
            found.setdefault(str(name).lower(), markup.squeeze(str(content)))
    return found


def _linked_data(root: etree._Element) -> dict[str, Any]:
    """The JSON-LD object of the article, or ``{}``."""
    objects = [found for script in root.iter("script") if script.get("type") == "application/ld+json"
               for found in _objects(script.text or "")]  # fmt: skip
    for kind in _TYPES:
        for found in objects:
            types = found.get("@type")
            if kind in (types if isinstance(types, list) else [types]):
                return found | {name: _referred(found.get(name), objects) for name in ("author", "publisher")}
    return {}


def _referred(value: object, objects: list[dict[str, Any]]) -> object:
    """A value that only refers to objects elsewhere in the page (``{"@id": …}``), with them in its place."""
    if isinstance(value, list):
        return [_referred(each, objects) for each in value if not isinstance(each, list)]
    if isinstance(value, dict) and value.keys() <= {"@id", "@type"}:
        return next((each for each in objects if each.get("@id") == value.get("@id") and each.get("name")), value)
    return value


def _objects(raw: str) -> Iterator[dict[str, Any]]:
    try:
        value = json.loads(raw, strict=False)
    except (ValueError, RecursionError):
        return
    values = value if isinstance(value, list) else [value]
    for each in values:
        if isinstance(each, dict):
            yield each
            graph = each.get("@graph")
            yield from (part for part in graph if isinstance(part, dict)) if isinstance(graph, list) else ()


def _addresses(root: etree._Element, meta: dict[str, str], linked: dict[str, Any]) -> Iterator[str]:
    for link in root.iter("link"):
        if link.get("rel") == "canonical":
            yield str(link.get("href") or "")
    yield meta.get("og:url", "")
    yield text_of(linked.get("mainEntityOfPage")) or text_of(linked.get("url"))


def _title(root: etree._Element) -> str:
    """The headline; of the document's title what stands before the names of section and site."""
    whole = markup.squeeze(_words(next(root.iter("title"), root))) if root.find(".//title") is not None else ""
    headings = [markup.squeeze(_words(heading)) for heading in root.iter("h1")]
    if fitting := next((heading for heading in headings if len(heading) > 4 and whole.startswith(heading)), ""):
        return fitting
    while (shorter := _SUFFIX.sub("", whole)) != whole and len(shorter) >= 4:
        whole = shorter
    return whole or next(filter(None, headings), "")


def _headline_above(root: etree._Element, body: str, title: str) -> str:
    """The headline that a page shows right above its body, where its title is the site's (江湾论坛), else ``""``."""
    shown = lines.bare_lines(root)
    first = body.partition("\n")[0]
    start = next((number for number, line in enumerate(shown) if line.text == first), 0)
    near = [line.text for line in shown[max(0, start - _NEAR) : start] if len(line.text) > 3]
    if not start or (title and any(text.startswith(title[:_SAME]) or title.startswith(text) for text in near)):
        return ""
    for line in reversed(shown[max(0, start - _ABOVE) : start]):
        text = _SUBJECT.sub("", line.text)
        is_headline = title and not line.linked and _HEADLINE.fullmatch(text) and not read_line(line.text, zone=UTC)
        if is_headline or (line.heading and _HAN.match(text)):
            return markup.to_title(text)
    return ""


def _dates(text: str, root: etree._Element, meta: dict[str, str], linked: dict[str, Any], title: str) -> Iterator[str]:
    shown = lines.shown(root)
    if match := _ISSUED.search(shown):
        yield Found(match[1], "the date that the document bears")
    yield Found(text_of(linked.get("datePublished")), "JSON-LD")
    yield from (Found(meta[name], f"meta {name}") for name in _DATES if meta.get(name))
    if match := _WECHAT_TIME.search(text):
        yield Found(match[1] or match[2], "the page's script")
    for element in root.iter("time"):
        yield Found(str(element.get("datetime") or "") or _words(element), "the first <time>")
        break
    begin = max(0, shown.find(title[:20])) if title else 0
    if match := _SHOWN_DATE.search(without_updates(shown[begin : begin + _TOP])):
        yield Found(re.sub(r"\s*([-/.年月])\s*", r"\1", match[match.lastindex or 0]), "a line near the headline")
    yield Found(text_of(linked.get("dateModified")), "JSON-LD, the last change")


def _body(text: str, root: etree._Element, title: str) -> tuple[str, str]:
    """The body's markup and text."""
    whole = parting.part_markup(text, title=title).text
    found = _element_by_id(root, "js_content")
    if found is not None:
        html = etree.tostring(found, encoding="unicode", method="html")
    else:
        try:
            html = _readable(text) if len(text) <= _LARGEST else ""
        except (Unparseable, etree.LxmlError, ValueError, AttributeError, TypeError, RecursionError):
            html = ""
    html = article_regions.around(root, html) or html
    body = parting.part_markup(html, title=title).text
    if len(body) < _SHORTEST and len(body) < _SHARE * len(whole):
        html, body = text, whole
    if not body or (len(body) < _SHORTEST and _SHELL.search(f"{title}\n{body}")):
        raise SourceError("the page is an empty shell: it has no article in it")
    return html, body


def _readable(text: str) -> str:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    document = document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    between: Counter[etree._Element] = Counter()
    for child in document.iter():
        if child.tail and (parent := child.getparent()) is not None:
            between[parent] += len(child.tail)
    if any(length * len(parent) > _COSTLIEST for parent, length in between.items()):
        return ""
    return str(Readable(document).summary(html_partial=True))


def _first(meta: dict[str, str], names: tuple[str, ...]) -> str:
    return next(filter(None, (meta.get(name, "") for name in names)), "")


def _element_by_id(root: etree._Element, id: str) -> etree._Element | None:
    return next(
        (element for element in root.iter("div", "a", "span", "strong", "section") if element.get("id") == id), None
    )


def _by_id(root: etree._Element, id: str) -> str:
    element = _element_by_id(root, id)
    return "" if element is None else markup.squeeze(_words(element))


def _words(element: etree._Element) -> str:
    return "".join(str(piece) for piece in element.itertext())
