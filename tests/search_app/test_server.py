"""The server as it is shipped, with clients that are slow, greedy or gone. Its clock goes on when a test says so."""

import errno
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from http.client import HTTPConnection

import pytest
from click.testing import CliRunner
from flask import Response, request
from waitress import wasyncore

from search_app import connections, create_app
from search_app import server as servers
from search_app.access.permission import for_anyone
from search_app.api import export
from search_app.cli import main
from tests.search_app import served
from tests.search_app.served import clients, connect, eventually, everything_from, get, port_of, process, serving

SLOW = {
    "an endless header": (b"GET / HTTP/1.1\r\nHost: localhost\r\nX-A: ", b"a"),
    "endless headers": (b"GET / HTTP/1.1\r\nHost: localhost\r\n", b"A: b\r\n"),
    "an endless request line": (b"GET /", b"a"),
    "an endless body": (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\nkeep=", b"a"),
    "an endless chunk": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nfff0\r\n",
        b"a",
    ),
    "a body that was asked for": (
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 100000\r\n\r\n",
        b"a",
    ),
    "empty lines": (b"\r\n", b"\r\n"),
    "nothing": (b"", b""),
    "a request and then the next one, slowly": (
        b"GET /opensearch.xml HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HT",
        b"a",
    ),
}


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture(scope="module")
def local(library):
    return create_app(library, "127.0.0.1")


@pytest.fixture
def clock(monkeypatch):
    """The seconds that the server counts; it looks at them often."""
    clock = Clock()
    for module in (connections, servers):
        monkeypatch.setattr(module, "monotonic", clock)
    monkeypatch.setattr(servers, "_TICK_SECONDS", 0.02)
    return clock


@pytest.mark.parametrize("kind", SLOW)
def test_a_slow_client_loses_its_connection_however_it_is_slow(local, clock, kind):
    start, drip = SLOW[kind]
    with serving(local) as server, clients(server.port, 3, start, drip) as slow:
        for client in slow:
            assert eventually(lambda client=client: passes(clock, 10) and is_over(client))


@pytest.mark.parametrize("kind", SLOW)
def test_slow_clients_give_way_to_others_long_before_their_time_is_up(local, monkeypatch, kind):
    monkeypatch.setattr(servers, "CONNECTIONS", 6)
    start, drip = SLOW[kind]
    with serving(local) as server, clients(server.port, 20, start, drip):
        for _ in range(3):
            # Whoever has a request that is being answered gives way to nobody.
            assert eventually(lambda: get(server.port)[0] == 200)


def passes(clock, seconds):
    clock.now += seconds
    return True


def is_over(client):
    """Whether the server has ended a connection; reads what came until then."""
    client.setblocking(False)
    try:
        while client.recv(65_536):
            pass
    except BlockingIOError:
        return False
    except ConnectionError:
        return True
    return True


def test_a_request_that_came_in_part_is_told_why_it_ends(local, clock):
    with serving(local) as server, connect(server.port, b"GET / HTTP/1.1\r\nHost: lo") as client:
        assert eventually(lambda: any(each.request for each in server.connections))
        passes(clock, 21)
        assert everything_from(client).startswith(b"HTTP/1.1 408 ")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (b"GET /opensearch.xml HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n", b"200"),
        (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 0\r\n", b"4"),
        (b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 99999999\r\n", b"413"),
    ],
    ids=["GET", "an empty body", "too much"],
)
def test_a_request_that_needs_not_go_on_is_answered_at_once(local, request_, status):
    with (
        serving(local) as server,
        connect(server.port, request_ + b"Connection: close\r\n\r\n") as client,
    ):
        assert everything_from(client).startswith(b"HTTP/1.1 " + status)


