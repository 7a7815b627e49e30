"""One entity in what a question found: its spellings, when and where it was reported, with whom it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from indexer.engine.index import SearchRequest
from indexer.engine.query import IdIn
from indexer.entities.known import KINDS, Kind
from search_app.query.parameters import Given, Parameter
from search_app.search.aggregations.entities import (
    Counted,
    EntityCount,
    Named,
    association,
    each_once,
    named_in,
)
from search_app.search.aggregations.entity_table import Numbers
from search_app.search.asked import Asked
from search_app.search.library import Library
from search_app.search.results import FacetValue, TimelineDay, described

NAME = Parameter("name", "The entity, in any of its spellings.", "特朗普")
KIND = Parameter("kind", "What it is.", KINDS[0], "choice", KINDS[0], choices=KINDS)

_JUDGED = 400
"""Others, those of most stories, that are looked at for with whom it stands."""

_LEAST = 2
"""Stories in which others must stand with it."""

_SOURCES = 20


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way in which articles write a name."""

    text: str
    articles: int


@dataclass(frozen=True, slots=True)
class Companion:
    """Another entity that stands with it more often than by chance."""

    entity: EntityCount
    together: int = field(metadata=described("Stories that name both."))
    effect: float = field(metadata=described("How often its share doubles in the stories that name the first.", 2))
    score: float = field(metadata=described("Log-likelihood ratio of the stories.", 3))


@dataclass(frozen=True, slots=True)
class StoryNaming:
    """An article that names the entity, of the story that did so first or last."""

    id: str
    title: str
    source: str
    language: str
    published: datetime | None
    story: str


@dataclass(frozen=True, slots=True)
class EntityProfile:
    """An entity in what was found. Without any article that names it all of it is empty."""

    entity: EntityCount
    stories: int = field(metadata=described("Stories of what was looked at, whether they name it or not."))
    spellings: Sequence[Spelling]
    days: Sequence[TimelineDay] = field(metadata=described("Articles on each day of the zone that name it."))
    sources: Sequence[FacetValue] = field(metadata=described("Articles of each publisher that name it."))
    companions: Sequence[Companion]
    first: StoryNaming | None
    last: StoryNaming | None


def name_asked(given: Given) -> tuple[Kind, str]:
    """The entity that is asked for; one without a name is none that an article has."""
    return KIND.value(given), NAME.value(given)


def profile_of(library: Library, asked: Asked, kind: Kind, name: str, limit: int = 20) -> EntityProfile:
    """The profile of the entity that a name is of; ``limit`` others that it stands with."""
    named = named_in(library, asked)
    number = named.table.find(kind, name)
    if number is None:
        return EntityProfile(EntityCount(kind, name, 0, 0), named.story_count, (), (), (), (), None, None)
    counted = named.counted()
    with_it = named.table.entity_of[named.names] == number
    places = each_once(named.places[with_it])
    hits = [named.hits[place] for place in places.tolist()]
    zone = asked.zone.key
    match = IdIn(tuple(hit.id for hit in hits))
    answer = library.index.search(SearchRequest(match=match, limit=0, facets=("source",), zone=zone))
    dated = [hit for hit in hits if hit.published is not None]
    told = _told(library, [dated[-1].id, dated[0].id] if dated else [], {hit.id: hit.story for hit in hits})
    return EntityProfile(
        entity=counted.of(number),
        stories=named.story_count,
        spellings=_spellings(named, named.names[with_it]),
        days=library.timeline(answer, zone),
        sources=[FacetValue(value, count) for value, count in answer.facets["source"][:_SOURCES]],
        companions=_companions(named, counted, number, limit),
        first=told[0] if told else None,
        last=told[1] if told else None,
    )


def _spellings(named: Named, names: Numbers) -> list[Spelling]:
    often = np.bincount(names, minlength=len(named.table.written))
    spellings = [Spelling(named.table.written[name], int(often[name])) for name in np.flatnonzero(often).tolist()]
    return sorted(spellings, key=lambda each: (-each.articles, each.text))


def _companions(named: Named, counted: Counted, number: int, limit: int) -> list[Companion]:
    stories = named.stories[named.entities == number]
    is_its = np.zeros(named.story_count, np.bool_)
    is_its[stories] = True
    together = np.bincount(named.entities[is_its[named.stories]], minlength=len(named.table.entities))
    others = np.flatnonzero(together >= _LEAST)
    own = named.table.entities[number].key[1]
    found = []
    for other in counted.most(others[others != number], _JUDGED):
        both, name = int(together[other]), named.table.entities[other].key[1]
        judged = association(both, len(stories), int(counted.stories[other]), named.story_count)
        if judged is not None and name not in own and own not in name:
            found.append(Companion(counted.of(other), both, *judged))
    return sorted(found, key=lambda each: (-each.score, each.entity.name))[:limit]


def _told(library: Library, ids: Sequence[str], stories: Mapping[str, str]) -> list[StoryNaming]:
    """These articles, as far as they are still kept."""
    kept = {each.id: each for each in library.articles.get(dict.fromkeys(ids), html=False)}
    if len(kept) < len(set(ids)):
        return []  # deleted in this moment
    return [
        StoryNaming(id, each.title, each.source, each.language, each.published, stories[id] or id)
        for id in ids
        for each in (kept[id],)
    ]
