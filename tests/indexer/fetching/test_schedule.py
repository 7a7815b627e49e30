"""When a feed is fetched again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import Subscription
from indexer.fetching import schedule

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "age"),
    [
        ("max-age=3600", HOUR),
        ("public, max-age=60", MINUTE),
        ("MAX-AGE = 60,must-revalidate", MINUTE),
        ('max-age="60"', MINUTE),
        ("max-age=0", timedelta()),
        ("s-maxage=60", None),
        ("no-cache", None),
        ("max-age=x", None),
        ("max-age=-1", None),
        ("", None),
    ],
)
def test_cache_control_says_how_long_an_answer_is_fresh(header, age):
    assert schedule.max_age(header) == age


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("Sun, 22 Nov 2026 05:00:00 GMT", HOUR),
        ("Sun, 22 Nov 2026 03:00:00 GMT", timedelta()),
        ("0", None),
        ("-1", None),
        ("soon", None),
        ("", None),
    ],
)
def test_expires_is_a_date_or_nothing(header, wait):
    assert schedule.expires_in(header, NOW) == wait


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", 2 * MINUTE),
        (" 0 ", timedelta()),
        ("Sun, 22 Nov 2026 05:00:00 GMT", HOUR),
        ("1.5", None),
        ("later", None),
        ("", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(header, wait):
    assert schedule.retry_after(header, NOW) == wait


@pytest.mark.parametrize(
    ("headers", "wait"),
    [
        ({}, 15 * MINUTE),
        ({"cache-control": "max-age=7200"}, 2 * HOUR),
        ({"cache-control": "max-age=7200", "expires": "Sun, 22 Nov 2026 05:00:00 GMT"}, 2 * HOUR),
        ({"cache-control": "no-cache", "expires": "Sun, 22 Nov 2026 05:00:00 GMT"}, HOUR),
        ({"cache-control": "max-age=1"}, 15 * MINUTE),
        ({"cache-control": "max-age=31536000"}, DAY),
    ],
)
def test_a_good_answer_is_left_alone_for_as_long_as_it_says_within_bounds(headers, wait):
    assert schedule.wait_after_success(headers, NOW) == wait


@pytest.mark.parametrize(
    ("failures", "asked", "wait"),
    [
        (1, None, 15 * MINUTE),
        (2, None, 30 * MINUTE),
        (5, None, 4 * HOUR),
        (9, None, DAY),
        (10_000, None, DAY),
        (1, HOUR, HOUR),
        (1, 9 * DAY, DAY),
    ],
)
def test_failures_double_the_wait(failures, asked, wait):
    assert schedule.wait_after_failure(failures, asked) == wait


def test_what_the_server_said_is_sent_back_as_it_was():
    subscription = Subscription("https://example.org/", etag='W/"1"', last_modified="Sun, 22 Nov 2026 03:00:00 GMT")
    assert schedule.conditional_headers(subscription) == {
        "If-None-Match": 'W/"1"',
        "If-Modified-Since": "Sun, 22 Nov 2026 03:00:00 GMT",
    }
    assert schedule.conditional_headers(Subscription("https://example.org/")) == {}


FEED = Subscription("https://example.org/", last_fetched=NOW, next_fetch=NOW + HOUR)


@pytest.mark.parametrize(
    ("feed", "due"),
    [
        (FEED, False),
        (replace(FEED, next_fetch=NOW + DAY), False),
        (replace(FEED, next_fetch=NOW + DAY + MINUTE), True),
        (replace(FEED, next_fetch=datetime(9999, 1, 1, tzinfo=UTC)), True),
        (replace(FEED, last_fetched=NOW + MINUTE), False),  # a second machine's clock is a little ahead
        (replace(FEED, last_fetched=NOW + 20 * HOUR, next_fetch=NOW + 21 * HOUR), True),
        (replace(FEED, last_fetched=NOW - 400 * DAY, next_fetch=NOW - 399 * DAY), True),
    ],
)
def test_a_clock_that_was_wrong_keeps_no_feed_away(feed, due):
    assert schedule.is_due(feed, NOW) is due
    assert NOW <= schedule.next_fetch(feed, NOW) <= NOW + DAY


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)), st.timedeltas(-30 * DAY, 30 * DAY))
def test_whatever_the_clock_did_no_feed_waits_longer_than_a_day(fetched, kept, shift):
    wait = schedule.next_fetch(replace(FEED, last_fetched=fetched, next_fetch=kept), NOW + shift) - (NOW + shift)
    assert timedelta() <= wait <= DAY


def test_feeds_that_failed_come_after_those_that_answered():
    new = Subscription("https://z.example/")
    waiting = replace(FEED, next_fetch=NOW - DAY)
    recent = replace(FEED, url="https://b.example/", next_fetch=NOW - HOUR)
    failing = replace(FEED, url="https://a.example/", failures=1, next_fetch=NOW - 9 * DAY)
    given_up = replace(failing, failures=9)
    expected = [new, waiting, recent, failing, given_up]
    assert schedule.in_turn(reversed(expected)) == expected


def test_a_validator_of_absurd_length_is_not_kept():
    assert schedule.kept_validator('"1"') == '"1"'
    assert schedule.kept_validator("x" * 100_000) == ""


def test_feeds_are_due_at_their_time():
    assert schedule.is_due(Subscription("https://example.org/"), NOW)
    assert schedule.is_due(Subscription("https://example.org/", next_fetch=NOW), NOW)
    assert not schedule.is_due(Subscription("https://example.org/", next_fetch=NOW + MINUTE), NOW)


@given(st.text(), st.text(), st.text())
def test_no_header_raises(cache_control, expires, retry_after):
    wait = schedule.wait_after_success({"cache-control": cache_control, "expires": expires}, NOW)
    assert schedule.SHORTEST_WAIT <= wait <= schedule.LONGEST_WAIT
    schedule.retry_after(retry_after, NOW)
