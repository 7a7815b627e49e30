"""One commit of the index, opened for reading (Lucene: IndexCommit).

A commit writes ``commit-N.json`` (its stamp and archive sequence) before Whoosh's table of contents number ``N``, which
is the commit point; so every table of contents has its file, and one without a table of contents means nothing.
"""

import json
import os
import re
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple, Self

from whoosh.index import EmptyIndexError

from indexer.engine.index import IndexInfo, Stamp
from indexer.engine.whoosh.columnar.codec.segment_arrays import SegmentArrays
from indexer.engine.whoosh.columnar.index import open_dir
from indexer.engine.whoosh.columnar.search.snapshot import Snapshot
from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex
from indexer.engine.whoosh.generations import Generations
from indexer.errors import IndexCorrupt, IndexFailure, StampMismatch, system_reason
from indexer.files import Lock

_ATTEMPTS = 20
"""How often a commit may take away the files of the one before while they are being opened."""

_COMMIT = re.compile(r"commit-([0-9]+)\.json")

_CHECKED_AHEAD = 256 << 20
"""Bytes of an index that takes less than a tenth of a second to check."""

_CLOCK_TICK = 0.05
"""Two changes of a folder within so many seconds may leave it with the same time of modification."""


class _Mark(NamedTuple):
    """What the folders looked like. Equal and ``settled`` marks mean that nothing was committed in between."""

    pointer: tuple[int, int]
    changed: int
    settled: bool

    @classmethod
    def take(cls, pointer: str, generation: str) -> Self:
        """``pointer`` and ``generation`` are paths, as strings: this runs before every search."""
        current, folder = os.stat(pointer), os.stat(generation)  # noqa: PTH116 (before every search)
        settled = time.time() - max(current.st_mtime, folder.st_mtime) > _CLOCK_TICK
        return cls((current.st_ino, current.st_mtime_ns), folder.st_mtime_ns, settled)


class Commit:
    """One commit, opened for reading. Its generation and files stay for as long as somebody refers to it."""

    def __init__(
        self,
        hold: Lock,
        info: IndexInfo,
        commit: int,
        segments: Sequence[SegmentArrays],
        snapshot: Snapshot,
        mark: _Mark,
        paths: tuple[str, str],
    ) -> None:
        self.info = info
        self.segments = segments
        self.snapshot = snapshot
        self.name = f"{info.generation}.{commit}"
        self.generation = info.generation, hold
        self._commit = commit
        self._mark = mark
        self._paths = paths
        self.is_checked = False

    def check_ahead(self) -> None:
        """Check files of moderate size as a whole, at some gigabytes a second; else each question has to check the
        pages that it is the first to touch. The question that needs a damaged page raises the error, not this."""
        self.is_checked = True
        if self.info.size <= _CHECKED_AHEAD:
            with suppress(CorruptIndex):
                for segment in self.segments:
                    segment.verify()

    def is_newest(self, generations: Generations) -> bool:
        """Whether this is still what a new reader would see. Costs two ``stat`` calls unless something changed."""
        number = self.info.generation
        try:
            mark = _Mark.take(*self._paths)
        except FileNotFoundError:
            return False
        if mark == self._mark and mark.settled:
            return True
        if generations.current() != number or newest_commit(generations.path(number)) != self._commit:
            return False
        self._mark = mark
        return True


def open_commit(generations: Generations, wanted: Stamp, before: Commit | None = None) -> Commit:
    """The newest commit of the live generation. Raises ``IndexMissing``, ``StampMismatch`` and ``IndexCorrupt``.

    What the commit ``before`` has read of segments that are still there is kept.
    """
    number, hold = generations.hold_current()
    folder = generations.path(number)
    paths = str(generations.pointer), str(folder)
    for _ in range(_ATTEMPTS):
        with suppress(FileNotFoundError):
            mark = _Mark.take(*paths)
            commit = newest_commit(folder)
            known = before.segments if before is not None and before.info.generation == number else ()
            stamp, sequence, updated = read_commit(folder, commit)
            if stamp != wanted:
                # Before its files are read, which may be of another format.
                raise StampMismatch(_difference(stamp, wanted))
            segments = open_segments(folder, known)
            # Files that a newer commit has removed meanwhile would have failed to open: it is all one commit.
            if newest_commit(folder) == commit:
                snapshot = Snapshot(segments)
                info = IndexInfo(stamp, sequence, number, len(snapshot.all), updated, size_of(folder))
                return Commit(hold, info, commit, segments, snapshot, mark, paths)
    raise IndexCorrupt(f"{folder} lacks some of its files; run “xunwen rebuild”")


def _difference(found: Stamp, wanted: Stamp) -> str:
    if found.schema != wanted.schema:
        what = "by another version of this program"
    elif found.analyser != wanted.analyser:
        what = "with other rules of text analysis"
    else:
        what = "with another dictionary"
    return f"the index was built {what}; run “xunwen rebuild”"


class TranslatingErrors:
    """A context in which damage is raised as ``IndexCorrupt``, since pages of a file are checked when they are first
    read, and what the system refuses as ``IndexFailure``; ``doing`` completes “cannot …”.

    A class, since a search enters it and a generator would take ten times as long.
    """

    __slots__ = ("_doing",)

    def __init__(self, doing: str) -> None:
        self._doing = doing

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: object) -> None:
        if isinstance(error, CorruptIndex | EmptyIndexError):
            raise IndexCorrupt(f"{error}; run “xunwen rebuild”") from error
        if isinstance(error, OSError):
            raise IndexFailure(f"cannot {self._doing}: {system_reason(error)}") from error


def open_segments(folder: Path, known: Sequence[SegmentArrays] = ()) -> list[SegmentArrays]:
    """The segments of the newest commit in a generation's folder, some of which may be open already."""
    return open_dir(folder).segments(known)


def write_commit(folder: Path, commit: int, stamp: Stamp, sequence: int, updated: int) -> None:
    """Write down what commit number ``commit``, which is about to be made, holds; forget what older ones held."""
    for name in list(folder.glob("commit-*.json")):
        match = _COMMIT.fullmatch(name.name)
        if match and int(match[1]) < commit - 1:
            name.unlink(missing_ok=True)
    values = {"stamp": asdict(stamp), "sequence": sequence, "updated": updated}
    with (folder / f"commit-{commit}.json").open("w", encoding="utf-8") as file:
        json.dump(values, file)
        file.flush()
        os.fsync(file.fileno())


def read_commit(folder: Path, commit: int) -> tuple[Stamp, int, int]:
    """The stamp, the sequence and the time of a commit."""
    path = folder / f"commit-{commit}.json"
    try:
        values = json.loads(path.read_bytes())
        return Stamp(**values["stamp"]), int(values["sequence"]), int(values["updated"])
    except (ValueError, KeyError, TypeError) as error:
        raise IndexCorrupt(f"{path} is damaged; run “xunwen rebuild”") from error


def newest_commit(folder: Path) -> int:
    """The number of the last commit in a generation's folder."""
    found = [int(match[1]) for match in (_TOC.fullmatch(path.name) for path in folder.iterdir()) if match]
    if not found:
        raise IndexCorrupt(f"{folder} holds no index; run “xunwen rebuild”")
    return max(found)


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder."""
    total = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total


_TOC = re.compile(r"_MAIN_([0-9]+)\.toc")
