"""Query nodes and features -> OpenSearch's query language. Pure functions over dictionaries."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from indexer.engine import bm25
from indexer.engine.index import Facet, SearchRequest, Sort
from indexer.engine.opensearch.intervals import Json, interval, near, stands
from indexer.engine.opensearch.mapping import LONGEST_RUN_EXPANSION, sent
from indexer.engine.query import (
    And,
    Author,
    ConstantScore,
    CountedPhrase,
    DiscoveredBetween,
    Feature,
    IdIn,
    Language,
    Length,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    PhraseScore,
    ProximityScore,
    PublishedBetween,
    Query,
    Recency,
    Restriction,
    Site,
    Source,
    SpellingsScore,
    Stands,
    TermScore,
    Word,
)

MOST_FEATURES = 512
"""A question of thousands of characters has as many features, but OpenSearch evaluates 1,024 clauses unless set
otherwise. Single tokens, which say the least, are left out then."""

FACET_VALUES = 10_000
"""How many values of a facet are counted; more would make counts inexact, and no archive has so many publishers."""


MOST_STORIES_EXACT = 40_000
"""Up to so many stories are counted exactly; above, OpenSearch's count is a percent off at most (HyperLogLog++)."""

STORIES_AT_ONCE = 10_000
"""Stories of which one answer tells when they began, or which values of a facet they have; ``search.max_buckets`` is
65,535 unless set otherwise."""

MOST_SHOWN = 10_000
"""Hits of stories that pages can show one after another: ``index.max_result_window``."""


def matching(query: Query) -> Json:
    """The query that decides which articles match."""
    match query:
        case Phrase(field="anywhere"):
            fields = [_phrase(replace(query, field="text")), _phrase(replace(query, field="captions"))]
            return {"bool": {"should": fields, "minimum_should_match": 1}}
        case Phrase():
            return _phrase(query)
        case Word(token):
            return {"term": {"words": sent((token,))}}
        case And(parts):
            return {"bool": {"filter": [matching(part) for part in parts]}} if parts else {"match_all": {}}
        case Or(parts, minimum_should_match):
            if not 0 < minimum_should_match <= len(parts):
                return {"match_none": {}} if parts == () or minimum_should_match > 0 else {"match_all": {}}
            should = [matching(part) for part in parts]
            return {"bool": {"should": should, "minimum_should_match": minimum_should_match}}
        case Not(part):
            return {"bool": {"must_not": [matching(part)]}}
        case MatchAll():
            return {"match_all": {}}
        case Stands():
            return stands(query)
        case Near():
            return near(query)
        case IdIn(ids):
            return {"terms": {"id": list(ids)}}
        case _:
            return _restriction(query)


def _restriction(query: Restriction) -> Json:
    match query:
        case PublishedBetween(from_, before):
            return _range("published", gte=from_, lt=before)
        case DiscoveredBetween(from_, before):
            return _range("discovered", gte=from_, lt=before)
        case Length(least, most):
            return _range("length", gte=least, lte=most)
        case Source(name):
            return {"term": {"source": name}}
        case Author(name):
            return {"term": {"author": name}}
        case Site(host):
            return {"term": {"sites": host}}
        case Language(tag):
            return {"term": {"languages": tag}}


def _range(field: str, **bounds: int | None) -> Json:
    """Articles whose value is within the bounds; ``None`` is open."""
    given = {name: bound for name, bound in bounds.items() if bound is not None}
    return {"range": {field: given}} if given else {"exists": {"field": field}}


Idf = Mapping[SpellingsScore, float]
"""What only counting tells: the idf of each name's spellings together."""


