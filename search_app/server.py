"""The production server: waitress, with clocks for its clients and an orderly end.

One process, for the embedded engine's memory is shared by its threads; pure Python, so it runs wherever Python does.
Its main thread reads requests and writes answers, so that a slow reader holds none of the threads that compute. More
processes are for more machines: any WSGI server can run ``search_app:create_app()`` beside the OpenSearch engine.

The alternatives that were weighed (gunicorn's and cheroot's threads, granian) either give a connection a thread of its
own while it is slow, or count no time for a whole request either, or are not Python alone. What waitress lacks is
little: ``connections`` has the clocks, and here is who gives way when there are too many.
"""

import errno
import logging
import signal
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterable
from time import monotonic
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

from indexer.errors import ConfigError, XunwenError
from search_app.connections import Connection
from search_app.presentation.page import EXTENSION
from search_app.query.parameters import SearchParameters
from search_app.search.front import front
from search_app.search.library import Library
from search_app.security import MAX_BODY

THREADS = 8
"""Two may be busy with exports; an answer takes milliseconds, so the others do not wait for each other for long."""

CONNECTIONS = 200
"""Open at once. One more, and the one that keeps us waiting for longest gives way."""

GRACE_SECONDS = 5.0
"""How long answers may go on when the server is told to stop. Docker waits ten seconds before it kills."""

_CUT_SECONDS = 2
"""How long threads may take to notice that their answers were cut."""

_HIGH_WATERMARK = 1 << 20
"""Bytes of an answer that are made ahead of its reader; at more, the thread that makes them waits."""

_TICK_SECONDS = 1.0
_BUSY = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
_EXHAUSTED = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM)

_log = logging.getLogger(__name__)


class Listener(TcpWSGIServer):
    """One address that is listened on. All listeners of a server share its ``connections``, the oldest first."""

    channel_class = Connection

    def __init__(self, connections: dict[int, Connection], *arguments: Any, **settings: Any) -> None:
        self.resting_until = 0.0
        super().__init__(*arguments, **settings)
        self.active_channels: Any = connections

    def readable(self) -> bool:
        return self.accepting and monotonic() >= self.resting_until

    def accept(self) -> tuple[socket.socket, Any] | None:
        try:
            return super().accept()
        except OSError as error:
            if error.errno not in _EXHAUSTED:
                raise
            # Out of file descriptors: somebody gives way, or accepting rests for a moment instead of spinning.
            if not give_way(self.active_channels.values()):
                self.resting_until = monotonic() + _TICK_SECONDS
            return None

    def handle_accept(self) -> None:
        super().handle_accept()
        if len(self.active_channels) > CONNECTIONS:
            *others, newest = self.active_channels.values()
            if not give_way(others):
                newest.tell(_BUSY)
                newest.drop()


def give_way(connections: Iterable[Connection]) -> bool:
    """End one connection that nothing is computed for: of the client that has most, the one that waits for longest."""
    idle = [each for each in connections if not each.requests]
    if not idle:
        return False
    held = Counter(_client(each) for each in idle)
    max(idle, key=lambda each: (held[_client(each)], each.is_waiting, -each.clock)).drop()
    return True


def _client(connection: Connection) -> str:
    return str(connection.addr[0]) if connection.addr else ""


