"""One address to the bytes that its server answers with."""

import importlib
import inspect
import socket
import zlib
from datetime import UTC, datetime

import httpx
import pytest

from indexer.errors import FetchError, XunwenError
from indexer.fetching import download
from indexer.fetching.download import get
from indexer.fetching.transport import make_client
from tests.indexer.fetching.servers import RSS

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
LIBRARIES = (
    "builtins", "httpx", "httpcore", "h11", "ssl", "socket", "idna", "zlib", "binascii", "json", "pickle", "queue",
    "http.client", "urllib.error", "concurrent.futures", "multiprocessing", "asyncio", "sqlite3", "tarfile", "shutil",
    "lxml.etree", "sqlalchemy.exc", "feedparser.exceptions", "xml.sax", "zoneinfo", "subprocess", "email.errors",
)  # fmt: skip


class Unheard(Exception):
    """Of no library."""


class Speechless(Exception):
    def __str__(self):
        raise RuntimeError("no words")


class Hostile(Exception):
    """Whoever looks at it is sent away."""

    def __getattribute__(self, name):
        raise AttributeError(name)


class Shouting(Exception):
    def __str__(self):
        return "\x1b[2J\u202e" + "loud " * 1_000_000


def exceptions():
    """One of each class of exception that the libraries below a fetch have, and some of our own."""
    classes = {Unheard, Speechless, Hostile, Shouting}
    for name in LIBRARIES:
        members = vars(importlib.import_module(name)).values()
        classes |= {member for member in members if inspect.isclass(member) and issubclass(member, Exception)}
    for kind in sorted(classes, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}"):
        yield pytest.param(instance(kind), id=f"{kind.__module__}.{kind.__qualname__}")


def instance(kind):
    """With a text where the class takes one, else as it comes from ``__new__``."""
    for arguments in (("something broke",), ("utf-8", b"\xff", 0, 1, "bad"), ("all", [ValueError("one")]), ()):
        try:
            return kind(*arguments)
        except Exception:
            continue
    return kind.__new__(kind)


def client_of(answer):
    return httpx.Client(transport=httpx.MockTransport(answer))


class Breaking(httpx.SyncByteStream):
    def __init__(self, error):
        self.error = error

    def __iter__(self):
        yield RSS[:20]
        raise self.error


def raising(error):
    raise error


def ask(client, url="https://example.org/feed", **headers):
    with client:
        return get(client, url, headers=headers, now=NOW)


ALL = list(exceptions())


def test_there_are_enough_exceptions_to_speak_of_all():
    assert len(ALL) > 200


@pytest.mark.parametrize("error", ALL)
def test_whatever_a_library_raises_is_a_fetch_error_in_one_line(error):
    for answer in (lambda request: raising(error), lambda request: httpx.Response(200, stream=Breaking(error))):
        with pytest.raises(XunwenError) as caught:
            ask(client_of(answer))
        line = download.reason_for(caught.value)
        assert 0 < len(line) <= 300
        assert line.isprintable()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit])
def test_what_ends_a_program_is_not_kept_back(error):
    with pytest.raises(error):
        ask(client_of(lambda request: raising(error())))


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (httpx.ReadTimeout("timed out"), "the server did not answer in time"),
        (TimeoutError(), "the server did not answer in time"),
        (MemoryError(), "it needs more memory than there is"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "[Errno 111] Connection refused"),
        (httpx.RemoteProtocolError(""), "RemoteProtocolError"),
        (httpx.InvalidURL("Invalid port: 'x' in http://u:pw@h:x/"), "Invalid port: 'x' in http://***@h:x/"),
        (zlib.error("Error -3"), "error: Error -3"),
    ],
)
def test_reasons_say_what_happened(error, reason):
    with pytest.raises(FetchError) as caught:
        ask(client_of(lambda request: raising(error)))
    assert str(caught.value) == reason


def pages(**answers):
    """A client whose servers answer each path (``a_b`` is ``/a/b``), or everything with a 404."""
    named = {"/" + path.replace("_", "/"): answer for path, answer in answers.items()}

    def answer(request):
        return named.get(request.url.path, httpx.Response(404))

    return client_of(answer)


def good():
    return httpx.Response(200, stream=httpx.ByteStream(RSS))


