"""In which order articles come: features scored over the arrays of a snapshot."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine import bm25
from indexer.engine.query import (
    And,
    ConstantScore,
    CountedPhrase,
    Feature,
    Phrase,
    PhraseScore,
    ProximityScore,
    Recency,
    SpellingsScore,
    TermScore,
)
from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.positions import DocBounds, Postings
from indexer.engine.whoosh.query_evaluator import QueryEvaluator, gram
from indexer.engine.whoosh.schema import GRAMS, WORDS

Scores = NDArray[np.float64]

_TEXT = GRAMS["text"]
_PARAMETERS = {WORDS: bm25.WORDS, _TEXT: bm25.GRAMS}

_AT_ONCE = 1 << 16
"""Documents whose tokens are counted at a time, to bound memory: eight bytes each for every token of the question."""


class Scorer:
    """Scores documents of one request. It asks ``evaluator`` for phrases, which the match has mostly read already."""

    def __init__(self, evaluator: QueryEvaluator) -> None:
        self._evaluator = evaluator
        self._snapshot = evaluator.snapshot
        self._columns = evaluator.columns

    def scores(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """The sum of the features of each document, shape of ``docs``."""
        bags = [feature for feature in features if isinstance(feature, TermScore)]
        if not len(docs) or not bags:
            total = np.zeros(len(docs), np.float64)
        elif len(docs) <= _AT_ONCE:
            total = self._bags(bags, docs)
        else:
            parts = (docs[start : start + _AT_ONCE] for start in range(0, len(docs), _AT_ONCE))
            total = np.concatenate([self._bags(bags, part) for part in parts])
        for feature in features:
            if not isinstance(feature, TermScore):
                total += self._other(feature, docs)
        return total

    def explain(self, features: Sequence[Feature], docs: Docs) -> Scores:
        """Each feature alone, shape (len(features), len(docs))."""
        return np.array([self.scores([feature], docs) for feature in features]).reshape(len(features), len(docs))

    def _bags(self, bags: Sequence[TermScore], docs: Docs) -> Scores:
        """BM25 of all tokens at once: how often each stands in each document is one table."""
        snapshot = self._snapshot
        live, size = len(snapshot.all), len(docs)
        counts = np.empty((len(bags), size), np.float64)
        norms = np.empty((len(bags), size), np.float64)
        gains: list[float] = []
        bounds: DocBounds | None = None
        for row, bag in enumerate(bags):
            if bag.field == "words":
                term = snapshot.term(WORDS, bag.token.encode())
                held, freqs = term.postings
                counts[row] = doc_sets.counts_at(held, freqs, docs, snapshot.size)
                norms[row] = self._norms(WORDS)[docs]
                gains.append(bag.weight * (bm25.WORDS.k1 + 1) * bm25.idf(term.live_df, live))
                continue
            term = snapshot.term(_TEXT, bag.token.encode())
            bounds = bounds or snapshot.space(_TEXT).bounds(docs)
            if size * doc_sets.GALLOP_RATIO < term.count:
                firsts, holds = term.positions.firsts_in(bounds)
            else:
                held = term.postings.docs
                firsts = doc_sets.counts_at(held, term.firsts, docs, snapshot.size)
                holds = doc_sets.counts_at(held, np.ones(len(held), np.bool_), docs, snapshot.size)
            lengths = snapshot.lengths(_TEXT)[docs]
            counts[row] = bm25.earliness(np.where(holds, firsts - bounds.starts, 0), lengths) * holds
            norms[row] = bm25.EARLY.k1
            gains.append(bag.weight * (bm25.EARLY.k1 + 1) * bm25.idf(term.live_df, live))
        norms += counts
        counts /= norms
        counts *= np.array(gains)[:, None]
        scores: Scores = np.add.reduce(counts, axis=0)
        return scores

    def _other(
        self, feature: PhraseScore | SpellingsScore | ProximityScore | Recency | ConstantScore, docs: Docs
    ) -> Scores:
        match feature:
            case PhraseScore(phrase, weight):
                snapshot = self._snapshot
                found, counts = self._occurrences(phrase, docs)
                gain = counts * (weight * self._phrase_idf(phrase) * (bm25.GRAMS.k1 + 1))
                gain /= counts + self._norms(_TEXT)[found]
                return doc_sets.counts_at(found, gain, docs, snapshot.size)
            case SpellingsScore(spellings, weight):
                return weight * self._spellings(spellings, docs)
            case ProximityScore(first, second, windows, weight):
                return weight * self._windows(first, second, windows, docs)
            case Recency(now, half_life, weight):
                values, present = self._columns.published
                age = np.maximum(now - values[docs].astype(np.float64), 0.0)
                fresh = weight * np.exp2(-age / half_life)
                return fresh if present is None else np.where(present[docs], fresh, 0.0)
            case ConstantScore(query, weight):
                held = doc_sets.table(self._evaluator.docs(query), self._snapshot.size)[docs]
                return held.astype(np.float64) * weight

    def _occurrences(self, phrase: Phrase, docs: Docs) -> Postings:
        """The documents that hold a phrase, and how often; those outside ``docs`` may be left out."""
        if phrase.prefix and len(phrase.grams) == 1:
            return self._snapshot.prefix_postings(GRAMS[phrase.field], phrase.grams[0].encode())
        if len(phrase.grams) == 1:
            return gram(self._snapshot, phrase, 0).postings
        return self._evaluator.positions(phrase, docs).postings()

    def _spellings(self, spellings: Sequence[CountedPhrase], docs: Docs) -> Scores:
        snapshot = self._snapshot
        size = snapshot.size
        best = np.zeros(len(docs))
        where = []
        for spelling in spellings:
            text = Phrase(spelling.phrase.grams, spelling.phrase.prefix)
            counting = self._evaluator.docs(And((text, spelling.within)))
            where.append(counting)
            found, counts = self._occurrences(spelling.phrase, docs)
            here = doc_sets.counts_at(found, counts, docs, size) * doc_sets.table(counting, size)[docs]
            np.maximum(best, spelling.share * here / (here + 1), out=best)
        idf = bm25.idf(len(doc_sets.union(where, size)), len(snapshot.all))
        scores: Scores = idf * bm25.brevity(self._columns.body_lengths[docs]) * best
        return scores

    def _windows(self, first: Phrase, second: Phrase, windows: Sequence[int], docs: Docs) -> Scores:
        """In how many of the windows the two stand together in each document."""
        text = [Phrase(phrase.grams, phrase.prefix) for phrase in (first, second)]
        a, b = (self._evaluator.positions(phrase, docs) for phrase in text)
        widest = max(windows)
        before, gap_before = a.gaps(len(first.grams), b, widest)
        after, gap_after = b.gaps(len(second.grams), a, widest)
        held = np.concatenate((before, after))
        gaps = np.concatenate((gap_before, gap_after))
        size = self._snapshot.size
        counts = np.zeros(size, np.float64)
        for window in windows:
            counts += doc_sets.table(held[gaps <= window], size)
        return counts[docs]

    def _norms(self, field: str) -> Scores:
        return self._columns.norms(field, _PARAMETERS[field])

    def _phrase_idf(self, phrase: Phrase) -> float:
        live = len(self._snapshot.all)
        text = Phrase(phrase.grams, phrase.prefix)
        if phrase.prefix and len(phrase.grams) == 1:
            return bm25.idf(len(self._occurrences(text, self._snapshot.all).docs), live)
        return sum(bm25.idf(gram(self._snapshot, text, i).live_df, live) for i in range(len(phrase.grams)))
