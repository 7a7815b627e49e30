"""The folders of an index: one a generation, one of them live, each removed when nobody reads it any more.

::

    index/
      CURRENT        the name of the live generation, replaced in one step
      rebuild.lock   held by the one process that builds a generation
      gen-3/         the files of generation 3
        readers      locked (shared) by everyone who has the generation open

Locks are ``flock`` locks: they belong to an open file, so they end with the process that holds them, however it ends.
A process that locks ``readers`` exclusively may remove the generation, once it is older than the live one. One that is
newer was left behind by a rebuild that died; the next rebuild removes it.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from indexer.engine.whoosh.columnar.indexing.commit import sync_path
from indexer.errors import IndexCorrupt, IndexFailure, IndexLocked, IndexMissing, system_reason
from indexer.files import Lock

_NAME = re.compile(r"gen-([1-9][0-9]*)")


class Generations:
    """The generations in one folder, which need not exist yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pointer = folder / "CURRENT"

    def path(self, number: int) -> Path:
        return self.folder / f"gen-{number}"

    def current(self) -> int:
        """The number of the live generation. Raises ``IndexMissing`` and ``IndexCorrupt``."""
        try:
            name = self.pointer.read_text("ascii").strip()
        except FileNotFoundError:
            raise IndexMissing("there is no index yet; run “xunwen index”") from None
        except UnicodeDecodeError:
            name = ""
        except OSError as error:
            raise IndexFailure(f"cannot read the index: {system_reason(error)}") from error
        match = _NAME.fullmatch(name)
        if not match:
            raise IndexCorrupt(f"{self.pointer} does not name a generation; run “xunwen rebuild”")
        return int(match[1])

    def hold_current(self) -> tuple[int, Lock]:
        """The live generation, kept from being removed for as long as the lock is open."""
        missing = 0
        while True:
            number = self.current()
            try:
                hold = Lock(self.path(number) / "readers", shared=True, create=False)
            except (FileNotFoundError, BlockingIOError):
                # It may have been replaced and removed since CURRENT was read. One that stays missing is lost.
                missing += 1
                if missing > 100 and self.current() == number:
                    raise IndexCorrupt(f"{self.path(number)} is missing or damaged; run “xunwen rebuild”") from None
                continue
            if self.current() == number:
                return number, hold
            hold.close()

    def begin(self) -> tuple[int, Lock, Lock]:
        """An empty new generation: its number, the lock of the rebuild and a hold on the new folder.

        Raises ``IndexLocked`` while another process builds one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            building = Lock(self.folder / "rebuild.lock")
        except BlockingIOError:
            raise IndexLocked("another process is rebuilding the index") from None
        try:
            self.collect(newer=True)
            number = max(self._numbers(), default=0) + 1
            path = self.path(number)
            path.mkdir()
            return number, building, Lock(path / "readers", shared=True)
        except BaseException:
            building.close()
            raise

    def activate(self, number: int) -> None:
        """Make a generation the live one; what its files hold must be on disk already."""
        new = self.folder / "CURRENT.new"
        with new.open("w", encoding="ascii") as file:
            file.write(f"gen-{number}\n")
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.pointer)
        sync_path(self.folder)

    def collect(self, *, newer: bool = False) -> None:
        """Remove older generations that nobody reads; for the holder of the rebuild lock also ``newer`` ones."""
        try:
            live = self.current()
        except IndexMissing:
            live = 0
        except IndexFailure:
            return
        for number in list(self._numbers()):
            if number < live or (newer and number > live):
                self.remove(number)

    def remove(self, number: int) -> None:
        """Remove a generation unless somebody reads it, or it may be the live one.

        What cannot be removed now, also for lack of rights, is removed by the next rebuild.
        """
        try:
            if self.current() == number:
                return  # it was made live, though that could not be put on the disk for certain
        except (IndexMissing, IndexCorrupt):
            pass
        except IndexFailure:
            return
        path = self.path(number)
        with suppress(OSError), Lock(path / "readers"):
            shutil.rmtree(path, ignore_errors=True)

    def _numbers(self) -> Iterator[int]:
        with suppress(FileNotFoundError):
            for path in self.folder.iterdir():
                match = _NAME.fullmatch(path.name)
                if match:
                    yield int(match[1])
