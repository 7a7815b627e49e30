"""What parts two sets of articles: the words that mark each against the other, counted by stories.

An article that belongs to both marks neither, and is left out. Words are first judged by the articles that hold them;
for those that stand out most, stories are counted, so that a text that many reprint does not speak for itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import log2

from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import And, Not, Query, Word
from search_app.query.parameters import Parameter
from search_app.search.aggregations.significant_terms import SURE, least_of, log_likelihood_ratio, ranked, words_of
from search_app.search.library import Library
from search_app.search.results import described

AGAINST = Parameter("against", "Another question; the other parameters hold for both.", "疫苗 source:联合早报", "query")

_TIMES = 2
"""How many times as many words are judged by stories as are shown."""


@dataclass(frozen=True, slots=True)
class MarkingTerm:
    """A word that marks one set against another."""

    text: str
    stories: int = field(metadata=described("Stories of this set that hold it."))
    other: int = field(metadata=described("Stories of the other set that do."))
    effect: float = field(metadata=described("How often the share doubles from the other set to this one.", 2))
    score: float = field(metadata=described("Log-likelihood ratio of the stories.", 3))


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two sets without what they have in common, and the words that mark each, surest first."""

    stories: int = field(metadata=described("Stories of what was asked."))
    other: int = field(metadata=described("Stories of what it is compared with."))
    common: int = field(metadata=described("Articles that belong to both, and are left out."))
    terms: Sequence[MarkingTerm] = field(metadata=described("What marks what was asked."))
    other_terms: Sequence[MarkingTerm] = field(metadata=described("What marks what it is compared with."))


def contrast(library: Library, asked: Query, against: Query, limit: int = 20) -> Contrast:
    """What parts the articles of two questions."""
    index = library.index
    one, two = And((asked, Not(against))), And((against, Not(asked)))
    (first, words), (second, others) = words_of(library, one), words_of(library, two)
    both = list(dict.fromkeys((*words, *others)))
    counts = index.doc_freqs(both, one), index.doc_freqs(both, two)
    sure = [term.text for term in ranked(both, *counts, first.total, second.total)[: _TIMES * limit]]
    sure_others = [term.text for term in ranked(both, *counts[::-1], second.total, first.total)[: _TIMES * limit]]
    return Contrast(
        stories=first.stories,
        other=second.stories,
        common=index.search(SearchRequest(match=And((asked, against)), limit=0)).total,
        terms=_marking(index, sure, (one, first.stories), (two, second.stories))[:limit],
        other_terms=_marking(index, sure_others, (two, second.stories), (one, first.stories))[:limit],
    )


def _marking(
    index: SearchIndex, words: Sequence[str], here: tuple[Query, int], there: tuple[Query, int]
) -> list[MarkingTerm]:
    """The words with a surely larger share of the stories here; each set is given with how many it has."""
    (match, size), (other_match, rest) = here, there
    terms = []
    for word in words:
        stories, other = (
            index.search(SearchRequest(match=And((Word(word), each)), limit=0)).stories for each in (match, other_match)
        )
        score = log_likelihood_ratio(stories, size, other, rest)
        if stories >= least_of(size) and score > SURE:
            # Half a story more in each: a word may stand in none of the others.
            effect = log2((stories + 0.5) / (size + 1)) - log2((other + 0.5) / (rest + 1))
            terms.append(MarkingTerm(word, stories, other, effect, score))
    return sorted(terms, key=lambda term: (-term.score, term.text))
