"""Dates as people type them, and the moments that they stand for."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import QueryError
from search_app.query.dates import Days, between, day_start, parse_days, parse_range, zone_asked

TODAY = date(2020, 9, 16)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2020", "2020-01-01..2020-12-31"),
        ("2020年", "2020-01-01..2020-12-31"),
        ("二〇二〇年", "2020-01-01..2020-12-31"),
        ("2020-09", "2020-09-01..2020-09-30"),
        ("2020/9", "2020-09-01..2020-09-30"),
        ("202009", "2020-09-01..2020-09-30"),
        ("2020年2月", "2020-02-01..2020-02-29"),
        ("2020-09-15", "2020-09-15"),
        ("20200915", "2020-09-15"),
        ("2020.9.15", "2020-09-15"),
        ("2020年9月15日", "2020-09-15"),
        ("２０２０年９月１５号", "2020-09-15"),
        ("二零二零年十二月三十一日", "2020-12-31"),
        ("today", "2020-09-16"),
        ("Yesterday", "2020-09-15"),
        ("今天", "2020-09-16"),
        ("昨天", "2020-09-15"),
        ("前天", "2020-09-14"),
        ("本周", "2020-09-14..2020-09-20"),
        ("上週", "2020-09-07..2020-09-13"),
        ("本月", "2020-09-01..2020-09-30"),
        ("上个月", "2020-08-01..2020-08-31"),
        ("上個月", "2020-08-01..2020-08-31"),
        ("今年", "2020-01-01..2020-12-31"),
        ("去年", "2019-01-01..2019-12-31"),
        ("1d", "2020-09-16"),
        ("7d", "2020-09-10..2020-09-16"),
        ("3w", "2020-08-27..2020-09-16"),
        ("近三天", "2020-09-14..2020-09-16"),
        ("最近一周", "2020-09-10..2020-09-16"),
        ("过去两个星期", "2020-09-03..2020-09-16"),
        ("近二十一天", "2020-08-27..2020-09-16"),
        ("近一百零五天", "2020-06-04..2020-09-16"),
        ("近一个月", "2020-08-17..2020-09-16"),
        ("近1年", "2019-09-17..2020-09-16"),
    ],
)
def test_a_date_names_days(text: str, days: str) -> None:
    assert str(parse_days(text, TODAY, "from")) == days


@pytest.mark.parametrize(
    "text",
    ["", "abc", "2020-13", "2020-00", "2021-02-29", "20200932", "2020-09/15", "0d", "近零天", "近十十天", "99999d",
     "0000", "9999", "9999y", "20209", "15", "12:30", "明天天", "年", "²⁰²⁰²", "٢٠٢٠-٠٩", "2020-09-15T10:00",
     "一一二年", "月" * 10_000, "2020" + " " * 70 + "x"],
)  # fmt: skip
def test_what_is_no_date_is_an_error_that_names_what_is(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_days(text, TODAY, "from")
    assert (caught.value.code, caught.value.field) == ("bad_date", "from")
    assert "2020-09-15" in (caught.value.allowed or "")


@given(st.text(max_size=12) | st.text("0123456789年月日-/近最天周dw一二十百零", max_size=10))
def test_no_text_fails_otherwise(text: str) -> None:
    try:
        days = parse_days(text, TODAY, "from")
    except QueryError:
        return
    assert days.from_ is not None
    assert days.to is not None
    assert days.from_ <= days.to
    days.utc(ZoneInfo("Pacific/Apia"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2020-08..2020-09", "2020-08-01..2020-09-30"),
        ("2020-08 .. 昨天", "2020-08-01..2020-09-15"),
        ("2020-08..", "2020-08-01.."),
        ("..2020", "..2020-12-31"),
        ("近三天", "2020-09-14..2020-09-16"),
    ],
)
def test_a_range_has_two_dates_or_one(text: str, days: str) -> None:
    assert str(parse_range(text, TODAY, "date")) == days


@pytest.mark.parametrize("text", ["..", " .. ", "...", "2020..2019", "a..b", "2020..x", "2020..2021..2022"])
def test_a_range_without_days_is_an_error(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_range(text, TODAY, "date")
    assert caught.value.code == ("dates_reversed" if text == "2020..2019" else "bad_date")
    assert caught.value.allowed


def test_both_ends_belong_to_the_range() -> None:
    days = between("2020-09", "2020-10", TODAY, "from", "to")
    assert days.utc(ZoneInfo("Asia/Shanghai")) == (
        int(datetime(2020, 8, 31, 16, tzinfo=UTC).timestamp()),
        int(datetime(2020, 10, 31, 16, tzinfo=UTC).timestamp()),
    )
    assert between("", "", TODAY, "from", "to") == Days()


ZONES = ["UTC", "Asia/Shanghai", "America/New_York", "America/Sao_Paulo", "America/Havana", "Asia/Beirut",
         "Pacific/Apia", "Australia/Lord_Howe", "Asia/Kathmandu"]  # fmt: skip


@given(st.sampled_from(ZONES), st.dates(date(2010, 1, 1), date(2026, 12, 31)), st.integers(-90_000, 90_000))
def test_a_moment_is_in_the_day_that_a_calendar_shows(zone: str, day: date, offset: int) -> None:
    place = ZoneInfo(zone)
    second = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + offset
    lo, hi = Days(day, day).utc(place)
    assert lo is not None
    assert hi is not None
    assert (lo <= second < hi) == (datetime.fromtimestamp(second, place).date() == day)


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        ("America/Sao_Paulo", date(2018, 11, 4), datetime(2018, 11, 4, 3, tzinfo=UTC)),  # begins at one o'clock
        ("America/Havana", date(2020, 11, 1), datetime(2020, 11, 1, 4, tzinfo=UTC)),  # midnight comes twice
        (
            "America/Toronto",
            date(1919, 3, 31),
            datetime(1919, 3, 31, 4, 30, tzinfo=UTC),
        ),  # half past eleven to half past
        ("Pacific/Apia", date(2011, 12, 30), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # a day that never was
        ("Pacific/Apia", date(2011, 12, 31), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    ],
)
def test_days_begin_right_where_clocks_change_at_midnight(zone: str, day: date, start: datetime) -> None:
    assert datetime.fromtimestamp(day_start(day, ZoneInfo(zone)), UTC) == start


@given(st.sampled_from(ZONES), st.dates(date(1990, 1, 1), date(2030, 12, 31)), st.integers(0, 400))
def test_a_range_is_the_days_in_it_one_after_another(zone: str, first: date, length: int) -> None:
    place = ZoneInfo(zone)
    last = first + timedelta(days=length)
    lo, hi = Days(first, last).utc(place)
    position = lo
    for number in range(length + 1):
        start, end = Days(*[first + timedelta(days=number)] * 2).utc(place)
        assert start == position
        position = end
    assert position == hi


@pytest.mark.parametrize(
    "name", ["", "CST8", "America", "../etc/passwd", "/etc/localtime", "Asia/Nowhere", "a" * 200, "亚洲"]
)
def test_an_unknown_zone_is_an_error_that_names_some(name: str) -> None:
    with pytest.raises(QueryError) as caught:
        zone_asked(name)
    assert caught.value.code == "bad_zone"
    assert "Asia/Shanghai" in (caught.value.allowed or "")
