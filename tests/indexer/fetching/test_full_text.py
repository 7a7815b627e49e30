"""Feeds that give less than the whole articles: the pages are fetched, and only what is the article is taken."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.archive import Archive, Subscription
from indexer.article import Article
from indexer.commands.program import main
from indexer.errors import SourceError
from indexer.fetching import full_text
from indexer.fetching.download import Answer
from indexer.fetching.fetcher import Fetched, Outcome
from indexer.fetching.full_text import MOST_TRIES, merged, read_whole
from indexer.fetching.storing import store
from tests.indexer.fetching.servers import Server

NOW = datetime(2026, 11, 22, tzinfo=UTC)
TITLE = "江边的老码头改造完工"
LEAD = "江边的老码头改造完工，仓库改成了书店，周末开放到晚上九点，门票免费，市民可以乘渡轮前往。"
BODY = [
    LEAD,
    "码头建于上世纪三十年代，停用之后一直空着。设计师保留了吊车和铁轨，让孩子们知道这里装卸过什么。",
    "开放第一天来了两千多人，附近的面馆排起了长队。街道办说，下一步要修通往地铁站的步行桥。",
]
OF_NOTHING = "今日天气、股市行情、体育比分、影视资讯。" * 20


def page(*paragraphs: str, title: str = TITLE, head: str = "") -> bytes:
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    start = f"<!doctype html><html><head><title>{title}</title>{head}</head>"
    return f"{start}<body><article>{body}</article></body></html>".encode()


def article(url: str, text: str = LEAD, title: str = TITLE) -> Article:
    return Article(url=url, title=title, text=text, source="江城晚报", language="zh-Hans", guid=url)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive(tmp_path / "archive.sqlite3", clock=lambda: NOW) as archive:
        yield archive


def followed(archive: Archive, *articles: Article, feed: str = "https://a.example/feed") -> None:
    """What a fetch of a feed does that gives these."""
    subscription = Subscription(feed, full_text=True)
    archive.subscriptions.add([subscription])
    list(store(archive, [Fetched(Outcome.FETCHED, subscription, subscription, articles)], NOW))


def completed(archive: Archive, now: datetime = NOW) -> list[full_text.Completed]:
    return list(full_text.complete(archive, zone=UTC, now=now, private=True, pause=lambda _: None))


def test_the_page_becomes_a_revision_of_the_same_article_and_stays(server: Server, archive: Archive) -> None:
    url = server.page("/1", body=page(*BODY))
    followed(archive, article(url))
    (before,) = archive.iterate()
    assert [each.outcome.value for each in completed(archive)] == ["taken"]
    (after,) = archive.iterate()
    assert after.text == "\n".join(BODY)
    for member in ("id", "url", "guid", "title", "source", "discovered"):
        assert getattr(after, member) == getattr(before, member)
    assert [each.article.text for each in archive.revisions(after.id)] == [LEAD]
    # The feed says the same again, then something else: the page is read again, and its text stays.
    followed(archive, article(url))
    assert completed(archive) == []
    server.page("/1", body=page(*BODY, "渡轮公司当天加了三班船，末班船改到晚上九点半。"))
    followed(archive, article(url, LEAD + "（更新）"))
    assert archive.get([after.id])[0].text == after.text
    assert [each.outcome.value for each in completed(archive)] == ["taken"]
    assert [each.text.split("\n")[:-1] for each in archive.iterate()] == [BODY]


def test_what_fails_is_told_and_tried_again_some_times_later_each_time(server: Server, archive: Archive) -> None:
    followed(archive, article(server.page("/1", status=404)))
    now, waits = NOW, []
    for _ in range(MOST_TRIES):
        (result,) = completed(archive, now)
        assert result.page.error.startswith("HTTP 404")
        assert completed(archive, now) == []
        waits.append(result.page.due - now if result.page.due else None)
        now += timedelta(days=1)
    assert waits == [timedelta(minutes=15), timedelta(minutes=30), timedelta(hours=1), None]
    (counts,) = archive.pages.counts().values()
    assert (counts.waiting, counts.given_up, "404" in counts.error) == (0, 1, True)
    assert completed(archive, now + timedelta(days=30)) == []
    assert archive.pages.next_due() is None


def test_a_busy_host_is_left_alone_and_pages_that_were_not_asked_for_lose_no_try(
    server: Server, archive: Archive
) -> None:
    urls = [server.page(f"/{number}", status=429, Retry_After="7200") for number in range(3)]
    followed(archive, *(article(url, title=f"{TITLE}{url[-1]}") for url in urls))
    results = completed(archive)
    assert sorted(each.page.tries for each in results) == [0, 0, 1]
    assert {each.page.due for each in results} == {NOW + timedelta(hours=2)}
    assert len(server.asked) == 2  # robots.txt and one page


def test_what_robots_txt_forbids_is_not_asked_for(server: Server, archive: Archive) -> None:
    server.page("/robots.txt", body=b"User-agent: *\nDisallow: /")
    followed(archive, article(server.page("/1", body=page(*BODY))))
    assert "robots.txt" in completed(archive)[0].page.error
    assert [path for path, _ in server.asked] == ["/robots.txt"]


def test_the_page_of_several_items_is_nobodys(archive: Archive) -> None:
    url = "https://a.example/briefs"
    followed(archive, *(replace(article(url, f"{name}市今天下雨，{name}江涨水。", name), part=name) for name in "甲乙"))
    assert archive.count() == 2
    assert archive.pages.next_due() is None


def test_a_feed_that_is_switched_off_or_given_up_has_no_pages_fetched(archive: Archive) -> None:
    followed(archive, article("https://a.example/1"))
    assert archive.pages.next_due() == NOW
    assert archive.subscriptions.set_full_text(["https://a.example/feed"], False) == 1
    assert archive.pages.next_due() is None
    followed(archive, article("https://b.example/2", title="别的"), feed="https://b.example/feed")
    assert archive.pages.next_due() == NOW
    archive.subscriptions.remove(["https://b.example/feed"])
    assert archive.pages.next_due() is None


def test_a_feed_that_moves_takes_its_pages_along(archive: Archive) -> None:
    followed(archive, article("https://a.example/1"))
    old = archive.subscriptions.all()[0]
    archive.subscriptions.update(old.url, replace(old, url="https://a.example/new"))
    assert list(archive.pages.counts()) == ["https://a.example/new"]


def test_an_article_that_was_deleted_has_no_page_fetched(archive: Archive) -> None:
    followed(archive, article("https://a.example/1"))
    archive.delete([each.id for each in archive.iterate()])
    assert completed(archive) == []
    assert archive.pages.next_due() is None


def answer(body: bytes, url: str = "https://a.example/1") -> Answer:
    return Answer(200, {}, body, "utf-8", url, url)


@pytest.mark.parametrize(
    ("body", "url"),
    [
        (page(*BODY, head='<script type="application/ld+json">{"isAccessibleForFree": false}</script>'), "/1"),
        (page(LEAD, "码头建于上世纪三十年代，停用之后一直空着。", "订阅后继续阅读全文"), "/1"),
        (page(LEAD, "码头建于上世纪三十年代。", "本文为会员专享，剩余内容登录后即可查看。"), "/1"),
        (page(LEAD, "Subscribe to continue reading. Already a subscriber? Sign in."), "/1"),
        (page("We value your privacy. We and our partners store information.", *["Accept all."] * 40), "/1"),
        (page("我们使用 Cookie 以改善您的体验，请同意隐私政策。" * 10), "/1"),
        (page("您访问的文章不存在，看看别的吧。" + OF_NOTHING, title="出错了"), "/1"),
        (page("另一篇完全不同的报道，说的是山里的茶园今年收成很好。" * 10, title="茶园丰收"), "/1"),
        (page(*BODY), "/"),
        (b"%PDF-1.7 ...", "/1"),
        (b'{"error": "not found"}', "/1"),
        (b"", "/1"),
    ],
)
@pytest.mark.parametrize("text", [LEAD, ""])
def test_what_is_not_the_article_never_becomes_it(body: bytes, url: str, text: str) -> None:
    with pytest.raises(SourceError):
        read_whole(answer(body, "https://a.example" + url), article("https://a.example/1", text), UTC, NOW)


def test_a_page_with_less_than_the_feed_is_no_failure_and_changes_nothing() -> None:
    said = article("https://a.example/1", "\n".join([*BODY, "这一段只有订阅源里有，网页上没有。"]))
    assert read_whole(answer(page(*BODY)), said, UTC, NOW) is None


def test_a_summary_in_other_words_is_known_by_its_title() -> None:
    summary = "老码头重新开放：仓库变书店，吊车和铁轨都保留，第一天来了两千多人，街道还要修步行桥，令人期待。"
    whole = read_whole(answer(page(*BODY)), article("https://a.example/1", summary), UTC, NOW)
    assert whole is not None
    assert whole.text == "\n".join(BODY)


def test_an_item_with_a_title_alone_gets_its_text() -> None:
    whole = merged(
        article("https://a.example/1", ""), article("https://a.example/1", "\n".join(BODY), TITLE + "（图）")
    )
    assert whole is not None
    assert whole.title == TITLE


def test_the_command_follows_fetches_and_tells(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    url, bad = server.page("/1", body=page(*BODY)), server.address + "/2"
    items = "".join(
        f"<item><title>{title}</title><link>{link}</link><description>{LEAD}</description></item>"
        for title, link in ((TITLE, url), ("别的", bad))
    )
    feed = server.page("/feed", body=f"<rss version='2.0'><channel><title>江城</title>{items}</channel></rss>".encode())

    def said(*arguments: str) -> str:
        result = CliRunner().invoke(main, ["--data", str(tmp_path), *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    said("subscribe", feed)
    said("subscribe", feed, "--full-text")
    told = said("fetch")
    assert "pages of articles: 1 taken, 0 no more, 1 failed, 0 put off" in told
    assert f"{bad}: failed: HTTP 404" in told
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert {each.url: each.text for each in archive.iterate()} == {url: "\n".join(BODY), bad: LEAD}
    listed = tmp_path / "list.opml"
    listed.write_text(said("subscriptions"))
    said("subscribe", feed, "--remove")
    said("subscribe", str(listed))
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert [each.full_text for each in archive.subscriptions.all()] == [True]
