"""Whatever a stranger sends, the answer is below 500, costs no more than its share, and is no page of theirs."""

import base64
import json
import random
import socket
import threading
import time
import zlib
from contextlib import suppress
from html.parser import HTMLParser
from itertools import pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import article_id
from search_app.query.parameters import SearchParameters
from search_app.search.cursor import _check
from search_app.server import open_server
from tests.search_app.library import CHANGED

pytestmark = pytest.mark.hostile

MOST_CPU = 10
"""Seconds of CPU of one answer, a hundred times what the slowest takes: what is meant is whether there is a bound."""

ARTICLE = f"/article/{article_id(CHANGED)}"
ASKING = (
    "/",
    "/api/v1/search",
    "/api/v1/suggest",
    "/api/v1/timeline",
    "/api/v1/terms",
    "/timeline",
    "/terms",
    "/terms.csv",
    "/entities",
    "/entity",
    "/api/v1/entities",
    "/api/v1/entity",
    "/feed.atom",
    ARTICLE,
)
PAGES = (*ASKING, "/feed.rss", "/feed.json", "/desk", "/desk.opml", "/subscriptions", "/status", "/help", "/healthz",
         "/metrics", "/opensearch.xml", "/openapi.json", f"{ARTICLE}/changes", f"/api/v1{ARTICLE}")  # fmt: skip
MARKUP = "<canary oncanary=1>\"'><canary></title></textarea><canary>&lt;canary&gt;"
COMMON = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然"
)


