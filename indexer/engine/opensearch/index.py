"""A ``SearchIndex`` on OpenSearch.

Generations are indices ``PREFIX-gen-N``; the live one has the alias ``PREFIX``. A rebuild fills the next one and moves
the alias in one call. What an index says of itself (stamp, sequence) is the ``_meta`` of its mapping. Searches run on
points in time, one per committed state, shared by all requests of this process.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from indexer.engine import bm25
from indexer.engine.index import Facet, Hit, IndexInfo, SearchAfter, SearchRequest, SearchResponse, Sort, Stamp
from indexer.engine.opensearch.client import Cluster
from indexer.engine.opensearch.generations import Generations, OpenSearchRebuild
from indexer.engine.opensearch.intervals import Json
from indexer.engine.opensearch.points import KEEP_ALIVE, Commit, Points
from indexer.engine.opensearch.translate import (
    MOST_SHOWN,
    Idf,
    anywhere,
    matching,
    scoring,
    search_body,
    stories_body,
)
from indexer.engine.opensearch.writer import OpenSearchWriter
from indexer.engine.query import Feature, IdIn, MatchAll, Query, SpellingsScore
from indexer.errors import EngineUnavailable, IndexFailure

_COUNTED_TOGETHER = 500
"""Words per request in ``frequencies``."""

_WHOLE = {
    # A total without the articles of a shard that is away would be wrong.
    "allow_partial_search_results": "false",
    # Scores are to be the same however many shards there are.
    "search_type": "dfs_query_then_fetch",
}


class OpenSearchIndex:
    """An index in a cluster. Safe to use from many threads and many processes.

    ``clock`` gives UTC epoch seconds; leases run out by it.
    """

    def __init__(self, cluster: Cluster, stamp: Stamp, clock: Callable[[], float] = time.time) -> None:
        self._generations = Generations(cluster, stamp, clock)
        self._points = Points(self._generations.client, lambda: self._live()[0])
        self._closed = False

    @property
    def name(self) -> str:
        return "opensearch"

    def info(self) -> IndexInfo:
        _, info = self._live()
        return replace(info, warnings=(*info.warnings, *self._generations.health()))

    def write(self, sequence: int) -> OpenSearchWriter:
        return self._generations.write_live(sequence)

    def rebuild(self) -> OpenSearchRebuild:
        return OpenSearchRebuild(self._generations)

    def search(self, request: SearchRequest) -> SearchResponse:
        point, idf = self._idf(request.features, request.after.snapshot if request.after else None)
        body = search_body(request, idf) | {"size": request.limit + 1}
        shown = request.after.shown if request.after else 0
        if request.after:
            # Where hits stand for stories, OpenSearch does not go on after one of them.
            body |= (
                {"from": min(shown, MOST_SHOWN - request.limit - 1)}
                if request.collapse
                else {"search_after": self._sort_values(request.sort, request.after)}
            )
        point, answer = self._ask(body, point)
        found = answer["hits"]["hits"]
        page = found[: request.limit]
        following = None
        shown = shown + len(page) if request.collapse else 0
        if page and len(found) > request.limit and shown + request.limit < MOST_SHOWN:
            following = _after(page[-1], point, request, shown)
        return SearchResponse(
            hits=self._hits(page, request, point, idf),
            total=answer["hits"]["total"]["value"],
            stories=answer["aggregations"]["stories"]["values"]["value"],
            facets={facet: self._facet(answer, facet, request, point) for facet in request.facets},
            timeline=self._timeline(answer, request, point) if request.zone else {},
            next=following,
        )

    def doc_freqs(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        counts: list[int] = []
        point: str | None = None
        for start in range(0, len(words), _COUNTED_TOGETHER):
            part = words[start : start + _COUNTED_TOGETHER]
            filters = {str(i): {"term": {"words": word}} for i, word in enumerate(part)}
            body = {
                "size": 0,
                "query": matching(within or MatchAll()),
                "aggs": {"words": {"filters": {"filters": filters}}},
            }
            point, answer = self._ask(body, point)
            buckets = answer["aggregations"]["words"]["buckets"]
            counts += [buckets[str(i)]["doc_count"] for i in range(len(part))]
        return counts

    def verify(self) -> None:
        """OpenSearch checks its own files; this finds out whether it can be asked."""
        self._live()

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._points.close()
            self._generations.close()

    def _live(self) -> tuple[Commit, IndexInfo]:
        if self._closed:
            raise IndexFailure("this index was closed")
        return self._generations.live()

    def _ask(self, body: Json, point: str | None) -> tuple[str, Json]:
        client = self._generations.client
        return self._points.ask(lambda point: client.search(body=_at(point, body), params=dict(_WHOLE)), point)

    def _sort_values(self, sort: Sort, after: SearchAfter) -> list[float | int | str | None]:
        """Where a page begins: the last hit's values of what ``translate`` sorts by."""
        if sort != "relevance":
            return [_milliseconds(None if after.key is None else int(after.key), sort), after.id]
        # Among hits of one score the newest comes first, and the last hit's date is not in its key.
        point, answer = self._ask(search_body(SearchRequest(match=IdIn((after.id,))), {}), after.snapshot)
        last = self._hits(answer["hits"]["hits"], SearchRequest(), point, {})
        return [after.key, _milliseconds(last[0].published if last else None, sort), after.id]

    def _idf(self, features: Sequence[Feature], point: str | None) -> tuple[str | None, Idf]:
        """The idf of what only counting tells, and the point in time that was asked, if one was."""
        names = [feature for feature in dict.fromkeys(features) if isinstance(feature, SpellingsScore)]
        if not names:
            return point, {}
        filters = {str(i): matching(anywhere(feature)) for i, feature in enumerate(names)}
        point, answer = self._ask(
            {"size": 0, "track_total_hits": True, "aggs": {"names": {"filters": {"filters": filters}}}}, point
        )
        buckets, total = answer["aggregations"]["names"]["buckets"], answer["hits"]["total"]["value"]
        counts = [buckets[str(i)]["doc_count"] for i in range(len(names))]
        return point, {feature: bm25.idf(count, total) for feature, count in zip(names, counts, strict=True)}

    def _hits(self, found: list[Json], request: SearchRequest, point: str, idf: Idf) -> list[Hit]:
        ids = [hit["sort"][-1] for hit in found]
        explanations = self._explanations(ids, request, point, idf) if request.explain else {}
        hits = []
        for article_id, hit in zip(ids, found, strict=True):
            fields = hit.get("fields", {})
            published = fields.get("published")
            inside = hit["inner_hits"]["story"]["hits"]["total"]["value"] if request.collapse else 1
            hits.append(
                Hit(
                    article_id,
                    hit["_score"] or 0.0,
                    int(published[0]) if published else None,
                    explanations.get(article_id, ()),
                    fields["story"][0],
                    inside - 1,
                )
            )
        return hits

    def _timeline(self, answer: Json, request: SearchRequest, point: str) -> dict[str, int]:
        if request.timeline_of == "articles":
            return _days(answer)
        zone = ZoneInfo(cast(str, request.zone))
        firsts = (bucket["first"]["value"] for bucket in self._story_buckets(request, point))
        days = (datetime.fromtimestamp(first // 1000, zone).date() for first in firsts if first is not None)
        return {day.isoformat(): count for day, count in sorted(Counter(days).items())}

    def _facet(self, answer: Json, facet: Facet, request: SearchRequest, point: str) -> list[tuple[str, int]]:
        if request.facets_of == "articles":
            return _buckets(answer, facet)
        counts = Counter(bucket["key"][facet] for bucket in self._story_buckets(request, point, facet))
        return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))

    def _story_buckets(self, request: SearchRequest, point: str, facet: Facet | None = None) -> Iterator[Json]:
        """What ``stories_body`` asks for, of all stories."""
        after: Json | None = {}
        while after is not None:
            point, answer = self._ask(stories_body(request, after, facet), point)
            page = answer["aggregations"]["stories"]
            yield from page["buckets"]
            after = page.get("after_key")

    def _explanations(
        self, ids: list[str], request: SearchRequest, point: str, idf: Idf
    ) -> dict[str, tuple[float, ...]]:
        """What each feature adds to each hit: every feature is asked alone."""
        if not request.features or not ids:
            return {}
        queries = [
            {"bool": {"filter": [matching(IdIn(tuple(ids)))], "must": [scoring(feature, idf)]}}
            for feature in request.features
        ]

        def question(point: str) -> list[Json]:
            lines: list[Json] = []
            for query in queries:
                body = {"query": query, "size": len(ids), "docvalue_fields": ["id"], "_source": False}
                lines += dict(_WHOLE), _at(point, body)
            answers: list[Json] = self._generations.client.msearch(body=lines)["responses"]
            return answers

        _, answers = self._points.ask(question, point)
        if any("error" in answer for answer in answers):
            raise EngineUnavailable("cannot explain the order: OpenSearch left a part of the question unanswered")
        parts = [{hit["fields"]["id"][0]: hit["_score"] for hit in answer["hits"]["hits"]} for answer in answers]
        return {article_id: tuple(part.get(article_id, 0.0) for part in parts) for article_id in ids}


def _at(point: str, body: Json) -> Json:
    """A question about a point in time, which lives on for a while after it."""
    return body | {"pit": {"id": point, "keep_alive": KEEP_ALIVE}}


def _after(hit: Json, point: str, request: SearchRequest, shown: int) -> SearchAfter:
    published = hit.get("fields", {}).get("published")
    key = hit["_score"] if request.sort == "relevance" else int(published[0]) if published else None
    return SearchAfter(key, hit["sort"][-1], point, shown)


def _milliseconds(second: int | None, sort: Sort) -> int:
    """The sort value of a publication time; an unknown one is the last in either direction."""
    if second is None:
        return 2**63 - 1 if sort == "oldest" else -(2**63)
    return second * 1000


def _buckets(answer: Json, facet: str) -> list[tuple[str, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"][facet]["values"]["buckets"]]


def _days(answer: Json) -> dict[str, int]:
    buckets = answer["aggregations"]["timeline"]["values"]["buckets"]
    return {bucket["key_as_string"]: bucket["doc_count"] for bucket in buckets}
