"""Commits: the replacement of the table of contents is the commit point, so that a crash loses nothing.

It is Whoosh's own file with a trailer behind it (length and CRC-32), so that stock Whoosh reads it too and this package
notices any damage before it unpickles anything. Stock Whoosh may read the index, but must not write to it: its commits
have no trailer, and its segments are of another format.
"""

import os
import struct
import zlib
from collections.abc import Sequence
from pathlib import Path

from indexer.engine.whoosh.columnar.codec import compat
from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment
from indexer.engine.whoosh.columnar.codec.compat import TOC, EmptyIndexError, Schema, Storage
from indexer.engine.whoosh.columnar.codec.per_document import DOCUMENTS_EXT
from indexer.engine.whoosh.columnar.codec.terms import TERMS_EXT
from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex

_TRAILER = struct.Struct("<QI4s")
_MAGIC = b"WTOC"
_ATTEMPTS = 10


def read_commit(storage: Storage, indexname: str, schema: Schema | None = None) -> TOC:
    """The newest commit. Raises ``CorruptIndex`` or ``EmptyIndexError``."""
    for attempt in range(_ATTEMPTS):
        number = compat.newest_commit(storage, indexname)
        if number < 0:
            raise EmptyIndexError(f"Index {indexname!r} does not exist in {storage!r}")
        name = compat.commit_filename(indexname, number)
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
    try:
        toc = compat.commit_from_bytes(body, indexname, number, schema)
    except (ImportError, AttributeError) as error:
        # The bytes are sound: they name a class that this program has elsewhere.
        raise CorruptIndex(f"index file {name} was written by another version of this program") from error
    for segment in toc.segments:
        if not isinstance(segment, ColumnarSegment):
            raise CorruptIndex(f"segment {segment.segment_id()} was written by another codec")
    return toc


def write_commit(storage: Storage, indexname: str, toc: TOC, new: Sequence[ColumnarSegment] = ()) -> None:
    """Commit: from the moment that the file has its name, readers see ``toc``; before, they see the one before it.

    The files of ``new`` segments are put on the disk first.
    """
    _sync_files(storage, [name for segment in new for name in file_names(segment)])
    body = compat.commit_to_bytes(toc, indexname)
    name = compat.commit_filename(indexname, toc.generation)
    temporary = f"{name}.tmp"
    with storage.create_file(temporary) as file:
        file.write(body + _TRAILER.pack(len(body), zlib.crc32(body), _MAGIC))
        if storage.folder:
            file.flush()
            os.fsync(file.fileno())
    storage.rename_file(temporary, name)
    if storage.folder:
        sync_path(Path(storage.folder))


def clean_up(storage: Storage, indexname: str, toc: TOC) -> None:
    """Remove what no commit names: files of older commits, and what a crash left lying about."""
    for name in storage.list():
        if name.startswith(f"_{indexname}_") and name.endswith(".toc.tmp"):
            storage.delete_file(name)
    compat.remove_unused_files(storage, toc, indexname)


def discard(storage: Storage, indexname: str, number: int, segments: Sequence[ColumnarSegment]) -> None:
    """Remove segments that were written for a commit, unless it was made: then its files are in use."""
    if compat.newest_commit(storage, indexname) == number:
        return
    for segment in segments:
        for name in file_names(segment):
            if storage.file_exists(name):
                storage.delete_file(name)


def file_names(segment: ColumnarSegment) -> list[str]:
    """The files of a segment."""
    return [segment.make_filename(ext) for ext in (DOCUMENTS_EXT, TERMS_EXT)]


def _sync_files(storage: Storage, names: Sequence[str]) -> None:
    """Make sure that files are on the disk, not only in its cache."""
    if storage.folder:
        for name in names:
            sync_path(Path(storage.folder, name))


def sync_path(path: Path) -> None:
    """Put a file on the disk; of a folder its names, without which a rename may not survive a loss of power."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
