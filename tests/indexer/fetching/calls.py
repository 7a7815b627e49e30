"""Callers, and what workers are asked to do. Workers import this module, so it is small."""

import os
import signal
import socket
import time
from typing import Any

from indexer.fetching import download
from indexer.fetching.transport import make_client
from indexer.fetching.worker import Limits


class Here:
    """A caller that stays in the process of the test."""

    def call(self, limits: Limits, function: Any, *arguments: Any, **named: Any) -> Any:
        return function(*arguments, **named)


def forget_names() -> None:
    """From now on no look-up of this worker ends."""
    socket.getaddrinfo = lambda *_, **__: time.sleep(3600)  # type: ignore[assignment, return-value]


def deadly(url: str, **named: Any) -> download.Answer:
    """A download during which the worker dies, as by a fault in a library's C code, where the address says so."""
    if url.endswith("/bad"):
        os.kill(os.getpid(), signal.SIGKILL)
    with make_client(private=named.pop("private")) as client:
        return download.get(client, url, **named)
