"""The bytes of an answer, unpacked while they come, and never more than asked for.

Of the content codings (RFC 9110, section 8.4.1) those are offered whose output zlib can bound in one step; one at a
time, since each layer more multiplies what a kilobyte may become.
"""

import zlib
from collections.abc import Iterable, Iterator
from typing import Protocol

from indexer.errors import FetchError

ACCEPTED = "gzip, deflate"
"""The value of ``Accept-Encoding``."""

_GZIP, _ZLIB, _RAW = 31, 15, -15  # zlib's wbits
_GZIP_MAGIC = b"\x1f\x8b"


class _Decompressor(Protocol):
    @property
    def unconsumed_tail(self) -> bytes: ...
    @property
    def unused_data(self) -> bytes: ...
    @property
    def eof(self) -> bool: ...

    def decompress(self, data: bytes, max_length: int = ..., /) -> bytes: ...


def coding_of(content_encoding: str) -> str:
    """``gzip``, ``deflate`` or ``""`` from the header. Raises ``FetchError`` for others, and for more than one."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    codings = [name.removeprefix("x-") for name in names if name not in ("", "identity")]
    if len(codings) > 1:
        raise FetchError("the answer is packed more than once")
    if codings and codings[0] not in ("gzip", "deflate"):
        raise FetchError(f"the answer is packed as {codings[0][:20]}, which was not asked for")
    return codings[0] if codings else ""


def unpack(chunks: Iterable[bytes], coding: str, largest: int) -> bytes:
    """The content of an answer.

    Raises ``FetchError`` as soon as it, packed or unpacked, has more than ``largest`` bytes, and when it is damaged or
    breaks off.
    """
    body = bytearray()
    for piece in _unpacked(_counted(chunks, largest), coding, largest):
        body += piece
        if len(body) > largest:
            raise _too_large(largest)
    return bytes(body)


def _counted(chunks: Iterable[bytes], largest: int) -> Iterator[bytes]:
    """The chunks as they came; a packed answer that unpacks to nothing must end too."""
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > largest:
            raise _too_large(largest)
        yield chunk


def _unpacked(chunks: Iterator[bytes], coding: str, largest: int) -> Iterator[bytes]:
    """Pieces of at most ``largest + 1`` bytes."""
    if not coding:
        yield from chunks
        return
    decompressor: _Decompressor | None = None
    held = b""
    try:
        for chunk in chunks:
            held += chunk
            # Two bytes tell where zlib's format or another gzip file begins.
            while len(held) >= 2:
                if decompressor is None or decompressor.eof:
                    if decompressor and not (coding == "gzip" and held.startswith(_GZIP_MAGIC)):
                        return  # what follows the end is padding
                    decompressor = zlib.decompressobj(_window(coding, held))
                yield decompressor.decompress(held, largest + 1)
                held = decompressor.unused_data if decompressor.eof else decompressor.unconsumed_tail
        if held and decompressor and not decompressor.eof:
            yield decompressor.decompress(held, largest + 1)
    except zlib.error as error:
        raise FetchError(f"the answer is damaged ({error})") from error
    if (held and not decompressor) or (decompressor and not decompressor.eof):
        raise FetchError("the answer breaks off")


def _window(coding: str, start: bytes) -> int:
    """zlib's ``wbits``. ``deflate`` means zlib's format (RFC 1950), but some servers send it bare (RFC 1951)."""
    if coding == "gzip":
        return _GZIP
    wrapped = start[0] & 0x0F == 8 and int.from_bytes(start[:2]) % 31 == 0
    return _ZLIB if wrapped else _RAW


def _too_large(largest: int) -> FetchError:
    return FetchError(f"larger than {largest // 2**20} MB")
