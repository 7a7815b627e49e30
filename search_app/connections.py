"""One client's connection, with a clock for what it sends and one for what it takes.

waitress counts the time in which nothing at all happens. A client that sends one byte of its request every few seconds,
or takes one of its answer, would stay for ever, and enough of them would keep everybody else out. Here one clock runs
from the first moment to the complete request, and an answer must be taken at some rate.
"""

from contextlib import suppress
from time import monotonic
from typing import Any

from waitress.channel import HTTPChannel

REQUEST_SECONDS = 20.0
"""From the connection, or the first byte of a further request, to its last one; also between two requests."""

READING_SECONDS = 10.0
"""How long the rate is measured at which a client takes its answer."""

LEAST_RATE = 1_024
"""Bytes a second that a client must take while some are waiting for it."""

LEAST_BUSY_RATE = 65_536
"""The same while one of the threads that compute waits for the client, as those of exports do."""

MOST_AHEAD = 8
"""Requests that a client may send without waiting for answers. Those to more, unread, would keep a thread waiting."""

_TOO_SLOW = b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"


class Connection(HTTPChannel):
    """What waitress calls a channel. The server's loop calls ``overdue`` about once a second, and ``drop``.

    ``clock`` starts anew with each request, ``taken`` counts the bytes sent since ``measured_since``; seconds are those
    of ``monotonic``, so that a clock that is set holds up nobody.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        self.clock = self.measured_since = monotonic()
        self.taken = 0
        self._answered = self._kept_a_thread = False
        super().__init__(*arguments, **settings)

    @property
    def is_waiting(self) -> bool:
        """Whether a request is awaited: nothing is computed, and nothing of an answer is left to send."""
        return not self.requests and not self.total_outbufs_len

    def overdue(self, now: float) -> bool:
        """Whether the client has used up its time."""
        if self.total_outbufs_len:
            self.clock = now  # the time for the next request begins when this answer is gone
            return self._reads_too_slowly(now)
        self._measure_from(now)
        return self.is_waiting and now - self.clock > REQUEST_SECONDS

    def drop(self) -> None:
        """End the connection now, whatever is left to send; a request that came in part is told why."""
        if self.is_waiting and self.request is not None:
            self.tell(_TOO_SLOW)
        self.will_close = True
        self.handle_close()

    def tell(self, answer: bytes) -> None:
        """Send an answer of a few bytes, if the client takes it at once."""
        if self.socket is not None:
            with suppress(OSError):
                self.socket.send(answer)

    def received(self, data: bytes) -> bool:
        if self._answered:
            self._answered = False
            self.clock = monotonic()
        complete = super().received(data)
        if len(self.requests) > MOST_AHEAD:
            self.drop()
        return complete

    def send_continue(self) -> None:
        """waitress takes a request that is complete, having no body or being refused, for one that is not any more."""
        if self.request is not None and self.request.completed:
            self.request.expect_continue = False
        else:
            super().send_continue()

    def service(self) -> None:
        super().service()
        self.clock = monotonic()
        self._answered = True

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent = super().send(data, do_close)
        self.taken += sent
        return sent

    def handle_close(self) -> None:
        if self.request is not None:
            self.request.close()
        super().handle_close()

    def _reads_too_slowly(self, now: float) -> bool:
        self._kept_a_thread |= bool(self.requests) and self.total_outbufs_len > self.adj.outbuf_high_watermark
        if now - self.measured_since < READING_SECONDS:
            return False
        rate = self.taken / (now - self.measured_since)
        least = LEAST_BUSY_RATE if self._kept_a_thread else LEAST_RATE
        self._measure_from(now)
        return rate < least

    def _measure_from(self, now: float) -> None:
        self.measured_since, self.taken, self._kept_a_thread = now, 0, False
