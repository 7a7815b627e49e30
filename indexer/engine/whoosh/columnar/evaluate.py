"""Whoosh's queries evaluated over arrays.

Each class of query that is listed in ``_RULES`` has a function from the query to its documents and scores; all others,
and subclasses that a program made itself, go through their own Whoosh matcher, document by document, inside the same
tree. Hits and scores are those of ``Searcher.search(query, limit=None)``, apart from what Whoosh gets wrong:

* ``AndMaybe`` under a conjunction forgets the optional score of some documents, ``DisjunctionMax`` takes the score of
  the wrong document where only one side matches, ``AndNot`` may return a document that its second part matches, and
  ``Not`` may return deleted documents. Here they don't.

What Whoosh does on purpose or is used to is kept, also where it surprises: a ``Not`` adds 1 to the score, a pattern
that expands to one or two terms of a segment scores them although it is said to be of constant score, and a compound
query of one part ignores its own boost.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial, reduce
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh import query as q
from whoosh.scoring import BM25F, TF_IDF, Frequency
from whoosh.searching import Searcher

from . import docsets
from .docsets import EMPTY, Docs
from .positions import sloppy
from .terms import Postings, merge
from .view import View


class Matches(NamedTuple):
    """Live documents, ascending, and the score of each; ``scores`` is of the same shape."""

    docs: Docs
    scores: NDArray[np.float64]


NOTHING = Matches(EMPTY, np.empty(0, np.float64))

#: Whoosh adds up the scores of an expanded pattern in a segment of more documents than this (``Or._matcher``).
_SMALL_SEGMENT = 5000


class Evaluator:
    """Evaluates queries for one Whoosh searcher, whose leaf readers are the segments of ``view``."""

    def __init__(self, view: View, searcher: Searcher) -> None:
        self.view = view
        self.searcher = searcher
        self.schema = searcher.schema
        self._norms: dict[tuple[str, float], NDArray[np.float64]] = {}

    def matches(self, query: q.Query) -> Matches:
        """The documents that match and their scores under the searcher's weighting."""
        rule = _RULES.get(type(query))
        found = rule(self, query) if rule else None
        return self._stock(query) if found is None else found

    def docs(self, query: q.Query) -> Docs:
        return self.matches(query).docs

    # Leaves

    def term(self, query: q.Term) -> Matches | None:
        if query.minquality:
            return None
        term = self._bytes(query.fieldname, query.text)
        if term is None:
            return NOTHING
        return self._boosted(self._scored_term(query.fieldname, term), query.boost)

    def every(self, query: q.Every) -> Matches:
        if query.fieldname is None:
            docs = self.view.all
        else:
            docs = self.view.range_docs(query.fieldname, None, None) if query.fieldname in self.schema else EMPTY
        return self._constant(docs, query.boost)

    def null(self, query: q.Query) -> Matches:
        return NOTHING

    def phrase(self, query: q.Phrase) -> Matches | None:
        if query.fieldname not in self.schema or not query.words:
            return NOTHING if query.words else None
        field = self.schema[query.fieldname]
        if not field.format or not field.format.supports("positions"):
            return None
        terms = [self._bytes(query.fieldname, word) for word in query.words]
        if None in terms:
            return NOTHING
        found = [self._scored_term(query.fieldname, term) for term in terms if term is not None]
        text = self.view.text(query.fieldname)
        places = sloppy([self.view.occurrences(query.fieldname, t) for t in terms if t is not None], query.slop, text)
        docs = text.documents(places)[0]
        scores = sum((self._at(matches, docs) for matches in found), np.zeros(len(docs), np.float64))
        return self._boosted(Matches(docs, scores), query.boost)

    def multi_term(self, query: Any) -> Matches | None:
        """Prefix, Wildcard, Regex, FuzzyTerm, Variations and TermRange: Whoosh's own expansion, segment by segment."""
        if query.fieldname not in self.schema:
            return None
        if isinstance(query, q.Prefix | q.Wildcard | q.Regex):
            everything = {q.Prefix: "", q.Wildcard: "*", q.Regex: ".*"}[type(query)]
            if query.text == everything:
                return self.every(q.Every(query.fieldname, boost=query.boost))
        to_bytes = self.schema[query.fieldname].to_bytes
        summed: dict[bytes, list[int]] = {}
        constant: list[Docs] = []
        for s, (leaf, base) in enumerate(self.searcher.leaf_searchers()):
            words = query._btexts(leaf.reader())
            terms = [word if isinstance(word, bytes) else to_bytes(word) for word in words if word]
            if len(terms) <= 1 or not self._is_constant(query, len(terms), leaf.doc_count_all()):
                for term in terms:
                    summed.setdefault(term, []).append(s)
            else:
                constant.append(self._segment_docs(query.fieldname, terms, s, base))
        parts = []
        for term, segments in summed.items():
            found = self._scored_term(query.fieldname, term)
            if len(segments) < len(self.view.segments):
                found = self._in_segments(found, segments)
            parts.append(self._boosted(found, query.boost))
        if constant:
            parts.append(self._constant(np.concatenate(constant), 1.0))
        return self._sum(parts)

    def numeric_range(self, query: q.NumericRange) -> Matches | None:
        if query.fieldname not in self.schema or not query.constantscore:
            return None
        compiled = query._compile_query(self.searcher.reader())
        if compiled == q.NullQuery:
            return NOTHING
        spans = compiled.child.subqueries if isinstance(compiled.child, q.Or) else [compiled.child]
        found = []
        for span in spans:
            if isinstance(span, q.Term):
                found.append(self.view.postings(query.fieldname, span.text).docs)
            else:
                found.append(self.view.range_docs(query.fieldname, span.start, span.end + b"\0"))
        return self._constant(docsets.union(found, self.view.size), query.boost)

    # Compounds

    def conjunction(self, query: q.And) -> Matches:
        parts = [self.matches(part) for part in query.subqueries]
        if len(parts) == 1:
            return parts[0]
        if not parts or min(len(part.docs) for part in parts) == 0:
            return NOTHING
        parts.sort(key=lambda part: len(part.docs))
        docs = reduce(partial(docsets.intersect, universe=self.view.size), (part.docs for part in parts))
        scores = sum((self._at(part, docs) for part in parts), np.zeros(len(docs), np.float64))
        return self._boosted(Matches(docs, scores), query.boost)

    def disjunction(self, query: q.Or) -> Matches | None:
        if query.scale:
            return None
        parts = [self.matches(part) for part in query.subqueries]
        return parts[0] if len(parts) == 1 else self._boosted(self._sum(parts), query.boost)

    def maximum(self, query: q.DisjunctionMax) -> Matches:
        parts = [self.matches(part) for part in query.subqueries]
        if len(parts) == 1:
            return parts[0]
        docs = docsets.union([part.docs for part in parts], self.view.size)
        scores = np.full(len(docs), -np.inf)
        for part in parts:
            places = docs.searchsorted(part.docs)
            scores[places] = np.maximum(scores[places], part.scores)
        return self._boosted(Matches(docs, scores), query.boost)

    def negation(self, query: q.Not) -> Matches:
        return self._constant(docsets.subtract(self.view.all, self.docs(query.query), self.view.size), 1.0)

    def and_not(self, query: q.AndNot) -> Matches:
        found = self.matches(query.a)
        return self._only(found, docsets.subtract(found.docs, self.docs(query.b), self.view.size))

    def require(self, query: q.Require) -> Matches:
        found = self.matches(query.a)
        return self._only(found, docsets.intersect(found.docs, self.docs(query.b), self.view.size))

    def and_maybe(self, query: q.AndMaybe) -> Matches:
        found = self.matches(query.a)
        return Matches(found.docs, found.scores + self._at(self.matches(query.b), found.docs))

    def constant_score(self, query: q.ConstantScoreQuery) -> Matches:
        return self._constant(self.docs(query.child), query.score)

    # Scores

    def _scored_term(self, field: str, term: bytes) -> Matches:
        postings = self.view.postings(field, term)
        if not len(postings.docs):
            return NOTHING
        return Matches(postings.docs, self._scores(field, term, postings))

    def _scores(self, field: str, term: bytes, postings: Postings) -> NDArray[np.float64]:
        """The weighting's score of a term in each of its documents."""
        weighting = self.searcher.weighting
        weights = self.view.weights(field, term)
        if type(weighting) is Frequency:
            return weights
        if type(weighting) is TF_IDF:
            frequency: float = self.searcher.idf(field, term)
            return weights * frequency
        if type(weighting) is BM25F:
            if not self.schema[field].scorable:
                return weights
            k1: float = weighting.K1
            norms = self._length_norms(field, weighting)
            idf: float = self.searcher.idf(field, term)
            scores: NDArray[np.float64] = weights * (idf * (k1 + 1))
            scores /= weights + norms[postings.docs]
            return scores
        return self._stock(q.Term(field, term)).scores

    def _length_norms(self, field: str, weighting: BM25F) -> NDArray[np.float64]:
        """``K1 * (1 - B + B * length / average)`` of each document, shape (N,); a length of 0 counts as 1."""
        b = weighting._field_B.get(field, weighting.B)

        def make() -> NDArray[np.float64]:
            average = self.searcher.avg_field_length(field) or 1
            lengths = np.maximum(self.view.lengths(field), 1)
            norms: NDArray[np.float64] = weighting.K1 * ((1 - b) + b * lengths / average)
            return norms

        return self.view.keep((field, "norms", weighting.K1, b), make)

    def _stock(self, query: q.Query) -> Matches:
        """What Whoosh's own matchers say."""
        docs: list[int] = []
        scores: list[float] = []
        for leaf, base in self.searcher.leaf_searchers():
            matcher = query.matcher(leaf, leaf.context())
            step = 0
            while matcher.is_active():
                # Whoosh's collectors simplify the matcher so often, and ``Or(scale=...)`` scores by what is left.
                if step % 10 == 0:
                    matcher = matcher.replace()
                    if not matcher.is_active():
                        break
                step += 1
                docs.append(matcher.id() + base)
                scores.append(matcher.score())
                matcher.next()
        found = np.array(docs, np.intp)
        values = np.array(scores, np.float64)
        if self.view.live is not None:
            alive = self.view.live[found]
            found, values = found[alive], values[alive]
        return Matches(found, values)

    # Helpers

    def _bytes(self, field: str, text: Any) -> bytes | None:
        if field not in self.schema:
            return None
        try:
            term: bytes = self.schema[field].to_bytes(text)
        except ValueError:
            return None
        return term

    def _is_constant(self, query: Any, terms: int, documents_: int) -> bool:
        """Whether Whoosh gives all documents of a segment the score 1 that hold any of so many expanded terms."""
        if not query.constantscore:
            return False
        return terms >= q.Or.TOO_MANY_CLAUSES or (terms != 2 and documents_ <= _SMALL_SEGMENT)

    def _segment_docs(self, field: str, terms: Sequence[bytes], segment: int, base: int) -> Docs:
        arrays = self.view.segments[segment].field(field)
        assert arrays is not None
        members = np.zeros(self.view.segments[segment].doc_count_all, np.bool_)
        first, last = arrays.find(terms[0]), arrays.find(terms[-1])
        if last - first + 1 == len(terms):
            members[arrays.docs(first, last + 1)] = True
        else:
            for i in map(arrays.find, terms):
                members[arrays.docs(i, i + 1)] = True
        deleted = self.view.segments[segment].deleted
        if deleted is not None:
            members &= ~deleted
        return np.flatnonzero(members) + base

    def _in_segments(self, found: Matches, segments: Iterable[int]) -> Matches:
        ends = [*self.view.bases[1:], self.view.size]
        kept = np.zeros(len(found.docs), np.bool_)
        for s in segments:
            lo, hi = found.docs.searchsorted((self.view.bases[s], ends[s]))
            kept[lo:hi] = True
        return Matches(found.docs[kept], found.scores[kept])

    def _constant(self, docs: Docs, score: float) -> Matches:
        return Matches(docs, np.full(len(docs), score, np.float64))

    def _boosted(self, found: Matches, boost: float) -> Matches:
        return found if boost == 1.0 else Matches(found.docs, found.scores * boost)

    def _sum(self, parts: Sequence[Matches]) -> Matches:
        if not parts:
            return NOTHING
        docs = np.concatenate([part.docs for part in parts])
        return Matches(*merge(Postings(docs, np.concatenate([part.scores for part in parts])), self.view.size))

    def _at(self, found: Matches, docs: Docs) -> NDArray[np.float64]:
        """The scores of ``docs``, 0 for those that don't match."""
        places, held = docsets.ranks(found.docs, docs)
        return np.where(held, found.scores[places], 0.0) if len(found.docs) else np.zeros(len(docs))

    def _only(self, found: Matches, docs: Docs) -> Matches:
        return Matches(docs, found.scores[found.docs.searchsorted(docs)])


_RULES: dict[type, Callable[[Evaluator, Any], Matches | None]] = {
    q.Term: Evaluator.term,
    q.Every: Evaluator.every,
    type(q.NullQuery): Evaluator.null,
    q.Phrase: Evaluator.phrase,
    q.Prefix: Evaluator.multi_term,
    q.Wildcard: Evaluator.multi_term,
    q.Regex: Evaluator.multi_term,
    q.FuzzyTerm: Evaluator.multi_term,
    q.Variations: Evaluator.multi_term,
    q.TermRange: Evaluator.multi_term,
    q.NumericRange: Evaluator.numeric_range,
    q.DateRange: Evaluator.numeric_range,
    q.And: Evaluator.conjunction,
    q.Or: Evaluator.disjunction,
    q.DisjunctionMax: Evaluator.maximum,
    q.Not: Evaluator.negation,
    q.AndNot: Evaluator.and_not,
    q.Require: Evaluator.require,
    q.AndMaybe: Evaluator.and_maybe,
    q.ConstantScoreQuery: Evaluator.constant_score,
}
