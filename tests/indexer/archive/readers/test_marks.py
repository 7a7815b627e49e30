"""Marks: a reader's own, kept with the archive whatever happens to the article."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, ArticleMarks, Mark
from indexer.article import Article
from tests.indexer.archive.older import make_older

ARTICLE = Article(url="https://example.com/1", title="一", text="江城大桥限行三天。")
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
A, B, C = "000000000000000a", "000000000000000b", "000000000000000c"


def test_marks_are_their_readers(archive: Archive) -> None:
    marks = archive.marks
    marks.set("alice", "starred", A)
    marks.set("alice", "starred", A)
    marks.set("", "later", A)
    marks.set("", "tagged", A, tag="疫苗")
    marks.set("", "tagged", A, tag="a%_'")
    marks.set("", "tagged", A, tag="疫苗")
    marks.set("", "noted", A, note="第一")
    marks.set("", "noted", A, note="第二\n行")
    assert marks.of("alice", [A, B, "no id"]) == {A: ArticleMarks(starred=True)}
    assert marks.of("", [A]) == {A: ArticleMarks(later=True, note="第二\n行", tags=("a%_'", "疫苗"))}
    assert marks.of("bob", [A]) == {}
    assert marks.remove("", "tagged", A, tag="疫苗")
    assert not marks.remove("", "tagged", A, tag="疫苗")
    assert not marks.remove("bob", "starred", A)
    assert marks.of("", [A])[A].tags == ("a%_'",)


def test_the_latest_mark_is_first_and_each_article_once(archive: Archive) -> None:
    marks = archive.marks
    for id in (A, B, C):
        marks.set("", "starred", id)
    marks.set("", "tagged", A, tag="疫苗")
    marks.set("", "tagged", B, tag="关税")
    assert marks.ids("") == [B, A, C]
    assert marks.ids("", skip=1, limit=1) == [A]
    assert marks.ids("", kind="starred") == [C, B, A]
    assert marks.ids("", tag="疫苗") == [A]
    assert marks.ids("", kind="later") == []
    assert marks.counts("") == {"starred": 3, "later": 0, "noted": 0, "tagged": 2, "hidden": 0, "muted": 0}
    assert marks.tags("") == [("关税", 1), ("疫苗", 1)]


def test_what_is_replaced_keeps_the_time_of_what_stays(archive: Archive) -> None:
    marks = archive.marks
    old = [Mark("starred", A, LONG_AGO), Mark("tagged", A, LONG_AGO, tag="x"), Mark("noted", A, LONG_AGO, note="旧")]
    marks.add([*old, Mark("starred", B, LONG_AGO), Mark("starred", A, LONG_AGO, "alice")])
    marks.replace("", A, ArticleMarks(starred=True, later=True, note="新", tags=("y",)))
    assert marks.of("", [A]) == {A: ArticleMarks(True, True, "新", ("y",))}
    kept = {(each.id, each.reader) for each in marks.all() if each.made == LONG_AGO}
    assert kept == {(A, ""), (B, ""), (A, "alice")}
    marks.replace("", A, ArticleMarks())
    assert [(each.id, each.reader) for each in marks.all()] == [(B, ""), (A, "alice")]
    marks.add(old[:1] * 2)
    assert marks.ids("", kind="starred") == [A, B]


def test_marks_survive_what_happens_to_the_article(archive: Archive) -> None:
    archive.put([ARTICLE])
    [id] = [each.id for each in archive.iterate()]
    archive.marks.set("", "noted", id, note="核对过")
    kept = {id: ArticleMarks(note="核对过")}
    archive.put([ARTICLE])
    archive.put([replace(ARTICLE, text="江城大桥限行五天。")])
    assert archive.marks.of("", [id]) == kept
    archive.delete([id])
    assert archive.marks.of("", [id]) == kept
    archive.put([ARTICLE])
    assert [each.id for each in archive.iterate()] == [id]


def test_an_older_archive_gets_marks(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.put([ARTICLE])
    make_older(location, 5)
    with Archive(location) as archive:
        archive.marks.set("", "starred", A)
        assert archive.marks.ids("") == [A]
        assert archive.count() == 1


@settings(deadline=None, max_examples=20)
@given(steps=st.lists(st.tuples(st.booleans(), st.sampled_from("ab"), st.sampled_from([A, B]), st.sampled_from("xy"))))
def test_tags_are_a_set_for_each_reader_and_article(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[bool, str, str, str]]
) -> None:
    plain: set[tuple[str, str, str]] = set()
    with Archive(tmp_path_factory.mktemp("marks") / "archive.sqlite") as archive:
        for there, reader, id, tag in steps:
            if there:
                archive.marks.set(reader, "tagged", id, tag=tag)
                plain.add((reader, id, tag))
            else:
                assert archive.marks.remove(reader, "tagged", id, tag=tag) == ((reader, id, tag) in plain)
                plain.discard((reader, id, tag))
        for reader in "ab":
            for id in (A, B):
                tags = tuple(tag for tag in "xy" if (reader, id, tag) in plain)
                assert archive.marks.of(reader, [id]).get(id, ArticleMarks()).tags == tags
