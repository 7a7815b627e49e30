"""The desk: watches are made from a search, show what is new, and are changed by those who may."""

from xml.etree import ElementTree

import pytest

from search_app.app import build_app
from search_app.desk.looking import look
from tests.search_app.desk.test_channels import apprise
from tests.search_app.library import put
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def here(small):
    return build_app(small, "127.0.0.1").test_client()


def page_of(client, path="/desk") -> Page:
    page = Page(client.get(path, headers=ENGLISH))
    assert page.status == 200
    assert problems_of(page.html) == []
    return page


def token(page: Page) -> str:
    return page.all("input", name="token")[0].attributes["value"]


@pytest.fixture
def watch(here, small):
    """A watch that was made from a page of results."""
    page = page_of(here, "/?q=大桥&sort=newest")
    [button] = [each for each in page.all("button", name="query") if each.text == "Watch this search"]
    query = button.attributes["value"]
    assert here.post("/desk", data={"token": token(page), "query": query}).status_code == 303
    [watch] = small.archive.watches.all()
    return watch


def test_a_search_becomes_a_watch_that_shows_what_is_new(here, small, watch):
    assert (watch.name, watch.query) == ("大桥", "q=%E5%A4%A7%E6%A1%A5")
    assert "Nothing new so far." in page_of(here).html
    put(small.installation, 1, "河湾大桥<b>通车</b>")
    look(small)
    page = page_of(here)
    assert "1 new story" in page.html
    front = page_of(here, "/")
    assert front.link("大桥 1 new story") == f"/desk#watch-{watch.id}"
    assert front.link("河湾大桥<b>通车</b>", "news").startswith("/article/")
    assert page.link("河湾大桥<b>通车</b>", "watch").startswith("/article/")
    last = page.one("input", name="last").attributes["value"]
    here.post(f"/desk/{watch.id}", data={"token": token(page), "do": "seen", "last": last})
    page = page_of(here)
    assert "1 new story" not in page.html + page_of(here, "/").html
    assert page.link("河湾大桥<b>通车</b>", "watch")


def test_a_search_that_is_watched_already_is_shown_and_not_watched_twice(here, small, watch):
    ask = {"token": token(page_of(here, "/?q=大桥")), "query": watch.query}
    assert here.post("/desk", data=ask).headers["Location"] == f"/desk#watch-{watch.id}"
    assert small.archive.watches.all() == [watch]
    here.post("/desk", data=ask | {"name": "另一个"})
    assert len(small.archive.watches.all()) == 2


def test_a_watch_is_changed_moved_and_removed(here, small, watch):
    page = page_of(here)
    form = {"token": token(page), "query": "q=通车", "name": "一<script>", "folder": "江城", "digest": "8"}
    assert here.post(f"/desk/{watch.id}", data=form | {"do": "save", "paused": "1"}).status_code == 303
    changed = small.archive.watches.get(watch.id)
    assert (changed.name, changed.folder, changed.digest, changed.paused) == ("一<script>", "江城", 8, True)
    page = page_of(here)
    assert "<script>" not in page.one("h3").text.replace("一<script>", "")
    assert page.one("h2", lang="zh").text == "江城"
    here.post("/desk", data=form | {"name": "二"})
    second = next(each for each in small.archive.watches.all() if each.name == "二")
    here.post(f"/desk/{second.id}", data={"token": form["token"], "do": "up"})
    assert [each.name for each in small.archive.watches.all()] == ["二", "一<script>"]
    here.post(f"/desk/{second.id}", data={"token": form["token"], "do": "remove"})
    assert [each.id for each in small.archive.watches.all()] == [watch.id]


@pytest.mark.parametrize("wrong", [{"do": "explode"}, {"do": "save", "query": ""}, {"do": "save", "email": "a\nb@c"}])
def test_what_is_wrong_is_told(here, watch, wrong):
    form = {"token": token(page_of(here)), "query": "q=通车"}
    answer = here.post(f"/desk/{watch.id}", data=form | wrong, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"]["allowed"]


def test_a_test_that_does_not_arrive_says_why(here, small, watch):
    form = {"token": token(page_of(here)), "query": watch.query, "email": "a@example.org", "do": "save"}
    here.post(f"/desk/{watch.id}", data=form)
    page = Page(here.post(f"/desk/{watch.id}", data=form | {"do": "test"}, headers=ENGLISH))
    assert page.status == 502
    assert "The test did not arrive." in page.html
    assert "“smtp”" in page.html


@apprise
def test_the_address_of_a_service_is_not_shown_again_and_stays(here, small, watch):
    form = {"token": token(page_of(here)), "query": watch.query, "do": "save"}
    secret = "tgram://123456789:AAE-abcdefghijklmnopqrstuvwxyz/12345"
    here.post(f"/desk/{watch.id}", data=form | {"notify": secret})
    page = page_of(here)
    assert page.one("input", name="notify").attributes["value"] == "tgram://***"
    assert "AAE-" not in page.html
    here.post(f"/desk/{watch.id}", data=form | {"notify": "tgram://***", "name": "桥"})
    changed = small.archive.watches.get(watch.id)
    assert (changed.notify, changed.name) == (secret, "桥")
    assert "AAE-" not in repr(changed)
    here.post(f"/desk/{watch.id}", data=form | {"notify": ""})
    assert small.archive.watches.get(watch.id).notify == ""


def test_others_read_and_are_told_of_no_address(small, here, watch):
    form = {"token": token(page_of(here)), "query": watch.query, "email": "reader@example.org", "do": "save"}
    here.post(f"/desk/{watch.id}", data=form)
    assert "reader@example.org" in page_of(here).html
    world = build_app(small, "0.0.0.0").test_client()
    page = page_of(world)
    assert watch.name in page.html
    assert "reader@example.org" not in page.html
    assert "Watch this search" not in world.get("/?q=大桥", headers=ENGLISH).text
    assert world.post("/desk", data=form).status_code == 401
    assert world.post(f"/desk/{watch.id}", data=form).status_code == 401
    assert here.post("/desk", data={"query": "q=桥"}).status_code == 403


def test_a_watch_is_a_feed(here, small, watch):
    put(small.installation, 1, "河湾大桥通车\x07")
    look(small)
    answer = here.get(f"/desk/{watch.id}.atom")
    assert answer.content_type == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.data)
    space = "{http://www.w3.org/2005/Atom}"
    assert [each.text for each in root.iterfind(f"{space}entry/{space}title")] == ["河湾大桥通车"]
    assert here.get(f"/desk/{watch.id}.atom", headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert here.get("/desk/0.atom").status_code == 404


def test_all_watches_are_taken_to_a_feed_reader(here, small, watch):
    assert page_of(here).link("All of them for a feed reader (OPML)") == "/desk.opml"
    [outline] = ElementTree.fromstring(here.get("/desk.opml").data).iter("outline")
    assert outline.attrib["text"] == "大桥"
    assert here.get(outline.attrib["xmlUrl"]).content_type == "application/atom+xml; charset=utf-8"
