"""Articles in the archive: kept once, changed with a trace, numbered in the order of their changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, literal, select, update

from indexer import urls
from indexer.archive.columns import metadata
from indexer.archive.database import Database
from indexer.archive.derived.entities import Entities
from indexer.archive.history import History, Revision
from indexer.archive.identity import Item, identify, is_id, key_of
from indexer.archive.pages import Pages
from indexer.archive.readers.accounts import Accounts
from indexer.archive.readers.marks import Marks
from indexer.archive.readers.outbox import Outbox
from indexer.archive.readers.watches import Watches
from indexer.archive.recognition import Recognised, are_known, recognise
from indexer.archive.schema import WORDS, articles, changes, identities, revisions
from indexer.archive.sequence import last_number, lock, number
from indexer.archive.stories import Stories
from indexer.archive.subscriptions import Subscriptions
from indexer.archive.tombstones import Tombstones, erase
from indexer.article import Article

# One transaction's worth: what a crash loses, and what a reader of an endless input waits for.
_BATCH_ARTICLES = 500
_BATCH_CHARACTERS = 8_000_000


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of the articles that were put; ``forgotten`` ones were not kept (``indexer.archive.tombstones``)."""

    new: int = 0
    updated: int = 0
    unchanged: int = 0
    forgotten: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    def __len__(self) -> int:
        return sum(astuple(self))


@dataclass(frozen=True, slots=True)
class Change:
    """The last change of one article. ``sequence`` counts from 1; ``deleted`` articles are no longer kept.

    ``came`` is the number of the change that it came with, 0 for one that came before these were kept.
    """

    sequence: int
    id: str
    deleted: bool
    came: int = 0


@dataclass(frozen=True, slots=True)
class Statistics:
    """The archive in figures. ``oldest`` and ``newest`` are publication times; ``sources`` is largest first."""

    articles: int
    undated: int
    revisions: int
    sequence: int
    oldest: datetime | None
    newest: datetime | None
    sources: Sequence[tuple[str, int]]
    size: int
    """Bytes, as the database counts them."""


def _now() -> datetime:
    return datetime.now(UTC)


