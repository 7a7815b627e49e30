"""Phrases and nearness over occurrences: ascending arrays of places, as ``terms`` describes.

A shift by ``n`` positions is an addition of ``n``, and "both here" is an intersection of two ascending arrays.
Documents take care of themselves as long as a chain of tokens without a gap is looked for, because there is a free
place between any two; where gaps are allowed the documents are compared.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .docsets import EMPTY, Docs
from .terms import Occurrences, Term, Text

#: A binary search for each of n needles costs about as much as merging 16 n elements.
_SKEW = 16


def restrict(occurrences: Occurrences, docs: Docs, text: Text) -> Occurrences:
    """Occurrences in ``docs``; all of them when picking out would cost more than it saves."""
    if len(docs) * _SKEW * 2 > len(occurrences):
        return occurrences
    lo = occurrences.searchsorted(text.firsts[docs])
    counts = occurrences.searchsorted(text.firsts[docs + 1]) - lo
    return occurrences[_ranges(lo, counts)]


def common(a: Occurrences, b: Occurrences, shift: int = 0) -> Occurrences:
    """Members ``x`` of ``a`` for which ``x + shift`` is in ``b``.

    Both are of one unsigned type. What is shifted below 0 wraps to numbers that are no places.
    """
    if not len(a) or not len(b):
        return a[:0]
    # NumPy's unsigned numbers wrap, so that adding this subtracts where it must.
    offset = a.dtype.type(shift % (1 << 8 * a.dtype.itemsize))
    wanted = a + offset if shift else a
    if len(a) * _SKEW < len(b):
        places = b.searchsorted(wanted)
        found: Occurrences = a[b.take(places, mode="clip") == wanted]
        return found
    if len(b) * _SKEW < len(a):
        moved = b - offset if shift else b
        places = a.searchsorted(moved)
        found = moved[a.take(places, mode="clip") == moved]
        return found
    # Two ascending runs: the stable sort is a merge.
    both = np.concatenate((wanted, b))
    both.sort(kind="stable")
    found = both[:-1][both[1:] == both[:-1]]
    return found - offset if shift else found


def phrase(tokens: Sequence[tuple[int, Term]], docs: Docs | None, text: Text) -> Occurrences:
    """Where all tokens stand, each ``offset`` positions after the place that is returned.

    ``tokens`` are pairs of offset and term, for each offset from 0 on. The rarest goes first, so that what is left
    only shrinks; places outside ``docs`` may be left out.
    """
    order = sorted(tokens, key=lambda token: token[1].count)
    offset, term = order[0]
    found = term.occurrences
    if docs is not None:
        found = restrict(found, docs, text)
    for other, term in order[1:]:
        if not len(found):
            break
        found = common(found, term.occurrences, other - offset)
    return found - found.dtype.type(offset) if offset else found


def gaps(
    first: Occurrences, width: int, second: Occurrences, window: int, text: Text
) -> tuple[Docs, NDArray[np.int64]]:
    """Pairs in which ``second`` starts 0 to ``window`` positions after ``first``, ``width`` positions wide, has ended.

    Returns the document and the gap of each pair.
    """
    if not len(first) or not len(second):
        return EMPTY, np.empty(0, np.int64)
    ends = first + first.dtype.type(width)
    lo = second.searchsorted(ends)
    counts = second.searchsorted(ends + first.dtype.type(window), side="right") - lo
    found = second[_ranges(lo, counts)]
    gap = (found - np.repeat(ends, counts)).astype(np.int64)
    docs = text.docs(found)
    same = docs == np.repeat(text.docs(first), counts)
    return docs[same].astype(np.intp), gap[same]


def _ranges(starts: NDArray[np.intp], counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """``concatenate([arange(s, s + c) for s, c in zip(starts, counts)])``."""
    ends = counts.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + counts, counts) + np.arange(total)
