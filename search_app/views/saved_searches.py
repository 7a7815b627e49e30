"""``/saved``: searches that a reader keeps, in a cookie of their browser: nothing about readers on the server.

Changes are POSTs from this site's own pages. ``/saved.opml`` hands the searches to a feed reader as subscriptions.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, make_response, redirect, request, url_for
from flask_babel import gettext as _

from indexer.errors import QueryError
from indexer.sources.opml import Outline, write_opml
from search_app.access.permission import for_anyone, keeper
from search_app.presentation.messages import title_of
from search_app.presentation.page import Context, current_library, render
from search_app.query.parameters import DEFAULT_LIMIT, SearchParameters, given_by

blueprint = Blueprint("saved_searches", __name__)

COOKIE = "saved"
MOST = 20
_COOKIE_BYTES = 3_800
"""Browsers keep 4,096 bytes of a cookie, name and attributes included."""
_LONGEST = 100_000
"""Characters that a cookie may unpack to."""
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A kept search: the question, and its parameters as they stand in addresses."""

    parameters: SearchParameters
    query: str

    @property
    def title(self) -> str:
        return title_of(self.parameters, _("All articles"))


@dataclass(frozen=True, slots=True)
class SavedRow:
    """A kept search and how many articles it finds now; ``None`` when it cannot be asked any more."""

    search: SavedSearch
    total: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedContext(Context):
    searches: list[SavedRow]


def query_of(parameters: SearchParameters) -> str:
    """What is kept of a question: not the page or its length."""
    return urlencode(parameters.pairs(cursor="", limit=DEFAULT_LIMIT))


def unpack(cookie: str) -> list[SavedSearch]:
    """The searches of a cookie; whatever isn't a search any more is left out."""
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.urlsafe_b64decode(cookie.encode()), _LONGEST).decode()
        queries = json.loads(text)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return []
    found: dict[str, SavedSearch] = {}
    for query in queries if isinstance(queries, list) else []:
        try:
            parameters = _parse(str(query))
            found[query_of(parameters)] = SavedSearch(parameters, query_of(parameters))
        except (QueryError, ValueError):  # ValueError: halves of characters, which no address can hold
            continue
    return list(found.values())[:MOST]


def pack(searches: Sequence[SavedSearch]) -> str:
    """As many of the searches, from the first on, as a cookie holds."""
    queries = [each.query for each in searches[:MOST]]
    while True:
        text = json.dumps(queries, ensure_ascii=False, separators=(",", ":")).encode()
        packed = base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()
        if len(packed) <= _COOKIE_BYTES or not queries:
            return packed
        queries.pop()


def saved_here() -> list[SavedSearch]:
    """This reader's searches, the newest first."""
    return unpack(request.cookies.get(COOKIE, ""))


@blueprint.get("/saved")
def page() -> str:
    """The kept searches, each with what it finds now."""
    rows = [SavedRow(each, _total(each.parameters)) for each in saved_here()]
    return render("saved.html", SavedContext(carried=[], zone=current_library().zone, searches=rows))


def _total(parameters: SearchParameters) -> int | None:
    library = current_library()
    try:
        return library.total(library.ask(parameters, keeper()))
    except QueryError:
        return None


@blueprint.post("/saved")
@for_anyone("It changes the cookie of whoever asks. Another site's form comes without that cookie, or is refused.")
def change() -> Response:
    """Keep (``keep``) or drop (``drop``) a search given as its parameters."""
    searches = saved_here()
    if request.form.get("drop"):
        searches = [each for each in searches if each.query != request.form["drop"]]
        response = redirect(url_for("saved_searches.page"), 303)
    else:
        parameters = _parse(request.form.get("keep", ""))
        new = SavedSearch(parameters, query_of(parameters))
        searches = [new, *(each for each in searches if each.query != new.query)]
        response = redirect(f"{url_for('search.page')}?{new.query}", 303)
    answer = make_response(response)
    answer.set_cookie(COOKIE, pack(searches), max_age=_YEAR, samesite="Lax", httponly=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _parse(query: str) -> SearchParameters:
    return SearchParameters.parse(given_by(parse_qsl(query)))


@blueprint.get("/saved.opml")
def opml() -> Response:
    """OPML 2.0: every kept search as a subscription to its Atom feed."""
    feed, page_ = url_for("feeds.feed", form="atom", _external=True), url_for("search.page", _external=True)
    outlines = [Outline(f"{feed}?{each.query}", each.title, f"{page_}?{each.query}") for each in saved_here()]
    response = Response(write_opml(outlines, title=_("Saved searches")), content_type="text/x-opml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="xunwen.opml"'
    response.headers["Cache-Control"] = "no-store"
    return response
