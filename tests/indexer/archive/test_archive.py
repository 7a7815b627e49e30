from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from indexer.archive import Archive, Change, Counts, article_id
from indexer.archive.schema import articles as articles_table
from indexer.article import Article

NOON = datetime(2024, 5, 1, 12, 0, tzinfo=UTC)


def article(number: int, **changes: object) -> Article:
    plain = Article(
        url=f"https://news.example.com/{number}",
        title=f"第{number}号新闻",
        text=f"正文第一段。\n第{number}段。",
        html=f"<p>正文第一段。</p><p>第{number}段。</p>",
        source="示例日报",
        published=NOON + timedelta(hours=number),
        language="zh-Hans",
        guid=f"guid-{number}",
        author="记者",
    )
    plain = replace(plain, **changes)  # type: ignore[arg-type]
    return replace(plain, id=article_id(plain))


def test_an_article_comes_back_as_it_was_put(archive: Archive) -> None:
    given = article(1, discovered=NOON)
    assert archive.put([given]) == Counts(new=1)
    assert archive.get([given.id]) == [given]
    assert list(archive.iterate()) == [given]


def test_without_html_an_article_is_read_faster(archive: Archive) -> None:
    given = article(1, discovered=NOON)
    archive.put([given])
    assert archive.get([given.id], html=False) == [replace(given, html="")]
    assert list(archive.iterate(html=False)) == [replace(given, html="")]


def test_without_text_titles_are_read_alone(archive: Archive) -> None:
    given = article(1, discovered=NOON, captions="图说", furniture="版权所有")
    archive.put([given])
    bare = replace(given, html="", text="", captions="", furniture="")
    assert archive.get([given.id], html=False, text=False) == [bare]


def test_articles_come_in_the_order_asked_for_and_missing_ones_are_left_out(archive: Archive) -> None:
    given = [article(n, discovered=NOON) for n in range(3)]
    archive.put(given)
    assert archive.get([given[2].id, "0" * 16, given[0].id]) == [given[2], given[0]]
    assert archive.get([]) == []


def test_times_are_kept_to_the_second_and_come_back_in_utc(archive: Archive) -> None:
    shanghai = timezone(timedelta(hours=8))
    archive.put([article(1, published=datetime(1969, 12, 31, 23, 59, 59, 999999, shanghai), discovered=NOON)])
    (kept,) = archive.iterate()
    assert kept.published == datetime(1969, 12, 31, 15, 59, 59, tzinfo=UTC)
    assert kept.published.tzinfo is UTC
    archive.put([article(2, published=None)])
    assert archive.get([article(2).id])[0].published is None


def test_a_time_without_zone_is_refused(archive: Archive) -> None:
    with pytest.raises(ValueError, match="names no time zone"):
        archive.put([article(1, published=datetime(2024, 1, 1))])  # noqa: DTZ001
    assert archive.count() == 0


def test_discovery_is_the_time_of_the_first_reading(location: str | Path) -> None:
    times = iter([NOON, NOON + timedelta(days=1)])
    with Archive(location, clock=lambda: next(times)) as archive:
        archive.put([article(1)])
        archive.put([article(1, text="改过的正文")])
        (kept,) = archive.iterate()
        assert (kept.text, kept.discovered) == ("改过的正文", NOON)
        assert [r.replaced for r in archive.revisions(kept.id)] == [NOON + timedelta(days=1)]


def test_an_article_seen_again_changes_nothing(archive: Archive) -> None:
    archive.put(article(n) for n in range(3))
    before = list(archive.iterate())
    assert archive.put(article(n) for n in range(3)) == Counts(unchanged=3)
    assert archive.put([article(1, url="http://NEWS.example.com/1?utm_source=rss#top")]) == Counts(unchanged=1)
    assert archive.put([article(1, html="<p>other advertisements</p>")]) == Counts(unchanged=1)
    assert list(archive.iterate()) == before
    assert archive.last_sequence() == 3


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "新标题"},
        {"text": "新正文"},
        {"source": "别的报纸"},
        {"author": "别人"},
        {"language": "zh-Hant"},
        {"published": None},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_changed_article_is_an_update_and_the_old_words_are_kept(
    archive: Archive, changed: dict[str, object]
) -> None:
    old, new = article(1, discovered=NOON), article(1, discovered=NOON, **changed)
    archive.put([old])
    assert archive.put([new]) == Counts(updated=1)
    assert archive.get([new.id]) == [new]
    assert [revision.article for revision in archive.revisions(new.id)] == [old]


def test_revisions_are_newest_first(archive: Archive) -> None:
    for text in "甲乙丙":
        archive.put([article(1, text=text)])
    assert [revision.article.text for revision in archive.revisions(article(1).id)] == ["乙", "甲"]


def test_reading_an_old_file_again_brings_back_no_old_words(archive: Archive) -> None:
    files = [article(1, text="初稿"), article(2), article(1, text="定稿")]
    assert archive.put(files) == Counts(new=2, updated=1)
    assert archive.put(files) == Counts(unchanged=3)
    assert archive.get([article(1).id])[0].text == "定稿"


def test_the_same_article_twice_in_one_reading_is_one(archive: Archive) -> None:
    assert archive.put([article(1), article(1), article(2)]) == Counts(new=2, unchanged=1)


def test_deleted_articles_are_gone_with_their_revisions(archive: Archive) -> None:
    archive.put([article(1), article(2), article(1, text="改")])
    assert archive.delete([article(1).id, article(1).id, "0" * 16]) == 1
    assert [kept.id for kept in archive.iterate()] == [article(2).id]
    assert archive.revisions(article(1).id) == []
    assert archive.delete([article(1).id]) == 0
    assert archive.put([article(1)]) == Counts(new=1)


