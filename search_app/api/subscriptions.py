"""Feeds that are followed, in the API: listed without the secrets of their addresses; with a key also managed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from indexer.archive import Subscription
from indexer.errors import QueryError
from indexer.redaction import without_secrets
from search_app.api.endpoints import Endpoints
from search_app.desk.feeds import address_of, folder_of, follow
from search_app.presentation.messages import feed_advice
from search_app.presentation.page import current_library
from search_app.query.parameters import Given, Parameter
from search_app.search.results import described

endpoint = Endpoints()

_NO_FEED = "No feed that is followed has this id."
_URL = Parameter("url", "The address of the feed.", "https://example.org/feed.xml")
_FOLDER = Parameter("folder", "The folder that it stands in.", "健康")
_PAUSED = Parameter("paused", "1 while it is not fetched.", "1", "choice", choices=("1", "0"))


@dataclass(frozen=True, slots=True)
class FeedAnswer:
    """A feed that is followed."""

    id: str
    url: str = field(metadata=described("Without the password or token that it may hold."))
    title: str
    folder: str
    paused: bool
    last_fetched: datetime | None
    next_fetch: datetime | None = field(metadata=described("The earliest time of the next fetch, null for now."))
    error: str = field(metadata=described("Why the last fetch failed."))
    advice: str = field(metadata=described("What to do about that."))
    failures: int = field(metadata=described("How often it failed in a row."))


@dataclass(frozen=True, slots=True)
class FeedsAnswer:
    """All feeds that are followed, in the order of their addresses."""

    feeds: Sequence[FeedAnswer]


@endpoint("/subscriptions", FeedsAnswer, ())
def feeds(asked: Given) -> FeedsAnswer:
    """The feeds that are followed"""
    return FeedsAnswer([_told(feed) for feed in current_library().archive.subscriptions.all()])


@endpoint("/subscriptions", FeedAnswer, (_URL, _FOLDER), method="POST")
def follow_feed(asked: Given) -> FeedAnswer:
    """Follow a feed

    It is fetched when feeds are next fetched. One that is followed already only gets the folder.
    """
    feed = follow(current_library(), address_of(_URL.value(asked)), folder_of(_FOLDER.value(asked)))
    return _told(_feed(feed.id))


@endpoint("/subscriptions/<feed_id>", FeedAnswer, (_FOLDER, _PAUSED), method="POST", missing=_NO_FEED)
def change_feed(asked: Given, feed_id: str) -> FeedAnswer:
    """File or pause a feed

    Members that are not given stay as they are.
    """
    feed, subscriptions = _feed(feed_id), current_library().archive.subscriptions
    paused, folder = _PAUSED.value(asked), folder_of(_FOLDER.value(asked))
    if not asked:
        raise QueryError("bad_choice", field="body", given="", allowed=("folder", "paused"))
    if "folder" in asked:
        subscriptions.file(feed.url, folder)
    if paused:
        subscriptions.pause(feed.url, paused == "1")
    return _told(_feed(feed_id))


@endpoint("/subscriptions/<feed_id>", FeedAnswer, (), method="DELETE", missing=_NO_FEED)
def unfollow_feed(asked: Given, feed_id: str) -> FeedAnswer:
    """Follow a feed no longer; its articles stay"""
    feed = _feed(feed_id)
    current_library().archive.subscriptions.remove([feed.url])
    return _told(feed)


def _feed(id: str) -> Subscription:
    found = current_library().archive.subscriptions.get(id)
    if found is None:
        raise NotFound(_NO_FEED)
    return found


def _told(feed: Subscription) -> FeedAnswer:
    return FeedAnswer(
        id=feed.id,
        url=without_secrets(feed.url),
        title=feed.title,
        folder=feed.folder,
        paused=feed.paused,
        last_fetched=feed.last_fetched,
        next_fetch=feed.next_fetch,
        error=feed.last_error,
        advice=feed_advice(feed.last_error, _),
        failures=feed.failures,
    )
