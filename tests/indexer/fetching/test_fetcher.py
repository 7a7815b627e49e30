"""Fetching feeds from real HTTP servers on this machine, good ones and bad ones."""

import gzip
import socket
import zlib
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from indexer.archive import Subscription
from indexer.errors import ArchiveError, CallFailed, ConfigError, FetchError, SourceError
from indexer.fetching import download, fetcher
from indexer.fetching.fetcher import Fetched, Outcome, fetch, fetch_one
from indexer.fetching.worker import Limits, Worker
from tests.indexer.fetching.calls import Here, deadly, forget_names
from tests.indexer.fetching.servers import RSS
from tests.indexer.fetching.test_download import ALL, raising

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MB = 1024 * 1024


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


@pytest.fixture
def ask(worker):
    def ask(subscription, *, private=True) -> Fetched:
        feed = Subscription(subscription) if isinstance(subscription, str) else subscription
        return fetch_one(feed, worker, zone=SHANGHAI, now=NOW, private=private)

    return ask


def fetch_all(*subscriptions, private=True):
    """Results by address."""
    found = list(fetch(subscriptions, zone=SHANGHAI, now=NOW, private=private))
    assert len(found) == len(subscriptions)
    return {result.before.url: result for result in found}


def test_a_feed_is_fetched_and_its_state_kept(server, ask):
    url = server.page(
        "/feed", body=RSS, ETag='"1"', Last_Modified="Sun, 22 Nov 2026 03:00:00 GMT", Cache_Control="max-age=3600"
    )
    before = Subscription(url, failures=3, last_error="HTTP 500")
    result = ask(before)
    assert (result.outcome, result.before) == (Outcome.FETCHED, before)
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


def test_what_is_known_is_not_sent_again(server, ask):
    url = server.page("/feed", status=304)
    before = Subscription(url, title="晚报", etag='"1"', last_modified="Sun, 22 Nov 2026 03:00:00 GMT")
    result = ask(before)
    headers = server.asked[0][1]
    assert (headers["if-none-match"], headers["if-modified-since"]) == ('"1"', "Sun, 22 Nov 2026 03:00:00 GMT")
    assert headers["user-agent"].startswith("Xunwen/")
    assert (result.outcome, result.articles) == (Outcome.UNCHANGED, ())
    assert (result.subscription.etag, result.subscription.last_modified) == (before.etag, before.last_modified)
    assert result.subscription.last_fetched == NOW


def test_a_feeds_own_title_and_zone_come_first(server, ask):
    url = server.page("/feed", body=RSS)
    result = ask(Subscription(url, title="我的晚报", zone="Europe/Paris"))
    assert (result.subscription.title, result.articles[0].source) == ("我的晚报", "我的晚报")
    assert result.articles[0].published == datetime(2026, 11, 22, 7, 0, tzinfo=UTC)


def test_one_failing_feed_does_not_stop_the_others(server):
    good = server.page("/good", body=RSS)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        dead = f"http://127.0.0.1:{closed.getsockname()[1]}/"
    bad = [
        server.address + "/404",
        dead,
        "http://no-such-host.invalid/",
        "ftp://example.org/",
        "http://[::1",
        "http://" + "a" * 70 + ".example/",
        server.page("/html", body=b"<html><body>hello</body></html>"),
        server.page("/empty"),
        server.page("/long", status=302, Location="http://" + "b" * 70 + ".example/"),
    ]
    results = fetch_all(*map(Subscription, [*bad, good]))
    assert results[good].outcome is Outcome.FETCHED
    for url in bad:
        kept = results[url].subscription
        assert (results[url].outcome, kept.url) == (Outcome.FAILED, url)
        assert kept.last_error.isprintable()
        assert kept.last_error
        assert (kept.failures, kept.next_fetch) == (1, NOW + timedelta(minutes=15))
    assert results[bad[0]].subscription.last_error == "HTTP 404 Not Found"


def test_failures_keep_what_was_known_and_wait_longer_each_time(server, ask):
    url = server.page("/busy", status=503, Retry_After="7200")
    before = Subscription(url, title="晚报", etag='"1"', failures=2)
    after = ask(before).subscription
    assert (after.failures, after.etag, after.title) == (3, '"1"', "晚报")
    assert after.next_fetch == NOW + timedelta(hours=2)


@pytest.mark.parametrize("error", ALL)
def test_whatever_is_raised_the_feed_is_marked_as_failed_and_comes_again(error, monkeypatch):
    monkeypatch.setattr(download, "download", lambda *_, **__: raising(error))
    result = fetch_one(Subscription("https://example.org/"), Here(), zone=UTC, now=NOW)
    kept = result.subscription
    assert (result.outcome, kept.failures, kept.last_fetched) == (Outcome.FAILED, 1, NOW)
    assert NOW < kept.next_fetch <= NOW + timedelta(days=1)
    assert 0 < len(kept.last_error) <= 300
    assert kept.last_error.isprintable()


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit])
def test_what_ends_a_program_ends_the_run(error, monkeypatch):
    monkeypatch.setattr(fetcher, "fetch_one", lambda *_, **__: raising(error()))
    with pytest.raises(error):
        fetch_all(Subscription("https://a.example/"), Subscription("https://b.example/"))


