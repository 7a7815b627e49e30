"""One request answered on one state of the index: hits, total, facets, timeline."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.index import Facet, Hit, SearchAfter, SearchRequest, SearchResponse, Unit
from indexer.engine.whoosh.article_columns import ArticleColumns
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.local_days import iso_date
from indexer.engine.whoosh.columnar.search.snapshot import Snapshot
from indexer.engine.whoosh.columnar.search.top_docs import Entries, Keys, count_values, top_k
from indexer.engine.whoosh.query_evaluator import QueryEvaluator
from indexer.engine.whoosh.schema import ID, SOURCE, several
from indexer.engine.whoosh.scoring import Scorer, Scores
from indexer.engine.whoosh.stories import StoriesFound

_Ids = NDArray[np.bytes_]

_NOTHING_SELECTED: Mapping[Facet, NDArray[np.bool_]] = {}


def answer(snapshot: Snapshot, request: SearchRequest, name: str) -> SearchResponse:
    """The response to a request. ``name`` is that of the snapshot, for the cursor of the next page."""
    evaluator = QueryEvaluator(snapshot)
    columns = evaluator.columns
    scorer = Scorer(evaluator)
    matching = evaluator.docs(request.match)
    selected = (
        _selected(columns, request, matching)
        if request.sources or request.authors or request.languages
        else _NOTHING_SELECTED
    )
    docs = _filtered(matching, selected)
    scores = scorer.scores(request.features, docs) if request.sort == "relevance" else np.zeros(len(docs))
    first, later = _order(columns, request, docs, scores)
    stories = StoriesFound(columns.stories, docs)
    if request.after is None:
        rest, left = None, len(stories) if request.collapse else len(docs)
    else:
        rest = _behind(snapshot, request, request.after, docs, scores, [first.__getitem__, *later])
        if request.collapse:
            rest = stories.unseen(rest)
        first, left = first[rest], stories.count(rest) if request.collapse else len(rest)
    if request.collapse:
        page = stories.first_of_each(lambda limit: top_k(first, limit, later, rest), request.limit, len(first))
    else:
        page = top_k(first, request.limit, later, rest)
    hits = _hits(columns, request, scorer, docs, scores, page, stories)
    by_stories = request.timeline_of == "stories"
    return SearchResponse(
        hits=hits,
        total=len(docs),
        stories=len(stories),
        facets={
            facet: _facet(columns, facet, _filtered(matching, selected, facet), request.facets_of)
            for facet in request.facets
        },
        timeline=_timeline(columns, docs, request.zone, stories if by_stories else None) if request.zone else {},
        next=_next(request, hits, name) if left > len(page) else None,
    )


def _selected(columns: ArticleColumns, request: SearchRequest, docs: Docs) -> Mapping[Facet, NDArray[np.bool_]]:
    """For each facet in which values are selected, which of ``docs`` have one of them."""
    selected: dict[Facet, NDArray[np.bool_]] = {}
    if request.sources:
        selected["source"] = columns.with_value(SOURCE, request.sources)[docs]
    if request.authors:
        selected["author"] = columns.by(request.authors)[docs]
    if request.languages:
        selected["language"] = columns.in_languages(request.languages)[docs]
    return selected


def _filtered(docs: Docs, selected: Mapping[Facet, NDArray[np.bool_]], but: Facet | None = None) -> Docs:
    """Those of ``docs`` that pass the selection in every facet except ``but``."""
    tables = [table for facet, table in selected.items() if facet != but] if selected else None
    return docs[np.logical_and.reduce(tables)] if tables else docs


def _order(
    columns: ArticleColumns, request: SearchRequest, docs: Docs, scores: Scores
) -> tuple[NDArray[np.float64], Keys]:
    """The first sort key of ``docs``, and functions from entries of ``docs`` to the later ones; all ascending."""

    def ids(entries: Entries) -> _Ids:
        return np.array(columns.ids(docs[entries]), np.bytes_)

    match request.sort:
        case "relevance":
            return -scores, (lambda entries: columns.newest[docs[entries]], ids)
        case "newest":
            return columns.newest[docs], (ids,)
        case "oldest":
            return columns.oldest[docs], (ids,)


def _behind(
    snapshot: Snapshot, request: SearchRequest, after: SearchAfter, docs: Docs, scores: Scores, order: Keys
) -> NDArray[np.intp]:
    """The entries that come after the last hit of the page before."""
    last = np.searchsorted(docs, snapshot.postings(ID, after.id.encode()).docs)
    entries = np.arange(len(docs))
    if len(last) and last[0] < len(docs) and docs[last[0]] == snapshot.postings(ID, after.id.encode()).docs[0]:
        bounds = [key(last)[0] for key in order]
    elif request.sort == "relevance":
        # It has gone: hits of its score may have stood before it, so they are left out.
        return np.flatnonzero(scores < (after.key or 0.0))
    else:
        unknown = after.key is None
        sign = -1.0 if request.sort == "newest" else 1.0
        bounds = [np.inf if unknown else sign * float(after.key or 0), np.bytes_(after.id.encode())]
    behind = []
    tied = entries
    for key, bound in zip(order, bounds, strict=True):
        values = key(tied)
        behind.append(tied[values > bound])
        tied = tied[values == bound]
    return np.sort(np.concatenate(behind))


def _hits(
    columns: ArticleColumns,
    request: SearchRequest,
    scorer: Scorer,
    found: Docs,
    all_scores: Scores,
    page: Entries,
    stories: StoriesFound,
) -> list[Hit]:
    docs, scores = found[page], all_scores[page]
    explanations: list[tuple[float, ...]] = [()] * len(docs)
    if request.explain:
        ascending = docs.argsort()
        parts = scorer.explain(request.features, docs[ascending])
        for entry, column in zip(ascending.tolist(), parts.T.tolist(), strict=True):
            explanations[entry] = tuple(column)
        if request.sort != "relevance":
            scores = np.array([sum(explanation) for explanation in explanations])
    values, present = columns.published
    seconds: list[int | None] = values[docs].tolist()
    if present is not None:
        seconds = [second if known else None for second, known in zip(seconds, present[docs].tolist(), strict=True)]
    ids = map(bytes.decode, columns.ids(docs))
    others = stories.others(page) if request.collapse else [0] * len(docs)
    return list(map(Hit, ids, scores.tolist(), seconds, explanations, stories.ids(page), others))


def _next(request: SearchRequest, hits: Sequence[Hit], name: str) -> SearchAfter | None:
    if not hits:
        return None
    last = hits[-1]
    shown = (request.after.shown if request.after else 0) + len(hits) if request.collapse else 0
    return SearchAfter(last.score if request.sort == "relevance" else last.published, last.id, name, shown)


def _facet(columns: ArticleColumns, facet: Facet, docs: Docs, unit: Unit) -> list[tuple[str, int]]:
    codes, names = columns.facet(facet)
    values = codes[docs]
    counts: Counter[str] = Counter()
    if unit == "stories":
        values, stories, shared = StoriesFound(columns.stories, docs).once(values)
        if facet == "author":
            # One article may name two, the next of its story one of them.
            pairs = zip(stories.tolist(), shared.tolist(), strict=True)
            counts.update(
                name for _, name in {(story, name) for story, code in pairs for name in several(names[code - 1])}
            )
        else:
            values = np.concatenate((values, shared))
    for code, count in count_values(values, len(names)):
        for name in several(names[code - 1]) if facet == "author" else [names[code - 1]]:
            counts[name] += count
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _timeline(columns: ArticleColumns, docs: Docs, zone: str, stories: StoriesFound | None) -> dict[str, int]:
    """Counts of the articles, or of their stories."""
    codes, first, width = columns.days(zone)
    before, days = first - 1, codes[docs]
    counted = count_values(days if stories is None else stories.least(days), width)
    return {iso_date(before + code): count for code, count in counted}
