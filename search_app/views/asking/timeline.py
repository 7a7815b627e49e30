"""``/timeline``: coverage of one or more questions, counted or as a share of everything.

``/timeline.svg`` is its picture and ``/timeline.csv`` its figures.
"""

import csv
import io
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from indexer.errors import QueryError
from indexer.plain_text import plain_line, xml_text
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.presentation.chart import Chart, draw
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import Link
from search_app.presentation.locales import language_name
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.spreadsheet import MARK, cell
from search_app.query.dates import Days
from search_app.query.parameters import DEFAULT_LIMIT, Parameter, SearchParameters
from search_app.search.aggregations.bin_stories import stories_of, story_of_peak, within
from search_app.search.aggregations.bins import BYS, MEASURES, By, Measure, Point, Series
from search_app.search.aggregations.contrast import AGAINST
from search_app.search.coverage import MAX_SERIES, SPLITS, Comparison, Coverage, coverage
from search_app.search.results import ResultHit, Results

blueprint = Blueprint("timeline", __name__)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise QueryError("bad_date", field="at", given=text, allowed=("2020-09-15",)) from error


_AT = Parameter("at", "A day of the bin whose stories are listed.", "2020-09-15", default=None, read=_day)

_BY_LABELS: dict[By, Any] = {"day": _l("Days"), "week": _l("Weeks"), "month": _l("Months")}
_MEASURE_LABELS: dict[Measure, Any] = {
    "count": _l("Articles"),
    "stories": _l("Stories"),
    "share": _l("Share of all articles"),
}
_OWN_SHARE = _l("Share of its own articles")
_SPLIT_LABELS = {"source": _l("By source"), "author": _l("By author"), "lang": _l("By language")}
_FEWEST_BOXES = 2
_HEIGHT = 260
_LONGEST_NAME = 60
"""Characters that have room on a line of the picture."""


@dataclass(frozen=True, slots=True)
class LegendEntry:
    """A line of the chart: ``url`` searches for it, ``without_url`` takes it out of the comparison.

    ``story`` is what made its peak, and ``story_url`` the address of that.
    """

    name: str
    total: int
    peak: Point | None
    story: ResultHit | None
    story_url: str
    url: str
    without_url: str | None


class At:
    """The address of one bin: the same chart, and the bin's stories below it."""

    def __init__(self, comparison: Comparison) -> None:
        self._start = _address(comparison, "at=")

    def __call__(self, point: Point) -> str:
        return f"{self._start}{point.first}#at"


@dataclass(frozen=True, slots=True)
class BinStories:
    """What one series found in a bin: the best stories, each with its address, and the address of all articles."""

    name: str
    results: Results
    hits: list[tuple[ResultHit, str]]
    all_url: str


@dataclass(frozen=True, slots=True)
class Bin:
    """A bin that was chosen; ``narrow_url`` is the chart of its days alone."""

    point: Point
    found: list[BinStories]
    narrow_url: str | None


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the page shows of the coverage; ``chart`` is ``None`` when nothing matches.

    ``whole_url`` draws the hits far off too, where some are left out.
    """

    coverage: Coverage
    chart: Chart | None
    at: At
    chosen: Bin | None
    legend: list[LegendEntry]
    whole_url: str
    date_links: list[Link]
    by_links: list[Link]
    measure_links: list[Link]
    split_links: list[Link]
    average_link: Link
    svg_url: str
    csv_url: str
    terms_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineContext(Context):
    """``boxes`` are the texts to compare, some empty for further ones; ``drawn`` or ``problem`` is there."""

    comparison: Comparison
    boxes: list[str]
    drawn: Drawn | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureContext(Context):
    """The chart as a file of its own; ``names`` are those of its series."""

    comparison: Comparison
    coverage: Coverage
    chart: Chart | None
    names: list[str]


@blueprint.get("/timeline")
def page() -> Response | str:
    """The chart, its legend and what can be changed about it."""
    try:
        comparison, found = _found()
        drawn = _drawn(comparison, found, _AT.value(given()))
    except QueryError as error:
        return make_response(render("timeline.html", _context(_wrong(), problem=problem_of(error))), 400)
    return render("timeline.html", _context(comparison, drawn))


@blueprint.get("/timeline.svg")
def picture() -> ResponseReturnValue:
    """The chart as it is seen, on its own and without the page's style."""
    try:
        comparison, found = _found()
    except QueryError as error:
        return make_response(render("timeline.html", _context(_wrong(), problem=problem_of(error))), 400)
    context = PictureContext(
        carried=[],
        zone=found.zone,
        comparison=comparison,
        coverage=found,
        chart=_chart(comparison, found),
        names=[plain_line(xml_text(_name(comparison, series)), _LONGEST_NAME) for series in found.series],
    )
    return _file(render("timeline.svg", context), "image/svg+xml; charset=utf-8", "svg")


@blueprint.get("/timeline.csv")
def figures() -> ResponseReturnValue:
    """The figures of the chart: a line a bin and series, all measures. Cells as in exports."""
    try:
        comparison, found = _found()
    except QueryError as error:
        return make_response(render("timeline.html", _context(_wrong(), problem=problem_of(error))), 400)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("first", "last", "series", "count", "share", "articles", "stories"))
    for series in found.series:
        for point in series.points:
            known = (point.count, round(point.share, 6), point.articles, point.stories)
            cells = known if point.articles else ("", "", 0, "")
            writer.writerow((point.first, point.last, cell(_name(comparison, series)), *cells))
    return _file(MARK + text.getvalue(), "text/csv; charset=utf-8; header=present", "csv")


def _file(body: str, media: str, suffix: str) -> Response:
    response = Response(body, content_type=media)
    response.headers["Content-Disposition"] = f'attachment; filename="timeline.{suffix}"'
    return response


