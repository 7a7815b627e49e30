"""Addresses that a person names: fetched politely, and read whatever they hold."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from indexer.archive import Archive
from indexer.commands.program import main
from indexer.fetching import pages
from indexer.sources import Reject
from tests.indexer.fetching.servers import RSS, Server, serving

NOW = datetime(2026, 11, 22, tzinfo=UTC)
PAGE = (
    "<!doctype html><html><head><title>{0}</title>"
    "<meta property='article:published_time' content='2024-01-05T08:00:00+08:00'>"
    "</head><body><p>江边的老码头改造完工，仓库改成了书店，周末开放到晚上九点，门票免费。</p></body></html>"
)


def fetched(*addresses: str) -> tuple[list[str], list[Reject], list[float]]:
    """The titles, what could not be read, and the pauses."""
    paused: list[float] = []
    found = list(pages.fetch_pages(addresses, zone=UTC, now=NOW, private=True, pause=paused.append))
    rejects = [each for each in found if isinstance(each, Reject)]
    return [each.title for each in found if not isinstance(each, Reject)], rejects, paused


def test_pages_and_feeds_are_read_with_their_addresses(server: Server) -> None:
    one = server.page("/1", body=PAGE.format("老码头").encode("gbk"), Content_Type="text/html; charset=gbk")
    feed = server.page("/feed", body=RSS)
    found = list(pages.fetch_pages([one, feed], zone=UTC, now=NOW, private=True, pause=lambda _: None))
    assert [(each.title, each.url) for each in found] == [("老码头", one), ("一条新闻", server.address + "/1")]
    assert found[0].published == datetime(2024, 1, 5, tzinfo=UTC)


def test_robots_txt_is_obeyed(server: Server) -> None:
    server.page("/robots.txt", body=b"User-agent: *\nDisallow: /private/\nCrawl-delay: 3\n")
    addresses = [server.page(path, body=PAGE.format(path).encode()) for path in ("/a", "/private/b", "/c")]
    titles, rejects, paused = fetched(*addresses)
    assert titles == ["/a", "/c"]
    assert [(each.path, "robots.txt" in each.reason) for each in rejects] == [(addresses[1], True)]
    assert paused == [3.0]
    assert [path for path, _ in server.asked] == ["/robots.txt", "/a", "/c"]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_nothing_is_fetched_where_robots_txt_cannot_be_had(server: Server, status: int) -> None:
    server.page("/robots.txt", status=status)
    titles, rejects, _ = fetched(server.page("/a", body=PAGE.format("甲").encode()))
    assert not titles and "robots.txt" in rejects[0].reason


def test_nothing_is_fetched_where_robots_txt_is_hung_up_on(server: Server) -> None:
    server.raw("/robots.txt", b"")
    titles, rejects, _ = fetched(server.page("/a", body=PAGE.format("甲").encode()))
    assert not titles and "robots.txt" in rejects[0].reason


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_all_is_allowed_where_there_is_no_robots_txt(server: Server, status: int) -> None:
    server.page("/robots.txt", status=status)
    assert fetched(server.page("/a", body=PAGE.format("甲").encode()))[0] == ["甲"]


def test_a_page_that_is_not_there_is_no_failure_of_its_host(server: Server) -> None:
    shell = server.page("/shell", body=b"<!doctype html><title>x</title><noscript>Please enable JavaScript</noscript>")
    gone = [server.page(f"/gone/{number}", status=404) for number in range(4)]
    titles, rejects, _ = fetched(shell, *gone, server.page("/a", body=PAGE.format("甲").encode()))
    assert titles == ["甲"]
    assert [each.path for each in rejects] == [shell, *gone]
    assert all("404" in each.reason for each in rejects[1:])


def test_a_host_that_fails_is_given_up(server: Server) -> None:
    titles, rejects, _ = fetched(*(server.page(f"/{number}", status=500) for number in range(5)))
    assert not titles
    assert ["not asked for" in each.reason for each in rejects] == [False, False, False, True, True]
    assert len(server.asked) == 4


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone_for_as_long_as_it_asks_and_asked_again(server: Server, status: int) -> None:
    address = server.page("/a", status=status, Retry_After="40")
    paused: list[float] = []

    def pause(seconds: float) -> None:
        paused.append(seconds)
        if seconds == 40:
            server.page("/a", body=PAGE.format("甲").encode())

    found = list(pages.fetch_pages([address], zone=UTC, now=NOW, private=True, pause=pause))
    assert [each.title for each in found if not isinstance(each, Reject)] == ["甲"]
    assert paused[0] == 40


def test_a_host_that_stays_busy_is_asked_more_and_more_rarely_and_then_no_more(server: Server) -> None:
    _, rejects, paused = fetched(*(server.page(f"/{number}", status=429) for number in range(3)))
    assert [rest for rest in paused if rest != 1] == [5, 10, 20, 40, 80]
    assert "429" in rejects[0].reason
    assert all("not asked for: the host is busy" in each.reason for each in rejects[1:])


def test_a_host_that_wants_a_long_rest_gets_it(server: Server) -> None:
    _, rejects, paused = fetched(*(server.page(f"/{number}", status=503, Retry_After="3600") for number in range(3)))
    assert not paused and len(rejects) == 3 and len(server.asked) == 2


def test_a_redirect_is_followed_where_the_other_site_allows_it(server: Server) -> None:
    with serving() as other:
        other.page("/robots.txt", body=b"User-agent: xunwen\nDisallow: /closed\n")
        other.page("/closed", body=PAGE.format("关").encode())
        other.page("/open", body=PAGE.format("开").encode())
        # The other server is another port of the same host, so it is another site.
        moved = [server.page(f"/{name}", status=302, Location=f"{other.address}/{name}") for name in ("closed", "open")]
        titles, rejects, paused = fetched(*moved)
    assert titles == ["开"] and [each.path for each in rejects] == moved[:1]
    assert [path for path, _ in other.asked] == ["/robots.txt", "/open"]
    assert len(paused) == 2  # a redirect's target is a page of its host too


def test_redirects_end(server: Server) -> None:
    address = server.page("/a", status=301, Location="/a")
    assert "more than 5 redirects" in fetched(address)[1][0].reason


@pytest.mark.parametrize("blank", ["", "\n"])
def test_the_command_imports_a_list(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, blank: str
) -> None:
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    address = server.page("/1", body=PAGE.format("老码头").encode())
    (tmp_path / "list.txt").write_text(f"{blank}{address}\nno address\n")
    said = CliRunner().invoke(main, ["--data", str(tmp_path / "data"), "import", "--urls", str(tmp_path / "list.txt")])
    assert said.exit_code == 0 and "1 new" in said.output and "rejected 1" in said.output
    with Archive(tmp_path / "data" / "archive.sqlite3") as archive:
        assert [each.url for each in archive.iterate()] == [address]


@pytest.mark.parametrize(("path", "content"), [("/1", PAGE.format("一条新闻").encode()), ("/feed", RSS)])
def test_the_command_imports_an_address(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, content: bytes
) -> None:
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    address = server.page(path, body=content)
    said = CliRunner().invoke(main, ["--data", str(tmp_path), "import", address])
    assert said.exit_code == 0 and "1 new" in said.output
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert [each.title for each in archive.iterate()] == ["一条新闻"]
        assert archive.subscriptions.all() == []


def test_an_address_that_fails_is_told(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUNWEN_FETCH_PRIVATE", "true")
    said = CliRunner().invoke(main, ["--data", str(tmp_path), "import", server.address + "/gone"])
    assert said.exit_code == 1 and "HTTP 404" in said.output


def test_other_schemes_are_refused(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["--data", str(tmp_path), "import", "ftp://me:secret@a.example/1"])
    assert said.exit_code == 2 and "neither a file nor an http or https address" in said.output
    assert "secret" not in said.output


def test_a_list_without_addresses_is_refused_with_what_is_allowed(tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("这里没有地址。\n")
    said = CliRunner().invoke(main, ["--data", str(tmp_path), "import", "--urls", str(tmp_path / "list.txt")])
    assert said.exit_code == 1 and "allowed: a line for each address" in said.output


def test_the_command_wants_files_or_a_list() -> None:
    assert CliRunner().invoke(main, ["import"]).exit_code == 2
