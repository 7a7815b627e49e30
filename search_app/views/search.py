"""The pages of searching: home, results, help."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from indexer.errors import QueryError
from search_app.presentation import links
from search_app.presentation.chart import Point, Series, draw, fitting, points, whole
from search_app.presentation.errors import problem_of
from search_app.presentation.template_filters import grouped, span
from search_app.query.parameters import DEFAULT_LIMIT, Question
from search_app.search.library import current_service
from search_app.search.results import ResultHit, Results
from search_app.views.home import front
from search_app.views.saved_searches import kept, query_of

web = Blueprint("web", __name__)

FEEDS = (
    ("Atom", "atom", "application/atom+xml"),
    ("RSS", "rss", "application/rss+xml"),
    ("JSON Feed", "json", "application/feed+json"),
)
EXPORTS = (("CSV", "csv"), ("JSON Lines", "jsonl"))


@web.get("/")
def search() -> ResponseReturnValue:
    """The home page, or what was found. Several ``q`` are a comparison, which is the timeline's."""
    if len(request.args.getlist("q")) > 1:
        return redirect(f"{url_for('timeline.page')}?{request.query_string.decode()}", 303)
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
    service = current_service()
    return render_template(
        "home.html",
        question=Question(),
        carried=[],
        feeds=[(name, f"/feed.{form}", media) for name, form, media in FEEDS],
        zone=service.zone,
        front=front(service),
        saved=kept(),
    )


@web.get("/help", endpoint="help")
def help_page() -> str:
    """The query language by example."""
    return render_template(
        "help.html", question=Question(), carried=[], examples=_EXAMPLES, dates=_DATES, zone=current_service().zone
    )


_EXAMPLES = (
    ("疫苗 北京", _l("articles that hold all the words")),
    ("疫苗 OR 口罩", _l("articles that hold one or the other; | is the same")),
    ("疫苗 -美国", _l("without a word; NOT is the same")),
    ("(疫苗 OR 口罩) 北京", _l("parentheses group")),
    ("“一带一路”", _l("exactly this, in this spelling")),
    (
        "G7领袖讨论对乌克兰援助",
        _l("a sentence: articles that hold it as it is come first, then those with its words"),
    ),
    ("title:疫苗", _l("in the title")),
    ("source:联合早报", _l("from a source")),
    ("site:zaobao.com", _l("from a site and those below it")),
    ("lang:zh-Hant", _l("in a language or script")),
    ("date:2020-09..2020-10", _l("published in these days, months or years; also before: and after:")),
    ("covid*", _l("words that begin like this")),
)
_DATES = (
    "2020", "2020-09", "2020-09-15", "20200915", "2020年9月15日", "今天", "昨天", "前天", "本周", "上周", "本月",
    "上个月", "今年", "去年", "近三天", "最近一周", "7d", "3w",
)  # fmt: skip


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
        "date_bounds": links.asked_days(results),
    }


def _found(question: Question, results: Results) -> dict[str, Any]:
    """What the page shows of the results."""
    path = request.path
    query = urlencode(question.parameters(limit=DEFAULT_LIMIT, cursor=""))
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
        "saved_query": query_of(question),
        "is_saved": query_of(question) in {each.query for each in kept()},
        "feeds": [(name, f"/feed.{form}?{query}", media) for name, form, media in FEEDS],
        "exports": [(name, f"{url_for('api.search')}?{query}&format={form}") for name, form in EXPORTS],
        "meant": [
            links.Link(each.text, links.address(path, question, text=each.text), count=each.count)
            for each in current_service().did_you_mean(question, results)
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
    first, last = whole(first, last, by, *links.asked_days(results))
    series = Series("", sum(counts.values()), points(counts, {}, first, last, by))
    peak = series.peak()
    assert peak is not None
    captions = {"day": _("Articles a day"), "week": _("Articles a week"), "month": _("Articles a month")}
    most = _("most on %(when)s: %(count)s", when=span(peak), count=grouped(peak.count))
    return {
        "drawn": draw([series], by, height=118),
        "series": [series],
        "coverage_caption": f"{captions[by]} · {most}",
        "narrow": narrower(question),
    }


def narrower(question: Question) -> Callable[[Point], str]:
    """Addresses of the same question within the days of a point; relative ones, for there are many on a page."""
    rest = urlencode(question.parameters(first="", last=""))
    start = f"?{rest}&" if rest else "?"

    def narrow(point: Point) -> str:
        return f"{start}from={point.first}&to={point.last}"

    return narrow


def reading_url(hit: ResultHit) -> str:
    """The article's page, told what was searched so that it can mark it."""
    asked = Question(text=request.args.get("q", ""), variants=request.args.get("variants") != "0")
    return links.address(url_for("reading.article", article_id=hit.id), asked)
