"""Changes to a generation: its writer, and the building of a new one."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Self

from whoosh.index import LockError

from indexer.engine.document import Batch
from indexer.engine.index import Stamp
from indexer.engine.whoosh.columnar.index import create_in, open_dir
from indexer.engine.whoosh.columnar.indexing.writer import ColumnarWriter
from indexer.engine.whoosh.commit import TranslatingErrors, write_commit
from indexer.engine.whoosh.generations import Generations
from indexer.engine.whoosh.schema import ID, columns, fields, schema
from indexer.errors import IndexLocked
from indexer.files import Lock

Clock = Callable[[], float]


class GenerationWriter:
    """A ``Writer`` on the generation in ``folder``; see ``indexer.engine.index.Writer``."""

    def __init__(self, folder: Path, hold: Lock, stamp: Stamp, sequence: int, clock: Clock) -> None:
        self._folder = folder
        self._hold = hold
        self._stamp = stamp
        self._sequence = sequence
        self._clock = clock
        self._writer: ColumnarWriter | None = None

    def __enter__(self) -> Self:
        try:
            with TranslatingErrors("write to the index"):
                self._writer = open_dir(self._folder).writer()
        except LockError:
            raise IndexLocked("another process is writing to the index") from None
        return self

    def __exit__(self, kind: type[BaseException] | None, *failure: object) -> None:
        writer, self._writer = self._open(), None
        with TranslatingErrors("write to the index"):
            if kind is not None:
                writer.cancel()
                return
            try:
                write_commit(self._folder, writer.generation, self._stamp, self._sequence, int(self._clock()))
            except BaseException:
                writer.cancel()
                raise
            writer.commit()

    def put(self, batch: Batch) -> None:
        if not len(batch):
            return
        self.delete(batch.ids)
        with TranslatingErrors("write to the index"):
            self._open().add_batch(fields(batch), columns(batch))

    def delete(self, ids: Sequence[str]) -> None:
        # This includes what this writer has put itself.
        with TranslatingErrors("write to the index"):
            self._open().delete_by_terms(ID, ids)

    def _open(self) -> ColumnarWriter:
        if self._writer is None:
            raise RuntimeError("a writer is used inside its with statement, once")
        return self._writer


class WhooshRebuild:
    """A ``Rebuild``: a new generation beside the live one; see ``indexer.engine.index.Rebuild``."""

    def __init__(self, generations: Generations, stamp: Stamp, clock: Clock) -> None:
        self._generations = generations
        self._stamp = stamp
        self._clock = clock
        self._number = 0
        self._active = False

    def __enter__(self) -> Self:
        with TranslatingErrors("build a new index"):
            self._number, self._building, self._hold = self._generations.begin()
            try:
                folder = self._generations.path(self._number)
                write_commit(folder, 0, self._stamp, 0, int(self._clock()))
                create_in(folder, schema())
            except BaseException:
                self.__exit__()
                raise
        return self

    def __exit__(self, *failure: object) -> None:
        self._hold.close()
        if self._active:
            self._generations.collect(newer=True)
        else:
            self._generations.remove(self._number)
        self._building.close()

    def write(self, sequence: int) -> GenerationWriter:
        folder = self._generations.path(self._number)
        return GenerationWriter(folder, self._hold, self._stamp, sequence, self._clock)

    def activate(self) -> None:
        with TranslatingErrors("make the new index live"):
            self._generations.activate(self._number)
        self._active = True
