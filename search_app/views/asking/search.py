"""``/``: what was found, or the home page when nothing is asked."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from flask import Blueprint, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from indexer.archive import ArticleMarks
from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.desk.watches import question_of
from search_app.presentation import links
from search_app.presentation.chart import Chart, draw
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import BinAddresses, FeedLink, FilterChip, Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.periods import in_words
from search_app.presentation.template_filters import far_off, grouped, span
from search_app.query.dates import ANY_DAYS, Days, zone_asked
from search_app.query.notes import Note
from search_app.query.parameters import DEFAULT_LIMIT, SearchParameters
from search_app.query.writing import narrowed
from search_app.search.aggregations.bins import Series, crowded, fitting_bin, points, widened_to_bins
from search_app.search.asked import Asked
from search_app.search.results import ResultHit, Results
from search_app.search.stories import StoryArticle, others_of, sources_of
from search_app.views.asking import home
from search_app.views.keeping.marks import marks_of

blueprint = Blueprint("search", __name__)

OTHERS = 6
"""Other articles of a story that are named below its hit."""

EXPORTS = (("CSV", "csv"), ("JSON Lines", "jsonl"))


@dataclass(frozen=True, slots=True)
class HitRow:
    """A hit and the address of its page, told what was searched: it marks that, and leads on and back. ``others`` are
    those of its story.

    ``marks`` are those of whoever asks.
    """

    hit: ResultHit
    url: str
    others: tuple[StoryArticle, ...]
    sources: list[str]
    marks: ArticleMarks


@dataclass(frozen=True, slots=True)
class CoverageChart:
    """The small chart above the results. ``narrow`` gives the address of one bin."""

    chart: Chart
    series: list[Series]
    caption: str
    narrow: BinAddresses
    timeline_url: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the page shows of the results. ``meant`` are other questions that were more likely meant, ``notes`` what was
    done about the question and how that is undone.

    ``found_by`` is the query that leads from an article on and back.

    ``spellings`` are those that were searched too, each list those of one name, with the address without it;
    ``question`` is what a watch would ask.
    """

    results: Results
    hits: list[HitRow]
    found_by: str
    sort_links: list[Link]
    sentences_url: str
    terms_url: str
    entities_url: str
    period_links: list[Link]
    source_links: list[Link]
    author_links: list[Link]
    language_links: list[Link]
    facets_link: Link | None
    chips: list[FilterChip]
    notes: list[tuple[Note, Link | None]]
    meant: list[Link]
    coverage: CoverageChart | None
    exact_url: str
    spellings: list[list[Link]]
    variants_url: str
    unfiltered_url: str
    newest_link: Link | None
    collapse_link: Link | None
    hidden_link: Link | None
    first_url: str
    next_url: str | None
    question: str
    exports: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchContext(Context):
    """The results page; ``found`` is ``None`` when the question was wrong, as ``problem`` tells.

    ``days`` fill the date boxes, ``custom_dates`` is whether no shortcut says them.
    """

    date_links: list[Link]
    custom_dates: bool
    days: Days
    carried_dates: list[tuple[str, str]]
    feeds: list[FeedLink]
    found: Found | None = None
    problem: Problem | None = None
    visible_values: int = links.VISIBLE_VALUES


@blueprint.get("/")
def page() -> ResponseReturnValue:
    """Several ``q`` are a comparison, which is the timeline's. ``within`` is looked for in what the rest finds."""
    if len(request.args.getlist("q")) > 1:
        return redirect(f"{url_for('timeline.page')}?{request.query_string.decode()}", 303)
    try:
        parameters = SearchParameters.parse(given())
        if more := request.args.get("within", "").strip():
            text = narrowed(parameters.text, more)
            # Whoever narrows means all of it.
            return redirect(links.address(request.path, parameters, text=text, partial=False), 303)
        if not parameters.pairs():
            return home.page()
        library = current_library()
        asked = library.ask(parameters, keeper())
        results = library.corrected(asked, library.search(asked))
    except QueryError as error:
        wrong = _context(SearchParameters(text=request.args.get("q", "")), ANY_DAYS, problem=problem_of(error))
        return make_response(render("search.html", wrong), 400)
    return render("search.html", _context(parameters, results.days, _found(asked, results)))


