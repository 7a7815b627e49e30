from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer import build
from indexer.archive import Archive, article_id
from indexer.article import Article
from indexer.engine.index import SearchRequest, Stamp
from indexer.engine.query import MatchAll, Phrase, Query, Site, Source
from indexer.errors import IndexMissing, StampMismatch
from indexer.text.analyser import Analyser, Analysis
from tests.indexer.engine.oracle import MemoryIndex

STAMP = Stamp(1, 1, "test")
ANALYSER = Analyser()


@pytest.fixture(scope="module", autouse=True)
def small_batches() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(build, "_BATCH", 500)
        yield


def article(number: int, text: str = "正文", **changes: object) -> Article:
    plain = Article(f"https://news{number % 3}.example.com/{number}", f"新闻{number}", text, source="示例日报")
    return replace(plain, **changes)  # type: ignore[arg-type]


def found(index: MemoryIndex, query: Query) -> set[str]:
    return {hit.id for hit in index.search(SearchRequest(query, limit=10_000)).hits}


def phrase_tokens(text: str) -> Phrase:
    grams, prefix = ANALYSER.phrase_tokens(text)
    return Phrase(grams, prefix)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.sqlite3") as archive:
        yield archive


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex(STAMP)


def test_the_first_update_builds_the_index(archive: Archive, index: MemoryIndex) -> None:
    archive.put(article(n) for n in range(1200))
    seen: list[int] = []
    assert build.update(archive, index, ANALYSER, seen.append) == build.BuildResult(1200, 0, 1200)
    assert found(index, MatchAll()) == {kept.id for kept in archive.iterate()}
    assert (index.info().sequence, index.info().generation) == (1200, 1)
    assert seen == [500, 1000, 1200]


def test_everything_that_the_engine_needs_arrives(archive: Archive, index: MemoryIndex) -> None:
    given = article(1, "台灣選舉", url="https://WWW.Example.com/1", published=datetime(2024, 5, 1, tzinfo=UTC))
    archive.put([given, article(2)])
    build.update(archive, index, ANALYSER)
    (hit,) = index.search(SearchRequest(phrase_tokens("湾选"))).hits
    assert (hit.id, hit.published) == (article_id(given), 1714521600)
    assert found(index, Site("example.com")) == {article_id(given), article_id(article(2))}
    assert found(index, Site("www.example.com")) == {article_id(given)}
    assert len(found(index, Source("示例日报"))) == 2


@pytest.mark.parametrize("url", ["", "tag:example.com,2024:1", "http://[broken/1"])
def test_an_address_without_a_host_has_no_site(url: str) -> None:
    assert build.analyse([article(1, url=url)], ANALYSER, {}).sites == [""]


def test_an_empty_archive_gives_an_empty_index(archive: Archive, index: MemoryIndex) -> None:
    assert build.update(archive, index, ANALYSER) == build.BuildResult(0, 0, 0)
    assert index.info().documents == 0


def test_an_update_handles_only_what_changed(archive: Archive, index: MemoryIndex) -> None:
    archive.put(article(n) for n in range(5))
    build.update(archive, index, ANALYSER)
    archive.put([article(0), article(1, "改过了"), article(9)])
    archive.delete([article_id(article(2))])
    assert build.update(archive, index, ANALYSER) == build.BuildResult(2, 1, 8)
    assert found(index, MatchAll()) == {kept.id for kept in archive.iterate()}
    assert found(index, phrase_tokens("改过")) == {article_id(article(1))}
    assert article_id(article(1)) not in found(index, phrase_tokens("正文"))
    assert build.update(archive, index, ANALYSER) == build.BuildResult(0, 0, 8)
    assert index.info().generation == 1


def test_a_rebuild_starts_from_nothing(archive: Archive, index: MemoryIndex) -> None:
    archive.put(article(n) for n in range(5))
    archive.delete([article_id(article(2))])
    build.update(archive, index, ANALYSER)
    assert build.rebuild(archive, index, ANALYSER) == build.BuildResult(4, 1, 6)
    assert index.info().generation == 2
    assert found(index, MatchAll()) == {kept.id for kept in archive.iterate()}


