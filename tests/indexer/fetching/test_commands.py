"""Feeds as a user follows and fetches them."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.archive import Archive, Subscription
from indexer.commands.program import main
from tests.indexer.fetching.servers import Server

Run = Callable[..., Result]

FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>示例新闻网</title><link>https://feed.example.com/</link>
<item><title>第一条消息</title><link>https://feed.example.com/1</link><description>第一条消息的正文。</description></item>
<item><title>第二条消息</title><link>https://feed.example.com/2</link><description>第二条消息的正文。</description></item>
</channel></rss>"""
RSS = "<rss version='2.0'><channel><title>%s</title><item><title>%s</title><link>/%s</link></item></channel></rss>"
LINK = '<link rel="alternate" type="application/rss+xml" href="%s">'
NAMED_TOO_LONG = "http://" + "a" * 70 + ".example/"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "ARCHIVE", "ENGINE", "TIMEZONE", "USER_DICTIONARY", "SYNONYMS"):
        monkeypatch.delenv(f"XUNWEN_{name}", raising=False)
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*arguments: str, status: int = 0) -> Result:
        result = CliRunner().invoke(main, arguments)
        assert result.exit_code == status, result.output
        return result

    return run


def exported(run: Run) -> list[str]:
    """The titles of all articles that an export holds."""
    lines = [json.loads(line) for line in run("export").stdout.splitlines()]
    return [line["title"] for line in lines if "title" in line and "subscription" not in line]


@pytest.fixture
def address(server: Server) -> str:
    """Two articles at /feed.xml, which knows its ETag; pages that name feeds; feeds that are none."""
    server.page("/feed.xml", body=FEED.encode(), ETag='"one"')
    server.page("/site/", body=(LINK % "/feed.xml").encode())
    server.page("/two/", body=(LINK % "/feed.xml" + LINK % "/more.xml?token=SECRET").encode())
    server.page("/page/", body=b"no links")
    server.page("/long/", status=302, Location=NAMED_TOO_LONG)
    server.page("/escape.xml", body=(RSS % ("\x9b31m\u202e标题", "\x9b2J\u202e第三条消息", 3)).encode())
    server.page("/bell.xml", status="500 \x1b[2J")
    return server.address


def test_feeds_are_followed_and_fetched(run: Run, folder: Path, server: Server, address: str) -> None:
    (folder / "list.opml").write_text(
        f'<opml version="2.0"><body><outline text="坏的" xmlUrl="{address}/gone.xml"/></body></opml>', "utf-8"
    )
    assert run("subscribe", f"{address}/feed.xml", "list.opml").stdout.startswith("2 feeds are new, 0 followed")
    assert run("subscribe", f"{address}/feed.xml").stdout.startswith("0 feeds are new, 1 followed already")

    first = run("fetch").stdout
    assert f"{address}/feed.xml: 2 new, 0 updated, 0 unchanged\n" in first
    assert "坏的: failed: HTTP 404" in first
    assert first.endswith("2 of 2 feeds due, 1 failed; 2 articles are new, 0 updated, 0 unchanged\n")
    assert run("fetch").stdout.startswith("0 of 2 feeds due")
    server.page("/feed.xml", status=304)
    assert "示例新闻网: nothing new\n" in run("fetch", "--all").stdout
    assert [headers.get("if-none-match") for path, headers in server.asked if path == "/feed.xml"][-1] == '"one"'

    assert "gone.xml failed 2 times in a row: HTTP 404" in run("doctor", status=1).stdout
    assert run("subscribe", "--remove", "list.opml").stdout == "1 feed is followed no longer\n"
    assert sorted(exported(run)) == ["第一条消息", "第二条消息"]


def test_a_paused_feed_is_not_fetched_and_keeps_its_folder(run: Run, folder: Path, address: str) -> None:
    run("subscribe", f"{address}/feed.xml", "--folder", "江城")
    assert run("subscribe", f"{address}/feed.xml", "--pause").stdout == "1 feed is paused\n"
    for arguments in (("fetch",), ("fetch", "--all")):
        assert run(*arguments).stdout.startswith("0 of 1 feed due")
    assert run("subscribe", f"{address}/feed.xml", "--resume").stdout == "1 feed is fetched again\n"
    assert "2 new" in run("fetch").stdout
    assert '<outline text="江城">' in run("subscriptions").stdout
    assert run("subscribe", f"{address}/other.xml", "--pause").stdout == "0 feeds are paused\n"


def test_a_feed_that_nobody_can_fetch_starves_no_other(run: Run, address: str) -> None:
    run("subscribe", f"{address}/long/", f"{address}/feed.xml", NAMED_TOO_LONG)
    for _ in range(2):
        assert "3 of 3 feeds due, 2 failed" in run("fetch", "--all").stdout
    assert len(exported(run)) == 2
    assert run("doctor", status=1).stdout.count("failed 2 times in a row") == 2


def test_when_no_feed_answers_a_fetch_fails(run: Run, address: str) -> None:
    result = run("subscribe", f"{address}/gone.xml")
    assert f"{address}/gone.xml is followed, but does not answer: HTTP 404 Not Found\n" in result.stderr
    assert "Error: no feed could be fetched" in run("fetch", status=1).stderr


def test_the_feed_of_a_page_is_followed(run: Run, address: str) -> None:
    told = run("subscribe", f"{address}/site/").stdout
    assert told.startswith(f"{address}/site/ is a page; its feed is {address}/feed.xml\n1 feed is new")
    assert "2 new" in run("fetch").stdout
    several = run("subscribe", f"{address}/two/", status=1).stderr
    assert f"\n  {address}/feed.xml\n  {address}/more.xml?token=***\n" in several
    assert "is no feed, and names none" in run("subscribe", f"{address}/page/", status=1).stderr


