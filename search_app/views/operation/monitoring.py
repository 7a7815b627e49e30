"""For those who run it: is it well, how is it doing."""

import time
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from indexer.archive import Archive
from indexer.errors import XunwenError
from indexer.plain_text import counted
from search_app.presentation.errors import error_json, problem_of
from search_app.presentation.page import current_library
from search_app.schedule import EXTENSION, Schedule

blueprint = Blueprint("monitoring", __name__)

_BUCKETS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


@blueprint.get("/healthz")
def healthz() -> tuple[Response, int]:
    """200 when questions can be answered, else 503 with the reason.

    ``behind`` counts changes not yet in the index; ``warnings`` are what an operator should mend nevertheless.
    """
    library = current_library()
    schedule: Schedule | None = current_app.extensions[EXTENSION]
    state: dict[str, Any] = {"status": "ok"}
    try:
        info = library.index.info()
        state |= {
            "engine": library.index.name,
            "documents": info.documents,
            "generation": info.generation,
            "updated": info.updated,
            "behind": library.archive.last_sequence() - info.sequence,
            "warnings": [
                *info.warnings,
                *_archive_warnings(library.archive),
                *map(str, library.installation.knowledge().problems),
                *(schedule.warnings if schedule else ()),
            ],
        }
    except XunwenError as error:
        problem = problem_of(error)
        response = jsonify({"status": "unavailable", **error_json(problem)})
        response.headers["Retry-After"] = str(problem.retry_after or 30)
        return response, 503
    return jsonify(state), 200


def _archive_warnings(archive: Archive) -> Iterator[str]:
    if archive.is_read_only:
        yield f"the archive {archive.where} cannot be written by this user: it is only read"
    if failing := archive.outbox.failing():
        given_up = sum(delivery.is_given_up for delivery in failing)
        end = f", {given_up:,} of them given up (“xunwen watch retry”)" if given_up else ""
        failed = counted(len(failing), "delivery", "deliveries")
        yield f"{failed} of watches failed{end}: {failing[0].channel}: {failing[0].error}"


class Metrics:
    """Counters of one application, in a registry of its own so that two applications in a process don't mix."""

    def __init__(self, app: Flask) -> None:
        self._registry = CollectorRegistry()
        labels = ("endpoint", "status")
        self._requests = Counter("xunwen_http_requests", "Requests answered.", labels, registry=self._registry)
        self._seconds = Histogram(
            "xunwen_http_request_seconds",
            "Time until the answer began.",
            ("endpoint",),
            buckets=_BUCKETS,
            registry=self._registry,
        )
        names = {
            "documents": "Articles in the index.",
            "generation": "Generation of the index.",
            "size": "Bytes of the index.",
            "updated": "When the index last changed, in Unix seconds.",
        }
        self._index = {
            name: Gauge(f"xunwen_index_{name}", text, registry=self._registry) for name, text in names.items()
        }
        app.before_request(self._begin)
        app.after_request(self._end)

    def _begin(self) -> None:
        g.began = time.perf_counter()

    def _end(self, response: Response) -> Response:
        endpoint = request.endpoint or "none"
        self._requests.labels(endpoint, response.status_code).inc()
        if began := g.get("began"):
            self._seconds.labels(endpoint).observe(time.perf_counter() - began)
        return response

    def text(self) -> bytes:
        """Everything in the Prometheus text format. An index that cannot tell reports no figures."""
        try:
            info = current_library().index.info()
        except XunwenError:
            for gauge in self._index.values():
                gauge.set(float("nan"))
        else:
            for name, gauge in self._index.items():
                gauge.set(getattr(info, name))
        return generate_latest(self._registry)


@blueprint.get("/metrics")
def metrics() -> Response:
    measured: Metrics = current_app.extensions["xunwen_metrics"]
    return Response(measured.text(), content_type=CONTENT_TYPE_LATEST)
