"""Where runs of text stand, as intervals: in what part of the article, how often, and how near to each other.

Fields whose tokens stand at the positions of ``grams`` say what each position belongs to (``mapping``). An interval
that holds no change of sides lies in one sentence; one that holds no position of a zone lies outside of it.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from indexer.engine.opensearch.mapping import END, REST, SIDES, START, sent
from indexer.engine.query import Near, Phrase, Run, Scope, Stands

Json = dict[str, Any]

_OUTSIDE: dict[Scope, str] = {"text": "", "title": END + START + REST, "lead": REST}
"""The zones that are not of a scope."""

_FIELDS = {"sentence": "sentences", "paragraph": "paragraphs"}


def interval(phrase: Phrase) -> Json:
    """The positions of the tokens of a phrase."""
    if not phrase.prefix:
        return {"match": {"query": sent(phrase.grams), "max_gaps": 0, "ordered": True}}
    last = _token("firsts", phrase.grams[-1])
    if len(phrase.grams) == 1:
        return last
    return _chain([interval(Phrase(phrase.grams[:-1])), last], 0)


def stands(query: Stands) -> Json:
    """So many places of any run, one after another."""
    places: Json = {"any_of": {"intervals": [_whole(run) for run in query.runs]}}
    if query.at_least > 1:
        places = _chain([places] * query.at_least)
    return _within(places, _OUTSIDE[query.scope], [])


def near(query: Near) -> Json:
    """Pairs of runs that stand together; those with each run are minimal, since each has one width."""
    together = query.together
    gaps = together if isinstance(together, int) else -1
    pairs = []
    for first, second in product(query.first, query.second):
        a, b = _whole(first), _whole(second)
        pairs += [_chain([a, b], gaps)] if query.ordered else [_chain([a, b], gaps), _chain([b, a], gaps)]
    outside = _OUTSIDE[query.scope]
    if isinstance(together, int):
        return _within({"any_of": {"intervals": pairs}}, outside + END, [])
    changes = [_change(_FIELDS[together], *sides) for sides in (SIDES, SIDES[::-1])]
    return _within({"any_of": {"intervals": pairs}}, outside, changes)


def _within(places: Json, outside: str, changes: list[Json]) -> Json:
    """Articles with one of the places that holds nothing of these zones, and none of these changes."""
    barred = [*(_token("zones", zone) for zone in dict.fromkeys(outside)), *changes]
    if barred:
        [(kind, options)] = places.items()
        places = {kind: {**options, "filter": {"not_containing": {"any_of": {"intervals": barred}}}}}
    return {"intervals": {"grams": places}}


def _whole(run: Run) -> Json:
    """All positions of a run: after a gram of two characters, that of the second."""
    if run.width == len(run.phrase.grams):
        return interval(run.phrase)
    return _chain([interval(run.phrase), _token("firsts", run.phrase.grams[-1][-1])], 0)


def _chain(parts: Sequence[Json], gaps: int = -1) -> Json:
    return {"all_of": {"intervals": list(parts), "ordered": True, "max_gaps": gaps}}


def _change(field: str, before: str, after: str) -> Json:
    return _chain([_token(field, before), _token(field, after)], 0)


def _token(field: str, token: str) -> Json:
    return {"match": {"query": sent((token,)), "use_field": field}}
