"""Letters (.eml, mailboxes) and pages saved as letters (.mht, .mhtml), by Python's own ``email``.

A newsletter's article has its subject for title and the sender for source. Of its parts the one in HTML is read where
it has a text, else the plain one. In a saved page the first part in HTML is the page, with the address it came from.
"""

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

from indexer.errors import SourceError
from indexer.extraction import markup, parting
from indexer.sources.draft import Draft
from indexer.sources.encoding import declared_encoding, decode
from indexer.urls import web_address

_HEADER = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]")
_TELLING = re.compile(rb"^(?:MIME-Version|Message-ID|Received|Return-Path|Snapshot-Content-Location):", re.I | re.M)
_NEEDED = re.compile(rb"^(?:From|Subject|Date):", re.I | re.M)
_BOX = re.compile(rb"(?:\A|(?<=\n\n)|(?<=\n\r\n))From [^\n]*\d\d:\d\d[^\n]*\n(?=[A-Za-z-]+:)")
_HEAD = 20_000  # bytes that the headers are looked for in
# What a failure of the library may be: it is lenient, but for broken headers and charsets that are none.
_ERRORS = (MessageError, ValueError, LookupError, AttributeError, TypeError, RecursionError)


@dataclass(frozen=True, slots=True)
class SavedPage:
    """A page that was saved as a letter: its markup, and where it came from."""

    html: str
    url: str


def looks_like_mail(data: bytes, path: str = "") -> bool:
    """Whether ``data`` begins with a letter's headers."""
    head = re.split(rb"\r?\n\r?\n", data[:_HEAD].lstrip(b"\r\n\xef\xbb\xbf"), maxsplit=1)[0]
    if not (_HEADER.match(head) or head.startswith(b"From ")) or not _NEEDED.search(head):
        return False
    if _BOX.match(head):
        return True
    return _TELLING.search(head) is not None or path.lower().endswith((".eml", ".mht", ".mhtml"))


def letters(data: bytes) -> list[bytes]:
    """The letters of a mailbox in the format of Unix, each of which begins with ``From ``; any other file is one."""
    if not data.startswith(b"From "):
        return [data]
    begins = [match.start() for match in _BOX.finditer(data)]
    return [data[begin:end].partition(b"\n")[2] for begin, end in zip(begins, [*begins[1:], len(data)], strict=True)]


def read_mail(data: bytes) -> Draft | SavedPage:
    """The article of a letter, or the page in it. Raises ``SourceError``."""
    try:
        message = message_from_bytes(data.lstrip(b"\r\n\xef\xbb\xbf"), policy=default)
        if not isinstance(message, EmailMessage):
            raise SourceError("not a letter")
        where = _header(message, "Snapshot-Content-Location") or _header(message, "Content-Location")
        parts = [part for part in message.walk() if isinstance(part, EmailMessage) and not part.is_multipart()]
        is_whole = message.get_content_type() == "multipart/related"
        if where or (is_whole and any(_header(part, "Content-Location") for part in parts)):
            return _page(parts, where)
        return _letter(message, parts)
    except _ERRORS as error:
        raise SourceError(f"the letter cannot be read ({error})") from error


def _page(parts: list[EmailMessage], where: str) -> SavedPage:
    page = next((part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
    if page is None:
        raise SourceError("no page in the saved page")
    return SavedPage(_text(page), web_address(where) or web_address(_header(page, "Content-Location")))


def _letter(message: EmailMessage, parts: list[EmailMessage]) -> Draft:
    bodies = {kind: _text(part) for part in reversed(parts) if not part.get_filename()
              if (kind := part.get_content_type()) in ("text/html", "text/plain")}  # fmt: skip
    html, plain = bodies.get("text/html", ""), bodies.get("text/plain", "")
    text = "" if parting.prose(html) else markup.text_lines(plain)
    name, address = parseaddr(_header(message, "From"))
    return Draft(
        title=markup.squeeze(_header(message, "Subject")),
        html=plain if text else html,
        text=text,
        url=web_address(_header(message, "Archived-At").strip("<> ")),
        guid=_header(message, "Message-ID").strip("<> "),
        source=name or address.rpartition("@")[2],
        dates=(_header(message, "Date"),),
    )


def _header(message: EmailMessage, name: str) -> str:
    return str(message.get(name) or "")


def _text(part: EmailMessage) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    return decode(data, declared=part.get_content_charset() or declared_encoding(data)).replace("\r\n", "\n")
