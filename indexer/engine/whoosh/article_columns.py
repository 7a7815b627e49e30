"""What questions need of each article besides its text, as arrays that are made once for a snapshot."""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import cached_property
from threading import Lock
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import narrowed
from indexer.engine.bm25 import Parameters
from indexer.engine.index import Facet
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.local_days import local_days
from indexer.engine.whoosh.columnar.search.snapshot import Numbers, Snapshot
from indexer.engine.whoosh.schema import (
    AUTHOR,
    DISCOVERED,
    GRAMS,
    ID,
    LANGUAGE,
    PUBLISHED,
    SITE,
    SOURCE,
    STORY,
    several,
    story_of,
)

_FIELDS: dict[Facet, str] = {"source": SOURCE, "author": AUTHOR, "language": LANGUAGE}

Values = NDArray[np.float64]

_ZONES = 16
"""How many zones' days are kept: up to four bytes an article each, and a request may name any of some 600 zones."""


class Names(NamedTuple):
    """Article ``d`` has ``values[codes[d] - 1]``; code 0 stands for none."""

    codes: NDArray[np.unsignedinteger]
    values: list[str]


class Days(NamedTuple):
    """Article ``d`` is of day ``first + codes[d] - 1``, as ``local_days`` counts; code 0 stands for an unknown day.

    All codes are up to ``width``.
    """

    codes: NDArray[np.unsignedinteger]
    first: int
    width: int


class Stories(NamedTuple):
    """Article ``d`` belongs to the story ``numbers[codes[d]]``, as ``schema.number_of`` writes it."""

    codes: NDArray[np.unsignedinteger]
    numbers: NDArray[np.int64]

    def ids(self, codes: NDArray[np.unsignedinteger]) -> list[str]:
        return [story_of(number) for number in self.numbers[codes].tolist()]


class ArticleColumns:
    """The columns of a snapshot, each read when it is first asked for. All arrays have shape (snapshot.size,).

    Codes have the narrowest type: a facet looks up thousands of them, and so they stay in the processor's caches.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._names: dict[str, Names] = {}
        self._norms: dict[str, Values] = {}
        self._days: OrderedDict[str, Days] = OrderedDict()
        self._lock = Lock()

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self:
        return snapshot.memo(cls, lambda: cls(snapshot))

    @cached_property
    def published(self) -> Numbers:
        """UTC epoch seconds."""
        return self._snapshot.numbers(PUBLISHED)

    @cached_property
    def discovered(self) -> NDArray[np.int64]:
        """UTC epoch seconds."""
        return self._snapshot.numbers(DISCOVERED).values.astype(np.int64)

    @cached_property
    def body_starts(self) -> NDArray[np.int64]:
        """The position at which each body begins, counted from that of its title."""
        return self._snapshot.lengths(GRAMS["title"]) + 1

    @cached_property
    def body_lengths(self) -> NDArray[np.int64]:
        """The positions of each body."""
        return self._snapshot.lengths(GRAMS["text"]) - self.body_starts

    @cached_property
    def newest(self) -> Values:
        """A key that sorts the newest first and unknown dates last."""
        return self._sorting(-1)

    @cached_property
    def oldest(self) -> Values:
        """A key that sorts the oldest first and unknown dates last."""
        return self._sorting(1)

    def _sorting(self, sign: int) -> Values:
        values, present = self.published
        key = values.astype(np.float64) * sign
        if present is not None:
            key[~present] = np.inf
        return key

    @cached_property
    def stories(self) -> Stories:
        """The story of each article."""
        numbers, codes = np.unique(self._snapshot.numbers(STORY)[0].astype(np.int64), return_inverse=True)
        return Stories(narrowed(codes), numbers)

    def names(self, field: str) -> Names:
        """A keyword column: ``schema.SOURCE``, ``SITE`` or ``LANGUAGE``."""
        found = self._names.get(field)
        if found is None:
            codes, values = self._snapshot.keywords(field)
            found = self._names[field] = Names(narrowed(codes + 1), [value.decode() for value in values])
        return found

    def facet(self, facet: Facet) -> Names:
        return self.names(_FIELDS[facet])

    def days(self, zone: str) -> Days:
        """The day of publication in an IANA zone. Those of the zones that were asked for last are kept."""
        with self._lock:
            found = self._days.get(zone)
            if found is not None:
                self._days.move_to_end(zone)
                return found
        found = self._days_in(zone)
        with self._lock:
            self._days[zone] = found
            while len(self._days) > _ZONES:
                self._days.popitem(last=False)
        return found

    def _days_in(self, zone: str) -> Days:
        values, present = self.published
        known = np.ones(len(values), np.bool_) if present is None else present
        numbers = local_days(values[known].astype(np.int64), zone)
        first = int(numbers.min()) if len(numbers) else 0
        codes = np.zeros(len(values), np.intp)
        codes[known] = numbers - (first - 1)
        return Days(narrowed(codes), first, int(codes.max(initial=0)))

    def norms(self, field: str, parameters: Parameters) -> Values:
        """``k1 * (1 - b + b * length / mean_length)``, the part of BM25 that depends on the article alone."""
        found = self._norms.get(field)
        if found is None:
            snapshot, k1, b = self._snapshot, parameters.k1, parameters.b
            lengths = snapshot.lengths(field)
            mean = lengths[snapshot.all].mean() if len(snapshot.all) else 1.0
            found = self._norms[field] = k1 * (1 - b + b * lengths / (mean or 1.0))
        return found

    def ids(self, docs: Docs) -> list[bytes]:
        """The ids of some articles, in their order."""
        return self._snapshot.values(ID, docs)

    def with_value(self, field: str, values: Sequence[str]) -> NDArray[np.bool_]:
        """Which articles have one of the values in a keyword column."""
        return self._having(field, lambda value: value in values)

    def by(self, authors: Sequence[str]) -> NDArray[np.bool_]:
        """Which articles have one of these authors."""
        wanted = frozenset(authors)
        return self._having(AUTHOR, lambda value: not wanted.isdisjoint(several(value)))

    def on_site(self, host: str) -> NDArray[np.bool_]:
        """Which articles are from a host or one below it."""
        below = "." + host
        return self._having(SITE, lambda value: value == host or value.endswith(below))

    def in_languages(self, tags: Sequence[str]) -> NDArray[np.bool_]:
        """Which articles are in a language of one of these tags or a longer one."""
        longer = tuple(tag + "-" for tag in tags)
        return self._having(LANGUAGE, lambda value: value in tags or value.startswith(longer))

    def _having(self, field: str, test: Callable[[str], bool]) -> NDArray[np.bool_]:
        codes, values = self.names(field)
        allowed = np.array([False, *map(test, values)], np.bool_)
        has: NDArray[np.bool_] = allowed[codes]
        return has
