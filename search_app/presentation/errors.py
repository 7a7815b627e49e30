"""Errors as people and programs see them: one table from exception to status, one JSON shape, never a traceback.

``code`` is stable, for programs; ``message`` is for people, in the language of the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as member
from typing import Any

from flask import Flask, Response, current_app, jsonify, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException

from indexer.errors import (
    ArchiveError,
    EngineUnavailable,
    IndexCorrupt,
    IndexFailure,
    IndexLocked,
    IndexMissing,
    QueryError,
    StampMismatch,
    Unsupported,
    XunwenError,
)
from search_app.presentation import messages
from search_app.presentation.forgotten import Forgotten
from search_app.presentation.json_encoding import encode
from search_app.presentation.page import Context, current_library, render
from search_app.search.results import Span, described

_STATUS: Mapping[type[XunwenError], tuple[int, str]] = {
    Unsupported: (501, "unsupported"),
    IndexMissing: (503, "index_missing"),
    StampMismatch: (503, "index_outdated"),
    IndexCorrupt: (503, "index_corrupt"),
    IndexLocked: (503, "index_locked"),
    EngineUnavailable: (503, "engine_unavailable"),
    IndexFailure: (503, "index_unavailable"),
    ArchiveError: (503, "archive_unavailable"),
    XunwenError: (500, "internal_error"),
}
_RETRY_SECONDS = 30
"""For failures that a person must mend; an engine that is away tells its own time."""

_KEPT_HEADERS = ("Allow", "Retry-After")


@dataclass(frozen=True, slots=True)
class ErrorDetail:
    """What is wrong; members are ``None`` where there is nothing to say."""

    code: str = member(metadata=described("Stable, for programs."))
    message: str = member(metadata=described("For people, in the language that the request asks for."))
    field: str | None = member(metadata=described("The parameter or query field at fault."))
    allowed: str | None = member(metadata=described("What would be accepted, or examples of it."))
    position: int | None = member(
        metadata=described("Where in the question what is at fault begins, in characters from 0.")
    )


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """Every error of every address has this shape."""

    error: ErrorDetail


@dataclass(frozen=True, slots=True)
class Problem:
    """An error ready to be answered. ``given`` is what stood in ``field``; ``retry_after`` is in seconds.

    ``reason`` is why an article was forgotten, if the reader may know. ``place`` is the slice of ``question`` that is
    at fault, where one can tell.
    """

    status: int
    code: str
    field: str = ""
    given: str = ""
    allowed: tuple[str, ...] = ()
    retry_after: int | None = None
    reason: str = ""
    question: str = ""
    place: Span | None = None

    @property
    def text(self) -> str:
        """What is wrong, in the language of the request."""
        code = self.code if self.code in messages.ERRORS or self.status >= 500 else "bad_request"
        if code == "gone":
            return messages.forgotten_text(self.given, self.reason, gettext)
        return messages.error_text(code, self.given, gettext)

    @property
    def allowed_text(self) -> str:
        return messages.joined(self.allowed, gettext)


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorContext(Context):
    """The page of an error on a page that has no place for it."""

    problem: Problem


def problem_of(error: Exception) -> Problem:
    """What to answer for an exception."""
    if isinstance(error, QueryError):
        place = _place(error)
        return Problem(400, error.code, error.field, error.given, error.allowed, question=error.question, place=place)
    if isinstance(error, XunwenError):
        status, code = next(_STATUS[kind] for kind in type(error).__mro__ if kind in _STATUS)
        retry = getattr(error, "retry_after", _RETRY_SECONDS) if status == 503 else None
        return Problem(status, code, retry_after=retry)
    if isinstance(error, Forgotten):
        return Problem(410, "gone", given=error.day, reason=error.reason)
    if isinstance(error, HTTPException):
        return Problem(error.code or 500, error.name.lower().replace(" ", "_"))
    return Problem(500, "internal_error")


def _place(error: QueryError) -> Span | None:
    """The slice of the question that is at fault: what was given, or one word where it reads differently."""
    start = error.position
    if start is None or not (rest := error.question[start:]).strip():
        return None
    given = error.given if rest.lower().startswith(error.given.lower()) else rest.split(maxsplit=1)[0]
    return start, start + len(given)


def error_json(problem: Problem) -> Any:
    """The JSON of an error."""
    position = problem.place[0] if problem.place else None
    detail = ErrorDetail(problem.code, problem.text, problem.field or None, problem.allowed_text or None, position)
    return encode(ErrorResponse(detail), gettext)


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
        jsonify(error_json(problem))
        if wants_json()
        else current_app.make_response(render("problem.html", _context(problem)))
    )
    response.status_code = problem.status
    if isinstance(error, HTTPException):
        response.headers.extend([pair for pair in error.get_headers(request.environ) if pair[0] in _KEPT_HEADERS])
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    response.headers["Cache-Control"] = "no-store"
    return response


def _context(problem: Problem) -> ErrorContext:
    return ErrorContext(carried=[], zone=current_library().zone, problem=problem)


def handle_errors(app: Flask) -> None:
    """Answer every exception of every view through ``answer``."""
    for kind in (XunwenError, HTTPException, Exception):
        app.register_error_handler(kind, answer)
