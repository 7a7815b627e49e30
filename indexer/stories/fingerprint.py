"""Fingerprints: the few hundred bytes of an article by which those are found that may be like it.

Shingles are runs of five folded letters and characters, hashed. Of every ``_WINDOW`` that follow each other the one
with the smallest hash is kept (winnowing: Schleimer, Wilkerson, Aiken 2003, "Winnowing: local algorithms for document
fingerprinting"): two texts that share a run of ``_WINDOW + SHINGLE - 1`` characters share a mark, wherever it stands.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from zlib import crc32

import numpy as np
import numpy.typing as npt

SHINGLE = 5
_WINDOW = 24

_MARK = np.dtype("<u4")
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
    windows = np.lib.stride_tricks.sliding_window_view(hashes, min(_WINDOW, len(hashes)))
    return each_once(windows.min(axis=1))


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """``shingles``: the winnowed marks of a text; ``words``: hashes of the words that tell most. Ascending."""

    shingles: npt.NDArray[np.uint32]
    words: npt.NDArray[np.uint32]

    def to_bytes(self) -> bytes:
        """How many shingles there are, the shingles, the words: 32-bit little-endian numbers."""
        return np.concatenate(([len(self.shingles)], self.shingles, self.words)).astype(_MARK).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Raises ``ValueError`` for what ``to_bytes`` has not made."""
        numbers = np.frombuffer(data, _MARK).astype(np.uint32)
        if not len(numbers) or numbers[0] >= len(numbers) + (numbers[0] == 0):
            raise ValueError("not a fingerprint")
        end = int(numbers[0]) + 1
        return cls(numbers[1:end], numbers[end:])


def word_marks(words: Iterable[str]) -> npt.NDArray[np.uint32]:
    """Hashes of words, ascending, each once."""
    return each_once(np.array([crc32(word.encode("utf-8", "surrogatepass")) for word in words], np.uint32))


def each_once(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint32]:
    """The numbers ascending, each once."""
    ascending = np.sort(numbers)
    return ascending[np.append(True, ascending[1:] != ascending[:-1])] if len(ascending) else ascending
