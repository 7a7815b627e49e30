"""What was forgotten does not come back, however it is read; everything else does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, Counts, Revision, Tombstone
from indexer.article import Article

DAY = datetime(2020, 9, 15, tzinfo=UTC)
ARTICLE = Article(
    url="https://example.com/news?id=7",
    title="江城新建大桥",
    text="这座大桥今天通车。" * 5,
    source="江城日报",
    guid="7",
    published=DAY,
    language="zh-Hans",
)
OTHER = replace(ARTICLE, url="https://example.com/news?id=8", guid="8", title="天气", text="明天有雨。" * 9)
NOWHERE = replace(ARTICLE, url="", guid="")


def forget(archive: Archive, article: Article) -> str:
    """Keep an article and forget it; its id."""
    archive.put([article])
    (id,) = [each.id for each in archive.iterate() if each.title == article.title]
    assert archive.tombstones.forget([id], "asked for") == 1
    return id


def test_a_forgotten_article_is_gone_with_what_it_said_before(archive: Archive) -> None:
    archive.put([OTHER])
    archive.put([replace(ARTICLE, text="起初说的是这些。" * 5), ARTICLE])
    id = forget(archive, ARTICLE)
    assert [each.title for each in archive.iterate()] == [OTHER.title]
    assert archive.get([id]) == [] and list(archive.history.all()) == []
    assert [(each.id, each.deleted) for each in archive.changes(0, 10)][-1] == (id, True)
    assert archive.tombstones.forget([id, "0" * 16, "no id"], "again") == 0


def test_a_tombstone_has_nothing_of_what_was_said(archive: Archive) -> None:
    id = forget(archive, ARTICLE)
    stone = archive.tombstones.get(id)
    assert stone is not None and (stone.id, stone.reason, stone.published) == (id, "asked for", DAY)
    assert list(archive.tombstones.all()) == [stone]
    assert archive.tombstones.get("0" * 16) is None and archive.tombstones.get("no id") is None
    assert not {ARTICLE.title, ARTICLE.text, ARTICLE.url} & set(map(str, (stone.id, stone.reason, *stone.keys)))


def test_the_text_is_not_in_the_file_any_more(tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    with Archive(path) as archive:
        archive.put(replace(OTHER, url=f"https://example.com/{number}", guid="") for number in range(50))
        forget(archive, ARTICLE)
    files = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert OTHER.title.encode() in files
    assert ARTICLE.title.encode() not in files and ARTICLE.text[:9].encode() not in files


EDITED = "记者另有消息：桥面还没有干。"
AGAIN = {
    "the very same": ARTICLE,
    "edited": replace(ARTICLE, title="江城大桥", text=EDITED),
    "without its guid": replace(ARTICLE, guid=""),
    "with another guid": replace(ARTICLE, guid="7-2"),
    "from another source": replace(ARTICLE, source="转载网", guid="x"),
    "with a share button's parameters": replace(ARTICLE, url=ARTICLE.url + "&utm_source=weibo"),
    "over http": replace(ARTICLE, url=ARTICLE.url.replace("https", "http"), text=EDITED),
    "moved, with its guid": replace(ARTICLE, url="https://example.com/moved/7", text=EDITED),
    "moved, without a date": replace(ARTICLE, url="https://example.com/moved/7", text=EDITED, published=None),
    "with a token in its address": replace(ARTICLE, url=ARTICLE.url + "&token=1", guid=""),
    "with its guid as the part": replace(ARTICLE, part="7", text=EDITED),
}


@pytest.mark.parametrize("how", AGAIN)
def test_it_does_not_come_back(archive: Archive, how: str) -> None:
    archive.put([OTHER])
    forget(archive, ARTICLE)
    assert archive.put([AGAIN[how], OTHER]) == Counts(unchanged=1, forgotten=1)
    assert archive.count() == 1


def test_it_does_not_come_back_with_its_id(archive: Archive) -> None:
    id = forget(archive, ARTICLE)
    elsewhere = replace(OTHER, id=id)
    assert archive.put([elsewhere]) == Counts(forgotten=1)
    archive.history.add([Revision(replace(ARTICLE, id=id), DAY)])
    assert list(archive.history.all()) == []


def test_it_does_not_come_back_as_it_was_at_first(archive: Archive) -> None:
    first = replace(ARTICLE, url="https://example.com/old/7", guid="", title="旧题")
    archive.put([replace(ARTICLE, url=first.url)])
    forget(archive, ARTICLE)
    assert archive.put([first]) == Counts(forgotten=1)


UNLIKE = {
    "another address": replace(ARTICLE, url="https://example.com/news/9", guid=""),
    "another day's guid": replace(OTHER, url="https://example.com/x", guid="7", published=DAY + timedelta(9)),
    "the guid of another feed": replace(OTHER, url="https://example.com/x", guid="7", source="别报"),
    "another item at its address": replace(OTHER, url=ARTICLE.url, guid="70", part="70"),
}


@pytest.mark.parametrize("how", UNLIKE)
def test_others_come(archive: Archive, how: str) -> None:
    forget(archive, ARTICLE)
    assert archive.put([UNLIKE[how]]) == Counts(new=1)


def test_of_several_at_one_address_only_the_forgotten_one_stays_away(archive: Archive) -> None:
    items = [replace(OTHER, guid=str(n), part=str(n), title=f"第{n}条", text=f"第{n}条说的事。" * 5) for n in range(3)]
    archive.put(items)
    forget(archive, items[1])
    assert archive.put(items) == Counts(unchanged=2, forgotten=1)
    assert archive.put([replace(items[1], part="", text=EDITED)]) == Counts(forgotten=1)
    third = replace(OTHER, guid="new", title="又一条", text="又一条说的事。" * 5)
    assert archive.put([third]) == Counts(new=1)


def test_an_address_that_was_shared_without_parts_stays_open_to_others(archive: Archive) -> None:
    daily = [replace(OTHER, guid=f"day {n}", title=f"第{n}日", text=f"{'甲乙丙'[n] * 40}") for n in range(3)]
    archive.put(daily[:1])
    archive.put(daily[1:2])
    assert archive.count() == 2
    forget(archive, daily[0])
    assert archive.put([daily[0]]) == Counts(forgotten=1)
    assert archive.put([daily[1]]) == Counts(unchanged=1)
    assert archive.put([daily[2]]) == Counts(new=1)


def test_a_file_without_address_is_known_by_its_title_and_day(archive: Archive) -> None:
    forget(archive, NOWHERE)
    assert archive.put([NOWHERE, replace(NOWHERE, text=EDITED)]) == Counts(forgotten=2)
    assert archive.put([replace(NOWHERE, text=EDITED, published=DAY + timedelta(7))]) == Counts(new=1)


def test_files_without_address_and_date_are_not_told_by_their_title(archive: Archive) -> None:
    notes = [replace(NOWHERE, title="备忘", text=text * 9, published=None) for text in ("买菜。", "给同事回信。")]
    archive.put(notes)
    assert archive.count() == 2
    (id,) = [each.id for each in archive.iterate() if each.text == notes[0].text]
    archive.tombstones.forget([id], "")
    assert archive.put(notes) == Counts(unchanged=1, forgotten=1)
    assert archive.put([replace(notes[0], text="第三件事。" * 9)]) == Counts(new=1)


def test_two_of_the_same_words_do_not_take_each_other_along(archive: Archive) -> None:
    twins = [replace(ARTICLE, id=f"{n:016x}", url=f"https://example.com/twins?id={n}", guid="") for n in (1, 2)]
    archive.put(twins)
    archive.tombstones.forget([twins[0].id], "")
    assert archive.put([replace(twins[1], id="")]) == Counts(unchanged=1)
    assert archive.put([twins[0], replace(twins[0], id="")]) == Counts(forgotten=2)
    assert [each.id for each in archive.iterate()] == [twins[1].id]


def test_undo_lets_it_come_again(archive: Archive) -> None:
    id = forget(archive, ARTICLE)
    assert archive.tombstones.at(ARTICLE.url + "&utm_source=x") == [id] and archive.tombstones.at("nowhere") == []
    assert archive.tombstones.undo([id, "0" * 16]) == 1
    assert list(archive.tombstones.all()) == [] and archive.tombstones.at(ARTICLE.url) == []
    assert archive.put([ARTICLE]) == Counts(new=1)
    assert [each.id for each in archive.iterate()] == [id]
    assert archive.put([replace(ARTICLE, text=ARTICLE.text + "后来又说。")]) == Counts(updated=1)


def test_what_moved_stays_away_from_both_addresses(archive: Archive) -> None:
    moved = replace(ARTICLE, url="https://example.com/moved/7", text=ARTICLE.text + "又说。")
    archive.put([ARTICLE])
    assert archive.put([moved]) == Counts(updated=1)
    (id,) = archive.at(ARTICLE.url)
    assert archive.at(moved.url) == [id] and archive.tombstones.forget([id], "") == 1
    for article in (ARTICLE, moved):
        assert archive.put([replace(article, guid="", text=EDITED)]) == Counts(forgotten=1)
        assert archive.tombstones.at(article.url) == [id]
    assert archive.tombstones.at("") == []


def test_an_address_leads_to_what_is_kept_there(archive: Archive) -> None:
    archive.put([ARTICLE, OTHER])
    (kept,) = archive.get(archive.at(ARTICLE.url + "#top"))
    assert kept.title == ARTICLE.title
    assert archive.at("https://example.com/none") == [] and archive.at("no address") == [] and archive.at("") == []


def test_tombstones_of_another_archive_take_nothing_out(archive: Archive) -> None:
    archive.put([ARTICLE])
    (kept,) = archive.iterate()
    stones = [Tombstone(kept.id, DAY, "there", None, (1, 2)), Tombstone("f" * 16, DAY, "原因", DAY, (-(2**63), 7))]
    assert archive.tombstones.add([*stones, stones[1]]) == 1
    assert archive.tombstones.add(stones) == 0
    assert archive.count() == 1 and list(archive.tombstones.all()) == [stones[1]]


def test_many_are_forgotten_at_once(archive: Archive) -> None:
    archive.put(
        replace(ARTICLE, url=f"https://example.com/{n}", guid="", title=f"第{n}条", text=f"{n}" * 9)
        for n in range(1200)
    )
    ids = [each.id for each in archive.iterate()]
    assert archive.tombstones.forget(ids[:1100], "many") == 1100
    assert archive.count() == 100
    assert [stone.id for stone in archive.tombstones.all()] == sorted(ids[:1100])


SMALL = st.builds(
    Article,
    url=st.sampled_from(["", "https://a.example/1", "https://a.example/1?x=1", "https://a.example/2#p"]),
    title=st.sampled_from(["题", "另一题"]),
    text=st.sampled_from(["甲" * 30, "甲" * 29 + "乙", "丙" * 30]),
    guid=st.sampled_from(["", "1", "2"]),
    source=st.just("报"),
    part=st.sampled_from(["", "", "1", "2"]),
    published=st.sampled_from([None, DAY, DAY + timedelta(days=2)]),
)


@settings(deadline=None, max_examples=150)
@given(st.lists(SMALL, max_size=6), st.data())
def test_what_was_read_before_never_brings_a_forgotten_one_back(read: list[Article], data: st.DataObject) -> None:
    with Archive(":memory:") as archive:
        for article in read:
            archive.put([article])
        kept = [each.id for each in archive.iterate()]
        gone = set(data.draw(st.lists(st.sampled_from(kept), unique=True))) if kept else set()
        before = {each.id: each for each in archive.iterate() if each.id not in gone}
        assert archive.tombstones.forget(gone, "") == len(gone)
        assert {each.id: each for each in archive.iterate()} == before
        for article in read:
            counts = archive.put([article])
            assert not counts.new
        assert {each.id for each in archive.iterate()} == before.keys()