def _context(
    parameters: SearchParameters, days: Days, found: Found | None = None, problem: Problem | None = None
) -> SearchContext:
    dates = links.date_links(request.path, parameters)
    return SearchContext(
        parameters=parameters,
        carried=links.hidden_fields(parameters, "q"),
        zone=found.results.zone if found else current_library().zone,
        date_links=dates,
        custom_dates=not any(link.selected for link in dates),
        days=days,
        carried_dates=links.hidden_fields(parameters, "from", "to"),
        feeds=links.feed_links(parameters, "/feed") if found else [],
        found=found,
        problem=problem,
    )


def _found(asked: Asked, results: Results) -> Found:
    path, parameters = request.path, asked.parameters
    query = links.query_string(parameters.pairs(limit=DEFAULT_LIMIT, cursor=""))
    repeated = {hit.id: hit.story for hit in results.hits if hit.copies}
    others = _others(repeated, asked) if repeated else {}
    marks = marks_of(hit.id for hit in results.hits)
    meant = next((note.terms[1] for note in results.query.notes if note.code == "corrected"), parameters.text)
    found_by = links.query_string(replace(parameters, text=meant).pairs())
    return Found(
        results=results,
        hits=[
            HitRow(
                hit,
                f"{url_for('article.page', article_id=hit.id)}?{found_by}",
                others.get(hit.id, ()),
                sources_of(others.get(hit.id, ())),
                marks.get(hit.id, ArticleMarks()),
            )
            for hit in results.hits
        ],
        found_by=found_by,
        sort_links=links.sort_links(path, parameters),
        sentences_url=links.address(url_for("sentences.page"), parameters, sort="newest") if parameters.text else "",
        terms_url=links.address(url_for("terms.page"), parameters, sort="relevance") if results.total else "",
        entities_url=links.address(url_for("entities.page"), parameters, sort="relevance") if results.total else "",
        period_links=links.period_links(path, parameters, results.timeline, results.days),
        source_links=links.facet_links(path, parameters, "source", results.facets.get("source", ())),
        author_links=links.facet_links(path, parameters, "author", results.facets.get("author", ())),
        language_links=links.facet_links(path, parameters, "language", results.facets.get("language", ())),
        facets_link=_facets_link(path, parameters, results),
        chips=links.filter_chips(path, parameters, results.query.filters),
        notes=[(note, _undo(path, parameters, note)) for note in results.query.notes if note.code != "variants"],
        meant=[
            Link(each.text, links.address(path, parameters, text=each.text), count=each.count)
            for each in results.suggestions
        ],
        coverage=_coverage(parameters, results, f"{url_for('timeline.page')}?{query}"),
        spellings=[links.spelling_links(path, parameters, each.spellings) for each in results.query.variants],
        exact_url=links.address(path, parameters, variants=False),
        variants_url=links.address(path, parameters, variants=True),
        unfiltered_url=links.address(path, parameters, from_="", to="", sources=(), authors=(), languages=()),
        newest_link=_newest_link(path, parameters, results),
        collapse_link=_collapse_link(path, parameters, results),
        hidden_link=_hidden_link(path, parameters, results.hidden),
        first_url=links.address(path, parameters, cursor=""),
        next_url=links.address(path, parameters, text=meant, cursor=results.next) if results.next else None,
        question=question_of(parameters),
        exports=[Link(name, f"{url_for('api.search')}?{query}&format={form}") for name, form in EXPORTS],
    )


