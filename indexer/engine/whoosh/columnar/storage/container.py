"""The file format: named sections in checksummed pages.

::

    magic            8 bytes  b"WCOLUMN\\n"
    sections         one after the other, each at a multiple of 8 bytes
    page checksums   u32 each: CRC-32 of every 8 KiB page of all that stands before them
    directory        JSON: {"kind", "segment", "sections": {name: [offset, bytes]}, "meta": {...}}
    trailer          28 bytes: u64 offset of the page checksums, u32 pages, u32 bytes of the directory,
                     u32 format version, u32 CRC-32 of checksums + directory + the trailer before it, 4 bytes b"WCOL"

All numbers are little-endian. Opening a file reads and checks the trailer, the page checksums and the directory, a few
kilobytes however large the file is. A page is checked when it is first touched, once (CRC-32 runs at some gigabytes a
second, so that the first touch costs two microseconds a page); ``ContainerReader.verify`` checks all of them. So a file
with a byte changed, cut or put in anywhere raises ``CorruptIndex``, or has not been read at the damaged place.
"""

import json
import mmap
import os
import struct
import tempfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Protocol, Self

import numpy as np
from numpy.typing import DTypeLike, NDArray

from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex

FORMAT_VERSION = 3
MAGIC = b"WCOLUMN\n"
_TAIL_MAGIC = b"WCOL"
_TRAILER = struct.Struct("<QIIII4s")
PAGE_BITS = 13
PAGE = 1 << PAGE_BITS
_SPOOL = 1 << 20
"""A section being written stays in memory up to this size, then goes to a temporary file."""


class Directory(Protocol):
    """Where files lie: a folder, or memory (Whoosh's ``FileStorage`` and ``RamStorage``; Lucene: Directory)."""

    folder: str
    """Of the disk; empty for memory."""

    def create_file(self, name: str, /) -> Any: ...
    def open_file(self, name: str, /) -> Any: ...
    def file_exists(self, name: str, /) -> bool: ...


