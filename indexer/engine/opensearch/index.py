"""A ``SearchIndex`` on OpenSearch.

Generations are indices ``PREFIX-gen-N``; the live one has the alias ``PREFIX``. A rebuild fills the next one and moves
the alias in one call. What an index says of itself (stamp, sequence) is the ``_meta`` of its mapping. Searches run on
points in time, one per committed state, shared by all requests of this process.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

from opensearchpy.exceptions import NotFoundError, RequestError

from indexer.engine.index import After, Capabilities, Hit, IndexInfo, Request, Response, Sort, Stamp
from indexer.engine.opensearch.client import Cluster, check_version, connect, translated
from indexer.engine.opensearch.lease import Lease
from indexer.engine.opensearch.mapping import index_body, info_of
from indexer.engine.opensearch.translate import Json, matching, scoring, search_body
from indexer.engine.opensearch.writer import OpenSearchWriter, empty
from indexer.engine.query import Every, Ids, Query
from indexer.errors import IndexCorrupt, IndexMissing, StampMismatch

_KEEP_ALIVE = "5m"
"""How long after its last use a point in time, and so a cursor's stable view, lives."""

_POINTS = 16
"""How many points in time this process holds open."""

_COUNTED_TOGETHER = 500
"""Words per request in ``frequencies``."""


