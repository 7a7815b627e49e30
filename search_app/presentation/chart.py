"""A chart as geometry, which the template turns into SVG. Pure functions of series."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from math import ceil, floor, log10
from typing import Literal as OneOf

from search_app.search.aggregations.bins import By, Measure, Point, Series


@dataclass(frozen=True, slots=True)
class Bar:
    """A bin's column. ``x`` is percent of the chart, ``top`` and ``height`` are pixels."""

    x: float
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A full-height column to point at, and what every series has there.

    ``busy`` if any of them has a hit, ``missing`` if the archive has no article of that bin for any of them.
    """

    x: float
    points: Sequence[Point]
    busy: bool
    missing: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One series as the ``points`` of polylines: x in percent, y in pixels. They break where bins are missing.

    ``dots`` stand for single bins, where a line would not.
    """

    label: str
    paths: Sequence[str]
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

    One series is drawn as bars, several as lines; a moving average of one is a line over its bars. There is one slot
    for each bin. All slots are of one width, and all bars.
    """

    height: float
    top: float
    bottom: float
    bars: Sequence[Bar]
    lines: Sequence[Line]
    slots: Sequence[Slot]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    slot_width: float
    bar_width: float


_TOP = 16.0
_LABELS = 20.0
_LEFT = 4.0
"""Percent of the width that the labels of the y axis have to themselves."""
_WIDEST_BAR = 8.0
"""Percent of the width: a single day is a column, not a wall."""
_X_TICKS = 5


def draw(
    series: Sequence[Series], by: By, measure: Measure = "count", height: float = 150, *, average: bool = False
) -> Chart:
    """Lay the series out. All of them have the same bins. ``average`` draws moving averages in place of lines."""
    top, bottom = _TOP, height - _LABELS
    axis = series[0].points if series else ()
    curves = [(each.label, _curve(each, by, measure, average)) for each in series if len(series) > 1 or average]
    columns = series if len(series) == 1 else ()
    highest = max(
        (
            *(point.value(measure) for each in columns for point in each.points),
            *(v or 0 for _, curve in curves for v in curve),
        ),
        default=0,
    )
    ceiling, y_ticks = _scale(highest, measure)
    step = (100 - _LEFT) / max(len(axis), 1)
    gap = max(step * 0.16 if len(axis) <= 240 else 0, step - _WIDEST_BAR)

    def y(value: float) -> float:
        return _r(bottom - (bottom - top) * value / ceiling)

    slots = [
        Slot(
            _r(_LEFT + i * step),
            column,
            any(point.count for point in column),
            not any(point.articles for point in column),
        )
        for i, column in enumerate(zip(*(each.points for each in series), strict=True))
    ]
    bars = []
    for each in columns:
        for slot, point in zip(slots, each.points, strict=True):
            at = y(point.value(measure))
            bars.append(Bar(_r(slot.x + gap / 2), at, _r(bottom - at)))
    lines = [
        _line(label, [None if v is None else (_r(_LEFT + (i + 0.5) * step), y(v)) for i, v in enumerate(curve)])
        for label, curve in curves
    ]
    y_axis = [Tick(y(value), _y_label(value, measure)) for value in y_ticks]
    x_axis = _x_ticks(slots, _r(step), by)
    return Chart(height, top, bottom, bars, lines, slots, x_axis, y_axis, _r(step), _r(step - gap))


def _curve(series: Series, by: By, measure: Measure, average: bool) -> Sequence[float | None]:
    """The values of a line, ``None`` where they are missing."""
    if average:
        return series.moving_average(by, measure)
    return [point.value(measure) if point.articles else None for point in series.points]


def _line(label: str, places: Sequence[tuple[float, float] | None]) -> Line:
    """The places joined as far as none is missing between them."""
    runs = [
        [place for place in run if place is not None]
        for there, run in groupby(places, key=lambda place: place is not None)
        if there
    ]
    paths = [" ".join(f"{x},{y}" for x, y in run) for run in runs if len(run) > 1]
    return Line(label, paths, [run[0] for run in runs if len(run) == 1])


def _r(number: float) -> float:
    return round(number, 2)


def _scale(highest: float, measure: Measure) -> tuple[float, list[float]]:
    """The top of the axis and round values on it (1, 2 or 5 times a power of ten), at most four."""
    if highest <= 0:
        return 1, []
    power = 10.0 ** floor(log10(highest / 4))
    step = next(power * factor for factor in (1, 2, 5, 10) if highest / (power * factor) <= 4)
    if measure != "share":
        step = max(1.0, step)
    steps = ceil(highest / step - 1e-9)
    return step * steps, [step * i for i in range(1, steps + 1)]


def _y_label(value: float, measure: Measure) -> str:
    return f"{value:,.0f}" if measure != "share" else f"{value * 100:.3g}%"


def _x_ticks(slots: Sequence[Slot], width: float, by: By) -> list[Tick]:
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
        middle = slots[i].x + width / 2
        label = slots[i].points[0].first.isoformat()[part]
        if middle < _LEFT + 5:
            ticks.append(Tick(_LEFT, label, "start"))
        elif middle > 94:
            ticks.append(Tick(100, label, "end"))
        else:
            ticks.append(Tick(_r(middle), label))
    return ticks


def sparkline(days: Sequence[tuple[date, int]], width: float = 96, height: float = 22) -> str:
    """The ``points`` of a polyline through the counts."""
    highest = max((count for _, count in days), default=0) or 1
    step = width / max(len(days) - 1, 1)
    return " ".join(
        f"{number * step:.1f},{height - 1 - (height - 2) * count / highest:.1f}"
        for number, (_, count) in enumerate(days)
    )
