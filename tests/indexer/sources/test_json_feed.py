"""Lists of articles in JSON that other programs write."""

import json
from datetime import UTC, datetime

import pytest

from indexer.sources.feed import read_feed, read_json_feed
from indexer.sources.json_feed import is_feed, items_of, looks_like_json

DAY = datetime(2024, 1, 5, tzinfo=UTC)

STARRED = {
    "id": "user/-/state/com.google/starred",
    "title": "List of favourite articles",
    "items": [
        {
            "id": "tag:google.com,2005:reader/item/0001",
            "crawlTimeMsec": "1704499200000",
            "timestampUsec": "1704499200000000",
            "published": 1704412800,
            "title": "水库蓄水过半",
            "canonical": [{"href": "https://news.example.cn/water.html"}, {"href": "https://other.example/"}],
            "alternate": [{"href": "https://news.example.cn/water.html?utm_source=rss"}],
            "categories": ["user/-/state/com.google/starred"],
            "author": "王小明",
            "origin": {"streamId": "feed/1", "title": "江湾日报", "htmlUrl": "https://news.example.cn/"},
            "summary": {"direction": "ltr", "content": "<p>全省水库蓄水已经过半。</p>"},
        },
        {"title": "夜班公交加密", "content": {"content": "<p>间隔缩短至二十分钟。</p>"}, "published": 1704412800},
    ],
}


def test_what_reading_programs_export_is_read_whole(when):
    first, second = read_json_feed(STARRED, **when).articles
    assert (first.title, first.text, first.url) == (
        "水库蓄水过半",
        "全省水库蓄水已经过半。",
        "https://news.example.cn/water.html",
    )
    assert (first.source, first.author, first.published, first.guid) == ("江湾日报", "王小明", DAY, "")
    assert (second.text, second.published) == ("间隔缩短至二十分钟。", DAY)


def test_an_item_whose_text_is_not_found_is_told_with_its_members(when):
    feed = read_json_feed(
        {"title": "报", "items": [{"title": "雨", "zhengwen": "今天下雨。"}, {"title": "x", "text": "y"}]}, **when
    )
    ((number, reason),) = feed.rejects
    assert (number, [article.title for article in feed.articles]) == (1, ["x"])
    assert "text" in reason
    assert "zhengwen" in reason


def test_plain_text_is_no_markup(when):
    feed = {
        "version": "https://jsonfeed.org/version/1",
        "items": [{"id": "1", "content_text": "若 a<b> 则 <p>\n第二行"}],
    }
    assert read_json_feed(feed, **when).articles[0].text == "若 a<b> 则 <p>\n第二行"


@pytest.mark.parametrize("identifier", ["N/A", "3832800", "4de55c72-0000-4000-8000-000000000002", 17, "快讯-5"])
def test_an_id_that_is_no_address_never_becomes_one(identifier, when):
    feed = {
        "title": "报",
        "home_page_url": "https://kx.example/list/",
        "items": [{"id": identifier, "title": "雨", "content_html": "<p>下雨。</p>"}],
    }
    (article,) = read_json_feed(feed, **when).articles
    assert article.url == ""
    assert article.guid == ("" if identifier == "N/A" else str(identifier))


def test_wordpress_answers_a_list():
    posts = [{"id": 5, "title": {"rendered": "雨"}, "content": {"rendered": "<p>下雨。</p>", "protected": False}}]
    assert items_of(posts) == posts
    assert not is_feed(posts)


@pytest.mark.parametrize("name", ["articles", "data", "news", "results"])
def test_a_list_inside_an_object_is_found(name):
    assert items_of({"total": 1, name: [{"title": "雨"}]}) == [{"title": "雨"}]
    assert items_of({"code": 0, "data": {"page": 1, name: [{"title": "雨"}]}}) == [{"title": "雨"}]
    assert items_of({"title": "雨", "tags": ["a"]}) is None
    assert items_of({"title": "雨", "content": "下雨。", name: [{"user": "甲"}]}) is None


def test_links_in_brackets_are_no_json():
    assert looks_like_json(' [ {"a": 1}]')
    assert not looks_like_json("[雨](https://example.org/1)")


def test_a_feed_in_json_behind_a_mark_is_read(when):
    assert read_feed(("\ufeff\n\ufeff" + json.dumps(STARRED)).encode(), **when).articles[0].published == DAY
