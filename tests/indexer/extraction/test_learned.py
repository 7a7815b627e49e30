"""Furniture that an archive teaches."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.extraction.learned import (
    LEARNED_FILE,
    USER_FILE,
    LearnedFurniture,
    Recurring,
    learn,
    read_vetoes,
    save,
    save_vetoes,
)

DAY = datetime(2026, 9, 1, tzinfo=UTC)
FAREWELL = "我们下次再会。"
CHANNELS = "听更多节目请到江湾电台"


def article(number, *lines, source="江湾电台", day=None):
    return Article(
        url=f"https://a.example/{number}",
        title=f"新闻{number}",
        text="\n".join(lines or [f"第{number}条新闻说，桥修好了。", f"居民第{number}次过桥。"]),
        source=source,
        published=DAY + timedelta(days=number if day is None else day),
    )


def told(number, *ending, **rest):
    return article(number, f"第{number}条新闻说，桥修好了。", f"居民第{number}次过桥。", *ending, **rest)


def lines_of(articles):
    return {(row.edge, row.line) for row in learn(lambda: articles)}


def test_lines_that_end_many_articles_are_learned_from_the_outside_in():
    articles = [told(n, CHANNELS, FAREWELL) for n in range(20)]
    assert lines_of(articles) == {("last", CHANNELS), ("last", FAREWELL)}
    assert learn(lambda: articles)[0].articles == 20


def test_lines_that_begin_many_articles_are_learned():
    opening = "大家好，我是江小桥。"
    assert lines_of([article(n, opening, f"第{n}条新闻。", f"完了{n}。") for n in range(20)]) == {("first", opening)}


@pytest.mark.parametrize(
    "articles",
    [
        [told(n, FAREWELL) for n in range(5)],
        [told(n, FAREWELL, day=1) for n in range(40)],
        [told(1, FAREWELL, day=n) for n in range(40)],
        [told(n, FAREWELL, source=f"电台{n % 20}") for n in range(40)],
        [told(n, FAREWELL) for n in range(12)] + [told(n) for n in range(12, 6_000)],
        [told(n, "一" * 81 + "。") for n in range(40)],
        [article(n, f"第{n}条新闻。", FAREWELL, f"完了{n}。") for n in range(40)],
        [article(n, f"要闻{n}", f"快讯{n}", "国际联播快讯") for n in range(40)],
    ],
    ids=["few", "one day", "copies of one text", "many publishers", "seldom", "long", "in the middle", "lists"],
)
def test_what_is_no_custom_of_a_publisher_is_not_learned(articles):
    assert lines_of(articles) == set()


KNOWN = LearnedFurniture([Recurring("江湾电台", "last", 20, FAREWELL), Recurring("江湾电台", "last", 20, CHANNELS)])


def test_learned_lines_are_parted_from_the_edge_on():
    parted = KNOWN.part(replace(told(1, CHANNELS, FAREWELL), furniture="责任编辑：甲"))
    assert parted.text == told(1).text
    assert parted.furniture == f"责任编辑：甲\n{CHANNELS}\n{FAREWELL}"


@pytest.mark.parametrize(
    "kept",
    [
        told(1),
        told(1, FAREWELL, "记者又问了一句。"),
        told(1, FAREWELL, source="河湾电台"),
        article(1, CHANNELS, FAREWELL),
        article(1, FAREWELL),
        article(1, ""),
    ],
    ids=["none", "not at the edge", "another publisher", "nothing else", "alone", "empty"],
)
def test_other_articles_stay_as_they_are(kept):
    assert KNOWN.part(kept) is kept


def test_a_veto_keeps_a_line(tmp_path):
    save(KNOWN.rows, tmp_path / LEARNED_FILE)
    save_vetoes([FAREWELL], tmp_path / USER_FILE)
    known = LearnedFurniture.load(tmp_path)
    assert [row.line for row in known.rows] == [CHANNELS]
    assert read_vetoes(tmp_path / USER_FILE) == ([FAREWELL], [])
    assert known.part(told(1, FAREWELL)) == told(1, FAREWELL)


def test_damaged_lines_are_told_and_the_others_count(tmp_path):
    save(KNOWN.rows, tmp_path / LEARNED_FILE)
    with (tmp_path / LEARNED_FILE).open("ab") as file:
        file.write("江湾电台\tmiddle\t3\t什么\n只有一栏\n江湾电台\tlast\t多\t什么\n".encode() + b"\xff\xfe\n")
    known = LearnedFurniture.load(tmp_path)
    assert known.rows == KNOWN.rows
    assert sorted(problem.line for problem in known.problems) == [4, 5, 6, 7]


@pytest.mark.parametrize("content", [b"\0" * 100, b"\xff" * 5_000, b""], ids=["zeros", "no text", "empty"])
def test_a_file_that_is_no_table_is_no_harm(tmp_path, content):
    (tmp_path / LEARNED_FILE).write_bytes(content)
    known = LearnedFurniture.load(tmp_path)
    assert known.rows == ()
    assert bool(known.problems) == bool(content)


ONE_LINE = (
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=40)
    .map(str.strip)
    .filter(bool)
)


@given(
    st.lists(
        st.builds(
            Recurring,
            ONE_LINE.filter(lambda s: s[0] != "#"),
            st.sampled_from(["first", "last"]),
            st.integers(0, 99),
            ONE_LINE,
        ),
        max_size=5,
    )
)
def test_what_is_written_is_read_again(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("furniture")
    save(rows, folder / LEARNED_FILE)
    assert LearnedFurniture.load(folder).rows == tuple(rows)


@given(st.lists(st.sampled_from([FAREWELL, CHANNELS, "桥修好了。", "快讯"]), min_size=1, max_size=8))
def test_parting_loses_nothing_and_empties_nothing(lines):
    kept = article(1, *lines)
    parted = KNOWN.part(kept)
    assert parted.text
    moved = parted.furniture.split("\n") if parted.furniture else []
    assert parted.text.split("\n") + moved == lines
