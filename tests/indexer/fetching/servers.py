"""Servers on this machine that answer as they are told, also badly."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

RSS = (
    "<rss version='2.0'><channel><title>江城晚报</title><item><title>一条新闻</title><link>/1</link>"
    "<pubDate>2026-11-22 08:00</pubDate></item></channel></rss>"
).encode()

Answering = Callable[[socket.socket], None]


@dataclass
class Server:
    """Answers each path by a function that has the connection; other paths are a 404."""

    address: str
    pages: dict[str, Answering] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers (names in lower case) of each request."""
    over: threading.Event = field(default_factory=threading.Event)
    """Set when the test is: answers that last for ever look at it."""

    def page(self, path: str, status: int | str = 200, body: bytes = b"", **headers: str) -> str:
        """Answer ``path`` so; ``_`` in the names of headers is ``-``. Returns the address."""
        named = {"Content-Length": str(len(body)), "Connection": "close"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
        return self.raw(path, f"HTTP/1.1 {status} {'' if ' ' in str(status) else 'X'}\r\n{lines}\r\n".encode() + body)

    def raw(self, path: str, answer: bytes, then: bytes = b"", every: float = 0.0) -> str:
        """Answer ``path`` with these bytes; with ``then`` go on for ever, ``every`` so many seconds."""

        def write(connection: socket.socket) -> None:
            connection.sendall(answer)
            while then and not self.over.wait(every):
                connection.sendall(then)

        self.pages[path] = write
        return self.address + path


@contextmanager
def serving(trust: ssl.SSLContext | None = None) -> Iterator[Server]:
    """A server on a free port, encrypted with ``trust``."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        scheme = "https" if trust else "http"
        server = Server(f"{scheme}://127.0.0.1:{listener.getsockname()[1]}")
        threads = [threading.Thread(target=_listen, args=(listener, server, trust))]
        threads[0].start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            threads[0].join()


def _listen(listener: socket.socket, server: Server, trust: ssl.SSLContext | None) -> None:
    threads = []
    with suppress(OSError):  # the end of the test closes the listener
        while True:
            connection, _ = listener.accept()
            threads.append(threading.Thread(target=_answer, args=(connection, server, trust)))
            threads[-1].start()
    for thread in threads:
        thread.join()


def _answer(connection: socket.socket, server: Server, trust: ssl.SSLContext | None) -> None:
    """The client hanging up in the middle is what some tests are about."""
    with connection, suppress(OSError):
        connection.settimeout(5)
        with trust.wrap_socket(connection, server_side=True) if trust else connection as stream:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = stream.recv(65536)
                if not piece:
                    return
                request += piece
            first, *lines = request.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
            path = first.split(" ")[1]
            named = (line.partition(": ") for line in lines)
            server.asked.append((path, {name.lower(): value for name, _, value in named}))
            write = server.pages.get(path)
            if write:
                write(stream)
            else:
                stream.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