class ContainerWriter:
    """Writes one file of the format. Sections may grow side by side; ``finish`` puts them together."""

    def __init__(self, storage: Directory, name: str, kind: str, segment: str) -> None:
        self._storage = storage
        self._name = name
        self._kind = kind
        self._segment = segment
        self._sections: dict[str, SectionWriter] = {}
        self.meta: dict[str, Any] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def section(self, name: str) -> "SectionWriter":
        """A new section to write to."""
        if name in self._sections:
            raise ValueError(f"section {name!r} is already being written")
        section = self._sections[name] = SectionWriter(self._storage)
        return section

    def put(self, name: str, array: NDArray[Any]) -> None:
        """A section from one array, in little-endian order."""
        self.section(name).write(array.astype(array.dtype.newbyteorder("<"), copy=False).tobytes())

    def discard(self) -> None:
        """Let go of all that was not written by ``finish``."""
        for section in self._sections.values():
            section.close()
        self._sections.clear()

    def finish(self, *, durable: bool = True) -> None:
        """Write the file; with ``durable`` it is on the disk, not only in its cache, when this returns."""
        with self._storage.create_file(self._name) as out:
            pages = _PageChecksums(out)
            pages.write(MAGIC)
            directory: dict[str, tuple[int, int]] = {}
            for name, section in sorted(self._sections.items()):
                pages.write(bytes(-pages.size % 8))
                start = pages.size
                for block in section.blocks():
                    pages.write(block)
                section.close()
                directory[name] = (start, pages.size - start)
            end = pages.size
            checksums = pages.finish().tobytes()
            listing = json.dumps(
                {"kind": self._kind, "segment": self._segment, "sections": directory, "meta": self.meta},
                separators=(",", ":"),
            ).encode()
            body = checksums + listing
            head = struct.pack("<QIII", end, len(checksums) // 4, len(listing), FORMAT_VERSION)
            crc = zlib.crc32(head, zlib.crc32(body))
            out.write(body + head + struct.pack("<I4s", crc, _TAIL_MAGIC))
            if durable and self._storage.folder:
                out.flush()
                os.fsync(out.fileno())
        self._sections.clear()


class SectionWriter:
    """The bytes of a section being written: up to a megabyte in memory, more in a nameless temporary file."""

    def __init__(self, storage: Directory) -> None:
        # Next to the index: the usual folder for temporary files may be in memory.
        self._folder = storage.folder or None
        self._parts: list[bytes] = []
        self._size = 0
        self._file: IO[bytes] | None = None

    def write(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        if self._size > _SPOOL:
            if self._file is None:
                self._file = tempfile.TemporaryFile(dir=self._folder)  # noqa: SIM115  # Closed by close().
            self._file.writelines(self._parts)
            self._parts.clear()
            self._size = 0

    def blocks(self) -> Iterator[bytes]:
        if self._file is not None:
            self._file.seek(0)
            while block := self._file.read(1 << 20):
                yield block
        yield from self._parts

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._parts.clear()


class _PageChecksums:
    """Passes bytes on to a file and keeps the checksum of every page."""

    def __init__(self, out: Any) -> None:
        self._out = out
        self._done: list[int] = []
        self._crc = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        self._out.write(data)
        while view:
            room = PAGE - self.size % PAGE
            part, view = view[:room], view[room:]
            self._crc = zlib.crc32(part, self._crc)
            self.size += len(part)
            if self.size % PAGE == 0:
                self._done.append(self._crc)
                self._crc = 0

    def finish(self) -> NDArray[np.uint32]:
        if self.size % PAGE:
            self._done.append(self._crc)
        return np.array(self._done, "<u4")


class ContainerReader:
    """One file of the format, opened for reading: memory-mapped from a folder, held in memory from elsewhere."""

    def __init__(self, storage: Directory, name: str, kind: str, segment: str) -> None:
        """Raises ``CorruptIndex`` for anything but a whole file of this ``kind`` that belongs to ``segment``,
        ``FileNotFoundError`` when there is none."""
        self.name = name
        self._data = _map(storage, name)
        self._view = memoryview(self._data)
        directory = self._open()
        if directory.get("kind") != kind or directory.get("segment") != segment:
            raise self._corrupt("belongs elsewhere: it is another segment's file or another kind of file")
        self._sections: dict[str, list[int]] = directory["sections"]
        self.meta: dict[str, Any] = directory["meta"]

    def _corrupt(self, why: str) -> CorruptIndex:
        return CorruptIndex(f"index file {self.name} {why}")

    def _open(self) -> Mapping[str, Any]:
        data, size = self._data, len(self._data)
        if size < len(MAGIC) + _TRAILER.size:
            raise self._corrupt("is truncated")
        end, pages, listing, version, crc, magic = _TRAILER.unpack(data[size - _TRAILER.size : size])
        if data[: len(MAGIC)] != MAGIC:
            raise self._corrupt("is not a file of this format")
        if magic != _TAIL_MAGIC:
            raise self._corrupt("is truncated or was added to")
        if version != FORMAT_VERSION:
            raise self._corrupt(f"has format version {version}; this program reads version {FORMAT_VERSION}")
        start = end + 4 * pages
        if start + listing + _TRAILER.size != size or -(-end // PAGE) != pages:
            raise self._corrupt("is damaged: its length is not what it says")
        if zlib.crc32(data[end : size - 8]) != crc:
            raise self._corrupt("is damaged: the checksum of its directory is wrong")
        self._end: int = end
        self._crcs = np.frombuffer(data[end:start], "<u4").tolist()
        # Of each page whether it was checked: 0 or 1.
        self.checked = bytearray(pages)
        directory: Mapping[str, Any] = json.loads(data[start : start + listing])
        return directory

    def check(self, start: int, stop: int) -> None:
        """Make sure that the pages with the bytes ``start`` to ``stop`` are sound."""
        if stop <= start:
            return
        first, last = start // PAGE, (stop - 1) // PAGE + 1
        page = self.checked.find(0, first, last)
        while page >= 0:
            crc = zlib.crc32(self._view[page * PAGE : min((page + 1) * PAGE, self._end)])
            if crc != self._crcs[page]:
                raise self._corrupt(f"is damaged: the checksum of page {page} is wrong")
            self.checked[page] = 1
            page = self.checked.find(0, page + 1, last)

    def verify(self) -> None:
        """Check every page."""
        self.check(0, self._end)

    def __contains__(self, section: str) -> bool:
        return section in self._sections

    def array(self, section: str, dtype: DTypeLike) -> "SectionArray":
        """A section as an array; nothing is read or checked yet."""
        offset, size = self._sections[section]
        return SectionArray(self, offset, size, np.dtype(dtype).newbyteorder("<"))

    def read(self, section: str) -> bytes:
        """The bytes of a whole section."""
        offset, size = self._sections[section]
        self.check(offset, offset + size)
        return bytes(self._data[offset : offset + size])

    def bytes_at(self, start: int, stop: int) -> bytes:
        """Bytes by offset in the file."""
        # ``check`` looks again; a call costs more than this look.
        if self.checked.find(0, start >> PAGE_BITS, (stop - 1 >> PAGE_BITS) + 1) >= 0:
            self.check(start, stop)
        return self._data[start:stop]

    def offset(self, section: str) -> int:
        """Where a section starts in the file."""
        return self._sections[section][0]

    def buffer(self) -> "bytes | mmap.mmap":
        return self._data


class SectionArray:
    """A section as a read-only array whose pages are checked as they are touched."""

    __slots__ = ("_checked", "_file", "_offset", "_view", "itemsize")

    def __init__(self, file: ContainerReader, offset: int, size: int, dtype: np.dtype[Any]) -> None:
        self._file = file
        self._checked = file.checked
        self._offset = offset
        self.itemsize = dtype.itemsize
        self._view: NDArray[Any] = np.frombuffer(file.buffer(), dtype, size // dtype.itemsize, offset)

    def __len__(self) -> int:
        return len(self._view)

    def slice(self, start: int, stop: int) -> NDArray[Any]:
        if start < stop:
            first, end = self._offset + start * self.itemsize, self._offset + stop * self.itemsize
            # ``check`` looks again; a call costs more than this look.
            if self._checked.find(0, first >> PAGE_BITS, (end - 1 >> PAGE_BITS) + 1) >= 0:
                self._file.check(first, end)
        return self._view[start:stop]

    def all(self) -> NDArray[Any]:
        return self.slice(0, len(self._view))


def _map(storage: Directory, name: str) -> "bytes | mmap.mmap":
    """The content of a stored file, without reading it where that is possible."""
    if storage.folder:
        with Path(storage.folder, name).open("rb") as file:
            if os.fstat(file.fileno()).st_size == 0:
                return b""
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    if not storage.file_exists(name):
        raise FileNotFoundError(name)
    with storage.open_file(name) as file:
        content: bytes = file.read()
        return content
