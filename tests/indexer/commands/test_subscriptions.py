"""``xunwen subscriptions``: the feeds as OPML, which ``xunwen subscribe`` reads again."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, Subscription
from indexer.commands.program import main
from indexer.plain_text import counted

TITLES = st.text("新闻 &<>\"'=/\u202e\x1b\n甲", max_size=12)
FEEDS = st.lists(
    st.builds(
        Subscription,
        url=st.text("ab&=?;'\"<%", max_size=10).map("https://example.org/{}".format),
        title=TITLES,
        failures=st.integers(0, 3),
    ),
    max_size=5,
    unique_by=lambda feed: feed.url,
)


def follow(data: Path, feeds: list[Subscription]) -> list[Subscription]:
    """Make an archive that follows them; what it follows."""
    with Archive(data / "archive.sqlite3") as archive:
        archive.subscriptions.add(feeds)
        return archive.subscriptions.all()


def plain(title: str) -> str:
    return " ".join("".join(character for character in title if character.isprintable()).split())


@settings(max_examples=25, deadline=None)
@given(FEEDS)
def test_a_list_is_read_again(tmp_path_factory: pytest.TempPathFactory, feeds: list[Subscription]) -> None:
    folder = tmp_path_factory.mktemp("feeds")
    kept = follow(folder / "one", feeds)
    written = CliRunner().invoke(main, ["--data", str(folder / "one"), "subscriptions", "--with-secrets"])
    assert written.exit_code == 0 and Xml.fromstring(written.stdout_bytes).get("version") == "2.0"
    (folder / "list.opml").write_bytes(written.stdout_bytes)
    said = CliRunner().invoke(main, ["--data", str(folder / "other"), "subscribe", str(folder / "list.opml")])
    assert said.exit_code == 0 and said.output.startswith(counted(len(feeds), "feed is", "feeds are") + " new")
    assert follow(folder / "other", []) == [Subscription(each.url, plain(each.title)) for each in kept]
    again = CliRunner().invoke(main, ["--data", str(folder / "one"), "subscribe", str(folder / "list.opml")])
    assert again.output.startswith("0 feeds are new") and follow(folder / "one", []) == kept


def test_secrets_are_written_only_when_asked_for(tmp_path: Path) -> None:
    open_ = Subscription("https://a.example/feed?id=1", "早报")
    secret = [
        Subscription("https://me:SECRET@b.example/feed"),
        Subscription("https://c.example/feed?token=SECRET", "私人\x1b[2J"),
    ]
    follow(tmp_path, [*secret, open_])
    said = CliRunner().invoke(main, ["--data", str(tmp_path), "subscriptions"])
    assert said.exit_code == 0 and "SECRET" not in said.output
    assert open_.url in said.stdout and "b.example" not in said.stdout
    assert "https://***@b.example/feed" in said.stderr and "https://c.example/feed?token=***" in said.stderr
    whole = CliRunner().invoke(main, ["--data", str(tmp_path), "subscriptions", "--with-secrets"])
    assert all(f'xmlUrl="{feed.url}"' in whole.stdout for feed in (*secret, open_)) and whole.stderr == ""


def test_without_an_archive_there_is_no_list(tmp_path: Path) -> None:
    said = CliRunner().invoke(main, ["--data", str(tmp_path / "none"), "subscriptions"])
    assert said.exit_code == 1 and said.output.startswith("Error: ") and not (tmp_path / "none").exists()
