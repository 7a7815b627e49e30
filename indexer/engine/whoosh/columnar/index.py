"""Opening and creating an index whose files are all checked."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from whoosh.fields import Schema, ensure_schema
from whoosh.filedb.filestore import FileStorage, Storage
from whoosh.index import TOC, FileIndex
from whoosh.reading import IndexReader, SegmentReader

from indexer.engine.whoosh.columnar.codec.compat import DEFAULT_INDEX_NAME
from indexer.engine.whoosh.columnar.codec.segment_arrays import SegmentArrays, segment_arrays
from indexer.engine.whoosh.columnar.indexing.commit import read_commit, write_commit
from indexer.engine.whoosh.columnar.indexing.writer import ColumnarWriter
from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex


class Folder(FileStorage):
    """A folder that never looks empty because it could not be read, as Whoosh's own does: files that a commit uses
    would be removed, or an index not be found."""

    def list(self) -> list[str]:
        return [path.name for path in Path(self.folder).iterdir()]


def create_in(folder: str | os.PathLike[str], schema: Schema, indexname: str = DEFAULT_INDEX_NAME) -> "ColumnarIndex":
    """Create an empty index in an existing folder; one of the same name there is forgotten."""
    return ColumnarIndex.create(Folder(os.fspath(folder)), schema, indexname)


def open_dir(folder: str | os.PathLike[str], indexname: str = DEFAULT_INDEX_NAME) -> "ColumnarIndex":
    """Open the index in a folder. Raises ``CorruptIndex``, or Whoosh's ``EmptyIndexError`` when there is none."""
    return ColumnarIndex(Folder(os.fspath(folder)), indexname=indexname)


class ColumnarIndex(FileIndex):
    """A Whoosh index with columnar segments. Use it like any other; ``writer()`` gives a ``ColumnarWriter``."""

    def __init__(self, storage: Storage, schema: Schema | None = None, indexname: str = DEFAULT_INDEX_NAME) -> None:
        self.storage = storage
        self._schema = ensure_schema(schema) if schema else None
        self.indexname = indexname
        self._read_toc()

    @classmethod
    def create(cls, storage: Storage, schema: Schema, indexname: str = DEFAULT_INDEX_NAME) -> "ColumnarIndex":
        schema = ensure_schema(schema)
        for name in list(storage):
            if name.startswith((f"_{indexname}_", f"{indexname}_")):
                storage.delete_file(name)
        write_commit(storage, indexname, TOC(schema, [], 0))
        return cls(storage, indexname=indexname)

    def _read_toc(self) -> TOC:
        return read_commit(self.storage, self.indexname, self._schema)

    def writer(self, procs: int = 1, **options: Any) -> ColumnarWriter:
        """A ``ColumnarWriter``; see there for the options. Whoosh's writers with several processes merge posting by
        posting and are not offered."""
        if procs != 1:
            raise ValueError("procs must be 1: batches are sorted by NumPy, and analysis may use threads outside")
        return ColumnarWriter(self, **options)

    def reader(self, reuse: IndexReader | None = None) -> IndexReader:
        try:
            reader: IndexReader = super().reader(reuse)
            return reader
        except FileNotFoundError as error:
            # Whoosh has tried again for half a second: no writer is just replacing the files.
            raise CorruptIndex(f"index file {Path(str(error.filename or error)).name} is missing") from error

    def segments(self, known: Iterable[SegmentArrays] = ()) -> list[SegmentArrays]:
        """The segments of the newest commit. Of those that are ``known``, from an older commit of this index, nothing
        is opened or read again. Raises ``FileNotFoundError`` when a writer replaces files at this moment."""
        toc = self._read_toc()
        opened = {arrays.segment.segment_id(): arrays for arrays in known}
        found = []
        for segment in toc.segments:
            arrays = opened.get(segment.segment_id())
            if arrays is None:
                arrays = segment_arrays(SegmentReader(self.storage, toc.schema, segment))
                assert arrays is not None
            found.append(arrays.reopened(segment))
        return found

    def verify(self) -> None:
        """Check every byte of every file of the newest commit. Raises ``CorruptIndex``."""
        for arrays in self.segments():
            arrays.verify()
