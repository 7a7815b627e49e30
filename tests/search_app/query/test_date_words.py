"""Dates in the text of a question."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.query.date_words import date_words, may_hold_date
from search_app.query.notes import Note
from tests.search_app.corpus import Corpus, analyser, article

LATEST = date(2020, 11, 1)


def found(text: str) -> list[tuple[str, str]]:
    folded = analyser().fold(text)
    return [(folded[each.start : each.end], str(each.days)) for each in date_words(folded, LATEST, analyser().has_word)]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("9月10日", "2020-09-10"),
        ("9月10號", "2020-09-10"),
        ("９月１０日", "2020-09-10"),
        ("九月十日", "2020-09-10"),
        ("九月二十一日", "2020-09-21"),
        ("2020年9月18日", "2020-09-18"),
        ("二〇二〇年九月十八日", "2020-09-18"),
        ("12月25日", "2019-12-25"),
        ("2月29日", "2020-02-29"),
        ("九月初", "2020-09-01..2020-09-10"),
        ("9月中旬", "2020-09-11..2020-09-20"),
        ("九月下旬", "2020-09-21..2020-09-30"),
        ("2月底", "2020-02-21..2020-02-29"),
        ("九月份", "2020-09-01..2020-09-30"),
        ("九月", "2020-09-01..2020-09-30"),
        ("2019年12月", "2019-12-01..2019-12-31"),
        ("2019年", "2019-01-01..2019-12-31"),
        ("2020-09-10", "2020-09-10"),
        ("2020/9/10", "2020-09-10"),
        ("20200910", "2020-09-10"),
        ("昨天", "2020-10-31"),
        ("上周", "2020-10-19..2020-10-25"),
        ("本月", "2020-11-01..2020-11-30"),
        ("近三天", "2020-10-30..2020-11-01"),
        ("sept 10", "2020-09-10"),
        ("September 10, 2020", "2020-09-10"),
        ("10th September 2019", "2019-09-10"),
        ("September 2019", "2019-09-01..2019-09-30"),
    ],
)
def test_a_date_alone(text, days):
    assert found(text) == [(analyser().fold(text), days)]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("国家卫健委9月10日通报", [("9月10日", "2020-09-10")]),
        ("九月下旬美国疫情", [("九月下旬", "2020-09-21..2020-09-30")]),
        ("2020年9月国会", [("2020年9月", "2020-09-01..2020-09-30")]),
        ("9月10日至9月12日", [("9月10日", "2020-09-10"), ("9月12日", "2020-09-12")]),
        ("10月1日国庆", [("10月1日", "2020-10-01")]),
    ],
)
def test_dates_within_a_run(text, dates):
    assert found(text) == dates


@pytest.mark.parametrize(
    "text",
    [
        *("六四", "九一八", "五一", "双十", "911", "十月革命", "五月天", "三月女王", "二十大", "七七事变", "五四运动"),
        *("9月10日本疫情", "9月中国", "13月1日", "2月30日", "百日维新", "疫苗", "may", "march", "may day", "2020"),
        *("一周年", "月亮", "星期天", "10日", "1.5", "9/11", "上周五人组", "世纪末"),
    ],
)
def test_what_only_looks_like_a_date_is_a_word(text):
    assert found(text) == []


@given(st.dates(date(2000, 1, 1), LATEST))
def test_every_written_form_of_a_day_is_that_day(day):
    forms = [
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day:%Y%m%d}",
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%b} {day.year}",
    ]
    for form in forms:
        assert found(form) == [(analyser().fold(form), day.isoformat())]
        assert may_hold_date(form)


@given(st.dates(LATEST - timedelta(days=365), LATEST))
def test_without_a_year_the_last_such_day_is_meant(day):
    if (day.month, day.day) != (LATEST.month, LATEST.day):
        assert found(f"{day.month}月{day.day}日") == [(f"{day.month}月{day.day}日", day.isoformat())]


@given(st.text("二零十一九月年日号初中旬底20今天上周本 -/a", max_size=12))
def test_slices_are_in_order_and_no_text_is_too_strange(text):
    folded = analyser().fold(text)
    ends = [0]
    for each in date_words(folded, LATEST, analyser().has_word):
        assert ends[-1] <= each.start < each.end <= len(folded)
        assert may_hold_date(text)
        ends.append(each.end)


def moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(hours=4)


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(
        [
            article(1, "疫苗试验", "周四开始。", published=moment("2020-09-10")),
            article(2, "疫苗上市", "明年三月。", published=moment("2020-09-11")),
            article(3, "疫苗旧闻", "9月10日曾说不急。", published=moment("2020-09-16")),
            article(4, "疫苗新闻", "没有日期。", published=moment("2020-09-14")),
            article(5, "台风登陆", "风雨很大。", published=moment("2020-09-10")),
            article(6, "疫苗无日期", "不知道哪天写的。", published=None),
        ]
    )


def order(corpus: Corpus, text: str, **parameters: object) -> list[int]:
    return [int(hit.id, 16) for hit in corpus.ask(text, **parameters).hits]


@pytest.mark.parametrize("text", ["9月10日 疫苗", "疫苗9月10日", "疫苗 sept 10", "2020-09-10 疫苗"])
def test_what_was_published_then_is_found_and_comes_first(corpus, text):
    found_in_order = order(corpus, text)
    assert set(found_in_order) - {3} == {1, 2}
    assert set(found_in_order[:2]) == {1, 2}


def test_what_names_the_date_is_found_as_ever(corpus):
    assert order(corpus, "9月10日 疫苗")[2:] == [3]
    assert order(corpus, '"9月10日" 疫苗') == [3]


def test_it_is_said_and_can_be_undone(corpus):
    assert corpus.ask("9月10日 疫苗").query.notes == (Note("dates", ("9月10日", "2020-09-10")),)
    for undone in (corpus.ask("9月10日 疫苗", without="9月10日"), corpus.ask("9月10日 疫苗", variants="0")):
        assert undone.query.notes == ()
        assert [int(hit.id, 16) for hit in undone.hits] == [3]


def test_words_for_days_are_counted_from_the_newest_day_of_the_archive(corpus):
    assert corpus.ask("昨天 疫苗").query.notes == (Note("dates", ("昨天", "2020-09-15")),)
    assert order(corpus, "上周 疫苗") == [1, 2] or set(order(corpus, "上周 疫苗")) == {1, 2, 4}


def test_a_date_that_is_excluded_or_stands_in_a_field_is_text(corpus):
    assert set(order(corpus, "疫苗 -9月10日")) == {1, 2, 4, 6}
    assert corpus.ask("title:9月10日").query.notes == ()