def scoring(feature: Feature, idf: Idf) -> Json:
    """The query whose score is a feature's: BM25 as the mapping sets it, which here keeps the factor ``k1 + 1``."""
    match feature:
        case TermScore(field, token, weight):
            return {"term": {field: {"value": sent((token,)), "boost": weight}}}
        case PhraseScore(phrase, weight):
            return _boosted(_phrase(phrase), weight)
        case SpellingsScore(spellings, weight):
            ways = [_spelling(each, weight * idf[feature]) for each in spellings if not _is_open(each.phrase)]
            return _by_brevity({"dis_max": {"queries": ways}}) if ways else {"match_none": {}}
        case ProximityScore(first, second) if _is_open(first) or _is_open(second):
            # Intervals refuse a beginning that more than 128 tokens have, and closeness is not worth a failure.
            return {"match_none": {}}
        case ProximityScore(first, second, windows, weight):
            return {"bool": {"should": [_near(first, second, window, weight) for window in windows]}}
        case Recency(now, half_life, weight):
            return _recency(now, half_life, weight)
        case ConstantScore(query, weight):
            return {"constant_score": {"filter": matching(query), "boost": weight}}


def anywhere(feature: SpellingsScore) -> Query:
    """The articles whose share of all decides the idf."""
    found = (And((Phrase(each.phrase.grams, each.phrase.prefix), each.within)) for each in feature.spellings)
    return Or(tuple(found))


def _spelling(spelling: CountedPhrase, weight: float) -> Json:
    """Intervals score ``c / (c + 1)``."""
    occurrences = {**interval(spelling.phrase), "boost": weight * spelling.share}
    intervals = {"intervals": {_field(spelling.phrase): occurrences}}
    return {"bool": {"must": [intervals], "filter": [matching(spelling.within)]}}


def _by_brevity(query: Json) -> Json:
    """The query, whose score counts less in a long article."""
    functions = [{"filter": _range("length", gte=least), "weight": factor} for least, factor in reversed(bm25.BREVITY)]
    return {"function_score": {"query": query, "functions": functions, "score_mode": "first", "boost_mode": "multiply"}}


def _near(first: Phrase, second: Phrase, window: int, weight: float) -> Json:
    both = {"intervals": [interval(first), interval(second)], "max_gaps": window, "ordered": False}
    return {"constant_score": {"filter": {"intervals": {"grams": {"all_of": both}}}, "boost": weight}}


def search_body(request: SearchRequest, idf: Idf) -> Json:
    """The whole request, without paging and point in time."""
    relevance = request.sort == "relevance"
    ticked = _ticked(request)
    everything = [each for filters in ticked.values() for each in filters]
    should = [scoring(feature, idf) for feature in bounded(request.features)] if relevance else []
    body: Json = {
        "query": {"bool": {"filter": [matching(request.match)], "should": should}},
        "sort": _order(request.sort),
        "size": request.limit,
        "track_total_hits": True,
        "track_scores": relevance,
        "_source": False,
        "docvalue_fields": [{"field": "published", "format": "epoch_second"}, "story"],
    }
    if request.collapse:
        body["collapse"] = {"field": "story", "inner_hits": {"name": "story", "size": 0}}
    if everything:
        # Applied to hits after the facets are counted, so that each facet can leave out its own filter.
        body["post_filter"] = {"bool": {"filter": everything}}
    stories = {"cardinality": {"field": "story", "precision_threshold": MOST_STORIES_EXACT}}
    aggregations: Json = {"stories": {"filter": {"bool": {"filter": everything}}, "aggs": {"values": stories}}}
    for facet in request.facets if request.facets_of == "articles" else ():
        others = _but(ticked, facet)
        counted = {"terms": {"field": facet, "size": FACET_VALUES, "order": [{"_count": "desc"}, {"_key": "asc"}]}}
        aggregations[facet] = {"filter": {"bool": {"filter": others}}, "aggs": {"values": counted}}
    if request.zone and request.timeline_of == "articles":
        days = {
            "date_histogram": {
                "field": "published",
                "calendar_interval": "1d",
                "time_zone": request.zone,
                "format": "yyyy-MM-dd",
                "min_doc_count": 1,
            }
        }
        aggregations["timeline"] = {"filter": {"bool": {"filter": everything}}, "aggs": {"values": days}}
    return body | {"aggs": aggregations}


