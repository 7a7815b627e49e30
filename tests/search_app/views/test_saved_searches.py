"""Searches that a reader keeps."""

import base64
import json
import zlib
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.query.parameters import SearchParameters
from search_app.views.saved_searches import MOST, SavedSearch, pack, query_of, unpack
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}
questions = st.builds(
    SearchParameters,
    text=st.text(alphabet='关税疫苗 a&=+"%', max_size=30),
    sources=st.lists(st.sampled_from(["財經觀察", "A&B"]), unique=True, max_size=2).map(tuple),
    sort=st.sampled_from(["relevance", "newest"]),
)


@given(st.lists(questions, max_size=30))
def test_what_is_packed_is_unpacked(kept):
    searches = list({query_of(each): SavedSearch(each, query_of(each)) for each in kept}.values())
    assert unpack(pack(searches)) == searches[: len(unpack(pack(searches)))]
    assert len(unpack(pack(searches))) == min(len(searches), MOST)


@given(st.text(max_size=200))
def test_any_cookie_is_read_without_complaint(cookie):
    assert unpack(cookie) == []


def test_a_cookie_stays_small_enough_for_browsers():
    asked = [SearchParameters(text=str(hash(i)) * 40) for i in range(40)]
    long = [SavedSearch(each, query_of(each)) for each in asked]
    assert 0 < len(pack(long)) <= 3_800


@pytest.fixture
def keep(client):
    page = Page(client.get("/?q=关税&source=財經觀察", headers=ENGLISH))
    return page.one("button", name="keep").attributes["value"]


def test_a_search_is_kept_listed_and_dropped(client, keep):
    answer = client.post("/saved", data={"keep": keep})
    assert answer.status_code == 303
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "关税 · 財經觀察" in client.get("/").get_data(as_text=True)
    page = Page(client.get("/saved", headers=ENGLISH))
    assert problems_of(page.html) == []
    assert page.link("关税 · 財經觀察") == f"/?{keep}"
    client.post("/saved", data={"drop": page.one("button", name="drop").attributes["value"]})
    assert "None yet" in client.get("/saved", headers=ENGLISH).get_data(as_text=True)


def test_kept_searches_go_to_a_feed_reader(client, keep):
    client.post("/saved", data={"keep": keep})
    [outline] = ElementTree.fromstring(client.get("/saved.opml").data).iter("outline")
    assert outline.get("type") == "rss"
    assert client.get(outline.get("xmlUrl")).mimetype == "application/atom+xml"


@given(st.lists(st.text(alphabet=st.characters(), max_size=20), max_size=5))
def test_any_searches_in_a_cookie_are_read_without_complaint(queries):
    text = json.dumps(queries).encode()
    assert len(unpack(base64.urlsafe_b64encode(zlib.compress(text)).decode())) <= len(queries)


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
    ],
)
def test_other_sites_cannot_change_what_is_kept(client, keep, headers):
    refused = client.post("/saved", data={"keep": keep}, headers=headers)
    assert refused.status_code == 403
    assert "Set-Cookie" not in refused.headers
