"""Where hits stand for stories: one hit each, the first in the order, and exact counts."""

from dataclasses import replace
from itertools import chain
from typing import Any

import pytest

from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import Phrase, TermScore
from tests.indexer.engine.documents import SPRING, STAMP, Doc, build, put
from tests.indexer.engine.oracle import MemoryIndex
from tests.indexer.engine.test_paging import SORTS, pages

STORIES = [f"{number:016x}" for number in range(9)]
DOCS = [
    Doc(f"{n:02}", "中美" * (n % 4), "国关。" * (1 + n % 7), published=SPRING + n * 600, story=STORIES[n * n % 9])
    for n in range(40)
]
DATED = [
    replace(
        doc,
        published=None if n % 7 == 3 else SPRING + n * 20_000,
        source="甲报" if n % 3 else "乙报",
        language="zh-Hant" if n % 4 else "zh-Hans",
    )
    for n, doc in enumerate(DOCS)
]
QUESTION = SearchRequest(
    match=Phrase(("国关",)), features=(TermScore("early", "中美"), TermScore("early", "国关")), limit=100
)


def firsts(index: SearchIndex, request: SearchRequest) -> list[str]:
    """The first hit of each story, from an answer that has them all."""
    story = {doc.id: doc.story for doc in DOCS}
    ids = [hit.id for hit in index.search(replace(request, limit=100)).hits]
    return [id for place, id in enumerate(ids) if story[id] not in {story[before] for before in ids[:place]}]


@pytest.mark.parametrize("sort", SORTS)
def test_a_story_has_one_hit(index: SearchIndex, sort: str) -> None:
    build(index, DOCS)
    request = replace(QUESTION, sort=sort)  # type: ignore[arg-type]
    answer = index.search(replace(request, collapse=True))
    assert [hit.id for hit in answer.hits] == firsts(index, request)
    assert (answer.total, answer.stories) == (40, 4)
    assert sum(hit.others + 1 for hit in answer.hits) == 40
    assert len({hit.story for hit in answer.hits}) == 4


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 2, 3])
def test_no_page_repeats_a_story(index: SearchIndex, sort: str, limit: int) -> None:
    build(index, DOCS)
    request = replace(QUESTION, sort=sort, limit=limit)  # type: ignore[arg-type]
    found = pages(index, replace(request, collapse=True))
    assert list(chain(*found)) == firsts(index, request)
    assert {len(page) for page in found[:-1]} <= {limit}


def test_only_what_matches_counts_among_a_storys_articles(index: SearchIndex) -> None:
    build(
        index,
        [
            Doc("1", body="国关", source="甲报", story=STORIES[1]),
            Doc("2", body="国关", source="乙报", story=STORIES[1]),
            Doc("3", body="中美", source="乙报", story=STORIES[1]),
            Doc("4", body="国关", source="乙报", story=STORIES[4]),
        ],
    )
    answer = index.search(replace(QUESTION, features=(), collapse=True))
    assert [(hit.id, hit.story, hit.others) for hit in answer.hits] == [("1", STORIES[1], 1), ("4", STORIES[4], 0)]
    only = index.search(replace(QUESTION, features=(), collapse=True, sources=("乙报",), facets=("source",)))
    assert [(hit.id, hit.others) for hit in only.hits] == [("2", 0), ("4", 0)]
    assert (only.total, only.stories) == (2, 2)
    assert only.facets["source"] == [("乙报", 2), ("甲报", 1)]


def test_without_collapsing_every_article_is_a_hit_and_names_its_story(index: SearchIndex) -> None:
    build(index, DOCS)
    answer = index.search(QUESTION)
    assert {hit.id: hit.story for hit in answer.hits} == {doc.id: doc.story for doc in DOCS}
    assert (answer.total, answer.stories) == (40, 4)


def test_an_article_moves_to_another_story(index: SearchIndex) -> None:
    build(index, DOCS[:2])
    assert index.search(replace(QUESTION, collapse=True)).stories == 2
    put(index, [replace(DOCS[1], story=DOCS[0].story)], 2)
    answer = index.search(replace(QUESTION, collapse=True))
    assert (len(answer.hits), answer.stories, answer.hits[0].others) == (1, 1, 1)


