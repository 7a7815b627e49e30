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
from tests.indexer.fetching.servers import RSS, Server

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


def test_nothing_is_fetched_where_robots_txt_cannot_be_had(server: Server) -> None:
    server.page("/robots.txt", status=503)
    titles, rejects, _ = fetched(server.page("/a", body=PAGE.format("甲").encode()))
    assert not titles and "robots.txt" in rejects[0].reason


def test_what_fails_is_told_and_a_host_that_fails_is_given_up(server: Server) -> None:
    shell = server.page("/shell", body=b"<!doctype html><title>x</title><noscript>Please enable JavaScript</noscript>")
    gone = [server.page(f"/gone/{number}", status=404) for number in range(4)]
    titles, rejects, _ = fetched(shell, *gone)
    assert not titles
    assert [each.path for each in rejects] == [shell, *gone]
    assert "404" in rejects[1].reason and "not asked for" in rejects[4].reason


def test_a_list_names_its_lines() -> None:
    found = pages.read_list("# 新闻\n\nhttps://a.example/1\nhttps://a.example/1\nftp://b.example\n随便\n", "list.txt")
    assert found.addresses == ("https://a.example/1",)
    assert [each.path for each in found.rejects] == ["list.txt:5", "list.txt:6"]


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


def test_the_command_wants_files_or_a_list() -> None:
    assert CliRunner().invoke(main, ["import"]).exit_code == 2
