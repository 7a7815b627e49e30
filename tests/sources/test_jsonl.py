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
    assert json.loads(line) == {"url": "https://example.org/1", "title": "標題", "text": "正文", "language": "und"}
    assert "標題" in line


def test_html_serves_where_there_is_no_text(when, now):
    article = jsonl.read_object({"title": "标题", "html": "<p>第一段。</p><script>x</script><p>第二段。</p>"}, **when)
    assert (article.text, article.discovered) == ("第一段。\n第二段。", now)


def test_dates_may_be_written_as_feeds_write_them(when):
    article = jsonl.read_object({"title": "标题", "published": "2024年1月5日 08:00", "discovered": 1704412800}, **when)
    assert article.published == article.discovered == datetime(2024, 1, 5, tzinfo=UTC)


def test_the_source_is_the_host_where_nothing_else_is_known(when):
    assert jsonl.read_object({"title": "t", "url": "https://www.zaobao.com/1"}, **when).source == "联合早报"
    assert jsonl.read_object({"title": "t", "url": "https://www.example.org/1"}, **when).source == "example.org"


def test_ids_and_unknown_fields_are_ignored(when):
    assert jsonl.read_object({"title": "t", "id": "ffff", "score": [1]}, **when).id == ""


def test_addresses_of_other_schemes_are_dropped(when):
    assert jsonl.read_object({"title": "t", "url": "javascript:alert(1)"}, **when).url == ""


@pytest.mark.parametrize(
    "value", [None, [], "x", 3, {}, {"title": ""}, {"title": ["x"]}, {"title": "x", "text": {}}, {"title": True}]
)
def test_what_is_no_article_is_refused(value, when):
    with pytest.raises(SourceError):
        jsonl.read_object(value, **when)
