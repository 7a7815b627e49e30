"""``/timeline``: coverage of one or more questions, counted or as a share of everything."""

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import lazy_gettext as _l

from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.presentation.chart import Chart, draw
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.query.parameters import DEFAULT_LIMIT, SearchParameters
from search_app.search.bins import BYS, MEASURES, By, Measure, Point, Series
from search_app.search.coverage import MAX_SERIES, Comparison, Coverage, coverage

blueprint = Blueprint("timeline", __name__)

_BY_LABELS: dict[By, Any] = {"day": _l("Days"), "week": _l("Weeks"), "month": _l("Months")}
_MEASURE_LABELS: dict[Measure, Any] = {"count": _l("Articles"), "share": _l("Share of all articles")}
_FEWEST_BOXES = 2


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the chart: ``url`` searches for it, ``without_url`` takes it out of the comparison."""

    series: Series
    peak: Point | None
    url: str
    without_url: str


class Narrow:
    """The address of one bin: its results when it is a day of one question, else its days in finer bins."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison

    def __call__(self, point: Point) -> str:
        comparison = self._comparison
        inside = replace(comparison.parameters, from_=point.first.isoformat(), to=point.last.isoformat())
        if point.first == point.last and len(comparison.texts) == 1:
            return _search(inside, comparison.texts[0])
        return _address(replace(comparison, parameters=inside, by=None))


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page shows of the coverage; ``chart`` is ``None`` when nothing matches."""

    coverage: Coverage
    chart: Chart | None
    narrow: Narrow
    legend: list[LegendEntry]
    date_links: list[Link]
    by_links: list[Link]
    measure_links: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineContext(Context):
    """``boxes`` are the texts to compare, some empty for further ones; ``drawn`` or ``problem`` is there."""

    comparison: Comparison
    boxes: list[str]
    drawn: Drawn | None = None
    problem: Problem | None = None


@blueprint.get("/timeline")
def page() -> Response | str:
    """The chart, its legend and what can be changed about it."""
    try:
        comparison = Comparison.parse(given())
        found = coverage(current_library(), comparison, keeper())
    except QueryError as error:
        texts = tuple(request.args.getlist("q")[:MAX_SERIES]) or ("",)
        wrong = Comparison(SearchParameters(), texts, None, "count")
        return make_response(render("timeline.html", _context(wrong, problem=problem_of(error))), 400)
    return render("timeline.html", _context(comparison, _drawn(comparison, found)))


def _context(comparison: Comparison, drawn: Drawn | None = None, problem: Problem | None = None) -> TimelineContext:
    given_texts = [text for text in comparison.texts if text]
    boxes = min(max(len(given_texts) + 1, _FEWEST_BOXES), MAX_SERIES)
    return TimelineContext(
        parameters=comparison.parameters,
        carried=[pair for pair in comparison.pairs() if pair[0] != "q"],
        zone=drawn.coverage.zone if drawn else current_library().zone,
        comparison=comparison,
        boxes=[*given_texts, *[""] * (boxes - len(given_texts))],
        drawn=drawn,
        problem=problem,
    )


def _drawn(comparison: Comparison, found: Coverage) -> Drawn:
    parameters, measure = comparison.parameters, comparison.measure
    drawable = bool(found.series and found.series[0].points)
    return Drawn(
        coverage=found,
        chart=draw(found.series, found.by, measure, height=260) if drawable else None,
        narrow=Narrow(comparison),
        legend=[_legend_entry(comparison, series) for series in found.series],
        date_links=[
            Link(
                label,
                _address(replace(comparison, parameters=replace(parameters, from_=from_, to=to))),
                (parameters.from_, parameters.to) == (from_, to),
            )
            for label, from_, to in links.DATE_SHORTCUTS
        ],
        by_links=[Link(_BY_LABELS[by], _address(replace(comparison, by=by)), found.by == by) for by in BYS],
        measure_links=[
            Link(_MEASURE_LABELS[each], _address(replace(comparison, measure=each)), measure == each)
            for each in MEASURES
        ],
    )


def _legend_entry(comparison: Comparison, series: Series) -> LegendEntry:
    others = tuple(text for text in comparison.texts if text != series.query) or ("",)
    return LegendEntry(
        series,
        series.peak(comparison.measure),
        _search(comparison.parameters, series.query),
        _address(replace(comparison, texts=others)),
    )


def _search(parameters: SearchParameters, text: str) -> str:
    return links.address(url_for("search.page"), replace(parameters, text=text, limit=DEFAULT_LIMIT))


def _address(comparison: Comparison) -> str:
    return links.with_query(url_for("timeline.page"), comparison.pairs())
