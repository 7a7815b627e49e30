"""Where runs of text stand, as intervals: in what part of the article, how often, and how near to each other.

Fields whose tokens stand at the positions of ``grams`` say what each position belongs to (``mapping``). A sentence is
an interval from the first of its positions to the last; what holds no position of a zone lies outside of it. Lucene's
``not_containing`` also refuses what overlaps, so it is asked about single positions only.
"""

from collections.abc import Sequence
from itertools import product
from typing import Any

from indexer.engine.opensearch.mapping import END, FIRST, LAST, REST, START, sent
from indexer.engine.query import Near, Phrase, Run, Scope, Stands

Json = dict[str, Any]

_OUTSIDE: dict[Scope, str] = {"text": "", "title": END + START + REST, "lead": REST}
"""The zones that are not of a scope."""

_NOWHERE: Json = {"match": {"query": END + END}}
"""No token of an article is two of these."""

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
    """So many places of any run; Lucene counts those of a repeated part one by one, the innermost of nested ones."""
    places = _any([_whole(run) for run in query.runs])
    if query.at_least > 1:
        places = _chain([places] * query.at_least)
    return {"intervals": {"grams": _outside(places, _OUTSIDE[query.scope])}}


def near(query: Near) -> Json:
    """Pairs of runs that stand together; those of two runs are minimal, since each run has one width."""
    together = query.together
    gaps = together if isinstance(together, int) else -1
    pairs = []
    for first, second in product(query.first, query.second):
        a, b = _whole(first), _whole(second)
        if first == second:
            # Lucene makes one part of two equal ones, and its gaps are others then.
            b = _any([b, _NOWHERE])
        pairs += [_chain([a, b], gaps)] if query.ordered else [_chain([a, b], gaps), _chain([b, a], gaps)]
    if isinstance(together, int):
        found = _outside(_any(pairs), _OUTSIDE[query.scope] + END)
    else:
        field = _FIELDS[together]
        found = _any(pairs, contained_by=_chain([_token(field, FIRST), _token(field, LAST)]))
        found = _outside(found, _OUTSIDE[query.scope])
    return {"intervals": {"grams": found}}


def _outside(places: Json, zones: str) -> Json:
    """Those that hold no position of these zones."""
    if not zones:
        return places
    return _any([places], not_containing=_any([_token("zones", zone) for zone in dict.fromkeys(zones)]))


def _any(places: Sequence[Json], **condition: Json) -> Json:
    return {"any_of": {"intervals": list(places), **({"filter": condition} if condition else {})}}


def _whole(run: Run) -> Json:
    """All positions of a run: after a gram of two characters, that of the second."""
    if run.width == len(run.phrase.grams):
        return interval(run.phrase)
    return _chain([interval(run.phrase), _token("firsts", run.phrase.grams[-1][-1])], 0)


def _chain(parts: Sequence[Json], gaps: int = -1) -> Json:
    return {"all_of": {"intervals": list(parts), "ordered": True, "max_gaps": gaps}}


def _token(field: str, token: str) -> Json:
    return {"match": {"query": sent((token,)), "use_field": field}}
