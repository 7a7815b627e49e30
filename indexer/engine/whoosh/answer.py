"""One request answered on one state of the index: hits, total, facets, timeline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.index import After, Facet, Hit, Request, Response
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.page import Keys, best, counts
from indexer.engine.whoosh.columnar.view import View
from indexer.engine.whoosh.columnar.zones import iso
from indexer.engine.whoosh.columns import Columns
from indexer.engine.whoosh.features import Scorer, Scores
from indexer.engine.whoosh.match import Matcher
from indexer.engine.whoosh.schema import ID, LANGUAGE, SOURCE

_NOTHING_TICKED: Mapping[Facet, NDArray[np.bool_]] = {}


def answer(view: View, request: Request, snapshot: str) -> Response:
    """``snapshot`` is the name that the cursor of the next page gets."""
    matcher = Matcher(view)
    columns = matcher.columns
    scorer = Scorer(matcher)
    matching = matcher.docs(request.match)
    ticked = _ticked(columns, request, matching) if request.sources or request.languages else _NOTHING_TICKED
    docs = _let_through(matching, ticked)
    scores = scorer.scores(request.features, docs) if request.sort == "relevance" else np.zeros(len(docs))
    first, later = _order(columns, request, docs, scores)
    if request.after is None:
        rest, left = None, len(docs)
    else:
        rest = _behind(view, request, request.after, docs, scores, [first.__getitem__, *later])
        first, left = first[rest], len(rest)
    page = best(first, request.limit, later, rest)
    hits = _hits(columns, request, scorer, docs[page], scores[page])
    return Response(
        hits=hits,
        total=len(docs),
        facets={facet: _facet(columns, facet, _let_through(matching, ticked, facet)) for facet in request.facets},
        timeline=_timeline(columns, docs, request.timeline_zone) if request.timeline_zone else {},
        next=_next(request, hits, snapshot) if left > len(page) else None,
    )


def _ticked(columns: Columns, request: Request, docs: Docs) -> Mapping[Facet, NDArray[np.bool_]]:
    """For each facet in which values are ticked, which of ``docs`` have one of them."""
    ticked: dict[Facet, NDArray[np.bool_]] = {}
    if request.sources:
        ticked["source"] = columns.having(SOURCE, request.sources)[docs]
    if request.languages:
        ticked["language"] = columns.having(LANGUAGE, request.languages, "-")[docs]
    return ticked


def _let_through(docs: Docs, ticked: Mapping[Facet, NDArray[np.bool_]], but: Facet | None = None) -> Docs:
    """Those of ``docs`` that every facet lets through, one of them not asked."""
    tables = [table for facet, table in ticked.items() if facet != but] if ticked else None
    return docs[np.logical_and.reduce(tables)] if tables else docs


def _order(columns: Columns, request: Request, docs: Docs, scores: Scores) -> tuple[NDArray[np.float64], Keys]:
    """The first sort key of ``docs``, and functions from entries of ``docs`` to the later ones; all ascending."""

    def ids(entries: NDArray[np.intp]) -> NDArray[np.bytes_]:
        return np.array(columns.ids(docs[entries]), np.bytes_)

    match request.sort:
        case "relevance":
            return -scores, (lambda entries: columns.newest[docs[entries]], ids)
        case "newest":
            return columns.newest[docs], (ids,)
        case "oldest":
            return columns.oldest[docs], (ids,)


def _behind(view: View, request: Request, after: After, docs: Docs, scores: Scores, order: Keys) -> NDArray[np.intp]:
    """The entries that stand behind the last hit of the page before."""
    last = np.searchsorted(docs, view.postings(ID, after.id.encode()).docs)
    entries = np.arange(len(docs))
    if len(last) and last[0] < len(docs) and docs[last[0]] == view.postings(ID, after.id.encode()).docs[0]:
        bounds = [key(last)[0] for key in order]
    elif request.sort == "relevance":
        # It has gone. What has its score cannot be told from what stood before it.
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


def _hits(columns: Columns, request: Request, scorer: Scorer, docs: Docs, scores: Scores) -> list[Hit]:
    explanations: list[tuple[float, ...]] = [()] * len(docs)
    if request.explain:
        ascending = docs.argsort()
        parts = scorer.explain(request.features, docs[ascending])
        for place, column in zip(ascending.tolist(), parts.T.tolist(), strict=True):
            explanations[place] = tuple(column)
        if request.sort != "relevance":
            scores = np.array([sum(explanation) for explanation in explanations])
    values, present = columns.published
    seconds: list[int | None] = values[docs].tolist()
    if present is not None:
        seconds = [second if known else None for second, known in zip(seconds, present[docs].tolist(), strict=True)]
    ids = map(bytes.decode, columns.ids(docs))
    return list(map(Hit, ids, scores.tolist(), seconds, explanations))


def _next(request: Request, hits: Sequence[Hit], snapshot: str) -> After | None:
    if not hits:
        return None
    last = hits[-1]
    return After(last.score if request.sort == "relevance" else last.published, last.id, snapshot)


def _facet(columns: Columns, facet: Facet, docs: Docs) -> list[tuple[str, int]]:
    codes, names = columns.facet(facet)
    found = sorted((-count, names[code - 1]) for code, count in counts(codes[docs], len(names)))
    return [(name, -count) for count, name in found]


def _timeline(columns: Columns, docs: Docs, zone: str) -> dict[str, int]:
    codes, first, width = columns.days(zone)
    before = first - 1
    return {iso(before + code): count for code, count in counts(codes[docs], width)}
