"""Watches: questions that are asked of everything new, and the stories that they found."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from indexer.archive.database import Database
from indexer.archive.readers.outbox import enqueue
from indexer.archive.schema import fingerprints
from indexer.archive.sequence import last_number
from indexer.archive.watch_tables import deliveries, findings, watches

_TOGETHER = 500
"""Ids in one statement."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What people say of a watch. ``query`` is its question, as it stands in an address.

    ``email``, ``webhook`` and ``notify``, the secret address of a messaging service, are where its findings are sent,
    ``""`` for nowhere: at once, or gathered at the hour ``digest``; nothing from the hour ``quiet_from`` until
    ``quiet_to``. Hours are 0 to 23 in the configured zone.
    """

    name: str
    query: str
    folder: str = ""
    paused: bool = False
    email: str = ""
    webhook: str = ""
    notify: str = field(default="", repr=False)
    digest: int | None = None
    quiet_from: int | None = None
    quiet_to: int | None = None

    @property
    def channels(self) -> tuple[str, ...]:
        """The ways in which its findings are sent: ``email``, ``webhook``, ``notify``."""
        return tuple(name for name in ("email", "webhook", "notify") if getattr(self, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch(Draft):
    """A watch that is kept. It has looked at all changes up to ``sequence``, at ``looked`` (aware).

    ``problem`` is why its question cannot be asked any more, one line; ``seen`` the last finding that was shown.
    """

    id: str
    created: datetime
    sequence: int
    looked: datetime
    seen: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """An article that a watch asks for, and its story."""

    watch: str
    story: str
    article: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A story that was reported, by an article of it, at ``found`` (aware). Numbers ascend."""

    number: int
    watch: str
    story: str
    article: str
    found: datetime


