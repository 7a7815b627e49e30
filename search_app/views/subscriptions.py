"""``/subscriptions``: the feeds that are followed, those in trouble first."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from indexer.sources import Subscription
from search_app.presentation.page import Context, current_library, render

blueprint = Blueprint("subscriptions", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionsContext(Context):
    feeds: list[Subscription]
    now: datetime


@blueprint.get("/subscriptions")
def page() -> str:
    library = current_library()
    feeds = sorted(library.archive.subscriptions.all(), key=lambda feed: (not feed.last_error, feed.title or feed.url))
    return render(
        "subscriptions.html", SubscriptionsContext(carried=[], zone=library.zone, feeds=feeds, now=library.clock())
    )
