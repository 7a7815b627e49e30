"""Many ascending lists of numbers, read one by one without unpacking anything.

All numbers are below a bound, the *universe*. A short list stands as it is, in 32 bits a number (64 for a universe
beyond that). A long one keeps the lower 16 bits of each number, and for each chunk of 65,536 numbers how many of the
list are in it, from which the upper bits follow by one ``np.repeat``: roaring bitmaps take the same step
(https://roaringbitmap.org, where a chunk is a container). A list is long where that is smaller. In a universe of up to
65,536 all upper bits are zero and every list is a slice of 16-bit numbers.

Sections of ``x``: ``x.counts`` (see ``small_ints``: the length of each list), ``x.whole`` (u32 or u64, all short
lists), ``x.low`` (u16, all long ones), ``x.chunks`` (u16, for each long list how many numbers are in each chunk; u32
for a list of 65,536 numbers and more).
"""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import offsets_of
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.small_ints import I64, U32, SmallInts, SmallIntsWriter

_LOW_BITS = 16
_WIDE = 1 << 16
"""A list of so many numbers may have more in a chunk than 16 bits can say."""

Numbers = NDArray[np.unsignedinteger]


class SortedListsWriter:
    """Writes lists of numbers below ``universe``."""

    def __init__(self, out: ContainerWriter, name: str, universe: int) -> None:
        self._counts = SmallIntsWriter(out, f"{name}.counts")
        self._chunk_count = _chunk_count(universe)
        self._dtype = _dtype(universe)
        self._low = out.section(f"{name}.low")
        self._whole = out.section(f"{name}.whole")
        self._chunks = out.section(f"{name}.chunks")

    def append(self, numbers: Numbers, counts: U32) -> None:
        """The next ``len(counts)`` lists, end to end, each ascending."""
        self._counts.append(counts)
        if self._chunk_count == 1:
            self._low.write(numbers.astype("<u2").tobytes())
            return
        long = _is_long(counts, self._chunk_count)
        members = np.repeat(long, counts)
        self._whole.write(numbers[~members].astype(self._dtype).tobytes())
        numbers = numbers[members]
        if len(numbers):
            self._low.write(numbers.astype("<u2").tobytes())
            counts = counts[long]
            lists = np.repeat(np.arange(len(counts)), counts)
            chunks = lists * self._chunk_count + (numbers >> _LOW_BITS).astype(np.int64)
            tally = np.bincount(chunks, minlength=len(counts) * self._chunk_count).reshape(-1, self._chunk_count)
            for row, wide in zip(tally, (counts >= _WIDE).tolist(), strict=True):
                self._chunks.write(row.astype("<u4" if wide else "<u2").tobytes())

    def finish(self) -> None:
        self._counts.finish()


class SortedLists:
    """Reads what ``SortedListsWriter`` wrote: ``count`` lists of numbers below ``universe``."""

    def __init__(self, file: ContainerReader, name: str, universe: int, count: int) -> None:
        self._count = count
        self._counts = SmallInts(file, f"{name}.counts")
        self._chunk_count = _chunk_count(universe)
        self._dtype = _dtype(universe).newbyteorder("=")
        self._low = file.array(f"{name}.low", np.uint16)
        # The lists that need no unpacking: the short ones, or all in a small universe.
        self._plain = self._low if self._chunk_count == 1 else file.array(f"{name}.whole", self._dtype)
        self._chunks = file.array(f"{name}.chunks", np.uint16)
        self._upper = np.arange(self._chunk_count).astype(self._dtype) << self._dtype.type(_LOW_BITS)

    # Eight bytes a list, kept: every question needs some of them, and unpacking all takes milliseconds.

    @cached_property
    def bounds(self) -> I64:
        """Where each list begins if all are laid end to end and, last, where the last one ends, shape (count + 1,)."""
        return offsets_of(self._counts.slice(0, self._count))

    @cached_property
    def _plain_bounds(self) -> I64:
        """As ``bounds`` if only the plain lists are laid end to end: a list of length 0 there is a long one."""
        if not len(self._long[0]):
            return self.bounds
        counts = self._counts.slice(0, self._count).astype(np.uint32)
        counts[self._long[0]] = 0
        return offsets_of(counts)

    @cached_property
    def _long(self) -> tuple[I64, I64, I64]:
        """The numbers of the long lists; where each begins and the last one ends, in ``low`` and in ``chunks``."""
        counts = self._counts.slice(0, self._count)
        long = np.flatnonzero(_is_long(counts, self._chunk_count)) if self._chunk_count > 1 else np.empty(0, np.int64)
        counts = counts[long]
        return (
            long,
            offsets_of(counts),
            offsets_of(np.where(counts >= _WIDE, 2, 1).astype(np.uint32) * self._chunk_count),
        )

    def __getitem__(self, i: int) -> Numbers:
        """List ``i``, read-only where it needs no unpacking."""
        bounds = self._plain_bounds
        start, stop = bounds.item(i), bounds.item(i + 1)
        return self._plain.slice(start, stop) if start < stop else self._read_long(i)

    def _read_long(self, i: int) -> Numbers:
        long, starts, marks = self._long
        rank = int(long.searchsorted(i))
        numbers: Numbers = self._low.slice(starts.item(rank), starts.item(rank + 1)).astype(self._dtype)
        counts = self._chunks.slice(marks.item(rank), marks.item(rank + 1))
        numbers += self._upper.repeat(counts if len(counts) == self._chunk_count else counts.view("<u4"))
        return numbers

    def slice(self, i: int, j: int) -> Numbers:
        """The lists ``i`` to ``j`` end to end."""
        if j - i == 1:
            return self[i]
        bounds = self._plain_bounds
        plain: Numbers = self._plain.slice(bounds.item(i), bounds.item(j))
        first, last = self._long[0].searchsorted((i, j)).tolist()
        if first == last:
            return plain
        parts: list[Numbers] = []
        done = 0
        for number in self._long[0][first:last].tolist():
            ahead = bounds.item(number) - bounds.item(i)
            parts += plain[done:ahead], self._read_long(number)
            done = ahead
        return np.concatenate((*parts, plain[done:]))


def _chunk_count(universe: int) -> int:
    """The number of chunks of 65,536 in a universe, rounded up."""
    return max(1, -(-universe >> _LOW_BITS))


def _dtype(universe: int) -> np.dtype[np.unsignedinteger]:
    return np.dtype("<u4" if universe <= 1 << 32 else "<u8")


def _is_long(counts: NDArray[np.unsignedinteger], chunks: int) -> NDArray[np.bool_]:
    """Where two bytes a number and two a chunk, or four, are less than four bytes a number."""
    return (counts > chunks) & ((counts < _WIDE) | (counts > 2 * chunks))