def test_an_index_without_articles_has_no_stories(index: SearchIndex) -> None:
    build(index, [])
    answer = index.search(replace(QUESTION, collapse=True))
    assert (answer.hits, answer.total, answer.stories) == ([], 0, 0)


@pytest.mark.parametrize("zone", ["UTC", "Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("restriction", [{}, {"sources": ("甲报",)}, {"languages": ("zh-Hant",)}, {"collapse": True}])
def test_a_story_counts_on_the_day_of_its_first_article_that_matches(
    index: SearchIndex, zone: str, restriction: dict[str, Any]
) -> None:
    build(index, DATED)
    request = replace(QUESTION, features=(), zone=zone, timeline_of="stories", **restriction)
    oracle = MemoryIndex(STAMP)
    build(oracle, DATED)
    answer = index.search(request)
    assert answer.timeline == oracle.search(request).timeline
    assert list(answer.timeline) == sorted(answer.timeline)
    days = index.search(replace(request, timeline_of="articles")).timeline
    assert set(answer.timeline) <= set(days)
    assert sum(answer.timeline.values()) <= answer.stories
    assert answer.total == index.search(replace(request, zone=None)).total


def test_a_story_is_counted_once_however_many_days_it_lasts(index: SearchIndex) -> None:
    day = 24 * 3600
    build(
        index,
        [
            Doc("1", body="国关", published=SPRING, story=STORIES[1]),
            Doc("2", body="国关", published=SPRING + day, story=STORIES[1]),
            Doc("3", body="国关", published=SPRING + day, story=STORIES[3]),
            Doc("4", body="中美", published=SPRING - day, story=STORIES[3]),  # does not match
            Doc("5", body="国关", published=None, story=STORIES[1]),
            Doc("6", body="国关", published=None, story=STORIES[6]),
        ],
    )
    request = replace(QUESTION, features=(), zone="UTC")
    first, second = index.search(request).timeline
    assert index.search(replace(request, timeline_of="stories")).timeline == {first: 1, second: 1}
    assert index.search(replace(request, limit=0, timeline_of="stories")).timeline == {first: 1, second: 1}


def test_stories_are_counted_however_many_there_are(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engine.opensearch.translate.STORIES_AT_ONCE", 7)
    docs = [Doc(f"{n:02}", body="国关", published=SPRING + n % 5 * 90_000, story=f"{n % 23:016x}") for n in range(60)]
    build(index, docs)
    timeline = index.search(replace(QUESTION, features=(), zone="UTC", timeline_of="stories")).timeline
    assert sum(timeline.values()) == 23


FACETS = ("source", "author", "language")
SIGNED = [replace(doc, authors=[("甲",), ("甲", "乙"), (), ("丙",)][n % 4]) for n, doc in enumerate(DATED)]


@pytest.mark.parametrize("restriction", [{}, {"sources": ("甲报",)}, {"authors": ("乙",)}, {"languages": ("zh-Hant",)}])
def test_a_value_counts_the_stories_that_selecting_it_finds(index: SearchIndex, restriction: dict[str, Any]) -> None:
    build(index, SIGNED)
    request = replace(QUESTION, features=(), facets=FACETS, facets_of="stories", **restriction)
    oracle = MemoryIndex(STAMP)
    build(oracle, SIGNED)
    answer = index.search(request)
    assert answer.facets == oracle.search(request).facets
    for facet, member in zip(FACETS, ("sources", "authors", "languages"), strict=True):
        for value, count in answer.facets[facet]:
            assert index.search(replace(request, facets=(), **{member: (value,)})).stories == count
    assert answer.total == index.search(replace(request, facets_of="articles")).total


def test_each_author_of_a_story_is_counted_once(index: SearchIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engine.opensearch.translate.STORIES_AT_ONCE", 2)
    build(
        index,
        [
            Doc("1", body="国关", authors=("甲", "乙"), source="甲报", story=STORIES[1]),
            Doc("2", body="国关", authors=("甲",), source="甲报", story=STORIES[1]),
            Doc("3", body="国关", authors=("乙",), source="乙报", story=STORIES[3]),
        ],
    )
    answer = index.search(replace(QUESTION, features=(), facets=("source", "author"), facets_of="stories"))
    assert answer.facets["author"] == [("乙", 2), ("甲", 1)]
    assert sorted(answer.facets["source"]) == [("乙报", 1), ("甲报", 1)]
