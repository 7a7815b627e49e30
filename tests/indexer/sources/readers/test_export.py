"""An export: all that an archive holds comes back into an empty one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.article import Article
from indexer.sources import Reject, read
from indexer.sources.readers import export
from indexer.zones import zone_named
from search_app.cli import main as program

NOW = datetime(2026, 1, 2, tzinfo=UTC)
WORDS = st.sampled_from(["江边的老码头改造完工", "夜校开课，剪纸班最先报满", "  缩进\n\n空行 \r\n", "<b>1 < 2</b>", ""])
TIMES = st.integers(631_152_000, 1_893_456_000).map(lambda second: datetime.fromtimestamp(second, UTC))
ARTICLES = st.builds(
    Article,
    url=st.sampled_from(
        [
            "",
            "https://a.example/show?id=1",
            "https://a.example/show?id=2",
            "http://a.example/x",
            "https://www.a.example/x/",
        ]
    ),
    title=st.sampled_from(["夜校", "老码头 | 早报", " 甲 "]),
    text=WORDS,
    html=WORDS,
    source=st.sampled_from(["", "早报", "N/A"]),
    published=st.none() | TIMES,
    discovered=st.none() | TIMES,
    language=st.sampled_from(["und", "zh-Hans", "en"]),
    guid=st.sampled_from(["", "17", "https://a.example/?p=1"]),
    author=st.sampled_from(["", "张三、李四"]),
    part=st.sampled_from(["", "17", "#x"]),
)
FEEDS = st.lists(
    st.builds(
        Subscription,
        url=st.integers(0, 9).map("https://a.example/feed/{}".format),
        title=st.sampled_from(["", "早报"]),
        zone=st.sampled_from(["", "Asia/Taipei"]),
        etag=st.sampled_from(["", '"x"']),
        last_fetched=st.none() | TIMES,
        next_fetch=st.none() | TIMES,
        last_error=st.sampled_from(["", "timed out"]),
        failures=st.integers(0, 9),
    ),
    max_size=3,
    unique_by=lambda feed: feed.url,
)


MARKS = st.lists(
    st.builds(
        lambda said, **members: Mark(kind=said[0], tag=said[1], note=said[2], **members),
        st.sampled_from(
            [
                ("starred", "", ""),
                ("later", "", ""),
                ("tagged", "夜 校", ""),
                ("tagged", "x", ""),
                ("noted", "", "一\n\n  二"),
            ]
        ),
        id=st.sampled_from(["00000000000000aa", "00000000000000bb"]),
        made=TIMES,
        reader=st.sampled_from(["", "alice", "张".encode().decode("latin-1")]),
    ),
    max_size=8,
    unique_by=lambda mark: (mark.reader, mark.id, mark.kind, mark.tag),
)


def everything(
    archive: Archive,
) -> tuple[list[Article], list[Revision], list[Tombstone], list[Subscription], list[Mark | HiddenSource]]:
    stones, marks = list(archive.tombstones.all()), [*archive.marks.all(), *archive.marks.sources()]
    return list(archive.iterate()), list(archive.history.all()), stones, archive.subscriptions.all(), marks


def restore(archive: Archive, path: Path) -> None:
    found = list(read([path], zone=zone_named("Asia/Shanghai"), now=NOW))
    assert not any(isinstance(each, Reject) for each in found)
    archive.put(each for each in found if isinstance(each, Article))
    archive.history.add(each for each in found if isinstance(each, Revision))
    archive.tombstones.add(each for each in found if isinstance(each, Tombstone))
    archive.subscriptions.add(each for each in found if isinstance(each, Subscription))
    archive.marks.add(each for each in found if isinstance(each, Mark))
    archive.marks.add_sources(each for each in found if isinstance(each, HiddenSource))


@settings(max_examples=60, deadline=None)
@given(
    rounds=st.lists(st.lists(ARTICLES, max_size=4), max_size=4),
    feeds=FEEDS,
    gone=st.lists(st.integers(0, 15), max_size=3, unique=True),
    marks=MARKS,
)
def test_an_archive_comes_back_whole(
    tmp_path_factory: pytest.TempPathFactory,
    rounds: list[list[Article]],
    feeds: list[Subscription],
    gone: list[int],
    marks: list[Mark],
) -> None:
    folder = tmp_path_factory.mktemp("archive")
    clock = iter(NOW + timedelta(hours=n) for n in range(100))
    with Archive(folder / "one.sqlite3", clock=lambda: next(clock)) as archive:
        for articles in rounds:
            archive.put(articles)
        ids = [each.id for each in archive.iterate()]
        archive.tombstones.forget([ids[place] for place in gone if place < len(ids)], "侵权投诉")
        archive.subscriptions.add(feeds)
        archive.marks.add(marks)
        kept = everything(archive)
        (folder / "export.jsonl").write_text("".join(export.lines(archive)))
    with Archive(folder / "other.sqlite3") as other:
        for _ in range(2):
            if any(kept):
                restore(other, folder / "export.jsonl")
            assert everything(other) == kept


def test_the_commands_carry_an_archive_over(tmp_path: Path) -> None:
    twins = [
        Article(url=f"https://a.example/show?id={n}", title="公告", text="今日停水。", source="早报", discovered=NOW)
        for n in range(2)
    ]
    one, other = tmp_path / "one", tmp_path / "other"
    with Archive(one / "archive.sqlite3") as archive:
        archive.put([replace(twins[0], id="0" * 15 + "1"), replace(twins[1], id="0" * 15 + "2")])
        archive.put([replace(twins[1], id="0" * 15 + "2", text="明日停水。")])
        archive.subscriptions.add([Subscription("https://a.example/feed", title="早报", zone="Asia/Taipei")])
        archive.marks.set("", "tagged", "0" * 15 + "1", tag="停水")
        archive.marks.set("alice", "noted", "0" * 15 + "2", note="核对")
        archive.marks.set("alice", "muted", "0" * 15 + "2")
        archive.marks.hide_source("alice", "晚报")
        kept = everything(archive)
        assert len(kept[0]) == 2 and len(kept[1]) == 1
    written = CliRunner().invoke(program, ["--data", str(one), "export"])
    (tmp_path / "export.jsonl").write_bytes(written.stdout_bytes)
    said = CliRunner().invoke(program, ["--data", str(other), "import", str(tmp_path / "export.jsonl")])
    assert "2 new" in said.output
    with Archive(other / "archive.sqlite3") as archive:
        assert everything(archive) == kept


def test_foreign_members_called_like_those_of_an_export_are_no_export() -> None:
    assert export.read({"subscription": 17}) is None
    assert export.read({"subscription": "premium", "title": "标题", "text": "正文"}) is None
    stone = {"tombstone": "0123456789abcdef", "forgotten": "2024-01-01T00:00:00+00:00", "keys": ["f" * 16, "0" * 16]}
    assert export.read(stone) == Tombstone("0123456789abcdef", datetime(2024, 1, 1, tzinfo=UTC), "", None, (-1, 0))
    wrong = {"tombstone": "granite", "forgotten": "昨天", "keys": ["xyz"], "reason": 5, "title": "标题", "text": "正文"}
    for name, value in wrong.items():
        assert export.read(stone | {name: value}) is None
    assert export.read(stone | {"keys": [7]}) is None and export.read(stone | {"keys": "f" * 16}) is None
    assert export.read({"replaced": "2024-01-01T00:00:00+00:00", "title": "标题", "text": "正文"}) is None
    assert export.read({"id": "0123456789abcdef", "title": "标题", "text": "正文", "published": "昨天"}) is None


GOOD_MARK = {"mark": "tagged", "id": "00000000000000aa", "made": "2026-01-02T00:00:00+00:00", "tag": "x"}


@pytest.mark.parametrize(
    "changed",
    [
        {"mark": "loved"},
        {"mark": ["tagged"]},
        {"mark": "starred"},
        {"id": "../x"},
        {"id": 17},
        {"made": "soon"},
        {"made": "2026-01-02"},
        {"tag": ""},
        {"tag": "长" * 65},
        {"tag": "a\x00b"},
        {"tag": ["x"]},
        {"reader": "长" * 65},
        {"reader": "a\x00"},
        {"note": "x"},
        {"title": "标题"},
    ],
    ids=str,
)
def test_what_is_no_mark_of_ours_is_none(changed: dict[str, object]) -> None:
    assert export.read(GOOD_MARK) == Mark("tagged", "00000000000000aa", NOW, tag="x")
    assert export.read(GOOD_MARK | changed) is None


GOOD_HIDDEN = {"hidden_source": "甲报", "made": "2026-01-02T00:00:00+00:00", "reader": "alice"}


@pytest.mark.parametrize(
    "changed",
    [
        *({"hidden_source": ""}, {"hidden_source": "a\x00b"}, {"hidden_source": "长" * 501}, {"hidden_source": 17}),
        *({"made": "soon"}, {"reader": "a\x00"}, {"reader": 17}, {"title": "标题"}),
    ],
    ids=str,
)
def test_what_is_no_hidden_source_of_ours_is_none(changed: dict[str, object]) -> None:
    assert export.read(GOOD_HIDDEN) == HiddenSource("甲报", NOW, "alice")
    assert export.read(GOOD_HIDDEN | changed) is None


def test_an_import_leaves_marks_that_are_there(tmp_path: Path) -> None:
    with Archive(tmp_path / "archive.sqlite3") as archive:
        archive.marks.set("", "noted", "00000000000000aa", note="新的")
        archive.marks.add([Mark("noted", "00000000000000aa", NOW, note="旧的"), Mark("later", "00000000000000aa", NOW)])
        assert [(each.kind, each.note) for each in archive.marks.all()] == [("noted", "新的"), ("later", "")]
