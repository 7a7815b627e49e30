"""How near OpenSearch's scores come to the oracle's; ``docs/cluster.md`` lists where they differ."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine.query import (
    ConstantScore,
    CountedPhrase,
    Feature,
    MatchAll,
    Phrase,
    PhraseScore,
    ProximityScore,
    Recency,
    SpellingsScore,
    TermScore,
)
from tests.conftest import Opener
from tests.indexer.engine.documents import SPRING, STAMP, WINDOWS, Doc, build
from tests.indexer.engine.oracle import MemoryIndex
from tests.indexer.engine.test_scores import assert_same_scores

ROUNDING = 1e-5
"""Scores are floats of 32 bits."""

LENGTHS = 1 / 8
"""The length of an article of 40 tokens and more keeps four bits, and a score changes at most as much as it does."""

GRAMS = st.sampled_from(["中美", "美国", "国关", "中", "a", "1"])
TOKENS = st.builds(lambda gram, prefix: Phrase((gram,), prefix and len(gram) == 1), GRAMS, st.booleans())
RUNS = TOKENS | st.lists(GRAMS, min_size=2, max_size=3, unique=True).map(tuple).map(Phrase)
FEATURES: st.SearchStrategy[Feature] = st.one_of(
    st.builds(TermScore, st.just("words"), st.sampled_from(["中美", "国", "a1", "没有"])),
    st.builds(TermScore, st.just("early"), GRAMS),
    st.builds(PhraseScore, RUNS),
    st.builds(
        SpellingsScore,
        st.lists(st.builds(CountedPhrase, RUNS, st.sampled_from([1.0, 0.5])), min_size=1, max_size=3).map(tuple),
    ),
    st.builds(Recency, st.just(SPRING), st.floats(3600, 10**8)),
    st.builds(ConstantScore, TOKENS),
)
NEARNESS = st.lists(GRAMS, min_size=2, max_size=2, unique=True).flatmap(
    lambda pair: st.builds(ProximityScore, st.just(Phrase((pair[0],))), st.just(Phrase((pair[1],))), WINDOWS)
)
# No article is without words: Lucene leaves such out of the mean length.
SHORT = st.text("中美国关a1。 ", max_size=14).map("国".__add__)
ONCE = st.permutations("中美国关a1。 ").map("".join)
DATES = st.none() | st.integers(SPRING - 300_000, SPRING + 300_000)


@pytest.mark.parametrize(
    ("texts", "features", "tolerance"),
    [
        (SHORT, FEATURES, ROUNDING),
        (st.builds(str.__mul__, SHORT, st.integers(1, 60)), FEATURES, LENGTHS),
        (ONCE, NEARNESS, ROUNDING),
    ],
    ids=["short articles", "long articles", "nearness of tokens that stand once"],
)
def test_scores_are_the_oracles(
    opensearch: Callable[[], Opener],
    texts: st.SearchStrategy[str],
    features: st.SearchStrategy[Feature],
    tolerance: float,
) -> None:
    index = opensearch()()

    @settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
    @given(
        docs=st.lists(st.tuples(texts, DATES), min_size=1, max_size=8),
        features=st.lists(features, min_size=4, max_size=12, unique=True),
    )
    def check(docs: list[tuple[str, int | None]], features: list[Feature]) -> None:
        articles = [Doc(f"{number}", "", body, published=second) for number, (body, second) in enumerate(docs)]
        oracle = MemoryIndex(STAMP)
        for each in (index, oracle):
            build(each, articles)
        assert_same_scores(index, oracle, MatchAll(), tuple(features), tolerance)

    check()
    index.close()
