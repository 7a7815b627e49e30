"""Archived posts, whole and with parts missing."""

from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources.post import date_of, read_post, read_posts

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
        origin="published: the time above the title, 1599400614000\nsource: 联合早报",
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


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("_posts/2019-03-02-river-walk.md", "2019-03-02"),
        ("2019-03-02.md", "2019-03-02"),
        ("news/20220924.md", "2022-09-24"),
        ("a/2019_03_02 雨.markdown", "2019-03-02"),
        ("雨 2019.03.02.md", "2019-03-02"),
        ("posts/2019/03/02/rain.md", "2019-03-02"),
        ("posts/2019/3/2/rain.md", "2019-3-2"),
        ("posts/2019-03-02/rain.md", "2019-03-02"),
        ("posts-2020-09-10.tar.xz/posts/2020-09/019443_5ffe20200910cd71f5a.md", ""),
        ("2019年03月02日 雨.md", "2019-03-02"),
        ("雨 2019年3月2日.txt", "2019-3-2"),
        ("2019-03-02-1918-flu.md", "2019-03-02"),
        ("2019-03-02-3-things.md", "2019-03-02"),
        ("2019-23-02.md", ""),
        ("123456789.md", ""),
        ("2019-03.md", ""),
        ("v2019-03-022.md", ""),
    ],
)
def test_the_day_in_a_file_s_name_or_path(path, day, when):
    assert date_of(path) == day
    published = read_post("---\ntitle: 雨\n---\n下雨。", path=path, **when).published
    assert (published is not None) == bool(day)
    if day.startswith("2019-0"):
        assert published == datetime(2019, 3, 1, 16, tzinfo=UTC)


def test_front_matter_comes_before_the_file_s_name(when):
    post = read_post("---\ntitle: 雨\ndate: 2024-01-05 08:00\n---\n下雨。", path="2019-03-02-rain.md", **when)
    assert post.published == datetime(2024, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "line",
    [
        "日期：Fri, 05 Jan 2024 00:00:00 +0000",
        "**发布时间**：2024-01-05 08:00",
        "> 时间: 2024年1月5日 08:00",
        "Date: 2024-01-05 08:00",
    ],
)
def test_a_labelled_date_above_the_body_is_the_date_and_no_text(line, when):
    post = read_post(f"[雨](https://example.org/1)\n------\n{line}\n来源：江湾日报\n作者：王小明\n\n{BODY}", **when)
    assert post.published == datetime(2024, 1, 5, tzinfo=UTC)
    assert (post.source, post.author, post.text) == ("江湾日报", "王小明", "台北今天下雨。\n气温降到十五度。")


def test_a_label_without_a_date_is_text(when):
    post = read_post("[雨](https://example.org/1)\n------\n时间：不早了\n下雨。", **when)
    assert (post.published, post.text) == (None, "时间：不早了\n下雨。")


@pytest.mark.parametrize(
    ("text", "path", "title", "body"),
    [
        ("# 雨\n\n下**雨**。\n", "a.md", "雨", "下雨。"),
        ("雨\n===\n\n下雨。", "a.markdown", "雨", "下雨。"),
        ("雨\n\n下雨 < 刮风。\n第二行", "a.txt", "雨", "下雨 < 刮风。\n第二行"),
        ("下雨。\n\n刮风。", "a.md", "下雨。", "下雨。\n刮风。"),
        ("标题：雨\n时间：2024年1月5日\n\n下雨。", "a.txt", "雨", "下雨。"),
        ("---\nid: 5\n---\n# 雨\n\n下雨。", "a.md", "雨", "下雨。"),
    ],
)
def test_markdown_and_text_without_front_matter(text, path, title, body, when):
    post = read_post(text, path=path, **when)
    assert (post.title, post.text) == (title, body)


@pytest.mark.parametrize("path", ["a.yml", "a.conf", "a", "a.md", "-"])
def test_settings_are_no_posts(path, when):
    with pytest.raises(SourceError):
        read_post("---\npassword: hunter2\n---\n", path=path, **when)


def test_a_page_clipped_by_simpread_has_its_address(when):
    head = "> 本文由 [简悦 SimpRead](http://ksria.com/simpread/) 转码， 原文地址 [a.example](https://a.example/1)\n\n"
    post = read_post(head + "渡轮恢复夜航。\n\n末班船延后。", path="a.md", **when)
    assert (post.url, post.text) == ("https://a.example/1", "渡轮恢复夜航。\n末班船延后。")


def test_the_publisher_is_known_by_its_host_before_the_name_that_an_archive_gives(when):
    front = "---\ntitle: 雨\nfrom: https://www.rfi.fr/cn/1\nauthor: {}\n---\n下雨。"
    assert read_post(front.format("外媒报道"), **when).source == "法广"
    assert read_post(front.format("张三"), **when).author == "张三"
    assert read_post(front.format("法广RFI"), **when).author == ""


def test_a_bulletin_gives_one_article_an_item(when):
    text = (
        "# 《江湾联播》 (20230808)\n\n## 摘要\n\n1.甲；\n（《江湾联播》 20230808 19:00）\n\n## 详细\n\n### 甲的标题\n\n"
        "<p>甲的第一段。</p><p>第二段。</p>\n\n[查看原文](https://tv.example/1)\n\n### 乙的标题\n\n乙的**正文**。\n"
    )
    first, second = read_posts(text, path="news/20230808.md", **when)
    assert (first.title, first.text, first.url) == ("甲的标题", "甲的第一段。\n第二段。", "https://tv.example/1")
    assert (second.title, second.text, second.guid) == ("乙的标题", "乙的正文。", "《江湾联播》 (20230808) 乙的标题")
    assert {article.source for article in (first, second)} == {"江湾联播"}
    assert {article.published for article in (first, second)} == {datetime(2023, 8, 8, 11, tzinfo=UTC)}


@pytest.mark.parametrize(
    "name",
    [
        "2024-03-05T08-30 雨.md",
        "2024-03-05_08-30-00_雨.md",
        "20240305_0830.md",
        "2024-03-05T00:30Z.md",
        "2024年3月5日 08时30分.md",
    ],
)
def test_the_time_in_a_file_s_name(name, when):
    post = read_post("---\ntitle: 雨\n---\n下雨。", path=name, **when)
    assert post.published == datetime(2024, 3, 5, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
@pytest.mark.parametrize("text", ["江边的老码头改造完工，仓库改成了书店。", "江边的老码头改造完工，仓库改成了书店。\n"])
def test_a_text_of_one_paragraph_is_an_article(name, text, when):
    post = read_post(text, path=name, **when)
    assert post.text == "江边的老码头改造完工，仓库改成了书店。" and post.title.startswith("江边的老码头")


def test_a_line_without_a_sentence_is_none(when):
    with pytest.raises(SourceError):
        read_post("User-agent: *", path="robots.txt", **when)
