"""Which items of feeds and files are one article: what is kept after they were read, in any order and again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, Counts
from indexer.article import Article
from tests.indexer.archive.older import make_older

DAY = datetime(2024, 1, 1, 7, tzinfo=UTC)
SHOW = "https://radio.example/shows/morning"

WORDS = {
    "老码头": "江边的老码头改造完工，两座龙门吊留作景观，旁边的仓库改成了书店和咖啡馆。",
    "山村小学": "山里的小学今天起由村里的厨房供应午餐，三十二名学生每天都能喝上热汤。",
    "海上风电": "第三座海上风电场并网发电，十六台机组一年能供八万户人家用电。",
    "夜校": "纺织厂旧址办起夜校，剪纸班和电工班最先报满，学费由街道补贴一半。",
}


def item(title: str, **changes: object) -> Article:
    plain = Article(url=SHOW, title=title, text=WORDS.get(title, title), source="早间三分钟", published=DAY)
    return replace(plain, **changes)  # type: ignore[arg-type]


def edited(article: Article, **changes: object) -> Article:
    return replace(article, text=article.text + "（更新：补充一处说明）", **changes)  # type: ignore[arg-type]


EPISODES = [item(title, guid=f"ep-{number}", part=f"ep-{number}") for number, title in enumerate(WORDS)]


def titles(archive: Archive) -> list[str]:
    return sorted(article.title for article in archive.iterate())


def test_items_that_share_a_link_are_articles_of_their_own(archive: Archive) -> None:
    assert archive.put(EPISODES) == Counts(new=4)
    assert archive.put(reversed(EPISODES)) == Counts(unchanged=4)
    assert titles(archive) == sorted(WORDS)


def test_an_item_of_a_shared_link_that_is_edited_stays_the_article_it_was(archive: Archive) -> None:
    archive.put(EPISODES)
    assert archive.put([edited(EPISODES[1])]) == Counts(updated=1)
    assert archive.put([edited(replace(EPISODES[2], part=""))]) == Counts(updated=1)
    assert archive.count() == 4


def test_an_item_that_was_alone_at_first_is_found_again_when_others_join_it(archive: Archive) -> None:
    archive.put([replace(EPISODES[0], part="")])
    assert archive.put(EPISODES[:3]) == Counts(new=2, unchanged=1)
    assert archive.put([replace(EPISODES[3], part="")]) == Counts(new=1)
    assert archive.put(EPISODES) == Counts(unchanged=4)


def test_fragments_tell_items_apart(archive: Archive) -> None:
    briefs = [item(title, url=f"{SHOW}#item-{n}", part=f"item-{n}") for n, title in enumerate(WORDS)]
    assert archive.put(briefs) == Counts(new=4)
    assert archive.put([replace(briefs[2], part="")]) == Counts(unchanged=1)
    assert archive.put(briefs) == Counts(unchanged=4)


def test_a_feed_of_one_item_that_is_replaced_every_day_loses_none(archive: Archive) -> None:
    for number, title in enumerate(WORDS):
        bulletin = item(title, guid=f"day-{number}", published=DAY + timedelta(days=number))
        assert archive.put([bulletin]) == Counts(new=1)
        assert archive.put([bulletin]) == Counts(unchanged=1)
    assert titles(archive) == sorted(WORDS)


def test_a_guid_that_changes_at_every_reading_makes_no_second_article(archive: Archive) -> None:
    first = item("夜校", url="https://news.example/1", guid="a8f1")
    archive.put([first])
    assert archive.put([replace(first, guid="77c0")]) == Counts(unchanged=1)
    assert archive.put([edited(first, guid="b2e9", title="夜校（更新）")]) == Counts(updated=1)
    assert archive.count() == 1


def test_an_edit_of_every_word_is_an_edit(archive: Archive) -> None:
    first = item("夜校", url="https://news.example/1", guid="7")
    archive.put([first])
    assert archive.put([replace(first, title="老码头", text=WORDS["老码头"])]) == Counts(updated=1)
    assert archive.put([replace(first, title="海上风电", text=WORDS["海上风电"], guid="")]) == Counts(updated=1)


def test_another_source_with_the_same_address_has_the_same_article(archive: Archive) -> None:
    first = item("夜校", url="https://news.example/1", guid="7")
    archive.put([first])
    again = replace(first, source="转载站", guid="x-9", title="老码头", text=WORDS["老码头"])
    assert archive.put([again]) == Counts(updated=1)
    assert archive.put([replace(first, url="http://www.news.example/1/?utm_source=x&vd_source=1")]) == Counts(
        unchanged=1
    )


def test_an_article_that_moved_is_known_by_its_guid(archive: Archive) -> None:
    first = item("夜校", url="https://news.example/2024/old-name", guid="https://news.example/?p=7")
    archive.put([first])
    moved = replace(first, url="https://news.example/2024/new-name")
    assert archive.put([moved]) == Counts(unchanged=1)
    assert archive.put([edited(moved)]) == Counts(updated=1)
    assert archive.put([edited(first)]) == Counts(unchanged=1)


def test_guids_that_count_from_one_in_every_feed_do_no_harm(archive: Archive) -> None:
    numbered = [item(title, url=f"https://news.example/{title}", guid="1") for title in WORDS]
    assert archive.put(numbered) == Counts(new=4)
    assert archive.put(numbered) == Counts(unchanged=4)


def test_a_token_in_the_address_makes_no_second_article(archive: Archive) -> None:
    first = item("夜校", url="https://journal.example/detail?v=aaa&file=7")
    assert archive.put([first, replace(first, url="https://journal.example/detail?v=bbb&file=7")]) == Counts(
        new=1, unchanged=1
    )
    other = item("老码头", url="https://journal.example/detail?v=aaa&file=8")
    assert archive.put([other, replace(other, title="老码头（下）")]) == Counts(new=1, updated=1)
    blank = item("公告", text="", url="https://journal.example/show?id=1")
    assert archive.put([blank, replace(blank, url="https://journal.example/show?id=2")]) == Counts(new=2)


def test_a_file_without_address_is_one_article_when_it_is_edited_or_better_read(archive: Archive) -> None:
    note = item("夜校", url="", published=None, source="")
    archive.put([note])
    assert archive.put([edited(note, published=DAY, source="街道报")]) == Counts(updated=1)
    assert archive.put([edited(note, url="https://news.example/1", published=DAY, source="街道报")]) == Counts(
        unchanged=1
    )
    assert archive.put([edited(note, url="https://news.example/1", title="夜校二")]) == Counts(updated=1)
    assert archive.count() == 1


def test_files_without_address_that_share_a_title_are_two(archive: Archive) -> None:
    notes = [item("随笔", url="", text=words) for words in WORDS.values()]
    assert archive.put(notes) == Counts(new=4)
    daily = [item("水位", url="", text=f"今日水位{n}米。", published=DAY + n * timedelta(days=2)) for n in range(3)]
    assert archive.put(daily) == Counts(new=3)
    assert archive.put(notes + daily) == Counts(unchanged=7)


def test_a_file_that_was_read_worse_before_is_the_same(archive: Archive) -> None:
    squeezed = (
        f"{WORDS['夜校']} <!-- more --> [一个链接](https://example.org/a) ![图](https://example.org/m.jpg) * 一 * 二"
    )
    archive.put([item("夜校", url="", text=squeezed, published=None, source="")])
    assert archive.put([item("夜校", url="")]) == Counts(updated=1)


def test_revisions_counted_in_the_guid_are_one_article(archive: Archive) -> None:
    first = item("夜校", url="https://news.example/1?at_medium=RSS", guid="https://news.example/1#1")
    archive.put([first])
    assert archive.put([replace(first, guid="https://news.example/1#4", text=WORDS["老码头"])]) == Counts(updated=1)


def test_an_article_that_was_deleted_comes_back_with_its_id(archive: Archive) -> None:
    archive.put(EPISODES)
    ids = {article.title: article.id for article in archive.iterate()}
    archive.delete(ids.values())
    assert archive.put(EPISODES) == Counts(new=4)
    assert {article.title: article.id for article in archive.iterate()} == ids


def test_an_export_brings_all_articles_back(archive: Archive, tmp_path: Path) -> None:
    archive.put([replace(EPISODES[0], part="")])
    archive.put(EPISODES)
    with Archive(tmp_path / "other.sqlite3") as other:
        assert other.put(reversed(list(archive.iterate()))) == Counts(new=4)
        assert titles(other) == titles(archive)


# -- archives of the version before --------------------------------------------------------------------------------


OLD = [
    item("夜校", url="https://www.news.example/1/?vd_source=2", guid="7"),
    item("老码头", url="", guid="ep-1"),
    item("山村小学", url=""),
    item("海上风电", url="https://journal.example/detail?v=aaa"),
]


def test_an_older_archive_keeps_its_articles_and_their_ids(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.put(OLD)
        before = list(archive.iterate())
    make_older(location, 1)
    with Archive(location) as archive:
        assert list(archive.iterate()) == before
        assert archive.put(OLD) == Counts(unchanged=4)
        again = [
            replace(OLD[0], url="https://news.example/1"),
            edited(OLD[1]),
            edited(OLD[2], url="https://news.example/3"),
            replace(OLD[3], url="https://journal.example/detail?v=bbb"),
        ]
        assert archive.put(again) == Counts(unchanged=2, updated=2)
        assert {kept.id for kept in archive.iterate()} == {kept.id for kept in before}


def test_items_that_an_older_archive_overwrote_are_kept_when_they_are_read_again(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.put([replace(EPISODES[3], part="")])
    make_older(location, 1)
    with Archive(location) as archive:
        (before,) = archive.iterate()
        assert archive.put(EPISODES) == Counts(new=3, unchanged=1)
        assert archive.get([before.id]) == [before]


# -- any input -------------------------------------------------------------------------------------------------------

items = st.builds(
    item,
    st.sampled_from(sorted(WORDS)),
    url=st.sampled_from(["", SHOW, SHOW + "#a", SHOW + "#b", "https://a.example/1", "https://a.example/x?t=1"]),
    guid=st.sampled_from(["", "g1", "g2"]),
    source=st.sampled_from(["甲报", "乙报"]),
    published=st.sampled_from([None, DAY, DAY + timedelta(days=9)]),
)


@settings(max_examples=150, deadline=None)
@given(given=st.lists(items, max_size=8), cut=st.integers(0, 8))
def test_what_was_read_once_is_known_when_it_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, given: list[Article], cut: int
) -> None:
    with Archive(tmp_path_factory.mktemp("archive") / "archive.sqlite3") as archive:
        archive.put(given[:cut])
        archive.put(given[cut:])
        # Items that contradict each other (one guid or one address without a part for different words) may be told
        # apart only when they are met again; from then on nothing is new.
        archive.put(given)
        kept = archive.count()
        again = archive.put(given)
        assert (again.new, archive.count()) == (0, kept)
        assert len({article.id for article in archive.iterate()}) == kept


@settings(max_examples=60, deadline=None)
@given(
    order=st.permutations(range(4)),
    sizes=st.lists(st.integers(1, 4), min_size=1, max_size=6),
)
def test_episodes_are_never_lost_however_they_arrive(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], sizes: list[int]
) -> None:
    """A feed shows some of the episodes at a time; alone in it, an episode doesn't know that others share its link."""
    with Archive(tmp_path_factory.mktemp("archive") / "archive.sqlite3") as archive:
        seen: set[str] = set()
        for start, size in enumerate(sizes):
            shown = [EPISODES[order[(start + n) % 4]] for n in range(size)]
            alone = len({episode.guid for episode in shown}) == 1
            archive.put([replace(episode, part="") if alone else episode for episode in shown])
            seen |= {episode.title for episode in shown}
        assert titles(archive) == sorted(seen)
