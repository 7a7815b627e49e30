"""Connections for fetching: to public addresses alone, unless private ones are allowed.

The address that is looked at is the one that is connected to: the name is looked up once, here, and not again by
whatever connects. Through a proxy the address at the other end can't be seen, so the environment's proxies
(``HTTPS_PROXY``) are used only where private addresses are allowed.
"""

import socket
import ssl
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version

import httpcore
import httpx

from indexer.errors import FetchError
from indexer.fetching import unpacking
from indexer.fetching.addresses import is_public

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
"""Seconds for each step: connecting, each read, each write. The time of the whole is ``download.LIMITS``."""

_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)


def make_client(*, private: bool) -> httpx.Client:
    """A client for one download: it keeps no cookies and no connections for the next. The caller closes it.

    Unless ``private``, it raises ``FetchError`` instead of connecting to an address that is not public.
    """
    return httpx.Client(
        headers={
            "User-Agent": user_agent(),
            "Accept": _ACCEPT,
            "Accept-Encoding": unpacking.ACCEPTED,
        },
        timeout=TIMEOUT,
        follow_redirects=False,
        trust_env=private,
        verify=_trust(),
        transport=None if private else PublicTransport(_trust()),
    )


@cache
def user_agent() -> str:
    return f"Xunwen/{version('xunwen')}"


@cache
def _trust() -> ssl.SSLContext:
    """The certificates to trust; reading them takes longer than many a feed."""
    return httpx.create_ssl_context()


class PublicTransport(httpx.BaseTransport):
    """HTTP/1.1 through connections of ``PublicBackend``. Raises httpcore's errors, which are like those of httpx."""

    def __init__(self, trust: ssl.SSLContext) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=trust, max_connections=2, network_backend=PublicBackend())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    """The bytes of httpcore's answer as httpx takes them."""

    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._answer.iter_stream())

    def close(self) -> None:
        self._answer.close()


class PublicBackend(httpcore.SyncBackend):
    """Connects to the first public address of a host that answers."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        found = addresses_of(host, port)
        public = [address for address in found if is_public(address)]
        if not public:
            raise FetchError(f"{host} is a private address ({found[0]}); the setting “fetch_private” allows these")
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in public:
            try:
                return super().connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        assert failure
        raise failure

    def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        raise FetchError("a socket of this machine is not on the web")


def addresses_of(host: str, port: int) -> list[str]:
    """The numeric addresses of a host, at least one. Raises ``FetchError`` when its name leads nowhere."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise FetchError(f"the host {host} cannot be found ({reason})") from error
    numeric = [str(address[0]) for *_, address in found]
    if not numeric:
        raise FetchError(f"the host {host} has no address")
    return numeric
