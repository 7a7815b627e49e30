"""In which order articles come: features scored over the arrays of a View."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import bm25
from indexer.engine.query import Bag, Feature, Literal, Near, Recency, Run
from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.positions import gaps
from indexer.engine.whoosh.columnar.terms import Occurrences, counts_between
from indexer.engine.whoosh.match import Matcher, gram
from indexer.engine.whoosh.schema import GRAMS, WORDS

Scores = NDArray[np.float64]

_TEXT = GRAMS["text"]
_FIELDS = {"words": WORDS, "grams": _TEXT}
_PARAMETERS = {WORDS: bm25.WORDS, _TEXT: bm25.GRAMS}

#: Documents whose tokens are counted at a time, to bound memory: eight bytes each for every token of the question.
_AT_ONCE = 1 << 16


class Scorer:
    """Scores documents of one request. It asks ``matcher`` for literals, which the match has mostly read already."""

    def __init__(self, matcher: Matcher) -> None:
        self._matcher = matcher
        self._view = matcher.view
        self._columns = matcher.columns

    def scores(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """The sum of the features of each document, shape of ``docs``."""
        bags = [feature for feature in features if isinstance(feature, Bag)]
        if not len(docs) or not bags:
            total = np.zeros(len(docs), np.float64)
        elif len(docs) <= _AT_ONCE:
            total = self._bags(bags, docs)
        else:
            parts = (docs[start : start + _AT_ONCE] for start in range(0, len(docs), _AT_ONCE))
            total = np.concatenate([self._bags(bags, part) for part in parts])
        for feature in features:
            if not isinstance(feature, Bag):
                total += self._other(feature, docs)
        return total

    def explain(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """Each feature alone, shape (len(features), len(docs))."""
        return np.array([self.scores([feature], docs) for feature in features]).reshape(len(features), len(docs))

    def _bags(self, bags: Sequence[Bag], docs: Docs) -> Scores:
        """BM25 of all tokens at once: how often each stands in each document is one table."""
        view = self._view
        live, size = len(view.all), len(docs)
        counts = np.empty((len(bags), size), np.float64)
        norms = np.empty((len(bags), size), np.float64)
        worth: list[float] = []
        bounds: tuple[Occurrences, Occurrences] | None = None
        for name, field in _FIELDS.items():
            start = row = len(worth)
            factor = _PARAMETERS[field].k1 + 1
            for bag in bags:
                if bag.field != name:
                    continue
                term = view.term(field, bag.token.encode())
                worth.append(bag.weight * factor * bm25.idf(term.live_df, live))
                if field == _TEXT and size * docsets.SKEW < term.count:
                    bounds = bounds or view.text(field).bounds(docs)
                    counts[row] = counts_between(term.occurrences, bounds)
                else:
                    held, freqs = term.postings
                    counts[row] = freqs if held is docs else docsets.counts_at(held, freqs, docs, view.size)
                row += 1
            if start < row:
                norms[start:row] = self._norms(field)[docs]
        norms += counts
        counts /= norms
        counts *= np.array(worth)[:, None]
        scores: Scores = np.add.reduce(counts, axis=0)
        return scores

    def _other(self, feature: Run | Near | Recency, docs: Docs) -> Scores:
        match feature:
            case Run(literal, weight):
                view = self._view
                if len(literal.grams) == 1:
                    found, counts = gram(view, literal, 0).postings
                else:
                    found, counts = view.text(GRAMS[literal.field]).documents(self._matcher.occurrences(literal, docs))
                worth = counts * (weight * self._literal_idf(literal) * (bm25.GRAMS.k1 + 1))
                worth /= counts + self._norms(_TEXT)[found]
                return docsets.counts_at(found, worth, docs, view.size)
            case Near(first, second, window, weight):
                found, closeness = self._closeness(first, second, window, docs)
                return docsets.counts_at(found, weight * closeness / (closeness + 1), docs, self._view.size)
            case Recency(now, half_life, weight):
                values, present = self._columns.published
                age = np.maximum(now - values[docs].astype(np.float64), 0.0)
                fresh = weight * np.exp2(-age / half_life)
                return fresh if present is None else np.where(present[docs], fresh, 0.0)

    def _closeness(self, first: Literal, second: Literal, window: int, docs: Docs) -> tuple[Docs, Scores]:
        """``sum(1 / (1 + gap))`` of the pairs in each document that has any."""
        places = self._view.text(_TEXT)
        text = [Literal(literal.grams, literal.prefix) for literal in (first, second)]
        a, b = (self._matcher.occurrences(literal, docs) for literal in text)
        before, gap_before = gaps(a, len(first.grams), b, window, places)
        after, gap_after = gaps(b, len(second.grams), a, window, places)
        held = np.concatenate((before, after))
        near = 1 / (1 + np.concatenate((gap_before, gap_after)))
        sums: Scores = np.bincount(held, near, self._view.size).astype(np.float64, copy=False)
        found = np.flatnonzero(sums)
        return found, sums[found]

    def _norms(self, field: str) -> Scores:
        return self._columns.norms(field, _PARAMETERS[field])

    def _literal_idf(self, literal: Literal) -> float:
        live = len(self._view.all)
        text = Literal(literal.grams, literal.prefix)
        return sum(bm25.idf(gram(self._view, text, i).live_df, live) for i in range(len(literal.grams)))
