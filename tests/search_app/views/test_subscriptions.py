"""Feeds in the page: looked at, followed, filed, paused, taken from a list and to one, and followed no longer."""

import io
import re
from dataclasses import replace

import pytest

from indexer.archive import Subscription
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from indexer.sources.opml import read_opml
from search_app.app import build_app
from search_app.presentation.messages import feed_advice
from search_app.search.library import Library
from tests.indexer.fetching.servers import RSS, serving
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}
LINK = '<link rel="alternate" type="application/rss+xml" title="{}" href="{}">'


@pytest.fixture
def server():
    with serving() as server:
        server.page("/feed.xml", body=RSS)
        server.page("/site", body=LINK.format("", "/feed.xml").encode())
        server.page("/two", body=(LINK.format("<b>要闻", "/feed.xml") + LINK.format("评论", "/other.xml")).encode())
        server.page("/page", body=b"<p>no feed")
        yield server


@pytest.fixture
def empty(tmp_path):
    with Installation(Config(data=tmp_path / "index_data", fetch_private=True)) as installation:
        yield Library(installation)


@pytest.fixture
def client(empty):
    return build_app(empty, "127.0.0.1").test_client()


def page(client):
    shown = Page(client.get("/subscriptions", headers=ENGLISH))
    assert shown.status == 200
    assert problems_of(shown.html) == []
    return shown


def post(client, path="/subscriptions", status=200, **form):
    token = page(client).all("input", name="token")[0].attributes["value"]
    shown = Page(client.post(path, data={"token": token, **form}, headers=ENGLISH))
    assert shown.status == status, shown.html
    assert problems_of(shown.html) == []
    return shown


def feeds(empty) -> list[Subscription]:
    return empty.archive.subscriptions.all()


@pytest.mark.parametrize("path", ["/feed.xml", "/site"])
def test_a_feed_is_shown_before_it_is_followed(client, empty, server, path):
    shown = post(client, do="look", url=server.address + path)
    assert "江城晚报" in shown.html
    assert "一条新闻" in shown.html
    assert feeds(empty) == []
    [url] = [each.attributes["value"] for each in shown.all("input", "preview", name="url")]
    post(client, do="follow", url=url, folder=" 江城 ", status=303)
    [feed] = feeds(empty)
    assert (feed.url, feed.folder, feed.next_fetch) == (f"{server.address}/feed.xml", "江城", None)


def test_a_page_with_several_feeds_lets_one_choose(client, empty, server):
    shown = post(client, do="look", url=f"{server.address}/two")
    assert [each.text for each in shown.all("button", "preview")] == ["<b>要闻", "评论"]
    assert feeds(empty) == []


def test_an_address_without_a_feed_says_what_to_do(client, empty, server):
    assert "Enter the address of the site" in post(client, do="look", url=f"{server.address}/page").html
    assert "No feed is at this address any more." in post(client, do="look", url=f"{server.address}/gone").html
    empty.installation.config = replace(empty.installation.config, fetch_private=False)
    assert "the setting “fetch_private”" in post(client, do="look", url=f"{server.address}/feed.xml").html


WRONG = ("", "javascript:alert(1)", "疫苗", "file:///etc/passwd", f"https://{'a' * 3000}.org")


@pytest.mark.parametrize("url", WRONG)
def test_what_is_no_web_address_is_refused(client, empty, url):
    for do in ("look", "follow"):
        shown = post(client, do=do, url=url, status=400)
        assert "This is no web address." in shown.html
    assert feeds(empty) == []


def test_a_feed_is_filed_paused_hurried_and_followed_no_longer(client, empty):
    empty.archive.subscriptions.add([Subscription("https://me:SECRET@a.example/feed", "甲报")])
    empty.archive.put([Article(url="https://a.example/1", title="一", text="一")])
    [feed] = feeds(empty)
    assert "SECRET" not in page(client).html
    post(client, do="save", id=feed.id, folder="<b>早", status=303)
    assert feeds(empty)[0].folder == "<b>早"
    post(client, do="pause", id=feed.id, status=303)
    assert "1 paused" in page(client).html
    assert feeds(empty)[0].paused
    # What a fetch that was running leaves behind does not take that back.
    empty.archive.subscriptions.update(feed.url, replace(feed, next_fetch=empty.clock()))
    assert (feeds(empty)[0].paused, feeds(empty)[0].folder) == (True, "<b>早")
    post(client, do="resume", id=feed.id, status=303)
    post(client, do="fetch", id=feed.id, status=303)
    assert (feeds(empty)[0].paused, feeds(empty)[0].next_fetch) == (False, None)
    post(client, do="remove", id=feed.id, status=303)
    assert feeds(empty) == []
    assert len(list(empty.archive.iterate())) == 1
    post(client, do="remove", id=feed.id, status=404)
    post(client, do="explode", id=feed.id, status=400)