class Archive:
    """Every article ever read. May be used from many threads; many processes may read and write it at once.

    Every method raises ``ArchiveError`` when the database cannot do its work. When a method that writes returns, what
    it wrote survives a crash of the program and of the machine.
    """

    def __init__(self, location: str | Path, *, clock: Callable[[], datetime] = _now) -> None:
        self._database = Database(location)
        self._clock = clock
        self.subscriptions = Subscriptions(self._database)
        self.pages = Pages(self._database)
        self.history = History(self._database)
        self.accounts = Accounts(self._database, clock)
        self.stories = Stories(self._database)
        self.entities = Entities(self._database)
        self.tombstones = Tombstones(self._database, clock)
        self.marks = Marks(self._database, clock)
        self.watches = Watches(self._database, clock)
        self.outbox = Outbox(self._database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def close(self) -> None:
        self._database.close()

    @property
    def where(self) -> str:
        """The path or address, without a password."""
        return self._database.where

    @property
    def is_read_only(self) -> bool:
        """Whether this user can only read it."""
        return self._database.is_read_only

    # -- writing ------------------------------------------------------------------------------------------------------

    def put(self, items: Iterable[Article]) -> Counts:
        """Keep articles. ``indexer.archive.identity`` gives the ids; ``discovered`` stays as given, else it is now.

        An article that is here already and says what it says or ever said writes nothing: reading an old file again
        brings back no old words. One that says something else replaces it; the old words become a revision and the time
        of discovery stays. Each batch of at most 500 articles is a transaction
        of its own, so memory is bounded however many there are, and a crash loses no more than the batch in flight.
        """
        return sum(map(self._put_batch, _batches(map(_public, items))), Counts())

    def _put_batch(self, batch: list[Item]) -> Counts:
        with self._database.reading() as connection:
            # Nobody else has to wait for what was read before.
            if are_known(connection, batch) and all(item.unchanged for item in recognise(connection, batch)):
                return Counts(unchanged=len(batch))
        now = self._clock()
        counts = Counts()
        with self._database.writing() as connection:
            sequence = lock(connection)
            found = recognise(connection, batch)
            counts += Counts(forgotten=sum(item.is_forgotten for item in found))
            for some in _rounds(item for item in found if not item.is_forgotten):
                counts += _write(connection, some, sequence, now)
                sequence += sum(item.is_new or item.is_update for item in some)
        return counts

    def delete(self, ids: Iterable[str]) -> int:
        """Take out articles and their revisions, until they are read again; returns how many there were."""
        wanted = [id for id in dict.fromkeys(ids) if is_id(id)]
        deleted = 0
        for start in range(0, len(wanted), _BATCH_ARTICLES):
            with self._database.writing() as connection:
                sequence = lock(connection)
                some = wanted[start : start + _BATCH_ARTICLES]
                here = list(connection.scalars(select(articles.c.id).where(articles.c.id.in_(some))))
                erase(connection, sequence, here)
                deleted += len(here)
        return deleted

    # -- reading ------------------------------------------------------------------------------------------------------

    def get(self, ids: Iterable[str], *, html: bool = True, text: bool = True) -> list[Article]:
        """The articles with these ids, in the same order; ids that are not here are left out.

        Without ``html`` that member stays empty, which spares most of the work: only an article's page needs it.
        Without ``text``, which lists of titles do not need, it does too, and so do captions and furniture.
        """
        wanted = [id for id in ids if is_id(id)]
        found: dict[str, Article] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _BATCH_ARTICLES):
                some = wanted[start : start + _BATCH_ARTICLES]
                rows = connection.execute(_BY_ID[html, text], {"ids": some})
                names = tuple(rows.keys())
                members = (_NO_TEXT | dict(zip(names, row, strict=True)) for row in rows)
                found |= {each["id"]: _public(Article(**each)) for each in members}
        return [found[id] for id in wanted if id in found]

    def at(self, url: str) -> list[str]:
        """The ids of the articles that are kept at an address, or once were there, in any of its spellings."""
        key = key_of("address", address) if (address := urls.fold(url)) else 0
        query = select(articles.c.id).join(identities, identities.c.id == articles.c.id).where(identities.c.key == key)
        with self._database.reading() as connection:
            return list(connection.scalars(query.order_by(articles.c.number)))

    def iterate(self, *, html: bool = True) -> Iterator[Article]:
        """Every article, in the order of discovery by this archive.

        Reads in pages, holding no transaction between them: all that were here at the beginning and are still here when
        their turn comes, each once, as it then is.
        """
        last = 0
        while True:
            query = _select_articles(html).add_columns(articles.c.number).where(articles.c.number > last)
            with self._database.reading() as connection:
                page = connection.execute(query.order_by(articles.c.number).limit(_BATCH_ARTICLES)).all()
            for row in page:
                yield _article(row)
            if len(page) < _BATCH_ARTICLES:
                return
            last = page[-1].number

    def changes(self, after: int, limit: int) -> list[Change]:
        """The next changes after number ``after``, in order; each article appears once, with its last change.

        No number below the last one returned will ever appear later: whoever goes on from there misses nothing.
        """
        query = select(changes.c.sequence, changes.c.id, changes.c.deleted, changes.c.came).where(
            changes.c.sequence > after
        )
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(changes.c.sequence).limit(limit))
            return [Change(*row) for row in rows]

    def last_sequence(self) -> int:
        """The number of the last change, 0 if there was none."""
        with self._database.reading() as connection:
            return last_number(connection)

    def count(self) -> int:
        """How many articles are kept."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles)) or 0

    def revision_times(self, id: str) -> list[datetime]:
        """When what an article said was replaced (aware, UTC), newest first: one time for each revision."""
        if not is_id(id):
            return []
        query = select(revisions.c.replaced).where(revisions.c.id == id).order_by(revisions.c.number.desc())
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def revisions(self, id: str, *, skip: int = 0, limit: int | None = None, html: bool = True) -> list[Revision]:
        """What an article said before, newest first. Its address and time of discovery are today's.

        ``skip`` leaves out the newest, ``limit`` is how many are read at most; ``html`` as for ``get``.
        """
        if not is_id(id):
            return []
        columns = [revisions.c[name] for name in WORDS if html or name != "html"]
        rest = [articles.c[name] for name in ("id", "url", "guid", "discovered")]
        query = (
            select(*columns, *rest, revisions.c.replaced)
            .join_from(revisions, articles, revisions.c.id == articles.c.id)
            .where(revisions.c.id == id)
            .order_by(revisions.c.number.desc())
            .offset(skip)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [Revision(_article(row), row.replaced) for row in connection.execute(query)]

    def damage(self) -> str:
        """What is wrong with the database's file, in one line; ``""`` for nothing. Reads all of it.

        A server looks after its files itself: nothing is found there.
        """
        with self._database.reading() as connection:
            if connection.dialect.name != "sqlite":
                return ""
            answer = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        return "" if answer == "ok" else " ".join(str(answer).split())

    def statistics(self) -> Statistics:
        """The archive in figures. Reads an index of all articles: for reports, not for every request."""
        by_source = select(
            articles.c.source,
            func.count().label("articles"),
            func.count(articles.c.published).label("dated"),
            func.min(articles.c.published).label("oldest"),
            func.max(articles.c.published).label("newest"),
        ).group_by(articles.c.source)
        with self._database.reading() as connection:
            rows = connection.execute(by_source).all()
            return Statistics(
                articles=sum(row.articles for row in rows),
                undated=sum(row.articles - row.dated for row in rows),
                revisions=connection.scalar(select(func.count()).select_from(revisions)) or 0,
                sequence=last_number(connection),
                oldest=min((row.oldest for row in rows if row.dated), default=None),
                newest=max((row.newest for row in rows if row.dated), default=None),
                sources=sorted(((row.source, row.articles) for row in rows), key=lambda pair: (-pair[1], pair[0])),
                size=_size(connection),
            )


_MEMBERS = tuple(field.name for field in fields(Article))


def _batches(items: Iterable[Article]) -> Iterator[list[Item]]:
    batch: list[Item] = []
    characters = 0
    for article in map(_storable, items):
        if len(batch) == _BATCH_ARTICLES or characters > _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
        batch.append(identify(article))
        characters += len(article.text) + len(article.html)
    if batch:
        yield batch


def _rounds(items: Iterable[Recognised]) -> Iterator[list[Recognised]]:
    """The items in their order, cut wherever an article comes again: one statement can't write it twice."""
    some: list[Recognised] = []
    ids: set[str] = set()
    for item in items:
        if item.article.id in ids:
            yield some
            some, ids = [], set()
        some.append(item)
        ids.add(item.article.id)
    if some:
        yield some