def _undo(path: str, parameters: SearchParameters, note: Note) -> Link | None:
    """The same question without what was done about it."""
    match note.code:
        case "dropped_words":
            url = links.literal_url(path, parameters) or links.address(path, parameters, variants=False)
            return Link(_("Search it letter for letter"), url)
        case "dates":
            without = (*parameters.without, note.terms[0])
            return Link(_("Search it as text alone"), links.address(path, parameters, without=without))
        case "corrected":
            return Link(_("Only this spelling"), links.address(path, parameters, variants=False))
        case "few_match":
            return Link(_("Only these"), links.address(path, parameters, partial=False))
        case _:
            return None


def _others(articles: Mapping[str, str], asked: Asked) -> Mapping[str, tuple[StoryArticle, ...]]:
    """The other articles of stories, but those that the reader hid."""
    others = others_of(current_library().archive, articles, OTHERS)
    if asked.parameters.hidden or asked.marked is None or not (hidden := asked.marked.hidden):
        return others
    return {id: tuple(each for each in some if not hidden.holds(each.id, each.source)) for id, some in others.items()}


def _collapse_link(path: str, parameters: SearchParameters, results: Results) -> Link | None:
    """The other way to show what was found, where that makes a difference."""
    if results.stories == results.total:
        return None
    if results.collapsed:
        return Link(_("Show every article"), links.address(path, parameters, collapse="0"))
    return Link(_("Show each story once"), links.address(path, parameters, collapse="1"))


def _facets_link(path: str, parameters: SearchParameters, results: Results) -> Link | None:
    """To what facets count otherwise: stories or articles."""
    if parameters.facets_of == "stories":
        label = _("Count articles by source, author and language")
        return Link(label, links.address(path, parameters, facets_of="articles"))
    if results.stories == results.total:
        return None
    return Link(_("Count stories by source, author and language"), links.address(path, parameters, facets_of="stories"))


def _newest_link(path: str, parameters: SearchParameters, results: Results) -> Link | None:
    """To as many days at the end of the archive, where it ends before those that were asked for."""
    library, first = current_library(), results.days.from_
    if results.total or first is None or (newest := library.newest_day(results.zone)) >= first:
        return None
    today = library.clock().astimezone(zone_asked(results.zone)).date()
    days = (results.days.to or max(today, first)) - first
    since = newest - min(days, newest - date.min)
    label = _("The newest articles are of %(when)s: search there", when=in_words(Days(newest, newest)))
    return Link(label, links.address(path, parameters, from_=since.isoformat(), to=newest.isoformat()))


def _hidden_link(path: str, parameters: SearchParameters, count: int) -> Link | None:
    """To what the reader hid, or back."""
    if parameters.hidden:
        return Link(_("What you hid is shown too: leave it out"), links.address(path, parameters, hidden=False))
    if not count:
        return None
    label = ngettext(
        "Show %(count)s article that you hid", "Show %(count)s articles that you hid", count, count=grouped(count)
    )
    return Link(label, links.address(path, parameters, hidden=True))


def _coverage(parameters: SearchParameters, results: Results, timeline_url: str) -> CoverageChart | None:
    """Only when there is more than one day to tell apart."""
    counts = {day.date: day.count for day in results.timeline}
    if len(counts) < 2 or parameters.cursor:
        return None
    asked = results.days
    first, last = (min(counts), max(counts)) if asked.from_ or asked.to else crowded(counts)
    by = fitting_bin(first, last)
    first, last = widened_to_bins(first, last, by, asked)
    everything = current_library().articles_by_day(results.zone)
    series = Series("", sum(counts.values()), points(counts, everything, first, last, by))
    peak = series.peak()
    assert peak is not None
    captions = {"day": _("Articles a day"), "week": _("Articles a week"), "month": _("Articles a month")}
    caption = [captions[by], _("most on %(when)s: %(count)s", when=span(peak), count=grouped(peak.count))]
    if outside := series.total - sum(point.count for point in series.points):
        caption.append(far_off(outside))
    drawn = draw([series], by, height=118)
    return CoverageChart(drawn, [series], " · ".join(caption), BinAddresses(parameters), timeline_url)
