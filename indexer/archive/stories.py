"""Which articles belong to one story, as ``indexer.stories`` found out. Derived: it is made again at will."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import BigInteger, Connection, bindparam, cast, delete, func, insert, select, update

from indexer.archive.database import Database
from indexer.archive.identity import is_id
from indexer.archive.schema import articles, changes, fingerprints, likenesses, state
from indexer.archive.sequence import lock, number

_TOGETHER = 500
"""Ids in one statement."""

_NEVER = 0
"""The sequence of an article that is to be looked at anew: before any change."""

Grouping = Callable[[Mapping[str, int], Iterable[tuple[str, str, str]]], dict[str, str]]
"""Moments by id and pairs that are alike, with their kind -> the story of each (``indexer.stories.grouping.group``)."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that stories have not taken in. ``sequence`` is its number."""

    id: str
    sequence: int
    deleted: bool


@dataclass(frozen=True, slots=True)
class Fingerprinted:
    """An article's fingerprint, made from what it said at change ``sequence``. ``moment``: epoch seconds."""

    id: str
    sequence: int
    moment: int
    fingerprint: bytes


class Stories:
    """Stories by article. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def pending(self) -> list[Pending]:
        """All changes that were not taken in, in the order of the articles' moments; deletions first."""
        moment = func.coalesce(cast(articles.c.published, BigInteger), cast(articles.c.discovered, BigInteger), 0)
        query = (
            select(changes.c.id, changes.c.sequence, changes.c.deleted)
            .join_from(changes, fingerprints, changes.c.id == fingerprints.c.id, isouter=True)
            .join(articles, changes.c.id == articles.c.id, isouter=True)
            .where(changes.c.sequence > select(state.c.told).scalar_subquery())
            .where(fingerprints.c.sequence.is_(None) | (fingerprints.c.sequence < changes.c.sequence))
            .order_by(moment, changes.c.id)
        )
        with self._database.reading() as connection:
            return [Pending(*row) for row in connection.execute(query)]

    def between(self, first: int, last: int) -> list[Fingerprinted]:
        """The fingerprints of all articles of these moments, ends included."""
        query = select(*(fingerprints.c[name] for name in Fingerprinted.__slots__))
        query = query.where(fingerprints.c.moment.between(first, last), fingerprints.c.sequence > _NEVER)
        with self._database.reading() as connection:
            rows = connection.execute(query)
            return [Fingerprinted(*row) for row in rows]

    def keep(
        self,
        made: Sequence[Fingerprinted],
        gone: Collection[str],
        alike: Iterable[tuple[str, str, str]],
        group: Grouping,
    ) -> int:
        """Keep what was found about some articles, and put together anew the stories that this touches.

        ``alike`` are the pairs in which one of ``made`` stands, with their kind. An article whose story is another one
        now counts as changed, so that an index hears of it. Returns how many those were.
        """
        fresh = {each.id for each in made}
        with self._database.writing() as connection:
            sequence = lock(connection)
            known = _stories_of(connection, fresh)
            touched = fresh | _neighbours(connection, fresh | set(gone))
            for some in _portions([*fresh, *gone]):
                connection.execute(delete(fingerprints).where(fingerprints.c.id.in_(some)))
                connection.execute(delete(likenesses).where(likenesses.c.id.in_(some)))
                connection.execute(delete(likenesses).where(likenesses.c.other.in_(some)))
            rows = [asdict(each) | {"story": known.get(each.id, each.id)} for each in made]
            if rows:
                connection.execute(insert(fingerprints), rows)
            here = _stories_of(connection, touched | {id for one, other, _ in alike for id in (one, other)})
            links = [(one, other, kind) for one, other, kind in alike if one in here and other in here]
            if links:
                both = [(one, other, kind) for a, b, kind in links for one, other in ((a, b), (b, a))]
                names = ("id", "other", "kind")
                connection.execute(insert(likenesses), [dict(zip(names, row, strict=True)) for row in both])
            moved = _regroup(connection, here.keys(), group)
            return _move(connection, moved, sequence)

    def finish(self, sequence: int) -> None:
        """All changes up to this one were taken in."""
        with self._database.writing() as connection:
            connection.execute(update(state).where(state.c.told < sequence).values(told=sequence))

    def any_fingerprint(self) -> bytes | None:
        """One of those that are kept; ``None`` where none is."""
        query = select(fingerprints.c.fingerprint).where(fingerprints.c.sequence > _NEVER).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).scalar()

    def forget_all(self) -> None:
        """Begin anew: as if no article had been looked at.

        Each stays in its story until it is, so that an index hears of all that leave one.
        """
        with self._database.writing() as connection:
            connection.execute(delete(likenesses))
            connection.execute(update(fingerprints).values(sequence=_NEVER, fingerprint=b""))
            connection.execute(update(state).values(told=0))

    def of(self, ids: Collection[str]) -> dict[str, str]:
        """The story of each of these articles: the id of its first article. Unknown ones are left out."""
        with self._database.reading() as connection:
            return _stories_of(connection, ids)

    def members(self, stories: Collection[str]) -> dict[str, list[str]]:
        """The articles of each of these stories, the first first."""
        members: dict[str, list[str]] = {}
        with self._database.reading() as connection:
            for some in _portions(dict.fromkeys(stories)):
                for row in connection.execute(_MEMBERS, {"stories": some}):
                    members.setdefault(row.story, []).append(row.id)
        return members

    def alike(self, id: str) -> dict[str, str]:
        """The articles that are like this one, each with the kind of likeness."""
        if not is_id(id):
            return {}
        query = select(likenesses.c.other, likenesses.c.kind).where(likenesses.c.id == id)
        with self._database.reading() as connection:
            return {row.other: row.kind for row in connection.execute(query)}


