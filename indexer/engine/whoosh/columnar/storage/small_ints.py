"""Whole numbers that are mostly small: a byte for each; larger ones are kept apart.

Sections of ``x``: ``x.bytes`` (u8, 255 for any number from there on), ``x.large_at`` (u64, which ones these are) and
``x.large`` (u32, the numbers themselves).
"""

from bisect import bisect_left
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter

_LARGE = 255

U32 = NDArray[np.uint32]
I64 = NDArray[np.int64]


class SmallIntsWriter:
    """Appends numbers below 2**32."""

    def __init__(self, out: ContainerWriter, name: str) -> None:
        self._out = out
        self._name = name
        self._bytes = out.section(f"{name}.bytes")
        self._large_at: list[NDArray[np.uint64]] = [np.empty(0, np.uint64)]
        self._large: list[U32] = [np.empty(0, np.uint32)]
        self._count = 0

    def append(self, numbers: U32) -> None:
        self._bytes.write(np.minimum(numbers, _LARGE).astype(np.uint8).tobytes())
        large = np.flatnonzero(numbers >= _LARGE)
        self._large_at.append((large + self._count).astype(np.uint64))
        self._large.append(numbers[large])
        self._count += len(numbers)

    def finish(self) -> None:
        self._out.put(f"{self._name}.large_at", np.concatenate(self._large_at))
        self._out.put(f"{self._name}.large", np.concatenate(self._large))


class SmallInts:
    """Gives slices of what ``SmallIntsWriter`` wrote."""

    def __init__(self, file: ContainerReader, name: str) -> None:
        self._file = file
        self._name = name
        self._bytes = file.array(f"{name}.bytes", np.uint8)

    @cached_property
    def _large(self) -> tuple[list[int], U32]:
        # There are few, and every slice needs them.
        indices: list[int] = self._file.array(f"{self._name}.large_at", np.uint64).all().tolist()
        return indices, self._file.array(f"{self._name}.large", np.uint32).all()

    def slice(self, start: int, stop: int) -> NDArray[np.unsignedinteger]:
        """Numbers ``start`` to ``stop``: read-only bytes where they fit in them, else fresh."""
        numbers: NDArray[np.unsignedinteger] = self._bytes.slice(start, stop)
        indices, large = self._large
        first = bisect_left(indices, start)
        if first < len(indices) and indices[first] < stop:
            last = bisect_left(indices, stop)
            numbers = numbers.astype(np.uint32)
            numbers[np.array(indices[first:last]) - start] = large[first:last]
        return numbers
