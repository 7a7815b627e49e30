"""A real server for tests, on a port of its own, and clients that misbehave on purpose."""

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path

from flask import Flask

from search_app.server import Server, open_server

PATIENCE = 60.0
"""Seconds after which a test gives up on what must happen. Nothing is measured by it."""


@contextmanager
def serving(app: Flask, host: str = "127.0.0.1") -> Iterator[Server]:
    """The server of an application, answering in a thread."""
    server = open_server(app, host, 0)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        yield server
    finally:
        server.stop()
        thread.join()


@contextmanager
def process(
    data: Path, *arguments: str, before: tuple[str, ...] = (), name: str = "serve"
) -> Iterator[subprocess.Popen[str]]:
    """``xunwen serve``, or ``run``, as people start it, on any free port."""
    command = [*before, sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(data), name]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*command, "--port", "0", *arguments], **pipes) as started:
        try:
            yield started
        finally:
            started.kill()


def port_of(started: subprocess.Popen[str]) -> int:
    """Where the process listens, once it does."""
    line = started.stdout.readline()
    assert line, started.stderr.read()
    return int(line.rpartition(":")[2].partition(",")[0])


def get(port: int, path: str = "/healthz", *, host: str = "localhost", **headers: str) -> tuple[int, bytes]:
    """Status and body of one request."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", path, headers={"Host": host, **headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def connect(port: int, start: bytes = b"") -> socket.socket:
    """A client that takes little at a time, after what it sends first."""
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.settimeout(PATIENCE)
    client.connect(("127.0.0.1", port))
    if start:
        client.sendall(start)
    return client


@contextmanager
def clients(port: int, count: int, start: bytes = b"", drip: bytes = b"") -> Iterator[list[socket.socket]]:
    """Clients that send ``start``, and then one byte of ``drip`` after the other, slowly, for as long as they may."""
    done = threading.Event()
    with ExitStack() as stack:
        sockets = [stack.enter_context(connect(port, start)) for _ in range(count)]
        thread = threading.Thread(target=_drip, args=(sockets, drip, done))
        thread.start()
        try:
            yield sockets
        finally:
            done.set()
            thread.join()


def _drip(sockets: list[socket.socket], drip: bytes, done: threading.Event) -> None:
    for number in range(10_000):
        for client in sockets if drip else ():
            with suppress(OSError):
                client.send(drip[number % len(drip) :][:1])
        if done.wait(0.05):
            return


def everything_from(client: socket.socket) -> bytes:
    """What still comes until the server ends the connection. Raises ``TimeoutError`` when it doesn't."""
    received = b""
    with suppress(ConnectionError):
        while some := client.recv(65_536):
            received += some
    return received


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether it comes to be so, within the patience of a test."""
    end = time.monotonic() + PATIENCE
    while not (so := is_so()) and time.monotonic() < end:
        time.sleep(0.05)
    return so
