"""``/desk``: what watches have found since somebody last looked, and where they are made and changed.

Watches belong to the archive: everybody who reads it sees what they found, and those who may change something see and
change where that is sent.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from indexer.archive import Delivery, Watch
from indexer.errors import ConfigError, DeliveryError, QueryError
from indexer.plain_text import plain_line
from indexer.redaction import without_secrets
from indexer.sources.opml import Outline, write_opml
from search_app.access.permission import may_change
from search_app.desk.channels import SCHEMES, is_installed
from search_app.desk.delivery import try_out
from search_app.desk.reports import Item, items_of
from search_app.desk.watches import WISHES, add_watch, draft_of, parameters_of, shown, wishes_of, with_kept
from search_app.presentation.messages import title_of
from search_app.presentation.page import Context, current_library, render
from search_app.views.asking.feeds import ENTRIES, Entry, Feed, feed_response, link_of

blueprint = Blueprint("desk", __name__)

FIRST = 5
"""Stories of a watch that the page names."""


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A watch, its first stories, how many it found, and how many of them nobody has seen.

    ``last`` is the number of the newest. ``wishes`` are the members of its form.
    """

    watch: Watch
    items: list[Item]
    found: int
    unseen: int
    last: int
    wishes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Folder:
    name: str
    rows: list[WatchRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskContext(Context):
    """``failing`` are deliveries that did not arrive; none are told to those who may not change anything.

    ``test_error`` is why a test that was just asked for did not arrive. ``services`` are the beginnings that an address
    of a messaging service may have; none where what sends messages is not installed.
    """

    folders: list[Folder]
    failing: list[Delivery]
    test_error: str
    services: Sequence[str]


@blueprint.get("/desk")
def page() -> str:
    return _page()


def _page(test_error: str = "") -> str:
    library = current_library()
    watches, counts = library.archive.watches.all(), library.archive.watches.counts()
    rows = [_row(watch, *counts.get(watch.id, (0, 0))) for watch in watches]
    folders = [Folder(name, list(some)) for name, some in groupby(rows, key=lambda row: row.watch.folder)]
    failing = library.archive.outbox.failing() if may_change() else []
    return render(
        "desk.html",
        DeskContext(
            carried=[],
            zone=library.zone,
            folders=folders,
            failing=failing,
            test_error=test_error,
            services=[f"{scheme}://" for scheme in SCHEMES] if is_installed() else [],
        ),
    )


def _row(watch: Watch, found: int, unseen: int) -> WatchRow:
    library = current_library()
    findings = library.archive.watches.findings(watch.id, limit=FIRST) if found else []
    last = findings[0].number if findings else 0
    return WatchRow(
        watch, items_of(library, findings), found, unseen, last, shown(wishes_of(watch)) if may_change() else {}
    )


@blueprint.post("/desk")
def add() -> ResponseReturnValue:
    """Watch a search: ``query`` has its parameters, the other fields are those of a watch. One that is watched already,
    for which nothing else is wished, is shown."""
    given, library = _given(), current_library()
    title = _title(given["query"])
    if not any(text for name, text in given.items() if name != "query"):
        asked = draft_of(given, library, title).query
        if same := next((watch for watch in library.archive.watches.all() if watch.query == asked), None):
            return redirect(url_for("desk.page", _anchor=f"watch-{same.id}"), 303)
    add_watch(given, library, title)
    return redirect(url_for("desk.page"), 303)


@blueprint.post("/desk/<watch_id>")
def change(watch_id: str) -> ResponseReturnValue:
    """Change a watch. ``do`` is save, up, seen, test or remove."""
    library, watch = current_library(), _watch(watch_id)
    watches = library.archive.watches
    match request.form.get("do", ""):
        case "save":
            given = with_kept(_given(), watch)
            watches.change(watch.id, draft_of(given, library, _title(given["query"])))
        case "up":
            watches.move_up(watch.id)
        case "seen":
            number = request.form.get("last", "")
            watches.see(watch.id, int(number) if number.isascii() and number.isdecimal() and len(number) < 18 else 0)
        case "test":
            try:
                try_out(library, watch, secrets.token_hex(16))
            except (DeliveryError, ConfigError) as error:
                return _page(plain_line(without_secrets(str(error)))), 502
        case "remove":
            watches.remove(watch.id)
            return redirect(url_for("desk.page"), 303)
        case other:
            allowed = ("save", "up", "seen", "test", "remove")
            raise QueryError("bad_choice", field="do", given=other[:40], allowed=allowed)
    return redirect(url_for("desk.page", _anchor=f"watch-{watch.id}"), 303)


@blueprint.get("/desk/<watch_id>.atom")
def feed(watch_id: str) -> Response:
    """What a watch found, each story once, as an Atom feed."""
    library, watch = current_library(), _watch(watch_id)
    findings = library.archive.watches.findings(watch.id, limit=ENTRIES)
    found = {each.story: each.found for each in findings}
    # A story is new when it was found, whenever its article was discovered.
    entries = tuple(_entry(each, found[each.story]) for each in items_of(library, findings))
    return feed_response(
        Feed(
            id=f"urn:xunwen:watch:{watch.id}",
            title=f"{watch.name} – {_('Xunwen')}",
            page=f"{url_for('search.page', _external=True)}?{watch.query}",
            self=url_for("desk.feed", watch_id=watch.id, _external=True),
            updated=max(found.values(), default=datetime.fromtimestamp(0, UTC)),
            entries=entries,
        ),
        "atom",
    )


@blueprint.get("/desk.opml")
def opml() -> Response:
    """OPML 2.0: every watch as a subscription to its feed."""
    search = url_for("search.page", _external=True)
    outlines = [
        Outline(url_for("desk.feed", watch_id=each.id, _external=True), each.name, f"{search}?{each.query}")
        for each in current_library().archive.watches.all()
    ]
    response = Response(write_opml(outlines, title=_("Desk")), content_type="text/x-opml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="xunwen-desk.opml"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _entry(item: Item, found: datetime) -> Entry:
    article = item.article
    link = link_of(article.id, article.url)
    return Entry(item.story, link, article.title, article.source, article.language, article.published, found)


def _given() -> dict[str, str]:
    return {wish.name: request.form.get(wish.name, "") for wish in WISHES}


def _title(query: str) -> str:
    return title_of(parameters_of(query), _("All articles"))


def _watch(id: str) -> Watch:
    found = current_library().archive.watches.get(id)
    if found is None:
        abort(404)
    return found
