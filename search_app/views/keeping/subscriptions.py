"""``/subscriptions``: the feeds that are followed, those in trouble first; and where that is changed."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from indexer.archive import PageCounts, Subscription
from indexer.errors import QueryError
from indexer.fetching.preview import Preview
from indexer.fetching.schedule import next_fetch
from indexer.redaction import without_secrets
from indexer.sources.opml import Outline, write_opml
from search_app.desk.feeds import address_of, folder_of, follow, follow_list, look
from search_app.presentation.messages import feed_advice
from search_app.presentation.page import Context, current_library, render
from search_app.schedule import EXTENSION, Schedule

blueprint = Blueprint("subscriptions", __name__)

_ACTIONS = ("look", "follow", "fetch", "pause", "resume", "save", "remove", "pages", "no-pages")


@dataclass(frozen=True, slots=True)
class FeedRow:
    """A feed, what to do about its last error, ``""`` where there is none, and its pages that wait or failed."""

    feed: Subscription
    advice: str
    pages: PageCounts | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsContext(Context):
    """``found`` is what stands behind an address that was entered, ``advice`` what to do where that is nothing.

    ``said`` is what came of a list. ``runs`` tells that feeds are fetched by this program.
    """

    rows: list[FeedRow]
    folders: list[str]
    failing: int
    paused: int
    now: datetime
    found: Preview | None
    found_advice: str
    said: str
    runs: bool


@blueprint.get("/subscriptions")
def page() -> str:
    return _page()


def _page(found: Preview | None = None, said: str = "") -> str:
    library = current_library()
    now = library.clock()
    feeds = [replace(feed, next_fetch=next_fetch(feed, now)) for feed in library.archive.subscriptions.all()]
    pages = library.archive.pages.counts()
    feeds.sort(key=lambda feed: (feed.paused, not feed.last_error, feed.folder, feed.title or feed.url))
    return render(
        "subscriptions.html",
        SubscriptionsContext(
            carried=[],
            zone=library.zone,
            rows=[FeedRow(feed, feed_advice(feed.last_error, _), pages.get(feed.url)) for feed in feeds],
            folders=sorted({feed.folder for feed in feeds if feed.folder}),
            failing=sum(bool(feed.last_error) and not feed.paused for feed in feeds),
            paused=sum(feed.paused for feed in feeds),
            now=now,
            found=found,
            found_advice=feed_advice(found.problem, _) if found else "",
            said=said,
            runs=_schedule() is not None,
        ),
    )


@blueprint.post("/subscriptions")
def change() -> ResponseReturnValue:
    """``do`` is look or follow for an address ``url``; fetch, pause, resume, save or remove for a feed ``id``,
    pages or no-pages to have the pages of its articles fetched."""
    library, action = current_library(), request.form.get("do", "")
    if action not in _ACTIONS:
        raise QueryError("bad_choice", field="do", given=action[:40], allowed=_ACTIONS)
    subscriptions = library.archive.subscriptions
    if action == "look":
        return _page(look(library, address_of(request.form.get("url", ""))))
    if action == "follow":
        feed = follow(library, address_of(request.form.get("url", "")), folder_of(request.form.get("folder", "")))
        _fetch_soon()
        return redirect(url_for("subscriptions.page", _anchor=f"feed-{feed.id}"), 303)
    known = subscriptions.get(request.form.get("id", ""))
    if known is None:
        abort(404)
    match action:
        case "fetch":
            subscriptions.hurry(known.url)
            _fetch_soon()
        case "pause" | "resume":
            subscriptions.pause(known.url, action == "pause")
        case "pages" | "no-pages":
            subscriptions.set_full_text([known.url], action == "pages")
        case "save":
            subscriptions.file(known.url, folder_of(request.form.get("folder", "")))
        case "remove":
            subscriptions.remove([known.url])
            return redirect(url_for("subscriptions.page"), 303)
    return redirect(url_for("subscriptions.page", _anchor=f"feed-{known.id}"), 303)


@blueprint.post("/subscriptions/list")
def take_list() -> ResponseReturnValue:
    """Follow the feeds of an OPML list, the file ``list``."""
    file = request.files.get("list")
    new, listed = follow_list(current_library(), file.read() if file else b"")
    _fetch_soon()
    said = ngettext("%(count)s feed is new", "%(count)s feeds are new", new, count=new)
    if known := len(listed.feeds) - new:
        said += _(", %(count)s followed already", count=known)
    if listed.refused:
        said += _(", %(count)s cannot be followed: their addresses are no web addresses", count=len(listed.refused))
    return _page(said=said)


@blueprint.get("/subscriptions.opml")
def opml() -> Response:
    """OPML 2.0 of the feeds that are followed, without those whose addresses hold a password or a token."""
    feeds = [each for each in current_library().archive.subscriptions.all() if without_secrets(each.url) == each.url]
    document = write_opml((_outline(each) for each in feeds), title=_("Xunwen"))
    response = Response(document, content_type="text/x-opml; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="xunwen-feeds.opml"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _outline(feed: Subscription) -> Outline:
    return Outline(feed.url, feed.title, folder=feed.folder, full_text=feed.full_text)


def _schedule() -> Schedule | None:
    found: Schedule | None = current_app.extensions[EXTENSION]
    return found


def _fetch_soon() -> None:
    """Let what is due be fetched at once, where this program does that."""
    if schedule := _schedule():
        schedule.ask("fetch")
