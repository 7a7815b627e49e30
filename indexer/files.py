"""Files beside the archive: replaced whole and durably, and read with bounds, whatever stands in them.

What only helps must never stop the main job. So reading never fails: what is wrong comes back as ``Problem``s.
"""

from __future__ import annotations

import logging
import os
import stat
import weakref
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from indexer.errors import ConfigError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

MOST_BYTES = 16_000_000
"""Of a file that is read; what lies behind is left out."""

LONGEST_LINE = 10_000
"""Bytes of a line."""

MOST_LINES = 200_000

MOST_PROBLEMS = 20
"""Problems of one file that are told one by one."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that was left out. ``line`` counts from 1; 0 is the file as a whole."""

    path: Path
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.path.name}, line {self.line}: {self.reason}" if self.line else f"{self.path}: {self.reason}"


class Lock:
    """An ``flock`` on a file, held until it is closed or forgotten. Raises ``BlockingIOError`` when others hold it."""

    def __init__(self, path: Path, *, shared: bool = False, create: bool = True) -> None:
        if fcntl is None:
            raise ConfigError("this system has no file locks (flock): use Linux, macOS, or Windows' own Linux, WSL")
        # A reader may have no right to write: a shared lock needs none.
        access = os.O_RDONLY if shared and not create else os.O_RDWR
        file = os.open(path, access | os.O_CLOEXEC | (os.O_CREAT if create else 0), 0o666)
        self.close = weakref.finalize(self, os.close, file)
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()


def replace_file(path: Path, data: bytes) -> None:
    """Give a file this content in one step; after a crash it holds the old or the new, whole. Raises ``OSError``."""
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except BaseException:
        with suppress(OSError):
            unfinished.unlink()
        raise
    flush(path.parent)


def flush(path: Path) -> None:
    """After this a loss of power undoes nothing of what was written to a file, or named in a folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_lines(path: Path, *, optional: bool = False) -> tuple[list[tuple[int, str]], list[Problem]]:
    """The lines of a text file in UTF-8 with their numbers, as far as they can be read, and what cannot.

    A file that is not there, cannot be read or is no text has no lines and one problem; one that is ``optional`` may be
    missing.
    """
    try:
        data = _read(path)
    except FileNotFoundError:
        return [], [] if optional else [Problem(path, 0, "is not there")]
    except (OSError, ValueError) as error:
        return [], [Problem(path, 0, f"cannot be read: {getattr(error, 'strerror', None) or error}")]
    problems: list[Problem] = []
    if len(data) > MOST_BYTES:
        data = data[: data.rfind(b"\n", 0, MOST_BYTES) + 1]
        problems.append(Problem(path, 0, f"is larger than {MOST_BYTES // 1_000_000} MB; its end is left out"))
    rows = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    if len(rows) > MOST_LINES:
        del rows[MOST_LINES:]
        problems.append(Problem(path, 0, f"has more than {MOST_LINES:,} lines; its end is left out"))
    lines, wrong = _decoded(path, rows)
    if b"\0" in data or 2 * sum(problem.reason == _NOT_UTF8 for problem in wrong) > _beyond_ascii(rows):
        return [], [*problems, Problem(path, 0, "is no text in UTF-8")]
    return lines, problems + wrong


def shortened(problems: Iterable[Problem]) -> list[Problem]:
    """The first problems of each file, and how many more it has."""
    by_path: dict[Path, list[Problem]] = {}
    for problem in problems:
        by_path.setdefault(problem.path, []).append(problem)
    kept: list[Problem] = []
    for path, found in by_path.items():
        kept += found[:MOST_PROBLEMS]
        if len(found) > MOST_PROBLEMS:
            kept.append(Problem(path, 0, f"has {len(found) - MOST_PROBLEMS:,} more such lines"))
    return kept


def log(problems: Iterable[Problem]) -> None:
    """Write each problem to the log, once for as long as the program runs."""
    for problem in problems:
        if problem not in _LOGGED and len(_LOGGED) < _MOST_LOGGED:
            _LOGGED.add(problem)
            _LOG.warning("%s", problem)


_LOGGED: set[Problem] = set()
_MOST_LOGGED = 1_000

_NOT_UTF8 = "is not UTF-8"


def _read(path: Path) -> bytes:
    """At most one byte more than is allowed. Never waits, as on a pipe that nobody writes to."""
    file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise ValueError("it is no file")
        return stream.read(MOST_BYTES + 1)


def _decoded(path: Path, rows: list[bytes]) -> tuple[list[tuple[int, str]], list[Problem]]:
    lines: list[tuple[int, str]] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows, 1):
        if len(row) > LONGEST_LINE:
            problems.append(Problem(path, number, f"is longer than {LONGEST_LINE:,} bytes"))
            continue
        try:
            lines.append((number, row.removesuffix(b"\r").decode("utf-8")))
        except UnicodeDecodeError:
            problems.append(Problem(path, number, _NOT_UTF8))
    return lines, problems


def _beyond_ascii(rows: Iterable[bytes]) -> int:
    """How many lines hold more than ASCII: they tell whether a file is in UTF-8."""
    return sum(not row.isascii() and len(row) <= LONGEST_LINE for row in rows)
