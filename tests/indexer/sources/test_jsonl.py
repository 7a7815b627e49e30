"""Articles as JSON lines, both ways."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import jsonl

words = st.text(alphabet="新聞新闻报道 ab1&<>\"'\\/{}😀", min_size=1, max_size=30).map(
    lambda text: " ".join(text.split()) or "新"
)
moments = st.datetimes(
    min_value=datetime(1950, 1, 1),  # noqa: DTZ001
    max_value=datetime(2090, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
articles = st.builds(
    Article,
    url=st.one_of(st.just(""), st.integers(1, 99).map("https://example.org/{}".format)),
    title=words,
    text=st.lists(words, min_size=1, max_size=3).map("\n".join),
    html=st.one_of(st.just(""), words),
    source=words,
    published=st.none() | moments,
    discovered=moments,
    language=st.sampled_from(["zh-Hans", "zh-Hant", "en"]),
    guid=words,
    author=words,
)


@given(articles)
def test_what_is_written_is_read_again(article):
    line = jsonl.write_line(article)
    assert line.count("\n") == 1
    assert (
        jsonl.read_object(json.loads(line), zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 1, 1, tzinfo=UTC))
        == article
    )


def test_unknown_and_empty_fields_are_left_out():
    line = jsonl.write_line(Article(url="https://example.org/1", title="標題", text="正文"))
    parts = {"captions": "", "furniture": ""}
    assert (
        json.loads(line) == {"url": "https://example.org/1", "title": "標題", "text": "正文", "language": "und"} | parts
    )
    assert "標題" in line


def test_html_serves_where_there_is_no_text(when, now):
    article = jsonl.read_object({"title": "标题", "html": "<p>第一段。</p><script>x</script><p>第二段。</p>"}, **when)
    assert (article.text, article.discovered) == ("第一段。\n第二段。", now)


def test_dates_may_be_written_as_feeds_write_them(when):
    article = jsonl.read_object(
        {"title": "标题", "text": "正文", "published": "2024年1月5日 08:00", "discovered": 1704412800}, **when
    )
    assert article.published == article.discovered == datetime(2024, 1, 5, tzinfo=UTC)


def test_the_source_is_the_host_where_nothing_else_is_known(when):
    assert jsonl.read_object({"title": "t", "url": "https://www.zaobao.com/1"}, **when).source == "联合早报"
    assert jsonl.read_object({"title": "t", "url": "https://www.example.org/1"}, **when).source == "example.org"


def test_ids_and_unknown_fields_are_ignored(when):
    assert jsonl.read_object({"title": "t", "text": "x", "id": "ffff", "score": [1]}, **when).id == ""


def test_addresses_of_other_schemes_are_dropped(when):
    assert jsonl.read_object({"title": "t", "text": "x", "url": "javascript:alert(1)"}, **when).url == ""


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        "x",
        3,
        {},
        {"title": ""},
        {"title": ["x"]},
        {"title": "x", "text": {}},
        {"title": True},
        {"title": "x"},
    ],
)
def test_what_is_no_article_is_refused(value, when):
    with pytest.raises(SourceError):
        jsonl.read_object(value, **when)


@pytest.mark.parametrize(
    ("value", "text", "url", "dated"),
    [
        ({"title": "雨", "link": "https://a.example/1", "pubDate": "Fri, 05 Jan 2024 08:00:00 +0800", "content": "<p>下雨。</p>"}, "下雨。", "https://a.example/1", True),  # noqa: E501
        ({"headline": "雨", "body": "下雨。\n第二行", "pub_date": "2024-01-05 08:00"}, "下雨。\n第二行", "", True),
        ({"title": "雨", "desc": "摘要", "content": "下雨。", "time": "2024-01-05 08:00", "news_id": "6"}, "下雨。", "", True),  # noqa: E501
        ({"标题": "雨", "正文": "下雨。", "发布时间": "2024年1月5日 08:00", "网址": "https://a.example/1"}, "下雨。", "https://a.example/1", True),  # noqa: E501
        ({"@type": "NewsArticle", "headline": "雨", "articleBody": "下雨。", "datePublished": "2024-01-05T00:00:00Z"}, "下雨。", "", True),  # noqa: E501
        ({"title": {"rendered": "雨"}, "content": {"rendered": "<p>下雨。</p>"}, "date_gmt": "2024-01-05T00:00:00"}, "下雨。", "", True),  # noqa: E501
        ({"title": "雨", "paragraphs": ["下雨。", "刮风。"], "publish_time": 1704412800}, "下雨。\n刮风。", "", True),
        ({"title": "雨", "content": "下雨。", "riqi": "2024-01-05 08:00"}, "下雨。", "", True),
        ({"title": "雨", "content": "下雨。", "crawl_time": "2024-01-05 08:00"}, "下雨。", "", False),
        ({"title": "雨", "summary": "下雨。", "updated_at": "2024-01-05 08:00"}, "下雨。", "", True),
        ({"title": "雨", "content": "", "description": "下雨。"}, "下雨。", "", False),
        ({"title": "雨", "text": "若 a<b 且 c>d", "tags": ["x"]}, "若 a<b 且 c>d", "", False),
    ],
)  # fmt: skip
def test_lines_of_other_programs_are_read_whole(value, text, url, dated, when):
    article = jsonl.read_object(value, **when)
    assert (article.title, article.text, article.url) == ("雨", text, url)
    assert article.published == (datetime(2024, 1, 5, tzinfo=UTC) if dated else None)


@pytest.mark.parametrize(
    ("value", "named"),
    [
        ({"title": "雨", "zhengwen": "下雨。"}, "zhengwen"),
        ({"title": "雨", "wenzhang": {"text": "下雨。"}, "url": "https://a.example/1"}, "wenzhang"),
        ({"title": "雨", "duanluo": ["下雨。"]}, "duanluo"),
        ({"biaoti": "雨", "tags": "x"}, "title and text"),
        ({"score": 1}, "title and text"),
        ({"title": "雨", "category": "天气"}, "text and address"),
    ],
)
def test_a_line_whose_text_is_not_found_is_refused_with_its_members(value, named, when):
    with pytest.raises(SourceError, match=named):
        jsonl.read_object(value, **when)


def test_a_title_and_names_without_end_are_cut(when):
    article = jsonl.read_object(
        {"title": "题" * 9_000, "text": "文", "source": "源\n" * 500, "author": "a" * 500}, **when
    )
    assert (len(article.title), len(article.source), len(article.author)) == (500, 200, 200)
    assert article.text.endswith("题\n文")


@pytest.mark.parametrize(
    "dates",
    [
        {"created_at": "2024-02-01", "crawl_time": "2024-02-02", "updated": "2024-03-01", "发布日期": "2023年5月1日"},
        {"updated_at": "2024-02-01", "pubTime": 1682870400, "ctime": 1706716800},
        {"date": {"$date": {"$numberLong": "1682870400000"}}, "fetched_at": {"$date": "2024-02-01T00:00:00Z"}},
        {"created": "2024-02-01", "published_time": {"$date": "2023-04-30T16:00:00Z"}, "_id": {"$oid": "645f00"}},
    ],
)
def test_the_date_of_publication_comes_before_all_others(dates, when):
    article = jsonl.read_object({"title": "雨", "content": "下雨。"} | dates, **when)
    assert article.published == datetime(2023, 4, 30, 16, tzinfo=UTC)


def test_when_something_was_fetched_is_not_when_it_was_published(when):
    assert jsonl.read_object({"title": "雨", "content": "下雨。", "crawl_time": "2024-02-01"}, **when).published is None
