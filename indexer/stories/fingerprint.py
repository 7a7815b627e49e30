"""Fingerprints: the few hundred bytes of an article by which those are found that may be like it.

Shingles are runs of five folded letters and characters, hashed. Of every ``_WINDOW`` that follow each other the one
with the smallest hash is kept (winnowing: Schleimer, Wilkerson, Aiken 2003, "Winnowing: local algorithms for document
fingerprinting"): two texts that share a run of ``_WINDOW + SHINGLE - 1`` characters share a mark, wherever it stands.
A mark is 24 bits of a hash: among the articles of a fortnight hardly any two marks are the same by chance, and several
never.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

RULES = 1_000_002
"""Which rules fingerprints, likeness and stories are made by: another number finds all stories anew. It is greater than
the counts of shingles that stood in its place before there was one."""

SHINGLE = 5
_DOUBLINGS = 5
_WINDOW = 2**_DOUBLINGS

_BYTES = 3
_MASK = np.uint32(0xFFFFFF)
_PRIME = np.uint64(1_000_003)
_MIX, _MIX_AGAIN = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9)


def shingles(text: str) -> npt.NDArray[np.uint32]:
    """The hashes of all runs of ``SHINGLE`` characters, in the order of the text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    count = len(codes) - SHINGLE + 1
    if count <= 0:
        return np.zeros(0, np.uint32)
    hashes = np.zeros(count, np.uint64)
    for place in range(SHINGLE):
        hashes = hashes * _PRIME ^ codes[place : place + count]
    # Neighbouring characters must not make neighbouring hashes, or common ones would always be the smallest.
    hashes *= _MIX
    hashes ^= hashes >> np.uint64(29)
    hashes *= _MIX_AGAIN
    return (hashes ^ hashes >> np.uint64(32)).astype(np.uint32)


def winnow(hashes: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The marks of a text, ascending, each once."""
    if not len(hashes):
        return hashes
    if len(hashes) < _WINDOW:
        return each_once(hashes.min(keepdims=True) & _MASK)
    least = hashes
    for doubling in range(_DOUBLINGS):
        # The least of two neighbouring windows is that of one twice as wide.
        least = np.minimum(least[: -(2**doubling)], least[2**doubling :])
    return each_once(least & _MASK)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``shingles``: the winnowed marks of a text; ``words``: hashes of the words that tell most. Ascending."""

    shingles: npt.NDArray[np.uint32]
    words: npt.NDArray[np.uint32]

    def to_bytes(self) -> bytes:
        """Which rules it was made by, how many shingles there are, the shingles, the words: little-endian numbers of
        three bytes."""
        numbers = np.concatenate(([RULES, len(self.shingles)], self.shingles, self.words)).astype("<u4")
        return numbers.view(np.uint8).reshape(-1, 4)[:, :_BYTES].tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises ``ValueError`` for what ``to_bytes`` has not made."""
        if not is_current(data) or len(data) % _BYTES:
            raise ValueError("not a fingerprint")
        padded = np.zeros((len(data) // _BYTES, 4), np.uint8)
        padded[:, :_BYTES] = np.frombuffer(data, np.uint8).reshape(-1, _BYTES)
        _, count, *_ = numbers = padded.view("<u4").ravel().astype(np.uint32)
        if count > len(numbers) - 2:
            raise ValueError("not a fingerprint")
        return cls(numbers[2 : 2 + count], numbers[2 + count :])


def is_current(data: bytes) -> bool:
    """Whether a fingerprint was made by the rules of this program; else stories are to be found anew."""
    return len(data) >= 2 * _BYTES and int.from_bytes(data[:_BYTES], "little") == RULES


def word_marks(words: Iterable[str]) -> npt.NDArray[np.uint32]:
    """Hashes of words, ascending, each once."""
    return each_once(np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint32) & _MASK)


def each_once(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The numbers ascending, each once."""
    ascending = np.sort(numbers)
    return ascending[np.append(True, ascending[1:] != ascending[:-1])] if len(ascending) else ascending