class OpenSearchIndex:
    """An index in a cluster."""

    def __init__(self, cluster: Cluster, stamp: Stamp, clock: Callable[[], float] = time.time) -> None:
        self._cluster = cluster
        self._stamp = stamp
        self._clock = clock
        self._client = connect(cluster)
        self._points: dict[tuple[str, int, int], str] = {}
        self._closed = False
        self._lock = threading.Lock()

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(name="opensearch", concurrent_writers=True)

    def info(self) -> IndexInfo:
        return self._live()[1]

    def write(self, sequence: int) -> OpenSearchWriter:
        name, _ = self._live()
        return OpenSearchWriter(
            self._client, name, lambda: self._info_of(name), sequence, self._lease("writer"), self._clock
        )

    def rebuild(self) -> OpenSearchRebuild:
        return OpenSearchRebuild(self)

    def search(self, request: Request) -> Response:
        body = search_body(request) | {"size": request.limit + 1}
        point: str | None = None
        if request.after:
            point = request.after.snapshot
            body["search_after"] = self._sort_values(request.sort, request.after)
        point, answer = self._on_point(body, point)
        found = answer["hits"]["hits"]
        page = found[: request.limit]
        following = None
        if page and len(found) > request.limit:
            following = _after(page[-1], point, request)
        return Response(
            hits=self._hits(page, request),
            total=answer["hits"]["total"]["value"],
            facets={facet: _buckets(answer, facet) for facet in request.facets},
            timeline=_timeline(answer) if request.timeline_zone else {},
            next=following,
        )

    def frequencies(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        name, _ = self._live()
        counts: list[int] = []
        for start in range(0, len(words), _COUNTED_TOGETHER):
            part = words[start : start + _COUNTED_TOGETHER]
            filters = {str(i): {"term": {"words": word}} for i, word in enumerate(part)}
            body = {
                "size": 0,
                "query": matching(within or Every()),
                "aggs": {"words": {"filters": {"filters": filters}}},
            }
            with translated("count words"):
                answer = self._client.search(index=name, body=body)
            buckets = answer["aggregations"]["words"]["buckets"]
            counts += [buckets[str(i)]["doc_count"] for i in range(len(part))]
        return counts

    def close(self) -> None:
        self._closed = True
        self._client.close()

    # What follows is for this package alone.

    def _lease(self, name: str) -> Lease:
        index = f"{self._cluster.prefix}-leases"
        with translated("prepare the leases"):
            if not self._client.indices.exists(index=index):
                settings = {"number_of_shards": 1, "auto_expand_replicas": "0-1"}
                self._client.indices.create(index=index, body={"settings": settings}, params={"ignore": "400"})
        return Lease(self._client, index, name, self._clock)

    def _live(self) -> tuple[str, IndexInfo]:
        """The live index's name and account of itself."""
        if self._closed:
            raise RuntimeError("this index was closed")
        with translated("read the index's state"):
            mappings = self._client.indices.get_mapping(index=self._cluster.prefix)
        [(name, mapping)] = mappings.items()
        info = _account(mapping)
        if info.stamp != self._stamp:
            raise StampMismatch("the index was built with other analysis; run “xunwen rebuild”")
        return name, info

    def _info_of(self, name: str) -> IndexInfo:
        with translated("read the index's state"):
            return _account(self._client.indices.get_mapping(index=name)[name])

    def _generations(self) -> dict[int, str]:
        with translated("list the generations"):
            names = self._client.indices.get(index=f"{self._cluster.prefix}-gen-*", params={"allow_no_indices": "true"})
        pattern = re.compile(re.escape(self._cluster.prefix) + r"-gen-(\d+)")
        return {int(match[1]): name for name in names if (match := pattern.fullmatch(name))}

    def _on_point(self, body: Json, point: str | None) -> tuple[str, Json]:
        """Search on a point in time: the given one if it still lives, else one of the newest state."""
        for fresh in (False, True):
            if point is None:
                point = self._newest_point(renew=fresh)
            with translated("search"):
                try:
                    answer = self._client.search(
                        body=body | {"pit": {"id": point, "keep_alive": _KEEP_ALIVE}},
                        params={"allow_partial_search_results": "false"},
                    )
                    return point, answer
                except (NotFoundError, RequestError) as error:
                    gone = isinstance(error, NotFoundError) or "invalid id" in str(error)
                    if fresh or not gone:
                        raise
            # It ran out, its generation was replaced, or it never was one.
            point = None
        raise IndexMissing("there is no index yet; run “xunwen rebuild”")

    def _newest_point(self, *, renew: bool) -> str:
        name, info = self._live()
        state = (name, info.sequence, info.updated)
        with self._lock:
            if renew:
                self._points.pop(state, None)
            if state not in self._points:
                with translated("open a point in time"):
                    opened = self._client.create_pit(index=name, params={"keep_alive": _KEEP_ALIVE})
                self._points[state] = opened["pit_id"]
                while len(self._points) > _POINTS:
                    oldest = self._points.pop(next(iter(self._points)))
                    with translated("close a point in time"):
                        self._client.delete_pit(body={"pit_id": [oldest]}, params={"ignore": "404"})
            return self._points[state]

    def _sort_values(self, sort: Sort, after: After) -> list[float | int | str | None]:
        """Where a page begins: the last hit's values of what ``translate`` sorts by."""
        if sort != "relevance":
            return [_milliseconds(None if after.key is None else int(after.key), sort), after.id]
        # Among hits of one score the newest comes first, and the last hit's date is not in its key.
        _, answer = self._on_point(search_body(Request(match=Ids((after.id,)))), after.snapshot)
        last = self._hits(answer["hits"]["hits"], Request())
        return [after.key, _milliseconds(last[0].published if last else None, sort), after.id]

    def _hits(self, found: list[Json], request: Request) -> list[Hit]:
        explanations = self._explanations([hit["sort"][-1] for hit in found], request) if request.explain else {}
        hits = []
        for hit in found:
            article_id = hit["sort"][-1]
            published = hit.get("fields", {}).get("published")
            hits.append(
                Hit(
                    article_id,
                    hit["_score"] or 0.0,
                    int(published[0]) if published else None,
                    explanations.get(article_id, ()),
                )
            )
        return hits

    def _explanations(self, ids: list[str], request: Request) -> dict[str, tuple[float, ...]]:
        """What each feature adds to each hit: every feature is asked alone."""
        name, _ = self._live()
        lines: list[Json] = []
        for feature in request.features:
            query = {"bool": {"filter": [matching(Ids(tuple(ids)))], "must": [scoring(feature)]}}
            lines += {"index": name}, {"query": query, "size": len(ids), "docvalue_fields": ["id"], "_source": False}
        if not lines or not ids:
            return {}
        with translated("explain the order"):
            answers = self._client.msearch(body=lines)["responses"]
        parts = [{hit["fields"]["id"][0]: hit["_score"] for hit in answer["hits"]["hits"]} for answer in answers]
        return {article_id: tuple(part.get(article_id, 0.0) for part in parts) for article_id in ids}


class OpenSearchRebuild:
    """A generation that nobody sees yet. Only one is built at a time."""

    def __init__(self, owner: OpenSearchIndex) -> None:
        self._owner = owner
        self._lease: Lease | None = None
        self._number = 0
        self._active = False

    @property
    def _name(self) -> str:
        return f"{self._owner._cluster.prefix}-gen-{self._number}"

    def __enter__(self) -> OpenSearchRebuild:
        owner = self._owner
        check_version(owner._client)
        lease = owner._lease("rebuild")
        lease.acquire()
        with ExitStack() as failing:
            failing.callback(lease.release)
            generations = owner._generations()
            self._number = max(generations, default=0) + 1
            self._drop(set(generations.values()) - self._aliased())
            with translated("create a generation"):
                body = index_body(owner._cluster, empty(owner._stamp, self._number))
                owner._client.indices.create(index=self._name, body=body)
            failing.pop_all()
        self._lease = lease
        return self

    def __exit__(self, *failure: object) -> None:
        try:
            if not self._active:
                self._drop({self._name})
        finally:
            if self._lease:
                self._lease.release()

    def write(self, sequence: int) -> OpenSearchWriter:
        owner, name = self._owner, self._name
        return OpenSearchWriter(owner._client, name, lambda: owner._info_of(name), sequence, None, owner._clock)

    def activate(self) -> None:
        if self._lease:
            self._lease.check()
        alias, before = self._owner._cluster.prefix, self._aliased()
        actions: list[Json] = [{"remove": {"index": name, "alias": alias}} for name in before]
        with translated("make the new generation live"):
            self._owner._client.indices.update_aliases(
                body={"actions": [*actions, {"add": {"index": self._name, "alias": alias}}]}
            )
        self._active = True
        self._drop(before)

    def _aliased(self) -> set[str]:
        with translated("read the alias"):
            try:
                return set(self._owner._client.indices.get_alias(name=self._owner._cluster.prefix))
            except NotFoundError:
                return set()

    def _drop(self, names: set[str]) -> None:
        for name in sorted(names):
            with translated("remove an old generation"):
                self._owner._client.indices.delete(index=name, params={"ignore_unavailable": "true"})


def _account(mapping: dict[str, Any]) -> IndexInfo:
    try:
        return info_of(mapping["mappings"]["_meta"])
    except (KeyError, TypeError) as error:
        raise IndexCorrupt("the index does not say how it was made; run “xunwen rebuild”") from error


def _after(hit: Json, point: str, request: Request) -> After:
    published = hit.get("fields", {}).get("published")
    key = hit["_score"] if request.sort == "relevance" else int(published[0]) if published else None
    return After(key, hit["sort"][-1], point)


def _milliseconds(second: int | None, sort: Sort) -> int:
    """The sort value of a publication time; an unknown one is the last in either direction."""
    if second is None:
        return 2**63 - 1 if sort == "oldest" else -(2**63)
    return second * 1000


def _buckets(answer: Json, facet: str) -> list[tuple[str, int]]:
    return [(bucket["key"], bucket["doc_count"]) for bucket in answer["aggregations"][facet]["values"]["buckets"]]


def _timeline(answer: Json) -> dict[str, int]:
    buckets = answer["aggregations"]["timeline"]["values"]["buckets"]
    return {bucket["key_as_string"]: bucket["doc_count"] for bucket in buckets}