class Watches:
    """Watches by id. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def all(self) -> list[Watch]:
        """By folder, and in each in the order that people gave them."""
        order = (watches.c.folder, watches.c.place, watches.c.id)
        with self._database.reading() as connection:
            return [_watch(row) for row in connection.execute(select(watches).order_by(*order)).mappings()]

    def count(self) -> int:
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(watches)) or 0

    def get(self, id: str) -> Watch | None:
        with self._database.reading() as connection:
            row = connection.execute(select(watches).where(watches.c.id == id)).mappings().one_or_none()
        return None if row is None else _watch(row)

    def is_behind(self, sequence: int) -> bool:
        """Whether some watch that is not paused has yet to look at changes up to ``sequence``."""
        waiting = select(watches.c.id).where(~watches.c.paused, watches.c.sequence < sequence).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(waiting) is not None

    def add(self, drafts: Sequence[Draft]) -> list[Watch]:
        """Keep new watches, behind the others. What is in the archive by now is not news to them."""
        now = self._clock()
        with self._database.writing() as connection:
            last = int(connection.scalar(select(func.max(watches.c.place))) or 0)
            sequence = last_number(connection)
            new = [
                Watch(**asdict(draft), id=secrets.token_hex(8), created=now, sequence=sequence, looked=now)
                for draft in drafts
            ]
            rows = [asdict(watch) | {"place": place} for place, watch in enumerate(new, last + 1)]
            if rows:
                connection.execute(insert(watches), rows)
        return new

    def change(self, id: str, draft: Draft) -> bool:
        """Change what a watch says; false when there is none.

        One that asks something else, or did nothing for a while, begins anew: what came before is not news to it.
        """
        with self._database.writing() as connection:
            old = connection.execute(select(watches).where(watches.c.id == id).with_for_update()).mappings()
            before = old.one_or_none()
            if before is None:
                return False
            values: dict[str, Any] = asdict(draft)
            if before["query"] != draft.query or (before["paused"] and not draft.paused):
                values |= {"sequence": last_number(connection), "looked": self._clock(), "problem": ""}
            connection.execute(update(watches).where(watches.c.id == id).values(values))
        return True

    def move_up(self, id: str) -> bool:
        """Put a watch before the one that stands before it in its folder; false when there is none."""
        with self._database.writing() as connection:
            one = connection.execute(select(watches.c.folder, watches.c.place).where(watches.c.id == id)).one_or_none()
            if one is None:
                return False
            above = select(watches.c.id, watches.c.place).where(watches.c.folder == one.folder)
            above = above.where(watches.c.place < one.place).order_by(watches.c.place.desc()).limit(1)
            other = connection.execute(above).one_or_none()
            if other is None:
                return False
            for moved, place in ((id, other.place), (other.id, one.place)):
                connection.execute(update(watches).where(watches.c.id == moved).values(place=place))
        return True

    def remove(self, id: str) -> bool:
        """Forget a watch, what it found, and what of that was not delivered; false when there is none."""
        with self._database.writing() as connection:
            for table in (deliveries, findings):
                connection.execute(delete(table).where(table.c.watch == id))
            return bool(connection.execute(delete(watches).where(watches.c.id == id)).rowcount)

    def findings(self, id: str, *, first: int = 0, last: int | None = None, limit: int = 100) -> list[Finding]:
        """What a watch found, from the number ``first`` to ``last``, the newest first."""
        query = select(findings).where(findings.c.watch == id, findings.c.number >= first)
        if last is not None:
            query = query.where(findings.c.number <= last)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(findings.c.number.desc()).limit(limit)).mappings()
            return [Finding(**row) for row in rows]

    def counts(self) -> Mapping[str, tuple[int, int]]:
        """How many stories each watch found, and how many of them nobody has seen; those that found none left out."""
        unseen = func.count().filter(findings.c.number > watches.c.seen)
        query = select(watches.c.id, func.count(), unseen).join_from(
            watches, findings, watches.c.id == findings.c.watch
        )
        with self._database.reading() as connection:
            return {id: (found, new) for id, found, new in connection.execute(query.group_by(watches.c.id))}

    def see(self, id: str, number: int) -> bool:
        """The findings of a watch up to a number were shown; false when there is no such watch."""
        shown = update(watches).where(watches.c.id == id)
        with self._database.writing() as connection:
            kept = connection.execute(shown.where(watches.c.seen < number).values(seen=number)).rowcount
            return bool(kept) or connection.scalar(select(watches.c.id).where(watches.c.id == id)) is not None

    def record(
        self,
        looked_at: Sequence[Watch],
        matches: Sequence[Match],
        problems: Mapping[str, str],
        sequence: int,
        looked: datetime,
        due: Callable[[Watch], datetime],
    ) -> list[Finding]:
        """Keep what came of looking at all changes up to ``sequence``: stories that a watch has not reported yet.

        What is to be delivered for them, at the time that ``due`` says, is written in the same transaction as how far
        each watch has looked: whatever happens, both are kept or neither. A watch that was changed, removed or taken
        further meanwhile is left as it is. ``problems`` has what kept a watch from looking.
        """
        now = self._clock()
        with self._database.writing() as connection:
            still = self._untouched(connection, looked_at)
            fresh = [match for match in _unreported(connection, matches) if match.watch in still]
            for some in _portions(list(still)):
                moved = update(watches).where(watches.c.id.in_(some))
                connection.execute(moved.values(sequence=sequence, looked=looked))
            _tell(connection, {id: problems.get(id, "") for id in still}, still)
            found = _kept(connection, fresh, now)
            for id, numbers in _by_watch(found).items():
                watch = still[id]
                enqueue(connection, id, watch.channels, min(numbers), max(numbers), due(watch), now)
        return found

    def _untouched(self, connection: Connection, looked_at: Sequence[Watch]) -> dict[str, Watch]:
        """Those that stand as they did when they were looked at, with where they now want their findings sent."""
        asked = {watch.id: watch for watch in looked_at}
        still: dict[str, Watch] = {}
        for some in _portions(list(asked)):
            query = select(watches).where(watches.c.id.in_(some)).with_for_update()
            for row in connection.execute(query).mappings():
                now, then = _watch(row), asked[row["id"]]
                if (now.query, now.sequence, now.paused) == (then.query, then.sequence, then.paused):
                    still[now.id] = now
        return still


def _unreported(connection: Connection, matches: Sequence[Match]) -> list[Match]:
    """The first match of each watch and story that was not reported, whatever the story was called then."""
    stories = list(dict.fromkeys(match.story for match in matches))
    reported: set[tuple[str, str]] = set()
    for some in _portions(stories):
        by_name = select(findings.c.watch, findings.c.story).where(findings.c.story.in_(some))
        by_article = (
            select(findings.c.watch, fingerprints.c.story)
            .join_from(findings, fingerprints, findings.c.article == fingerprints.c.id)
            .where(fingerprints.c.story.in_(some))
        )
        for query in (by_name, by_article):
            reported |= {(watch, story) for watch, story in connection.execute(query)}
    fresh: dict[tuple[str, str], Match] = {}
    for match in matches:
        if (match.watch, match.story) not in reported:
            fresh.setdefault((match.watch, match.story), match)
    return list(fresh.values())


def _kept(connection: Connection, fresh: Sequence[Match], now: datetime) -> list[Finding]:
    """Matches as findings, in their order. Nobody else records for their watches meanwhile: their rows are held."""
    if not fresh:
        return []
    before = connection.scalar(select(func.coalesce(func.max(findings.c.number), 0)))
    rows = [{"watch": each.watch, "story": each.story, "article": each.article, "found": now} for each in fresh]
    connection.execute(insert(findings), rows)
    columns = (findings.c.number, findings.c.watch, findings.c.story, findings.c.article, findings.c.found)
    new = select(*columns).where(findings.c.number > before).order_by(findings.c.number)
    own = {match.watch for match in fresh}
    return [Finding(*row) for row in connection.execute(new) if row.watch in own]


def _tell(connection: Connection, problems: Mapping[str, str], watches_: Mapping[str, Watch]) -> None:
    changed = [{"row": id, "told": text} for id, text in problems.items() if watches_[id].problem != text]
    if changed:
        told = update(watches).where(watches.c.id == bindparam("row")).values(problem=bindparam("told"))
        connection.execute(told, changed)


def _by_watch(found: Sequence[Finding]) -> Mapping[str, list[int]]:
    numbers: dict[str, list[int]] = {}
    for finding in found:
        numbers.setdefault(finding.watch, []).append(finding.number)
    return numbers


def _portions(ids: Collection[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while some := list(islice(rest, _TOGETHER)):
        yield some


def _watch(row: Mapping[Any, Any]) -> Watch:
    return Watch(**{name: value for name, value in row.items() if name != "place"})
