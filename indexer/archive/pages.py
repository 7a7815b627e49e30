"""The pages of articles that feeds give in part: those that are to be fetched, and what became of the others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from indexer.archive.database import Database
from indexer.archive.page_table import pages

_SOME = 500  # ids of one statement


@dataclass(frozen=True, slots=True)
class Page:
    """The page of one article.

    ``said`` is the fingerprint of what the ``feed``, an address, said of the article. ``tries`` are those that failed
    in a row, ``error`` the last one's reason in one line; ``due`` is when the next one may be (aware, UTC), ``None``
    when there is none to come. ``taken``: the article says what its page said.
    """

    id: str
    feed: str
    said: str
    tries: int = 0
    due: datetime | None = None
    taken: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class PageCounts:
    """Of one feed: pages that wait to be fetched, those that were given up, and why one that failed did."""

    waiting: int = 0
    given_up: int = 0
    error: str = ""


class Pages:
    """Pages by the ids of their articles. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, ids: Iterable[str]) -> dict[str, Page]:
        """What is known of the pages of these articles."""
        wanted = list(dict.fromkeys(ids))
        found: dict[str, Page] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _SOME):
                rows = connection.execute(select(pages).where(pages.c.id.in_(wanted[start : start + _SOME])))
                found |= {row["id"]: Page(**row) for row in rows.mappings()}
        return found

    def expect(self, feed: str, said: Mapping[str, str], now: datetime) -> int:
        """Have pages fetched: of each article, by its id, of which ``feed`` says what it never said before.

        ``said`` has the fingerprints of that. Returns how many they are.
        """
        known = self.of(said)
        fresh = {id: mark for id, mark in said.items() if id not in known}
        changed = [id for id, mark in said.items() if id in known and known[id].said != mark]
        with self._database.writing() as connection:
            if fresh:
                there = set(connection.scalars(select(pages.c.id).where(pages.c.id.in_(fresh))))
                rows = [asdict(Page(id, feed, mark, due=now)) for id, mark in fresh.items() if id not in there]
                if rows:
                    connection.execute(insert(pages), rows)
            if changed:
                connection.execute(
                    update(pages)
                    .where(pages.c.id == bindparam("article"))
                    .values(feed=feed, said=bindparam("mark"), tries=0, due=now, error=""),
                    [{"article": id, "mark": said[id]} for id in changed],
                )
        return len(fresh) + len(changed)

    def due(self, now: datetime, limit: int) -> list[Page]:
        """Those that may be fetched now, who waited longest first."""
        query = select(pages).where(pages.c.due <= now).order_by(pages.c.due, pages.c.id).limit(limit)
        with self._database.reading() as connection:
            return [Page(**row) for row in connection.execute(query).mappings()]

    def next_due(self) -> datetime | None:
        """When the next page may be fetched, ``None`` when none waits."""
        with self._database.reading() as connection:
            found: datetime | None = connection.scalar(select(func.min(pages.c.due)))
        return found

    def keep(self, page: Page) -> None:
        """What became of a page; nothing when nobody wants it any more."""
        with self._database.writing() as connection:
            connection.execute(update(pages).where(pages.c.id == page.id).values(**asdict(page)))

    def remove(self, ids: Iterable[str]) -> None:
        """Forget pages: those of articles that are no longer kept."""
        with self._database.writing() as connection:
            connection.execute(delete(pages).where(pages.c.id.in_(list(ids))))

    def counts(self) -> dict[str, PageCounts]:
        """For each feed that has pages which wait or were given up, by its address."""
        waiting, failed = pages.c.due.is_not(None), (pages.c.due.is_(None)) & (pages.c.error != "")
        query = select(
            pages.c.feed,
            func.count().filter(waiting).label("waiting"),
            func.count().filter(failed).label("given_up"),
            func.max(pages.c.error).label("error"),
        )
        query = query.where(waiting | failed).group_by(pages.c.feed)
        with self._database.reading() as connection:
            return {row.feed: PageCounts(row.waiting, row.given_up, row.error) for row in connection.execute(query)}