def stories_body(request: SearchRequest, after: Json, facet: Facet | None = None) -> Json:
    """For some thousands of the stories behind ``after``, an ``after_key`` or empty: when the first hit of each was
    published. With ``facet``, a bucket for each value of it that a story's hits have, its own selection left out."""
    filters = [matching(request.match), *_but(_ticked(request), facet)]
    fields = ("story",) if facet is None else (facet, "story")
    stories: Json = {"size": STORIES_AT_ONCE, "sources": [{field: {"terms": {"field": field}}} for field in fields]}
    counted: Json = {"composite": stories | ({"after": after} if after else {})}
    if facet is None:
        counted["aggs"] = {"first": {"min": {"field": "published"}}}
    return {"query": {"bool": {"filter": filters}}, "size": 0, "aggs": {"stories": counted}}


def _but(ticked: Mapping[str, list[Json]], facet: Facet | None) -> list[Json]:
    """The filters of all facets but one."""
    return [each for name, filters in ticked.items() if name != facet for each in filters]


def _ticked(request: SearchRequest) -> dict[str, list[Json]]:
    """For each facet the filters of the values that are selected in it."""
    return {
        "source": [{"terms": {"source": list(request.sources)}}] if request.sources else [],
        "author": [{"terms": {"author": list(request.authors)}}] if request.authors else [],
        "language": [{"terms": {"languages": list(request.languages)}}] if request.languages else [],
    }


def _order(sort: Sort) -> list[Json]:
    newest = {"published": {"order": "desc", "missing": "_last"}}
    oldest = {"published": {"order": "asc", "missing": "_last"}}
    by_id = {"id": {"order": "asc"}}
    match sort:
        case "relevance":
            return [{"_score": {"order": "desc"}}, newest, by_id]
        case "newest":
            return [newest, by_id]
        case "oldest":
            return [oldest, by_id]


def bounded(features: Sequence[Feature]) -> Sequence[Feature]:
    """As many of the features as OpenSearch evaluates, single tokens being left out first."""
    if len(features) <= MOST_FEATURES:
        return features
    return sorted(features, key=lambda feature: isinstance(feature, TermScore))[:MOST_FEATURES]


def _field(phrase: Phrase) -> str:
    match phrase.field:
        case "title":
            return "title_grams"
        case "captions":
            return "caption_grams"
        case _:
            return "grams"


def _phrase(phrase: Phrase) -> Json:
    field, tokens = _field(phrase), phrase.grams
    first = phrase.prefix and len(tokens[-1]) == 1 and field == "grams"
    if len(tokens) == 1:
        if first:
            return {"term": {"firsts": {"value": sent(tokens)}}}
        return {"prefix" if phrase.prefix else "term": {field: {"value": sent(tokens)}}}
    if first:
        clauses: list[Json] = [{"span_term": {field: {"value": sent((token,))}}} for token in tokens[:-1]]
        last = {"span_term": {"firsts": {"value": sent(tokens[-1:])}}}
        clauses.append({"field_masking_span": {"query": last, "field": field}})
        return {"span_near": {"clauses": clauses, "slop": 0, "in_order": True}}
    if phrase.prefix:
        return {"match_phrase_prefix": {field: {"query": sent(tokens), "max_expansions": LONGEST_RUN_EXPANSION}}}
    return {"match_phrase": {field: {"query": sent(tokens)}}}


def _is_open(phrase: Phrase) -> bool:
    """Whether it ends with a beginning of more than one character, which is no term of the index."""
    return phrase.prefix and len(phrase.grams[-1]) > 1


def _boosted(query: Json, boost: float) -> Json:
    [(kind, options)] = query.items()
    if kind == "span_near":
        return {kind: {**options, "boost": boost}}
    [(field, options)] = options.items()
    return {kind: {field: {**options, "boost": boost}}}


def _recency(now: int, half_life: float, weight: float) -> Json:
    past = {"range": {"published": {"lte": now}}}
    decay = {"exp": {"published": {"origin": now, "scale": f"{max(1, round(half_life))}s", "decay": 0.5}}}
    return {
        "function_score": {
            "query": {"bool": {"filter": [{"exists": {"field": "published"}}]}},
            "functions": [
                {"filter": past, **decay, "weight": weight},
                {"filter": {"range": {"published": {"gt": now}}}, "weight": weight},
            ],
            "boost_mode": "replace",
        }
    }
