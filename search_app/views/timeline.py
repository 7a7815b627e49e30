"""The timeline page: coverage of one or more questions, counted or as a share of everything."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from indexer.errors import QueryError
from search_app.presentation import links
from search_app.presentation.chart import BYS, MEASURES, By, Measure, Point, Series, draw, fitting, points, whole
from search_app.presentation.errors import problem_of
from search_app.query.parameters import DEFAULT_LIMIT, Question
from search_app.search.library import Service, current_service

timeline = Blueprint("timeline", __name__)

MAX_SERIES = 6
"""More lines in one chart cannot be told apart."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: the same restrictions for all texts. ``by`` is ``None`` for the fitting bin."""

    question: Question
    texts: tuple[str, ...]
    by: By | None
    measure: Measure

    @classmethod
    def parse(cls, parameters: MultiDict[str, str]) -> "Comparison":
        """Read request parameters. Raises ``QueryError`` as ``Question.parse``, and for too many or unknown values."""
        texts = tuple(dict.fromkeys(text for each in parameters.getlist("q") if (text := each.strip())))
        if len(texts) > MAX_SERIES:
            raise QueryError("too_many_values", "q 太多", field="q", allowed=f"最多 {MAX_SERIES} 个")
        by, measure = parameters.get("by") or "", parameters.get("measure") or "count"
        if by and by not in BYS:
            raise QueryError("bad_choice", f"by 不能是“{by[:40]}”", field="by", allowed=", ".join(BYS))
        if measure not in MEASURES:
            raise QueryError(
                "bad_choice", f"measure 不能是“{measure[:40]}”", field="measure", allowed=", ".join(MEASURES)
            )
        question = replace(Question.parse(parameters), text="", cursor="", limit=1, explain=False)
        return cls(question, texts or ("",), by or None, measure)

    def address(self, **changes: object) -> str:
        """The timeline page of this comparison with changes to it; ``question`` changes are given as a question."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        pairs = [("q", text) for text in changed.texts if text]
        pairs += [(name, value) for name, value in changed.question.parameters(limit=DEFAULT_LIMIT) if name != "q"]
        pairs += [("by", changed.by)] if changed.by else []
        pairs += [("measure", changed.measure)] if changed.measure != "count" else []
        return f"{url_for('timeline.page')}?{urlencode(pairs)}" if pairs else url_for("timeline.page")


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer: bins of ``by`` from the first day to the last; no series when no day has a hit."""

    by: By
    zone: str
    series: Sequence[Series]


def coverage(service: Service, comparison: Comparison) -> Coverage:
    """Count every text's hits by bin, beside all articles of the bin."""
    answers = [service.search(replace(comparison.question, text=text)) for text in comparison.texts]
    counted = [{day.date: day.count for day in answer.timeline} for answer in answers]
    days = sorted({day for counts in counted for day in counts})
    zone = answers[0].zone
    if not days:
        empty = [Series(text, answer.total, ()) for text, answer in zip(comparison.texts, answers, strict=True)]
        return Coverage(comparison.by or "day", zone, empty)
    asked = links.asked_days(answers[0])
    first, last = _bounds(days, *asked)
    by = fitting(first, last, comparison.by)
    first, last = whole(first, last, by, *asked)
    everything = service.articles_by_day(zone)
    return Coverage(
        by,
        zone,
        [
            Series(text, answer.total, points(counts, everything, first, last, by))
            for text, answer, counts in zip(comparison.texts, answers, counted, strict=True)
        ],
    )


def _bounds(days: Sequence[date], first: date | None, last: date | None) -> tuple[date, date]:
    """From the first to the last day with a hit, or the asked range where it is wider by not much."""
    begin, end = days[0], days[-1]
    slack = max((end - begin).days // 2, 31)
    if first and 0 < (begin - first).days <= slack:
        begin = first
    if last and 0 < (last - end).days <= slack:
        end = last
    return begin, end


@timeline.get("/timeline")
def page() -> Response | str:
    """The chart, its legend and what can be changed about it."""
    try:
        comparison = Comparison.parse(request.args)
        found = coverage(current_service(), comparison)
    except QueryError as error:
        fallback = Comparison(Question(), tuple(request.args.getlist("q")[:MAX_SERIES]) or ("",), None, "count")
        body = render_template("timeline.html", comparison=fallback, problem=problem_of(error), coverage=None)
        return make_response(body, 400)
    question = comparison.question

    def narrow(point: Point) -> str:
        inside = replace(question, first=point.first.isoformat(), last=point.last.isoformat())
        if point.first == point.last and len(comparison.texts) == 1:
            return links.address(url_for("web.search"), replace(inside, text=comparison.texts[0], limit=DEFAULT_LIMIT))
        return comparison.address(question=inside, by=None)

    drawable = bool(found.series and found.series[0].points)
    return render_template(
        "timeline.html",
        comparison=comparison,
        coverage=found,
        drawn=draw(found.series, found.by, comparison.measure, height=260) if drawable else None,
        narrow=narrow,
        bys=[(by, comparison.address(by=by), found.by == by) for by in BYS],
        measures=[(each, comparison.address(measure=each), comparison.measure == each) for each in MEASURES],
        date_links=[
            links.Link(
                label,
                comparison.address(question=replace(question, first=first, last=last)),
                (question.first, question.last) == (first, last),
            )
            for label, first, last in links.SHORTCUTS
        ],
        legend=[
            (
                series,
                links.address(url_for("web.search"), replace(question, text=series.label, limit=DEFAULT_LIMIT)),
                comparison.address(texts=tuple(text for text in comparison.texts if text != series.label) or ("",)),
            )
            for series in found.series
        ],
        carried=[(name, value) for name, value in question.parameters(limit=DEFAULT_LIMIT) if name != "q"],
        problem=None,
    )
