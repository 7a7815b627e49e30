"""One address to the bytes that its server answers with, within bounds of size and redirects.

``download`` runs in a worker with ``LIMITS``: one clock for the whole, from the name to the last byte. A clock that is
looked at when something arrives would not do, since a server may send nothing at all for ever, or bytes that never make
a header or a character; and a name look-up can't be broken off in any other way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

import httpcore
import httpx

from indexer.errors import FetchError, XunwenError
from indexer.fetching import schedule
from indexer.fetching.addresses import is_public
from indexer.fetching.transport import make_client
from indexer.fetching.unpacking import coding_of, unpack
from indexer.fetching.worker import Limits
from indexer.plain_text import error_line, plain_line
from indexer.redaction import without_secrets
from indexer.urls import web_address

LARGEST = 16 * 1024 * 1024
"""Bytes of the largest answer, unpacked."""
LIMITS = Limits(seconds=60, cpu_seconds=10)
REDIRECTS = 5
LONGEST_ADDRESS = 2000
"""Characters of an address that a server redirects to."""

_PERMANENT, _TEMPORARY = frozenset((301, 308)), frozenset((302, 303, 307))


@dataclass(frozen=True, slots=True)
class Answer:
    """A good answer: 200, or 304 without a body. Names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    encoding: str | None
    """What the header declares."""
    url: str
    """Where the body came from."""
    moved_to: str
    """The address to keep: where permanent redirects, and only those, led."""


class Redirected(FetchError):
    """The answer is a redirect, and nobody asked to follow it. ``target`` is an http or https address."""

    def __init__(self, target: str) -> None:
        super().__init__(target)
        self.target = target


def download(url: str, *, headers: Mapping[str, str], now: datetime, private: bool, follow: bool = True) -> Answer:
    """Ask for an address. Raises ``FetchError`` unless the last answer is a 200 or a 304; see ``get``."""
    with make_client(private=private) as client:
        return get(client, url, headers=headers, now=now, follow=follow)


def get(client: httpx.Client, url: str, *, headers: Mapping[str, str], now: datetime, follow: bool = True) -> Answer:
    """What ``download`` does, with a client of ``transport.make_client``.

    Raises ``Redirected`` instead of following a redirect unless ``follow``.
    """
    try:
        return _follow(client, url, headers, now, follow)
    except XunwenError:
        raise
    except Exception as error:  # of which the libraries below have many, and not all of them documented
        raise FetchError(reason_for(error)) from error


def reason_for(error: Exception) -> str:
    """Why something failed, in one line fit for a user."""
    if isinstance(error, httpx.TimeoutException | httpcore.TimeoutException | TimeoutError):
        return "the server did not answer in time"
    if isinstance(error, MemoryError):
        return "it needs more memory than there is"
    line = error_line(error)
    if isinstance(error, UnicodeError) and "idna" in line:
        return "nothing can have the name of its host"
    if isinstance(error, httpx.HTTPError | httpx.InvalidURL | httpcore.NetworkError | httpcore.ProtocolError):
        return line.removeprefix(f"{type(error).__name__}: ")
    return line


def _follow(client: httpx.Client, url: str, headers: Mapping[str, str], now: datetime, follow: bool) -> Answer:
    address = moved_to = _web_address(url)
    if not address:
        raise FetchError(f"not an http or https address: {plain_line(without_secrets(url))}")
    permanent, began_public = True, None
    for _ in range(REDIRECTS + 1):
        with client.stream("GET", address, headers=dict(headers)) as response:
            public = _came_from_public(response)
            began_public = public if began_public is None else began_public
            if response.status_code not in _PERMANENT | _TEMPORARY:
                # Nobody outside moves a subscription into the house, nor by saying that nothing is new.
                stays = response.status_code == httpx.codes.NOT_MODIFIED or (began_public and not public)
                return _answer(response, now, address, _web_address(url) if stays else moved_to)
            address = _target(response, address)
            if not follow:
                raise Redirected(address)
            permanent = permanent and response.status_code in _PERMANENT
            moved_to = address if permanent else moved_to
    raise FetchError(f"more than {REDIRECTS} redirects")


def _web_address(raw: str, base: str = "") -> str:
    """``urls.web_address`` with a port that there is: some look-ups take others modulo 65,536."""
    address = web_address(raw, base)
    try:
        urlsplit(address).port  # noqa: B018 (reading it raises)
    except ValueError:
        return ""
    return address


def _came_from_public(response: httpx.Response) -> bool:
    """Whether the peer has a public address. Without a connection of its own, as in a test, it is taken for public."""
    stream = response.extensions.get("network_stream")
    if stream is None:
        return True
    try:
        return is_public(str(stream.get_extra_info("server_addr")[0]))
    except OSError:  # it hung up already, and what it said is still to be read
        return False


def _target(response: httpx.Response, address: str) -> str:
    target = _web_address(response.headers.get("location", ""), address)
    if not target:
        raise FetchError("redirected to something that is not an http or https address")
    if len(target) > LONGEST_ADDRESS:
        raise FetchError(f"redirected to an address of more than {LONGEST_ADDRESS:,} characters")
    return target


def _answer(response: httpx.Response, now: datetime, url: str, moved_to: str) -> Answer:
    body = b""
    if response.status_code == httpx.codes.OK:
        body = unpack(response.iter_raw(), coding_of(response.headers.get("content-encoding", "")), LARGEST)
    elif response.status_code != httpx.codes.NOT_MODIFIED:
        asked = schedule.retry_after(response.headers.get("retry-after", ""), now)
        raise FetchError(
            plain_line(f"HTTP {response.status_code} {response.reason_phrase}", 100),
            status=response.status_code,
            retry_after=asked.total_seconds() if asked is not None else None,
        )
    return Answer(response.status_code, dict(response.headers), body, response.charset_encoding, url, moved_to)
