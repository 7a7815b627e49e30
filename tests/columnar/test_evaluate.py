"""Whoosh's queries over arrays give what Whoosh's own codec and matchers give: same documents, same scores."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import query as q
from whoosh.fields import DATETIME, ID, KEYWORD, NUMERIC, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.query.spans import SpanNear2
from whoosh.scoring import BM25F, TF_IDF, Frequency
from whoosh.searching import Searcher

from indexer.engine.whoosh.columnar.evaluate import Evaluator
from indexer.engine.whoosh.columnar.index import ColumnarIndex, all_arrays
from indexer.engine.whoosh.columnar.view import View

WORDS = ["alfa", "alfalfa", "bravo", "bravado", "charlie", "delta"]
DAY = datetime(2024, 1, 1)  # noqa: DTZ001 (Whoosh's dates have no zone)


def schema() -> Schema:
    return Schema(
        key=ID(unique=True, stored=True),
        text=TEXT,
        title=TEXT(phrase=False, field_boost=2.0),
        tags=KEYWORD(scorable=False),
        size=NUMERIC(int, signed=True, sortable=True),
        day=DATETIME,
    )


@dataclass(frozen=True)
class Commit:
    """Some documents, and keys of documents that are deleted in the same commit."""

    documents: Sequence[dict[str, Any]]
    deleted: Sequence[str]


# Whoosh's own codec rounds lengths above ten tokens.
texts = st.lists(st.sampled_from(WORDS), max_size=10).map(" ".join)
documents = st.fixed_dictionaries(
    {"key": st.sampled_from([f"k{i}" for i in range(20)])},
    optional={
        "text": texts,
        "title": texts,
        "tags": texts,
        "size": st.integers(-300, 300),
        "day": st.integers(0, 400).map(lambda days: DAY + timedelta(days=days)),
    },
)
commits = st.lists(
    st.builds(
        Commit,
        st.lists(documents, max_size=8, unique_by=lambda document: document["key"]),
        st.lists(st.sampled_from([f"k{i}" for i in range(20)]), max_size=3),
    ),
    min_size=1,
    max_size=4,
)


@contextmanager
def searchers(life: Sequence[Commit], weighting: Any) -> Iterator[tuple[Searcher, Evaluator]]:
    """A stock searcher and our evaluator over indexes of the same life, one segment a commit in both."""
    stock: FileIndex = RamStorage().create_index(schema())
    ours = ColumnarIndex.create(RamStorage(), schema())
    for index in (stock, ours):
        for commit in life:
            writer = index.writer()
            for key in [*commit.deleted, *(document["key"] for document in commit.documents)]:
                writer.delete_by_term("key", key)
            for document in commit.documents:
                writer.add_document(**document)
            writer.commit(merge=False)
    with stock.searcher(weighting=weighting) as expected, ours.searcher(weighting=weighting) as searcher:
        arrays = [found for found in all_arrays(searcher.reader()) if found is not None]
        yield expected, Evaluator(View(arrays), searcher)


fields = st.sampled_from(["text", "title", "tags", "nowhere"])
words = st.sampled_from([*WORDS, "zulu"])
boosts = st.sampled_from([1.0, 1.0, 1.0, 0.5, 3.0])
numbers = st.one_of(st.none(), st.integers(-300, 300))
days = st.one_of(st.none(), st.integers(0, 400).map(lambda days: DAY + timedelta(days=days)))
indexed = st.sampled_from(["text", "title", "tags"])

leaves: st.SearchStrategy[Any] = st.one_of(
    st.builds(q.Term, fields, words, boosts),
    st.builds(q.Term, st.just("size"), st.integers(-300, 300)),
    st.builds(q.Prefix, indexed, st.sampled_from(["a", "al", "alfa", "b", "z", ""]), boosts, st.booleans()),
    st.builds(q.Wildcard, indexed, st.sampled_from(["*", "*a*", "b?a*", "[ab]*", "zu*"]), boosts, st.booleans()),
    st.builds(q.Regex, indexed, st.sampled_from([".*", "^alf", "(bra|del)", "z"]), boosts, st.booleans()),
    st.builds(q.FuzzyTerm, st.just("text"), words, boosts, st.integers(1, 3), st.integers(0, 2), st.booleans()),
    st.builds(q.Variations, st.just("text"), words, boosts),
    st.builds(
        q.TermRange, indexed, words, words, st.booleans(), st.booleans(), boost=boosts, constantscore=st.booleans()
    ),
    st.builds(q.NumericRange, st.just("size"), numbers, numbers, st.booleans(), st.booleans(), boosts),
    st.builds(q.DateRange, st.just("day"), days, days, st.booleans(), st.booleans(), boosts),
    st.builds(q.Every, st.sampled_from([None, "text", "tags", "size"]), boosts),
    st.builds(q.Phrase, st.just("text"), st.lists(words, min_size=2, max_size=3), st.integers(1, 3), boosts),
    st.just(q.NullQuery),
    # Not evaluated over arrays: goes through Whoosh's matchers, inside of what is.
    st.builds(SpanNear2, st.lists(st.builds(q.Term, st.just("text"), words), min_size=2, max_size=2)),
)


def compounds(parts: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    lists = st.lists(parts, min_size=1, max_size=3)
    return st.one_of(
        st.builds(q.And, lists, boosts),
        st.builds(q.Or, lists, boosts),
        st.builds(q.Not, parts),
        st.builds(q.Require, parts, parts),
        st.builds(q.ConstantScoreQuery, parts, st.sampled_from([1.0, 2.5])),
    )


queries = st.recursive(leaves, compounds, max_leaves=6)
# What Whoosh's optional scores are worth depends on the matcher above them: they are compared at the root.
roots = st.one_of(
    queries,
    st.builds(q.AndMaybe, queries, queries),
    st.builds(q.Or, st.lists(leaves, min_size=2, max_size=3), scale=st.just(0.9)),
)
weightings = st.sampled_from([BM25F(), BM25F(B=0.3, K1=2.0, text_B=0.9), TF_IDF(), Frequency()])


def stock_hits(searcher: Searcher, query: Any) -> dict[str, float]:
    """Key and score of each hit. ``InverseMatcher`` may give deleted documents: they are left out."""
    found = searcher.search(query, limit=None).top_n
    return {key(searcher, doc): score for score, doc in found if not searcher.reader().is_deleted(doc)}


def our_hits(evaluator: Evaluator, query: Any) -> dict[str, float]:
    docs, scores = evaluator.matches(query)
    assert list(docs) == sorted(set(docs))
    return {key(evaluator.searcher, int(doc)): float(score) for doc, score in zip(docs, scores, strict=True)}


def key(searcher: Searcher, doc: int) -> str:
    found: str = searcher.stored_fields(doc)["key"]
    return found


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(life=commits, query=roots, weighting=weightings)
def test_hits_and_scores_are_whooshs(life: Sequence[Commit], query: Any, weighting: Any) -> None:
    with searchers(life, weighting) as (stock, evaluator):
        assert our_hits(evaluator, query) == pytest.approx(stock_hits(stock, query), rel=1e-6)


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(life=commits, first=queries, second=queries)
def test_what_whoosh_gets_wrong_follows_from_the_parts(life: Sequence[Commit], first: Any, second: Any) -> None:
    with searchers(life, BM25F()) as (stock, evaluator):
        one, two = stock_hits(stock, first), stock_hits(stock, second)
        both = {**one, **two, **{key: max(one[key], two[key]) for key in one.keys() & two.keys()}}
        without = {key: score for key, score in one.items() if key not in two}
        added = {key: score + two.get(key, 0.0) + 1.0 for key, score in one.items()}
        assert our_hits(evaluator, q.DisjunctionMax([first, second])) == pytest.approx(both, rel=1e-6)
        assert our_hits(evaluator, q.AndNot(first, second)) == pytest.approx(without, rel=1e-6)
        assert our_hits(evaluator, q.And([q.AndMaybe(first, second), q.Every()])) == pytest.approx(added, rel=1e-6)
