"""Fetching subscribed feeds over HTTP.

``fetch`` asks for each feed once, politely (conditional requests, see ``indexer.freshness``), a few at a time, within
bounds of time, size and redirects. A feed that fails is a result like any other and never stops the rest. Nothing is
stored here: each result holds the articles and the subscription as it should be kept.
"""

import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo
from enum import Enum
from importlib.metadata import version
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx

from indexer import freshness
from indexer.article import Article
from indexer.errors import FetchError, SourceError
from indexer.sources.feed import Feed, read_feed
from indexer.sources.subscription import Subscription
from indexer.urls import web_address

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest feed, unpacked."""
LONGEST = 60.0
"""Seconds that one feed may take in all, redirects included."""
REDIRECTS = 5
CONCURRENCY = 4

_TIMEOUT = httpx.Timeout(20.0, connect=10.0)  # seconds for each step: connecting, each read, each write
_PERMANENT, _TEMPORARY = frozenset((301, 308)), frozenset((302, 303, 307))
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)


class Outcome(Enum):
    FETCHED = "fetched"
    UNCHANGED = "unchanged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Fetched:
    """What came of one feed: ``subscription`` is its new state, and its ``last_error`` says why it ``FAILED``."""

    outcome: Outcome
    subscription: Subscription
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: httpx.Headers
    body: bytes
    encoding: str | None
    url: str
    """Where the body came from."""
    moved_to: str
    """The address to keep: where permanent redirects, and only those, led."""


def make_client() -> httpx.Client:
    """A client as ``fetch`` wants it; the caller closes it."""
    headers = {"User-Agent": f"Xunwen/{version('xunwen')}", "Accept": _ACCEPT}
    limits = httpx.Limits(max_connections=CONCURRENCY * 2, max_keepalive_connections=CONCURRENCY)
    return httpx.Client(headers=headers, timeout=_TIMEOUT, limits=limits, follow_redirects=False)


def fetch(
    subscriptions: Iterable[Subscription],
    *,
    client: httpx.Client,
    zone: tzinfo,
    now: datetime,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Fetched]:
    """One result for each subscription, in order, each as soon as it and those before it are there.

    ``zone`` is for dates without one in feeds that have no ``zone`` of their own; ``clock`` counts seconds.
    """
    with ThreadPoolExecutor(max_workers=CONCURRENCY, thread_name_prefix="fetch") as pool:
        yield from pool.map(lambda feed: _fetch_one(feed, client, zone, now, clock), subscriptions)


def _fetch_one(
    subscription: Subscription, client: httpx.Client, zone: tzinfo, now: datetime, clock: Callable[[], float]
) -> Fetched:
    try:
        answer = _get(client, subscription, now, clock)
        kept = replace(
            subscription,
            url=answer.moved_to,
            etag=answer.headers.get("etag", ""),
            last_modified=answer.headers.get("last-modified", ""),
            last_fetched=now,
            next_fetch=now + freshness.wait_after_success(answer.headers, now),
            last_error="",
            failures=0,
        )
        if answer.status == httpx.codes.NOT_MODIFIED:
            # A 304 need not repeat the validators.
            kept = replace(
                kept,
                etag=kept.etag or subscription.etag,
                last_modified=kept.last_modified or subscription.last_modified,
            )
            return Fetched(Outcome.UNCHANGED, kept)
        feed = _read(answer, subscription, zone, now)
    except FetchError as error:
        failures = subscription.failures + 1
        asked = timedelta(seconds=error.retry_after) if error.retry_after is not None else None
        failed = replace(
            subscription,
            last_fetched=now,
            next_fetch=now + freshness.wait_after_failure(failures, asked),
            last_error=str(error),
            failures=failures,
        )
        return Fetched(Outcome.FAILED, failed)
    return Fetched(Outcome.FETCHED, replace(kept, title=subscription.title or feed.title), feed.articles)


def _read(answer: _Answer, subscription: Subscription, zone: tzinfo, now: datetime) -> Feed:
    try:
        own_zone = ZoneInfo(subscription.zone) if subscription.zone else zone
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise FetchError(f"there is no time zone {subscription.zone!r}") from error
    try:
        return read_feed(
            answer.body, zone=own_zone, now=now, base=answer.url, encoding=answer.encoding, title=subscription.title
        )
    except SourceError as error:
        raise FetchError(str(error)) from error


def _get(client: httpx.Client, subscription: Subscription, now: datetime, clock: Callable[[], float]) -> _Answer:
    """Ask for the feed, following redirects. Raises ``FetchError`` unless the last answer is a 200 or a 304."""
    deadline = clock() + LONGEST
    url = moved_to = web_address(subscription.url)
    if not url:
        raise FetchError(f"not an http or https address: {subscription.url}")
    permanent = True
    for _ in range(REDIRECTS + 1):
        try:
            with client.stream("GET", url, headers=freshness.conditional_headers(subscription)) as response:
                if response.status_code in _PERMANENT | _TEMPORARY:
                    target = web_address(response.headers.get("location", ""), url)
                    if not target:
                        raise FetchError("redirected to something that is not an http or https address")
                    permanent = permanent and response.status_code in _PERMANENT
                    url, moved_to = target, target if permanent else moved_to
                    continue
                body = _body(response, now, deadline, clock)
                return _Answer(response.status_code, response.headers, body, response.charset_encoding, url, moved_to)
        except httpx.TimeoutException as error:
            raise FetchError("the server did not answer in time") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise FetchError(str(error) or type(error).__name__) from error
    raise FetchError(f"more than {REDIRECTS} redirects")


def _body(response: httpx.Response, now: datetime, deadline: float, clock: Callable[[], float]) -> bytes:
    if response.status_code == httpx.codes.NOT_MODIFIED:
        return b""
    if response.status_code != httpx.codes.OK:
        asked = freshness.retry_after(response.headers.get("retry-after", ""), now)
        raise FetchError(
            f"HTTP {response.status_code} {response.reason_phrase}".rstrip(),
            retry_after=asked.total_seconds() if asked is not None else None,
        )
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        if len(body) > LARGEST:
            raise FetchError(f"larger than {LARGEST // 2**20} MB")
        if clock() > deadline:
            raise FetchError(f"not complete after {LONGEST:.0f} seconds")
    return bytes(body)
