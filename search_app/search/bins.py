"""Coverage over time: counts of days gathered into bins. Pure functions of dates and counts.

A bin is a day, an ISO week (Monday to Sunday) or a month. ``share`` is a bin's hits divided by all articles of the bin:
a day on which everybody published more is not a day on which a topic was covered more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal as OneOf
from typing import get_args

from search_app.query.dates import ANY_DAYS, Days
from search_app.search.results import described

By = OneOf["day", "week", "month"]
Measure = OneOf["count", "share"]
BYS: tuple[By, ...] = get_args(By)
MEASURES: tuple[Measure, ...] = get_args(Measure)

MAX_BINS = 750
"""More bars than this are thinner than a pixel on most screens."""

_DAYS_PER_BIN: Mapping[By, float] = {"day": 1, "week": 7, "month": 30.4}
_COMFORTABLE_BINS = 70


@dataclass(frozen=True, slots=True)
class Point:
    """One bin, both days included. ``share`` is between 0 and 1."""

    first: date
    last: date
    count: int
    share: float = field(metadata=described("Of all articles of the bin, 0 to 1.", 6))

    def value(self, measure: Measure) -> float:
        return self.count if measure == "count" else self.share


@dataclass(frozen=True, slots=True)
class Series:
    """One query's coverage: every bin of the range, also the empty ones."""

    query: str
    total: int
    points: Sequence[Point]

    def peak(self, measure: Measure = "count") -> Point | None:
        """The highest bin, the first of equals; ``None`` when there is no hit."""
        return max(self.points, key=lambda point: point.value(measure), default=None) if self.total else None


def fitting_bin(first: date, last: date, wanted: By | None = None) -> By:
    """The finest bin that stays readable, or the wanted one as long as it can be drawn."""
    days = (last - first).days + 1
    limit = MAX_BINS if wanted else _COMFORTABLE_BINS
    candidates = BYS[BYS.index(wanted) :] if wanted else BYS
    return next((by for by in candidates if days / _DAYS_PER_BIN[by] <= limit), "month")


def bin_start(day: date, by: By) -> date:
    if by == "week":
        return day - timedelta(days=min(day.weekday(), (day - date.min).days))
    return day.replace(day=1) if by == "month" else day


def _next_start(start: date, by: By) -> date | None:
    """The first day of the next bin; ``None`` after the last one that the calendar holds."""
    try:
        if by == "month":
            return date(start.year + start.month // 12, start.month % 12 + 1, 1)
        return start + timedelta(days=7 if by == "week" else 1)
    except (OverflowError, ValueError):
        return None


def bins(first: date, last: date, by: By) -> Iterator[tuple[date, date]]:
    """All bins that touch the days from ``first`` to ``last``; the outer ones are cut to them."""
    start: date | None = bin_start(first, by)
    while start is not None and start <= last:
        following = _next_start(start, by)
        end = following - timedelta(days=1) if following else date.max
        yield max(start, first), min(end, last)
        start = following


def widened_to_bins(first: date, last: date, by: By, asked: Days = ANY_DAYS) -> tuple[date, date]:
    """The days from ``first`` to ``last`` widened to whole bins, though not beyond what was asked for."""
    begin = bin_start(first, by)
    following = _next_start(bin_start(last, by), by)
    end = following - timedelta(days=1) if following else date.max
    return max(begin, asked.from_ or begin), min(end, asked.to or end)


def points(hits: Mapping[date, int], everything: Mapping[date, int], first: date, last: date, by: By) -> list[Point]:
    """Counts of days gathered into bins; days outside the range are left out."""
    counts = _gathered(hits, first, last, by)
    bases = _gathered(everything, first, last, by)
    result = []
    for begin, end in bins(first, last, by):
        key = bin_start(begin, by)
        count = counts.get(key, 0)
        base = max(bases.get(key, 0), count)
        result.append(Point(begin, end, count, count / base if base else 0.0))
    return result


def _gathered(days: Mapping[date, int], first: date, last: date, by: By) -> dict[date, int]:
    gathered: dict[date, int] = {}
    for day, count in days.items():
        if first <= day <= last:
            start = bin_start(day, by)
            gathered[start] = gathered.get(start, 0) + count
    return gathered
