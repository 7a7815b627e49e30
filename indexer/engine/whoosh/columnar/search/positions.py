"""Positions of one field in a snapshot, as one ascending array of numbers.

A segment numbers its positions from 0, as ``storage.postings`` describes; here those of all segments are laid end to
end, as their documents are. So one array tells every position at which something stands in the whole index, and with
one segment that array is a slice of the mapped file. A shift by ``n`` positions is an addition of ``n``, and "both
here" is an intersection of two ascending arrays. Documents take care of themselves as long as a chain of tokens without
a gap is looked for, since one position is free between any two.

The same number means another document in another field. So positions carry their *space*, and operations on positions
of two spaces raise ``ValueError``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import slices
from indexer.engine.whoosh.columnar.search.doc_sets import EMPTY, Docs
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader

Numbers = NDArray[np.unsignedinteger]
"""Global positions, ascending."""

_GALLOP_RATIO = 16
"""A binary search for each of n needles costs about as much as merging 16 n elements."""


class FieldSegment(NamedTuple):
    """A field in one segment. ``base`` is the number of its first document, ``start`` its first global position."""

    base: int
    field: FieldReader
    deleted: NDArray[np.bool_] | None
    start: int


class Postings(NamedTuple):
    """The live documents of something and how often it stands in each, both of shape (n,)."""

    docs: Docs
    freqs: NDArray[np.integer]


class PositionSpace:
    """What the global positions of a field in all segments of a snapshot mean.

    Document ``d`` has the positions from ``starts[d]`` to before ``starts[d + 1]``, of which the last one is always
    free; ``starts`` has shape (N + 1,) and the type of all positions.
    """

    def __init__(self, segments: Sequence[FieldSegment], size: int) -> None:
        """``size`` is the number of documents, with those of segments that lack the field."""
        end = segments[-1].start + int(segments[-1].field.doc_starts[-1]) if segments else 0
        # Some numbers stay free at the end, to which a position wraps that is shifted below 0.
        self.dtype = np.dtype(np.uint32 if end < (1 << 32) - (1 << 24) else np.uint64)
        self.starts = np.full(size + 1, end, self.dtype)
        done = 0
        for segment in segments:
            own = segment.field.doc_starts
            self.starts[done : segment.base] = segment.start
            done = segment.base + len(own) - 1
            self.starts[segment.base : done] = own[:-1] + segment.start
        # Segments agree on the size of a block unless positions are very sparse.
        bits = {segment.field.block_bits for segment in segments}
        self._block_bits = bits.pop() if len(bits) == 1 else 0
        self._block_docs: NDArray[np.unsignedinteger] | None = None
        if self._block_bits:
            narrow = np.min_scalar_type(size)
            parts = []
            for segment in segments:
                docs = segment.field.block_docs.astype(narrow, copy=False)
                parts.append(docs + narrow.type(segment.base) if segment.base else docs)
            self._block_docs = parts[0] if len(parts) == 1 else np.concatenate(parts)

    def docs(self, numbers: Numbers) -> NDArray[np.integer]:
        """The document of each position."""
        if self._block_docs is None:
            return self.starts.searchsorted(numbers, side="right") - 1
        # Converted to the index type first: NumPy would do so too, more slowly.
        return self._block_docs[(numbers >> self._block_bits).astype(np.intp)]

    def bounds(self, docs: Docs) -> "DocBounds":
        return DocBounds(self, self.starts[docs], self.starts[docs + 1])


class DocBounds(NamedTuple):
    """Where some documents begin and end in a space, both of their shape; made once to count in many times."""

    space: PositionSpace
    starts: Numbers
    ends: Numbers


class Positions:
    """Where something begins, in the documents of one space."""

    __slots__ = ("numbers", "space")

    def __init__(self, space: PositionSpace, numbers: Numbers) -> None:
        self.space = space
        self.numbers = numbers

    def __len__(self) -> int:
        return len(self.numbers)

    @property
    def nbytes(self) -> int:
        return self.numbers.nbytes

    def docs(self) -> NDArray[np.integer]:
        """The document of each, shape (len(self),)."""
        return self.space.docs(self.numbers)

    def postings(self) -> Postings:
        """The documents that have any, and how many."""
        if not len(self.numbers):
            return Postings(EMPTY, np.empty(0, np.uint32))
        docs = self.space.docs(self.numbers)
        # Where the document changes, and once more at the end.
        changes = np.empty(len(docs) + 1, np.bool_)
        changes[0] = changes[-1] = True
        np.not_equal(docs[1:], docs[:-1], out=changes[1:-1])
        bounds = changes.nonzero()[0]
        starts = bounds[:-1]
        return Postings(docs[starts].astype(np.intp), (bounds[1:] - starts).astype(np.uint32))

    def counts_in(self, bounds: DocBounds) -> NDArray[np.intp]:
        """How many are in each of the documents; nothing else is read."""
        self._check(bounds.space)
        return self.numbers.searchsorted(bounds.ends) - self.numbers.searchsorted(bounds.starts)

    def firsts(self) -> Numbers:
        """The first of each document that has any; parallel to ``postings``."""
        docs = self.space.docs(self.numbers)
        new = np.empty(len(docs), np.bool_)
        new[:1] = True
        np.not_equal(docs[1:], docs[:-1], out=new[1:])
        return self.numbers[new]

    def firsts_in(self, bounds: DocBounds) -> tuple[Numbers, NDArray[np.bool_]]:
        """The same for these documents, and whether each has any; nothing else is read."""
        self._check(bounds.space)
        at = self.numbers.searchsorted(bounds.starts)
        firsts: Numbers = self.numbers.take(at, mode="clip") if len(self.numbers) else bounds.starts
        return firsts, (firsts >= bounds.starts) & (firsts < bounds.ends) & (at < len(self.numbers))

    def within(self, docs: Docs) -> "Positions":
        """Those in ``docs``; all of them when picking out would cost more than it saves."""
        if len(docs) * _GALLOP_RATIO * 2 > len(self.numbers):
            return self
        _, starts, ends = self.space.bounds(docs)
        lo = self.numbers.searchsorted(starts)
        return Positions(self.space, self.numbers[slices(lo, self.numbers.searchsorted(ends) - lo)])

    def then(self, other: "Positions", distance: int) -> "Positions":
        """Those that ``other`` follows ``distance`` positions later (before them where it is negative)."""
        self._check(other.space)
        return Positions(self.space, _shifted_intersection(self.numbers, other.numbers, distance))

    def moved(self, distance: int) -> "Positions":
        """Each so many positions later; the tokens there must be of the same document."""
        if not distance:
            return self
        # NumPy's unsigned numbers wrap, so that adding this subtracts where it must.
        step = self.numbers.dtype.type(distance % (1 << 8 * self.numbers.dtype.itemsize))
        return Positions(self.space, self.numbers + step)

    def gaps(self, width: int, other: "Positions", window: int) -> tuple[Docs, NDArray[np.int64]]:
        """Pairs in which ``other`` begins 0 to ``window`` positions after one of these, ``width`` wide, has ended.

        Returns the document and the gap of each pair.
        """
        self._check(other.space)
        if not len(self.numbers) or not len(other.numbers):
            return EMPTY, np.empty(0, np.int64)
        ends = self.numbers + self.numbers.dtype.type(width)
        lo = other.numbers.searchsorted(ends)
        counts = other.numbers.searchsorted(ends + self.numbers.dtype.type(window), side="right") - lo
        found = other.numbers[slices(lo, counts)]
        gap = (found - np.repeat(ends, counts)).astype(np.int64)
        docs = self.space.docs(found)
        same = docs == np.repeat(self.docs(), counts)
        return docs[same].astype(np.intp), gap[same]

    def _check(self, space: PositionSpace) -> None:
        if space is not self.space:
            raise ValueError("positions of two fields or of two snapshots have nothing in common")


def _shifted_intersection(a: Numbers, b: Numbers, shift: int) -> Numbers:
    """Members ``x`` of ``a`` for which ``x + shift`` is in ``b``.

    Both are of one unsigned type. What is shifted below 0 wraps to numbers that are no positions.
    """
    if not len(a) or not len(b):
        return a[:0]
    offset = a.dtype.type(shift % (1 << 8 * a.dtype.itemsize))
    wanted = a + offset if shift else a
    if len(a) * _GALLOP_RATIO < len(b):
        ranks = b.searchsorted(wanted)
        found: Numbers = a[b.take(ranks, mode="clip") == wanted]
        return found
    if len(b) * _GALLOP_RATIO < len(a):
        moved = b - offset if shift else b
        ranks = a.searchsorted(moved)
        found = moved[a.take(ranks, mode="clip") == moved]
        return found
    # Two ascending arrays end to end: the stable sort merges them.
    both = np.concatenate((wanted, b))
    both.sort(kind="stable")
    found = both[:-1][both[1:] == both[:-1]]
    return found - offset if shift else found
