"""Coverage over time as data and as geometry; the template turns geometry into SVG. Pure functions of dates and counts.

A bin is a day, an ISO week (Monday to Sunday) or a month. ``share`` is a bin's hits divided by all articles of the bin:
a day on which everybody published more is not a day on which a topic was covered more.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil, floor, log10
from typing import Literal as OneOf
from typing import get_args

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
    share: float


@dataclass(frozen=True, slots=True)
class Series:
    """One query's coverage: every bin of the range, also the empty ones."""

    label: str
    total: int
    points: Sequence[Point]

    def peak(self, measure: Measure = "count") -> Point | None:
        """The highest bin, the first of equals; ``None`` when there is no hit."""
        return max(self.points, key=lambda point: _value(point, measure), default=None) if self.total else None


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


def whole(
    first: date, last: date, by: By, earliest: date | None = None, latest: date | None = None
) -> tuple[date, date]:
    """The days from ``first`` to ``last`` widened to whole bins, though not beyond what was asked for."""
    begin = bin_start(first, by)
    following = _next_start(bin_start(last, by), by)
    end = following - timedelta(days=1) if following else date.max
    return max(begin, earliest or begin), min(end, latest or end)


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
    """A bin's column. ``x`` and ``width`` are percent of the chart, ``top`` and ``height`` pixels."""

    x: float
    width: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A full-height column to point at, and what every series has there. ``busy`` if any of them has a hit."""

    x: float
    width: float
    points: Sequence[Point]
    busy: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One series as the ``points`` of a polyline: x in percent, y in pixels. ``dots`` stand where a line would not."""

    label: str
    path: str
    dots: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Tick:
    """A label at a place: percent on the x axis, pixels on the y axis. ``anchor`` is SVG's text-anchor."""

    at: float
    label: str
    anchor: OneOf["start", "middle", "end"] = "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the template draws: percent across, so that text keeps its size at any width, and pixels down.

    One series is drawn as bars, several as lines. There is one slot for each bin.
    """

    height: float
    top: float
    bottom: float
    bars: Sequence[Bar]
    lines: Sequence[Line]
    slots: Sequence[Slot]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]


_TOP = 16.0
_LABELS = 20.0
_LEFT = 4.0
"""Percent of the width that the labels of the y axis have to themselves."""
_X_TICKS = 5


def draw(series: Sequence[Series], by: By, measure: Measure = "count", height: float = 150) -> Chart:
    """Lay the series out. All of them have the same bins."""
    top, bottom = _TOP, height - _LABELS
    axis = series[0].points if series else ()
    highest = max((_value(point, measure) for each in series for point in each.points), default=0)
    ceiling, y_ticks = _scale(highest, measure)
    step = (100 - _LEFT) / max(len(axis), 1)
    gap = step * 0.16 if len(axis) <= 240 else 0

    def y(value: float) -> float:
        return _r(bottom - (bottom - top) * value / ceiling)

    slots = [
        Slot(_r(_LEFT + i * step), _r(step), column, any(point.count for point in column))
        for i, column in enumerate(zip(*(each.points for each in series), strict=True))
    ]
    bars, lines = [], []
    if len(series) == 1:
        for slot, point in zip(slots, axis, strict=True):
            at = y(_value(point, measure))
            bars.append(Bar(_r(slot.x + gap / 2), _r(step - gap), at, _r(bottom - at)))
    else:
        for each in series:
            places = [(_r(_LEFT + (i + 0.5) * step), y(_value(point, measure))) for i, point in enumerate(each.points)]
            path = " ".join(f"{x},{at}" for x, at in places)
            lines.append(Line(each.label, path, places if len(places) < 3 else ()))
    y_axis = [Tick(y(value), _y_label(value, measure)) for value in y_ticks]
    return Chart(height, top, bottom, bars, lines, slots, _x_ticks(slots, by), y_axis)


def _value(point: Point, measure: Measure) -> float:
    return point.count if measure == "count" else point.share


def _r(number: float) -> float:
    return round(number, 2)


def _scale(highest: float, measure: Measure) -> tuple[float, list[float]]:
    """The top of the axis and round values on it (1, 2 or 5 times a power of ten), at most four."""
    if highest <= 0:
        return 1, []
    power = 10.0 ** floor(log10(highest / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if highest / (power * factor) <= 4)
    if measure == "count":
        step = max(1.0, step)
    steps = ceil(highest / step - 1e-9)
    return step * steps, [step * i for i in range(1, steps + 1)]


def _y_label(value: float, measure: Measure) -> str:
    return f"{value:,.0f}" if measure == "count" else f"{value * 100:.3g}%"


def _x_ticks(slots: Sequence[Slot], by: By) -> list[Tick]:
    """A few labels, each in the middle of its bin; the outer ones stay inside the chart."""
    if not slots:
        return []
    count = min(_X_TICKS, len(slots))
    chosen = sorted({round(i * (len(slots) - 1) / max(count - 1, 1)) for i in range(count)})
    one_year = slots[0].points[0].first.year == slots[-1].points[0].last.year
    # Over more than a year the day says little, and whole dates would not fit side by side on a phone.
    part = slice(5, 10) if one_year and by != "month" else slice(0, 7)
    ticks = []
    for i in chosen:
        middle = slots[i].x + slots[i].width / 2
        label = slots[i].points[0].first.isoformat()[part]
        if middle < _LEFT + 5:
            ticks.append(Tick(_LEFT, label, "start"))
        elif middle > 94:
            ticks.append(Tick(100, label, "end"))
        else:
            ticks.append(Tick(_r(middle), label))
    return ticks
