"""From the address of a page to its feeds."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.fetching.discovery import Link, discover, discover_one, feeds_of
from indexer.fetching.download import Answer
from indexer.fetching.worker import Worker
from tests.indexer.fetching.servers import RSS

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ONE = "<link rel='alternate' type='application/rss+xml' title='新闻' href='/rss.xml'>"
TWO = "<link rel='alternate' type='application/atom+xml; charset=utf-8' title='评论\x1b[2J' href='talk?token=SECRET'>"
FIRST, SECOND = Link("https://example.org/rss.xml", "新闻"), Link("https://example.org/a/talk?token=SECRET", "评论 [2J")
JSON = "<link rel=alternate type=application/feed+json href=/feed.json>"
ODD = "<LINK REL='Feed ALTERNATE' TYPE=' Application/RSS+XML ' HREF='//f.example/'>"


@pytest.fixture(scope="module")
def worker():
    with Worker() as worker:
        yield worker


def page(markup):
    return f"<!doctype html><html><head><title>江城晚报</title>{markup}</head><body>一条新闻</body></html>".encode()


def links(markup, url="https://example.org/a/b"):
    return feeds_of(Answer(200, {}, markup if isinstance(markup, bytes) else page(markup), None, url, url))


@pytest.mark.parametrize(
    "body",
    [RSS, b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'></feed>", b'{"title": "T", "items": []}'],
)
def test_a_feed_is_followed_as_it_is(body):
    assert links(body) is None


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        (ONE, [FIRST]),
        (ONE + ONE, [FIRST]),
        (ONE + TWO, [FIRST, SECOND]),
        (ODD, [Link("https://f.example/", "")]),
        (JSON, [Link("https://example.org/feed.json", "")]),
        ("<base href='https://b.example/x/'>" + JSON, [Link("https://b.example/feed.json", "")]),
        ("<link rel='alternate stylesheet' type='text/css' href='/x.css'>", []),
        ("<link rel='alternate' hreflang='en' href='/en'>", []),
        ("<link rel='stylesheet' type='application/rss+xml' href='/rss.xml'>", []),
        ("<link rel='alternate' type='application/rss+xml'>", []),
        ("<link rel='alternate' type='application/rss+xml' href='javascript:alert(1)'>", []),
        ("<link rel='alternate' type='application/rss+xml' href='http://[::1'>", []),
        ("<!-- " + ONE + " -->", []),
        (b"", []),
        (b"<!-- nothing -->", []),
        (b"plain text", []),
        (b'{"no": "feed"}', []),
        (b"{", []),
        ("{" * 100_000, []),
        (b"\x89PNG\r\n\x1a\n\0\0", []),
    ],
)
def test_the_feeds_that_a_page_names(markup, found):
    assert links(markup) == found


@given(st.one_of(st.binary(), st.text().map(lambda text: page(ONE + text))))
def test_no_page_raises(body):
    links(body)


def test_the_one_feed_of_a_page_is_taken(server, worker):
    server.page("/rss.xml", body=RSS)
    server.page("/site/", body=page(ONE))
    url = server.page("/", status=302, Location="/site/")
    found = discover_one(url, worker, NOW, private=True)
    assert (found.asked, found.feed, found.problem) == (url, f"{server.address}/rss.xml", "")
    feed = server.page("/feed", body=RSS)
    assert discover_one(feed, worker, NOW, private=True).feed == feed


def test_several_feeds_are_listed_without_their_secrets(server, worker):
    with pytest.raises(SourceError) as caught:
        discover_one(server.page("/", body=page(ONE + TWO)), worker, NOW, private=True)
    assert str(caught.value).splitlines()[1:] == [
        f"  {server.address}/rss.xml  新闻",
        f"  {server.address}/talk?token=***  评论 [2J",
    ]


def test_a_page_without_feeds_is_told(server, worker):
    with pytest.raises(SourceError, match="is no feed, and names none"):
        discover_one(server.page("/", body=page("")), worker, NOW, private=True)


def test_an_address_that_cannot_be_asked_now_is_followed_as_it_is(server):
    urls = [server.address + "/404", "http://no-such-host.invalid/", "http://" + "a" * 70 + ".example/"]
    found = {page.asked: page for page in discover(urls, now=NOW, private=True)}
    assert [found[url].feed for url in urls] == urls
    assert found[urls[0]].problem == "HTTP 404 Not Found"
    assert all(page.problem for page in found.values())


def test_private_addresses_are_not_asked(server, worker):
    url = server.page("/", body=page(ONE))
    assert "fetch_private" in discover_one(url, worker, NOW).problem
    assert not server.asked
