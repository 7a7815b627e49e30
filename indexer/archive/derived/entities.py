"""Which names stand in each article, as ``indexer.entities`` found them. Derived: they are found again at will."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, delete, func, insert, select

from indexer.archive.database import Database
from indexer.archive.derived.entity_table import article_names
from indexer.archive.schema import articles, changes
from indexer.archive.sequence import lock

_TOGETHER = 500
"""Ids in one statement."""

_PAGE = 5_000
"""Articles in one statement."""

Names = Sequence[str]
"""Lines of a kind, a blank and a name, in the order in which an article first has them."""


@dataclass(frozen=True, slots=True)
class Named:
    """The names of an article. ``version`` says when they were kept: later ones have higher numbers."""

    id: str
    version: int
    names: Names


class Entities:
    """Names by article. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self, stamp: str, limit: int) -> dict[str, int]:
        """Articles whose names were not found in what they now say, by these rules, the latest changes first.

        Each id with the number of its change; at most ``limit``.
        """
        query = (
            select(changes.c.id, changes.c.sequence)
            .join(article_names, changes.c.id == article_names.c.id, isouter=True)
            .where(~changes.c.deleted)
            .where(
                article_names.c.sequence.is_(None)
                | (article_names.c.sequence < changes.c.sequence)
                | (article_names.c.stamp != stamp)
            )
            .order_by(changes.c.sequence.desc())
            .limit(limit)
        )
        with self._database.reading() as connection:
            return {row.id: row.sequence for row in connection.execute(query)}

    def missing(self) -> int:
        """In how many articles names were not looked for since they changed, by whatever rules."""
        known = select(article_names.c.id).where(
            article_names.c.id == changes.c.id, article_names.c.sequence >= changes.c.sequence
        )
        query = select(func.count()).select_from(changes).where(~changes.c.deleted).where(~known.exists())
        with self._database.reading() as connection:
            return int(connection.scalars(query).one())

    def keep(self, found: Mapping[str, Names], sequences: Mapping[str, int], stamp: str) -> None:
        """Keep the names of some articles, found in what they said at these changes."""
        with self._database.writing() as connection:
            # One after the other, so that versions become visible in their order.
            lock(connection)
            # Also after all was forgotten it must be a later one than before.
            version = max(_version(connection) + 1, time.time_ns() // 1_000_000)
            ids = list(found)
            for start in range(0, len(ids), _TOGETHER):
                some = ids[start : start + _TOGETHER]
                connection.execute(delete(article_names).where(article_names.c.id.in_(some)))
                # One that was deleted meanwhile must leave nothing of what it said.
                here = connection.scalars(select(articles.c.id).where(articles.c.id.in_(some))).all()
                common = {"stamp": stamp, "version": version}
                rows = [{"id": id, "sequence": sequences[id], "names": "\n".join(found[id])} | common for id in here]
                if rows:
                    connection.execute(insert(article_names), rows)

    def forget_all(self) -> None:
        """Begin anew: as if no article had been read."""
        with self._database.writing() as connection:
            connection.execute(delete(article_names))

    def version(self) -> int:
        """A number that rises whenever names are kept; 0 where there are none."""
        with self._database.reading() as connection:
            return _version(connection)

    def since(self, version: int) -> Iterator[Named]:
        """The names that were kept after a version. Holds no transaction between pages."""
        after = (version, "")
        columns = (article_names.c.id, article_names.c.version, article_names.c.names)
        while True:
            later = (article_names.c.version > after[0]) | (
                (article_names.c.version == after[0]) & (article_names.c.id > after[1])
            )
            query = select(*columns).where(later if after[1] else article_names.c.version > version)
            with self._database.reading() as connection:
                page = connection.execute(query.order_by(columns[1], columns[0]).limit(_PAGE)).all()
            for row in page:
                yield Named(row.id, row.version, row.names.split("\n") if row.names else ())
            if len(page) < _PAGE:
                return
            after = (page[-1].version, page[-1].id)


def _version(connection: Connection) -> int:
    return int(connection.scalars(select(func.max(article_names.c.version))).one() or 0)
