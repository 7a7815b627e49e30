"""Files, folders, archives and standard input, opened one document after the other.

Nothing is ever written to disk, so a member's name (``../../etc/passwd``) is only a label. What a container holds is
read as a stream: memory is bounded by the largest document, whatever an archive expands to.
"""

import bz2
import gzip
import io
import lzma
import os
import re
import stat
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self, cast

import zstandard

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STANDARD_INPUT = "-"

READ_ERRORS = (OSError, EOFError, tarfile.TarError, lzma.LZMAError, zlib.error, zstandard.ZstdError)
"""What reading from a damaged or vanished input may raise."""

_BUFFER = 64 * 1024  # bytes
_NESTING = 2  # a tar in a compressed file, and nothing below
_EXTENDED_HEADERS = (
    tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK,
)  # fmt: skip
_LONGEST_NAME = 1024 * 1024  # bytes, with all else that an extended header says
_NESTED = "an archive inside an archive is not read"
_ZSTD_CHUNK = 512  # bytes unpacked at a time: no more than 16 MB can come of them (a block of 128 kB takes 4 bytes)
_ZSTD_WINDOW = 128 * 1024 * 1024  # bytes; the most that `zstd --long` makes by default


@dataclass(frozen=True, slots=True)
class Reject:
    """An input, or a part of one, that could not be read. ``path`` names it, inside its archive too.

    ``breaks_off``: nobody knows what else would have come, of a damaged archive or a file that is not there.
    """

    path: str
    reason: str
    breaks_off: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """One opened file or archive member. ``stream`` is valid until the next document is asked for."""

    path: str
    stream: io.BufferedReader


def documents(paths: Iterable[str | Path], *, stdin: IO[bytes] | None = None) -> Iterator[Document | Reject]:
    """Every document in ``paths``, folders with all that is below them in the order of their names.

    Hidden files and folders in folders and archives are left out, and so are links to folders; a link to a file that
    lies outside the folder is a ``Reject``, since nobody asked for that file. ``"-"`` is ``stdin``. Compression and tar
    are recognised by content. Raises nothing: what cannot be opened is a ``Reject``.
    """
    for path in paths:
        if str(path) == STANDARD_INPUT:
            if stdin is None:
                yield Reject(STANDARD_INPUT, "there is no standard input")
            else:
                yield from _guarded(STANDARD_INPUT, lambda: nullcontext(_buffered(stdin)))
        else:
            yield from _on_disk(Path(path), Path(path))


def _on_disk(path: Path, root: Path) -> Iterator[Document | Reject]:
    """The documents at ``path``, which was found below ``root``, or is it."""
    try:
        if path != root and path.is_symlink() and not _is_within(path, root):
            if not path.is_dir():
                yield Reject(_label(path), "a link to a file outside the folder")
            return
        mode = path.stat().st_mode
        if path != root and stat.S_ISDIR(mode) and path.is_symlink():
            return
        entries = sorted(path.iterdir()) if stat.S_ISDIR(mode) else []
    except (OSError, RuntimeError) as error:  # Python 3.12 and older: RuntimeError for links in a circle
        reason = reason_for(error) if isinstance(error, OSError) else "links in a circle"
        yield Reject(_label(path), reason, breaks_off=path == root or not path.is_symlink())
        return
    if stat.S_ISDIR(mode):
        for entry in entries:
            if not _is_hidden(entry.name):
                yield from _on_disk(entry, root)
    elif stat.S_ISREG(mode):
        yield from _guarded(_label(path), lambda: _buffered(io.FileIO(path)))
    else:
        yield Reject(_label(path), "not a file or folder")


def _guarded(
    label: str, opener: Callable[[], AbstractContextManager[io.BufferedReader]]
) -> Iterator[Document | Reject]:
    """The documents in what ``opener`` opens; a failure to open or to go on is a ``Reject``."""
    try:
        with opener() as stream:
            yield from _contents(label, stream, _NESTING)
    except READ_ERRORS as error:
        yield Reject(label, reason_for(error), breaks_off=True)


def _contents(label: str, stream: io.BufferedReader, nesting: int) -> Iterator[Document | Reject]:
    start, stream = _peek(stream, tarfile.BLOCKSIZE)
    if start.startswith(b"PK\x03\x04"):
        yield Reject(label, "zip archives are not read; unpack it, or make a tar of it")
    elif decompress := _decompressor(start):
        if nesting == 0:
            yield Reject(label, _NESTED)
            return
        with decompress(stream) as packed:
            plain = _UpToDamage(packed)
            first, unpacked = _peek(_buffered(plain), 1)
            if first or plain.damage is None:
                yield from _contents(label, unpacked, nesting - 1)
            if plain.damage is not None:
                before = "what stands before that was read" if first else "nothing of it could be read"
                yield Reject(label, f"{reason_for(plain.damage)}; {before}", breaks_off=True)
    elif _is_tar(start):
        if nesting == 0:
            yield Reject(label, _NESTED)
            return
        yield from _members(label, stream)
    else:
        yield Document(label, stream)


