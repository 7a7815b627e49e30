"""Sets of documents as ascending arrays of document numbers, and the operations on them. (Lucene: DocIdSet.)

``universe`` is the number of documents that the numbers may come from. Where two sets are of similar size, a table of
one byte per document beats every merge (two passes without a branch); where one is much smaller, a binary search for
each of its members beats reading the larger one.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Docs = NDArray[np.intp]

GALLOP_RATIO = 24
"""A set is searched instead of read when it is this many times larger than the other."""

EMPTY: Docs = np.empty(0, np.intp)
EMPTY.flags.writeable = False


def table(docs: Docs, universe: int) -> NDArray[np.bool_]:
    """Shape (universe,), True for members."""
    members = np.zeros(universe, np.bool_)
    members[docs] = True
    return members


def ranks(docs: Docs, wanted: Docs) -> tuple[Docs, NDArray[np.bool_]]:
    """The index of each of ``wanted`` in ``docs`` and whether it is there: ``(ranks, found)``, shape of ``wanted``."""
    found = docs.searchsorted(wanted)
    if not len(docs):
        return found, np.zeros(len(wanted), np.bool_)
    np.minimum(found, len(docs) - 1, out=found)
    return found, docs[found] == wanted


def counts_at(held: Docs, counts: NDArray[Any], docs: Docs, universe: int) -> NDArray[Any]:
    """For each of ``docs`` its entry of ``counts``, which is parallel to ``held``; 0 where that lacks it."""
    if not len(held):
        return np.zeros(len(docs), np.uint8)
    # A table has to be cleared first, at a quarter of what filling it takes.
    if len(docs) * GALLOP_RATIO < max(len(held), universe // 4):
        at = held.searchsorted(docs)
        found: NDArray[Any] = counts.take(at, mode="clip") * (held.take(at, mode="clip") == docs)
        return found
    dense = np.zeros(universe, counts.dtype)
    dense[held] = counts
    picked: NDArray[Any] = dense[docs]
    return picked


def is_subset(a: Docs, b: Docs, universe: int) -> bool:
    return len(a) <= len(b) and bool(table(b, universe)[a].all())


def intersect(a: Docs, b: Docs, universe: int) -> Docs:
    if len(a) > len(b):
        a, b = b, a
    if not len(a):
        return EMPTY
    if len(a) * GALLOP_RATIO < len(b):
        return a[ranks(b, a)[1]]
    return a[table(b, universe)[a]]


def subtract(a: Docs, b: Docs, universe: int) -> Docs:
    """Members of ``a`` that are not in ``b``."""
    if not len(a) or not len(b):
        return a
    if len(a) * GALLOP_RATIO < len(b):
        return a[~ranks(b, a)[1]]
    return a[~table(b, universe)[a]]


def union(sets: Sequence[Docs], universe: int) -> Docs:
    if not sets:
        return EMPTY
    if len(sets) == 1:
        return sets[0]
    members = np.zeros(universe, np.bool_)
    for docs in sets:
        members[docs] = True
    return np.flatnonzero(members)


def at_least(sets: Sequence[Docs], count: int, universe: int) -> Docs:
    """Members of at least ``count`` of the sets."""
    if count <= 1:
        return union(sets, universe)
    if count > len(sets):
        return EMPTY
    tally = np.zeros(universe, np.uint16)
    for docs in sets:
        tally[docs] += 1
    return np.flatnonzero(tally >= count)
