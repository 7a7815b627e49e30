"""What every response carries, and how much one request may ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import Flask, Response, abort, request
from werkzeug.exceptions import BadRequest

from search_app.access.permission import READING
from search_app.access.site import current_site

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        # Articles name pictures on other hosts. Loading them would tell those hosts who reads what, so they stay links.
        "img-src 'self' data:",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

MAX_QUERY_STRING = 49_152
"""Bytes of a request's query string, in which a Han character takes nine. A question of 2,000 characters and 64 sources
fits with room to spare, and all of it in the 64 KiB of headers that the server reads."""

MAX_BODY = 1_048_576


class UnknownHost(BadRequest):
    """The Host header is none, or not one of this site's names."""

    @property
    def name(self) -> str:
        return "Unknown host"


def init_security(app: Flask) -> None:
    """Put the headers on every response; first refuse foreign names, oversized requests, changes from other sites."""
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY
    app.wsgi_app = _with_a_host(app.wsgi_app)  # type: ignore[assignment, method-assign]

    @app.before_request
    def refuse_other_names() -> None:
        if not current_site().is_called(request.headers.get("Host", "")):
            raise UnknownHost

    @app.before_request
    def refuse_oversized() -> None:
        if len(request.query_string) > MAX_QUERY_STRING:
            abort(414)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method not in READING and not _is_from_here():
            abort(403)

    @app.after_request
    def add_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _with_a_host(application: WSGIApplication) -> WSGIApplication:
    """A Host header that cannot be a name counts as none: Flask fails on it before any view or handler is asked."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            environ.get("HTTP_HOST", "").encode("idna")
        except UnicodeError:
            environ["HTTP_HOST"] = ""
        return application(environ, start_response)

    return answer


def _is_from_here() -> bool:
    """Whether a request comes from a page of this site, as far as a browser tells; other programs tell nothing.

    Browsers send ``Sec-Fetch-Site`` over https and to loopback alone, and know best; ``Origin`` with every change.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site == "same-origin"
    return origin is None or origin == request.host_url.rstrip("/")
