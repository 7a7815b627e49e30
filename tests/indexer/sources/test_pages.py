"""Saved pages: the article, and what the page says of it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources.pages import looks_like_page, read_page

DAY = datetime(2024, 1, 5, tzinfo=UTC)
SENTENCES = (
    "纺织厂旧址办起夜校，剪纸班和电工班最先报满，学费由街道补贴一半。",
    "居民说，下班以后有地方去，孩子也能跟着学，比在家看手机好得多。",
    "校长介绍，下个月还要开烘焙班和修理班，教室不够，正在借用社区礼堂。",
)
BODY = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
MENU = "<div class='nav'>" + "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(20)) + "</div>"


def page(head="", body=BODY, title="旧厂房里的夜校 - 本地 - 江湾日报"):
    return (
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{MENU}"
        f"<div class='article'>{body}</div><div class='footer'>江湾日报 版权所有</div></body></html>"
    )


def linked(**members):
    return f"<script type='application/ld+json'>{json.dumps(members, ensure_ascii=False)}</script>"


def test_the_article_of_a_page_is_read_without_what_surrounds_it(when, now):
    article = read_page(page(), url="https://a.example/1", **when)
    assert (article.title, article.text) == ("旧厂房里的夜校", "\n".join(SENTENCES))
    assert (article.url, article.source, article.published) == ("https://a.example/1", "a.example", None)
    assert (article.discovered, article.language) == (now, "zh-Hans")


@pytest.mark.parametrize(
    "head",
    [
        linked(**{"@type": "NewsArticle", "datePublished": "2024-01-05T08:00:00+08:00"}),
        linked(**{"@graph": [{"@type": "WebSite"}, {"@type": ["Article"], "datePublished": "2024-01-05 08:00"}]}),
        "<meta property='article:published_time' content='2024-01-05T00:00:00Z'>",
        "<meta name='PubDate' content='2024-01-05 08:00'>",
        "<meta itemprop='datePublished' content='2024-01-05 08:00'>",
        '<script>var ct = "1704412800";</script>',
    ],
)
def test_the_page_says_when_it_was_published(head, when):
    assert read_page(page(head), **when).published == DAY


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("<time datetime='2024-01-05T08:00:00+08:00'>昨天</time>", DAY),
        ("<span>2024-01-05 08:00</span> 来源：江湾日报", DAY),
        ("<span>发布时间：2024年1月5日 08：00</span>", DAY),
        ("<span>时间：2024/1/5 8:00:00</span>", DAY),
        ("<span>今天是2024年1月5日</span>", None),
        ("<span>2024-01-05</span>", None),
    ],
)
def test_a_date_that_the_page_shows_is_read_where_it_can_only_be_that(line, published, when):
    assert read_page(page(body=f"<h1>旧厂房里的夜校</h1><div>{line}</div>{BODY}"), **when).published == published


def test_the_page_says_whose_it_is(when):
    head = (
        "<link rel='canonical' href='https://a.example/2024/1.html'><meta property='og:title' content='夜校开班'>"
        "<meta name='author' content='王小明'><meta property='og:site_name' content='江湾日报'>"
    )
    article = read_page(page(head), **when)
    assert (article.url, article.title, article.author, article.source) == (
        "https://a.example/2024/1.html",
        "夜校开班",
        "王小明",
        "江湾日报",
    )


def test_a_browser_s_note_is_the_address(when):
    saved = "<!-- saved from url=(0028)https://a.example/news/1.html -->"
    assert read_page(page().replace("<html>", saved + "<html>"), **when).url == "https://a.example/news/1.html"


def test_a_page_of_wechat_is_read_by_its_ids(when):
    body = (
        "<h1 id='activity-name'>旧厂房里的夜校</h1><a id='js_name'> 江湾小记 </a>"
        f"<div class='rich_media_content' id='js_content' style='visibility: hidden'>{BODY}</div>"
        f"<div class='rich_media_tool'>{'阅读，在看，转发。' * 40}</div>"
    )
    article = read_page(page(body=body), **when)
    assert (article.source, article.text) == ("江湾小记", "\n".join(SENTENCES))


def test_a_page_without_prose_is_read_as_far_as_it_goes(when):
    assert read_page("<html><title>通知</title><body><table><tr><td>停水</td></tr></table>", **when).text == "停水"


def test_a_page_of_nothing_is_refused(when):
    with pytest.raises(SourceError):
        read_page("<html></html>", **when)


@pytest.mark.parametrize(
    ("text", "path", "is_page"),
    [
        ("<!DOCTYPE html>\n<html>", "", True),
        ("\n<!-- x -->\n<HTML lang='zh'>", "", True),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x'><html>", "", True),
        ("<div>雨</div>", "a.html", True),
        ("<div>雨</div>", "a.txt", False),
        ("<!--1599400614000-->\n[雨](https://a.example/1)\n------\n", "a.html", False),
        ("雨", "a.html", False),
    ],
)
def test_pages_are_recognised(text, path, is_page):
    assert looks_like_page(text, path) == is_page


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div id='js_content'>", "<table>", "<title>", "新闻。", "<script type='application/ld+json'>", "{", "[1]", "<a href='x'>", "<meta name=", "\x00", "<time>", "2024-01-05 08:00"])).map("".join))  # fmt: skip  # noqa: E501
def test_no_page_raises_anything_but_a_source_error(body):
    try:
        read_page(f"<html>{body}", zone=UTC, now=DAY)
    except SourceError:
        return


@pytest.mark.parametrize(
    "line",
    [
        "发布时间：2024-01-05 08:00 来源：新华网 作者：张三 责编：李四",
        "更新时间：2024-02-01 09:00　发布时间：2024-01-05 08:00　来源：新华网　作者：张三",
        "2024年01月05日 08:00 | 来源：新华网",
        "来源：新华网 | 2024-01-05 08:00",
        "发布于 2024-01-05 08:00 · 最后更新 2024-02-01 10:00 · 来源: 新华网",
    ],
)
def test_a_line_of_labels_below_the_title_gives_date_and_source(line, when):
    article = read_page(page(body=f"<h1>旧厂房里的夜校</h1><div class='info'>{line}</div>{BODY}"), **when)
    assert (article.published, article.source) == (DAY, "新华网")


@pytest.mark.parametrize(
    "between",
    [
        "<table><tr><td>剪纸班</td><td>八十元</td></tr><tr><td>电工班</td><td>一百元</td></tr></table>",
        "<form><p>学费表：剪纸班八十元，电工班一百元，凭居住证减半。</p></form>",
        "<div class='sidebar-note'>学费：剪纸班八十元，电工班一百元，凭居住证减半，老人免费。</div>",
        "<ul><li>剪纸班</li><li>电工班</li></ul>",
    ],
)
def test_what_stands_between_the_paragraphs_is_the_article(between, when):
    first, *others = (f"<p>{sentence}</p>" for sentence in SENTENCES)
    text = read_page(page(body=first + between + "".join(others)), **when).text
    assert text.startswith(SENTENCES[0])
    assert text.endswith(SENTENCES[-1])
    assert "电工班" in text.removeprefix(SENTENCES[0]).split("居民说")[0]


@pytest.mark.parametrize(
    "shell",
    [
        "<html><title>江湾日报</title><div id=app></div><noscript>You need to enable JavaScript to run it.</noscript>",
        "<html><title>404 Not Found</title><h1>404 Not Found</h1><hr>nginx",
        "<html><title>江湾日报</title><p>您访问的页面不存在</p>",
        "<html><title>Just a moment...</title><p>正在跳转</p>",
        "<html><title>新闻</title><div id=root></div><script>boot()</script>",
    ],
)
def test_an_empty_shell_is_no_article(shell, when):
    with pytest.raises(SourceError, match="empty shell"):
        read_page(shell, **when)


@pytest.mark.parametrize(
    ("head", "line", "author"),
    [
        ("", "<p>作者：张三 来源：江湾日报</p>", "张三"),
        ("", "<p>时间：2024-01-05 作者：放飞&amp;心情 我来说两句</p>", "放飞&心情"),
        ("", "<p>王小桥、风笑天</p>", "王小桥、风笑天"),
        ("", "<span itemprop=author>李四</span>", "李四"),
        ("<meta name=author content='江湾网'>", "<p>作者：张三</p>", "张三"),
        ("<meta name=author content='江湾网'>", "", ""),
        ("<meta name=byl content='By Ana Swan'>", "", "Ana Swan"),
        ("", "<p>责任编辑：周小</p>", "周小"),
        ("", "<p>河湾过客 发表于 2005-9-15 11:46:00</p>", "河湾过客"),
    ],
)
def test_the_author_is_found_in_the_page(head, line, author, when):
    heading = "<h1>旧厂房里的夜校</h1>"
    assert read_page(page(head=head, body=heading + line + BODY), **when).author == author


def test_a_page_tells_where_its_date_and_author_stood(when):
    article = read_page(
        page(head="<meta name=pubdate content='2024-01-05 08:00'>", body=f"<p>作者：张三</p>{BODY}"), **when
    )
    assert article.origin.split("\n")[0] == "published: meta pubdate, 2024-01-05 08:00"
    assert "author: a line of the page, 张三" in article.origin


def test_a_page_whose_title_is_its_site_s_has_the_headline_above_its_body(when):
    headline = "<div>主题：旧厂房里的夜校开课了</div><div>作者：沈小芸 时间：2024-01-05 08:00</div>"
    assert read_page(page(title="江湾论坛", body=headline + BODY), **when).title == "旧厂房里的夜校开课了"
    assert read_page(page(title="江湾论坛 - 夜校", body=f"<h1>江湾论坛</h1>{BODY}"), **when).title == "江湾论坛"
