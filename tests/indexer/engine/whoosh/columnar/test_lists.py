"""SortedLists of numbers, and the positions of a field that are kept in them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from whoosh import fields, query
from whoosh.filedb.filestore import RamStorage

from indexer.engine.whoosh import columnar
from indexer.engine.whoosh.columnar.search.cache import ArrayCache
from indexer.engine.whoosh.columnar.search.snapshot import Snapshot
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.sorted_lists import SortedLists, SortedListsWriter
from tests.indexer.engine.whoosh.columnar.model import Spaced

UNIVERSES = [1, 300, 1 << 16, (1 << 16) + 1, 1 << 20, 1 << 32, 1 << 40]


@st.composite
def ascending_lists(draw: st.DrawFn) -> tuple[int, list[list[int]]]:
    """SortedLists short and long: a long one is a stretch of neighbours, of which some are left out."""
    universe = draw(st.sampled_from(UNIVERSES))
    number = st.integers(0, universe - 1)
    short = st.lists(number, min_size=1, max_size=5, unique=True).map(sorted)
    # Not too many stretches for a list of a test to be a long one.
    stretch = st.builds(
        lambda start, count, step: list(range(start, min(universe, start + count * step), step)),
        number,
        st.integers(1, 200 if universe < 1 << 21 else 20),
        st.sampled_from([1, 7, 20_000]),
    )
    return universe, draw(st.lists(short | stretch, min_size=1, max_size=12))


def written(universe: int, lists: list[list[int]], parts: int = 1) -> SortedLists:
    storage = RamStorage()
    with ContainerWriter(storage, "x", "test", "s") as out:
        writer = SortedListsWriter(out, "x", universe)
        for part in np.array_split(np.arange(len(lists)), parts):
            chosen = [lists[i] for i in part]
            counts = np.array([len(one) for one in chosen], np.uint32)
            writer.append(np.array([number for one in chosen for number in one], np.uint64), counts)
        writer.finish()
        out.finish()
    return SortedLists(ContainerReader(storage, "x", "test", "s"), "x", universe, len(lists))


@given(ascending_lists(), st.integers(1, 3))
@example((1 << 18, [[0], list(range(70_000)), [65_535, 65_536], list(range(3, 200_000, 2))]), 1)
def test_lists_come_back_one_by_one_and_end_to_end(given_: tuple[int, list[list[int]]], parts: int) -> None:
    universe, lists = given_
    found = written(universe, lists, parts)
    assert [found[i].tolist() for i in range(len(lists))] == lists
    assert found.bounds.tolist() == [sum(map(len, lists[:i])) for i in range(len(lists) + 1)]
    for i in range(len(lists) + 1):
        for j in range(i, len(lists) + 1):
            assert found.slice(i, j).tolist() == [number for one in lists[i:j] for number in one]


@pytest.mark.parametrize("gap", [1, 130, 70_000, (1 << 31) - 10])
def test_documents_whose_words_stand_far_apart_are_found(gap: int) -> None:
    schema = fields.Schema(id=fields.ID(stored=True), text=fields.TEXT(Spaced(gap)))
    index = columnar.ColumnarIndex.create(RamStorage(), schema)
    for texts in (["a b", "b a", "a"], ["b", "a b a"]):
        with index.writer() as writer:
            for text in texts:
                writer.add_document(id=text, text=text)
    with index.searcher() as searcher:
        view = Snapshot([columnar.segment_arrays(leaf) for leaf, _ in searcher.reader().leaf_readers()])  # type: ignore[misc]
        assert view.postings("text", b"a").docs.tolist() == [0, 1, 2, 4]
        assert view.postings("text", b"a").freqs.tolist() == [1, 1, 1, 2]
        hits = searcher.search(query.Phrase("text", ["a", "b"], slop=gap))
        assert {hit["id"] for hit in hits} == {"a b", "a b a"}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 400)), max_size=60))
def test_a_cache_keeps_the_latest_within_its_limit(steps: list[tuple[int, int]]) -> None:
    cache: ArrayCache[int] = ArrayCache(8_000)
    for key, size in steps:
        cache.put(key, key * 1000 + size, size)
        assert cache.get(key) == key * 1000 + size
        kept = [cache.get(other) for other in range(21)]
        assert sum(value is not None for value in kept) * 500 <= 8_000
    cache.put("huge", 1, 1_001)
    assert cache.get("huge") is None
