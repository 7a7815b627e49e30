"""A server of feeds: good, failing, slow, broken, hostile and endless ones."""

from __future__ import annotations

import gzip
import os
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from benchmarks.soak.record import Record, article


class Feeds(ThreadingHTTPServer):
    """Feeds of every sort. Each request of a good one brings new articles."""

    daemon_threads = True
    record: Record

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients are killed here: connections that break are no news."""


class Feed(BaseHTTPRequestHandler):
    server: Feeds

    def do_GET(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "failing": lambda: self._send(b"no", 500),
            "gone": lambda: self._send(b"", 410),
            "broken": lambda: self._send(b"<rss><channel><item><title>" + os.urandom(500)),
            "empty": lambda: self._send(b""),
            "redirect": lambda: self._send(b"", 302, Location=f"http://{'a' * 80}.example/"),
            "circle": lambda: self._send(b"", 302, Location=self.path),
            "bomb": lambda: self._send(gzip.compress(bytes(40_000_000)), Content_Encoding="gzip"),
            "hostile": lambda: self._send(_rss(self._hostile())),
            "slow": self._trickle,
            "huge": self._endless,
        }
        kind = self.path.strip("/").split(".")[0]
        kinds.get(kind, lambda: self._send(_rss([article(self.server.record.number(), kind) for _ in range(8)])))()

    def _hostile(self) -> list[dict[str, str]]:
        made = article(self.server.record.number(), "hostile.example")
        nested = "<div>" * 3000 + "</div>" * 3000 + "e" + "\u0301\u0323" * 3000
        return [
            made | {"text": made["text"] + nested},
            {"url": "javascript:alert(1)", "title": "<b>" * 500, "text": "x"},
        ]

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.record.over:
            self.wfile.write(b" ")
            time.sleep(1)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(64):
            self.wfile.write(b"<rss>" + b"<item><title>x</title>" * 50_000)

    def log_message(self, format: str, *arguments: object) -> None:
        """The report tells enough."""


def _rss(items: list[dict[str, str]]) -> bytes:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    entries = "".join(
        f"<item><title>{escaped(each['title'])}</title><link>{escaped(each['url'])}</link>"
        f"<description>{escaped(each['text'])}</description></item>"
        for each in items
    )
    return f"<rss version='2.0'><channel><title>江城</title>{entries}</channel></rss>".encode()


KINDS = ("one.example", "two.example", "failing", "gone", "broken", "empty", "redirect", "circle", "bomb", "hostile",
         "slow", "huge")  # fmt: skip
