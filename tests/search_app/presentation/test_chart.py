"""Coverage in bins and as geometry."""

from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from search_app.presentation.chart import draw
from search_app.search.aggregations.bins import (
    BYS,
    MAX_BINS,
    Point,
    Series,
    bin_start,
    bins,
    crowded,
    fitting_bin,
    points,
)

days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
counts = st.dictionaries(days, st.integers(1, 1000), max_size=30)


@given(days, st.integers(0, 400), st.sampled_from(BYS))
def test_bins_cover_every_day_once_and_in_order(first, length, by):
    last = first + timedelta(days=length)
    found = list(bins(first, last, by))
    assert found[0][0] == first
    assert found[-1][1] == last
    for (_, end), (begin, _) in pairwise(found):
        assert begin == end + timedelta(days=1)
    assert all(bin_start(begin, by) == bin_start(end, by) for begin, end in found)


@given(counts, counts, days, st.integers(0, 2000), st.sampled_from(BYS))
def test_points_hold_every_hit_of_the_range_and_shares_stay_between_0_and_1(hits, everything, first, length, by):
    last = first + timedelta(days=length)
    found = points(hits, everything, first, last, by)
    assert sum(point.count for point in found) == sum(n for day, n in hits.items() if first <= day <= last)
    assert all(0 <= point.share <= 1 for point in found)


def test_a_share_is_of_all_articles_of_the_bin_also_of_days_without_hits():
    monday = date(2020, 9, 14)
    [week] = points({monday: 3}, {monday: 6, date(2020, 9, 15): 4}, monday, date(2020, 9, 20), "week")
    assert week == Point(monday, date(2020, 9, 20), 3, 0.3, 10)


@given(days, st.integers(0, 40_000), st.sampled_from([None, *BYS]))
def test_a_chart_never_has_more_bins_than_can_be_drawn(first, length, wanted):
    last = first + timedelta(days=length)
    by = fitting_bin(first, last, wanted)
    assert by == "month" or len(list(bins(first, last, by))) <= MAX_BINS + 2


def test_the_last_day_of_the_calendar_ends_the_bins():
    for by in BYS:
        assert list(bins(date.max, date.max, by)) == [(date.max, date.max)]
    assert list(bins(date.min, date.min, "week")) == [(date.min, date.min)]


@given(st.lists(st.lists(st.integers(0, 10**6), min_size=3, max_size=3), min_size=1, max_size=6))
def test_geometry_stays_inside_the_chart(table):
    axis = [date(2020, 9, day) for day in (1, 2, 3)]
    series = [
        Series(str(i), sum(row), [Point(day, day, count, 0.5, 2 * count) for day, count in zip(axis, row, strict=True)])
        for i, row in enumerate(table)
    ]
    chart = draw(series, "day")
    for bar in chart.bars:
        assert 0 <= bar.x <= bar.x + chart.bar_width <= 100.01
        assert chart.top - 0.01 <= bar.top <= chart.bottom
    for line, row in zip(chart.lines, table, strict=len(table) > 1):
        drawn = sum(len(path.split()) for path in line.paths) + len(line.dots)
        assert drawn == sum(count > 0 for count in row)
    assert all(chart.top - 0.01 <= tick.at <= chart.bottom for tick in chart.y_ticks)
    assert len(chart.y_ticks) <= 4


def test_the_axis_of_counts_has_whole_numbers():
    series = Series("", 3, [Point(date(2020, 9, 1), date(2020, 9, 1), 3, 0.1, 30)])
    assert [tick.label for tick in draw([series], "day").y_ticks] == ["1", "2", "3"]


def test_the_axis_of_shares_has_percentages():
    series = Series("", 3, [Point(date(2020, 9, 1), date(2020, 9, 1), 3, 0.1, 30)])
    assert [tick.label for tick in draw([series], "day", "share").y_ticks] == ["5%", "10%"]


def test_nothing_found_draws_nothing():
    assert draw([Series("", 0, [])], "day").slots == []


@given(st.dictionaries(days, st.integers(1, 1000), min_size=1, max_size=30))
def test_what_is_drawn_begins_and_ends_with_a_hit_and_leaves_out_a_tenth_at_most(hits):
    first, last = crowded(hits)
    assert {first, last} <= hits.keys()
    left_out = sum(count for day, count in hits.items() if not first <= day <= last)
    assert left_out <= sum(hits.values()) * 0.1
    if left_out:
        assert (max(hits) - min(hits)).days + 1 >= 4 * ((last - first).days + 1)


def test_hits_in_two_years_are_drawn_together():
    hits = {date(2018, 3, 1): 10, date(2024, 3, 1): 10}
    assert crowded(hits) == (date(2018, 3, 1), date(2024, 3, 1))


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40), st.sampled_from(BYS))
def test_a_moving_average_is_the_mean_of_the_bins_that_are_not_missing(row, by):
    axis = [date(2020, 1, 1) + timedelta(days=i) for i in range(len(row))]
    series = Series("", sum(row), [Point(day, day, n, 0.0, n) for day, n in zip(axis, row, strict=True)])
    width = {"day": 7, "week": 4, "month": 3}[by]
    for i, mean in enumerate(series.moving_average(by, "count")):
        known = [n for n in row[max(0, i - width + 1) : i + 1] if n]
        assert mean == (sum(known) / len(known) if known else None)


def test_one_hit_of_two_articles_is_no_peak_of_shares():
    axis = [date(2020, 9, day) for day in (1, 2)]
    figures = [(10, 0.2, 50), (1, 0.5, 2)]
    series = Series("", 11, [Point(day, day, *each) for day, each in zip(axis, figures, strict=True)])
    assert series.peak("share").first == axis[0]
    assert Series("", 0, []).peak() is None
