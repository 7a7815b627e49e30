"""A search as something to subscribe to: Atom (RFC 4287), RSS 2.0, JSON Feed 1.1; and OpenSearch for browsers.

A story has one entry, which a further copy or report brings up to date; ``collapse=0`` makes one of each article. Ids
are made from the story's id and from the question, not from where the server stands: a feed reader does not see
everything anew when the address of the server changes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response, abort, jsonify, request, url_for
from flask_babel import gettext as _
from werkzeug.urls import iri_to_uri

from indexer.plain_text import xml_text
from search_app.presentation import links
from search_app.presentation.messages import title_of
from search_app.presentation.page import current_library, given
from search_app.presentation.template_filters import short, web_address
from search_app.query.parameters import SearchParameters
from search_app.search.results import ResultHit, timestamp

blueprint = Blueprint("feeds", __name__)

ENTRIES = 50
_ATOM = "http://www.w3.org/2005/Atom"
_DUBLIN_CORE = "http://purl.org/dc/elements/1.1/"
_OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
"""Characters that XML 1.0 cannot hold."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article, under the id of its story or its own; it was brought up to date when it was ``found``."""

    id: str
    link: str
    title: str
    source: str
    language: str
    published: datetime | None
    found: datetime
    summary: str = ""

    @property
    def urn(self) -> str:
        return f"urn:xunwen:{self.id}"


@dataclass(frozen=True, slots=True)
class Feed:
    """What all three formats say. ``updated`` is when the newest entry's article was discovered."""

    id: str
    title: str
    page: str
    self: str
    updated: datetime
    entries: tuple[Entry, ...]


@blueprint.get("/feed.<form>")
def feed(form: str) -> Response:
    """The newest matches of a search. All search parameters; newest first unless ``sort`` says otherwise."""
    if form not in _FORMATS:
        abort(404)
    parameters = SearchParameters.parse(given())
    asked = replace(
        parameters,
        cursor="",
        partial=False,
        sort=parameters.sort if request.args.get("sort") else "newest",
        limit=parameters.limit if request.args.get("limit") else ENTRIES,
    )
    library = current_library()
    results = library.search(library.ask(replace(asked, collapse=asked.collapse or "1")))
    base = links.address(url_for("search.page", _external=True), parameters, cursor="")
    newest = max((hit.discovered for hit in results.hits), default=datetime.fromtimestamp(0, UTC))
    found = Feed(
        id=f"urn:uuid:{uuid5(NAMESPACE_URL, 'xunwen:' + urlencode(sorted(asked.pairs())))}",
        title=f"{title_of(parameters, _('All articles'))} – {_('Xunwen')}",
        page=base,
        self=iri_to_uri(request.url),
        updated=newest,
        entries=tuple(_entry(hit, hit.story if results.collapsed else hit.id) for hit in results.hits),
    )
    return feed_response(found, form)


def feed_response(found: Feed, form: str) -> Response:
    """A feed in a format, ``atom``, ``rss`` or ``json``; nothing but 304 to those who have it."""
    write, media = _FORMATS[form]
    response = Response(write(found), content_type=f"{media}; charset=utf-8")
    response.last_modified = found.updated
    response.add_etag()
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Vary"] = "Host, Accept-Language, Cookie"
    response.make_conditional(request)
    return response


def _entry(hit: ResultHit, id: str) -> Entry:
    link = link_of(hit.id, hit.url)
    return Entry(id, link, hit.title, hit.source, hit.language, hit.published, hit.discovered, hit.snippet.text)


def link_of(id: str, url: str) -> str:
    """The original of an article, or this archive's page where its address is unknown."""
    return web_address(url) or url_for("article.page", article_id=id, _external=True)


def _child(parent: Xml.Element, tag: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, tag, {name: xml_text(value) for name, value in attributes.items()})
    element.text = None if text is None else xml_text(text)
    return element


def _document(root: Xml.Element) -> bytes:
    return bytes(Xml.tostring(root, "utf-8", xml_declaration=True))


