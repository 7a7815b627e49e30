"""Who, where, with whom: the people, organisations and places of what a question found, counted by stories.

A text that many reprint counts once. Who stands with whom is judged by the log-likelihood ratio G² of stories
(``significant_terms``): whether one has a surely larger share of the stories of the other than of the rest of what was
found, and by how much.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import log2

import numpy as np
import numpy.typing as npt

from indexer.engine.index import Hit, SearchRequest
from indexer.entities.known import KINDS, Kind
from search_app.search.aggregations.entity_table import Entity, EntityTable, Numbers
from search_app.search.aggregations.significant_terms import SURE, log_likelihood_ratio
from search_app.search.asked import Asked
from search_app.search.library import Library
from search_app.search.results import described

MOST_ARTICLES = 20_000
"""Articles of an answer whose names are looked at: the newest."""

_PAGE = 9_999
"""Hits that an engine is asked for at once; OpenSearch has 10,000 at most."""

_JUDGED = 60
"""Entities of a question, those of most stories, that are looked at for who stands with whom."""

_LEAST = 3
"""Stories in which two must stand together."""


@dataclass(frozen=True, slots=True)
class EntityCount:
    """An entity with how many stories and articles of what was found name it."""

    kind: Kind
    name: str = field(metadata=described("The spelling that most articles have."))
    stories: int
    articles: int


@dataclass(frozen=True, slots=True)
class EntityPair:
    """Two entities that stand together more often than by chance."""

    one: EntityCount
    other: EntityCount
    stories: int = field(metadata=described("Stories that name both."))
    effect: float = field(metadata=described("How often the share of the other doubles where the one is named.", 2))
    score: float = field(metadata=described("Log-likelihood ratio of the stories.", 3))


@dataclass(frozen=True, slots=True)
class Entities:
    """Who and what was found, those of most stories first."""

    total: int = field(metadata=described("Articles that match."))
    looked_at: int = field(metadata=described("Of these the newest, up to 20,000, whose names count."))
    unknown: int = field(metadata=described("Of these those in which nobody looked for names so far."))
    stories: int = field(metadata=described("Stories of what was looked at."))
    people: Sequence[EntityCount]
    organisations: Sequence[EntityCount]
    places: Sequence[EntityCount]
    pairs: Sequence[EntityPair] = field(metadata=described("Who stands with whom, surest first."))


@dataclass(frozen=True, slots=True)
class Named:
    """What was found, and the entities in it: each pair of a story and an entity once, and the articles behind them.

    ``story_of`` has the number of each hit's story. ``stories`` and ``entities`` are the pairs, ``articles`` how many
    articles each has; ``places`` and ``names`` are places of ``hits`` and the names there.
    """

    total: int
    hits: Sequence[Hit]
    table: EntityTable
    story_of: Numbers
    story_count: int
    places: Numbers
    names: Numbers
    stories: Numbers
    entities: Numbers

    def counted(self) -> "Counted":
        """Stories and articles of each entity."""
        size = len(self.table.entities)
        at = each_once(self.places * size + self.table.entity_of[self.names])
        return Counted(
            self.table.entities,
            np.bincount(self.entities, minlength=size),
            np.bincount(at % max(size, 1), minlength=size),
        )


@dataclass(frozen=True, slots=True)
class Counted:
    """How many stories and articles name each entity."""

    entities: Sequence[Entity]
    stories: Numbers
    articles: Numbers

    def of(self, number: int) -> EntityCount:
        entity = self.entities[number]
        return EntityCount(entity.kind, entity.name, int(self.stories[number]), int(self.articles[number]))

    def most(self, among: Numbers, limit: int) -> list[int]:
        """Those of most stories, then of most articles, then by name: the order that all lists have."""
        among = among[self.stories[among] > 0]
        if len(among) > limit:
            least = np.partition(self.stories[among], -limit)[-limit]
            among = among[self.stories[among] >= least]
        keys = zip(-self.stories[among], -self.articles[among], among.tolist(), strict=True)
        return [number for _, _, _, number in sorted((a, b, self.entities[n].name, n) for a, b, n in keys)][:limit]


def entities_of(library: Library, asked: Asked, limit: int = 20) -> Entities:
    """The entities of what a question found, ``limit`` of each kind, and so many pairs."""
    named = named_in(library, asked)
    counted = named.counted()
    listed = [[counted.of(each) for each in counted.most(named.table.of_kind(kind), limit)] for kind in KINDS]
    candidates = counted.most(np.arange(len(named.table.entities)), _JUDGED)
    pairs = [
        EntityPair(counted.of(one), counted.of(other), both, effect, score)
        for one, other, both, effect, score in _pairs(named, candidates)
    ]
    return Entities(
        total=named.total,
        looked_at=len(named.hits),
        unknown=sum(hit.id not in named.table.rows for hit in named.hits),
        stories=named.story_count,
        people=listed[0],
        organisations=listed[1],
        places=listed[2],
        pairs=sorted(pairs, key=lambda pair: (-pair.score, pair.one.name, pair.other.name))[:limit],
    )


def named_in(library: Library, asked: Asked) -> Named:
    """What a question found, as far as it is looked at, and the entities in it."""
    table = library.entity_table()
    total, hits = _hits(library, asked)
    numbers: dict[str, int] = {}
    story_of = np.array([numbers.setdefault(hit.story or hit.id, len(numbers)) for hit in hits], np.int64)
    places, names = table.names_of([hit.id for hit in hits])
    size = max(len(table.entities), 1)
    pairs = each_once(story_of[places] * size + table.entity_of[names])
    return Named(total, hits, table, story_of, len(numbers), places, names, pairs // size, pairs % size)


def _hits(library: Library, asked: Asked) -> tuple[int, Sequence[Hit]]:
    hits: list[Hit] = []
    total, after = 0, None
    while len(hits) < MOST_ARTICLES:
        request = SearchRequest(match=asked.match, sort="newest", limit=_PAGE, after=after)
        response = library.index.search(request)
        hits += response.hits
        total, after = response.total, response.next
        if after is None:
            break
    return total, hits[:MOST_ARTICLES]


def _pairs(named: Named, candidates: Sequence[int]) -> Iterator[tuple[int, int, int, float, float]]:
    """Those of the candidates that surely stand together: both numbers, stories, effect and score.

    美国 and 美国政府 are two, but no company.
    """
    stands = _stands(named, candidates)
    alone = np.bitwise_count(stands).sum(axis=1).tolist()
    names = [named.table.entities[number].key[1] for number in candidates]
    for i, other in enumerate(candidates):
        together = np.bitwise_count(stands[:i] & stands[i]).sum(axis=1).tolist()
        for j, both in enumerate(together):
            judged = association(both, alone[j], alone[i], named.story_count) if both >= _LEAST else None
            if judged is not None and names[i] not in names[j] and names[j] not in names[i]:
                yield candidates[j], other, both, *judged


def _stands(named: Named, candidates: Sequence[int]) -> npt.NDArray[np.uint8]:
    """In which stories each of the candidates stands, a bit a story."""
    row = np.full(len(named.table.entities), -1)
    row[list(candidates)] = np.arange(len(candidates))
    rows = row[named.entities]
    stands = np.zeros((len(candidates), named.story_count), np.bool_)
    stands[rows[rows >= 0], named.stories[rows >= 0]] = True
    return np.packbits(stands, axis=1)


def association(both: int, one: int, other: int, stories: int) -> tuple[float, float] | None:
    """Effect and score of two that stand in so many stories together and each; ``None`` where it may be chance.

    The effect is how often the share of the other doubles where the one is named. Half a story more is counted in each.
    """
    score = log_likelihood_ratio(both, one, other - both, stories - one)
    if score <= SURE:
        return None
    return log2((both + 0.5) / (one + 1)) - log2((other - both + 0.5) / (stories - one + 1)), score


def each_once(numbers: Numbers) -> Numbers:
    """The numbers in order, each once: faster than ``np.unique``, which hashes."""
    ordered = np.sort(numbers)
    first: Numbers = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return first
