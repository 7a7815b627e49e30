"""Which articles of the archive the items of a batch are: the rules of ``identity``, on what the database holds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row, func, select

from indexer.archive import tombstones
from indexer.archive.identity import Item, Known, article_id, choose
from indexer.archive.schema import articles, identities, revisions
from indexer.article import Article


@dataclass(frozen=True, slots=True)
class Recognised:
    """An item of a batch with the id that it has or shall have, and what has to be written for it.

    Nothing has, where it is an article that was forgotten.
    """

    article: Article
    mark: str
    is_new: bool
    is_update: bool
    new_keys: Sequence[int]
    is_forgotten: bool = False

    @property
    def unchanged(self) -> bool:
        return not (self.is_new or self.is_update or self.new_keys or self.is_forgotten)


def recognise(connection: Connection, batch: Sequence[Item]) -> list[Recognised]:
    """Each item of ``batch``, in order, as if those before it had been written already."""
    wanted = {key for item in batch for key in item.keys.every()}
    held = _Held(connection, wanted, {article_id(item.article) for item in batch}, tombstones.Held(connection, batch))
    return [held.recognise(item) for item in batch]


def are_known(connection: Connection, batch: Sequence[Item]) -> bool:
    """Whether every item was read before, word for word: a quick look, for most batches of a new file none was."""
    wanted = {item.keys.item for item in batch}
    found = connection.scalar(select(func.count(identities.c.key.distinct())).where(identities.c.key.in_(wanted)))
    return found == len(wanted)


@dataclass(slots=True)
class _Held:
    """The articles with some keys or ids, as the database holds them and as the items that come in change them."""

    connection: Connection
    wanted: Collection[int]
    ids: Collection[str]
    forgotten: tombstones.Held
    _known: dict[str, Known] = field(default_factory=dict)
    _ids: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        rows = self.connection.execute(
            select(identities.c.key, identities.c.id).where(identities.c.key.in_(self.wanted))
        )
        for key, id in rows:
            self._ids.setdefault(key, []).append(id)
        ids = {id for some in self._ids.values() for id in some}.union(self.ids)
        marks: dict[str, set[str]] = {}
        for row in self.connection.execute(
            select(revisions.c.id, revisions.c.fingerprint).where(revisions.c.id.in_(ids))
        ):
            marks.setdefault(row.id, set()).add(row.fingerprint)
        found = self.connection.execute(select(*_LIGHT).where(articles.c.id.in_(ids)).order_by(articles.c.number))
        for row in found:
            self._known[row.id] = Known(
                _light(row), frozenset({row.fingerprint, *marks.get(row.id, ())}), partial(self._text, row.id)
            )
        order = {id: number for number, id in enumerate(self._known)}
        for some in self._ids.values():
            some.sort(key=lambda id: order.get(id, len(order)))

    def recognise(self, item: Item) -> Recognised:
        article, mark = item.article, item.mark
        known = None
        if not article.id:
            if not self._is_kept_there(item) and self.forgotten.is_one(item):
                return _forgotten(item)
            known, part = choose(item, self._find)
            article = replace(article, part=part)
        if known is None:
            article = replace(article, id=article_id(article))
            known = self._known.get(article.id)
            if known is None and self.forgotten.may_be_one(item, article.id):
                return _forgotten(item)
        if known is not None:
            kept = known.article
            article = replace(
                article, id=kept.id, part=kept.part, url=article.url or kept.url, guid=article.guid or kept.guid
            )
        new_keys = [key for key in dict.fromkeys(item.keys.lasting()) if article.id not in self._ids.get(key, ())]
        for key in new_keys:
            self._ids.setdefault(key, []).append(article.id)
        is_update = known is not None and mark not in known.marks
        if known is None or is_update:
            marks = known.marks if known else frozenset()
            self._known[article.id] = Known(article, marks | {mark}, lambda: article.text)
        return Recognised(article, mark, known is None, is_update, new_keys)

    def _is_kept_there(self, item: Item) -> bool:
        """Whether the archive holds an article at the item's address, or this very item."""
        return any(self._find(key) for key in (item.keys.item, item.keys.address) if key is not None)

    def _find(self, key: int) -> list[Known]:
        return [self._known[id] for id in self._ids.get(key, ()) if id in self._known]

    def _text(self, id: str) -> str:
        return str(self.connection.scalar(select(articles.c.text).where(articles.c.id == id)) or "")


def _forgotten(item: Item) -> Recognised:
    return Recognised(item.article, item.mark, is_new=False, is_update=False, new_keys=(), is_forgotten=True)


_LIGHT = [articles.c[name] for name in ("id", "fingerprint", "url", "guid", "part", "source", "title", "published")]


def _light(row: Row[*tuple[Any, ...]]) -> Article:
    return Article(
        id=row.id, url=row.url, guid=row.guid, part=row.part, source=row.source, title=row.title, text="",
        published=row.published,
    )  # fmt: skip