def test_a_client_that_goes_on_asking_keeps_its_connection(local, clock):
    with serving(local) as server:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=served.PATIENCE)
        connection.connect()
        mine = connection.sock
        for _ in range(5):
            connection.request("GET", "/opensearch.xml")
            assert connection.getresponse().read()
            assert connection.sock is mine
            assert eventually(lambda: all(each.is_waiting for each in server.connections))
            passes(clock, 15)
        connection.close()


def test_a_body_in_pieces_arrives_whole(library):
    app = create_app(library, "127.0.0.1")

    @app.post("/echo")
    @for_anyone("a test")
    def echo():
        return request.get_data()

    with serving(app) as server, connect(server.port, b"POST /echo HTTP/1.0\r\nHost: localhost\r\n") as client:
        for piece in (b"Content-Length: 8\r\n", b"\r\nab", b"cd", b"efgh"):
            client.sendall(piece)
        assert everything_from(client).endswith(b"\r\n\r\nabcdefgh")


def test_a_client_may_send_some_requests_ahead_but_not_many(local):
    one = b"GET /opensearch.xml HTTP/1.1\r\nHost: localhost\r\n\r\n"
    last = one.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    with serving(local) as server:
        with connect(server.port, one * (connections.MOST_AHEAD - 1) + last) as client:
            assert everything_from(client).count(b"HTTP/1.1 200 OK") == connections.MOST_AHEAD
        with connect(server.port, one * 100) as client:
            assert everything_from(client).count(b"HTTP/1.1 200 OK") <= connections.MOST_AHEAD


@pytest.fixture
def endless(monkeypatch):
    """Exports that never end."""
    real = export.pages

    def pages(library, parameters, reader):
        [first] = real(library, parameters, reader)
        while True:
            yield first

    monkeypatch.setattr(export, "pages", pages)
    return b"GET /api/v1/search?format=jsonl&limit=100 HTTP/1.1\r\nHost: localhost\r\n\r\n"


def export_status(port):
    """Of one more export, as far as its header."""
    with connect(port, b"GET /api/v1/search?format=csv HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        return int(client.recv(100).split()[1])


@pytest.mark.parametrize("take", [0, 1], ids=["takes nothing", "takes a byte now and then"])
def test_exports_that_nobody_reads_give_their_slots_back(local, clock, endless, take):
    with serving(local) as server, connect(server.port, endless) as one, connect(server.port, endless) as two:
        assert {each.recv(9) for each in (one, two)} == {b"HTTP/1.1 "}
        assert export_status(server.port) == 429

        def is_free():
            passes(clock, 10)
            for each in (one, two) if take else ():
                with suppress(ConnectionError):
                    each.recv(take)
            return export_status(server.port) == 200

        assert eventually(is_free)


def test_an_export_that_is_read_goes_on(local, clock, endless):
    """The clock never passes by what the system keeps between both ends: at most some megabytes of what was sent."""
    with serving(local) as server, connect(server.port, endless) as client:
        for _ in range(8):
            received = 0
            while received < 5_000_000:
                some = client.recv(1 << 20)
                assert some
                received += len(some)
            passes(clock, 4)


def test_the_clients_who_wait_longest_of_the_one_who_has_most_give_way():
    class Client:
        def __init__(self, address, clock, requests=(), total=0):
            self.addr, self.clock, self.requests = (address, 1), clock, list(requests)
            self.is_waiting = not requests and not total
            self.dropped = False

        def drop(self):
            self.dropped = True

    alone, busy = Client("10.0.0.1", 1), Client("10.0.0.2", 0, ["request"])
    reading, late, early = Client("10.0.0.2", 2, total=9), Client("10.0.0.2", 9), Client("10.0.0.2", 3)
    all_clients = [alone, busy, reading, late, early]
    for expected in (early, late):
        assert servers.give_way([each for each in all_clients if not each.dropped])
        assert expected.dropped
    assert not busy.dropped
    assert not servers.give_way([busy])


def test_without_file_descriptors_somebody_gives_way_and_others_are_answered(local, monkeypatch):
    real, refusals = wasyncore.dispatcher.accept, [errno.EMFILE, errno.ENFILE]

    def accept(self):
        if refusals:
            raise OSError(refusals.pop(), "no descriptor is left")
        return real(self)

    with serving(local) as server, clients(server.port, 3):
        assert get(server.port)[0] == 200
        monkeypatch.setattr(wasyncore.dispatcher, "accept", accept)
        assert get(server.port)[0] == 200
        assert refusals == []


def test_every_address_of_a_host_is_listened_on(local):
    with serving(local, "localhost") as server:
        for family, *_, address in socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM):
            with socket.socket(family) as client:
                client.connect(address)