def test_lists_come_in_and_go_out_with_their_folders(client, empty):
    document = (
        '<opml><body><outline text="健康"><outline text="甲" xmlUrl="https://a.example/feed"/></outline>'
        '<outline text="乙" xmlUrl="https://b.example/feed"/><outline text="丙" xmlUrl="rsshub://c"/></body></opml>'
    )
    shown = post(client, "/subscriptions/list", list=(io.BytesIO(document.encode()), "feeds.opml"))
    assert "2 feeds are new" in shown.html
    assert "1 cannot be followed" in shown.html
    assert [(each.title, each.folder) for each in feeds(empty)] == [("甲", "健康"), ("乙", "")]
    empty.archive.subscriptions.add([Subscription("https://x.example/feed?token=SECRET")])
    out = client.get("/subscriptions.opml")
    assert b"SECRET" not in out.data
    assert [(each.title, each.folder) for each in read_opml(out.data).feeds] == [("甲", "健康"), ("乙", "")]
    refused = post(client, "/subscriptions/list", list=(io.BytesIO(b"x"), "x"), status=400)
    assert "This is no list of feeds." in refused.html
    post(client, "/subscriptions/list", status=400)


def test_others_read_and_change_nothing(client, empty):
    empty.archive.subscriptions.add([Subscription("https://a.example/feed", "甲报")])
    world = build_app(empty, "0.0.0.0").test_client()
    assert "甲报" in page(world).html
    assert page(world).all("form", "main") == []
    wanted = {"do": "remove", "id": feeds(empty)[0].id}
    for path, form in {"/subscriptions": wanted, "/subscriptions/list": {}}.items():
        assert world.post(path, data=form).status_code == 401
        assert client.post(path, data=form).status_code == 403
    assert len(feeds(empty)) == 1


def test_programs_manage_feeds(client, empty):
    key = {"Authorization": f"Bearer {empty.archive.accounts.add_key('robot')}"}
    world = build_app(empty, "0.0.0.0").test_client()
    sent = {"url": "a.example/feed?token=SECRET", "folder": "早"}
    made = world.post("/api/v1/subscriptions", data=sent, headers=key).json
    assert (made["url"], made["folder"], made["paused"]) == ("https://a.example/feed?token=***", "早", False)
    here = f"/api/v1/subscriptions/{made['id']}"
    assert world.post(here, data={"paused": "1"}, headers=key).json == made | {"paused": True}
    assert world.post(here, data={"folder": ""}, headers=key).json == made | {"paused": True, "folder": ""}
    assert world.get("/api/v1/subscriptions").json["feeds"][0]["paused"] is True
    for wrong in ({}, {"paused": "2"}, {"colour": "red"}, {"folder": "长" * 101}):
        assert world.post(here, data=wrong, headers=key).status_code == 400
    assert world.delete(here).status_code == 401
    assert world.delete(here, headers=key).status_code == 200
    assert world.delete(here, headers=key).status_code == 404


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("", ""),
        ("HTTP 403 Forbidden", "lets no programs in"),
        ("HTTP 503 Service Unavailable", "trouble of its own"),
        ("the server did not answer in time", "slow or away"),
        ("[Errno -2] Name or service not known", "No such site"),
        ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate has expired", "certificate is not good"),
        ("All connection attempts failed", "Nobody answers"),
        ("something else", "look for another feed"),
    ],
)
def test_an_error_comes_with_what_to_do(error, said):
    assert said in feed_advice(error, str)
    assert bool(feed_advice(error, str)) == bool(error)


@pytest.mark.parametrize(("failures", "told"), [(0, []), (1, ["1 failure in a row"]), (3, ["3 failures in a row"])])
def test_a_feed_that_was_fetched_and_is_damaged_has_not_failed(client, empty, failures, told):
    damaged = Subscription("https://a.example/feed", last_error="entry 3: no title", failures=failures)
    empty.archive.subscriptions.add([damaged])
    empty.archive.subscriptions.update(damaged.url, damaged)
    html = page(client).html
    assert "entry 3: no title" in html
    assert re.findall(r"\d+ failures? in a row", html) == told
