"""Web archives in WARC (ISO 28500), as crawlers and ``wget --warc-file`` write them, by warcio."""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from indexer.errors import SourceError

_BLOCK = 64 * 1024  # bytes
_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Record:
    """A page with the address that it came from, and the encoding that the server declared, or ``""``.

    ``reject`` is why it can't be read.
    """

    url: str
    data: bytes
    encoding: str = ""
    reject: str = ""


def pages(stream: io.BufferedReader, largest: int) -> Iterator[Record]:
    """The pages of an unpacked WARC file, with a reason those of more than ``largest`` bytes.

    Pictures, scripts, redirects and errors are no articles. Raises ``SourceError`` where the file is damaged or ends in
    the middle of a record, after the pages before and what is there of that one.
    """
    record: Any = None
    records = _Records(stream)  # type: ignore[no-untyped-call]
    try:
        for record in records:
            if found := _page(record):
                url, encoding = found
                data, whole = _read(record.content_stream(), largest + 1)
                if len(data) > largest:
                    yield Record(url, b"", reject=f"larger than {largest // 2**20} MB")
                elif data:
                    yield Record(url, data, encoding)
                if not whole:
                    raise EOFError("it ends in the middle of a packed block")
    except (
        ArchiveLoadFailed,
        ValueError,
        EOFError,
        zlib.error,
        AttributeError,
    ) as error:  # the last of headers cut off
        raise SourceError(f"the WARC file is damaged{_where(record)} ({error})") from error
    if record is not None and (missing := _missing(record)):
        raise SourceError(f"the WARC file ends too early: {missing} missing{_where(record)}")
    if records.began_another:
        raise SourceError(f"the WARC file ends too early: in the head of the record behind{_where(record)}")


class _Records(ArchiveIterator):
    """The records of a file; knows whether it ended where another had begun, which warcio takes for the end."""

    began_another = False

    def _next_record(self, next_line: bytes | None) -> Any:
        try:
            return super()._next_record(next_line)  # type: ignore[no-untyped-call]
        except EOFError:
            self.began_another = bool(next_line)
            raise


def _page(record: Any) -> tuple[str, str] | None:
    """The address and the encoding of a record that is a page."""
    if record.rec_type not in ("response", "resource"):
        return None
    headers = record.http_headers or record.rec_headers
    kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
    if kind.strip().lower() not in _PAGES or (record.http_headers and record.http_headers.get_statuscode() != "200"):
        return None
    return record.rec_headers.get_header("WARC-Target-URI") or "", _charset(parameters)


def _read(stream: Any, most: int) -> tuple[bytes, bool]:
    """At most so many bytes, and whether the stream could be read as far as it should go."""
    pieces: list[bytes] = []
    try:
        while most > 0 and (piece := stream.read(min(most, _BLOCK))):
            pieces.append(piece)
            most -= len(piece)
    except (EOFError, zlib.error):
        return b"".join(pieces), False
    return b"".join(pieces), True


def _missing(record: Any) -> str:
    """What the last record, of which nothing is left to read, should have had besides."""
    if not record.rec_headers.get_header("Content-Length"):
        return "all but the first lines of a record"
    left: int = getattr(record.raw_stream, "limit", 0)
    return f"{left:,} bytes" if left else ""


def _where(record: Any) -> str:
    url = record.rec_headers.get_header("WARC-Target-URI") if record is not None else ""
    return f" of {url}" if url else ""


def _charset(parameters: str) -> str:
    name, _, value = parameters.strip().partition("=")
    return value.strip().strip("\"'") if name.strip().lower() == "charset" else ""
