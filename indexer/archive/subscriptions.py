"""The feeds that the archive follows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, insert, select, update

from indexer.archive import schema
from indexer.archive.database import Database
from indexer.archive.page_table import pages


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed's address and what the last fetch left behind.

    ``url`` is where to fetch from; a permanent redirect replaces it. ``title`` is the feed's own, until the reader
    gives another. ``zone`` is an IANA name for dates that carry none, empty for the configured zone. ``etag`` and
    ``last_modified`` are the server's header values, sent back unchanged. Times are aware and in UTC; ``last_fetched``
    is the last attempt, ``next_fetch`` the earliest time of the next one, ``None`` is "now". ``last_error`` is one line
    fit for a user, empty after a success; ``failures`` counts those in a row. ``folder`` is the reader's, ``""`` for
    none; one that is ``paused`` is not fetched. ``full_text``: the feed gives less than the whole articles, which are
    fetched from their pages.
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
    full_text: bool = False
    folder: str = ""
    paused: bool = False

    @property
    def id(self) -> str:
        """A name for a feed in addresses, which must not tell the secrets in its own."""
        return hashlib.blake2b(self.url.encode("utf-8", "replace"), digest_size=8).hexdigest()


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
            mine = select(table.c.folder, table.c.paused, table.c.full_text).where(table.c.url == url).with_for_update()
            before = connection.execute(mine).mappings().one_or_none()
            if before is None:
                return False
            connection.execute(delete(table).where(table.c.url == url))
            target = select(table.c.url).where(table.c.url == subscription.url)
            if connection.scalars(target).one_or_none() is None:
                # What the reader changed while the feed was fetched stays.
                connection.execute(insert(table), asdict(subscription) | dict(before))
            if subscription.url != url:
                connection.execute(update(pages).where(pages.c.feed == url).values(feed=subscription.url))
        return True

    def get(self, id: str) -> Subscription | None:
        return next((feed for feed in self.all() if feed.id == id), None)

    def set_full_text(self, urls: Iterable[str], wanted: bool) -> int:
        """Have the pages of these feeds' articles fetched, or no longer; returns for how many that is new."""
        table, some = schema.subscriptions, list(urls)
        with self._database.writing() as connection:
            found = table.c.url.in_(some) & (table.c.full_text != wanted)
            # The validators would keep the items from coming that are in the feed today.
            values = {"full_text": wanted, **({"etag": "", "last_modified": ""} if wanted else {})}
            changed = connection.execute(update(table).where(found).values(**values)).rowcount
            if not wanted:
                connection.execute(delete(pages).where(pages.c.feed.in_(some), pages.c.due.is_not(None)))
        return changed

    def file(self, url: str, folder: str) -> None:
        """Put a feed into a folder, ``""`` for none."""
        self._change(url, folder=folder)

    def pause(self, url: str, paused: bool) -> None:
        """Fetch a feed no longer, or again."""
        self._change(url, paused=paused)

    def hurry(self, url: str) -> None:
        """Let a feed be due now, whatever its last answer said."""
        self._change(url, next_fetch=None)

    def _change(self, url: str, **values: Any) -> None:
        table = schema.subscriptions
        with self._database.writing() as connection:
            connection.execute(update(table).where(table.c.url == url).values(**values))

    def remove(self, urls: Iterable[str]) -> int:
        """Follow these no longer; returns how many were followed."""
        table, some = schema.subscriptions, list(urls)
        with self._database.writing() as connection:
            connection.execute(delete(pages).where(pages.c.feed.in_(some)))
            return connection.execute(delete(table).where(table.c.url.in_(some))).rowcount
