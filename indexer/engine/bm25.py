"""BM25's constants and formulas, the same for every engine.

Okapi BM25 as in Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", with the idf of Lucene, which is
never negative. Tuned on judged data: see ``docs/relevance.md``.
"""

from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class Parameters:
    """``k1`` bounds what repeating a token adds; ``b``, from 0 to 1, is how much the length of an article counts."""

    k1: float
    b: float


WORDS = Parameters(k1=0.5, b=0.75)
GRAMS = Parameters(k1=0.5, b=0.75)
"""Of the gram stream; also of phrases, which are runs of grams."""


EARLY = Parameters(k1=4.0, b=0.0)
"""Of the gram stream where it is counted how early a gram stands."""


def earliness(first: Any, length: Any) -> Any:
    """How often a gram counts that first stands at this position of an article of so many (ints, or arrays of them):
    five times in the first tenth of it, three times in the first half, then once."""
    return 1 + 2 * (10 * first < length) + 2 * (2 * first < length)


BREVITY = ((0, 1.0), (1_500, 0.9), (3_000, 0.75))
"""What a name counts in an article whose body has at least so many positions: a long programme mentions many."""


def brevity(length: Any) -> Any:
    """The factor of ``BREVITY`` for a length (an int, or an array of them)."""
    bounds, factors = zip(*BREVITY, strict=True)
    return np.take(factors, np.searchsorted(bounds, length, side="right") - 1)


def idf(frequency: int, documents: int) -> float:
    """The weight of a token that occurs in ``frequency`` of ``documents`` articles."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