def atom(feed: Feed) -> bytes:
    """RFC 4287."""
    root = Xml.Element("feed", xmlns=_ATOM)
    _child(root, "id", feed.id)
    _child(root, "title", feed.title)
    _child(root, "updated", timestamp(feed.updated))
    _child(root, "link", rel="self", href=feed.self, type="application/atom+xml")
    _child(root, "link", rel="alternate", href=feed.page, type="text/html")
    _child(_child(root, "author"), "name", "Xunwen")
    for each in feed.entries:
        entry = _child(root, "entry")
        _child(entry, "id", each.urn)
        _child(entry, "title", short(each.title))
        _child(entry, "updated", timestamp(each.found))
        if each.published:
            _child(entry, "published", timestamp(each.published))
        _child(entry, "link", rel="alternate", href=each.link)
        _child(_child(entry, "author"), "name", short(each.source) or _("Unknown"))
        _child(entry, "summary", each.summary)
    return _document(root)


def rss(feed: Feed) -> bytes:
    """RSS 2.0 (rssboard.org), with the self link that its best practices ask for."""
    root = Xml.Element("rss", {"version": "2.0", "xmlns:atom": _ATOM, "xmlns:dc": _DUBLIN_CORE})
    channel = _child(root, "channel")
    _child(channel, "title", feed.title)
    _child(channel, "link", feed.page)
    _child(channel, "description", feed.title)
    _child(channel, "atom:link", rel="self", href=feed.self, type="application/rss+xml")
    _child(channel, "lastBuildDate", format_datetime(feed.updated))
    for each in feed.entries:
        item = _child(channel, "item")
        _child(item, "title", short(each.title))
        _child(item, "link", each.link)
        _child(item, "guid", each.urn, isPermaLink="false")
        _child(item, "pubDate", format_datetime(each.published or each.found))
        if each.source:
            _child(item, "dc:creator", short(each.source))
        _child(item, "description", each.summary)
    return _document(root)


def json_feed(feed: Feed) -> bytes:
    """JSON Feed 1.1 (jsonfeed.org)."""
    items = [
        {
            "id": each.urn,
            "url": each.link,
            "title": short(each.title),
            "content_text": each.summary,
            "date_published": timestamp(each.published or each.found),
            "authors": [{"name": short(each.source)}] if each.source else [],
            "language": each.language,
        }
        for each in feed.entries
    ]
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.self,
        "items": items,
    }
    return json.dumps(told, ensure_ascii=False).encode()


_FORMATS: Mapping[str, tuple[Callable[[Feed], bytes], str]] = {
    "atom": (atom, "application/atom+xml"),
    "rss": (rss, "application/rss+xml"),
    "json": (json_feed, "application/feed+json"),
}


@blueprint.get("/opensearch.xml")
def opensearch() -> Response:
    """OpenSearch 1.1 description: a browser can add this archive as a search engine, with suggestions."""
    root = Xml.Element("OpenSearchDescription", xmlns=_OPENSEARCH)
    _child(root, "ShortName", _("Xunwen"))
    _child(root, "Description", _("Search this archive of Chinese news"))
    _child(root, "InputEncoding", "UTF-8")
    _child(root, "Image", url_for("static", filename="icon.svg", _external=True), type="image/svg+xml")
    search = url_for("search.page", _external=True)
    suggest = url_for("feeds.opensearch_suggest", _external=True)
    _child(root, "Url", type="text/html", method="get", template=f"{search}?q={{searchTerms}}")
    _child(root, "Url", type="application/x-suggestions+json", template=f"{suggest}?q={{searchTerms}}")
    for form, (_write, media) in _FORMATS.items():
        template = f"{url_for('feeds.feed', form=form, _external=True)}?q={{searchTerms}}"
        _child(root, "Url", type=media, template=template)
    response = Response(_document(root), content_type="application/opensearchdescription+xml; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=86400"
    response.headers["Vary"] = "Host, Accept-Language, Cookie"
    return response


@blueprint.get("/opensearch-suggest")
def opensearch_suggest() -> Response:
    """Suggestions as browsers want them: ``["typed", ["completion", …]]`` (OpenSearch Suggestions 1.1)."""
    typed = request.args.get("q", "")
    response = jsonify([typed, [each.text for each in current_library().suggest(typed)]])
    response.content_type = "application/x-suggestions+json"
    return response
