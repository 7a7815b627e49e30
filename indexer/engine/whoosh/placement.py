"""Where runs of text stand: in what part of the article, how often, and how near to each other.

A run is an interval of positions in the space of the text, and so are sentences, paragraphs, title and lead. So all of
this is searching in ascending arrays; for each run that comes first, only the nearest that comes after it matters,
since whatever keeps that one out keeps out those behind it too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.query import LEAD, Near, Run, Stands
from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.schema import BOUNDARIES, GRAMS
from indexer.errors import IndexCorrupt
from indexer.tokens import PARAGRAPH, SENTENCE

if TYPE_CHECKING:
    from indexer.engine.whoosh.query_evaluator import QueryEvaluator

_TEXT = GRAMS["text"]
_BEGINNINGS = {"sentence": SENTENCE.encode(), "paragraph": PARAGRAPH.encode()}

_Numbers = NDArray[np.int64]


class _Places(NamedTuple):
    """Where a run stands: the first positions, ascending, and the document of each."""

    starts: _Numbers
    docs: NDArray[np.integer]
    width: int

    @property
    def ends(self) -> _Numbers:
        """The positions after the last ones."""
        return self.starts + self.width


def docs(evaluator: QueryEvaluator, query: Stands | Near, within: Docs) -> Docs:
    """The documents of ``within`` that match."""
    reader = _Reader(evaluator, query, within)
    match query:
        case Stands(runs, at_least=at_least):
            found = _often(list(reader.places(runs)), at_least)
        case Near():
            found = reader.near(query)
    return doc_sets.intersect(np.unique(found).astype(np.intp), within, evaluator.snapshot.size)


class _Reader:
    """Reads the places of one query."""

    def __init__(self, evaluator: QueryEvaluator, query: Stands | Near, within: Docs) -> None:
        self._evaluator = evaluator
        self._within = within
        self._scope = query.scope
        self._space = evaluator.snapshot.space(_TEXT)
        self._members = doc_sets.table(within, evaluator.snapshot.size)

    def places(self, runs: Sequence[Run]) -> Iterator[_Places]:
        """Where each run stands within the scope."""
        for run in runs:
            starts = self._evaluator.positions(run.phrase, self._within).numbers
            of = self._space.docs(starts)
            kept = self._members[of]
            starts, of = starts[kept].astype(np.int64), of[kept]
            places = _Places(starts, of, run.width)
            if self._scope != "text":
                body = self._body_starts(of)
                inside = places.ends <= (body - 1 if self._scope == "title" else body + LEAD)
                places = _Places(starts[inside], of[inside], run.width)
            yield places

    def _body_starts(self, docs: NDArray[np.integer]) -> _Numbers:
        """The positions at which their bodies begin."""
        starts: _Numbers = self._space.starts[docs].astype(np.int64) + self._evaluator.columns.body_starts[docs]
        return starts

    def near(self, query: Near) -> NDArray[np.integer]:
        """The documents of the pairs that stand together."""
        found: list[NDArray[np.integer]] = [np.empty(0, np.intp)]
        for a, b in product(list(self.places(query.first)), list(self.places(query.second))):
            for first, second in [(a, b)] if query.ordered else [(a, b), (b, a)]:
                if len(second.starts):
                    found.append(self._pairs(first, second, query))
        return np.concatenate(found)

    def _pairs(self, first: _Places, second: _Places, query: Near) -> NDArray[np.integer]:
        at = second.starts.searchsorted(first.ends)
        there = at < len(second.starts)
        at, docs = at[there], first.docs[there]
        begin, end, follow = first.starts[there], first.ends[there], second.starts[at]
        if isinstance(query.together, int):
            kept = (follow - end <= query.together) & (second.docs[at] == docs)
            body = self._body_starts(docs)
            kept &= (begin < body) == (follow < body)
        else:
            beginnings = self._beginnings(_BEGINNINGS[query.together])
            # Of its type: NumPy would convert all of them else.
            last = (follow + (second.width - 1)).astype(beginnings.dtype)
            begun = beginnings.searchsorted(begin.astype(beginnings.dtype), "right")
            kept = beginnings.searchsorted(last, "right") == begun
        found: NDArray[np.integer] = docs[kept]
        return found

    def _beginnings(self, token: bytes) -> NDArray[np.unsignedinteger]:
        """Where all sentences or paragraphs begin."""
        snapshot = self._evaluator.snapshot
        space = snapshot.space(BOUNDARIES)
        same = snapshot.memo("boundaries agree", lambda: np.array_equal(space.starts, self._space.starts))
        if not same:
            raise IndexCorrupt("sentences and text do not fit together; run “xunwen rebuild”")
        return snapshot.term(BOUNDARIES, token).positions.numbers


def _often(places: Sequence[_Places], at_least: int) -> NDArray[np.integer]:
    """The documents that have so many of the places, of those that lie in one another the innermost."""
    starts = np.concatenate([each.starts for each in places])
    ends = np.concatenate([each.ends for each in places])
    held = np.concatenate([each.docs for each in places])
    order = np.lexsort((ends, -starts))
    ends = ends[order]
    outer = np.zeros(len(order), np.bool_)
    outer[1:] = ends[1:] >= np.minimum.accumulate(ends)[:-1]
    docs, counts = np.unique(held[order][~outer], return_counts=True)
    often: NDArray[np.integer] = docs[counts >= at_least]
    return often
