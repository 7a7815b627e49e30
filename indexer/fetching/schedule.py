"""When to fetch a feed again: what its HTTP headers, its failures and the clock say. Pure functions, no I/O.

Formats: RFC 9110 (ETag, Last-Modified, Retry-After) and RFC 9111 (Cache-Control, Expires).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

from indexer import dates
from indexer.archive import Subscription

SHORTEST_WAIT = timedelta(minutes=15)
"""Between two fetches of one feed, whatever its headers allow."""
LONGEST_WAIT = timedelta(days=1)
"""Whatever a feed's headers ask for, and however often it failed."""

_LONGEST_VALIDATOR = 1000  # characters
_NEVER = datetime.min.replace(tzinfo=UTC)
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})\"?(?=$|[,\s])", re.IGNORECASE)
_SECONDS = re.compile(r"\s*(\d{1,10})\s*", re.ASCII)


def next_fetch(subscription: Subscription, now: datetime) -> datetime:
    """When a feed is fetched again, ``now`` at the earliest.

    What a clock that was wrong left behind keeps no feed away: one that was last fetched in the future is due, and none
    waits for longer than ``LONGEST_WAIT``.
    """
    kept, fetched = subscription.next_fetch, subscription.last_fetched
    if kept is None or kept - now > LONGEST_WAIT or (fetched is not None and fetched - now > SHORTEST_WAIT):
        return now
    return max(kept, now)


def is_due(subscription: Subscription, now: datetime) -> bool:
    return not subscription.paused and next_fetch(subscription, now) == now


def in_turn(subscriptions: Iterable[Subscription]) -> list[Subscription]:
    """Those that answered last time before those that failed, and among them who waited longest first.

    So no feed keeps others away by failing slowly.
    """
    return sorted(subscriptions, key=lambda feed: (feed.failures, feed.next_fetch or _NEVER, feed.url))


def kept_validator(header: str) -> str:
    """An ``ETag`` or ``Last-Modified`` as it is kept until the next fetch; one of absurd length is not."""
    return header if len(header) <= _LONGEST_VALIDATOR else ""


def conditional_headers(subscription: Subscription) -> dict[str, str]:
    """The request headers that let the server answer 304 when nothing is new.

    A validator that is not printable ASCII cannot be sent back as it came, and is not.
    """
    headers = {"If-None-Match": subscription.etag, "If-Modified-Since": subscription.last_modified}
    return {name: value for name, value in headers.items() if value and value.isascii() and value.isprintable()}


def max_age(cache_control: str) -> timedelta | None:
    """How long a ``Cache-Control`` header calls the response fresh; ``None`` when it doesn't say."""
    match = _MAX_AGE.search(cache_control)
    return timedelta(seconds=int(match[1])) if match else None


def expires_in(expires: str, now: datetime) -> timedelta | None:
    """How far from ``now`` an ``Expires`` header reaches, never negative; ``None`` when it is no date (``0``)."""
    moment = dates.parse(expires, zone=UTC)
    return max(moment - now, timedelta()) if moment else None


def retry_after(value: str, now: datetime) -> timedelta | None:
    """What a ``Retry-After`` header asks to wait, in seconds or until a date; ``None`` when it is neither."""
    if match := _SECONDS.fullmatch(value):
        return timedelta(seconds=int(match[1]))
    return expires_in(value, now)


def wait_after_success(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long to leave a feed alone after a good answer. ``headers`` finds names in lower case."""
    fresh = max_age(headers.get("cache-control", ""))
    if fresh is None:  # RFC 9111, section 5.3: max-age overrides Expires
        fresh = expires_in(headers.get("expires", ""), now)
    return _within_bounds(fresh or timedelta())


def wait_after_failure(failures: int, asked: timedelta | None = None) -> timedelta:
    """How long after the last of ``failures`` in a row: doubling from ``SHORTEST_WAIT``, or longer if ``asked`` to."""
    doublings = min(max(failures - 1, 0), 16)
    return _within_bounds(max(SHORTEST_WAIT * 2**doublings, asked or timedelta()))


def _within_bounds(wait: timedelta) -> timedelta:
    return min(max(wait, SHORTEST_WAIT), LONGEST_WAIT)
