"""Random documents, changes and questions: every engine answers as the naive one does."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from indexer.engine.index import SearchIndex, SearchRequest, SearchResponse
from indexer.engine.query import Query
from tests.conftest import Opener
from tests.indexer.engine.documents import DOCS, IDS, QUERIES, REQUESTS, STAMP, Doc, batch, build
from tests.indexer.engine.oracle import MemoryIndex

COLLECTIONS = st.lists(DOCS, max_size=10, unique_by=lambda doc: doc.id)


def assert_same(index: SearchIndex, oracle: MemoryIndex, request: SearchRequest, tolerance: float | None) -> None:
    """The same answer, page by page.

    Scores are the oracle's within a share of ``tolerance``; ``test_scores`` compares those of an engine without one.
    Where scores decide, hits that they hardly tell apart may change places: no second page is compared.
    """
    ours, theirs = index.search(request), oracle.search(request)
    while True:
        assert_same_page(request, ours, theirs, tolerance)
        assert (ours.next is None) == (theirs.next is None)
        if not ours.next or not theirs.next or (request.sort == "relevance" and request.features):
            return
        ours = index.search(replace(request, after=ours.next))
        theirs = oracle.search(replace(request, after=theirs.next))


def assert_same_page(
    request: SearchRequest, ours: SearchResponse, theirs: SearchResponse, tolerance: float | None
) -> None:
    assert (ours.total, ours.stories) == (theirs.total, theirs.stories)
    assert {facet: list(counts) for facet, counts in ours.facets.items()} == theirs.facets
    assert list(ours.timeline.items()) == list(theirs.timeline.items())
    if request.sort == "relevance" and request.features:
        assert len(ours.hits) == len(theirs.hits)
        if request.limit >= theirs.total:
            assert {(hit.story, hit.others) for hit in ours.hits} == {(hit.story, hit.others) for hit in theirs.hits}
        if request.limit >= theirs.total and not request.collapse:
            assert {(hit.id, hit.published) for hit in ours.hits} == {(hit.id, hit.published) for hit in theirs.hits}
        scores = [hit.score for hit in ours.hits]
        assert scores == sorted(scores, reverse=True)
        if tolerance is not None:
            assert scores == pytest.approx([hit.score for hit in theirs.hits], rel=tolerance, abs=tolerance)
    else:
        shown = [[(hit.id, hit.published, hit.story, hit.others) for hit in each.hits] for each in (ours, theirs)]
        assert shown[0] == shown[1]


def test_every_engine_answers_as_the_oracle(
    engine: Callable[[], Opener], share: float, tolerance: float | None
) -> None:
    index = engine()()

    @settings(max_examples=round(60 * share))
    @given(docs=COLLECTIONS, requests=st.lists(REQUESTS, min_size=5, max_size=12))
    def check(docs: list[Doc], requests: list[SearchRequest]) -> None:
        oracle = MemoryIndex(STAMP)
        build(index, docs)
        build(oracle, docs)
        for request in requests:
            assert_same(index, oracle, request, tolerance)

    check()
    index.close()


def test_every_engine_counts_words_as_the_oracle(engine: Callable[[], Opener], share: float) -> None:
    index = engine()()

    @settings(max_examples=round(30 * share))
    @given(docs=COLLECTIONS, within=st.none() | QUERIES)
    def check(docs: list[Doc], within: Query | None) -> None:
        oracle = MemoryIndex(STAMP)
        build(index, docs)
        build(oracle, docs)
        words = ["中美", "国", "a1", "没有", "。"]
        assert list(index.doc_freqs(words, within)) == oracle.doc_freqs(words, within)

    check()
    index.close()


class LifeOfAnIndex(RuleBasedStateMachine):
    """Commits, failures, rebuilds and re-openings in any order; after each, questions."""

    def __init__(self, opener: Opener, tolerance: float | None) -> None:
        super().__init__()
        self.open = opener
        self.tolerance = tolerance
        self.index = opener()
        self.oracle = MemoryIndex(STAMP)
        self.sequence = 0

    @initialize(docs=COLLECTIONS)
    def build(self, docs: list[Doc]) -> None:
        build(self.index, docs, 0)
        build(self.oracle, docs, 0)

    @rule(changes=st.lists(st.tuples(COLLECTIONS, st.lists(st.sampled_from(IDS), max_size=4)), max_size=3))
    def commit(self, changes: list[tuple[list[Doc], list[str]]]) -> None:
        self.sequence += 1
        for index in (self.index, self.oracle):
            with index.write(self.sequence) as writer:
                for docs, deleted in changes:
                    writer.put(batch(docs))
                    writer.delete(deleted)

    @rule(docs=COLLECTIONS, deleted=st.lists(st.sampled_from(IDS), max_size=4))
    def fail(self, docs: list[Doc], deleted: list[str]) -> None:
        with pytest.raises(KeyError), self.index.write(self.sequence + 1) as writer:
            writer.put(batch(docs))
            writer.delete(deleted)
            raise KeyError

    @rule(first=COLLECTIONS, second=COLLECTIONS, activate=st.booleans())
    def rebuild(self, first: list[Doc], second: list[Doc], activate: bool) -> None:
        for index in (self.index, self.oracle):
            with index.rebuild() as generation:
                for docs in (first, second):
                    with generation.write(self.sequence) as writer:
                        writer.put(batch(docs))
                if activate:
                    generation.activate()

    @rule()
    def reopen(self) -> None:
        self.index.close()
        self.index = self.open()

    @rule(request=REQUESTS)
    def ask(self, request: SearchRequest) -> None:
        assert_same(self.index, self.oracle, request, self.tolerance)
        ours, theirs = self.index.info(), self.oracle.info()
        assert (ours.sequence, ours.documents) == (theirs.sequence, theirs.documents)

    def teardown(self) -> None:
        self.index.close()


def test_an_index_lives_as_the_oracle_does(engine: Callable[[], Opener], share: float, tolerance: float | None) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        lambda: LifeOfAnIndex(engine(), tolerance),
        settings=settings(
            max_examples=round(25 * share), stateful_step_count=15, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
