"""A question put to single sentences: each is taken as if it were all that an article says.

What is asked of an article (its source, its date, a word of its title, words that it must not hold) is asked of the
article still. So a sentence that holds all words of a question is found, two that hold one each are not.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from indexer.engine.query import LEAD, And, IdIn, MatchAll, Near, Or, Phrase, Query, Restriction, Run, Stands
from search_app.query.interpretation import all_of
from search_app.search.sentences.text_places import Place, TextPlaces, apart, is_open, parted, run_of

Facts = Callable[[Query], Collection[str]]
"""The ids of the articles that meet a condition, of those that are being read."""

_MOST_PAIRS = 256
"""Pairs of spellings of two words that an engine is asked about; words with more are looked for one by one."""


@dataclass(frozen=True, slots=True)
class Held:
    """The sentences that hold something, each with its places; ``everywhere``: all of them do, with a place or not."""

    places: Mapping[int, tuple[Place, ...]] = field(default_factory=dict)
    everywhere: bool = False

    @property
    def is_nowhere(self) -> bool:
        return not self.places and not self.everywhere


_NOWHERE = Held()


def held(query: Query, text: TextPlaces, facts: Facts) -> Held:
    """Which sentences of an article meet a query."""
    match query:
        case Phrase(field="text" | "anywhere"):
            return Held(_by_sentence(text, text.phrase(query)))
        case Phrase(field="title"):
            return _of_article(text, text.phrase(query), text.body)
        case Stands(runs, scope, at_least):
            places = apart([place for run in runs for place in text.run(run)])
            if scope != "text":
                return _of_article(text, places, text.body - 1 if scope == "title" else text.body + LEAD, at_least)
            found = _by_sentence(text, places)
            return Held({number: each for number, each in found.items() if len(each) >= at_least})
        case Near():
            return _near(query, text)
        case And(parts):
            return _all(parts, text, facts)
        case Or(parts) if all(isinstance(part, Restriction | IdIn) for part in parts):
            return Held(everywhere=text.article.id in facts(query))
        case Or(parts, count):
            return _at_least([held(part, text, facts) for part in parts], count)
        case MatchAll():
            return Held(everywhere=True)
        case _:
            return Held(everywhere=text.article.id in facts(query))


def narrowed(query: Query) -> Query:
    """What an article must meet that can have such a sentence: its words in pairs in one sentence.

    Some that meet it have none: three words may stand in pairs in three sentences.
    """
    asked = [runs for part in _parts(query) if (runs := _runs(part))]
    together = [
        Near(first, second, "sentence")
        for first, second in pairwise(asked)
        if len(first) * len(second) <= _MOST_PAIRS and _tokens(first).isdisjoint(_tokens(second))
    ]
    return all_of((query, *map(Stands, asked), *together))


def _tokens(runs: Iterable[Run]) -> set[str]:
    """The units of some runs. Two that share none cannot lie in one another, which engines don't take for near."""
    return {unit for run in runs for gram in run.phrase.grams for unit in parted(gram)}


def _parts(query: Query) -> Iterable[Query]:
    if not isinstance(query, And):
        return [query]
    return [each for part in query.parts for each in _parts(part)]


def _runs(query: Query) -> tuple[Run, ...]:
    """The ways in which a sentence can hold a word that is asked for; none where that is not known."""
    match query:
        case Phrase(field="text" | "anywhere") if not is_open(query):
            return (run_of(query),)
        case Or(parts, 1):
            ways = [_one_run(part) for part in parts]
            return tuple(dict.fromkeys(run for way in ways for run in way)) if all(ways) else ()
        case _:
            return ()


def _one_run(query: Query) -> tuple[Run, ...]:
    """That of a spelling, whatever else must be so for it to count."""
    runs = [run for part in _parts(query) for run in _runs(part)]
    return tuple(runs) if len(runs) == 1 else ()


def _by_sentence(text: TextPlaces, places: Iterable[Place]) -> dict[int, tuple[Place, ...]]:
    found: dict[int, tuple[Place, ...]] = {}
    for place in places:
        if (number := text.sentence(place)) is not None:
            found[number] = (*found.get(number, ()), place)
    return found


def _of_article(text: TextPlaces, places: Sequence[Place], end: int, at_least: int = 1) -> Held:
    """What is asked of a part of the article, up to a position, and where it stands there."""
    inside = [place for place in places if place[1] <= end]
    if len(inside) < at_least:
        return _NOWHERE
    return Held(_by_sentence(text, inside), everywhere=True)


def _near(query: Near, text: TextPlaces) -> Held:
    """Pairs within one sentence, as near to each other as is asked."""
    first, second = (
        _by_sentence(text, [place for run in runs for place in text.run(run)]) for runs in (query.first, query.second)
    )
    end = {"text": None, "title": text.body - 1, "lead": text.body + LEAD}[query.scope]
    found: dict[int, tuple[Place, ...]] = {}
    for number in first.keys() & second.keys():
        pairs = [
            (a, b)
            for a, b in product(first[number], second[number])
            if _stand_so(a, b, query) and (end is None or max(a[1], b[1]) <= end)
        ]
        if pairs:
            found[number] = tuple(sorted({place for pair in pairs for place in pair}))
    return Held(found)


def _stand_so(a: Place, b: Place, query: Near) -> bool:
    between = b[0] - a[1] if a[1] <= b[0] else a[0] - b[1]
    if between < 0 or (query.ordered and b[0] < a[1]):
        return False
    return not isinstance(query.together, int) or between <= query.together


def _all(parts: Sequence[Query], text: TextPlaces, facts: Facts) -> Held:
    """Conditions of the article last: they may have to be asked for."""
    places: dict[int, tuple[Place, ...]] = {}
    chosen: set[int] | None = None
    for part in sorted(parts, key=lambda part: not isinstance(part, Phrase | Stands | Near | And | Or)):
        found = held(part, text, facts)
        if found.is_nowhere:
            return _NOWHERE
        if not found.everywhere:
            chosen = set(found.places) if chosen is None else chosen & found.places.keys()
        for number, each in found.places.items():
            places[number] = (*places.get(number, ()), *each)
    if chosen is None:
        return Held(places, everywhere=True)
    return Held({number: each for number, each in places.items() if number in chosen})


def _at_least(found: Sequence[Held], count: int) -> Held:
    everywhere = sum(each.everywhere for each in found)
    places: dict[int, tuple[Place, ...]] = {}
    counts: dict[int, int] = {}
    for each in found:
        for number, some in each.places.items():
            places[number] = (*places.get(number, ()), *some)
            counts[number] = counts.get(number, 0) + (not each.everywhere)
    if everywhere >= count:
        return Held(places, everywhere=True)
    return Held({number: each for number, each in places.items() if counts[number] + everywhere >= count})