def _members(label: str, stream: io.BufferedReader) -> Iterator[Document | Reject]:
    with (
        _damaged_headers(),
        tarfile.open(fileobj=stream, mode="r|", errors="surrogateescape", tarinfo=_Member) as archive,
    ):
        while member := archive.next():
            # tarfile remembers every member; an archive of millions would fill the memory with them.
            archive.members = []  # type: ignore[attr-defined]
            if not member.isfile() or any(_is_hidden(part) for part in member.name.split("/")):
                continue
            content = archive.extractfile(member)
            if content is not None:
                yield from _contents(f"{label}/{_label(member.name)}", _buffered(content), 0)
    # At a damaged header tarfile stops as if it were the end, which zeros would follow.
    if stream.read(_BUFFER).strip(b"\0"):
        yield Reject(label, "the archive is damaged; what follows its last readable member is lost", breaks_off=True)


@contextmanager
def _damaged_headers() -> Iterator[None]:
    """tarfile answers some damaged headers with the ``ValueError`` of whatever it did with them."""
    try:
        yield
    except (ValueError, OverflowError) as error:
        raise tarfile.ReadError(f"a header is damaged: {error}") from error


class _Member(tarfile.TarInfo):
    """A header that doesn't make tarfile read a "file name" of gigabytes into memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> Self:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _EXTENDED_HEADERS and header.size > _LONGEST_NAME:
            raise tarfile.ReadError("a member's name is too long")
        return header


_Unpacked = gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile | io.BufferedReader


def _decompressor(start: bytes) -> Callable[[io.BufferedReader], _Unpacked] | None:
    if start.startswith(b"\x1f\x8b"):
        return lambda stream: gzip.GzipFile(fileobj=stream)
    if start.startswith(b"BZh"):
        return lambda stream: bz2.BZ2File(stream)
    if start.startswith(b"\xfd7zXZ\x00"):
        return lambda stream: lzma.LZMAFile(stream)
    if start.startswith(b"\x28\xb5\x2f\xfd"):
        return lambda stream: _buffered(_ZstdFile(stream))
    return None


_CHECKSUM = re.compile(rb"[\x80\xff]|[^\0]{0,7}[0-7]")  # where it stands, octal or a number to the base of 256


def _is_tar(start: bytes) -> bool:
    """Whether ``start`` is a tar header; its checksum is the only mark that all kinds of tar have."""
    if len(start) < tarfile.BLOCKSIZE or not _CHECKSUM.match(start, 148):
        return False
    try:
        tarfile.TarInfo.frombuf(start[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _buffered(stream: IO[bytes] | io.BufferedIOBase | io.RawIOBase) -> io.BufferedReader:
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream), buffer_size=_BUFFER)


class _ZstdFile(io.RawIOBase):
    """A stream unpacked from Zstandard frames.

    zstandard's own reader takes a file that was cut off for a whole one.
    """

    def __init__(self, source: io.BufferedReader) -> None:
        self._source = source
        self._frame: zstandard.ZstdDecompressionObj | None = None
        self._packed = self._plain = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        while not self._plain:
            self._packed = self._packed or self._source.read(_ZSTD_CHUNK)
            if not self._packed:
                if self._frame is not None:
                    raise EOFError("compressed file ended in the middle of a frame")
                return 0
            if self._frame is None:
                self._frame = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).decompressobj()
            self._plain = self._frame.decompress(self._packed)
            self._packed = self._frame.unused_data
            if self._frame.eof:
                self._frame = None
        taken = self._plain[: len(view)]
        view[: len(taken)] = taken
        self._plain = self._plain[len(taken) :]
        return len(taken)


class _UpToDamage(io.RawIOBase):
    """A stream that ends where another can't be read on, and then has the error as ``damage``."""

    def __init__(self, source: _Unpacked) -> None:
        self._source = source
        self.damage: BaseException | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        if self.damage is not None:
            return 0
        view = memoryview(buffer).cast("B")
        try:
            taken = self._source.read1(len(view))  # not more: what was read before an error would be lost
        except READ_ERRORS as error:
            self.damage = error
            return 0
        view[: len(taken)] = taken
        return len(taken)


class _Rewound(io.RawIOBase):
    """A stream whose first bytes have been read already."""

    def __init__(self, start: bytes, rest: io.BufferedReader) -> None:
        self._start, self._rest = start, rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        view = memoryview(buffer).cast("B")
        if not self._start:
            return self._rest.readinto1(view)
        taken = self._start[: len(view)]
        view[: len(taken)] = taken
        self._start = self._start[len(taken) :]
        return len(taken)


def _peek(stream: io.BufferedReader, size: int) -> tuple[bytes, io.BufferedReader]:
    """The first ``size`` bytes, and a stream that still has them: ``peek`` alone gives as few as a pipe has ready."""
    start = stream.peek(size)
    if len(start) >= size:
        return start, stream
    start = stream.read(size)
    return start, _buffered(_Rewound(start, stream))


def _is_hidden(name: str) -> bool:
    return name.startswith(".") and name not in (".", "..")


def _is_within(path: Path, root: Path) -> bool:
    """Whether what a link leads to lies below ``root``."""
    return path.resolve(strict=True).is_relative_to(root.resolve())


def _label(path: str | Path) -> str:
    """A name that any output can hold, also of files whose names are not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def reason_for(error: BaseException) -> str:
    """One of ``READ_ERRORS`` in words that a user understands."""
    if isinstance(error, FileNotFoundError):
        return "no such file or folder"
    if isinstance(error, PermissionError):
        return "no permission to read it"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return f"the file is damaged or incomplete ({error})" if str(error) else "the file is damaged or incomplete"
