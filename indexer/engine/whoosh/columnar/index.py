"""Opening and creating an index whose files are all checked, and committing to it so that a crash loses nothing.

The table of contents is Whoosh's own file with a trailer behind it (length and CRC-32), so that stock Whoosh reads it
too and this package notices any damage before it unpickles anything. Stock Whoosh may read the index, but must not
write to it: its commits have no trailer, and its segments are of another format.
"""

import os
import struct
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from whoosh.fields import Schema, ensure_schema
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, FileIndex
from whoosh.reading import IndexReader, MultiReader, SegmentReader

from .codec import SegmentArrays, segment_arrays
from .errors import CorruptIndex
from .segment import ColumnarSegment

if TYPE_CHECKING:
    from .writer import ColumnarWriter

_TRAILER = struct.Struct("<QI4s")
_MAGIC = b"WTOC"
_ATTEMPTS = 10


def create_in(folder: str | os.PathLike[str], schema: Schema, indexname: str = _DEF_INDEX_NAME) -> "ColumnarIndex":
    """Create an empty index in an existing folder; one of the same name there is forgotten."""
    return ColumnarIndex.create(FileStorage(os.fspath(folder)), schema, indexname)


def open_dir(folder: str | os.PathLike[str], indexname: str = _DEF_INDEX_NAME) -> "ColumnarIndex":
    """Open the index in a folder. Raises ``CorruptIndex``, or Whoosh's ``EmptyIndexError`` when there is none."""
    return ColumnarIndex(FileStorage(os.fspath(folder)), indexname=indexname)


class ColumnarIndex(FileIndex):  # type: ignore[misc]
    """A Whoosh index with columnar segments. Use it like any other; ``writer()`` gives a ``ColumnarWriter``."""

    def __init__(self, storage: Storage, schema: Schema | None = None, indexname: str = _DEF_INDEX_NAME) -> None:
        self.storage = storage
        self._schema = ensure_schema(schema) if schema else None
        self.indexname = indexname
        self._read_toc()

    @classmethod
    def create(cls, storage: Storage, schema: Schema, indexname: str = _DEF_INDEX_NAME) -> "ColumnarIndex":
        schema = ensure_schema(schema)
        for name in list(storage):
            if name.startswith((f"_{indexname}_", f"{indexname}_")):
                storage.delete_file(name)
        write_toc(storage, indexname, TOC(schema, [], 0))
        return cls(storage, indexname=indexname)

    def _read_toc(self) -> TOC:
        return read_toc(self.storage, self.indexname, self._schema)

    def writer(self, procs: int = 1, **options: Any) -> "ColumnarWriter":
        """A ``ColumnarWriter``; see there for the options. Whoosh's writers with several processes merge posting by
        posting and are not offered."""
        if procs != 1:
            raise ValueError("procs must be 1: batches are sorted by NumPy, and analysis may use threads outside")
        from .writer import ColumnarWriter

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
            found.append(arrays.at(segment))
        return found

    def verify(self) -> None:
        """Check every byte of every file of the newest commit. Raises ``CorruptIndex``."""
        for arrays in self.segments():
            arrays.verify()


def all_arrays(reader: IndexReader) -> list[SegmentArrays | None]:
    """``segment_arrays`` of every leaf of a reader, in the order of its documents."""
    leaves = reader.readers if isinstance(reader, MultiReader) else [reader]
    return [segment_arrays(leaf) for leaf in leaves if isinstance(leaf, SegmentReader)]


# The table of contents


def read_toc(storage: Storage, indexname: str, schema: Schema | None = None) -> TOC:
    """The newest table of contents. Raises ``CorruptIndex`` or ``EmptyIndexError``."""
    for attempt in range(_ATTEMPTS):
        generation = TOC._latest_generation(storage, indexname)
        if generation < 0:
            raise EmptyIndexError(f"Index {indexname!r} does not exist in {storage!r}")
        name = TOC._filename(indexname, generation)
        try:
            with storage.open_file(name) as file:
                data: bytes = file.read()
            break
        except FileNotFoundError:  # A writer has committed in between.
            if attempt == _ATTEMPTS - 1:
                raise
    if len(data) < _TRAILER.size:
        raise CorruptIndex(f"index file {name} is truncated")
    body = data[: -_TRAILER.size]
    length, crc, magic = _TRAILER.unpack(data[-_TRAILER.size :])
    if magic != _MAGIC or length != len(body) or crc != zlib.crc32(body):
        raise CorruptIndex(f"index file {name} is truncated, damaged or not of this format")
    checked = RamStorage()
    checked.files[name] = body
    toc: TOC = TOC.read(checked, indexname, gen=generation, schema=schema)
    for segment in toc.segments:
        if not isinstance(segment, ColumnarSegment):
            raise CorruptIndex(f"segment {segment.segment_id()} was written by another codec")
    return toc


def write_toc(storage: Storage, indexname: str, toc: TOC) -> None:
    """Commit: from the moment that the file has its name, readers see ``toc``; before, they see the one before it."""
    made = RamStorage()
    toc.write(made, indexname)
    name = TOC._filename(indexname, toc.generation)
    body: bytes = made.files[name]
    data = body + _TRAILER.pack(len(body), zlib.crc32(body), _MAGIC)
    temporary = f"{name}.tmp"
    with storage.create_file(temporary) as file:
        file.write(data)
        if isinstance(storage, FileStorage):
            file.flush()
            os.fsync(file.fileno())
    storage.rename_file(temporary, name)
    sync_folder(storage)


def sync_files(storage: Storage, names: list[str]) -> None:
    """Make sure that files are on the disk, not only in its cache."""
    if isinstance(storage, FileStorage):
        for name in names:
            _sync(Path(storage.folder, name))


def sync_folder(storage: Storage) -> None:
    """Make sure that names of files are on the disk."""
    if isinstance(storage, FileStorage):
        _sync(Path(storage.folder))


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