def moved(status, location):
    return httpx.Response(status, headers={"Location": location})


def test_permanent_redirects_lead_to_the_address_to_keep():
    found = pages(old=moved(301, "/between"), between=moved(308, "//other.example/new"), new=good())
    answer = ask(found, "https://example.org/old")
    assert (answer.url, answer.moved_to, answer.body) == ("https://other.example/new", "https://other.example/new", RSS)


@pytest.mark.parametrize(
    ("first", "second", "kept"), [(301, 302, "/between"), (302, 301, "/old"), (307, 308, "/old"), (303, 302, "/old")]
)
def test_a_temporary_step_keeps_what_comes_before_it(first, second, kept):
    found = pages(old=moved(first, "/between"), between=moved(second, "/new"), new=good())
    answer = ask(found, "https://example.org/old")
    assert (answer.url, answer.moved_to) == ("https://example.org/new", f"https://example.org{kept}")


def test_nobody_moves_a_subscription_by_saying_that_nothing_is_new():
    answer = ask(pages(old=moved(301, "/new"), new=httpx.Response(304)), "https://example.org/old")
    assert (answer.status, answer.moved_to) == (304, "https://example.org/old")


def test_redirects_are_counted():
    steps = {f"p{number}": moved(301, f"/p{number + 1}") for number in range(5)}
    assert ask(pages(**steps, p5=good()), "https://example.org/p0").url == "https://example.org/p5"
    with pytest.raises(FetchError, match="more than 5 redirects"):
        ask(pages(**steps, p5=moved(301, "/p6"), p6=good()), "https://example.org/p0")


@pytest.mark.parametrize(
    "target",
    ["", "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "http://", "javascript:1", "http:///path",
     "https://example.org/" + "a" * 70_000, "http://" + "a" * 70 + ".example/", "http://\xff\xfe[::1/", "http://[::1",
     "http://example.org:99999/", "http://example.org:port/", "http://⒈。\xad..\u200b/", "http://a..b/", "unix:///run/x",
     "http://xn--/", "http://[v1.a]/", "http://[::1%25eth0]/", "http:\\\\example.org\\",
     "https://" + "x." * 500 + "org/"],
)  # fmt: skip
def test_a_redirect_to_nowhere_is_a_failure(target, monkeypatch):
    unknown = socket.gaierror(-2, "Name or service not known")
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: raising(unknown))
    answers = {"/feed": httpx.Response(302, headers=[(b"Location", target.encode("utf-8"))])}
    with pytest.raises(FetchError) as caught, make_client(private=False) as real:
        public = real._transport
        ask(client_of(lambda request: answers.get(request.url.path) or public.handle_request(request)))
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("url", ["", "ftp://example.org/", "example.org", "http://[::1", "/etc/passwd", "mailto:a@b"])
def test_only_the_web_is_asked(url):
    with pytest.raises(FetchError, match="not an http or https address"):
        ask(pages(), url)


def test_a_reason_phrase_does_as_it_is_told_by_nobody():
    answer = httpx.Response(500, extensions={"reason_phrase": b"\x1b[2J\x1b]0;pwn\x07 \x9b1m" + b"x" * 5000})
    with pytest.raises(FetchError) as caught:
        ask(client_of(lambda request: answer))
    assert str(caught.value).startswith("HTTP 500 [2J ]0;pwn ")
    assert len(str(caught.value)) <= 100


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("120", 120), ("Sun, 22 Nov 2026 05:00:00 GMT", 3600), ("soon", None), ("9" * 5000, None)],
)
def test_how_long_a_server_asks_to_wait(header, seconds):
    with pytest.raises(FetchError) as caught:
        ask(client_of(lambda request: httpx.Response(503, headers={"Retry-After": header})))
    assert caught.value.retry_after == seconds


def test_what_is_asked_is_told_to_the_server():
    asked = []
    ask(client_of(lambda request: asked.append(request.headers) or httpx.Response(304)), **{"If-None-Match": '"1"'})
    assert asked[0]["if-none-match"] == '"1"'
    with make_client(private=False) as client:
        assert client.headers["user-agent"].startswith("Xunwen/")
        assert client.headers["accept-encoding"] == "gzip, deflate"