class Canary(HTMLParser):
    """Whether what a stranger sent became an element or an attribute."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sang = False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.sang |= "canary" in tag or any("canary" in name for name, _ in attrs)


def assert_harmless(response, began):
    assert time.process_time() - began < MOST_CPU
    body = response.get_data(as_text=True)
    assert response.status_code < 500, body[:500]
    assert "Traceback" not in body
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if response.mimetype == "text/html":
        assert not Canary(body).sang
        assert "script-src 'self'" in response.headers["Content-Security-Policy"]


def ask(client, path, **settings):
    began = time.process_time()
    assert_harmless(client.get(path, **settings), began)


QUESTIONS = {
    "everything": "*",
    "beginnings of one letter": " OR ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz"),
    "beginnings, all of them": " ".join(f"{letter}*" for letter in "abcdefghijklmnopqrstuvwxyz0123456789" * 2),
    "common characters": " ".join(COMMON),
    "any of the common characters": " OR ".join(COMMON),
    "none of the common characters": " ".join(f"-{each}" for each in COMMON),
    "one long run": (COMMON * 60)[:2000],
    "rare characters": "".join(chr(0x4E00 + 5 * i) for i in range(2000)),
    "one character again and again": "的" * 2000,
    "one letter again and again": "a" * 2000,
    "a phrase of one character": f'"{"的" * 1998}"',
    "parentheses that open": "(" * 2000 + "疫苗",
    "parentheses that match": "(" * 900 + "疫苗" + ")" * 900,
    "not, not, not": "NOT " * 490 + "疫苗",
    "minus signs": "-" * 1999 + "疫",
    "not in each other": "-(-(" * 100 + "疫苗" + "))" * 100,
    "quotation marks": '"' * 2000,
    "or without sides": "OR " * 600,
    "all centuries": "date:0001..9999",
    "no century": "before:9999999999999999999999 after:-1 date:..",
    "many days": " ".join(["after:2000"] * 200),
    "many sources": " OR ".join(f"source:{number}" for number in range(80)),
    "a long host": f"site:{'a.' * 900}com",
    "fields of nothing": "title: source: lang: date: site:",
    "fields that are none": "constructor:x __proto__:y q:z",
    "nothing that shows": "\u200b" * 2000,
    "marks without a character": "\u0301\u0323" * 1000,
    "marks without end": "e" + "\u0301\u0323" * 999,
    "families": "👨‍👩‍👧‍👦" * 180,
    "right to left": "\u202e疫苗" * 500,
    "controls": "疫\x00苗\x07\x1b[31m\r\n\t\x7f\x85\u2028",
    "characters outside of planes in use": "\U0010ffff\ufffe\uffff" * 300,
    "figures": "1234567890" * 200,
    "pinyin": "xinguanbingduyimiaozhongguomeiguo" * 10,
    "pinyin with gaps": "zhong guo " * 200,
    "scripts mixed": "".join(f"{one}{i}Ｂ{other}" for i, (one, other) in enumerate(pairwise(COMMON))),
    "wildcards": "?*" * 1000,
    "a pattern": "(a+)+$ [[:alpha:]] \\" * 60,
    "a statement": "'; DROP TABLE articles; --",
    "a template": "{{ config }} ${7*7} {% include '/etc/passwd' %} %(q)s {0.__class__}",
    "markup": MARKUP * 20,
    "longer than an address may be": "疫" * 6000,
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_any_question_is_answered_or_refused(client, name):
    for path in ASKING:
        ask(client, path, query_string={"q": QUESTIONS[name]})


@given(
    text=st.text(alphabet=st.sampled_from('"()-*:.|&!?^~\\/<>疫苗总统a1 \u3000\u200b\u0301OR NOT title:'), max_size=80)
)
def test_any_mixture_of_operators_is_answered(app, text):
    for path in ("/", "/api/v1/search"):
        ask(app.test_client(), path, query_string={"q": text})


NAMES = (
    *("q", "from", "to", "source", "lang", "tz", "variants", "sort", "cursor", "limit", "recency", "explain", "fields"),
    *("format", "by", "share", "ui", "version", "script", "keep", "callback", "__class__"),
)
VALUES = (
    *("", " ", "0", "-1", "1e309", "NaN", "9" * 300, "٣", "true", "null", "[]", "{}", "../../etc/passwd", "a\x00b"),
    *(
        "/etc/passwd",
        "Asia/../../etc/passwd",
        "\\\\host\\share",
        "zh-" + "x-" * 500,
        "明天的明天",
        "2020-02-30",
        MARKUP,
    ),
    *(
        "2020" * 500,
        "%",
        "%s%n",
        "\ud83d",
        "\u202e",
        "﷽" * 200,
        "javascript:alert(1)",
        "//evil.example",
        "\r\nX-Canary: 1",
    ),
)


@pytest.mark.parametrize("name", NAMES)
def test_any_value_of_any_parameter_is_answered_or_refused(client, name):
    for path, value in product(("/", "/api/v1/search"), VALUES):
        ask(client, path, query_string={"q": "疫苗", name: value.encode("utf-8", "surrogatepass")})


def test_parameters_by_the_thousand_are_answered_or_refused(client):
    for path in PAGES:
        ask(client, path, query_string="&".join(["q=a"] * 2_000))
        ask(client, path, query_string="&".join(f"p{number}=1" for number in range(1_500)))
        ask(client, path, query_string="&" * 16_000)
        ask(client, path, query_string="a" * 20_000)


@pytest.mark.parametrize(
    "query",
    ["q=%", "q=%zz", "q=%ff%fe", "q=%c0%80", "q=%ed%a0%80", "q=%u75ab", "=&=&=", "q[]=1&q[a]=2", "q", "?q=?", ";q=1;"],
)
def test_addresses_that_are_not_quoted_right_are_answered_or_refused(client, query):
    for path in PAGES:
        ask(client, path, query_string=query)


@pytest.mark.parametrize(
    "path",
    [
        *("/%00", "/%09/evil.example", "/%0a", "/%0d%0aX-Canary:1", "/\\evil.example", "/..%2f..%2f"),
        *("/static/../app.py", "/static/%2e%2e/app.py", "/static/%00", "/article/", f"/article/{'0' * 9000}"),
        *("/article/%ff", "/article/..%2f", "/article/<canary>", "/article/%3Ccanary%3E", "/api/v1/articles/%00"),
        *("/api/v1/related/' OR 1=1", "/feed.exe", "/feed.", "/desk.opml/", "/a%3fb%23c", "/" + "a/" * 4000, "/疫苗"),
        *(f"/article/{MARKUP}", "/.git/config", "/xunwen.toml", "/article/0000000000000000/changes?version=1"),
    ],
)
def test_any_path_is_answered_and_leads_nowhere_else(client, path):
    for ui in ("", "?ui=en", "?ui=<canary>"):
        began = time.process_time()
        response = client.get(path + ui)
        assert_harmless(response, began)
        assert "X-Canary" not in response.headers
        location = response.headers.get("Location", "/")
        assert location.startswith(("/", "http://localhost/")) and not location.startswith(("//", "/\\"))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "CANARY", "get"])
def test_any_method_is_answered_or_refused(client, method):
    for path in PAGES:
        began = time.process_time()
        assert_harmless(client.open(path, method=method, data=b"\xff" * 1000), began)


@pytest.mark.parametrize(
    "cookie",
    [
        *("", "x", "%", "=" * 100, "\udcff", "疫苗", "a.b.c", "." * 9000, MARKUP),
        base64.urlsafe_b64encode(zlib.compress(b"[" * 90_000)).decode(),
        "." + base64.urlsafe_b64encode(zlib.compress(b" " * 3_000_000)).decode() + ".a.b",
    ],
)
def test_any_cookie_is_answered(client, cookie):
    for name, path in product(("session", "ui"), ("/", "/desk", "/desk.opml", "/help", ARTICLE)):
        header = f"{name}={cookie}".encode("utf-8", "surrogatepass").decode("latin-1")
        ask(client, path, headers={"Cookie": header})


WRITTEN = [1, 1.0, "00", "1.1", 1_600_000_000, 0]
ODD = (None, True, "x", [], [1], {}, -1, 10**18, 10**400, 1e308, "\ud800", "9.9")
CURSORS = {
    "as written": WRITTEN,
    "another version": [2, *WRITTEN[1:]],
    "too few": [1, 1.0, "00"],
    "no list": {"a": 1},
    "a text of six": "1abcde",
    **{
        f"{place}: {value!r:.20}": [*WRITTEN[:place], value, *WRITTEN[place + 1 :]]
        for place, value in product(range(6), (*ODD, *map(float, ("nan", "inf"))))
    },
}


def cursor(payload: bytes, sort: str) -> str:
    """With a check sum that is right: it has no key, so anybody can make one."""
    check = _check(payload, SearchParameters(text="疫苗", sort=sort), "Asia/Shanghai")
    return base64.urlsafe_b64encode(check + payload).decode().rstrip("=")


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_any_cursor_is_answered_or_refused(client, sort):
    payloads = [json.dumps(values).encode() for values in CURSORS.values()]
    payloads += [
        b"",
        b"[" * 5_000,
        b'[1,1,"a","b",' + b"9" * 5_000 + b",0]",
        b"\xff\xfe",
        b"null",
        b"[1,1,1,1,1,1]" * 90,
    ]
    for path, payload in product(("/", "/api/v1/search", "/feed.atom"), payloads):
        ask(client, path, query_string={"q": "疫苗", "sort": sort, "cursor": cursor(payload, sort)})


@pytest.fixture(scope="module")
def port(app):
    server = open_server(app, "127.0.0.1", 0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield server.port
    server.stop()
    thread.join(30)


def exchange(port: int, request: bytes) -> bytes:
    """What the server answers to these bytes, and that it answers others after them."""
    answers = []
    for sent in (request, b"GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", port), 60) as connection:
            received = b""
            # A server may hang up on a request before it has read all of it.
            with suppress(OSError):
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
            with suppress(ConnectionError):
                while part := connection.recv(65_536):
                    received += part
            answers.append(received)
    assert answers[1].startswith(b"HTTP/1.0 200")
    return answers[0]


HOSTS = (b"", b"evil.example", b"a" * 300, b"<canary>", b"a b", b"[::1", b"localhost:99999", b"localhost:x",
         b"\xff\xfe", b"user@localhost", b"localhost/<canary>", b"\xe7\x96\xab\xe8\x8b\x97", b"a\tb")  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
def test_any_host_is_answered_or_refused(port, host):
    for path in (b"/", b"/feed.atom", b"/opensearch.xml", b"/desk.opml", b"/?ui=en", b"/nothing"):
        answer = exchange(port, b"GET " + path + b" HTTP/1.0\r\nHost: " + host + b"\r\n\r\n")
        assert int(answer.split()[1]) < 500, answer[:300]
        assert b"<canary" not in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        *(b"", b"\r\n" * 100, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01" * 50),
        *(b"GET http://x/ HTTP/1.0\r\n\r\n", b"GET * HTTP/1.0\r\n\r\n", b"GET //other.example/?ui=en HTTP/1.0\r\n\r\n"),
        *(b"GET /\x00 HTTP/1.0\r\n\r\n", b"GET /\xe7\x96\xab HTTP/1.0\r\n\r\n", b"GET / HTTP/1.0\r\n folded\r\n\r\n"),
        b"GET / HTTP/1.0\r\n" + b"A: b\r\n" * 5_000 + b"\r\n",
        b"GET / HTTP/1.0\r\nA: " + b"b" * 200_000 + b"\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\nConnection: close\r\n\r\nkee=",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\nConnection: close\r\n\r\nkeep=",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nzz\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
        b"GET / HTTP/1.0\r\nAccept-Language: " + b"zh;q=" + b"9" * 5_000 + b"\r\n\r\n",
        b"GET / HTTP/1.0\r\nAccept-Language: " + b"x-," * 9_000 + b"\r\n\r\n",
        b"GET / HTTP/1.0\r\nAccept: " + b"a/b;q=x," * 5_000 + b"\r\n\r\n",
        b"GET /static/app.js HTTP/1.0\r\nRange: bytes=" + b"0-1," * 5_000 + b"\r\n\r\n",
        b"GET / HTTP/1.0\r\nIf-Modified-Since: 99999999999999999999\r\nIf-None-Match: W/\"\r\n\r\n",
        b"GET / HTTP/1.0\r\nX-Forwarded-For: <canary>\r\nX-Forwarded-Host: evil.example\r\nForwarded: for=x\r\n\r\n",
        bytes(random.Random(1).randbytes(20_000)),
    ],
    ids=lambda each: repr(each[:24]),
)  # fmt: skip
def test_any_bytes_are_answered_or_refused(port, request_bytes):
    answer = exchange(port, request_bytes)
    assert not answer or answer.split()[1] < b"500" or answer.split()[1] in (b"501", b"505"), answer[:300]
    assert b"Traceback" not in answer
    assert b"evil.example" not in answer
    assert b"Location: //" not in answer and b"Location: http" not in answer
