"""Searches that a reader keeps, in a cookie of their browser: no accounts, nothing about readers on the server.

Changes are POSTs from this site's own pages. ``/saved.opml`` hands the searches to a feed reader as subscriptions.
"""

import base64
import binascii
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as Xml

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from indexer.errors import QueryError
from search_app.query.parameters import DEFAULT_LIMIT, Question
from search_app.search.library import current_service

saved = Blueprint("saved", __name__)

COOKIE = "saved"
MOST = 20
_COOKIE_BYTES = 3_800
"""Browsers keep 4,096 bytes of a cookie, name and attributes included."""
_LONGEST = 100_000
"""Characters that a cookie may unpack to."""
_YEAR = 365 * 86_400


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept search: the question, and its parameters as they stand in addresses."""

    question: Question
    query: str

    @property
    def title(self) -> str:
        chosen = (self.question.text, *self.question.sources, *self.question.languages)
        dates = f"{self.question.first}–{self.question.last}" if self.question.first or self.question.last else ""
        return " · ".join(filter(None, (*chosen, dates))) or _("All articles")


def query_of(question: Question) -> str:
    """What is kept of a question: not the page or its length."""
    return urlencode(question.parameters(cursor="", limit=DEFAULT_LIMIT))


def unpack(cookie: str) -> list[Saved]:
    """The searches of a cookie; whatever isn't a search any more is left out."""
    try:
        reader = zlib.decompressobj()
        text = reader.decompress(base64.urlsafe_b64decode(cookie), _LONGEST).decode()
        queries = json.loads(text)
    except (ValueError, binascii.Error, zlib.error, RecursionError):
        return []
    found: dict[str, Saved] = {}
    for query in queries if isinstance(queries, list) else []:
        try:
            question = Question.parse(MultiDict(parse_qsl(str(query))))
        except (QueryError, ValueError):
            continue
        found[query_of(question)] = Saved(question, query_of(question))
    return list(found.values())[:MOST]


def pack(searches: Sequence[Saved]) -> str:
    """As many of the searches, from the first on, as a cookie holds."""
    queries = [each.query for each in searches[:MOST]]
    while True:
        text = json.dumps(queries, ensure_ascii=False, separators=(",", ":")).encode()
        packed = base64.urlsafe_b64encode(zlib.compress(text, 9)).decode()
        if len(packed) <= _COOKIE_BYTES or not queries:
            return packed
        queries.pop()


def kept() -> list[Saved]:
    """This reader's searches, the newest first."""
    return unpack(request.cookies.get(COOKIE, ""))


@saved.get("/saved")
def page() -> str:
    """The kept searches, each with what it finds now."""
    service = current_service()
    rows: list[tuple[Saved, int | None]] = []
    for each in kept():
        try:
            rows.append((each, service.total(each.question)))
        except QueryError:
            rows.append((each, None))
    return render_template("saved.html", searches=rows)


@saved.post("/saved")
def change() -> Response:
    """Keep (``keep``) or drop (``drop``) a search given as its parameters."""
    # Browsers say where a form was sent from; only this site's forms may change what a reader keeps.
    if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        abort(403)
    searches = kept()
    if request.form.get("drop"):
        searches = [each for each in searches if each.query != request.form["drop"]]
        response = redirect(url_for("saved.page"), 303)
    else:
        question = Question.parse(MultiDict(parse_qsl(request.form.get("keep", ""))))
        new = Saved(question, query_of(question))
        searches = [new, *(each for each in searches if each.query != new.query)]
        response = redirect(f"{url_for('web.search')}?{new.query}", 303)
    answer = make_response(response)
    answer.set_cookie(COOKIE, pack(searches), max_age=_YEAR, samesite="Lax", httponly=True)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@saved.get("/saved.opml")
def opml() -> Response:
    """OPML 2.0: every kept search as a subscription to its Atom feed."""
    root = Xml.Element("opml", version="2.0")
    head = Xml.SubElement(root, "head")
    Xml.SubElement(head, "title").text = _("Saved searches")
    body = Xml.SubElement(root, "body")
    for each in kept():
        title = "".join(character for character in each.title if character.isprintable())
        Xml.SubElement(
            body,
            "outline",
            type="rss",
            text=title,
            title=title,
            xmlUrl=f"{url_for('syndication.feed', form='atom', _external=True)}?{each.query}",
            htmlUrl=f"{url_for('web.search', _external=True)}?{each.query}",
        )
    response = Response(Xml.tostring(root, "utf-8", xml_declaration=True), content_type="text/x-opml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="xunwen.opml"'
    response.headers["Cache-Control"] = "no-store"
    return response
