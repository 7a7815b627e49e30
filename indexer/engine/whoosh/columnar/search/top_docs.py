"""The first documents by sort keys (Lucene: TopDocs), and counts of values."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

_FEW = 64
"""So many entries are cheaper sorted by all keys at once than group by group."""

Entries = NDArray[np.intp]
"""Numbers of entries of an array."""

Keys = Sequence[Callable[[Entries], NDArray[Any]]]
"""Functions from entry numbers to sort keys, each ascending, the first one first."""


def top_k(values: NDArray[Any], limit: int, later: Keys = (), entries: Entries | None = None) -> Entries:
    """The ``limit`` entries with the smallest ``values``, in order.

    ``values`` are of the entries 0, 1, ... or of ``entries``. A later key is only asked for entries that tie on all
    earlier ones and may still be among the first, so it may be costly. What ties on every key stays in the order given.
    """
    if limit <= 0:
        return np.empty(0, np.intp)
    if len(values) > limit + _FEW and values.dtype.kind in "iuf":
        # The smallest of each of ``limit`` parts: none of the best is above the largest of them.
        width = len(values) // limit
        bound = np.minimum.reduce(values[: limit * width].reshape(limit, width), axis=1).max()
        kept = (values <= bound).nonzero()[0]
        values = values[kept]
        entries = kept if entries is None else entries[kept]
    if len(values) > limit + _FEW:
        parted = values.copy()
        parted.partition(limit - 1)
        kept = (values <= parted[limit - 1]).nonzero()[0]
        values = values[kept]
        entries = kept if entries is None else entries[kept]
    order = values.argsort(kind="stable")
    values = values[order]
    entries = order if entries is None else entries[order]
    new = (values[1:] != values[:-1]).nonzero()[0]
    if len(new) + 1 >= len(values) or not later:
        return entries[:limit]
    if len(values) <= _FEW:
        return entries[np.lexsort([key(entries) for key in reversed(later)] + [values])[:limit]]
    chosen: list[Entries] = []
    left = limit
    for start, end in pairwise([0, *(new + 1).tolist(), len(values)]):
        tied = entries[start:end]
        chosen.append(top_k(later[0](tied), left, later[1:], tied) if end - start > 1 else tied[:left])
        left -= len(chosen[-1])
        if left <= 0:
            break
    return np.concatenate(chosen)


def count_values(codes: NDArray[np.integer], limit: int) -> list[tuple[int, int]]:
    """``(code, how often)`` of the codes that occur, ascending; 0 stands for "none" and doesn't count.

    All codes are up to ``limit``.
    """
    if limit > 16 * len(codes) + 4096:
        found, tally = np.unique(codes[codes > 0], return_counts=True)
    else:
        every = np.bincount(codes, minlength=1)
        every[0] = 0
        found = every.nonzero()[0]
        tally = every[found]
    return list(zip(found.tolist(), tally.tolist(), strict=True))