@pytest.mark.parametrize(
    "error", [FetchError("x"), SourceError("x"), CallFailed("x"), ArchiveError("x"), ConfigError("x")]
)
def test_errors_of_our_own_are_reasons_too(error, monkeypatch):
    monkeypatch.setattr(download, "download", lambda *_, **__: raising(error))
    assert fetch_one(Subscription("https://a.example/"), Here(), zone=UTC, now=NOW).subscription.last_error == "x"


# -- where feeds move to -----------------------------------------------------------------------------------------------


def test_permanent_redirects_change_the_address(server, ask):
    server.page("/new", body=RSS)
    server.page("/between", status=308, Location="/new")
    assert ask(server.page("/old", status=301, Location="/between")).subscription.url == f"{server.address}/new"


def test_a_permanent_redirect_after_a_temporary_one_does_not(server, ask):
    server.page("/new", body=RSS)
    server.page("/between", status=301, Location="/new")
    url = server.page("/old", status=302, Location="/between")
    result = ask(url)
    assert (result.outcome, result.subscription.url) == (Outcome.FETCHED, url)


def test_a_redirect_to_something_that_is_no_feed_does_not(server, ask):
    server.page("/login", body=b"<html>please log in</html>")
    url = server.page("/old", status=301, Location="/login")
    result = ask(url)
    assert (result.outcome, result.subscription.url) == (Outcome.FAILED, url)


def test_a_redirect_to_something_that_is_not_new_does_not(server, ask):
    server.page("/new", status=304)
    url = server.page("/old", status=301, Location="/new")
    assert ask(url).subscription.url == url


def test_private_addresses_are_asked_only_where_a_setting_says_so(server, ask):
    url = server.page("/feed", body=RSS)
    result = ask(url, private=False)
    assert "127.0.0.1 is a private address" in result.subscription.last_error
    assert not server.asked


