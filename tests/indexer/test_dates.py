"""Publication dates: a table of strings with what they mean, and what holds for all of them."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import dates

SHANGHAI = ZoneInfo("Asia/Shanghai")

TABLE = [
    tuple(line.split("\t"))
    for line in (Path(__file__).parent / "dates.tsv").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]

moments = st.datetimes(
    min_value=datetime(1901, 1, 1),  # noqa: DTZ001
    max_value=datetime(2099, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
offsets = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
zones = st.sampled_from(["Asia/Shanghai", "Asia/Taipei", "Europe/Paris", "America/New_York", "UTC"]).map(ZoneInfo)


@pytest.mark.parametrize(("raw", "expected"), TABLE, ids=[raw for raw, _ in TABLE])
def test_date_strings_mean_what_the_table_says(raw, expected):
    answer = dates.parse(raw, zone=SHANGHAI)
    assert (answer.replace(tzinfo=None).isoformat() if answer else "unknown") == expected


def test_the_table_has_a_hundred_lines_or_so():
    assert len(TABLE) > 90


@given(moments, offsets)
def test_rfc_2822_dates_survive_the_round_trip(moment, offset):
    assert dates.parse(format_datetime(moment.astimezone(offset)), zone=SHANGHAI) == moment


@given(moments, offsets)
def test_iso_dates_survive_the_round_trip(moment, offset):
    assert dates.parse(moment.astimezone(offset).isoformat(), zone=SHANGHAI) == moment


@given(moments, zones)
def test_chinese_dates_without_a_zone_are_in_the_given_one(moment, zone):
    local = moment.astimezone(zone).replace(second=0, fold=0)
    raw = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    answer = dates.parse(raw, zone=zone)
    assert answer is not None
    # In the hour that is struck twice the first is meant.
    assert answer.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) or answer == local.astimezone(UTC)


@given(moments.filter(lambda moment: moment.year >= 1974), st.sampled_from([1, 1000]))
def test_epoch_numbers_are_read_or_unknown_but_never_wrong(moment, per_second):
    answer = dates.parse(str(int(moment.timestamp()) * per_second), zone=SHANGHAI)
    assert answer in (moment, None)
    if 2002 <= moment.year < 2030:
        assert answer == moment


@given(st.text(max_size=120))
def test_no_string_raises(raw):
    answer = dates.parse(raw, zone=SHANGHAI)
    assert answer is None or dates.EARLIEST <= answer < dates.LATEST


@given(st.text(alphabet="0123456789年月日时分秒:/-.,+ TZGMTCSAapm上下午凌晨中晚星期一二十〇()", max_size=40))
def test_no_string_of_date_characters_raises(raw):
    answer = dates.parse(raw, zone=SHANGHAI)
    assert answer is None or (answer.tzinfo is UTC and dates.EARLIEST <= answer < dates.LATEST)


def test_a_page_instead_of_a_date_is_unknown_at_once():
    assert dates.parse("2024-01-05 " * 100_000, zone=SHANGHAI) is None


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("令和6年3月5日", (2024, 3, 5)),
        ("令和元年5月1日", (2019, 5, 1)),
        ("平成31年4月30日", (2019, 4, 30)),
        ("昭和64年1月7日", (1989, 1, 7)),
        ("中華民國113年1月5日", (2024, 1, 5)),
        ("民國112/05/06", (2023, 5, 6)),
        ("民国二十六年七月七日", (1937, 7, 7)),
        ("㋿6年3月5日", (2024, 3, 5)),
    ],
)
def test_years_of_eras(raw, day):
    assert dates.parse(raw, zone=UTC) == datetime(*day, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["6年3月5日", "明和6年3月5日", "令和6年13月5日", "112/05/06"])
def test_years_of_no_era(raw):
    assert dates.parse(raw, zone=UTC) is None
