"""What articles said before, all of it: for exports, out of one archive and into another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sqlalchemy import insert, select

from indexer.archive.database import Database
from indexer.archive.identity import fingerprint
from indexer.archive.schema import WORDS, articles, revisions
from indexer.article import Article

_PAGE = 500  # revisions
_COLUMNS = [revisions.c[name] for name in ("id", "fingerprint", "replaced", "number", *WORDS)]


@dataclass(frozen=True, slots=True)
class Revision:
    """What an article said until ``replaced`` (aware, UTC)."""

    article: Article
    replaced: datetime


class History:
    """The revisions of all articles. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Iterator[Revision]:
        """Every revision, oldest first: an article's id and what it said. Holds no transaction between pages."""
        last = 0
        while True:
            page_after = select(*_COLUMNS).where(revisions.c.number > last).order_by(revisions.c.number).limit(_PAGE)
            with self._database.reading() as connection:
                page = connection.execute(page_after).all()
            for row in page:
                words = {name: row._mapping[name] for name in ("id", *WORDS)}
                yield Revision(Article(url="", **words), row.replaced)
            if len(page) < _PAGE:
                return
            last = page[-1].number

    def add(self, items: Iterable[Revision]) -> None:
        """Keep these, in their order, of articles that the archive holds; those that it has stay as they are."""
        rest = iter(items)
        while some := list(islice(rest, _PAGE)):
            rows = [
                {"id": old.article.id, "fingerprint": fingerprint(old.article), "replaced": old.replaced}
                | {name: getattr(old.article, name) for name in WORDS}
                for old in some
            ]
            ids = {row["id"] for row in rows}
            with self._database.writing() as connection:
                here = set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(ids))))
                known = connection.execute(select(*_COLUMNS[:3]).where(revisions.c.id.in_(ids))).all()
                kept = {tuple(row) for row in known}
                fresh = [row for row in rows if row["id"] in here and _key(row) not in kept]
                if fresh:
                    connection.execute(insert(revisions), fresh)


def _key(row: dict[str, object]) -> tuple[object, ...]:
    return row["id"], row["fingerprint"], row["replaced"]
