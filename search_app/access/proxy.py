"""Who really asks when a proxy stands in front: believed from those that ``trusted_proxy`` names, and nobody else."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from flask import request

from search_app.access.site import Site, is_loopback, read_address

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_CLIENT = "xunwen.client"
_READER = "xunwen.reader"
_FORWARDED = "xunwen.forwarded"

_SIGNS = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
"""What tells that a request came through a proxy."""


class ProxyHeaders:
    """WSGI middleware: the address of the client, the scheme, and the reader that the proxy vouches for.

    Of ``X-Forwarded-For`` the last address counts that is no trusted proxy's: what stands before it, anybody may write.
    """

    def __init__(self, app: "WSGIApplication", site: Site) -> None:
        self._app = app
        self._site = site
        self._reader_key = f"HTTP_{site.reader_header.upper().replace('-', '_')}"

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        sender = environ.get("REMOTE_ADDR", "")
        is_trusted = self._site.trusts(sender)
        environ[_CLIENT] = self._client(environ, sender) if is_trusted else sender
        environ[_READER] = environ.get(self._reader_key, "").strip() if is_trusted else ""
        environ[_FORWARDED] = any(name in environ for name in _SIGNS)
        scheme = _last(environ.get("HTTP_X_FORWARDED_PROTO", "")).lower()
        if is_trusted and scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        return self._app(environ, start_response)

    def _client(self, environ: "WSGIEnvironment", sender: str) -> str:
        client = sender
        for part in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            found = read_address(_without_port(part.strip()))
            if found is None:
                break
            client = str(found)
            if not self._site.trusts(client):
                break
        return client


def client_address() -> str:
    """The IP address of whoever sent this request."""
    return str(request.environ.get(_CLIENT) or request.remote_addr or "")


def vouched_reader() -> str:
    """The name of the reader as a trusted proxy tells it, else ``""``."""
    return str(request.environ.get(_READER, ""))


def is_from_this_machine() -> bool:
    """Whether a program on this machine asks for itself, as far as can be told: it forwards nobody else's request."""
    return is_loopback(client_address()) and not request.environ.get(_FORWARDED)


def _last(value: str) -> str:
    return value.rsplit(",", 1)[-1].strip()


def _without_port(text: str) -> str:
    """``1.2.3.4`` of ``1.2.3.4:80``, ``::1`` of ``[::1]:80``."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    return text.partition(":")[0] if text.count(":") == 1 else text
