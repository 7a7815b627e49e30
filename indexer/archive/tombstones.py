"""Articles that were forgotten: what is left of each is enough to know it again, and nothing of what it said.

A forgotten article does not come back, whichever way it is read. A *tombstone* has its id, when and why it was
forgotten, when it was published, and as keys (``indexer.archive.identity``) the numbers by which it was recognised.
An item that is no article of the archive is a forgotten one, if

- it has its id, says at the same address what that once said, or stands at its address, unless other articles did too;
- it stands at such a shared address and has its part, guid or fragment there, or its title where those tell nothing;
- it has its guid from the same source, and the dates, where known, are the same;
- neither has an address, and they have one title and one day.

Texts can no longer be compared, so these rules hold back more than those of ``identity`` would have brought together;
``undo`` lets them in.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from indexer.archive.database import Database
from indexer.archive.derived.entity_table import article_names
from indexer.archive.identity import DAY, Item, article_id, identify, is_id, key_of, own_guid, tells
from indexer.archive.schema import articles, identities, revisions, tombstone_keys, tombstones
from indexer.archive.sequence import lock, number
from indexer.article import Article
from indexer.urls import fold, fragment_of

LONGEST_REASON = 300  # characters

_BATCH = 500  # articles


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a forgotten article. Times are aware and in UTC; ``keys`` are signed 64-bit, in ascending order.

    ``reason`` is one line of whoever forgot it.
    """

    id: str
    forgotten: datetime
    reason: str
    published: datetime | None
    keys: tuple[int, ...]


