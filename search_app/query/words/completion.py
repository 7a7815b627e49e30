"""Completion: what a half-typed word may become, by characters, pinyin, initials, or any mixture of them.

Each character of an entry may be typed as itself, as the pinyin of one of its readings, or as that pinyin's initial;
the last one also as any beginning of its pinyin: 特朗普 is ``特朗``, ``telangp``, ``tlp``, ``特lp`` and ``te朗pu``.
Apostrophes may part syllables (``xi'an``), ü is typed v or ü. Latin names lead to the usual Chinese spelling.

Entries are kept sorted, so those that begin with the same characters lie side by side: a question walks from range to
range, one character at a time, and never looks at entries that it cannot become.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nsmallest
from typing import NamedTuple

from indexer.text.fold import fold
from indexer.text.lexicon import Lexicon
from indexer.text.pinyin import parts, readings
from indexer.text.variants import Variants

LONGEST = 24
"""Characters of what is completed; of anything longer there are no completions."""

_LAST = "\U0010ffff"
"""Stands behind all other characters."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to ask, and in how many articles it stood when the index was built."""

    text: str
    count: int


class _Range(NamedTuple):
    """The entries ``low`` to ``high`` (exclusive), which share their first ``depth`` characters."""

    low: int
    high: int
    depth: int


class Completer:
    """Completions from one lexicon. Safe to use from many threads."""

    def __init__(self, lexicon: Lexicon, variants: Variants) -> None:
        self._counts = lexicon.counts
        self._ranks = {entry: rank for rank, entry in enumerate(lexicon.counts)}
        self._han = lexicon.han
        self._latin = sorted({*((entry, entry) for entry in lexicon.latin), *self._latin_names(variants)})
        self._branches: dict[_Range, dict[str, list[_Range]]] = {}

    def _latin_names(self, variants: Variants) -> Iterator[tuple[str, str]]:
        """Latin forms of names, each with the spelling that stands in the most articles."""
        for group in variants.groups:
            spellings = [spelling for spelling in group.spellings if spelling in self._ranks]
            if spellings:
                usual = max(spellings, key=lambda spelling: self._counts[spelling])
                yield from ((form, usual) for form in group.asked if form.isascii())

    def complete(self, typed: str, limit: int = 10) -> list[Suggestion]:
        """What ``typed`` may become, the best first: a name of several Latin words, or else its last word; the words
        before that are kept."""
        last = "" if typed[-1:].isspace() else "".join(typed.split()[-1:])
        kept = typed[: len(typed) - len(last)]
        word, text = fold(last), fold(typed).lstrip()
        if word and kept.strip() and len(text) <= LONGEST and (whole := self._named(text)):
            kept, entries = "", whole
        elif 0 < len(word) <= LONGEST:
            ranges = self._walk(word, whole=False)
            entries = {self._han[place] for found in ranges for place in range(found.low, found.high)}
            entries |= self._named(word)
        else:
            return []
        kept = re.sub(r"\S+", lambda word: self._meant(word[0]), kept)
        best = nsmallest(limit, entries.difference(kept.split()), key=self._ranks.__getitem__)
        return [Suggestion(kept + entry, self._counts[entry]) for entry in best]

    def _meant(self, word: str) -> str:
        """A finished word: what sounds like it where it is pinyin, and no word that the archive has."""
        if not word.isascii() or fold(word) in self._counts:
            return word
        return next(iter(self.sounding(word)), word)

    def sounding(self, typed: str) -> list[str]:
        """The entries whose whole pinyin is ``typed`` (characters in it stand for themselves), the best first."""
        if not 1 < len(typed) <= LONGEST:
            return []
        ends = self._walk(fold(typed), whole=True)
        # The entry that begins all others of its range is the first of them.
        entries = {self._han[end.low] for end in ends if len(self._han[end.low]) == end.depth}
        return sorted(entries, key=self._ranks.__getitem__)

    def _named(self, prefix: str) -> set[str]:
        """The entries that a Latin word or name with this prefix leads to."""
        start = bisect_left(self._latin, (prefix, ""))
        end = bisect_left(self._latin, (prefix + _LAST, ""))
        return {entry for _, entry in self._latin[start:end]}

    def _walk(self, typed: str, *, whole: bool) -> set[_Range]:
        """The ranges of entries whose first characters are typed as ``typed``."""
        typed = typed.replace("ü", "v")
        found: set[_Range] = set()
        seen = {(_Range(0, len(self._han), 0), 0)}
        waiting = list(seen)
        while waiting:
            parent, place = waiting.pop()
            for child in self._branch(parent).get(typed[place], ()):
                for size in _pieces(self._han[child.low][parent.depth], typed, place, whole):
                    end = place + size
                    end += end < len(typed) and typed[end] == "'"
                    if end == len(typed):
                        found.add(child)
                    elif (child, end) not in seen:
                        seen.add((child, end))
                        waiting.append((child, end))
        return found

    def _branch(self, parent: _Range) -> dict[str, list[_Range]]:
        """The ranges of one character more, by that character and by the letters that its readings begin with."""
        if (known := self._branches.get(parent)) is not None:
            return known
        branch: dict[str, list[_Range]] = {}
        low = parent.low
        while low < parent.high:
            entry = self._han[low]
            if len(entry) == parent.depth:
                low += 1
                continue
            high = bisect_left(self._han, entry[: parent.depth + 1] + _LAST, low, parent.high)
            child = _Range(low, high, parent.depth + 1)
            character = entry[parent.depth]
            for key in dict.fromkeys([character, *(reading[0] for reading in readings(character))]):
                branch.setdefault(key, []).append(child)
            low = high
        self._branches[parent] = branch
        return branch


def _pieces(character: str, typed: str, place: int, whole: bool) -> set[int]:
    """How many characters of ``typed`` from ``place`` on may stand for ``character``; with ``whole`` no initials."""
    letter = typed[place]
    if letter == character:
        return {1}
    sizes: set[int] = set()
    for reading in readings(character):
        if reading[0] != letter:
            continue
        if typed.startswith(reading, place):
            sizes.add(len(reading))
        if not whole:
            sizes.add(1)
            initial, _ = parts(reading)
            if len(initial) > 1 and typed.startswith(initial, place):
                sizes.add(len(initial))
            if reading.startswith(typed[place:]):
                sizes.add(len(typed) - place)
    return sizes