# Asked with every page of results: made once.
_MEMBERS = (
    select(fingerprints.c.story, fingerprints.c.id)
    .where(fingerprints.c.story.in_(bindparam("stories", expanding=True)))
    .order_by(fingerprints.c.moment, fingerprints.c.id)
)


def _portions(ids: Iterable[str]) -> Iterator[list[str]]:
    every = [id for id in ids if is_id(id)]
    for start in range(0, len(every), _TOGETHER):
        yield every[start : start + _TOGETHER]


def _stories_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    stories: dict[str, str] = {}
    for some in _portions(ids):
        rows = connection.execute(select(fingerprints.c.id, fingerprints.c.story).where(fingerprints.c.id.in_(some)))
        stories |= {row.id: row.story for row in rows}
    return stories


def _links_of(connection: Connection, ids: Collection[str]) -> Iterator[tuple[str, str, str]]:
    for some in _portions(ids):
        query = select(likenesses.c.id, likenesses.c.other, likenesses.c.kind).where(likenesses.c.id.in_(some))
        yield from ((row.id, row.other, row.kind) for row in connection.execute(query))


def _neighbours(connection: Connection, ids: Collection[str]) -> set[str]:
    return {other for _, other, _ in _links_of(connection, ids)} - set(ids)


def _move(connection: Connection, moved: Mapping[str, str], sequence: int) -> int:
    """Give articles their new stories, and each change of this kind the next number after ``sequence``.

    What waits to be taken in goes on waiting, and what was deleted stays so.
    """
    query = select(changes.c.id, changes.c.sequence == fingerprints.c.sequence).join_from(
        changes, fingerprints, changes.c.id == fingerprints.c.id
    )
    count = 0
    for some in _portions(moved):
        rows = connection.execute(query.where(changes.c.id.in_(some)).where(~changes.c.deleted))
        is_taken_in: dict[str, bool] = {id: bool(same) for id, same in rows}
        number(connection, sequence, list(is_taken_in), deleted=False)
        now = {id: next_ for next_, id in enumerate(is_taken_in, sequence + 1)}
        sequence += len(now)
        count += len(now)
        told = update(fingerprints).where(fingerprints.c.id == bindparam("known"))
        if is_taken_in:
            connection.execute(
                told.values(story=bindparam("to")), [{"known": id, "to": moved[id]} for id in is_taken_in]
            )
        taken_in = [{"known": id, "at": now[id]} for id, taken in is_taken_in.items() if taken]
        if taken_in:
            connection.execute(told.values(sequence=bindparam("at")), taken_in)
    return count


def _regroup(connection: Connection, ids: Collection[str], group: Grouping) -> dict[str, str]:
    """The articles whose story is another one now, with it: among these and all that they are connected with."""
    seen, border = set(ids), set(ids)
    links: set[tuple[str, str, str]] = set()
    while border:
        found = set(_links_of(connection, border))
        links |= {(min(one, other), max(one, other), kind) for one, other, kind in found}
        border = {other for _, other, _ in found} - seen
        seen |= border
    moments: dict[str, int] = {}
    stories: dict[str, str] = {}
    for some in _portions(seen):
        columns = (fingerprints.c.id, fingerprints.c.moment, fingerprints.c.story)
        for row in connection.execute(select(*columns).where(fingerprints.c.id.in_(some))):
            moments[row.id], stories[row.id] = row.moment, row.story
    return {id: story for id, story in group(moments, links).items() if story != stories[id]}
