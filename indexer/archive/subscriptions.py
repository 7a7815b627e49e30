"""The feeds that the archive follows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select

from indexer.archive import schema
from indexer.archive.database import Database


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


class Subscriptions:
    """Feeds by address. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> list[Subscription]:
        """In the order of their addresses."""
        with self._database.reading() as connection:
            rows = connection.execute(select(schema.subscriptions).order_by(schema.subscriptions.c.url))
            return [Subscription(**row) for row in rows.mappings()]

    def add(self, subscriptions: Iterable[Subscription]) -> int:
        """Follow these; returns how many were not followed yet. The others stay as they are."""
        wanted = {subscription.url: subscription for subscription in subscriptions}
        with self._database.writing() as connection:
            known = set(connection.scalars(select(schema.subscriptions.c.url)))
            fresh = [asdict(subscription) for url, subscription in wanted.items() if url not in known]
            if fresh:
                connection.execute(insert(schema.subscriptions), fresh)
        return len(fresh)

    def update(self, url: str, subscription: Subscription) -> bool:
        """Keep what a fetch of ``url`` left behind; false when nobody follows that any more.

        A feed that moved to an address that is followed already becomes one with it: that one stays as it is, since
        its title and zone are the reader's, and whoever moved has no say in them.
        """
        table = schema.subscriptions
        with self._database.writing() as connection:
            if not connection.execute(delete(table).where(table.c.url == url)).rowcount:
                return False
            target = select(table.c.url).where(table.c.url == subscription.url)
            if connection.scalars(target).one_or_none() is None:
                connection.execute(insert(table), asdict(subscription))
        return True

    def remove(self, urls: Iterable[str]) -> int:
        """Follow these no longer; returns how many were followed."""
        table = schema.subscriptions
        with self._database.writing() as connection:
            return connection.execute(delete(table).where(table.c.url.in_(list(urls)))).rowcount
