from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from threading import Timer

import pytest
from sqlalchemy import Connection, create_engine, text

from indexer.archive import Archive, schema
from indexer.article import Article
from indexer.errors import ArchiveError


def _address(location: str | Path) -> str:
    return f"sqlite:///{location}" if isinstance(location, Path) else location


def _execute(location: str | Path, *statements: str) -> None:
    engine = create_engine(_address(location))
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def test_an_archive_can_be_named_by_its_address(location: str | Path) -> None:
    with Archive(_address(location)) as archive:
        archive.put([Article(url="", title="标题", text="正文")])
    with Archive(location) as archive:
        assert archive.count() == 1


def test_an_archive_of_a_newer_program_is_left_alone(location: str | Path) -> None:
    Archive(location).close()
    _execute(location, "UPDATE archive SET schema = 1000")
    with pytest.raises(ArchiveError, match="schema 1000, made by a newer version of this program, which knows schema"):
        Archive(location)


def test_an_older_archive_is_brought_up_to_date_once(location: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Archive(location) as archive:
        archive.put([Article(url="", title="标题", text="正文")])

    def add_a_column(connection: Connection) -> None:
        connection.execute(text("ALTER TABLE articles ADD COLUMN added TEXT DEFAULT 'x' NOT NULL"))

    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, add_a_column])
    for _ in range(2):
        with Archive(location) as archive:
            assert archive.count() == 1
    _execute(location, "UPDATE articles SET added = 'y'")


def test_a_migration_that_fails_changes_nothing(location: str | Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Archive(location).close()

    def fail_half_way(connection: Connection) -> None:
        connection.execute(text("DROP TABLE revisions"))
        connection.execute(text("SELECT * FROM there_is_no_such_table"))

    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, fail_half_way])
        with pytest.raises(ArchiveError, match="there_is_no_such_table"):
            Archive(location)
    with Archive(location) as archive:
        assert archive.statistics().revisions == 0


def test_a_foreign_file_is_an_error_of_one_line(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("this is no database, but a text that is long enough to look like one" * 20)
    with pytest.raises(ArchiveError, match=r"notes\.txt cannot be used: file is not a database"):
        Archive(path)


def test_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="unable to open database file"):
        Archive(tmp_path)


def test_a_file_in_place_of_the_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    with pytest.raises(ArchiveError, match="data"):
        Archive(tmp_path / "data" / "archive.sqlite3")


@pytest.mark.parametrize(
    "address",
    [
        "mysql://host/name",
        "postgresql://host",
        "sqlite://",
        "://",
        "bogus://x y",
        "postgresql+psycopg://me@host:port/name",
        "postgresql+psycopg://[::1/name",
    ],
)
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(ArchiveError, match="allowed: a path"):
        Archive(address)


def test_an_unreachable_server_is_an_error_without_its_password() -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(ArchiveError, match="cannot be used") as error:
        Archive("postgresql+psycopg://xunwen:secret@127.0.0.1:1/news")
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://me:SECRET@127.0.0.1:1/db?password=SECRET&connect_timeout=1",
        "postgresql+psycopg://127.0.0.1:1/db?user=me&sslpassword=SECRET",
        "mysql://me:SECRET@host/db?password=SECRET",
        "postgresql+psycopg://me:SECRET@host?password=SECRET",
    ],
)
def test_no_message_shows_a_secret_of_the_address(address: str) -> None:
    pytest.importorskip("psycopg")
    with pytest.raises(ArchiveError) as caught:
        Archive(address)
    assert "SECRET" not in str(caught.value)


def test_many_processes_may_open_a_new_archive_at_once(location: str | Path) -> None:
    program = "import sys; from indexer.archive import Archive; print(Archive(sys.argv[1]).count())"
    command = [sys.executable, "-c", program, str(location)]
    openers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert [opener.communicate()[0] for opener in openers] == ["0\n"] * 6


@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_whoever_comes_second_to_a_new_archive_waits(tmp_path: Path, statement: str) -> None:
    path = tmp_path / "archive.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as first:
        first.execute(statement)
        release = Timer(0.3, first.rollback)
        release.start()
        with Archive(path) as second:
            assert second.count() == 0
        release.join()


def test_what_cannot_be_an_id_is_not_there(archive: Archive) -> None:
    for id in ("\0", "a\0b", "", "\ud800", "文", "x" * 100_000, "' OR 1=1 --"):
        assert archive.get([id]) == archive.revisions(id) == archive.revision_times(id) == []
        assert archive.delete([id]) == 0
