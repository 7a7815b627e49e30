"""Postings one at a time, for Whoosh's own matchers and collectors."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from whoosh.formats import Format
from whoosh.matching.mcore import LeafMatcher, ReadTooFar

from indexer.engine.whoosh.columnar.codec.posting_values import value_maker
from indexer.engine.whoosh.columnar.storage.postings import F32
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader
from indexer.engine.whoosh.columnar.storage.small_ints import U32

BLOCK = 128
"""Postings in a block for Whoosh's block quality, which lets a collector skip blocks that can't make the top ten."""


class ColumnarMatcher(LeafMatcher):
    """The postings of one term, decoded at once: NumPy does that faster than Whoosh steps through one block."""

    def __init__(
        self,
        field: FieldReader,
        i: int,
        format_: Format,
        term: tuple[str, bytes],
        scorer: Any,
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._field = field
        self._number = i
        self._docs: U32 = field.docs(i, i + 1)
        self._ids: list[int] = self._docs.tolist()
        self._count = len(self._ids)
        self._i = 0
        self._weights: list[float] | None = None
        self._value: Callable[[int], bytes] | None = None
        self._blocks: tuple[list[float], list[int], list[int]] | None = None

    def copy(self) -> "ColumnarMatcher":
        other = ColumnarMatcher.__new__(ColumnarMatcher)
        other.__dict__.update(self.__dict__)
        return other

    def is_active(self) -> bool:
        return self._i < self._count

    def reset(self) -> None:
        self._i = 0

    def id(self) -> int:
        # Whoosh's AndNot asks an exhausted matcher too, and expects the last document as its own codec gives it.
        return self._ids[self._i] if self._i < self._count else self._ids[-1]

    def all_ids(self) -> Iterator[int]:
        return iter(self._ids)

    def next(self) -> bool:  # As every matcher of Whoosh's own does.
        """True when this begins a new block."""
        self._i += 1
        return self._i % BLOCK == 0 or self._i == self._count

    def skip_to(self, id: int) -> None:
        if self._i >= self._count:
            raise ReadTooFar
        if self._ids[self._i] < id:
            # As Python int: a needle beyond 32 bits must not wrap.
            self._i += int(np.searchsorted(self._docs[self._i :], id))

    def weight(self) -> float:
        if self._weights is None:
            self._weights = self._decoded_weights().tolist()
        return self._weights[self._i]

    def _decoded_weights(self) -> F32:
        return self._field.weights(self._number, self._number + 1)

    def value(self) -> bytes:
        if self._value is None:
            self._value = value_maker(self._field, self._number, self.format)
        return self._value(self._i)

    def all_items(self) -> Iterator[tuple[int, bytes]]:
        make = value_maker(self._field, self._number, self.format)
        return ((doc, make(k)) for k, doc in enumerate(self._ids))

    def _block_stats(self) -> tuple[list[float], list[int], list[int]]:
        """The largest weight, shortest and longest length of each block of 128."""
        if self._blocks is None:
            firsts = np.arange(0, self._count, BLOCK)
            weights = np.maximum.reduceat(self._decoded_weights(), firsts)
            lengths = self._field.lengths_of(self._number, self._docs)
            if lengths is None:
                lengths = np.ones(self._count, np.uint32)
            shortest = np.minimum.reduceat(lengths, firsts)
            longest = np.maximum.reduceat(lengths, firsts)
            self._blocks = weights.tolist(), shortest.tolist(), longest.tolist()
        return self._blocks

    def block_max_weight(self) -> float:
        return self._block_stats()[0][self._i // BLOCK]

    def block_min_length(self) -> int:
        return self._block_stats()[1][self._i // BLOCK]

    def block_max_length(self) -> int:
        return self._block_stats()[2][self._i // BLOCK]

    def block_min_id(self) -> int:
        return self._ids[self._i // BLOCK * BLOCK]

    def block_max_id(self) -> int:
        return self._ids[min((self._i // BLOCK + 1) * BLOCK, self._count) - 1]

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self._i < self._count and self.block_quality() <= minquality:
            self._i = min((self._i // BLOCK + 1) * BLOCK, self._count)
            skipped += 1
        return skipped
