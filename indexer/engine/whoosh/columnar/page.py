"""What a result page shows, from the documents that match: the best of them, and counts by value."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Order = Sequence[Callable[[NDArray[np.intp]], NDArray[Any]]]
"""Functions from entry numbers to sort keys, each ascending, the first one first."""


def best(entries: NDArray[np.intp], limit: int, keys: Order) -> NDArray[np.intp]:
    """The ``limit`` first of the entries.

    A later key is only asked for entries that tie on all earlier ones and may still be among the first, so it may be
    costly. What ties on every key stays in the order given.
    """
    if limit <= 0 or not len(entries):
        return entries[:0]
    if not keys or len(entries) == 1:
        return entries[:limit]
    values = keys[0](entries)
    if len(entries) > limit:
        kept = values <= np.partition(values, limit - 1)[limit - 1]
        entries, values = entries[kept], values[kept]
    order = values.argsort(kind="stable")
    entries, values = entries[order], values[order]
    new = np.flatnonzero(values[1:] != values[:-1]) + 1
    if len(new) == len(values) - 1:
        return entries[:limit]
    chosen: list[NDArray[np.intp]] = []
    left = limit
    for start, end in pairwise([0, *new.tolist(), len(values)]):
        tied = entries[start:end]
        chosen.append(best(tied, left, keys[1:]) if end - start > 1 else tied[:left])
        left -= len(chosen[-1])
        if left <= 0:
            break
    return np.concatenate(chosen)


def counts(codes: NDArray[np.intp], limit: int) -> list[tuple[int, int]]:
    """``(code, how often)`` of the codes that occur, ascending; -1 stands for "none" and doesn't count.

    All codes are below ``limit``.
    """
    if limit > 16 * len(codes) + 4096:
        found, tally = np.unique(codes[codes >= 0], return_counts=True)
    else:
        every = np.bincount(codes + 1, minlength=1)[1:]
        found = every.nonzero()[0]
        tally = every[found]
    return list(zip(found.tolist(), tally.tolist(), strict=True))