def _found() -> tuple[Comparison, Coverage]:
    comparison = Comparison.parse(given())
    return comparison, coverage(current_library(), comparison, keeper(), whole=False)


def _wrong() -> Comparison:
    """What a question that cannot be answered leaves in the boxes."""
    return Comparison(SearchParameters(), tuple(request.args.getlist("q")[:MAX_SERIES]) or ("",))


def _context(comparison: Comparison, drawn: Drawn | None = None, problem: Problem | None = None) -> TimelineContext:
    given_texts = [text for text in comparison.texts if text]
    boxes = 1 if comparison.split else min(max(len(given_texts) + 1, _FEWEST_BOXES), MAX_SERIES)
    return TimelineContext(
        parameters=comparison.parameters,
        carried=[pair for pair in comparison.pairs() if pair[0] != "q"],
        zone=drawn.coverage.zone if drawn else current_library().zone,
        comparison=comparison,
        boxes=[*given_texts, *[""] * (boxes - len(given_texts))],
        drawn=drawn,
        problem=problem,
    )


def _drawn(comparison: Comparison, found: Coverage, at: date | None) -> Drawn:
    parameters, measure = comparison.parameters, comparison.measure
    return Drawn(
        coverage=found,
        chart=_chart(comparison, found),
        at=At(comparison),
        chosen=_chosen(comparison, found, at),
        legend=[_legend_entry(comparison, series) for series in found.series],
        whole_url=_address(replace(comparison, parameters=_within(parameters, found.days))),
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
            Link(
                _OWN_SHARE if comparison.split and each == "share" else _MEASURE_LABELS[each],
                _address(replace(comparison, measure=each)),
                measure == each,
            )
            for each in MEASURES
        ],
        split_links=_split_links(comparison),
        average_link=Link(
            _l("Moving average"), _address(replace(comparison, average=not comparison.average)), comparison.average
        ),
        svg_url=links.with_query(url_for("timeline.picture"), comparison.pairs()),
        csv_url=links.with_query(url_for("timeline.figures"), comparison.pairs()),
        terms_url=_terms_url(comparison),
    )


def _terms_url(comparison: Comparison) -> str:
    """Where the words of the first two are compared; empty for one."""
    texts = [text for text in comparison.texts if text]
    if len(texts) < 2:
        return ""
    pairs = replace(comparison.parameters, text=texts[0]).pairs()
    return links.with_query(url_for("terms.page"), [*pairs, (AGAINST.name, texts[1])])


def _within(parameters: SearchParameters, days: Days) -> SearchParameters:
    return replace(parameters, from_=str(days.from_ or ""), to=str(days.to or ""))


def _chart(comparison: Comparison, found: Coverage) -> Chart | None:
    if not any(series.points for series in found.series):
        return None
    return draw(found.series, found.by, comparison.measure, _HEIGHT, average=comparison.average)


def _split_links(comparison: Comparison) -> list[Link]:
    """Only one question can be split."""
    if len(comparison.texts) > 1:
        return []
    whole = Link(_l("Together"), _address(replace(comparison, split="")), not comparison.split)
    parts = (
        Link(_SPLIT_LABELS[each], _address(replace(comparison, split=each)), comparison.split == each)
        for each in SPLITS
    )
    return [whole, *parts]


def _legend_entry(comparison: Comparison, series: Series) -> LegendEntry:
    others = tuple(text for text in comparison.texts if text != series.query) or ("",)
    asked, peak = comparison.asked_of(series), series.peak(comparison.measure)
    # A peak of everything that was published has no story, it has all of them.
    story = story_of_peak(current_library(), asked, peak, keeper()) if peak and series.query else None
    return LegendEntry(
        _name(comparison, series),
        series.total,
        peak,
        story,
        _story_url(story) if story else "",
        _search(asked),
        _address(replace(comparison, texts=others)) if len(comparison.texts) > 1 else None,
    )


def _chosen(comparison: Comparison, found: Coverage, at: date | None) -> Bin | None:
    """The bin that holds a day, with what each series found in it; ``None`` for a day that is not drawn."""
    place = next((i for i, point in enumerate(found.series[0].points) if at and point.first <= at <= point.last), None)
    if place is None:
        return None
    bin_ = found.series[0].points[place]
    narrowed = replace(comparison, parameters=within(comparison.parameters, bin_), by=None)
    return Bin(
        bin_,
        [_bin_stories(comparison, series, series.points[place]) for series in found.series],
        _address(narrowed) if bin_.first != bin_.last else None,
    )


def _bin_stories(comparison: Comparison, series: Series, point: Point) -> BinStories:
    asked = comparison.asked_of(series)
    results = stories_of(current_library(), asked, point, keeper())
    marking = SearchParameters(text=series.query, variants=asked.variants).pairs()
    return BinStories(
        _name(comparison, series),
        results,
        [(hit, links.with_query(url_for("article.page", article_id=hit.id), marking)) for hit in results.hits],
        _search(within(asked, point)),
    )


def _name(comparison: Comparison, series: Series) -> str:
    return language_name(series.value) if series.value and comparison.split == "lang" else series.label


def _story_url(hit: ResultHit) -> str:
    if hit.copies:
        return url_for("story.page", article_id=hit.story)
    return url_for("article.page", article_id=hit.id)


def _search(parameters: SearchParameters) -> str:
    return links.address(url_for("search.page"), replace(parameters, limit=DEFAULT_LIMIT))


def _address(comparison: Comparison, end: str = "") -> str:
    """The chart's address; ``end`` is put behind its parameters."""
    address = links.with_query(url_for("timeline.page"), comparison.pairs())
    return address if not end else f"{address}{'&' if '?' in address else '?'}{end}"
