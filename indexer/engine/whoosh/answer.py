"""One request answered on one state of the index: hits, total, facets, timeline."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.index import After, Facet, Hit, Request, Response
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.page import Order, best, counts
from indexer.engine.whoosh.columnar.view import View
from indexer.engine.whoosh.columnar.zones import days, iso
from indexer.engine.whoosh.features import Scorer, Scores
from indexer.engine.whoosh.match import Matcher, keyword_table
from indexer.engine.whoosh.schema import ID, LANGUAGE, PUBLISHED, SOURCE

_COLUMNS: dict[Facet, str] = {"source": SOURCE, "language": LANGUAGE}


def answer(view: View, request: Request, snapshot: str) -> Response:
    """``snapshot`` is the name that the cursor of the next page gets."""
    matcher = Matcher(view)
    scorer = Scorer(matcher)
    matching = matcher.docs(request.match)
    ticked = {
        facet: table[matching]
        for facet, table in (
            ("source", keyword_table(view, SOURCE, request.sources) if request.sources else None),
            ("language", keyword_table(view, LANGUAGE, request.languages, "-") if request.languages else None),
        )
        if table is not None
    }
    docs = _ticked(matching, list(ticked.values()))
    scores = scorer.scores(request.features, docs) if request.sort == "relevance" else np.zeros(len(docs))
    order = _order(view, request, docs, scores)

    rest = np.arange(len(docs))
    if request.after is not None:
        rest = _behind(view, request, request.after, docs, scores, order)
    page = best(rest, request.limit, order)
    hits = _hits(view, request, scorer, docs[page], scores[page])
    return Response(
        hits=hits,
        total=len(docs),
        facets={
            facet: _facet(view, facet, _ticked(matching, [t for other, t in ticked.items() if other != facet]))
            for facet in request.facets
        },
        timeline=_timeline(view, docs, request.timeline_zone) if request.timeline_zone else {},
        next=_next(request, hits, snapshot) if len(rest) > len(page) else None,
    )


def _ticked(docs: Docs, tables: Sequence[NDArray[np.bool_]]) -> Docs:
    return docs[np.logical_and.reduce(tables)] if tables else docs


def published_keys(view: View) -> tuple[Scores, Scores]:
    """Seconds of publication to sort newest first and oldest first, shape (view.size,); unknown is last in both."""

    def make() -> tuple[Scores, Scores]:
        values, present = view.numbers(PUBLISHED)
        oldest = values.astype(np.float64)
        newest = -oldest
        if present is not None:
            oldest[~present] = newest[~present] = np.inf
        return newest, oldest

    return view.keep("published keys", make)


def _order(view: View, request: Request, docs: Docs, scores: Scores) -> Order:
    """Sort keys over entries of ``docs``, each ascending."""
    newest, oldest = published_keys(view)

    def ids(entries: NDArray[np.intp]) -> NDArray[np.bytes_]:
        return np.array(view.values(ID, docs[entries].tolist()), np.bytes_)

    match request.sort:
        case "relevance":
            return [lambda entries: -scores[entries], lambda entries: newest[docs[entries]], ids]
        case "newest":
            return [lambda entries: newest[docs[entries]], ids]
        case "oldest":
            return [lambda entries: oldest[docs[entries]], ids]


def _behind(view: View, request: Request, after: After, docs: Docs, scores: Scores, order: Order) -> NDArray[np.intp]:
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


def _hits(view: View, request: Request, scorer: Scorer, docs: Docs, scores: Scores) -> list[Hit]:
    ascending = docs.argsort()
    explanations: list[tuple[float, ...]] = [()] * len(docs)
    if request.explain:
        parts = scorer.explain(request.features, docs[ascending])
        for place, column in zip(ascending.tolist(), parts.T.tolist(), strict=True):
            explanations[place] = tuple(column)
        if request.sort != "relevance":
            scores = np.array([sum(explanation) for explanation in explanations])
    values, present = view.numbers(PUBLISHED)
    seconds: list[int | None] = values[docs].tolist()
    if present is not None:
        seconds = [second if known else None for second, known in zip(seconds, present[docs].tolist(), strict=True)]
    ids = view.values(ID, docs.tolist())
    return [
        Hit(id_.decode(), score, second, explanation)
        for id_, score, second, explanation in zip(ids, scores.tolist(), seconds, explanations, strict=True)
    ]


def _next(request: Request, hits: Sequence[Hit], snapshot: str) -> After | None:
    if not hits:
        return None
    last = hits[-1]
    return After(last.score if request.sort == "relevance" else last.published, last.id, snapshot)


def _facet(view: View, facet: Facet, docs: Docs) -> list[tuple[str, int]]:
    codes, values = view.keywords(_COLUMNS[facet])
    found = [(values[code].decode(), count) for code, count in counts(codes[docs], len(values))]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def _timeline(view: View, docs: Docs, zone: str) -> dict[str, int]:
    codes, first, width = day_codes(view, zone)
    return {iso(code + first): count for code, count in counts(codes[docs], width)}


def day_codes(view: View, zone: str) -> tuple[NDArray[np.int64], int, int]:
    """The day of each document in the zone, shape (view.size,), counted from the first day; -1 if it is not known.

    Also the first day, as ``zones.days`` gives it, and how many days there are from it to the last.
    """

    def make() -> tuple[NDArray[np.int64], int, int]:
        values, present = view.numbers(PUBLISHED)
        codes = np.full(view.size, -1, np.int64)
        known = np.ones(view.size, np.bool_) if present is None else present
        found = days(values[known].astype(np.int64), zone)
        first = int(found.min()) if len(found) else 0
        codes[known] = found - first
        return codes, first, int(codes.max(initial=-1)) + 1

    return view.keep(("days", zone), make)
