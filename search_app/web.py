"""The pages of searching: home, results, help."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from indexer.errors import QueryError
from search_app import links
from search_app.chart import Point, Series, draw, fitting, points
from search_app.filters import grouped, span
from search_app.problems import problem_of
from search_app.question import Question
from search_app.results import ResultHit, Results
from search_app.service import current_service

web = Blueprint("web", __name__)

FEEDS = (("Atom", "atom", "application/atom+xml"), ("RSS", "rss", "application/rss+xml"))
FEEDS += (("JSON Feed", "json", "application/feed+json"),)
EXPORTS = (("CSV", "csv"), ("JSON Lines", "jsonl"))


@web.get("/")
def search() -> Response | str:
    """The home page, or what was found. Several ``q`` are a comparison, which is the timeline's."""
    if len(request.args.getlist("q")) > 1:
        return redirect(f"{url_for('timeline.page')}?{request.query_string.decode()}", 303)  # type: ignore[return-value]
    try:
        question = Question.parse(request.args)
        if not question.parameters():
            return home()
        results = current_service().search(question)
    except QueryError as error:
        asked = Question(text=request.args.get("q", ""))
        page = render_template("search.html", problem=problem_of(error), **_around(asked, None))
        return make_response(page, 400)
    return render_template("search.html", **_around(question, results), **_found(question, results))


def home() -> str:
    """The front page: what is new, how much there is, what is talked about."""
    return render_template("home.html", question=Question(), carried=[])


@web.get("/help")
def help() -> str:
    """The query language by example."""
    return render_template("help.html", question=Question(), carried=[])


def _around(question: Question, results: Results | None) -> dict[str, Any]:
    """What the page shows around the results, also when there are none because the question was wrong."""
    path = request.path
    dates = links.date_links(path, question)
    return {
        "question": question,
        "results": results,
        "carried": links.hidden(question, "q"),
        "carried_dates": links.hidden(question, "from", "to"),
        "date_links": dates,
        "custom_dates": not any(link.selected for link in dates),
        "date_bounds": links.date_bounds(results),
    }


def _found(question: Question, results: Results) -> dict[str, Any]:
    """What the page shows of the results."""
    path = request.path
    query = urlencode(question.parameters(limit=Question.limit, cursor=""))
    return {
        "sort_links": links.sort_links(path, question),
        "source_links": links.facet_links(path, question, "source", results.facets.get("source", ())),
        "language_links": links.facet_links(path, question, "language", results.facets.get("language", ())),
        "visible_values": links.VISIBLE_VALUES,
        "chips": links.chips(path, question, results.filters),
        "exact_url": links.address(path, question, variants=False),
        "variants_url": links.address(path, question, variants=True),
        "unfiltered_url": links.address(path, question, first="", last="", sources=(), languages=()),
        "first_url": links.address(path, question, cursor=""),
        "next_url": links.address(path, question, cursor=results.next) if results.next else None,
        "timeline_url": f"{url_for('timeline.page')}?{query}",
        "feeds": [(name, f"/feed.{form}?{query}", media) for name, form, media in FEEDS],
        "exports": [(name, f"{url_for('api.search')}?{query}&format={form}") for name, form in EXPORTS],
        "meant": [
            links.Link(text, links.address(path, question, text=text), count=count)
            for text, count in current_service().did_you_mean(question, results)
        ],
        **_coverage(question, results),
    }


def _coverage(question: Question, results: Results) -> dict[str, Any]:
    """The small chart above the results: only when there is more than one day to tell apart."""
    counts = {day.date: day.count for day in results.timeline}
    if len(counts) < 2 or question.cursor:
        return {"drawn": None}
    first, last = min(counts), max(counts)
    by = fitting(first, last)
    series = Series("", sum(counts.values()), points(counts, {}, first, last, by))
    peak = series.peak
    assert peak is not None
    captions = {"day": _("Articles a day"), "week": _("Articles a week"), "month": _("Articles a month")}
    most = ngettext("most on %(when)s: %(count)s", "most on %(when)s: %(count)s", peak.count, **_peak(peak))
    return {
        "drawn": draw([series], by, height=118),
        "series": [series],
        "coverage_caption": f"{captions[by]} · {most}",
        "narrow": narrower(question),
    }


def _peak(point: Point) -> dict[str, str]:
    return {"when": span(point), "count": grouped(point.count)}


def narrower(question: Question) -> Callable[[Point], str]:
    """Addresses of the same question within the days of a point; relative ones, for there are many on a page."""

    def narrow(point: Point) -> str:
        return links.address("", question, first=point.first.isoformat(), last=point.last.isoformat())

    return narrow


def reading_url(hit: ResultHit) -> str:
    """The article's page, told what was searched so that it can mark it."""
    asked = Question(text=request.args.get("q", ""), variants=request.args.get("variants") != "0")
    return links.address(url_for("reading.article", article_id=hit.id), asked)
