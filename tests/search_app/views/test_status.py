"""The subscriptions and the state of archive and index."""

import shutil
from pathlib import Path

import pytest

from indexer.archive import Page as ArticlePage
from indexer.archive import Subscription
from indexer.config import Config
from search_app import create_app
from search_app.app import build_app
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


def test_feeds_in_trouble_come_first_with_their_error(client):
    page = Page(client.get("/subscriptions", headers=ENGLISH))
    assert problems_of(page.html) == []
    rows = [" ".join(row.text.split()) for row in page.all("li", "feeds")]
    assert rows[0].startswith("gone.example.net")
    assert "HTTP 404: not found" in rows[0]
    assert "5 failures in a row" in rows[0]
    assert any(row.startswith("新订阅") and "never" in row for row in rows)
    assert any(row.startswith("环球晨报") and "2026-11-20 16:30" in row and "fine" in row for row in rows)


def test_a_feeds_secrets_are_not_shown_and_a_wrong_clock_keeps_it_from_nothing(client):
    page = Page(client.get("/subscriptions", headers=ENGLISH))
    assert "SECRET" not in page.html
    (row,) = [" ".join(row.text.split()) for row in page.all("li", "feeds") if "私人订阅" in row.text]
    assert "https://***@private.example.org/feed?token=***" in row
    assert "2300" not in row
    assert row.endswith("Next now")


def test_the_status_page_tells_where_nobody_looked_for_names(client, small):
    assert "nobody looked for names" not in client.get("/status", headers=ENGLISH).text
    assert "In 1 article nobody looked for names" in build_app(small).test_client().get("/status", headers=ENGLISH).text


def test_the_status_page_tells_sizes_and_what_is_waiting(client):
    page = Page(client.get("/status", headers=ENGLISH))
    text = " ".join(page.html.split())
    assert "nothing: up to date" in text
    assert "<dt>Generation</dt><dd>1</dd>" in text
    assert "kB" in text or "MB" in text
    assert page.link("科技前线") == "/?source=%E7%A7%91%E6%8A%80%E5%89%8D%E7%BA%BF&sort=newest"


@pytest.mark.parametrize("name", ["variants.tsv", "learned_names.tsv", "lexicon.tsv"])
@pytest.mark.parametrize("content", ["特朗普\n".encode(), bytes(range(256)) * 20, b"\xff\xfe", b"a\t\0\n" * 100])
def test_whatever_stands_in_a_file_that_helps_everything_answers_and_says_so(library, tmp_path, name, content):
    data = Path(shutil.copytree(library.data, tmp_path / "data"))
    (data / name).write_bytes(content)
    client = create_app(Config(data=data)).test_client()
    for address in (
        "/",
        "/?q=关税",
        "/?q=关稅税税",
        "/api/v1/search?q=川普",
        "/api/v1/suggest?q=te",
        "/timeline?q=关税",
    ):
        assert client.get(address, headers=ENGLISH).status_code == 200, address
    health = client.get("/healthz")
    assert (health.status_code, health.get_json()["status"]) == (200, "ok")
    assert name in " ".join(health.get_json()["warnings"])
    assert name in client.get("/status", headers=ENGLISH).get_data(as_text=True)


def test_a_switch_has_a_feeds_pages_fetched_and_tells_how_that_goes(small):
    small.archive.subscriptions.add([Subscription("https://me:SECRET@a.example/feed?token=SECRET", "江城晚报")])
    here = build_app(small, "127.0.0.1").test_client()
    page = Page(here.get("/subscriptions", headers=ENGLISH))
    assert problems_of(page.html) == []
    assert "SECRET" not in page.html
    form = {"token": page.all("input", name="token")[0].attributes["value"]}
    form |= {"id": page.one("input", name="id").attributes["value"]}
    assert here.post("/subscriptions", data=form | {"do": "pages"}).status_code == 303
    [feed] = small.archive.subscriptions.all()
    assert feed.full_text
    small.archive.pages.expect(feed.url, {"a" * 16: "x", "b" * 16: "y"}, small.clock())
    small.archive.pages.keep(ArticlePage(id="a" * 16, feed=feed.url, said="x", tries=4, error="HTTP 404 Not Found"))
    text = " ".join(Page(here.get("/subscriptions", headers=ENGLISH)).html.split())
    assert "1 page waits" in text
    assert "1 page was given up" in text
    assert "HTTP 404 Not Found" in text
    status = Page(here.get("/status", headers=ENGLISH))
    assert problems_of(status.html) == []
    assert "1 page was given up" in status.html
    assert here.post("/subscriptions", data=form | {"do": "no-pages"}).status_code == 303
    assert not small.archive.subscriptions.all()[0].full_text
    assert here.post("/subscriptions", data=form | {"id": "x", "do": "pages"}).status_code == 404
    assert here.post("/subscriptions", data={"id": form["id"], "do": "pages"}).status_code == 403
