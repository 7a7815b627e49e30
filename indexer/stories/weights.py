"""How much a word tells of what a text is about: the rarer in Chinese at large, the more.

Frequencies are jieba's, not the archive's: two articles are as alike today as tomorrow, whatever else comes in.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import log

from indexer.text import dictionary
from indexer.text.fold import fold

_UNKNOWN = 50
"""Added to every count: a word that the dictionary does not have is a name, or a rarity of segmentation."""


@cache
def word_weights() -> tuple[Mapping[str, float], float]:
    """Squared inverse document frequency, as in a cosine of tf-idf vectors, of every folded word of the dictionary, and
    of any other. Made once a process, for it takes a while."""
    words, frequencies, _ = dictionary.read()
    folded = fold("\n".join(words)).split("\n")
    known: dict[str, int] = {}
    for word, frequency in zip(folded, frequencies, strict=True):
        # Several words may fold to one, which is as frequent as its commonest.
        known[word] = max(frequency, known.get(word, 0))
    total = sum(frequencies)
    return {word: log(total / (count + _UNKNOWN)) ** 2 for word, count in known.items()}, log(total / _UNKNOWN) ** 2
