"""One term in all segments of a snapshot: where it stands, and in which documents, with global numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from indexer.engine.whoosh.columnar.search.doc_sets import EMPTY
from indexer.engine.whoosh.columnar.search.positions import (
    FieldSegment,
    Numbers,
    Positions,
    PositionSpace,
    Postings,
)


class TermRange(NamedTuple):
    """The terms ``i`` to ``j`` of a field in one segment."""

    segment: FieldSegment
    i: int
    j: int


class Term:
    """A term, or several as if they were one, in all segments. Nothing is read before it is asked for."""

    __slots__ = ("_firsts", "_positions", "_postings", "_ranges", "_size", "_space", "count")

    def __init__(self, ranges: Sequence[TermRange], space: PositionSpace | None, size: int, count: int) -> None:
        """``space`` is that of a field with positions; ``size`` the number of all documents; ``count`` how many
        positions, or else documents, are to be read for it."""
        self._ranges = ranges
        self._space = space
        self._size = size
        self._positions: Positions | None = None
        self._postings: Postings | None = None
        self._firsts: Numbers | None = None
        self.count = count

    @property
    def nbytes(self) -> int:
        """About what it may come to hold: documents, and with positions also these, frequencies and firsts."""
        return (8 if self._space is None else 20) * self.count

    @property
    def live_df(self) -> int:
        """How many live documents hold it."""
        if self._postings is None and len(self._ranges) == 1:
            (_, field, deleted, _), i, j = self._ranges[0]
            if deleted is None and j - i == 1:
                return field.df(i)
        return len(self.postings.docs)

    @property
    def positions(self) -> Positions:
        """Where it stands in live documents. Raises ``ValueError`` for a field without positions."""
        found = self._positions
        if found is None:
            space = self._space
            if space is None:
                raise ValueError("this field stores no positions")
            parts = [_read_positions(terms, space) for terms in self._ranges]
            numbers = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, space.dtype), *parts])
            found = self._positions = Positions(space, numbers)
        return found

    @property
    def firsts(self) -> Numbers:
        """Its first position in each document of ``postings``."""
        found = self._firsts
        if found is None:
            found = self._firsts = self.positions.firsts()
        return found

    @property
    def postings(self) -> Postings:
        found = self._postings
        if found is None:
            if self._space is None:
                found = self._read_postings()
            elif self._positions is None and any(j - i > 1 for _, i, j in self._ranges):
                found = self._count_postings(self._space)
            else:
                found = self.positions.postings()
            self._postings = found
        return found

    def _read_postings(self) -> Postings:
        parts = []
        several = False
        for (base, field, deleted, _), i, j in self._ranges:
            docs = field.doc_list(i, j).astype(np.intp)
            freqs = field.stored_freqs(i, j)
            if deleted is not None:
                alive = ~deleted[docs]
                docs, freqs = docs[alive], freqs[alive]
            if base:
                docs += base
            parts.append(Postings(docs, freqs))
            several |= j - i > 1
        if not parts:
            return _NO_POSTINGS
        found = parts[0] if len(parts) == 1 else Postings(*map(np.concatenate, zip(*parts, strict=True)))
        return _merged(found, self._size) if several else found

    def _count_postings(self, space: PositionSpace) -> Postings:
        """Of several terms at once, whose positions need not be put in order for that."""
        counts = np.zeros(self._size, np.int64)
        for (base, field, deleted, start), i, j in self._ranges:
            docs = space.docs(field.global_positions(i, j).astype(space.dtype) + space.dtype.type(start))
            if deleted is not None:
                docs = docs[~deleted[docs - base]]
            counts += np.bincount(docs, minlength=self._size)
        found = counts.nonzero()[0]
        return Postings(found, counts[found].astype(np.uint32))


_NO_POSTINGS = Postings(EMPTY, np.empty(0, np.uint8))


def _read_positions(terms: TermRange, space: PositionSpace) -> Numbers:
    (base, field, deleted, start), i, j = terms
    numbers = field.global_positions(i, j)
    if start or numbers.dtype != space.dtype:
        numbers = numbers.astype(space.dtype)
        numbers += space.dtype.type(start)
    if deleted is not None:
        numbers = numbers[~deleted[space.docs(numbers) - base]]
    return numbers if j - i == 1 else np.sort(numbers, kind="stable")


def _merged(postings: Postings, size: int) -> Postings:
    """Postings of several terms as of one: each document once, its frequencies added up."""
    if not len(postings.docs):
        return postings
    freqs = np.bincount(postings.docs, postings.freqs, size)
    members = np.zeros(size, np.bool_)
    members[postings.docs] = True
    docs = np.flatnonzero(members)
    return Postings(docs, freqs[docs])
