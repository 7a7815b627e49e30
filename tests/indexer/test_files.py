"""Files beside the archive: replaced whole, read with bounds."""

import errno
import logging
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import files
from indexer.files import Problem, read_lines, replace_file, shortened


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "names.tsv"
    replace_file(path, b"old")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_what_was_there_stays_when_writing_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    path = tmp_path / "names.tsv"
    replace_file(path, b"old")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_content_is_on_disk_before_the_name_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, seen = tmp_path / "names.tsv", []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: (seen.append(path.exists()), real(file)))
    replace_file(path, b"new")
    assert seen == [False, True]


def test_lines_have_numbers_and_wrong_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "any"
    path.write_bytes("\ufeff甲\r\n".encode() + b"\xff\n" + "乙\n丙\n".encode() + b"x" * 20_000 + b"\nend")
    lines, problems = read_lines(path)
    assert lines == [(1, "甲"), (3, "乙"), (4, "丙"), (6, "end")]
    assert [str(problem) for problem in problems] == [
        "any, line 2: is not UTF-8",
        "any, line 5: is longer than 10,000 bytes",
    ]


def test_a_missing_file_is_a_problem_unless_it_is_optional(tmp_path: Path) -> None:
    path = tmp_path / "none"
    assert read_lines(path) == ([], [Problem(path, 0, "is not there")])
    assert read_lines(path, optional=True) == ([], [])


@pytest.mark.parametrize("name", ["folder", "pipe", "loop", "nul\0", "x" * 300])
def test_what_cannot_be_read_is_one_problem(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name == "folder":
        path.mkdir()
    elif name == "pipe":
        os.mkfifo(path)
    elif name == "loop":
        path.symlink_to(path)
    lines, problems = read_lines(path, optional=True)
    assert lines == []
    assert [problem.line for problem in problems] == [0]


def test_what_is_too_much_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "any"
    path.write_text("ab\n" * 100)
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    lines, problems = read_lines(path)
    assert [line for _, line in lines] == ["ab", "ab", "ab", ""]
    assert "its end is left out" in str(problems[0])
    monkeypatch.setattr(files, "MOST_BYTES", 10_000)
    monkeypatch.setattr(files, "MOST_LINES", 7)
    lines, problems = read_lines(path)
    assert len(lines) == 7
    assert "its end is left out" in str(problems[0])


def test_many_problems_of_a_file_are_counted(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    problems = [Problem(one, number, "wrong") for number in range(1, 100)] + [Problem(other, 1, "wrong")]
    told = shortened(problems)
    assert len(told) == files.MOST_PROBLEMS + 2
    assert Problem(one, 0, "has 79 more such lines") in told
    assert told[-1] == problems[-1]


def test_the_log_tells_a_problem_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    problem = Problem(tmp_path / "variants.tsv", 3, "at least two")
    with caplog.at_level(logging.WARNING):
        files.log([problem, problem])
        files.log([problem])
    assert [record.getMessage() for record in caplog.records] == ["variants.tsv, line 3: at least two"]


@given(st.binary(max_size=300))
def test_whatever_a_file_holds_is_lines_and_problems(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "anything"
    path.write_bytes(content)
    lines, problems = read_lines(path)
    assert len(lines) + len(problems) <= content.count(b"\n") + 2
    assert all("\n" not in line and "\0" not in line for _, line in lines)
