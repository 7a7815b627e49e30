"""What the protocol says of generations, writers and stamps."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from indexer.engine.index import SearchIndex, SearchRequest, Stamp
from indexer.engine.query import MatchAll, Phrase, Source
from indexer.errors import IndexFailure, IndexLocked, IndexMissing, StampMismatch
from tests.conftest import Opener
from tests.indexer.engine.documents import STAMP, Doc, batch, build, found, put

ONE, TWO, THREE = Doc("1", "中美"), Doc("2", "美国"), Doc("3", "关系")


def test_before_the_first_generation_there_is_no_index(index: SearchIndex) -> None:
    for ask in (index.info, lambda: index.search(SearchRequest()), lambda: index.doc_freqs(["中美"])):
        with pytest.raises(IndexMissing):
            ask()
    with pytest.raises(IndexMissing), index.write(1):
        pass


def test_a_new_generation_tells_what_it_holds(index: SearchIndex) -> None:
    build(index, [ONE, TWO], sequence=7)
    info = index.info()
    assert (info.stamp, info.sequence, info.generation, info.documents) == (STAMP, 7, 1, 2)
    assert info.updated > 1_600_000_000
    assert info.size >= 0
    assert index.name


def test_an_empty_generation_is_an_index_too(index: SearchIndex) -> None:
    build(index, [], sequence=0)
    assert (index.info().documents, index.info().sequence) == (0, 0)
    answer = index.search(SearchRequest(facets=("source", "language"), zone="UTC"))
    assert (list(answer.hits), answer.total, answer.next) == ([], 0, None)
    assert {facet: list(values) for facet, values in answer.facets.items()} == {"source": [], "language": []}
    assert answer.timeline == {}
    assert list(index.doc_freqs(["中美"])) == [0]


def test_a_commit_replaces_deletes_and_moves_the_sequence(index: SearchIndex) -> None:
    build(index, [ONE, TWO])
    put(index, [Doc("1", "国关"), THREE], 5, deleted=["2", "unknown"])
    assert set(found(index)) == {"1", "3"}
    assert found(index, Phrase(("国关",))) == ["1"]
    assert found(index, Phrase(("中美",))) == []
    assert (index.info().sequence, index.info().documents, index.info().generation) == (5, 2, 1)


def test_a_commit_of_nothing_moves_the_sequence(index: SearchIndex) -> None:
    build(index, [ONE])
    put(index, [], 9)
    assert (index.info().sequence, found(index)) == (9, ["1"])


def test_everything_can_be_deleted_and_put_again(index: SearchIndex) -> None:
    build(index, [ONE, TWO])
    put(index, [], 2, deleted=["1", "2"])
    assert (found(index), index.info().documents) == ([], 0)
    put(index, [TWO], 3)
    assert (found(index), index.info().documents) == (["2"], 1)


def test_of_several_calls_for_an_article_the_last_counts(index: SearchIndex) -> None:
    build(index, [ONE])
    with index.write(2) as writer:
        writer.put(batch([Doc("1", "国关"), TWO]))
        writer.put(batch([Doc("1", "美国"), THREE]))
        writer.delete(["2"])
        writer.delete(["3"])
        writer.put(batch([Doc("3", "中美")]))
    assert set(found(index)) == {"1", "3"}
    assert found(index, Phrase(("美国",))) == ["1"]
    assert found(index, Phrase(("中美",))) == ["3"]
    assert index.info().documents == 2


def test_many_batches_are_one_change(index: SearchIndex) -> None:
    build(index, [])
    with index.write(2) as writer:
        for start in range(0, 3000, 250):
            writer.put(batch([Doc(f"{n:04}", "中美" if n % 2 else "美国") for n in range(start, start + 250)]))
        assert index.search(SearchRequest()).total == 0
    assert index.search(SearchRequest()).total == 3000
    assert index.search(SearchRequest(Phrase(("中美",)))).total == 1500


def test_a_failure_discards_the_whole_change(index: SearchIndex) -> None:
    build(index, [ONE])
    with pytest.raises(KeyError), index.write(2) as writer:
        writer.put(batch([Doc("1", "国关"), TWO]))
        writer.delete(["1"])
        raise KeyError
    assert found(index, Phrase(("中美",))) == ["1"]
    assert (index.info().sequence, index.info().documents) == (1, 1)
    put(index, [TWO], 2)
    assert set(found(index)) == {"1", "2"}


def test_nothing_is_seen_before_the_commit_and_everything_after(open_index: Opener) -> None:
    index, other = open_index(), open_index()
    build(index, [ONE])
    assert found(other) == ["1"]
    with index.write(2) as writer:
        writer.put(batch([TWO]))
        writer.delete(["1"])
        assert found(index) == found(other) == ["1"]
        assert other.info().sequence == 1
    assert found(index) == found(other) == ["2"]
    assert other.info().sequence == 2


def test_a_second_writer_is_locked_out(open_index: Opener) -> None:
    index, other = open_index(), open_index()
    build(index, [ONE])
    with index.write(2) as writer:
        for rival in (index, other):
            with pytest.raises(IndexLocked), rival.write(3) as second:
                second.put(batch([THREE]))
        writer.put(batch([TWO]))
    assert set(found(other)) == {"1", "2"}
    put(other, [THREE], 3)
    assert index.info().sequence == 3


def test_a_change_survives_closing(open_index: Opener) -> None:
    index = open_index()
    build(index, [ONE])
    put(index, [TWO], 4)
    index.close()
    reopened = open_index()
    assert set(found(reopened)) == {"1", "2"}
    assert reopened.info().sequence == 4


def test_a_closed_index_answers_no_more(open_index: Opener) -> None:
    index = open_index()
    build(index, [ONE])
    index.close()
    with pytest.raises((IndexFailure, ValueError, RuntimeError)):
        index.search(SearchRequest())


def test_a_rebuild_is_seen_when_it_is_activated(open_index: Opener) -> None:
    index, other = open_index(), open_index()
    build(index, [ONE, TWO])
    with index.rebuild() as generation:
        with generation.write(5) as writer:
            writer.put(batch([THREE, TWO]))
        with generation.write(6) as writer:
            writer.put(batch([Doc("4")]))
            writer.delete(["2"])
        assert set(found(index)) == set(found(other)) == {"1", "2"}
        assert other.info().generation == 1
        generation.activate()
    assert set(found(index)) == set(found(other)) == {"3", "4"}
    assert (other.info().generation, other.info().sequence, other.info().documents) == (2, 6, 2)
    put(other, [ONE], 7)
    assert set(found(index)) == {"1", "3", "4"}


def test_a_rebuild_that_is_left_early_is_forgotten(index: SearchIndex) -> None:
    build(index, [ONE])
    with index.rebuild() as generation, generation.write(5) as writer:
        writer.put(batch([TWO]))
    with pytest.raises(KeyError), index.rebuild() as generation:
        with generation.write(6) as writer:
            writer.put(batch([TWO]))
        raise KeyError
    assert found(index) == ["1"]
    assert (index.info().generation, index.info().sequence) == (1, 1)
    build(index, [THREE], 8)
    assert found(index) == ["3"]
    assert index.info().generation > 1


def test_the_first_rebuild_can_be_left_too(index: SearchIndex) -> None:
    with index.rebuild() as generation, generation.write(5) as writer:
        writer.put(batch([TWO]))
    with pytest.raises(IndexMissing):
        index.info()


def test_a_failed_write_of_a_rebuild_discards_that_change_alone(index: SearchIndex) -> None:
    with index.rebuild() as generation:
        with generation.write(1) as writer:
            writer.put(batch([ONE]))
        with pytest.raises(KeyError), generation.write(2) as writer:
            writer.put(batch([TWO]))
            raise KeyError
        generation.activate()
    assert found(index) == ["1"]
    assert index.info().sequence == 1


@pytest.mark.parametrize(
    "stamp", [Stamp(STAMP.schema, 2, "test"), Stamp(STAMP.schema, 1, "other")], ids=["analyser", "dictionary"]
)
def test_another_stamp_is_an_error_until_a_rebuild(open_index: Opener, stamp: Stamp) -> None:
    build(open_index(), [ONE])
    index = open_index(stamp)
    for ask in (index.info, lambda: index.search(SearchRequest()), lambda: index.doc_freqs(["中美"])):
        with pytest.raises(StampMismatch, match="rebuild"):
            ask()
    with pytest.raises(StampMismatch), index.write(2):
        pass
    build(index, [TWO])
    assert found(index) == ["2"]
    assert index.info().stamp == stamp
    with pytest.raises(StampMismatch):
        open_index().info()


def test_every_search_sees_one_state_while_another_thread_writes(open_index: Opener) -> None:
    """Each commit gives all articles another source: a search that saw two of them saw half a change."""
    index = open_index()
    ids = [f"{n:02}" for n in range(30)]
    build(index, [Doc(id, source="0") for id in ids])
    done = threading.Event()

    def search() -> set[str]:
        reader, seen = open_index(), set()
        while not done.is_set():
            answer = reader.search(SearchRequest(MatchAll(), limit=40, facets=("source",)))
            assert answer.total == len(answer.hits) == 30
            ((source, count),) = answer.facets["source"]
            assert count == 30
            assert reader.search(SearchRequest(Source("nobody"))).total == 0
            seen.add(source)
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(search) for _ in range(2)]
        try:
            for version in range(1, 8):
                if version % 3:
                    put(index, [Doc(id, source=str(version)) for id in ids], version)
                else:
                    build(index, [Doc(id, source=str(version)) for id in ids], version)
        finally:
            done.set()
        assert all(reader.result() <= set("01234567") for reader in readers)