class Server:
    """Bound, but not running: ``run`` answers until ``stop``. ``port`` is the one that is listened on.

    Raises ``ConfigError`` for an address or a port that cannot be had.
    """

    def __init__(self, app: Flask, host: str, port: int, threads: int, warmed: Callable[[], None]) -> None:
        self._stopping = False
        self._map: dict[int, Any] = {}
        self._connections: dict[int, Connection] = {}
        self._dispatcher = ThreadedTaskDispatcher()
        self._listeners: list[Listener] = []
        settings: Any = {
            "ident": None,
            # ``access.proxy`` reads them, from a proxy that is trusted.
            "clear_untrusted_proxy_headers": False,
            "max_request_body_size": MAX_BODY,
            "max_request_header_size": 65_536,
            "outbuf_high_watermark": _HIGH_WATERMARK,
        }
        adjustments = Adjustments(**settings)
        try:
            for family, address in _addresses(host, port):
                with_port = (address[0], self.port if self._listeners else port, *address[2:])
                self._listeners.append(self._listener(app, adjustments, family, with_port))
        except OSError as error:
            self._end()
            raise ConfigError(_refusal(error, host, port)) from error
        self._dispatcher.set_thread_count(threads)
        self._warming = threading.Thread(target=_warm_up, args=(app, warmed), daemon=True)
        self._warming.start()

    def _listener(self, app: Flask, adjustments: Adjustments, family: int, address: Any) -> Listener:
        info = (family, socket.SOCK_STREAM, socket.IPPROTO_TCP, address)
        return Listener(self._connections, app, self._map, dispatcher=self._dispatcher, adj=adjustments, sockinfo=info)

    @property
    def connections(self) -> list[Connection]:
        """Those that are open, the oldest first."""
        return list(self._connections.values())

    @property
    def port(self) -> int:
        return int(self._listeners[0].getsockname()[1])

    def run(self) -> None:
        """Answer until ``stop``; then let what is being answered end, for a bounded time, and close everything."""
        while not self._stopping:
            self._turn(_TICK_SECONDS)
        for listener in self._listeners:
            wasyncore.dispatcher.close(listener)  # refuse new clients; the trigger still wakes this loop
        end = monotonic() + GRACE_SECONDS
        while self._drop_idle() and monotonic() < end:
            self._turn(0.1)
        self.close()

    def stop(self) -> None:
        """Let ``run`` end. May be called from any thread and from a signal's handler."""
        if not self._stopping:
            self._stopping = True
            self._listeners[0].pull_trigger()

    def close(self) -> None:
        """End every connection and give back the port, when ``run`` does not run."""
        self._end()
        self._warming.join(_CUT_SECONDS)

    def _end(self) -> None:
        for connection in self.connections:
            connection.drop()
        self._dispatcher.shutdown(timeout=_CUT_SECONDS)
        # Also of a listener that failed half-way: its socket and the pipe that wakes the loop.
        wasyncore.close_all(self._map, ignore_all=True)

    def _turn(self, seconds: float) -> None:
        wasyncore.loop(seconds, use_poll=True, map=self._map, count=1)
        now = monotonic()
        for connection in [each for each in self.connections if each.overdue(now)]:
            _log.info("a client was too slow: %s", _client(connection))
            connection.drop()

    def _drop_idle(self) -> int:
        """How many are still being answered."""
        for connection in [each for each in self.connections if each.is_waiting]:
            connection.drop()
        return len(self._connections)


def _addresses(host: str, port: int) -> list[tuple[int, Any]]:
    """Every address of a host, IPv4 first. Raises ``OSError``."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    return sorted({(family, address) for family, _, _, _, address in found})


def _refusal(error: OSError, host: str, port: int) -> str:
    match error.errno:
        case errno.EADDRINUSE:
            return f"port {port} of {host} is in use: end what uses it, or choose another with --port"
        case errno.EACCES:
            return f"port {port} of {host} is not allowed to this user: choose one above 1023 with --port"
        case _:
            return f"{host} port {port} cannot be listened on: {error.strerror or error}"


def open_server(
    app: Flask, host: str, port: int, threads: int = THREADS, warmed: Callable[[], None] = lambda: None
) -> Server:
    """The server, bound but not running. Port 0 is any free one. Raises ``ConfigError`` for one that cannot be had.

    ``warmed`` is called, in a thread, when all is loaded that the first reader would wait for.
    """
    # One request that waits for a thread is no news.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return Server(app, host, port, threads, warmed)


class Signals:
    """SIGTERM and SIGINT as a quiet end: at once while nothing is served, else by ``Server.stop``; a second one kills.

    A process that is number 1, as in a container, ignores a SIGTERM that it has no handler for.
    """

    def __init__(self) -> None:
        self.server: Server | None = None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)

    def _end(self, number: int, frame: FrameType | None) -> None:
        if self.server is None:
            raise SystemExit(0)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        self.server.stop()


def _warm_up(app: Flask, warmed: Callable[[], None]) -> None:
    """Load what the first reader would wait for: the index and the names, the front page, the lexicon."""
    library: Library = app.extensions[EXTENSION]
    try:
        library.search(library.ask(SearchParameters(text="新闻")))
        front(library)
        library.suggest("x")
        library.load_spelling()
    except XunwenError as error:
        app.logger.warning("%s", error)
    warmed()
