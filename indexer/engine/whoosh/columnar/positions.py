"""Phrases and nearness over occurrences: ascending arrays of ``document << POSITION_BITS | position``.

A shift by ``n`` positions is an addition of ``n``, and "both here" is an intersection of two ascending arrays; the
document takes care of itself, because positions never reach into the bits above them.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .docsets import EMPTY, Docs
from .view import NO_OCCURRENCES, POSITION_BITS, Occurrences

#: A binary search for each of n needles costs about as much as merging 16 n elements.
_SKEW = 16


def documents(occurrences: Occurrences) -> tuple[Docs, NDArray[np.float64]]:
    """The documents of the occurrences and how many stand in each."""
    if not len(occurrences):
        return EMPTY, np.empty(0, np.float64)
    docs = (occurrences >> POSITION_BITS).astype(np.intp, copy=False)
    first = np.empty(len(docs), np.bool_)
    first[0] = True
    np.not_equal(docs[1:], docs[:-1], out=first[1:])
    starts = np.flatnonzero(first)
    return docs[starts], np.diff(starts, append=len(docs)).astype(np.float64)


def restrict(occurrences: Occurrences, docs: Docs) -> Occurrences:
    """Occurrences in ``docs``; all of them when picking out would cost more than it saves."""
    if len(docs) * _SKEW * 2 > len(occurrences):
        return occurrences
    keys = docs.astype(np.int64) << POSITION_BITS
    lo = occurrences.searchsorted(keys)
    counts = occurrences.searchsorted(keys + (1 << POSITION_BITS)) - lo
    return occurrences[_ranges(lo, counts)]


def common(a: Occurrences, b: Occurrences, shift: int = 0) -> Occurrences:
    """Members ``x`` of ``a`` for which ``x + shift`` is in ``b``."""
    if not len(a) or not len(b):
        return NO_OCCURRENCES
    wanted = a + shift if shift else a
    if len(a) * _SKEW < len(b):
        places = b.searchsorted(wanted)
        np.minimum(places, len(b) - 1, out=places)
        kept: Occurrences = a[b[places] == wanted]
        return kept
    if len(b) * _SKEW < len(a):
        moved = b - shift if shift else b
        places = a.searchsorted(moved)
        np.minimum(places, len(a) - 1, out=places)
        kept = moved[a[places] == moved]
        return kept
    # Two ascending runs: the stable sort is a merge.
    both = np.concatenate((wanted, b))
    both.sort(kind="stable")
    found: Occurrences = both[:-1][both[1:] == both[:-1]]
    if shift:
        found -= shift
    return found


def phrase(tokens: Sequence[tuple[int, Occurrences]]) -> Occurrences:
    """Where all tokens stand, each ``offset`` positions after the place that is returned.

    ``tokens`` are pairs of offset and occurrences. The rarest goes first, so that what is left only shrinks.
    """
    order = sorted(tokens, key=lambda token: len(token[1]))
    offset, found = order[0]
    for other, occurrences in order[1:]:
        found = common(found, occurrences, other - offset)
        if not len(found):
            break
    return found - offset if offset else found


def sloppy(tokens: Sequence[Occurrences], slop: int) -> Occurrences:
    """Where a chain of tokens ends, each at most ``slop`` positions after the one before (Whoosh's ``SpanNear2``)."""
    ends = tokens[0]
    for occurrences in tokens[1:]:
        places = ends.searchsorted(occurrences) - 1
        ends = occurrences[(places >= 0) & (occurrences - ends[places] <= slop)] if len(ends) else NO_OCCURRENCES
    return ends


def gaps(first: Occurrences, width: int, second: Occurrences, window: int) -> tuple[Docs, NDArray[np.int64]]:
    """Pairs in which ``second`` starts 0 to ``window`` positions after ``first``, ``width`` positions wide, has ended.

    Returns the document and the gap of each pair.
    """
    if not len(first) or not len(second):
        return EMPTY, np.empty(0, np.int64)
    ends = first + width
    lo = second.searchsorted(ends)
    counts = second.searchsorted(ends + window, side="right") - lo
    found = second[_ranges(lo, counts)]
    gap = found - np.repeat(ends, counts)
    return (found >> POSITION_BITS).astype(np.intp, copy=False), gap


def _ranges(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """``concatenate([arange(s, s + c) for s, c in zip(starts, counts)])``."""
    ends = counts.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + counts, counts) + np.arange(total)
