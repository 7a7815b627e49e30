"""Web archives in WARC (ISO 28500), as crawlers and ``wget --warc-file`` write them, by warcio."""

import io
from collections.abc import Iterator
from dataclasses import dataclass

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from indexer.errors import SourceError

_PAGES = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Record:
    """A page with the address that it came from, and the encoding that the server declared, or ``""``."""

    url: str
    data: bytes
    encoding: str


def pages(stream: io.BufferedReader, largest: int) -> Iterator[Record]:
    """The pages of an unpacked WARC file that a server sent whole; pages of more than ``largest`` bytes are left out.

    Pictures, scripts, redirects and errors are no articles. Raises ``SourceError`` where the file is damaged, after the
    pages before.
    """
    try:
        for record in ArchiveIterator(stream):
            if record.rec_type not in ("response", "resource"):
                continue
            headers = record.http_headers or record.rec_headers
            kind, _, parameters = (headers.get_header("Content-Type") or "").partition(";")
            if kind.strip().lower() not in _PAGES:
                continue
            if record.http_headers and record.http_headers.get_statuscode() != "200":
                continue
            data = record.content_stream().read(largest + 1)
            if len(data) <= largest:
                yield Record(record.rec_headers.get_header("WARC-Target-URI") or "", data, _charset(parameters))
    except (ArchiveLoadFailed, ValueError, EOFError) as error:
        raise SourceError(f"the WARC file is damaged ({error})") from error


def _charset(parameters: str) -> str:
    name, _, value = parameters.strip().partition("=")
    return value.strip().strip("\"'") if name.strip().lower() == "charset" else ""
