"""How much a word tells of what a text is about: the rarer in Chinese at large, the more.

Frequencies are jieba's, not the archive's: two articles are as alike today as tomorrow, whatever else comes in.
"""

from __future__ import annotations

from functools import cache
from math import log

from indexer.text import dictionary
from indexer.text.fold import fold

_UNKNOWN = 50
"""Added to every count: a word that the dictionary does not have is a name, or a rarity of segmentation."""


class WordWeights:
    """Squared inverse document frequency, as in a cosine of tf-idf vectors, of folded words."""

    def __init__(self) -> None:
        self._found: dict[str, float] = {}

    def of(self, word: str) -> float:
        weight = self._found.get(word)
        if weight is None:
            known, total = _frequencies()
            weight = log(total / (known.get(word, 0) + _UNKNOWN)) ** 2
            # Words that nobody knows have no end; all of them weigh the same.
            if word in known:
                self._found[word] = weight
        return weight


@cache
def _frequencies() -> tuple[dict[str, int], int]:
    """Of every folded word that of its commonest spelling, and the sum of all; once a process, for it takes a while."""
    words, frequencies, _ = dictionary.read()
    folded = fold("\n".join(words)).split("\n")
    known: dict[str, int] = {}
    for word, frequency in zip(folded, frequencies, strict=True):
        known[word] = max(frequency, known.get(word, 0))
    return known, sum(frequencies)
