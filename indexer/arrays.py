"""Helpers for arrays that hold lists of different lengths end to end."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Int64s = NDArray[np.int64]


def offsets_of(lengths: Sequence[int] | NDArray[np.integer]) -> Int64s:
    """Where each of consecutive slices of these lengths starts, and where the last one ends: the running sums.

    Shape (n + 1,).
    """
    offsets = np.zeros(len(lengths) + 1, np.int64)
    np.cumsum(lengths, dtype=np.int64, out=offsets[1:])
    return offsets


def slices(starts: NDArray[np.integer], lengths: NDArray[np.integer]) -> Int64s:
    """The indices of many slices, one slice after another: ``starts[0], starts[0] + 1, …, starts[1], …``."""
    # Not by ``offsets_of``: a search calls this for few and short slices, where each step of NumPy counts.
    ends = np.cumsum(lengths, dtype=np.int64)
    total = int(ends[-1]) if len(ends) else 0
    indices: Int64s = np.repeat(starts - ends + lengths, lengths) + np.arange(total)
    return indices


def group_starts(values: NDArray[Any]) -> NDArray[np.intp]:
    """Where a value differs from the one before it, and 0: the first entry of each group of equal neighbours."""
    is_first = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=is_first[1:])
    return is_first.nonzero()[0]


def narrowed(values: NDArray[np.integer]) -> NDArray[np.unsignedinteger]:
    """The same non-negative numbers in the narrowest unsigned type."""
    return values.astype(np.min_scalar_type(int(values.max(initial=0))))
