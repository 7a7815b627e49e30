"""What watches have found and nobody was told yet: written with the findings, taken out when it was delivered.

Each delivery is made at least once, under an id that stays the same, by which its receiver can tell a repeat. It is
claimed before it is tried, so that two programs do not make it at once; who claims it and then vanishes leaves it due
again after a while.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, update

from indexer.archive.database import Database
from indexer.archive.watch_tables import deliveries

MOST_TRIES = 12
"""A delivery that failed so often is given up; it stays, and is told."""

_FIRST_WAIT = timedelta(minutes=5)
_LONGEST_WAIT = timedelta(hours=6)
_KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Delivery:
    """The findings from number ``first`` to ``last`` of a watch, by ``channel``; ``tries`` were begun by now.

    ``due`` is aware. ``error`` is one line fit for a user, of the last try that failed.
    """

    id: str
    watch: str
    channel: str
    first: int
    last: int
    due: datetime
    tries: int
    error: str

    @property
    def is_given_up(self) -> bool:
        return self.tries >= MOST_TRIES and bool(self.error)


def wait(tries: int) -> timedelta:
    """How long after the beginning of a try the next one is made: twice as long each time, at most six hours.

    The first is longer than any try takes, so that nothing is tried twice at once.
    """
    return min(_FIRST_WAIT * (1 << min(tries - 1, 20)), _LONGEST_WAIT)


def enqueue(
    connection: Connection, watch: str, channels: Iterable[str], first: int, last: int, due: datetime, now: datetime
) -> None:
    """Have findings of a watch delivered at ``due``, together with what waits there for later than ``now``."""
    for channel in channels:
        waiting = (
            select(deliveries.c.id)
            .where(deliveries.c.watch == watch, deliveries.c.channel == channel)
            .where(deliveries.c.tries == 0, deliveries.c.done.is_(None), deliveries.c.due > now)
            .limit(1)
        )
        found = connection.scalars(waiting).one_or_none()
        if found is not None:
            connection.execute(update(deliveries).where(deliveries.c.id == found).values(last=last))
            continue
        new = {"id": secrets.token_hex(16), "watch": watch, "channel": channel, "first": first, "last": last}
        connection.execute(insert(deliveries).values(**new, due=due, tries=0, error="", done=None))


class Outbox:
    """Deliveries. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, now: datetime) -> Delivery | None:
        """The next delivery that is due, for the caller alone until it is due again; ``None`` when there is none."""
        due = (
            select(deliveries)
            .where(deliveries.c.done.is_(None), deliveries.c.due <= now, deliveries.c.tries < MOST_TRIES)
            .order_by(deliveries.c.due, deliveries.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        with self._database.writing() as connection:
            row = connection.execute(due).mappings().one_or_none()
            if row is None:
                return None
            tries = row["tries"] + 1
            claimed = {"tries": tries, "due": now + wait(tries)}
            # Until it is told otherwise, its end is unknown.
            claimed |= {"error": row["error"] or "a try did not end"}
            connection.execute(update(deliveries).where(deliveries.c.id == row["id"]).values(claimed))
            return _delivery({**row, **claimed})

    def finish(self, delivery: Delivery, now: datetime) -> None:
        """It was delivered. What was delivered long ago is forgotten."""
        with self._database.writing() as connection:
            done = update(deliveries).where(deliveries.c.id == delivery.id)
            connection.execute(done.values(done=now, error=""))
            connection.execute(delete(deliveries).where(deliveries.c.done < now - _KEPT))

    def fail(self, delivery: Delivery, error: str) -> None:
        """It was not delivered, for this reason; it is due again when the claim ends."""
        with self._database.writing() as connection:
            told = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.done.is_(None))
            connection.execute(told.values(error=error))

    def failing(self) -> list[Delivery]:
        """What was tried and is not delivered, the one that waits longest first."""
        query = select(deliveries).where(deliveries.c.done.is_(None), deliveries.c.tries > 0)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(deliveries.c.first, deliveries.c.id)).mappings()
            return [_delivery(row) for row in rows]

    def next_due(self) -> datetime | None:
        """When something is due next (aware); ``None`` when nothing waits."""
        query = select(func.min(deliveries.c.due)).where(deliveries.c.done.is_(None), deliveries.c.tries < MOST_TRIES)
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(query)
        return found

    def retry(self, now: datetime) -> int:
        """Let everything that failed be tried again at once, also what was given up; returns how much that is."""
        failed = update(deliveries).where(deliveries.c.done.is_(None), deliveries.c.tries > 0)
        with self._database.writing() as connection:
            return connection.execute(failed.values(tries=1, due=now)).rowcount


def _delivery(row: Mapping[Any, Any]) -> Delivery:
    return Delivery(**{each.name: row[each.name] for each in fields(Delivery)})
