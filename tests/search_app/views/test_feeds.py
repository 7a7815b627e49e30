"""Searches as feeds, and what browsers are told."""

import json
from dataclasses import replace
from xml.etree import ElementTree

import feedparser
import pytest

from search_app import create_app


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_a_search_is_a_feed_that_a_feed_reader_reads_without_complaint(client, form):
    response = client.get(f"/feed.{form}?q=关税")
    parsed = feedparser.parse(response.data, response_headers={"content-type": response.content_type})
    assert not parsed.bozo
    assert parsed.version in ("atom10", "rss20")
    assert parsed.feed.title.startswith("关税")
    assert len(parsed.entries) == client.get("/api/v1/search?q=关税").get_json()["total"]
    for entry in parsed.entries:
        assert entry.id.startswith("urn:xunwen:")
        assert entry.link.startswith("http")
        assert entry.title
        assert entry.published_parsed
        assert entry.author
    dates = [entry.published_parsed for entry in parsed.entries]
    assert dates == sorted(dates, reverse=True)


def test_json_feed_1_1(client):
    response = client.get("/feed.json?source=科技前线")
    feed = json.loads(response.data)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["home_page_url"].startswith("http://localhost/?source=")
    assert feed["feed_url"] == "http://localhost/feed.json?source=%E7%A7%91%E6%8A%80%E5%89%8D%E7%BA%BF"
    for item in feed["items"]:
        assert item["id"] and item["url"] and item["content_text"]
        assert item["date_published"].endswith("Z")


def test_ids_do_not_depend_on_where_the_server_stands(client, library):
    elsewhere = create_app(replace(library, hosts="news.example")).test_client()
    here = feedparser.parse(client.get("/feed.atom?q=关税").data)
    there = feedparser.parse(elsewhere.get("/feed.atom?q=关税", base_url="https://news.example").data)
    assert there.feed.link.startswith("https://news.example/")
    assert here.feed.id == there.feed.id
    assert [entry.id for entry in here.entries] == [entry.id for entry in there.entries]


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_that_did_not_change_is_not_sent_again(client, form):
    first = client.get(f"/feed.{form}?q=关税")
    again = client.get(f"/feed.{form}?q=关税", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    since = client.get(f"/feed.{form}?q=关税", headers={"If-Modified-Since": first.headers["Last-Modified"]})
    assert since.status_code == 304


def test_a_feed_of_nothing_is_still_a_feed(client):
    parsed = feedparser.parse(client.get("/feed.atom?q=zzzzqqqq").data)
    assert not parsed.bozo
    assert parsed.entries == []


def test_a_bad_date_in_a_feed_is_a_400(client):
    assert client.get("/feed.atom?from=soon").status_code == 400
    assert client.get("/feed.xml").status_code == 404


def test_a_browser_can_add_the_archive_as_a_search_engine(client):
    response = client.get("/opensearch.xml")
    root = ElementTree.fromstring(response.data)
    namespace = "{http://a9.com/-/spec/opensearch/1.1/}"
    assert root.tag == f"{namespace}OpenSearchDescription"
    templates = {url.get("type"): url.get("template") for url in root.iter(f"{namespace}Url")}
    assert templates["text/html"] == "http://localhost/?q={searchTerms}"
    # It is written in the reader's language, with the name by which the reader knows this machine.
    assert {"Host", "Accept-Language"} <= set(response.vary)
    assert response.cache_control.private
    typed, completions = client.get("/opensearch-suggest?q=特朗").get_json()
    assert typed == "特朗"
    assert isinstance(completions, list)
