"""The names in all articles, in memory: which entities an article has is looked up, not read.

Takes some 150 bytes an article, and is brought up to date by what was found since it was last asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from threading import Lock
from typing import cast

import numpy as np
import numpy.typing as npt

from indexer.archive import Archive
from indexer.arrays import offsets_of
from indexer.entities.identity import Identities, Key, folded_names
from indexer.entities.known import KINDS, Kind
from indexer.installation import Knowledge

_LATIN = 3
"""How many times as many articles a Latin spelling needs to be shown for a name that has a Chinese one."""

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Entity:
    """Somebody or something that articles name.

    ``name`` is the spelling that most articles have, a Latin one only if by far; ``key`` stands for all spellings.
    """

    kind: Kind
    name: str
    key: Key


@dataclass(frozen=True, slots=True)
class EntityTable:
    """Which entities the articles of an archive have, at one moment.

    ``rows`` has the row of each article; ``names[starts[row]:starts[row + 1]]`` are numbers of the names in it, whose
    entities are ``entity_of[name]``. ``written`` is how each name is written, ``kinds`` the place of each
    entity's kind in ``KINDS``, ``numbers`` the number of each by its key.
    """

    rows: Mapping[str, int]
    starts: Numbers
    names: Numbers
    entity_of: Numbers
    written: Sequence[str]
    entities: Sequence[Entity]
    kinds: Numbers
    numbers: Mapping[Key, int]
    identities: Identities

    def of_kind(self, kind: Kind) -> Numbers:
        """The numbers of all entities of a kind."""
        return np.flatnonzero(self.kinds == KINDS.index(kind))

    def names_of(self, ids: Sequence[str]) -> tuple[Numbers, Numbers]:
        """The names in some articles, as places of ``ids`` and numbers of names, in the order of the articles.

        Articles that were not looked at have none.
        """
        known = [(place, row) for place, id in enumerate(ids) if (row := self.rows.get(id)) is not None]
        places, rows = np.array(known, np.int64).reshape(-1, 2).T
        sizes = self.starts[rows + 1] - self.starts[rows]
        within = np.arange(sizes.sum()) - np.repeat(offsets_of(sizes)[:-1], sizes)
        return np.repeat(places, sizes), self.names[np.repeat(self.starts[rows], sizes) + within]

    def find(self, kind: Kind, name: str) -> int | None:
        """The number of the entity that has a name, in whatever spelling; ``None`` for one that no article has."""
        [folded] = folded_names([name.replace("\n", " ")])
        key = self.identities.key(kind, folded)
        return self.numbers.get(key)


class EntityTables:
    """The present table of an archive. May be used from many threads, of which one brings it up to date."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._lock = Lock()
        self._version = -1
        self._knowledge: Knowledge | None = None
        self._articles: dict[str, bytes] = {}
        self._numbers: dict[str, int] = {}
        self._written: list[str] = []
        self._folded: list[tuple[Kind, str]] = []
        self._table: EntityTable | None = None

    def current(self, knowledge: Knowledge) -> EntityTable:
        """The table as the archive and what is known of names now have it."""
        with self._lock:
            version = self._archive.entities.version()
            if self._table is None or version != self._version or knowledge is not self._knowledge:
                if version < self._version:
                    # Found anew from the beginning.
                    self._articles.clear()
                    self._version = -1
                self._read()
                self._table = self._made(knowledge)
                self._version, self._knowledge = version, knowledge
            return self._table

    def _read(self) -> None:
        numbers = self._numbers
        for each in self._archive.entities.since(max(self._version, 0)):
            found = [numbers.setdefault(name, len(numbers)) for name in each.names]
            self._articles[each.id] = np.array(found, np.int32).tobytes()

        # Names that were met before are not folded again.
        fresh = [name.partition(" ") for name in islice(numbers, len(self._written), None)]
        self._written += [name for _, _, name in fresh]
        folded = folded_names([name for _, _, name in fresh])
        self._folded += [(cast(Kind, kind), name) for (kind, _, _), name in zip(fresh, folded, strict=True)]

    def _made(self, knowledge: Knowledge) -> EntityTable:
        starts = offsets_of([len(each) // 4 for each in self._articles.values()])
        names = np.frombuffer(b"".join(self._articles.values()), np.int32).astype(np.int64)
        written, folded = list(self._written), self._folded
        often = np.bincount(names, minlength=len(written)).tolist()
        counts: dict[tuple[Kind, str], int] = {}
        for each, count in zip(folded, often, strict=True):
            counts[each] = counts.get(each, 0) + count
        identities = Identities(knowledge.variants.groups, counts)
        keys: dict[Key, int] = {}
        best: list[tuple[float, str]] = []
        entity_of = np.zeros(len(written), np.int64)
        for number, ((kind, name), spelling, count) in enumerate(zip(folded, written, often, strict=True)):
            key = identities.key(kind, name)
            entity = entity_of[number] = keys.setdefault(key, len(keys))
            rank = (count / _LATIN if spelling.isascii() else count, spelling)
            if entity == len(best):
                best.append(rank)
            elif rank > best[entity]:
                best[entity] = rank
        entities = [Entity(key[0], name, key) for key, (_, name) in zip(keys, best, strict=True)]
        rows = {id: row for row, id in enumerate(self._articles)}
        kind_of = np.array([KINDS.index(each.kind) for each in entities], np.int64)
        return EntityTable(rows, starts, names, entity_of, written, entities, kind_of, keys, identities)
