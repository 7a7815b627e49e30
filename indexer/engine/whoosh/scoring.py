"""In which order articles come: features scored over the arrays of a snapshot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import bm25
from indexer.engine.query import Bag, Feature, Literal, Near, Recency, Run
from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.positions import DocBounds
from indexer.engine.whoosh.query_evaluator import QueryEvaluator, gram
from indexer.engine.whoosh.schema import GRAMS, WORDS

Scores = NDArray[np.float64]

_TEXT = GRAMS["text"]
_FIELDS = {"words": WORDS, "grams": _TEXT}
_PARAMETERS = {WORDS: bm25.WORDS, _TEXT: bm25.GRAMS}

_AT_ONCE = 1 << 16
"""Documents whose tokens are counted at a time, to bound memory: eight bytes each for every token of the question."""


class Scorer:
    """Scores documents of one request. It asks ``evaluator`` for literals, which the match has mostly read already."""

    def __init__(self, evaluator: QueryEvaluator) -> None:
        self._evaluator = evaluator
        self._snapshot = evaluator.snapshot
        self._columns = evaluator.columns

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
        snapshot = self._snapshot
        live, size = len(snapshot.all), len(docs)
        counts = np.empty((len(bags), size), np.float64)
        norms = np.empty((len(bags), size), np.float64)
        gains: list[float] = []
        bounds: DocBounds | None = None
        for name, field in _FIELDS.items():
            start = row = len(gains)
            factor = _PARAMETERS[field].k1 + 1
            for bag in bags:
                if bag.field != name:
                    continue
                term = snapshot.term(field, bag.token.encode())
                gains.append(bag.weight * factor * bm25.idf(term.live_df, live))
                if field == _TEXT and size * doc_sets.GALLOP_RATIO < term.count:
                    bounds = bounds or snapshot.space(field).bounds(docs)
                    counts[row] = term.positions.counts_in(bounds)
                else:
                    held, freqs = term.postings
                    counts[row] = freqs if held is docs else doc_sets.counts_at(held, freqs, docs, snapshot.size)
                row += 1
            if start < row:
                norms[start:row] = self._norms(field)[docs]
        norms += counts
        counts /= norms
        counts *= np.array(gains)[:, None]
        scores: Scores = np.add.reduce(counts, axis=0)
        return scores

    def _other(self, feature: Run | Near | Recency, docs: Docs) -> Scores:
        match feature:
            case Run(literal, weight):
                snapshot = self._snapshot
                if len(literal.grams) == 1:
                    found, counts = gram(snapshot, literal, 0).postings
                else:
                    found, counts = self._evaluator.positions(literal, docs).postings()
                gain = counts * (weight * self._literal_idf(literal) * (bm25.GRAMS.k1 + 1))
                gain /= counts + self._norms(_TEXT)[found]
                return doc_sets.counts_at(found, gain, docs, snapshot.size)
            case Near(first, second, window, weight):
                found, closeness = self._closeness(first, second, window, docs)
                return doc_sets.counts_at(found, weight * closeness / (closeness + 1), docs, self._snapshot.size)
            case Recency(now, half_life, weight):
                values, present = self._columns.published
                age = np.maximum(now - values[docs].astype(np.float64), 0.0)
                fresh = weight * np.exp2(-age / half_life)
                return fresh if present is None else np.where(present[docs], fresh, 0.0)

    def _closeness(self, first: Literal, second: Literal, window: int, docs: Docs) -> tuple[Docs, Scores]:
        """``sum(1 / (1 + gap))`` of the pairs in each document that has any."""
        text = [Literal(literal.grams, literal.prefix) for literal in (first, second)]
        a, b = (self._evaluator.positions(literal, docs) for literal in text)
        before, gap_before = a.gaps(len(first.grams), b, window)
        after, gap_after = b.gaps(len(second.grams), a, window)
        held = np.concatenate((before, after))
        near = 1 / (1 + np.concatenate((gap_before, gap_after)))
        sums: Scores = np.bincount(held, near, self._snapshot.size).astype(np.float64, copy=False)
        found = np.flatnonzero(sums)
        return found, sums[found]

    def _norms(self, field: str) -> Scores:
        return self._columns.norms(field, _PARAMETERS[field])

    def _literal_idf(self, literal: Literal) -> float:
        live = len(self._snapshot.all)
        text = Literal(literal.grams, literal.prefix)
        return sum(bm25.idf(gram(self._snapshot, text, i).live_df, live) for i in range(len(literal.grams)))
