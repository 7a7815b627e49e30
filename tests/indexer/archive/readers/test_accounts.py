"""Readers and keys, on every database; and that an archive of before has room for them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import Archive
from indexer.archive.readers import credentials
from indexer.archive.readers.accounts import Account
from indexer.article import Article
from indexer.errors import ArchiveError, ConfigError
from tests.indexer.archive.older import make_older

NOW = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_a_reader_has_one_password_until_it_changes(location: str | Path) -> None:
    with Archive(location, clock=lambda: NOW) as archive:
        accounts = archive.accounts
        assert accounts.set_password("alice", "first password")
        assert accounts.is_password("alice", "first password")
        mark = accounts.mark("alice")
        assert not accounts.set_password(" alice ", "second password")
        assert not accounts.is_password("alice", "first password")
        assert accounts.is_password("alice", "second password")
        assert accounts.mark("alice") not in ("", mark)
        assert accounts.users() == [Account("alice", NOW)]


@pytest.mark.parametrize("name", ["bob", "", "a\0b", "\udcff", "' OR 1=1 --", "a" * 1000])
def test_nobody_else_has_a_password(location: str | Path, name: str) -> None:
    with Archive(location) as archive:
        archive.accounts.set_password("alice", "first password")
        for password in ("first password", "", "\0", "\udcff", "a" * 100_000):
            assert not archive.accounts.is_password(name, password)
        assert archive.accounts.mark(name) == ""


def test_a_reader_who_is_removed_is_gone(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.accounts.set_password("爱丽丝", "first password")
        assert archive.accounts.remove_user("爱丽丝")
        assert not archive.accounts.remove_user("爱丽丝")
        assert not archive.accounts.is_password("爱丽丝", "first password")
        assert archive.accounts.users() == []


def test_a_key_is_told_once_and_withdrawn(location: str | Path) -> None:
    with Archive(location, clock=lambda: NOW) as archive:
        accounts = archive.accounts
        key, other = accounts.add_key("robot"), accounts.add_key("other")
        assert key != other
        assert (accounts.key_name(key), accounts.key_name(other)) == ("robot", "other")
        assert accounts.keys() == [Account("other", NOW), Account("robot", NOW)]
        for wrong in ("", "robot", key[:-1], key + "a", "\0", "\udcff"):
            assert accounts.key_name(wrong) == ""
        with pytest.raises(ConfigError, match="there is a key robot already"):
            accounts.add_key("robot")
        assert accounts.remove_key("robot")
        assert not accounts.remove_key("robot")
        assert accounts.key_name(key) == ""


def test_neither_password_nor_key_is_kept_as_it_is(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.sqlite3") as archive:
        archive.accounts.set_password("alice", "first password")
        key = archive.accounts.add_key("robot")
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"scrypt:" in kept
    assert b"first password" not in kept
    assert key.encode() not in kept


@pytest.mark.parametrize("name", ["", " ", "a b", "a,b", ".a", "a.", "a/b", "a\nb", "a" * 65, "-", "a\0"])
def test_some_names_are_not_allowed(location: str | Path, name: str) -> None:
    with Archive(location) as archive:
        accounts = archive.accounts
        for add in (lambda: accounts.set_password(name, "first password"), lambda: accounts.add_key(name)):
            with pytest.raises(ConfigError, match="cannot be a name; allowed: 1 to 64 letters"):
                add()


@pytest.mark.parametrize(("password", "length"), [("", "0"), ("seven 7", "7"), ("a" * 1001, "1,001")])
def test_a_password_is_neither_too_short_nor_too_long(tmp_path: Path, password: str, length: str) -> None:
    with (
        Archive(tmp_path / "a.sqlite3") as archive,
        pytest.raises(ConfigError, match=f"the password has {length} characters; allowed: 8 to 1,000"),
    ):
        archive.accounts.set_password("alice", password)


@given(st.text(max_size=80))
def test_a_name_that_is_allowed_is_kept_as_it_is_found(name: str) -> None:
    kept = credentials.normal_name(name)
    assert credentials.normal_name(kept) == kept
    assert len(kept) <= 64
    assert "," not in kept and not any(each.isspace() for each in kept)


def test_accents_typed_in_either_way_are_the_same_password(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.sqlite3") as archive:
        archive.accounts.set_password("rené", "cafe\u0301 cafe\u0301")
        assert archive.accounts.is_password("rene\u0301", "caf\u00e9 caf\u00e9")


def test_an_archive_of_before_has_room_for_accounts(location: str | Path) -> None:
    with Archive(location) as archive:
        archive.put([Article(url="", title="标题", text="正文")])
    make_older(location, 2)
    with Archive(location) as archive:
        assert archive.count() == 1
        assert archive.accounts.users() == archive.accounts.keys() == []
        assert archive.accounts.set_password("alice", "first password")


def test_whoever_may_only_read_is_told_so_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive(tmp_path / "a.sqlite3") as archive:
        archive.put([Article(url="", title="标题", text="正文")])
        assert not archive.is_read_only
    monkeypatch.setattr("indexer.archive.database.os.access", lambda path, mode: False)
    with Archive(tmp_path / "a.sqlite3") as archive:
        assert archive.is_read_only
        assert archive.count() == 1
        with pytest.raises(ArchiveError, match="readonly database"):
            archive.put([Article(url="", title="另一篇", text="正文")])


def test_an_older_archive_that_may_only_be_read_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.sqlite3"
    Archive(path).close()
    make_older(path, 1)
    monkeypatch.setattr("indexer.archive.database.os.access", lambda path, mode: False)
    with pytest.raises(ArchiveError, match="open it once where it can be written"):
        Archive(path)


def test_what_a_writer_adds_is_seen_by_those_who_may_only_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.sqlite3"
    Archive(path).close()
    with monkeypatch.context() as patched:
        patched.setattr("indexer.archive.database.os.access", lambda path, mode: False)
        reader = Archive(path)
    with reader, Archive(path) as writer:
        for number in range(3):
            assert reader.count() == number
            writer.put([Article(url=f"https://a.example/{number}", title="标题", text="正文")])
