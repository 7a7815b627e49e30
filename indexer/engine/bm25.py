"""BM25's constants and formulas, the same for every engine.

Okapi BM25 as in Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework", with the idf of Lucene, which is
never negative. Tuned on judged data: see ``docs/relevance.md``.
"""

from dataclasses import dataclass
from math import log


@dataclass(frozen=True, slots=True)
class Parameters:
    """``k1`` bounds what repetition adds, ``b`` is how much a long article is held to be repetitive."""

    k1: float
    b: float


WORDS = Parameters(k1=0.5, b=0.75)
GRAMS = Parameters(k1=0.5, b=0.75)
"""Of the gram stream; also of literals, which are runs of grams."""


def idf(frequency: int, documents: int) -> float:
    """The weight of a token that ``frequency`` of ``documents`` articles hold."""
    return log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


def saturation(count: float, length: int, mean_length: float, parameters: Parameters) -> float:
    """What ``count`` occurrences are worth in an article of ``length`` tokens: 0 to ``k1 + 1``."""
    if not count:
        return 0.0
    norm = parameters.k1 * (1 - parameters.b + parameters.b * length / mean_length)
    return count * (parameters.k1 + 1) / (count + norm)
