"""Everything of Whoosh that is not public, in one place: what to look at when Whoosh changes.

The classes that the codec, the writer and the index derive from (``whoosh.codec.base``, ``SegmentWriter``,
``FileIndex``) are Whoosh's documented seams and are imported where they are used; the rest of ``indexing`` knows Whoosh
through this module alone.
"""

from typing import Any

from whoosh.columns import Column, NumericColumn
from whoosh.fields import FieldType, Schema
from whoosh.filedb.filestore import RamStorage, Storage
from whoosh.index import _DEF_INDEX_NAME, TOC, EmptyIndexError, clean_files
from whoosh.reading import SegmentReader

__all__ = [
    "DEFAULT_INDEX_NAME",
    "TOC",
    "EmptyIndexError",
    "FieldType",
    "Schema",
    "Storage",
    "commit_filename",
    "commit_from_bytes",
    "commit_to_bytes",
    "default_of",
    "newest_commit",
    "parts_of",
    "remove_unused_files",
    "typecode",
]

DEFAULT_INDEX_NAME: str = _DEF_INDEX_NAME


def parts_of(reader: SegmentReader) -> tuple[Any, Any]:
    """The codec's readers behind a segment's reader: that of documents and that of terms."""
    return reader._perdoc, reader._terms


def typecode(column: NumericColumn) -> str:
    """The type of a column's numbers, as in ``array``."""
    code: str = column._typecode
    return code


def default_of(column: Column) -> bytes:
    """The value of documents without one; Whoosh's compressed column has forgotten its own."""
    default: bytes = getattr(column, "_default", b"")
    return default


def newest_commit(storage: Storage, indexname: str) -> int:
    """The number of the last commit, -1 where there is none."""
    number: int = TOC._latest_generation(storage, indexname)
    return number


def commit_filename(indexname: str, number: int) -> str:
    """The table of contents of a commit."""
    name: str = TOC._filename(indexname, number)
    return name


def commit_to_bytes(toc: TOC, indexname: str) -> bytes:
    """A table of contents as Whoosh writes it."""
    made = RamStorage()
    toc.write(made, indexname)
    body: bytes = made.files[commit_filename(indexname, toc.generation)]
    return body


def commit_from_bytes(body: bytes, indexname: str, number: int, schema: Schema | None) -> TOC:
    """The reverse of ``commit_to_bytes``."""
    storage = RamStorage()
    storage.files[commit_filename(indexname, number)] = body
    return TOC.read(storage, indexname, gen=number, schema=schema)


def remove_unused_files(storage: Storage, toc: TOC, indexname: str) -> None:
    """Remove files of segments and commits that this commit does not name."""
    clean_files(storage, indexname, toc.generation, toc.segments)