def test_private_addresses_are_refused_unless_a_setting_allows_them(
    run: Run, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XUNWEN_FETCH_PRIVATE")
    for url in (address, address.replace("127.0.0.1", "2130706433"), address.replace("127.0.0.1", "localhost")):
        assert "is a private address" in run("subscribe", f"{url}/feed.xml").stderr
    failed = run("fetch", status=1).stdout
    assert failed.count("failed: 127.0.0.1 is a private address (127.0.0.1); the setting “fetch_private” allows") == 1
    assert "3 of 3 feeds due, 3 failed" in failed


def test_no_output_shows_a_secret_or_does_what_a_feed_wants(run: Run, folder: Path, address: str) -> None:
    secret = address.replace("//", "//me:SECRET@")
    (folder / "list.opml").write_text(
        f'<opml><body><outline text="\u202e名" xmlUrl="{address}/bell.xml"/></body></opml>', "utf-8"
    )
    (folder / "escape.jsonl").write_text('{"title": "t", "text": "x", "source": "\\u001b[2J\\u009b31m\\u202e报"}\n')
    results = [
        run("subscribe", f"{secret}/feed.xml?token=SECRET", f"{secret}/gone.xml?key=SECRET", f"{address}/escape.xml"),
        run("subscribe", "list.opml"),
        run("subscribe", "ftp://me:SECRET@example.org/", status=1),
        run("fetch"),
        run("fetch", "--all"),
        run("import", "escape.jsonl"),
        run("stats"),
        run("doctor", status=1),
    ]
    output = "".join(result.stdout + result.stderr for result in results)
    assert "SECRET" not in output
    assert "***@127.0.0.1" in output
    assert all(character.isprintable() or character == "\n" for character in output)
    assert "[2J" in output


def test_what_was_forgotten_is_not_fetched_again(run: Run, folder: Path, address: str) -> None:
    run("subscribe", f"{address}/feed.xml")
    run("fetch")
    with Archive(folder / "index_data/archive.sqlite3") as archive:
        archive.tombstones.forget([next(archive.iterate()).id], "asked for")
    run("subscribe", "--remove", f"{address}/feed.xml")
    run("subscribe", f"{address}/feed.xml")
    said = run("fetch").stdout
    assert "0 new, 0 updated, 1 unchanged, 1 forgotten\n" in said
    assert said.endswith("0 articles are new, 0 updated, 1 unchanged, 1 forgotten\n")
    assert len(exported(run)) == 1


def test_a_clock_that_was_wrong_keeps_no_feed_away(run: Run, folder: Path, address: str) -> None:
    run("subscribe", f"{address}/feed.xml")
    run("fetch")
    with closing(sqlite3.connect(folder / "index_data/archive.sqlite3")) as archive, archive:
        archive.execute("UPDATE subscriptions SET next_fetch = next_fetch + 86400 * 365 * 50")
    assert run("fetch").stdout.startswith("示例新闻网: 0 new, 0 updated, 2 unchanged")
    assert run("fetch").stdout.startswith("0 of 1 feed due")


def test_what_is_no_feed_cannot_be_followed(run: Run, folder: Path) -> None:
    (folder / "list.txt").write_text("no list\n")
    assert "neither an http or https address nor an OPML file" in run("subscribe", "ftp://x", status=1).stderr
    assert "list.txt: not an OPML list" in run("subscribe", "list.txt", status=1).stderr
    assert "--zone is 'Beijing'" in run("subscribe", "--zone", "Beijing", "https://x.example/", status=1).stderr


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_fetch_that_is_ended_keeps_what_it_kept_and_goes_on_at_the_next(
    run: Run, folder: Path, server: Server, address: str, ending: int
) -> None:
    with Archive(folder / "index_data/archive.sqlite3") as archive:
        archive.subscriptions.add(
            [Subscription(f"{address}/feed.xml"), Subscription(server.raw("/silent", b"", b"\r\n", every=60))]
        )
    command = [sys.executable, "-c", "from indexer.commands.program import main; main()", "fetch"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as fetch:
        assert fetch.stdout
        assert fetch.stderr
        assert "2 new" in fetch.stdout.readline()
        fetch.send_signal(ending)
        assert fetch.wait(30) != 0
        assert "Traceback" not in fetch.stderr.read()
    assert len(exported(run)) == 2
    server.page("/silent", body=(RSS % ("别的", "第四条消息", 4)).encode())
    told = run("fetch").stdout
    assert "1 of 2 feeds due, 0 failed; 1 article is new" in told


def test_the_password_of_a_feed_gets_into_no_article(run: Run, folder: Path, server: Server, address: str) -> None:
    items = (
        "<item><title>相对一</title><link>/a/1</link><description>正文一</description></item>"
        "<item><title>相对二</title><guid>art2</guid><description>正文二</description></item>"
        "<item><title>绝对三</title><link>http://bob:secretpw@example.com/3</link><description>正文三</description></item>"
    )
    server.page("/r.xml?token=T", 200, f"<rss version='2.0'><channel><title>R</title>{items}</channel></rss>".encode())
    with Archive(folder / "index_data/archive.sqlite3") as archive:
        feed = f"{address.replace('://', '://usr:secretpw@')}/r.xml?token=T"
        archive.subscriptions.add([Subscription(feed)])
    assert "3 new" in run("fetch").stdout
    articles = [line for line in run("export").stdout.splitlines() if '"subscription"' not in line]
    assert "secretpw" not in "".join(articles)
    assert {f"{address}/a/1", "http://example.com/3"} < {json.loads(line)["url"] for line in articles}
