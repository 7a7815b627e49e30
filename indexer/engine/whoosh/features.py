"""In which order articles come: features scored over the arrays of a View."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import bm25
from indexer.engine.query import Bag, Feature, Literal, Near, Recency, Run
from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.positions import documents, gaps
from indexer.engine.whoosh.columnar.view import Postings
from indexer.engine.whoosh.match import Matcher, gram_postings
from indexer.engine.whoosh.schema import GRAMS, PUBLISHED, WORDS

Scores = NDArray[np.float64]

_TEXT = GRAMS["text"]
_PARAMETERS = {WORDS: bm25.WORDS, _TEXT: bm25.GRAMS}

#: Postings are searched for the documents instead of read when there are this many times more of them.
_SKEW = 24


class Scorer:
    """Scores documents of one request. It asks ``matcher`` for literals, which the match has mostly read already."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._view = matcher.view

    def scores(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """The sum of the features of each document, shape of ``docs``."""
        total = np.zeros(len(docs), np.float64)
        dense: Scores | None = None
        for feature in features:
            if isinstance(feature, Bag):
                postings, impacts, weight = self._bag(feature)
                if len(docs) * _SKEW < len(postings.docs):
                    total += self._picked(postings.docs, impacts * weight, docs)
                elif len(postings.docs):
                    if dense is None:
                        dense = np.zeros(self._view.size, np.float64)
                    np.add.at(dense, postings.docs, impacts * weight)
            else:
                total += self._other(feature, docs)
        if dense is not None:
            total += dense[docs]
        return total

    def explain(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """Each feature alone, shape (len(features), len(docs))."""
        return np.array([self.scores([feature], docs) for feature in features]).reshape(len(features), len(docs))

    def _bag(self, feature: Bag) -> tuple[Postings, Scores, float]:
        """The postings of the token, the saturated count in each of its documents, and what these are multiplied by."""
        view = self._view
        field = WORDS if feature.field == "words" else _TEXT
        term = feature.token.encode()
        postings = view.postings(field, term)
        key = field, term, "impacts"
        impacts = view.cache.get(key)
        if impacts is None:
            impacts = self._saturation(postings.docs, postings.freqs, field)
            view.cache.put(key, impacts, impacts.nbytes)
        assert isinstance(impacts, np.ndarray)
        return postings, impacts, feature.weight * self._idf(postings)

    def _other(self, feature: Run | Near | Recency, docs: Docs) -> Scores:
        match feature:
            case Run(literal, weight):
                if len(literal.grams) == 1:
                    found, counts, _ = gram_postings(self._view, literal, 0)
                else:
                    found, counts = documents(self._matcher.occurrences(literal, docs))
                worth = self._saturation(found, counts, _TEXT)
                worth *= weight * self._literal_idf(literal)
                return self._picked(found, worth, docs)
            case Near(first, second, window, weight):
                found, closeness = self._closeness(first, second, window, docs)
                return self._picked(found, weight * closeness / (closeness + 1), docs)
            case Recency(now, half_life, weight):
                values, present = self._view.numbers(PUBLISHED)
                age = np.maximum(now - values[docs].astype(np.float64), 0.0)
                fresh = weight * np.exp2(-age / half_life)
                return fresh if present is None else np.where(present[docs], fresh, 0.0)

    def _closeness(self, first: Literal, second: Literal, window: int, docs: Docs) -> tuple[Docs, Scores]:
        """``sum(1 / (1 + gap))`` of the pairs in each document that has any."""
        text = [Literal(literal.grams, literal.prefix) for literal in (first, second)]
        a, b = (self._matcher.occurrences(literal, docs) for literal in text)
        before, gap_before = gaps(a, len(first.grams), b, window)
        after, gap_after = gaps(b, len(second.grams), a, window)
        held = np.concatenate((before, after))
        near = 1 / (1 + np.concatenate((gap_before, gap_after)))
        sums: Scores = np.bincount(held, near, self._view.size).astype(np.float64, copy=False)
        found = np.flatnonzero(sums)
        return found, sums[found]

    def _saturation(self, docs: Docs, counts: Scores, field: str) -> Scores:
        worth = counts * (_PARAMETERS[field].k1 + 1)
        worth /= counts + self._norms(field)[docs]
        return worth

    def _norms(self, field: str) -> Scores:
        """``k1 * (1 - b + b * length / mean_length)`` of each document, shape (view.size,)."""

        def make() -> Scores:
            view, parameters = self._view, _PARAMETERS[field]
            lengths = view.lengths(field)
            mean = lengths[view.all].mean() if len(view.all) else 1.0
            norms: Scores = parameters.k1 * (1 - parameters.b + parameters.b * lengths / (mean or 1.0))
            return norms

        return self._view.keep((field, "norms"), make)

    def _idf(self, postings: Postings) -> float:
        return bm25.idf(len(postings.docs), len(self._view.all))

    def _literal_idf(self, literal: Literal) -> float:
        return sum(self._idf(gram_postings(self._view, literal, i, _TEXT)) for i in range(len(literal.grams)))

    def _picked(self, held: Docs, worth: Scores, docs: Docs) -> Scores:
        """``worth`` of each of ``docs``, 0 where it isn't held."""
        if len(docs) * _SKEW < len(held):
            places, found = docsets.ranks(held, docs)
            return np.where(found, worth[places], 0.0)
        dense = np.zeros(self._view.size, np.float64)
        dense[held] = worth
        return dense[docs]
