"""Errors as people and programs see them: one table from exception to status, one JSON shape, never a traceback.

``{"error": {"code", "message", "field", "allowed"}}``; ``code`` is stable, ``field`` and ``allowed`` may be null.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, jsonify, render_template, request
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    ArchiveError,
    EngineUnavailable,
    IndexCorrupt,
    IndexLocked,
    IndexMissing,
    QueryError,
    StampMismatch,
    Unsupported,
    XunwenError,
)

_STATUS: Mapping[type[XunwenError], tuple[int, str]] = {
    QueryError: (400, "bad_request"),
    Unsupported: (501, "unsupported"),
    IndexMissing: (503, "index_missing"),
    StampMismatch: (503, "index_outdated"),
    IndexCorrupt: (503, "index_corrupt"),
    IndexLocked: (503, "index_locked"),
    EngineUnavailable: (503, "engine_unavailable"),
    ArchiveError: (503, "archive_unavailable"),
    XunwenError: (500, "internal_error"),
}
_RETRY_SECONDS = 30
"""For failures that a person must mend; an engine that is away tells its own time."""


_KEPT_HEADERS = ("Allow", "Retry-After")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error ready to be answered. ``retry_after`` is in seconds."""

    status: int
    code: str
    message: str
    field: str | None = None
    allowed: str | None = None
    retry_after: int | None = None

    def to_json(self) -> dict[str, Any]:
        return {
            "error": {"code": self.code, "message": self.message, "field": self.field, "allowed": self.allowed},
        }


def problem_of(error: Exception) -> Problem:
    """What to answer for an exception. Only errors made for users show their own words."""
    if isinstance(error, QueryError):
        return Problem(400, error.code, str(error), error.field, error.allowed)
    if isinstance(error, XunwenError):
        status, code = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        if status == 500:
            return Problem(500, code, "Internal error")
        retry = getattr(error, "retry_after", _RETRY_SECONDS) if status == 503 else None
        return Problem(status, code, str(error), retry_after=retry)
    if isinstance(error, HTTPException):
        status = error.code or 500
        return Problem(status, error.name.lower().replace(" ", "_"), error.description or error.name)
    return Problem(500, "internal_error", "Internal error")


def wants_json() -> bool:
    """Programs get JSON: everything under /api/, and whoever prefers it."""
    if request.path.startswith("/api/"):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json"


def answer(error: Exception) -> Response:
    """The response for an exception."""
    problem = problem_of(error)
    if problem.status == 500:
        current_app.logger.error("%s %s: %s", request.method, request.path, error, exc_info=error)
    elif problem.status > 500:
        current_app.logger.warning("%s %s: %s", request.method, request.path, error)
    if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
        return Response(error.get_body(request.environ), error.code, error.get_headers(request.environ))
    response = (
        jsonify(problem.to_json())
        if wants_json()
        else current_app.make_response(render_template("problem.html", problem=problem))
    )
    response.status_code = problem.status
    if isinstance(error, HTTPException):
        response.headers.extend([pair for pair in error.get_headers(request.environ) if pair[0] in _KEPT_HEADERS])
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def handle_problems(app: Flask) -> None:
    """Answer every exception of every view through ``answer``."""
    for kind in (XunwenError, HTTPException, Exception):
        app.register_error_handler(kind, answer)
