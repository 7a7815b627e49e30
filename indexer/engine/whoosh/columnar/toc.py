"""The table of contents, whose replacement is the commit, so that a crash loses nothing.

It is Whoosh's own file with a trailer behind it (length and CRC-32), so that stock Whoosh reads it too and this package
notices any damage before it unpickles anything. Stock Whoosh may read the index, but must not write to it: its commits
have no trailer, and its segments are of another format.
"""

import os
import struct
import zlib
from pathlib import Path

from whoosh.fields import Schema
from whoosh.filedb.filestore import FileStorage, RamStorage, Storage
from whoosh.index import TOC, EmptyIndexError

from .errors import CorruptIndex
from .segment import ColumnarSegment

_TRAILER = struct.Struct("<QI4s")
_MAGIC = b"WTOC"
_ATTEMPTS = 10


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
            sync_path(Path(storage.folder, name))


def sync_folder(storage: Storage) -> None:
    """Make sure that names of files are on the disk."""
    if isinstance(storage, FileStorage):
        sync_path(Path(storage.folder))


def sync_path(path: Path) -> None:
    """Put a file on the disk; of a folder its names, without which a rename may not survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
