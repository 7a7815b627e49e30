"""Archived posts, whole and with parts missing."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources.post import read_post

BODY = "<p>台北今天下雨。</p><p>气温降到十五度。</p>"


def test_a_post_is_read_whole(when, now):
    text = f"<!--1599400614000-->\n[台北下雨](https://www.zaobao.com/realtime/china/story1)\n------\n\n{BODY}\n"
    assert read_post(text, **when) == Article(
        url="https://www.zaobao.com/realtime/china/story1",
        title="台北下雨",
        text="台北今天下雨。\n气温降到十五度。",
        html=BODY,
        source="联合早报",
        published=datetime(2020, 9, 6, 13, 56, 54, tzinfo=UTC),
        discovered=now,
        language="zh-Hans",
    )


def test_front_matter_gives_the_publisher(when):
    text = (
        '---\nlayout: post\ntitle: "台北下雨"\ndate: 2020-12-01T03:58:07.000Z\nauthor: 江城日报\n'
        "from: https://example.org/1\ntags: [ 天气 ]\n---\n"
        f"<!--1606795087000-->\n[台北下雨](https://example.org/1)\n------\n\n<div>\n{BODY}</div>\n"
    )
    post = read_post(text, **when)
    assert (post.source, post.title, post.url) == ("江城日报", "台北下雨", "https://example.org/1")
    assert post.published == datetime(2020, 12, 1, 3, 58, 7, tzinfo=UTC)


def test_front_matter_stands_in_for_missing_parts(when):
    post = read_post(f"---\ntitle: 台北下雨\ndate: 2020-12-01 08:00\nfrom: https://example.org/1\n---\n{BODY}", **when)
    assert (post.title, post.url, post.text) == (
        "台北下雨",
        "https://example.org/1",
        "台北今天下雨。\n气温降到十五度。",
    )
    assert post.published == datetime(2020, 12, 1, 0, 0, tzinfo=UTC)
    assert post.source == "example.org"


def test_front_matter_with_wrong_quotes_is_still_read(when):
    post = read_post(f'---\ntitle: "他说"好"了": 记\nauthor: 江城日报\n---\n<!--1606795087-->\n------\n{BODY}', **when)
    assert (post.title, post.source) == ('他说"好"了": 记', "江城日报")


def test_front_matter_nested_without_end_is_read_by_lines(when):
    post = read_post("---\ntitle: 雨\nx: " + "[" * 5_000 + f"\n---\n{BODY}", **when)
    assert post.title == "雨"


def test_front_matter_that_is_no_mapping_says_nothing(when):
    assert (
        read_post(f"---\n- a\n- b\n---\n<!--1606795087-->\n[雨](https://example.org/1)\n------\n{BODY}", **when).title
        == "雨"
    )


@pytest.mark.parametrize(
    ("link", "title", "url"),
    [
        ("[[影]台北下雨[图](更新)](https://example.org/1)", "[影]台北下雨[图](更新)", "https://example.org/1"),
        ("[雨](https://example.org/wiki/雨_(天气))", "雨", "https://example.org/wiki/雨_(天气)"),
        ("[雨](https://example.org/%E9%9B%A8?a=(1)&b=[2])", "雨", "https://example.org/%E9%9B%A8?a=(1)&b=[2]"),
        ("[台北&amp;<b>高雄</b>](https://example.org/1)", "台北&高雄", "https://example.org/1"),
        ("[雨]()", "雨", ""),
        ("[雨](javascript:alert(1))", "雨", ""),
    ],
)
def test_titles_hold_brackets_and_addresses_parentheses(link, title, url, when):
    post = read_post(f"<!--1599400614000-->\n{link}\n------\n\n{BODY}", **when)
    assert (post.title, post.url) == (title, url)


@pytest.mark.parametrize(
    ("text", "title", "dated"),
    [
        (f"[雨](https://example.org/1)\n------\n\n{BODY}", "雨", False),
        (f"<!--1599400614-->\n------\n\n{BODY}", "台北今天下雨。", True),
        (f"<!--1599400614-->\n[雨](https://example.org/1)\n{BODY}", "雨", True),
        (f"<!--99999-->[雨](https://example.org/1)\n------\n{BODY}", None, False),
        ("<!--1599400614000-->\n[雨](https://example.org/1)\n------\n", "雨", True),
        (f"\ufeff<!-- 1599400614000 -->\r\n[雨](https://example.org/1)\r\n------\r\n\r\n{BODY}", "雨", True),
    ],
)
def test_missing_parts_are_missing_and_nothing_more(text, title, dated, when):
    if title is None:
        with pytest.raises(SourceError):
            read_post(text, **when)
        return
    post = read_post(text, **when)
    assert post.title == title
    assert (post.published is not None) == dated


def test_a_body_without_tags_is_text(when):
    post = read_post("<!--1599400614-->\n[雨](https://example.org/1)\n------\n\n第一段 < 二。\n第二段。\n", **when)
    assert post.text == "第一段 < 二。\n第二段。"


@pytest.mark.parametrize(
    "text", ["", "一封信", "# README\n\nwords", "<html><body>x</body></html>", "[not a link] (x)\n"]
)
def test_other_texts_are_no_posts(text, when):
    with pytest.raises(SourceError):
        read_post(text, **when)


def test_a_post_without_title_and_text_is_refused(when):
    with pytest.raises(SourceError, match="neither a title nor a text"):
        read_post("<!--1599400614000-->\n------\n\n<img src='x.png'>", **when)


titles = st.text(alphabet="台北下雨[]()《》 a1", min_size=1, max_size=20).filter(
    lambda title: title.strip() == title and title
)
paths = st.text(alphabet="abc/%20()[]_-", max_size=20)


@given(titles, paths, st.integers(1_000_000_000, 1_900_000_000))
def test_any_title_and_address_come_out_as_they_went_in(title, path, seconds):
    url = f"https://example.org/{path}"
    text = f"<!--{seconds * 1000}-->\n[{title}]({url})\n------\n\n{BODY}\n"
    post = read_post(text, zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 1, 1, tzinfo=UTC))
    assert (post.title, post.url) == (" ".join(title.split()), url)
    assert post.published == datetime.fromtimestamp(seconds, UTC)


@given(st.text(), st.sampled_from(["", "---\n", "<!--1599400614-->\n", "[a](b)\n", "---\ntitle: "]))
def test_no_text_raises_anything_but_a_source_error(text, start):
    with suppress(SourceError):
        read_post(start + text, zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 1, 1, tzinfo=UTC))
