"""The terms of one field while its tokens are gathered, as numbers: sorted and spelled without a loop over them.

Three characters fit into a number of 64 bits, the first in its highest bits, so that such numbers are ordered as their
terms are, by code point, which is also the order of their UTF-8. Nearly all grams and three of four Chinese words are
that short. Longer terms are numbered in a dictionary, and only these are compared as strings.
"""

from collections.abc import Sequence
from itertools import filterfalse, pairwise

import numpy as np
from numpy.typing import NDArray

from indexer.tokens import Spellings

U64 = NDArray[np.uint64]

_SHORT = 3
_BITS = 21
"""Characters of a short term, and the bits of each."""
_LONG = np.uint64(1 << 63)
"""Set in the code of a long term; the other bits are its number."""


class Vocabulary:
    """The terms of some batches."""

    def __init__(self) -> None:
        self._codes: list[U64] = []
        self._long: dict[str, int] = {}
        # Terms so far; one that is in several batches counts as often.
        self.size = 0

    def add(self, terms: Sequence[str]) -> None:
        """Add the terms of a batch. Raises ``UnicodeEncodeError`` for half a surrogate pair."""
        codes, is_long, long = _encode(terms)
        numbers = self._long
        new = dict.fromkeys(filterfalse(numbers.__contains__, long))
        numbers.update(zip(new, range(len(numbers), len(numbers) + len(new)), strict=True))
        codes[is_long] = np.fromiter(map(numbers.__getitem__, long), np.uint64, len(long)) | _LONG
        self._codes.append(codes)
        self.size += len(terms)

    @property
    def memory(self) -> int:
        """An estimate of the bytes in use."""
        return 8 * self.size + 160 * len(self._long)

    @property
    def sort_memory(self) -> int:
        """An estimate of the bytes that ``sort`` needs besides."""
        return 56 * self.size

    def holds(self, terms: Sequence[str]) -> bool:
        """Whether one of these terms was added."""
        codes, is_long, long = _encode(terms)
        if not self._long.keys().isdisjoint(long):
            return True
        short = codes[~is_long]
        return len(short) > 0 and any(np.isin(short, known).any() for known in self._codes)

    def sort(self) -> list[U64]:
        """Number all terms in their order, each once; returns the numbers of each batch's terms."""
        distinct, inverse = np.unique(np.concatenate([np.empty(0, np.uint64), *self._codes]), return_inverse=True)
        short = distinct[: np.searchsorted(distinct, _LONG)]
        self._spellings = sorted(self._long)
        # A long term comes after every short term that is smaller than or equal to its first three characters.
        heads, *_ = _encode(self._spellings)
        short_numbers = np.arange(len(short)) + np.searchsorted(heads, short)
        long_numbers = np.arange(len(heads)) + np.searchsorted(short, heads, side="right")
        given = np.fromiter(map(self._long.__getitem__, self._spellings), np.int64, len(heads))
        numbers = np.empty(len(distinct), np.uint64)
        numbers[: len(short)] = short_numbers
        numbers[len(short) + given] = long_numbers
        self._ordered = np.empty(len(distinct), np.uint64)
        self._ordered[short_numbers] = short
        self._ordered[long_numbers] = np.arange(len(heads), dtype=np.uint64) | _LONG
        return np.split(numbers[inverse], np.cumsum([len(codes) for codes in self._codes]))[:-1]

    def spell(self, numbers: U64) -> list[bytes]:
        """The terms with these numbers of ``sort``, in UTF-8."""
        codes = self._ordered[numbers]
        long = codes >= _LONG
        points = np.empty((len(codes), _SHORT), np.uint32)
        for k in range(_SHORT):
            points[:, k] = codes >> np.uint64(_BITS * (_SHORT - 1 - k)) & np.uint64((1 << _BITS) - 1)
        points[long] = 0
        # NumPy drops the zeros behind a string.
        terms: list[str] = points.view(f"<U{_SHORT}")[:, 0].tolist()
        for index, number in zip(np.flatnonzero(long).tolist(), (codes[long] ^ _LONG).tolist(), strict=True):
            terms[index] = self._spellings[number]
        return list(map(str.encode, terms))


def _encode(terms: Sequence[str]) -> tuple[U64, NDArray[np.bool_], list[str]]:
    """The first three characters of each term as a number, zeros behind a shorter one; which are long; the long ones.

    A term with a NUL counts as long, since its number would be that of another.
    """
    if isinstance(terms, Spellings):
        points, starts, lengths = terms.points, terms.offsets[:-1], np.diff(terms.offsets)
    else:
        points = np.frombuffer("".join(terms).encode("utf-32-le"), np.uint32)
        lengths = np.fromiter(map(len, terms), np.int64, len(terms))
        starts = np.cumsum(lengths) - lengths
    codes = np.zeros(len(terms), np.uint64)
    for k in range(_SHORT):
        have = np.flatnonzero(lengths > k)
        codes[have] |= points[starts[have] + k].astype(np.uint64) << np.uint64(_BITS * (_SHORT - 1 - k))
    is_long = lengths > _SHORT
    is_long[np.searchsorted(starts, np.flatnonzero(points == 0), side="right") - 1] = True
    text = points[np.repeat(is_long, lengths)].tobytes().decode("utf-32-le")
    ends = np.cumsum(lengths[is_long]).tolist()
    return codes, is_long, [text[start:end] for start, end in pairwise([0, *ends])]
