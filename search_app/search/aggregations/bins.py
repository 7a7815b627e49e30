"""Coverage over time: counts of days gathered into bins. Pure functions of dates and counts.

A bin is a day, an ISO week (Monday to Sunday) or a month. ``share`` is a bin's hits divided by all articles of the bin:
a day on which everybody published more is not a day on which a topic was covered more. ``stories`` are those that began
in the bin: a reprint is no second event. A bin of which the archive has
no article at all says nothing about a topic: that is not zero, but missing.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import MappingProxyType
from typing import Literal as OneOf
from typing import get_args

from search_app.query.dates import ANY_DAYS, Days
from search_app.search.results import described

By = OneOf["day", "week", "month"]
Measure = OneOf["count", "stories", "share"]
BYS: tuple[By, ...] = get_args(By)
MEASURES: tuple[Measure, ...] = get_args(Measure)

MAX_BINS = 750
"""More bars than this are thinner than a pixel on most screens."""

_DAYS_PER_BIN: Mapping[By, float] = {"day": 1, "week": 7, "month": 30.4}
_COMFORTABLE_BINS = 70
_AVERAGED: Mapping[By, int] = {"day": 7, "week": 4, "month": 3}
"""Bins of a moving average: a week, about a month, a quarter."""

_LEAST_OF_A_PEAK = 3
_MOST_OUTSIDE = 0.1
_MUCH_SHORTER = 4
"""A tenth of the hits may lie outside of what is drawn when the rest then takes a quarter of the width."""


@dataclass(frozen=True, slots=True)
class Point:
    """One bin, both days included. ``articles`` are all of the archive then, hits or not; ``share`` is from 0 to 1."""

    first: date
    last: date
    count: int
    share: float = field(metadata=described("Of all articles of the bin, 0 to 1.", 6))
    articles: int = field(metadata=described("All articles of the bin; with 0 the count is not zero, but missing."))
    stories: int = field(default=0, metadata=described("Stories that began in the bin, by what was found of them."))

    def value(self, measure: Measure) -> float:
        match measure:
            case "count":
                return self.count
            case "stories":
                return self.stories
            case "share":
                return self.share


@dataclass(frozen=True, slots=True)
class Series:
    """One question's coverage: every bin of the range, also the empty ones.

    ``value`` is the publisher, author or language of a question that was split by these.
    """

    query: str
    total: int
    points: Sequence[Point]
    value: str = field(default="", metadata=described("With `split`, the publisher, author or language."))

    @property
    def label(self) -> str:
        """What the series is called beside the others."""
        return self.value or self.query

    def peak(self, measure: Measure = "count") -> Point | None:
        """The highest bin, the first of equals; ``None`` when there is no hit.

        One hit of two articles is a share of half, and no peak where other bins have more hits.
        """
        most = max((point.count for point in self.points), default=0)
        enough = min(most, _LEAST_OF_A_PEAK)
        candidates = [point for point in self.points if point.count >= max(enough, 1)]
        return max(candidates, key=lambda point: point.value(measure), default=None)

    def moving_average(self, by: By, measure: Measure) -> list[float | None]:
        """For each bin the mean of it and those before it, a week, four weeks or a quarter of them; where bins are
        missing, of those that are not, and ``None`` where all are."""
        window: deque[float | None] = deque(maxlen=_AVERAGED[by])
        means: list[float | None] = []
        for point in self.points:
            window.append(point.value(measure) if point.articles else None)
            known = [value for value in window if value is not None]
            means.append(sum(known) / len(known) if known else None)
        return means


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


def points(
    hits: Mapping[date, int],
    everything: Mapping[date, int],
    first: date,
    last: date,
    by: By,
    stories: Mapping[date, int] = MappingProxyType({}),
) -> list[Point]:
    """Counts of days gathered into bins; days outside the range are left out."""
    counts = _gathered(hits, first, last, by)
    bases = _gathered(everything, first, last, by)
    begun = _gathered(stories, first, last, by)
    result = []
    for begin, end in bins(first, last, by):
        key = bin_start(begin, by)
        count = counts.get(key, 0)
        base = max(bases.get(key, 0), count)
        result.append(Point(begin, end, count, count / base if base else 0.0, base, begun.get(key, 0)))
    return result


def crowded(hits: Mapping[date, int]) -> tuple[date, date]:
    """The first and last day worth drawing of some counts of days: all of them, unless a few lie so far off that the
    rest would be squeezed together.

    The shortest stretch that holds nine tenths of the hits, with the days around it that lie no farther off than it is
    long, is drawn alone when all together would need four times its width. Raises ``ValueError`` for no hits.
    """
    days = sorted(day for day, count in hits.items() if count)
    begin, end = _shortest_stretch(days, hits)
    reach = max((days[end] - days[begin]).days, 31)
    while begin > 0 and (days[begin] - days[begin - 1]).days <= reach:
        begin -= 1
    while end < len(days) - 1 and (days[end + 1] - days[end]).days <= reach:
        end += 1
    length = max((days[end] - days[begin]).days + 1, 31)
    if (days[-1] - days[0]).days + 1 < _MUCH_SHORTER * length:
        return days[0], days[-1]
    return days[begin], days[end]


def _shortest_stretch(days: Sequence[date], hits: Mapping[date, int]) -> tuple[int, int]:
    """The places of the first and last day of the shortest stretch with enough of the hits, the latest of equals."""
    if not days:
        raise ValueError("no hits")
    enough = sum(hits[day] for day in days) * (1 - _MOST_OUTSIDE)
    best, held, begin = (0, len(days) - 1), 0, 0
    for end, day in enumerate(days):
        held += hits[day]
        while held - hits[days[begin]] >= enough:
            held -= hits[days[begin]]
            begin += 1
        if held >= enough and day - days[begin] <= days[best[1]] - days[best[0]]:
            best = begin, end
    return best


def _gathered(days: Mapping[date, int], first: date, last: date, by: By) -> dict[date, int]:
    gathered: dict[date, int] = {}
    for day, count in days.items():
        if first <= day <= last:
            start = bin_start(day, by)
            gathered[start] = gathered.get(start, 0) + count
    return gathered
