"""``/entity``: one person, organisation or place within a search."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue

from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.presentation.chart import Chart, draw
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import FilterChip, Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.bins import By, Point, Series, crowded, fitting_bin, points, widened_to_bins
from search_app.search.aggregations.entity_profile import (
    KIND,
    NAME,
    Companion,
    EntityProfile,
    name_asked,
    profile_of,
)
from search_app.views.asking.entities import KIND_LABELS, entity_url, narrowed

blueprint = Blueprint("entity", __name__)

_SHOWN = 40
"""Others that it stands with."""

_HEIGHT = 120


@dataclass(frozen=True, slots=True)
class Row:
    """Another entity, its page within this search, and the search for both. ``times`` is how many times its share is
    where the first is named."""

    companion: Companion
    label: Any
    url: str
    search_url: str
    times: float


@dataclass(frozen=True, slots=True)
class FoundEntity:
    """What the page shows of the answer; ``narrow`` gives the address of the articles of one bin."""

    profile: EntityProfile
    kind: Any
    rows: list[Row]
    spellings: list[Link]
    sources: list[Link]
    chart: Chart | None
    series: list[Series]
    narrow: Callable[[Point], str]
    chips: list[FilterChip]
    search_url: str
    entities_url: str
    sentences_url: str
    timeline_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityContext(Context):
    """The page; ``found`` is ``None`` where something wrong was asked, as ``problem`` tells."""

    found: FoundEntity | None = None
    problem: Problem | None = None


@blueprint.get("/entity")
def page() -> ResponseReturnValue:
    """Spellings, timeline, sources, with whom, first and last story."""
    try:
        asked = given()
        own = (KIND.name, NAME.name)
        parameters = SearchParameters.parse({name: values for name, values in asked.items() if name not in own})
        parameters = replace(parameters, cursor="")
        kind, name = name_asked(asked)
        question = current_library().ask(parameters, keeper())
        profile = profile_of(current_library(), question, kind, name, _SHOWN)
    except QueryError as error:
        wrong = SearchParameters(text=request.args.get("q", ""))
        return make_response(render("entity.html", _context(wrong, problem=problem_of(error))), 400)
    shown = profile.entity.name
    by, series = _series(profile, question.zone.key)
    found = FoundEntity(
        profile=profile,
        kind=KIND_LABELS[kind],
        rows=[
            Row(
                each,
                KIND_LABELS[each.entity.kind],
                entity_url(parameters, each.entity.kind, each.entity.name),
                narrowed(parameters, shown, each.entity.name),
                2**each.effect,
            )
            for each in profile.companions
        ],
        spellings=[
            Link(each.text, narrowed(parameters, f'"{each.text}"'), count=each.articles) for each in profile.spellings
        ],
        sources=[
            Link(each.value, narrowed(parameters, shown, sources=(each.value,)), count=each.count)
            for each in profile.sources
        ],
        chart=draw(series, by, height=_HEIGHT) if series else None,
        series=series,
        narrow=lambda point: narrowed(parameters, shown, from_=point.first.isoformat(), to=point.last.isoformat()),
        chips=[
            replace(chip, url=_carrying(chip.url)) if chip.url else chip
            for chip in links.filter_chips(url_for("entity.page"), parameters, question.interpretation.active_filters)
        ],
        search_url=narrowed(parameters, shown),
        entities_url=links.address(url_for("entities.page"), parameters),
        sentences_url=narrowed(parameters, shown, endpoint="sentences.page", sort="newest"),
        timeline_url=narrowed(parameters, shown, endpoint="timeline.page"),
    )
    return render("entity.html", _context(parameters, found))


def _carrying(url: str) -> str:
    """An address made of parameters of a search, with the entity."""
    kind, name = name_asked(given())
    own = links.with_query("", [(KIND.name, kind), (NAME.name, name)])
    return url + own.replace("?", "&" if "?" in url else "?", 1)


def _series(profile: EntityProfile, zone: str) -> tuple[By, list[Series]]:
    """The days gathered into bins; none where no day is known."""
    if not profile.days:
        return "day", []
    days = {each.date: each.count for each in profile.days}
    first, last = crowded(days)
    by = fitting_bin(first, last)
    first, last = widened_to_bins(first, last, by)
    drawn = points(days, current_library().articles_by_day(zone), first, last, by)
    return by, [Series(profile.entity.name, profile.entity.articles, drawn)]


def _context(
    parameters: SearchParameters, found: FoundEntity | None = None, problem: Problem | None = None
) -> EntityContext:
    return EntityContext(
        parameters=parameters,
        carried=links.hidden_fields(parameters, "q"),
        zone=current_library().zone,
        found=found,
        problem=problem,
    )