class Tombstones:
    """Forgetting, and what was forgotten. Every method raises ``ArchiveError``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def forget(self, ids: Iterable[str], reason: str) -> int:
        """Take articles out for good, with what they said before; how many there were.

        Each 500 are one transaction: what a crash interrupts is whole, and the same call again goes on.
        """
        wanted = [id for id in dict.fromkeys(ids) if is_id(id)]
        forgotten = 0
        for start in range(0, len(wanted), _BATCH):
            with self._database.writing() as connection:
                if connection.dialect.name == "sqlite":
                    # Else the text stays in the file's free pages until something else needs them.
                    connection.exec_driver_sql("PRAGMA secure_delete = ON")
                sequence = lock(connection)
                stones = _stones(connection, wanted[start : start + _BATCH], reason, self._clock())
                ids_here = [stone.id for stone in stones]
                erase(connection, sequence, ids_here)
                connection.execute(delete(identities).where(identities.c.id.in_(ids_here)))
                _write(connection, stones)
                forgotten += len(stones)
        return forgotten

    def undo(self, ids: Iterable[str]) -> int:
        """Let these articles come again; how many had been forgotten. What they said is gone."""
        wanted = list(filter(is_id, ids))
        with self._database.writing() as connection:
            connection.execute(delete(tombstone_keys).where(tombstone_keys.c.id.in_(wanted)))
            return connection.execute(delete(tombstones).where(tombstones.c.id.in_(wanted))).rowcount

    def add(self, items: Iterable[Tombstone]) -> int:
        """Keep tombstones of another archive; how many are new. An article that is kept here stays."""
        wanted = {stone.id: stone for stone in items}
        ids = list(wanted)
        added = 0
        for start in range(0, len(ids), _BATCH):
            some = ids[start : start + _BATCH]
            with self._database.writing() as connection:
                lock(connection)
                here = {
                    id
                    for table in (articles, tombstones)
                    for id in connection.scalars(select(table.c.id).where(table.c.id.in_(some)))
                }
                fresh = [wanted[id] for id in some if id not in here]
                _write(connection, fresh)
                added += len(fresh)
        return added

    def get(self, id: str) -> Tombstone | None:
        """The tombstone with this id; ``None`` if no such article was forgotten."""
        if not is_id(id):
            return None
        with self._database.reading() as connection:
            return next(iter(_read(connection, [id])), None)

    def at(self, url: str) -> list[str]:
        """The ids of what was forgotten at an address, or once was there alone, in any of its spellings."""
        address = fold(url)
        wanted = [key_of(kind, address) for kind in ("at", "address")] if address else []
        query = select(tombstone_keys.c.id).distinct().where(tombstone_keys.c.key.in_(wanted))
        with self._database.reading() as connection:
            return sorted(connection.scalars(query))

    def all(self) -> Iterator[Tombstone]:
        """Every tombstone, in the order of their ids. Holds no transaction between pages."""
        last = ""
        while True:
            query = select(tombstones.c.id).where(tombstones.c.id > last).order_by(tombstones.c.id).limit(_BATCH)
            with self._database.reading() as connection:
                ids = list(connection.scalars(query))
                stones = _read(connection, ids)
            yield from stones
            if len(ids) < _BATCH:
                return
            last = ids[-1]


@dataclass(slots=True)
class Held:
    """The tombstones that items of a batch may be, as the database holds them."""

    connection: Connection
    batch: Sequence[Item]
    _stones: dict[str, datetime | None] = field(default_factory=dict)
    _ids: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.connection.scalar(select(tombstones.c.id).limit(1)) is None:
            return
        wanted = {key for item in self.batch for key in (*_certain(item), *_dated(item))}
        ids = {
            article_id(article)
            for item in self.batch
            for article in (item.article, replace(item.article, part=tells(item.article)))
        }
        for key, id in self.connection.execute(
            select(tombstone_keys.c.key, tombstone_keys.c.id).where(tombstone_keys.c.key.in_(wanted))
        ):
            self._ids.setdefault(key, set()).add(id)
            ids.add(id)
        query = select(tombstones.c.id, tombstones.c.published).where(tombstones.c.id.in_(ids))
        self._stones = {row.id: row.published for row in self.connection.execute(query)}

    def is_one(self, item: Item) -> bool:
        """Whether an item stands where a forgotten article did, or says word for word what that said."""
        return any(key in self._ids for key in _certain(item)) if self._stones else False

    def may_be_one(self, item: Item, id: str) -> bool:
        """Whether an item that would be new under ``id`` is a forgotten article after all."""
        if not self._stones:
            return False
        if id in self._stones or self.is_one(item):
            return True
        published = item.article.published
        return any(
            is_near(published, self._stones[stone])
            for key, is_near in _dated(item).items()
            for stone in self._ids.get(key, ())
        )


def erase(connection: Connection, sequence: int, ids: Collection[str]) -> None:
    """Take articles of the archive, what they said before and the names in them out of it, and number the changes."""
    connection.execute(delete(articles).where(articles.c.id.in_(ids)))
    connection.execute(delete(revisions).where(revisions.c.id.in_(ids)))
    connection.execute(delete(article_names).where(article_names.c.id.in_(ids)))
    number(connection, sequence, ids, deleted=True)


def _stones(connection: Connection, ids: Collection[str], reason: str, now: datetime) -> list[Tombstone]:
    """Tombstones of those of ``ids`` that the archive holds."""
    mine = select(identities.c.key).where(identities.c.id.in_(ids))
    owners: dict[int, set[str]] = {}
    for key, id in connection.execute(
        select(identities.c.key, identities.c.id).where(identities.c.key.in_(mine.scalar_subquery()))
    ):
        owners.setdefault(key, set()).add(id)
    held: dict[str, set[int]] = {}
    for key, some in owners.items():
        # What several articles have tells none of them.
        if len(some) == 1:
            held.setdefault(next(iter(some)), set()).add(key)
    names = ("id", "url", "guid", "part", "source", "author", "language", "title", "text", "published")
    rows = connection.execute(select(*(articles.c[name] for name in names)).where(articles.c.id.in_(ids)))
    stones = []
    for row in rows:
        item = identify(Article(**row._mapping))
        keys = _lasting(item, held.get(row.id, set()))
        stones.append(Tombstone(row.id, now, reason, row.published, tuple(sorted(keys))))
    return stones


def _lasting(item: Item, held: Collection[int]) -> set[int]:
    """By what a forgotten article is known: ``held`` are the keys that it alone had."""
    article, own = item.article, item.keys
    address = fold(article.url)
    keys = {*held, own.item}
    if own.guid is not None:
        keys.add(own.guid)
    if not address:
        keys |= {key for key in (own.title, _alone(article)) if key is not None}
        return keys
    if article.part and own.address is not None:
        keys.discard(own.address)
    parts = {article.part, own_guid(article), fragment_of(article.url), article.title} - {""}
    keys |= {key_of("part", address, part) for part in parts}
    if not own_guid(article) and not fragment_of(article.url):
        keys.add(key_of("untold", address, article.title))
    return keys | {key_of("at", address)}


def _certain(item: Item) -> set[int]:
    """The keys of which each alone tells a forgotten article."""
    article, own = item.article, item.keys
    address = fold(article.url)
    keys = {own.item, own.words, _alone(article)}
    if address:
        parts = {article.part or tells(article)}
        keys |= {key_of("part", address, part) for part in parts}
        keys.add(key_of("untold", address, article.title))
        if not article.part:
            keys.add(own.address)
    return {key for key in keys if key is not None}


def _dated(item: Item) -> Mapping[int, Callable[[datetime | None, datetime | None], bool]]:
    """The keys that tell a forgotten article together with the dates."""
    own = item.keys
    keys: dict[int, Callable[[datetime | None, datetime | None], bool]] = {}
    if own.guid is not None:
        keys[own.guid] = _may_be_equal
    if own.address is None and own.title is not None:
        keys[own.title] = _of_one_day
    return keys


def _may_be_equal(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or int(one.timestamp()) == int(other.timestamp())


def _of_one_day(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= DAY


def _alone(article: Article) -> int | None:
    """A guid that is all that tells an article: it has no address."""
    return key_of("alone", article.source, article.guid) if article.guid and not fold(article.url) else None


def _read(connection: Connection, ids: Sequence[str]) -> list[Tombstone]:
    keys: dict[str, list[int]] = {}
    for key, id in connection.execute(
        select(tombstone_keys.c.key, tombstone_keys.c.id)
        .where(tombstone_keys.c.id.in_(ids))
        .order_by(tombstone_keys.c.key)
    ):
        keys.setdefault(id, []).append(key)
    rows = connection.execute(select(tombstones).where(tombstones.c.id.in_(ids)).order_by(tombstones.c.id))
    return [Tombstone(**row._mapping, keys=tuple(keys.get(row.id, ()))) for row in rows]


def _write(connection: Connection, stones: Sequence[Tombstone]) -> None:
    if not stones:
        return
    rows: list[dict[str, Any]] = [
        {"id": each.id, "forgotten": each.forgotten, "reason": each.reason, "published": each.published}
        for each in stones
    ]
    connection.execute(insert(tombstones), rows)
    if keys := [{"key": key, "id": each.id} for each in stones for key in dict.fromkeys(each.keys)]:
        connection.execute(insert(tombstone_keys), keys)
