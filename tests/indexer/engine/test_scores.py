"""What each feature adds to each hit is what its formula says, which the oracle computes in its plainest form."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine import bm25
from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import (
    ConstantScore,
    CountedPhrase,
    Feature,
    IdIn,
    MatchAll,
    Phrase,
    PhraseScore,
    ProximityScore,
    Query,
    Recency,
    SpellingsScore,
    TermScore,
)
from tests.conftest import Opener
from tests.indexer.engine.documents import IDS, QUERIES, SPELLINGS, SPRING, STAMP, WEIGHTS, WINDOWS, Doc, batch, build
from tests.indexer.engine.oracle import MemoryIndex

PIECES = ["中美国关", "中美国", "国关", "美", "中", "a1", "1", "。", " "]
TEXTS = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
"""Runs of several grams are as frequent in them as single ones."""

LONG_TEXTS = st.builds(str.__mul__, TEXTS, st.sampled_from([1, 1, 1, 2, 40, 150]))
DOCS = st.builds(
    Doc,
    id=st.sampled_from(IDS),
    title=TEXTS,
    body=LONG_TEXTS,
    published=st.none() | st.integers(SPRING - 300_000, SPRING + 300_000),
)
COMMITTED = st.lists(DOCS, max_size=6, unique_by=lambda doc: doc.id)
CHANGES = st.lists(st.tuples(COMMITTED, st.lists(st.sampled_from(IDS), max_size=2)), max_size=3)
"""Commits, each of some articles and some that are deleted."""

RUNS = [
    ("中美", "美国"),
    ("美国", "国关"),
    ("中美", "美国", "国关"),
    ("中美", "美国", "国"),
    ("a", "1"),
    ("中美", "美"),
]
GRAMS = st.sampled_from(["中美", "美国", "国关", "中", "美", "a", "1"]).map(lambda gram: (gram,)) | st.sampled_from(
    RUNS
)
TEXT = st.builds(Phrase, GRAMS, st.booleans())
FEATURES: dict[str, st.SearchStrategy[Feature]] = {
    "words": st.builds(TermScore, st.just("words"), st.sampled_from(["中美", "国", "a1", "没有"]), WEIGHTS),
    "early": st.builds(TermScore, st.just("early"), st.sampled_from(["中美", "国关", "国", "a", "没有"]), WEIGHTS),
    "runs in the text": st.builds(PhraseScore, TEXT, WEIGHTS),
    "runs in the title": st.builds(PhraseScore, st.builds(Phrase, GRAMS, st.booleans(), st.just("title")), WEIGHTS),
    "spellings": SPELLINGS,
    "nearness": st.builds(ProximityScore, TEXT, TEXT, WINDOWS, WEIGHTS),
    "constants": st.builds(ConstantScore, QUERIES, WEIGHTS),
    "recency": st.builds(Recency, st.just(SPRING), st.floats(3600, 10**8), WEIGHTS),
}
SCOPES: st.SearchStrategy[Query] = st.just(MatchAll()) | st.builds(
    IdIn, st.lists(st.sampled_from(IDS), max_size=3).map(tuple)
)


def explained(index: SearchIndex, match: Query, features: tuple[Feature, ...]) -> dict[str, tuple[float, ...]]:
    """The score of each hit and after it what each feature adds."""
    hits = index.search(SearchRequest(match, features, limit=100, explain=True)).hits
    return {hit.id: (hit.score, *hit.explanation) for hit in hits}


def assert_same_scores(
    index: SearchIndex, oracle: SearchIndex, match: Query, features: tuple[Feature, ...], tolerance: float
) -> None:
    ours, theirs = explained(index, match, features), explained(oracle, match, features)
    assert ours.keys() == theirs.keys()
    for id, scores in theirs.items():
        assert ours[id] == pytest.approx(scores, rel=tolerance, abs=tolerance), id


@pytest.mark.parametrize("kind", FEATURES)
def test_every_feature_is_worth_what_the_oracle_says(
    engine: Callable[[], Opener], tolerance: float | None, kind: str
) -> None:
    if tolerance is None:
        return
    index = engine()()

    @settings(max_examples=20, suppress_health_check=[HealthCheck.too_slow])
    @given(
        docs=COMMITTED,
        changes=CHANGES,
        features=st.lists(FEATURES[kind], min_size=1, max_size=4),
        others=st.lists(st.one_of(*FEATURES.values()), max_size=3),
        match=SCOPES,
    )
    def check(
        docs: list[Doc],
        changes: list[tuple[list[Doc], list[str]]],
        features: list[Feature],
        others: list[Feature],
        match: Query,
    ) -> None:
        oracle = MemoryIndex(STAMP)
        for each in (index, oracle):
            build(each, docs)
            for sequence, (added, deleted) in enumerate(changes, 2):
                with each.write(sequence) as writer:
                    writer.put(batch(added))
                    writer.delete(deleted)
        assert_same_scores(index, oracle, match, (*features, *others), tolerance)

    check()
    index.close()


def test_a_name_counts_less_in_a_long_article(index: SearchIndex) -> None:
    lengths = [100, *(bound + off for bound, _ in bm25.BREVITY[1:] for off in (-1, 0)), 9_000]
    build(index, [Doc(f"{length:04}", body="国关" + "美" * (length - 2)) for length in lengths])
    name = SpellingsScore((CountedPhrase(Phrase(("国关",))), CountedPhrase(Phrase(("关国",)))))
    hits = index.search(SearchRequest(features=(name,), limit=10)).hits
    scores = {int(hit.id): hit.score for hit in hits}
    expected = {length: max(b for b in bm25.BREVITY if b[0] <= length)[1] * scores[100] for length in lengths}
    assert scores == pytest.approx(expected, rel=1e-5)
    assert len(set(expected.values())) == len(bm25.BREVITY)