def test_changes_tell_the_last_change_of_each_article_in_order(archive: Archive) -> None:
    one, two, three = (article(n).id for n in (1, 2, 3))
    archive.put([article(1), article(2), article(3)])
    archive.put([article(1, text="改")])
    archive.delete([two])
    assert archive.changes(0, 10) == [Change(3, three, False, 3), Change(4, one, False, 1), Change(5, two, True, 2)]
    assert archive.changes(3, 1) == [Change(4, one, False, 1)]
    assert archive.changes(5, 10) == []
    assert archive.last_sequence() == 5


def test_a_long_input_is_kept_as_it_goes(archive: Archive) -> None:
    seen = []

    def endless() -> Iterator[Article]:
        for number in range(1200):
            seen.append(archive.count())
            yield article(number)

    assert archive.put(endless()) == Counts(new=1200)
    assert seen[-1] == 1000


def test_what_was_kept_stays_when_the_input_fails(archive: Archive) -> None:
    def failing() -> Iterator[Article]:
        yield from (article(number) for number in range(700))
        raise OSError("the disk was unplugged")

    with pytest.raises(OSError, match="unplugged"):
        archive.put(failing())
    assert archive.count() == 500


def test_every_article_is_read_once_while_others_arrive(archive: Archive) -> None:
    archive.put(article(number) for number in range(1100))
    read = []
    for number, kept in enumerate(archive.iterate()):
        read.append(kept.id)
        if number == 100:
            archive.put([article(50, text="改"), article(900, text="改"), article(5000)])
    assert len(read) == len(set(read))
    assert set(read) >= {article(number).id for number in range(1100)}


def test_characters_that_no_database_keeps_are_dropped(archive: Archive) -> None:
    broken = article(1, title="标\0题", text="正文\ud83d", html="<p>\0</p>")
    archive.put([broken])
    (kept,) = archive.iterate()
    assert (kept.title, kept.text, kept.html) == ("标题", "正文?", "<p></p>")
    assert archive.put([broken, kept]) == Counts(unchanged=2)


def test_an_empty_archive_has_figures_too(archive: Archive) -> None:
    figures = archive.statistics()
    assert (figures.articles, figures.sequence, figures.oldest, figures.newest) == (0, 0, None, None)
    assert figures.sources == []


def test_figures_of_the_archive(archive: Archive) -> None:
    archive.put([article(n, source="甲报") for n in range(3)])
    archive.put(
        [article(3, source="乙报"), article(4, source="", published=None), article(1, text="改", source="甲报")]
    )
    figures = archive.statistics()
    assert figures.sources == [("甲报", 3), ("", 1), ("乙报", 1)]
    assert (figures.articles, figures.undated, figures.revisions, figures.sequence) == (5, 1, 1, 6)
    assert (figures.oldest, figures.newest) == (NOON, NOON + timedelta(hours=3))
    assert figures.size > 0
    assert archive.count() == 5


texts = st.text(max_size=20)
moments = st.none() | st.integers(-(10**10), 10**11).map(lambda second: datetime.fromtimestamp(second, UTC))


@settings(max_examples=40, deadline=None)
@given(
    items=st.lists(
        st.builds(
            Article,
            url=st.sampled_from(["", "https://a.example/1", "https://a.example/2"]),
            guid=st.sampled_from(["", "g1", "g2"]),
            title=texts, text=texts, html=texts, source=texts, author=texts,
            published=moments, discovered=moments,
        ),
        max_size=12,
    ),
    cut=st.integers(0, 12),
)  # fmt: skip
def test_whatever_is_put_the_last_new_words_are_kept(
    tmp_path_factory: pytest.TempPathFactory, items: list[Article], cut: int
) -> None:
    """Against a plain model, and a follower of the changes who stops in the middle."""
    model: dict[str, list[tuple[str, str]]] = {}
    followed: dict[str, Article] = {}
    with Archive(tmp_path_factory.mktemp("archive") / "archive.sqlite3") as archive:
        archive.put(items[:cut])
        sequence = _follow(archive, followed, 0)
        archive.put(items[cut:])
        _follow(archive, followed, sequence)
        for kept in archive.iterate():
            assert followed.pop(kept.id) == kept
            model.setdefault(kept.id, [(kept.title, kept.text)])
        assert followed == {}
        total = archive.put(items)
        assert (total.new, total.updated) == (0, 0)
        assert archive.statistics().articles == len(model)


def _follow(archive: Archive, copy: dict[str, Article], sequence: int) -> int:
    while page := archive.changes(sequence, 2):
        copy |= {kept.id: kept for kept in archive.get(change.id for change in page)}
        sequence = page[-1].sequence
    return sequence


def test_no_password_in_an_address_is_kept_or_shown(archive: Archive) -> None:
    address = "https://bob:secretpw@news.example/1"
    given = replace(article(1, discovered=NOON), url=address, guid=address)
    archive.put([given])
    [kept] = archive.iterate()
    assert (kept.url, kept.guid) == ("https://news.example/1",) * 2
    # Nor one that an older version kept.
    with archive._database.writing() as connection:
        connection.execute(update(articles_table).values(url=address, guid=address))
    assert [each.url for each in archive.iterate()] == [each.url for each in archive.get([kept.id])] == [kept.url]
    assert archive.put([given]).new == 0
