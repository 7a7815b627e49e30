"""Pages that are none of an article are rejected, and those about such pages are not."""

import pytest

from indexer.sources import Reject, read

PROSE = "市图书馆新馆昨日开馆，首日接待读者三千余人。新馆藏书八十万册，设有儿童阅览区和自习室，周末开放到晚上九点。"


def found(tmp_path, html, **when):
    path = tmp_path / "page.html"
    path.write_text(f"<!doctype html><html>{html}</html>", "utf-8")
    (one,) = read([path], **when)
    return one


@pytest.mark.parametrize(
    "html",
    [
        "<head><title>早报</title></head><body><div id=app></div></body>",
        "<head><title>早报</title></head><body><noscript>请启用JavaScript后访问</noscript><div id=root></div></body>",
        "<head><title>早报</title></head><body><p>您需要允许该网站执行 JavaScript</p></body>",
        "<head><title>App</title></head><body><p>You need to enable JavaScript to run this app.</p></body>",
        "<head><title>404 Not Found</title></head><body><h1>404 Not Found</h1><hr>nginx</body>",
        "<head><title>页面不存在 - 早报网</title></head><body><p>您访问的页面不存在或已被删除</p></body>",
        "<head><title>微信公众平台</title></head><body><p>该内容已被发布者删除</p></body>",
        "<head><title>Just a moment...</title></head><body><p>Checking your browser before accessing</p></body>",
        "<head><title>安全验证</title></head><body><p>请完成下方验证后继续</p></body>",
        "<head><title>标题</title></head><body></body>",
        "",
    ],
)
def test_shells_are_rejected_with_the_reason(tmp_path, html, when):
    one = found(tmp_path, html, **when)
    assert isinstance(one, Reject) and one.reason


@pytest.mark.parametrize(
    "title",
    ["新馆开馆", "为什么总是 404？聊聊失效的链接", "禁用 JavaScript 一个月之后", "验证码的二十年：简史"],
)
def test_articles_are_not(tmp_path, title, when):
    one = found(tmp_path, f"<head><title>{title}</title></head><body><p>{PROSE}</p><p>{PROSE * 4}</p></body>", **when)
    assert not isinstance(one, Reject) and one.title == title


def test_a_short_article_is_one(tmp_path, when):
    assert found(tmp_path, f"<head><title>新馆开馆</title></head><body><p>{PROSE}</p></body>", **when).text == PROSE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.md", "---\ntitle: 标题\ndate: 2024-01-05\n---\n"),
        ("a.md", "---\ntitle: 标题\nlink: https://a.example/1\n---\n\n"),
        ("a.md", "# 标题\n\n"),
        ("a.json", '{"title": "标题"}'),
        ("a.json", '{"title": "标题", "date": "2024-01-05"}'),
        ("a.txt", "\n \n"),
        ("a.html", ""),
    ],
)
def test_a_title_alone_is_no_article(tmp_path, name, text, when):
    (tmp_path / name).write_text(text, "utf-8")
    (one,) = read([tmp_path / name], **when)
    assert isinstance(one, Reject) and one.reason


def test_flashes_whose_whole_text_is_the_title_are_articles(tmp_path, when):
    item = "<item><title>央行：今日开展逆回购操作</title><link>https://a.example/1</link></item>"
    (tmp_path / "a.xml").write_text(f"<rss version='2.0'><channel>{item}</channel></rss>", "utf-8")
    (tmp_path / "b.txt").write_text("<!--1599400614000-->\n[快讯：航班恢复](https://a.example/2)\n------\n", "utf-8")
    assert [one.title for one in read([tmp_path], **when)] == ["央行：今日开展逆回购操作", "快讯：航班恢复"]
