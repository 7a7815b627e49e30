"""A proxy before a real node, that loses answers and refuses requests as a cluster in trouble does."""

from __future__ import annotations

import http.client
import json
import ssl
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

LOST = "lost"
"""The node does what it is asked, and nobody hears of it."""

Trouble = Callable[[str, str], str | tuple[int, object] | None]
"""What happens to a request, by method and path: nothing, ``LOST``, or a status and a body in place of the node's."""


class Proxy:
    """A context manager: it listens on ``url`` within. ``trouble`` may be changed at any time."""

    def __init__(self, node: str = "", tls: ssl.SSLContext | None = None) -> None:
        self._node = urlsplit(node)
        self.trouble: Trouble = lambda method, path: None
        self.seen: list[tuple[str, str, str]] = []
        """Method, path and Authorization header of every request."""
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.url = f"http{'s' * bool(tls)}://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})

    def __enter__(self) -> Proxy:
        self._thread.start()
        return self

    def __exit__(self, *failure: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def once(self, method: str, ending: str, happens: str | tuple[int, object], times: int = 1) -> None:
        """The next requests with this method, whose path without parameters ends so, have this trouble."""
        left = [happens] * times

        def trouble(asked: str, path: str) -> str | tuple[int, object] | None:
            return left.pop() if left and asked == method and path.partition("?")[0].endswith(ending) else None

        self.trouble = trouble
        self.left = left

    def _handler(proxy) -> type[BaseHTTPRequestHandler]:
        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                proxy.seen.append((self.command, self.path, self.headers.get("Authorization", "")))
                trouble = proxy.trouble(self.command, self.path)
                if isinstance(trouble, tuple):
                    status, answer = trouble
                    self._answer(status, "application/json", json.dumps(answer).encode())
                    return
                if not proxy._node.hostname:
                    self._answer(404, "text/html", b"<h1>404 Not Found</h1>")
                    return
                node = http.client.HTTPConnection(proxy._node.hostname, proxy._node.port or 80, timeout=60)
                try:
                    kind = self.headers.get("Content-Type", "application/json")
                    node.request(self.command, self.path, body or None, {"Content-Type": kind})
                    found = node.getresponse()
                    content = found.read()
                    if trouble == LOST:
                        self.close_connection = True
                        return
                    self._answer(found.status, found.getheader("Content-Type", ""), content)
                finally:
                    node.close()

            def _answer(self, status: int, kind: str, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _pass_on

            def log_message(self, format: str, *arguments: object) -> None:
                pass

        return Handler
