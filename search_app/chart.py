"""Coverage over time as data and as geometry; the template turns geometry into SVG. Pure functions of dates and counts.

A bin is a day, an ISO week (Monday to Sunday) or a month. ``share`` is a bin's hits divided by all articles of the bin:
a day on which everybody published more is not a day on which a topic was covered more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, log10
from typing import Literal as OneOf
from typing import get_args

By = OneOf["day", "week", "month"]
Measure = OneOf["count", "share"]
BYS: tuple[By, ...] = get_args(By)
MEASURES: tuple[Measure, ...] = get_args(Measure)

MAX_BINS = 750
"""More bars than this are thinner than a pixel on most screens."""

_DAYS_PER_BIN: Mapping[By, float] = {"day": 1, "week": 7, "month": 30.4}
_COMFORTABLE_BINS = 120


@dataclass(frozen=True, slots=True)
class Point:
    """One bin, both days included. ``share`` is between 0 and 1."""

    first: date
    last: date
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Series:
    """One query's coverage: every bin of the range, also the empty ones."""

    label: str
    total: int
    points: Sequence[Point]

    @property
    def peak(self) -> Point | None:
        """The bin with the most hits, the first of equals."""
        return max(self.points, key=lambda point: point.count, default=None) if self.total else None


def fitting(first: date, last: date, wanted: By | None = None) -> By:
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


# -- geometry ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin's column, in user units. ``top`` is the upper edge of the visible part."""

    x: float
    width: float
    top: float
    height: float
    point: Point


@dataclass(frozen=True, slots=True)
class Line:
    """One series as the ``points`` of a polyline, and the places of its bins."""

    label: str
    path: str
    places: Sequence[tuple[float, float, Point]]


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws, in user units of a ``width`` by ``height`` view box.

    One series is drawn as bars, several as lines. ``slots`` are full-height columns to point at, one a bin.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    bars: Sequence[Bar]
    lines: Sequence[Line]
    slots: Sequence[Bar]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]


def draw(series: Sequence[Series], by: By, measure: Measure = "count", width: float = 720, height: float = 150) -> Chart:
    """Lay the series out. All of them have the same bins."""
    left, right, top, bottom = 38.0, width - 6, 8.0, height - 20
    axis = series[0].points if series else []
    highest = max((_value(point, measure) for each in series for point in each.points), default=0)
    ceiling, y_ticks = _scale(highest, measure)
    step = (right - left) / max(len(axis), 1)
    gap = step * 0.18 if step > 3 else 0

    def y(point: Point) -> float:
        return bottom - (bottom - top) * _value(point, measure) / ceiling

    slots = [Bar(_r(left + i * step), _r(step), top, bottom - top, point) for i, point in enumerate(axis)]
    bars, lines = [], []
    if len(series) == 1:
        bars = [
            Bar(_r(left + i * step + gap / 2), _r(step - gap), _r(y(point)), _r(bottom - y(point)), point)
            for i, point in enumerate(axis)
        ]
    else:
        for each in series:
            places = [(_r(left + (i + 0.5) * step), _r(y(point)), point) for i, point in enumerate(each.points)]
            lines.append(Line(each.label, " ".join(f"{x},{at}" for x, at, _ in places), places))
    y_axis = [Tick(_r(bottom - (bottom - top) * value / ceiling), _y_label(value, measure)) for value in y_ticks]
    return Chart(width, height, left, right, top, bottom, bars, lines, slots, _x_ticks(slots, by), y_axis)


def _value(point: Point, measure: Measure) -> float:
    return point.count if measure == "count" else point.share


def _r(number: float) -> float:
    return round(number, 2)


def _scale(highest: float, measure: Measure) -> tuple[float, list[float]]:
    """The top of the axis and round values on it (1, 2 or 5 times a power of ten), at most five."""
    if highest <= 0:
        return 1, []
    step = 10.0 ** ceil(log10(highest / 40))
    while highest / step > 4:
        step *= 2 if str(f"{step:e}")[0] != "2" else 2.5
    if measure == "count":
        step = max(1.0, step)
    steps = ceil(highest / step - 1e-9)
    return step * steps, [step * i for i in range(1, steps + 1)]


def _y_label(value: float, measure: Measure) -> str:
    if measure == "count":
        return f"{value:,.0f}"
    return f"{value * 100:.3g}%"


def _x_ticks(slots: Sequence[Bar], by: By) -> list[Tick]:
    """About six labels, each at the left edge of its bin."""
    every = max(1, ceil(len(slots) / 7))
    one_year = bool(slots) and slots[0].point.first.year == slots[-1].point.last.year
    part = slice(0, 7) if by == "month" else slice(5, 10) if one_year else slice(0, 10)
    return [Tick(_r(slot.x + slot.width / 2), slot.point.first.isoformat()[part]) for slot in slots[::every]]
