"""Units: what literal search counts in.

A unit is one Han character, one run of other letters, one run of digits, or one symbol. Punctuation and space stand
between units and are none. Everything here takes folded text.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.text import characters
from indexer.text.fold import CODE_POINTS

BREAK, HAN, LETTER, DIGIT, SYMBOL = range(5)

LONGEST = 64
"""A run is cut off after so many characters (identically in articles and in questions): no word is longer."""


def _classes() -> npt.NDArray[np.uint8]:
    by_category = {"L": LETTER, "M": LETTER, "N": DIGIT, "S": SYMBOL}
    classes = np.zeros(CODE_POINTS, np.uint8)
    # The supplementary planes hold letters (rare scripts) and symbols (emoji); above them is nothing but Han.
    low = [by_category.get(unicodedata.category(chr(c))[0], BREAK) for c in range(0x3400)]
    classes[: len(low)] = low
    for start, end in ((0xA000, 0x12000), (0x16000, 0x19000), (0x1B000, 0x1FC00)):
        classes[start:end] = [by_category.get(unicodedata.category(chr(c))[0], BREAK) for c in range(start, end)]
    classes[[ord(character) for character in "#%&@"]] = SYMBOL
    for block in characters.HAN:
        classes[block.start : block.stop] = HAN
    return classes


CLASSES = _classes()
"""The class of each code point."""

_CLASS_BYTES = CLASSES.tobytes()


def units(text: str) -> list[tuple[int, int, int]]:
    """The units of a folded text as ``(class, start, end)``."""
    found: list[tuple[int, int, int]] = []
    previous = BREAK
    for offset, character in enumerate(text):
        kind = _CLASS_BYTES[ord(character)]
        if kind == previous and kind in (LETTER, DIGIT):
            found[-1] = (kind, found[-1][1], offset + 1)
        elif kind != BREAK:
            found.append((kind, offset, offset + 1))
        previous = kind
    return found


class UnitColumns(NamedTuple):
    """The units of many texts, in order."""

    kinds: npt.NDArray[np.uint8]
    starts: npt.NDArray[np.int64]
    ends: npt.NDArray[np.int64]


class Texts:
    """Many folded texts end to end. No unit spans two of them.

    ``codes`` holds their code points, text ``i`` at ``codes[offsets[i]:offsets[i + 1]]``; ``text`` is the same as a
    string.
    """

    def __init__(self, codes: npt.NDArray[np.uint32], offsets: npt.NDArray[np.int64]) -> None:
        self.codes = codes
        self.offsets = offsets
        self.text = codes.tobytes().decode("utf-32-le", "surrogatepass")
        self.units = _unit_columns(codes, offsets[:-1])


def _unit_columns(codes: npt.NDArray[np.uint32], starts: npt.NDArray[np.int64]) -> UnitColumns:
    kinds = CLASSES[codes]
    begins = kinds != BREAK
    runs = (kinds[1:] == kinds[:-1]) & ((kinds[1:] == LETTER) | (kinds[1:] == DIGIT))
    boundary = np.zeros(len(codes) + 1, np.bool_)
    boundary[starts] = True
    begins[1:] &= ~(runs & ~boundary[1:-1])
    first = np.flatnonzero(begins)
    kind = kinds[first]
    ends = first + 1
    long = np.flatnonzero((kind == LETTER) | (kind == DIGIT))
    if len(long):
        # A run ends where the class changes or the text does.
        changes = np.flatnonzero(np.append((kinds[1:] != kinds[:-1]) | boundary[1:-1], True)) + 1
        ends[long] = changes[np.searchsorted(changes, first[long], side="right")]
    return UnitColumns(kind, first, ends)
