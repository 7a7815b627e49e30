"""``xunwen user`` and ``xunwen key``."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from indexer.archive import Archive
from search_app.cli import main


def run(data: Path, *arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments], input=typed)


def test_a_reader_is_added_listed_changed_and_removed(tmp_path: Path) -> None:
    assert run(tmp_path, "user", "list").output == "nobody may sign in\n"
    assert run(tmp_path, "user", "add", "alice", typed="first password\n").output == "alice may sign in\n"
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert archive.accounts.is_password("alice", "first password")
    assert "alice has a new password" in run(tmp_path, "user", "add", "alice", typed="second password").output
    assert run(tmp_path, "user", "list").output.startswith("alice\t20")
    assert run(tmp_path, "user", "remove", "alice").exit_code == 0
    gone = run(tmp_path, "user", "remove", "alice")
    assert (gone.exit_code, gone.output) == (1, "Error: there is no user alice\n")


def test_a_bad_name_or_password_is_one_line(tmp_path: Path) -> None:
    for arguments, typed in ((("user", "add", "a b"), "first password\n"), (("user", "add", "alice"), "short\n")):
        result = run(tmp_path, *arguments, typed=typed)
        assert result.exit_code == 1
        assert result.output.startswith("Error: ")
        assert len(result.output.splitlines()) == 1
        assert "short" not in result.output


def test_at_a_terminal_the_password_is_asked_for_twice_and_not_shown(tmp_path: Path) -> None:
    terminal, theirs = pty.openpty()
    command = [sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(tmp_path)]
    with subprocess.Popen([*command, "user", "add", "alice"], stdin=theirs, stdout=theirs, stderr=theirs) as asked:
        os.close(theirs)
        shown = b""
        for question in (b"Password: ", b"The same again: "):
            while question not in shown:
                shown += os.read(terminal, 1000)
            os.write(terminal, b"first password\n")
        assert asked.wait(60) == 0
    os.close(terminal)
    assert b"first" not in shown
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert archive.accounts.is_password("alice", "first password")


def test_a_key_is_shown_once_listed_and_withdrawn(tmp_path: Path) -> None:
    assert run(tmp_path, "key", "list").output == "there are no keys\n"
    added = run(tmp_path, "key", "add", "robot")
    key = added.stdout.strip()
    with Archive(tmp_path / "archive.sqlite3") as archive:
        assert archive.accounts.key_name(key) == "robot"
    listed = run(tmp_path, "key", "list").output
    assert listed.startswith("robot\t20")
    assert key not in listed
    assert "there is a key robot already" in run(tmp_path, "key", "add", "robot").output
    assert run(tmp_path, "key", "remove", "robot").exit_code == 0
    assert "there is no key robot" in run(tmp_path, "key", "remove", "robot").output
