"""Fetching feeds from a real HTTP server on this machine."""

import gzip
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from zoneinfo import ZoneInfo

import httpx
import pytest

from indexer import fetch as fetching
from indexer.fetch import Fetched, Outcome, fetch, make_client
from indexer.sources.subscription import Subscription

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
RSS = (
    "<rss version='2.0'><channel><title>江城晚报</title><item><title>一条新闻</title><link>/1</link>"
    "<pubDate>2026-11-22 08:00</pubDate></item></channel></rss>"
).encode()


@dataclass
class Server:
    """Answers each path by a function from the request to status, headers and body."""

    address: str
    pages: dict[str, Callable[[BaseHTTPRequestHandler], tuple[int, dict[str, str], bytes]]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def page(self, path, status=200, body=b"", **headers):
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.pages[path] = lambda request: (status, named, body)
        return self.address + path


@pytest.fixture
def server():
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            state.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
            status, headers, body = state.pages[self.path](self)
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args):
            pass

    class Quiet(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, request, client_address):
            """The client hanging up in the middle is what some tests are about."""

    httpd = Quiet(("127.0.0.1", 0), Handler)
    state = Server(f"http://127.0.0.1:{httpd.server_port}")
    thread = threading.Thread(target=httpd.serve_forever, args=(0.01,))
    thread.start()
    yield state
    httpd.shutdown()
    httpd.server_close()
    thread.join()


@pytest.fixture
def client():
    with make_client() as client:
        yield client


def ask(client, *subscriptions, **options) -> list[Fetched]:
    return list(fetch(subscriptions, client=client, zone=SHANGHAI, now=NOW, **options))


def test_a_feed_is_fetched_and_its_state_kept(server, client):
    url = server.page(
        "/feed", body=RSS, ETag='"1"', Last_Modified="Sun, 22 Nov 2026 03:00:00 GMT", Cache_Control="max-age=3600"
    )
    (result,) = ask(client, Subscription(url, failures=3, last_error="HTTP 500"))
    assert result.outcome is Outcome.FETCHED
    assert result.subscription == Subscription(
        url=url,
        title="江城晚报",
        etag='"1"',
        last_modified="Sun, 22 Nov 2026 03:00:00 GMT",
        last_fetched=NOW,
        next_fetch=NOW + timedelta(hours=1),
    )
    (article,) = result.articles
    assert (article.title, article.url, article.source) == ("一条新闻", f"{server.address}/1", "江城晚报")
    assert article.published == datetime(2026, 11, 22, 0, 0, tzinfo=UTC)
    assert article.discovered == NOW


def test_what_is_known_is_not_sent_again(server, client):
    url = server.page("/feed", status=304)
    before = Subscription(url, title="晚报", etag='"1"', last_modified="Sun, 22 Nov 2026 03:00:00 GMT")
    (result,) = ask(client, before)
    headers = server.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Sun, 22 Nov 2026 03:00:00 GMT")
    assert headers["user-agent"].startswith("Xunwen/")
    assert (result.outcome, result.articles) == (Outcome.UNCHANGED, ())
    assert (result.subscription.etag, result.subscription.last_modified) == (before.etag, before.last_modified)
    assert result.subscription.last_fetched == NOW


def test_a_feeds_own_title_and_zone_come_first(server, client):
    url = server.page("/feed", body=RSS)
    (result,) = ask(client, Subscription(url, title="我的晚报", zone="Europe/Paris"))
    assert (result.subscription.title, result.articles[0].source) == ("我的晚报", "我的晚报")
    assert result.articles[0].published == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_one_failing_feed_does_not_stop_the_others(server, client):
    good = server.page("/good", body=RSS)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    urls = [
        server.page("/404", status=404),
        dead,
        "http://no-such-host.invalid/",
        "ftp://example.org/",
        "http://[::1",
        server.page("/html", body=b"<html><body>hello</body></html>"),
        server.page("/empty"),
        good,
    ]
    results = ask(client, *(Subscription(url) for url in urls))
    assert [result.outcome for result in results] == [Outcome.FAILED] * 7 + [Outcome.FETCHED]
    assert [result.subscription.url for result in results] == urls
    for result in results[:-1]:
        assert result.subscription.last_error and "\n" not in result.subscription.last_error
        assert (result.subscription.failures, result.subscription.next_fetch) == (1, NOW + timedelta(minutes=15))
    assert results[0].subscription.last_error == "HTTP 404 Not Found"