def _write(connection: Connection, items: list[Recognised], sequence: int, now: datetime) -> Counts:
    """Write articles with different ids, in the caller's transaction, and number their changes."""
    fresh = [item for item in items if item.is_new]
    stale = [item for item in items if item.is_update]
    if fresh:
        connection.execute(
            insert(articles),
            [
                _row(item.article) | {"fingerprint": item.mark, "discovered": item.article.discovered or now}
                for item in fresh
            ],
        )
    if stale:
        words = [articles.c[name] for name in WORDS]
        old = select(articles.c.id, articles.c.fingerprint, literal(now, revisions.c.replaced.type), *words)
        old = old.where(articles.c.id.in_([item.article.id for item in stale]))
        connection.execute(insert(revisions).from_select(["id", "fingerprint", "replaced", *WORDS], old))
        connection.execute(
            update(articles).where(articles.c.id == bindparam("known_id")),
            [_row(item.article) | {"fingerprint": item.mark, "known_id": item.article.id} for item in stale],
        )
    if keys := [{"key": key, "id": item.article.id} for item in items for key in item.new_keys]:
        connection.execute(insert(identities), keys)
    number(connection, sequence, [item.article.id for item in fresh + stale], deleted=False)
    return Counts(len(fresh), len(stale), len(items) - len(fresh) - len(stale))


def _row(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _MEMBERS if name != "discovered"}


def _storable(article: Article) -> Article:
    """Without what databases cannot keep and no reader sees: NUL, and halves of surrogate pairs.

    A time without zone is a mistake of the caller: ``ValueError``.
    """
    changed: dict[str, Any] = {}
    for name in _MEMBERS:
        value = getattr(article, name)
        if isinstance(value, str) and (clean := value.encode("utf-8", "replace").decode().replace("\0", "")) != value:
            changed[name] = clean
        if isinstance(value, datetime) and value.tzinfo is None:
            raise ValueError(f"{name} of {article.url or article.title} names no time zone")
    return replace(article, **changed) if changed else article


def _select_articles(html: bool) -> Select[Any]:
    return select(*(articles.c[name] for name in _MEMBERS if html or name != "html"))


_NO_TEXT: dict[str, Any] = dict.fromkeys(("text", "captions", "furniture"), "")

# Made once: making a statement takes as long as reading an article.
_BY_ID = {
    (html, text): select(
        *(articles.c[name] for name in _MEMBERS if (html or name != "html") and (text or name not in _NO_TEXT))
    ).where(articles.c.id.in_(bindparam("ids", expanding=True)))
    for html in (True, False)
    for text in (True, False)
}


def _article(row: Row[*tuple[Any, ...]]) -> Article:
    return _public(Article(**{name: value for name, value in row._mapping.items() if name in _MEMBERS}))


def _public(article: Article) -> Article:
    """Without what is secret in its address: nothing that a feed's password opened shows it, whenever it was kept."""
    if "@" not in article.url and "@" not in article.guid:
        return article
    return replace(article, url=urls.public(article.url), guid=urls.public(article.guid))


def _size(connection: Connection) -> int:
    if connection.dialect.name == "postgresql":
        return sum(connection.scalar(select(func.pg_total_relation_size(name))) or 0 for name in metadata.tables)
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    return int(pages * connection.exec_driver_sql("PRAGMA page_size").scalar_one())
