"""``/entities``: the people, organisations and places of a search, and who stands with whom."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from indexer.entities.known import Kind
from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.presentation import arcs, links
from search_app.presentation.arcs import Arcs
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import FilterChip, Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.entities import Entities, EntityCount, EntityPair, entities_of
from search_app.search.aggregations.entity_profile import KIND, NAME

blueprint = Blueprint("entities", __name__)

KIND_LABELS: dict[Kind, Any] = {"person": _l("People"), "organisation": _l("Organisations"), "place": _l("Places")}

_SHOWN = 30
"""Entities of each kind, and pairs."""

_DRAWN = 20
"""Pairs in the picture."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entity, its page within this search, and the search that it narrows. ``share`` of the stories, in per cent."""

    entity: EntityCount
    url: str
    search_url: str
    share: float


@dataclass(frozen=True, slots=True)
class PairRow:
    """Two that stand together, with the search for both.

    ``times`` is how many times as large the share of one is where the other is named.
    """

    pair: EntityPair
    url: str
    times: float


@dataclass(frozen=True, slots=True)
class Side:
    """The entities of a kind."""

    kind: Kind
    label: Any
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class FoundEntities:
    """What the page shows of the answer."""

    answer: Entities
    sides: list[Side]
    pairs: list[PairRow]
    picture: Arcs
    chips: list[FilterChip]
    search_url: str
    json_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntitiesContext(Context):
    """The page; ``found`` is ``None`` where something wrong was asked, as ``problem`` tells."""

    date_links: list[Link]
    found: FoundEntities | None = None
    problem: Problem | None = None


@blueprint.get("/entities")
def page() -> ResponseReturnValue:
    """All three kinds as tables, and who stands with whom as a picture and a table."""
    try:
        parameters = replace(SearchParameters.parse(given()), cursor="")
        asked = current_library().ask(parameters, keeper())
        found = entities_of(current_library(), asked, _SHOWN)
    except QueryError as error:
        wrong = SearchParameters(text=request.args.get("q", ""))
        return make_response(render("entities.html", _context(wrong, problem=problem_of(error))), 400)
    path = url_for("entities.page")
    shown = FoundEntities(
        answer=found,
        sides=[
            Side(kind, label, [_row(parameters, each, found.stories) for each in listed])
            for (kind, label), listed in zip(
                KIND_LABELS.items(), (found.people, found.organisations, found.places), strict=True
            )
        ],
        pairs=[
            PairRow(pair, narrowed(parameters, pair.one.name, pair.other.name), 2**pair.effect) for pair in found.pairs
        ],
        picture=arcs.draw(found.pairs[:_DRAWN]),
        chips=links.filter_chips(path, parameters, asked.interpretation.active_filters),
        search_url=links.address(url_for("search.page"), parameters),
        json_url=links.address(url_for("api.entities"), parameters),
    )
    return render("entities.html", _context(parameters, shown))


def _row(parameters: SearchParameters, entity: EntityCount, stories: int) -> Row:
    return Row(
        entity,
        entity_url(parameters, entity.kind, entity.name),
        narrowed(parameters, entity.name),
        100 * entity.stories / stories,
    )


def entity_url(parameters: SearchParameters, kind: Kind, name: str) -> str:
    """The page of an entity within a search."""
    return links.with_query(url_for("entity.page"), [*parameters.pairs(), (KIND.name, kind), (NAME.name, name)])


def narrowed(parameters: SearchParameters, *names: str, endpoint: str = "search.page", **changes: Any) -> str:
    """What is asked where these names stand too, in all their spellings."""
    text = narrowed_text(parameters.text, names)
    return links.address(url_for(endpoint), replace(parameters, text=text), **changes)


def narrowed_text(text: str, names: Sequence[str]) -> str:
    """A question to which names are added: an OR must not reach over them, nor a name be taken for one."""
    whole = f"({text})" if " " in text.strip() else text
    return " ".join(filter(None, (whole, *(f"({name})" if " " in name else name for name in names))))


def _context(
    parameters: SearchParameters, found: FoundEntities | None = None, problem: Problem | None = None
) -> EntitiesContext:
    return EntitiesContext(
        parameters=parameters,
        carried=links.hidden_fields(parameters, "q"),
        zone=current_library().zone,
        date_links=links.date_links(url_for("entities.page"), parameters),
        found=found,
        problem=problem,
    )