# -- servers that mean harm --------------------------------------------------------------------------------------------

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
ENDLESS = {
    "silence": (b"", b"", 0),
    "headers one byte at a time": (b"HTTP/1.1 200 OK\r\nX-A: ", b"y", 0.1),
    "half a status line": (b"HTTP/1.1 2", b"0", 0.1),
    "header after header": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n", 0.1),
    "continue after continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", 0.05),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 0.05),
    "a body one byte at a time": (HEAD + b"\r\n", b"<", 0.1),
    "a chunk's extension": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a", 0.1),
    "chunk after chunk": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", 0.1),
    "trailers": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", b"X: y\r\n", 0.1),
    "the name of a packed file": (HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\x08" + bytes(6), b"n", 0.1),
    "empty blocks": (HEAD + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0" + bytes(6), b"\0\0\0\xff\xff", 0.1),
    "empty files": (HEAD + b"Content-Encoding: gzip\r\n\r\n", gzip.compress(b""), 0.1),
    "error body": (b"HTTP/1.1 500 Oops\r\nContent-Length: 99999999\r\n\r\n", b"x", 0.1),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_no_server_keeps_a_fetch_for_longer_than_its_time(server, ask, monkeypatch, kind):
    good = server.page("/good", body=RSS)
    assert ask(good).outcome is Outcome.FETCHED  # the worker has started
    answer, then, every = ENDLESS[kind]
    url = server.raw("/feed", answer, then or b"\r\n", every or 60)
    with monkeypatch.context() as patched:
        patched.setattr(download, "LIMITS", Limits(seconds=1.5, cpu_seconds=20))
        result = ask(url)
    assert result.outcome is Outcome.FAILED
    assert result.subscription.last_error in ("not complete after 2 seconds", "HTTP 500 Oops")
    assert ask(good).outcome is Outcome.FETCHED


def test_a_handshake_and_a_name_that_never_come_are_given_up_too(server, ask, monkeypatch):
    monkeypatch.setattr(download, "LIMITS", Limits(seconds=1.5, cpu_seconds=20))
    url = server.address.replace("http:", "https:") + "/feed"  # the server waits for the end of a request
    assert ask(url).subscription.last_error == "not complete after 2 seconds"
    with Worker() as deaf:
        deaf.call(Limits(60, 60), forget_names)
        result = fetch_one(Subscription("https://slow.example/"), deaf, zone=UTC, now=NOW)
    assert result.subscription.last_error == "not complete after 2 seconds"


def deflated(data):
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    return packer.compress(data) + packer.flush()


BOMB = RSS + bytes(64 * MB)
RLE_BLOCK = ((128 << 10) << 3 | 1 << 1).to_bytes(3, "little") + b"x"


@pytest.mark.parametrize(
    ("coding", "body", "reason"),
    [
        ("gzip", gzip.compress(BOMB), "larger than 16 MB"),
        ("x-gzip", gzip.compress(BOMB), "larger than 16 MB"),
        ("deflate", zlib.compress(BOMB), "larger than 16 MB"),
        ("deflate", deflated(BOMB), "larger than 16 MB"),
        ("gzip", b"".join([gzip.compress(bytes(MB))] * 20), "larger than 16 MB"),
        ("gzip, gzip", gzip.compress(gzip.compress(BOMB)), "packed more than once"),
        ("zstd", b"\x28\xb5\x2f\xfd\x00\x38" + RLE_BLOCK * 16384, "packed as zstd, which was not asked for"),
        ("br", b"\x8b", "packed as br, which was not asked for"),
        ("gzip", b"not gzip", "damaged"),
        ("gzip", gzip.compress(RSS)[:-9], "breaks off"),
        ("", RSS + bytes(17 * MB), "larger than 16 MB"),
    ],
)
def test_packed_answers_are_unpacked_within_the_size_limit(server, ask, coding, body, reason):
    url = server.page("/bomb", body=body, Content_Encoding=coding)
    assert reason in ask(url).subscription.last_error


@pytest.mark.parametrize(
    ("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", deflated)]
)
def test_packed_feeds_are_read(server, ask, coding, pack):
    url = server.page("/feed", body=pack(RSS), Content_Encoding=coding)
    assert ask(url).articles[0].title == "一条新闻"


def item(content):
    return b"<rss version='2.0'><channel><item><title>t</title>" + content + b"</item></channel></rss>"


@pytest.mark.parametrize(
    "author",
    [
        b"<author>" + b"a." * 60_000 + b"</author>",
        b"<itunes:author>" + b"a.b-" * 30_000 + b"</itunes:author>",
        b"<dc:creator>" + b"a." * 60_000 + b"</dc:creator>",
    ],
    ids=["author", "itunes", "creator"],
)
def test_an_author_of_any_length_costs_little(server, ask, monkeypatch, author):
    monkeypatch.setattr(fetcher, "READING", Limits(seconds=60, cpu_seconds=5))
    assert ask(server.page("/feed", body=item(author))).articles[0].title == "t"


def test_a_feed_whose_reading_costs_too_much_is_given_up(server, ask, monkeypatch):
    url = server.page("/feed", body=b"<rss><channel><item>" + b"<a>" * 100_000)
    with monkeypatch.context() as patched:
        patched.setattr(fetcher, "READING", Limits(seconds=60, cpu_seconds=1))
        result = ask(url)
    assert result.subscription.last_error == "took more than 1 seconds of computing"
    assert ask(server.page("/good", body=RSS)).outcome is Outcome.FETCHED


def test_a_feed_that_takes_too_much_memory_is_given_up(server, ask, monkeypatch):
    monkeypatch.setattr(fetcher, "READING", Limits(seconds=60, cpu_seconds=60, memory=256 * MB))
    body = item(b"<description>" + b"&lt;p&gt;x" * 1_000_000 + b"</description>")
    assert "memory" in ask(server.page("/feed", body=body)).subscription.last_error


def test_a_flood_of_articles_is_refused(server, ask):
    many = b"<rss version='2.0'><channel>" + b"<item><title>t</title></item>" * 10_001 + b"</channel></rss>"
    result = ask(server.page("/feed", body=many))
    assert result.subscription.last_error == "it holds 10,001 articles; at most 10,000 are taken"


def test_what_comes_from_outside_is_plain_and_bounded(server, ask):
    title = "\x1b[2J\u202e标题\x9b" * 1000
    url = server.page("/feed", body=RSS.replace("江城晚报".encode(), title.encode()), ETag="x" * 50_000)
    kept = ask(url).subscription
    assert len(kept.title) <= 300
    assert kept.title.isprintable()
    assert kept.etag == ""
    url = server.page("/reason", status="500 \x1b[2J\x1b]0;pwn\x07")
    error = ask(url).subscription.last_error
    assert "500" in error
    assert error.isprintable()
    secret = ask("https://user:SECRET@no-such-host.invalid/?token=SECRET")
    assert "SECRET" not in secret.subscription.last_error


def test_a_worker_that_dies_costs_its_feed_and_no_other(server, monkeypatch):
    monkeypatch.setattr(download, "download", deadly)
    good, bad = server.page("/good", body=RSS), server.page("/bad", body=RSS)
    results = fetch_all(Subscription(bad), Subscription(good))
    assert "ended unexpectedly" in results[bad].subscription.last_error
    assert results[good].outcome is Outcome.FETCHED


# -- what is read ------------------------------------------------------------------------------------------------------


def test_an_answer_that_breaks_off_is_a_failure(server, ask):
    assert ask(server.page("/short", body=RSS[:50], Content_Length="5000")).outcome is Outcome.FAILED


def test_the_headers_charset_helps_where_the_feed_is_silent(server, ask):
    body = RSS.decode().replace("一条新闻", "中国新闻的标题").encode("gb18030")
    result = ask(server.page("/gbk", body=body, Content_Type="text/xml; charset=gb2312"))
    assert result.articles[0].title == "中国新闻的标题"


def test_an_unknown_zone_and_odd_validators_are_no_accident(server, ask):
    url = server.page("/feed", body=RSS)
    assert "time zone" in ask(Subscription(url, zone="Mars/Olympus")).subscription.last_error
    assert ask(Subscription(url, etag='"中"')).outcome is Outcome.FETCHED