def test_failures_keep_what_was_known_and_wait_longer_each_time(server, client):
    url = server.page("/busy", status=503, Retry_After="7200")
    before = Subscription(url, title="晚报", etag='"1"', failures=2)
    (result,) = ask(client, before)
    after = result.subscription
    assert (after.failures, after.etag, after.title) == (3, '"1"', "晚报")
    assert after.next_fetch == NOW + timedelta(hours=2)


def test_permanent_redirects_change_the_address(server, client):
    server.page("/new", body=RSS)
    server.page("/between", status=308, Location="/new")
    url = server.page("/old", status=301, Location="/between")
    (result,) = ask(client, Subscription(url))
    assert result.subscription.url == f"{server.address}/new"


def test_a_permanent_redirect_after_a_temporary_one_does_not(server, client):
    server.page("/new", body=RSS)
    server.page("/between", status=301, Location="/new")
    url = server.page("/old", status=302, Location="/between")
    (result,) = ask(client, Subscription(url))
    assert (result.outcome, result.subscription.url) == (Outcome.FETCHED, url)


def test_a_redirect_to_something_that_is_no_feed_does_not(server, client):
    server.page("/login", body=b"<html>please log in</html>")
    url = server.page("/old", status=301, Location="/login")
    (result,) = ask(client, Subscription(url))
    assert (result.outcome, result.subscription.url) == (Outcome.FAILED, url)


@pytest.mark.parametrize("target", ["/loop", "file:///etc/passwd", "ftp://example.org/", "", "http://[::1"])
def test_redirects_are_bounded_and_stay_on_the_web(server, client, target):
    url = server.page("/loop", status=302, Location=target)
    (result,) = ask(client, Subscription(url))
    assert result.outcome is Outcome.FAILED
    assert "redirect" in result.subscription.last_error or "location" in result.subscription.last_error
    assert len(server.asked) <= fetching.REDIRECTS + 1


def test_packed_answers_are_unpacked_within_the_size_limit(server, client, monkeypatch):
    good = server.page("/gzip", body=gzip.compress(RSS), Content_Encoding="gzip")
    monkeypatch.setattr(fetching, "LARGEST", 100_000)
    bomb = server.page("/bomb", body=gzip.compress(RSS + b" " * 5_000_000), Content_Encoding="gzip")
    broken = server.page("/broken", body=b"not gzip", Content_Encoding="gzip")
    results = ask(client, *(Subscription(url) for url in (good, bomb, broken)))
    assert [result.outcome for result in results] == [Outcome.FETCHED, Outcome.FAILED, Outcome.FAILED]
    assert "larger than" in results[1].subscription.last_error


def test_a_feed_that_trickles_is_given_up(server, client):
    url = server.page("/feed", body=RSS)
    ticks = iter([0.0, fetching.LONGEST + 1])
    (result,) = ask(client, Subscription(url), clock=lambda: next(ticks))
    assert "not complete" in result.subscription.last_error


def test_a_server_that_does_not_answer_is_given_up(server):
    done = threading.Event()
    server.pages["/silent"] = lambda request: (200 if done.wait(5) else 500, {}, b"")
    with make_client() as impatient:
        impatient.timeout = httpx.Timeout(0.05)
        (result,) = ask(impatient, Subscription(server.address + "/silent"))
    done.set()
    assert result.subscription.last_error == "the server did not answer in time"


def test_an_answer_that_breaks_off_is_a_failure(server, client):
    url = server.page("/short", body=RSS[:50], Content_Length="5000")
    (result,) = ask(client, Subscription(url))
    assert result.outcome is Outcome.FAILED


def test_the_headers_charset_helps_where_the_feed_is_silent(server, client):
    body = RSS.decode().replace("一条新闻", "中国新闻的标题").encode("gb18030")
    url = server.page("/gbk", body=body, Content_Type="text/xml; charset=gb2312")
    (result,) = ask(client, Subscription(url))
    assert result.articles[0].title == "中国新闻的标题"


def test_an_unknown_zone_and_odd_validators_are_no_accident(server, client):
    url = server.page("/feed", body=RSS)
    odd_zone, odd_etag = ask(client, Subscription(url, zone="Mars/Olympus"), Subscription(url, etag='"中"'))
    assert "time zone" in odd_zone.subscription.last_error
    assert odd_etag.outcome is Outcome.FETCHED
