"""Pages one after another show everything once, also while articles arrive."""

from dataclasses import replace
from itertools import chain

import pytest

from indexer.engine.index import SearchAfter, SearchIndex, SearchRequest
from indexer.engine.query import Phrase, PublishedBetween, TermScore
from tests.indexer.engine.documents import SPRING, Doc, build, found, put

SORTS = ["relevance", "newest", "oldest"]
DOCS = [
    Doc(f"{n:02}", "中美" * (n % 4), "国关。" * (n % 7), published=None if n % 5 == 0 else SPRING + n // 3 * 1000)
    for n in range(40)
]
QUESTION = SearchRequest(features=(TermScore("early", "中美"), TermScore("early", "国关")), limit=7)


def pages(index: SearchIndex, request: SearchRequest) -> list[list[str]]:
    answers = [index.search(request)]
    while answers[-1].next:
        answers.append(index.search(replace(request, after=answers[-1].next)))
        assert answers[-1].hits, "a next page is never empty"
        assert answers[-1].total == answers[0].total
    return [[hit.id for hit in answer.hits] for answer in answers]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [1, 7, 20, 40])
def test_all_pages_together_are_the_whole_answer(index: SearchIndex, sort: str, limit: int) -> None:
    build(index, DOCS)
    request = replace(QUESTION, sort=sort, limit=limit)  # type: ignore[arg-type]
    whole = [hit.id for hit in index.search(replace(request, limit=100)).hits]
    found_pages = pages(index, request)
    assert list(chain(*found_pages)) == whole
    assert sorted(whole) == [doc.id for doc in DOCS]
    assert {len(page) for page in found_pages[:-1]} <= {limit}


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_while_articles_come_and_go(index: SearchIndex, sort: str) -> None:
    """Whatever was there at the first page and still is, is on exactly one page."""
    build(index, DOCS)
    request = replace(QUESTION, match=Phrase(("国关",)), sort=sort, features=())  # type: ignore[arg-type]
    first = found(index, request.match, sort=sort)
    answer = index.search(request)
    seen = [hit.id for hit in answer.hits]
    step = 0
    while answer.next:
        step += 1
        put(
            index,
            [Doc(f"new{step}{n}", "", "国关", published=SPRING + step * 3000 + n * 7) for n in range(3)],
            step + 1,
            deleted=[DOCS[-step].id, seen[-1]],
        )
        answer = index.search(replace(request, after=answer.next))
        seen += [hit.id for hit in answer.hits]
    assert len(seen) == len(set(seen))
    gone = {DOCS[-n].id for n in range(1, step + 1)}
    assert set(first) - gone <= set(seen)
    assert [id for id in seen if id in first] == [id for id in first if id in seen]


@pytest.mark.parametrize("sort", SORTS)
def test_pages_hold_through_a_rebuild(index: SearchIndex, sort: str) -> None:
    build(index, DOCS)
    request = replace(QUESTION, sort=sort)  # type: ignore[arg-type]
    whole = [hit.id for hit in index.search(replace(request, limit=100)).hits]
    answer = index.search(request)
    build(index, DOCS, 2)
    rest = pages(index, replace(request, after=answer.next))
    assert [hit.id for hit in answer.hits] + list(chain(*rest)) == whole


@pytest.mark.parametrize(
    ("sort", "key", "id", "rest"),
    [
        ("newest", SPRING + 5000, "16", ["17", "12", "13", "14", "09", "11"]),
        ("newest", SPRING + 4500, "zz", ["12", "13", "14", "09", "11"]),
        ("oldest", SPRING + 4000, "13", ["14", "16", "17", "10", "15"]),
        ("oldest", None, "10", ["15"]),
    ],
)
def test_a_page_after_a_forgotten_snapshot_goes_on_from_its_key(
    index: SearchIndex, sort: str, key: int | None, id: str, rest: list[str]
) -> None:
    """Articles 09 to 17: known dates first, ties by id."""
    build(index, DOCS[9:18])
    request = SearchRequest(sort=sort, limit=20, after=SearchAfter(key, id, "forgotten"))  # type: ignore[arg-type]
    expected = [*rest, "10", "15"] if sort == "newest" else rest
    assert [hit.id for hit in index.search(request).hits] == expected


def test_pages_of_a_filtered_answer(index: SearchIndex) -> None:
    build(index, DOCS)
    request = SearchRequest(PublishedBetween(SPRING, SPRING + 9000), sort="newest", limit=4, sources=("甲报",))
    assert list(chain(*pages(index, request))) == found(index, request.match, sort="newest")
