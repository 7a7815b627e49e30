"""Profiles: what of an article is compared with another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise
from math import log, sqrt

import numpy as np
import numpy.typing as npt

from indexer.article import Article
from indexer.stories.fingerprint import Fingerprint, each_once, shingles, winnow, word_marks
from indexer.stories.spellings import usual_spellings
from indexer.stories.weights import word_weights
from indexer.text.analyser import Analyser
from indexer.urls import host_of

_LONGEST = 20_000
"""Characters of a text that are read: a copy of a book is known by its beginning."""

_LEAD = 400
"""Characters after the title that say what an article reports."""

_TITLE = 3
"""How often a word of the title counts as one of the lead."""

_MARKED = 12
"""Words by which those are found that may report the same."""

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NO_LETTER = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Profile:
    """One article as it is compared.

    ``moment``: epoch seconds of its publication, else of its discovery, and ``is_dated`` says which. ``publisher``:
    the source's name, else the site. ``shingles``: hashes, ascending, each once. ``numbers``: how often each figure
    stands in title and text, ``title_numbers`` those of the title; ``title``: its pairs of neighbouring characters.
    ``words``: the words of title and lead with their weights, a vector of length 1; ``subject``: the heaviest.
    """

    id: str
    moment: int
    is_dated: bool
    publisher: str
    shingles: npt.NDArray[np.uint32]
    numbers: Counter[str]
    title: frozenset[str]
    title_numbers: frozenset[str]
    words: Mapping[str, float]
    subject: str
    fingerprint: Fingerprint


class Profiler:
    """Makes profiles with one analyser."""

    def __init__(self, analyser: Analyser) -> None:
        self._analyser = analyser

    def profile(self, article: Article) -> Profile:
        """The profile of an article that the archive keeps."""
        title, text = self._analyser.fold(article.title), self._analyser.fold(article.text[:_LONGEST])
        words = self._words(title, text[:_LEAD])
        heaviest = _heaviest(words)
        in_order = shingles(_NO_LETTER.sub("", text))
        moment = article.published or article.discovered
        return Profile(
            id=article.id,
            moment=int(moment.timestamp()) if moment else 0,
            is_dated=article.published is not None,
            publisher=article.source or host_of(article.url),
            shingles=each_once(in_order),
            numbers=Counter(_NUMBER.findall(f"{title}\n{text}")),
            title=frozenset(map("".join, pairwise(_NO_LETTER.sub("", title)))),
            title_numbers=frozenset(_NUMBER.findall(title)),
            words=words,
            subject=heaviest[0] if heaviest else "",
            fingerprint=Fingerprint(winnow(in_order), word_marks(heaviest)),
        )

    def _words(self, title: str, lead: str) -> dict[str, float]:
        counts = Counter(self._analyser.cut(lead))
        for word in self._analyser.cut(title):
            counts[word] += _TITLE
        usual = usual_spellings()
        for word in sorted(counts.keys() & usual.keys()):
            counts[usual[word]] += counts.pop(word)
        weights, unknown = word_weights()
        of = weights.get
        vector = {word: of(word, unknown) for word in counts if len(word) > 1}
        for word, count in counts.items():
            if count > 1 and word in vector:
                vector[word] *= 1 + log(count)
        length = sqrt(sum(weight * weight for weight in vector.values())) or 1.0
        return {word: weight / length for word, weight in vector.items()}


def _heaviest(words: Mapping[str, float]) -> list[str]:
    # Of equally heavy words those that come first in the alphabet, so that the choice is always the same.
    return nlargest(_MARKED, sorted(words), key=words.__getitem__)