# -- the end ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(library):
    """An application with an answer that takes until it is told to go on."""
    app, began, go_on = create_app(library, "127.0.0.1"), threading.Event(), threading.Event()

    @app.get("/wait")
    def wait():
        began.set()
        go_on.wait(served.PATIENCE)
        return Response("whole")

    return app, began, go_on


def test_a_stop_lets_running_answers_end_and_takes_no_new_ones(waiting):
    app, began, go_on = waiting
    with serving(app) as server, connect(server.port, b"GET /wait HTTP/1.1\r\nHost: localhost\r\n\r\n") as client:
        port = server.port
        assert began.wait(served.PATIENCE)
        server.stop()
        assert eventually(lambda: is_refused(port))
        go_on.set()
        assert everything_from(client).endswith(b"whole")


def is_refused(port):
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return True
    return False


def test_a_stop_cuts_what_does_not_end(local, endless, monkeypatch):
    monkeypatch.setattr(servers, "GRACE_SECONDS", 0.5)
    with serving(local) as server, connect(server.port, endless) as client:
        assert client.recv(9)
        server.stop()
    assert eventually(lambda: export._running.acquire(blocking=False))
    export._running.release()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_signals_end_the_program_with_status_0(library, number):
    with process(library.data) as server:
        assert get(port_of(server))[0] == 200
        server.send_signal(number)
        assert server.wait(served.PATIENCE) == 0
        assert server.stderr.read() == ""


def test_a_signal_before_anything_is_served_ends_it_too():
    program = (
        "import os, time; from search_app.server import Signals; Signals(); os.kill(os.getpid(), 15); time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_a_port_in_use_is_one_line_that_names_it(library):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = CliRunner().invoke(main, ["--data", str(library.data), "serve", "--port", str(port)])
    assert result.exit_code == 1
    assert (
        result.output == f"Error: port {port} of 127.0.0.1 is in use: end what uses it, or choose another with --port\n"
    )


def test_an_address_that_is_not_ours_is_one_line(library):
    result = CliRunner().invoke(main, ["--data", str(library.data), "serve", "--host", "192.0.2.1"])
    assert result.exit_code == 1
    assert "192.0.2.1 port 8000 cannot be listened on: " in result.output
    assert len(result.output.splitlines()) == 1


# -- data that may only be read --------------------------------------------------------------------------------------


def test_a_copy_that_may_only_be_read_is_served_and_says_so(library, tmp_path):
    copy = tmp_path / "copy"
    # Other tests have it open: what SQLite keeps beside it meanwhile is of no use to a copy, least to one to read.
    shutil.copytree(library.data, copy, ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    (copy / "archive.sqlite3").chmod(0o400)
    copy.chmod(0o500)
    # Root may write everywhere unless it gives that up.
    caps = "-dac_override,-dac_read_search"
    before = ("setpriv", f"--bounding-set={caps}", f"--inh-caps={caps}") if os.getuid() == 0 else ()
    try:
        with process(copy, before=before) as server:
            port = port_of(server)
            status, health = get(port)
            assert status == 200
            assert "cannot be written by this user" in health.decode()
            for path in ("/", "/?q=%E7%96%AB%E8%8B%97", "/status", "/subscriptions", "/api/v1/search"):
                assert get(port, path)[0] == 200
    finally:
        copy.chmod(0o700)
