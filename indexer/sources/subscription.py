"""One subscribed feed, as the archive keeps it between fetches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's address and what the last fetch left behind.

    ``url`` is where to fetch from; a permanent redirect replaces it. ``title`` is the feed's own, until the reader
    gives another. ``zone`` is an IANA name for dates that carry none, empty for the configured zone. ``etag`` and
    ``last_modified`` are the server's header values, sent back unchanged. Times are aware and in UTC; ``last_fetched``
    is the last attempt, ``next_fetch`` the earliest time of the next one, ``None`` is "now". ``last_error`` is one line
    fit for a user, empty after a success; ``failures`` counts those in a row.
    """

    url: str
    title: str = ""
    zone: str = ""
    etag: str = ""
    last_modified: str = ""
    last_fetched: datetime | None = None
    next_fetch: datetime | None = None
    last_error: str = ""
    failures: int = 0
