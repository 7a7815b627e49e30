"""One run over subscriptions: each is asked for once, politely, and whatever goes wrong with it stays with it.

A feed is downloaded and then read, each step in a worker within limits, a few feeds at a time.
A feed that fails is a result like any other. Nothing is stored here: each result holds the articles and the
subscription as it should be kept.
"""

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import Enum

from indexer import zones
from indexer.archive import Subscription
from indexer.article import Article
from indexer.errors import FetchError
from indexer.fetching import download, schedule
from indexer.fetching.download import Answer, reason_for
from indexer.fetching.worker import Caller, Limits, each
from indexer.plain_text import plain_line
from indexer.sources.feed import Feed, read_feed

CONCURRENCY = 4
READING = Limits(seconds=60, cpu_seconds=10)
"""For the parsing of one feed. Ordinary ones of 16 MB take two seconds."""
MOST_ARTICLES = 10_000
"""Of one feed. More are no news but a flood, which would keep everybody else's articles waiting."""


class Outcome(Enum):
    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one feed, ``before`` as it was asked for: ``subscription`` is its new state, and that one's
    ``last_error`` says why it ``FAILED``."""

    outcome: Outcome
    before: Subscription
    subscription: Subscription
    articles: tuple[Article, ...] = ()


def fetch(
    subscriptions: Iterable[Subscription], *, zone: tzinfo, now: datetime, private: bool = False
) -> Generator[Fetched, None, None]:
    """One result for each subscription, in the order in which they are there. To be closed by who stops in between.

    ``zone`` is for dates without one in feeds that have no ``zone`` of their own. Addresses that are not public are
    refused unless ``private``.
    """
    yield from each(
        subscriptions,
        lambda worker, feed: fetch_one(feed, worker, zone=zone, now=now, private=private),
        workers=CONCURRENCY,
    )


def fetch_one(
    subscription: Subscription, caller: Caller, *, zone: tzinfo, now: datetime, private: bool = False
) -> Fetched:
    """Fetch one feed. Raises nothing of ``Exception``."""
    try:
        answer = caller.call(
            download.LIMITS,
            download.download,
            subscription.url,
            headers=schedule.conditional_headers(subscription),
            now=now,
            private=private,
        )
        if not answer.body and answer.status == 304:
            return Fetched(Outcome.UNCHANGED, subscription, _unchanged(subscription, answer, now))
        feed = caller.call(READING, read, answer, subscription, zone, now)
    except Exception as error:  # whatever it is: the feeds after this one must not pay for it
        return failed(subscription, error, now)
    kept = replace(
        _succeeded(subscription, answer, now),
        url=answer.moved_to,
        title=subscription.title or plain_line(feed.title),
    )
    if feed.rejects:
        number, reason = feed.rejects[-1]
        kept = replace(kept, last_error=plain_line(f"entry {number:,}: {reason}" if not feed.is_cut_off else reason))
    if feed.is_cut_off:  # the rest of it must come again, though the server may say that nothing has changed
        kept = replace(kept, etag="", last_modified="")
    return Fetched(Outcome.FETCHED, subscription, kept, feed.articles)


def failed(subscription: Subscription, error: Exception, now: datetime) -> Fetched:
    """A feed that could not be fetched, or not be kept, because of ``error``."""
    failures = subscription.failures + 1
    asked = error.retry_after if isinstance(error, FetchError) else None
    wait = schedule.wait_after_failure(failures, timedelta(seconds=asked) if asked is not None else None)
    kept = replace(
        subscription, last_fetched=now, next_fetch=now + wait, last_error=reason_for(error), failures=failures
    )
    return Fetched(Outcome.FAILED, subscription, kept)


def read(answer: Answer, subscription: Subscription, zone: tzinfo, now: datetime) -> Feed:
    """The feed in an answer; runs in a worker. Raises ``FetchError`` or ``SourceError``."""
    try:
        own_zone = zones.zone_named(subscription.zone) if subscription.zone else zone
    except ValueError as error:
        raise FetchError(str(error)) from error
    feed = read_feed(
        answer.body, zone=own_zone, now=now, base=answer.url, encoding=answer.encoding, title=subscription.title
    )
    if len(feed.articles) > MOST_ARTICLES:
        raise FetchError(f"it holds {len(feed.articles):,} articles; at most {MOST_ARTICLES:,} are taken")
    return feed


def _succeeded(subscription: Subscription, answer: Answer, now: datetime) -> Subscription:
    return replace(
        subscription,
        etag=schedule.kept_validator(answer.headers.get("etag", "")),
        last_modified=schedule.kept_validator(answer.headers.get("last-modified", "")),
        last_fetched=now,
        next_fetch=now + schedule.wait_after_success(answer.headers, now),
        last_error="",
        failures=0,
    )


def _unchanged(subscription: Subscription, answer: Answer, now: datetime) -> Subscription:
    """A 304 need not repeat the validators."""
    kept = _succeeded(subscription, answer, now)
    return replace(
        kept, etag=kept.etag or subscription.etag, last_modified=kept.last_modified or subscription.last_modified
    )