def test_what_arrives_during_a_rebuild_is_in_the_new_generation(archive: Archive, index: MemoryIndex) -> None:
    archive.put(article(n) for n in range(3))

    class Busy(Analyser):
        def analyse(self, titles: Sequence[str], bodies: Sequence[str], captions: Sequence[str] = ()) -> Analysis:
            archive.put(article(n) for n in range(10))
            return super().analyse(titles, bodies)

    assert build.rebuild(archive, index, Busy()).sequence == 10
    assert index.info().documents == 10


def test_an_article_that_vanishes_while_it_is_read_is_not_indexed(tmp_path: Path, index: MemoryIndex) -> None:
    class Vanishing(Archive):
        def get(self, ids: Iterable[str], *, html: bool = True) -> list[Article]:
            self.delete([article_id(article(1))])
            return super().get(ids, html=html)

    with Vanishing(tmp_path / "archive.sqlite3") as archive:
        archive.put([article(1), article(2)])
        build.update(archive, index, ANALYSER)
        assert found(index, MatchAll()) == {article_id(article(2))}
        assert index.info().sequence == archive.last_sequence()


def test_an_index_of_another_archive_is_not_touched(archive: Archive, index: MemoryIndex, tmp_path: Path) -> None:
    archive.put(article(n) for n in range(5))
    build.update(archive, index, ANALYSER)
    with Archive(tmp_path / "other.sqlite3") as other:
        other.put([article(7)])
        with pytest.raises(StampMismatch, match="holds 5 changes of an archive that has 1: it was made from another"):
            build.update(other, index, ANALYSER)
        assert index.info().documents == 5
        build.rebuild(other, index, ANALYSER)
        assert index.info().documents == 1


class Failing(Analyser):
    """Breaks at its second batch."""

    calls = 0

    def analyse(self, titles: Sequence[str], bodies: Sequence[str], captions: Sequence[str] = ()) -> Analysis:
        self.calls += 1
        if self.calls == 2:
            raise MemoryError
        return super().analyse(titles, bodies)


def test_an_update_that_breaks_changes_nothing_and_the_next_completes(archive: Archive, index: MemoryIndex) -> None:
    build.update(archive, index, ANALYSER)
    archive.put(article(n) for n in range(2000))
    with pytest.raises(MemoryError):
        build.update(archive, index, Failing())
    assert (index.info().documents, index.info().sequence) == (0, 0)
    build.update(archive, index, ANALYSER)
    assert (index.info().documents, index.info().sequence) == (2000, 2000)


def test_a_rebuild_that_breaks_leaves_the_live_generation(archive: Archive, index: MemoryIndex) -> None:
    archive.put(article(n) for n in range(2000))
    with pytest.raises(MemoryError):
        build.update(archive, index, Failing())
    with pytest.raises(IndexMissing):
        index.info()
    build.update(archive, index, ANALYSER)
    with pytest.raises(MemoryError):
        build.rebuild(archive, index, Failing())
    assert (index.info().documents, index.info().generation) == (2000, 1)


def test_a_long_backlog_is_committed_as_it_goes(
    archive: Archive, index: MemoryIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "_UPDATE_WINDOW", 600)
    build.update(archive, index, ANALYSER)
    archive.put(article(n) for n in range(1500))
    committed = []
    build.update(archive, index, ANALYSER, lambda _: committed.append(index.info().sequence))
    assert committed == [0, 0, 600, 600, 1200]
    assert index.info().sequence == 1500


Step = tuple[str, int]


@settings(max_examples=30)
@given(st.lists(st.tuples(st.sampled_from(["put", "change", "delete", "update", "rebuild"]), st.integers(0, 5))))
def test_whatever_happens_the_index_follows_the_archive(
    tmp_path_factory: pytest.TempPathFactory, steps: list[Step]
) -> None:
    index = MemoryIndex(STAMP)
    with Archive(tmp_path_factory.mktemp("archive") / "archive.sqlite3") as archive:
        for time, (step, number) in enumerate([*steps, ("update", 0)]):
            match step:
                case "put":
                    archive.put([article(number)])
                case "change":
                    archive.put([article(number, f"第{time}版")])
                case "delete":
                    archive.delete([article_id(article(number))])
                case "update":
                    build.update(archive, index, ANALYSER)
                case "rebuild":
                    build.rebuild(archive, index, ANALYSER)
        kept = list(archive.iterate())
        assert found(index, MatchAll()) == {article.id for article in kept}
        for article_kept in kept:
            assert article_kept.id in found(index, phrase_tokens(article_kept.text))
        assert index.info().sequence == archive.last_sequence()
