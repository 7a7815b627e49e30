"""``/subscriptions``: the feeds that are followed, those in trouble first."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint

from indexer.archive import Subscription
from indexer.fetching.schedule import next_fetch
from search_app.presentation.page import Context, current_library, render

blueprint = Blueprint("subscriptions", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsContext(Context):
    feeds: list[Subscription]
    now: datetime


@blueprint.get("/subscriptions")
def page() -> str:
    library = current_library()
    now = library.clock()
    feeds = [replace(feed, next_fetch=next_fetch(feed, now)) for feed in library.archive.subscriptions.all()]
    feeds.sort(key=lambda feed: (not feed.last_error, feed.title or feed.url))
    return render("subscriptions.html", SubscriptionsContext(carried=[], zone=library.zone, feeds=feeds, now=now))
