"""``/subscriptions``: the feeds that are followed, those in trouble first, and the switch for their whole articles."""

from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from flask import Blueprint, Response, abort, redirect, request, url_for

from indexer.archive import PageCounts, Subscription
from indexer.fetching.schedule import next_fetch
from search_app.presentation.page import Context, current_library, render

blueprint = Blueprint("subscriptions", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsContext(Context):
    """``pages`` are those of each feed that wait or were given up, by its address; ``names`` stand for the addresses in
    forms, since these may hold secrets."""

    feeds: list[Subscription]
    pages: dict[str, PageCounts]
    names: dict[str, str]
    now: datetime


@blueprint.get("/subscriptions")
def page() -> str:
    library = current_library()
    now = library.clock()
    feeds = [replace(feed, next_fetch=next_fetch(feed, now)) for feed in library.archive.subscriptions.all()]
    feeds.sort(key=lambda feed: (not feed.last_error, feed.title or feed.url))
    return render(
        "subscriptions.html",
        SubscriptionsContext(
            carried=[],
            zone=library.zone,
            feeds=feeds,
            pages=library.archive.pages.counts(),
            names={feed.url: _name(feed) for feed in feeds},
            now=now,
        ),
    )


@blueprint.post("/subscriptions/full-text")
def full_text() -> Response:
    """Have the pages of a feed's articles fetched, or no longer: ``feed`` is its name in the form, ``on`` 1 or 0."""
    subscriptions = current_library().archive.subscriptions
    wanted = {"1": True, "0": False}.get(request.form.get("on", ""))
    feed = next((feed for feed in subscriptions.all() if _name(feed) == request.form.get("feed", "")), None)
    if feed is None or wanted is None:
        abort(404)
    subscriptions.set_full_text([feed.url], wanted)
    return redirect(url_for("subscriptions.page"), 303)  # type: ignore[return-value]


def _name(feed: Subscription) -> str:
    return sha256(feed.url.encode("utf-8", "replace")).hexdigest()[:16]
