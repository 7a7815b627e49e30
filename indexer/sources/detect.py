"""Any input to articles: the format of each document is told by its content, and where that says nothing by its name.

Documents are opened and taken apart here one after the other, and read on all cores: each *task* is what one process
reads at a time, and its articles come in the order of the documents.
"""

import io
import re
from collections.abc import Container, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import IO

from indexer.archive import HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.article import Article
from indexer.errors import SourceError
from indexer.plain_text import error_line
from indexer.sources import feed, front_matter, json_feed, jsonl, opml, pages, post
from indexer.sources.draft import Draft, finish, told_apart
from indexer.sources.encoding import declared_encoding, decode
from indexer.sources.files import READ_ERRORS, Document, Reject, documents, reason_for
from indexer.sources.processes import bounded, on_all_cores
from indexer.sources.readers import export, mail, org, shells, table, warc

Found = Article | Revision | Subscription | Tombstone | Mark | HiddenSource | Reject
"""What is read: articles, and what an export holds besides."""

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest document, and of the longest line of JSON, that is read."""

MOST_WRONG = 100_000
"""Lines in a row that are no articles, until the rest of a document is given up: a few kilobytes can unpack to any
number of them."""

MOST_BLANK = 32 * 1024 * 1024
"""Bytes of blank lines in a row, likewise."""

_LINE = re.compile(rb"[^\n]*[^\s\0][^\n]*")
_BLANKS = b"\xef\xbb\xbf\xff\xfe \t\r\n\0"

_TASK_BYTES, _TASK_PARTS = 500_000, 200
"""What a process is given at once. Most inputs are smaller: they are read without other processes."""


def read(
    paths: Iterable[str | Path], *, zone: tzinfo, now: datetime, stdin: IO[bytes] | None = None
) -> Generator[Found, None, None]:
    """Every article in ``paths``: files, folders, archives, and ``"-"`` for ``stdin``; see ``indexer.sources.files``.

    Dates without a zone are read in ``zone``; ``now`` becomes each article's ``discovered``. Whatever cannot be read is
    a ``Reject`` and never stops the rest. Subscription lists that lie among the articles are passed over. Whoever may
    not come to the end closes it, which ends the processes that read.
    """
    named = list(paths)
    direct = frozenset(str(path) for path in named)
    given_up: set[str] = set()
    tasks = _tasks(documents(named, stdin=stdin), given_up)
    return _giving_up(on_all_cores(tasks, _Reader(zone, now, direct), _given_up), given_up)


def read_document(data: bytes, *, url: str, encoding: str, zone: tzinfo, now: datetime) -> list[Found]:
    """What one document from the network holds, which ``url`` answered with, in what it declared for ``encoding``."""
    if len(data) > LARGEST:
        return [Reject(url, f"larger than {LARGEST // 2**20} MB")]
    return _Reader(zone, now, frozenset())([_Part(url, data, url=url, encoding=encoding)])


def _giving_up(items: Iterator[Found], given_up: set[str]) -> Generator[Found, None, None]:
    """The items, without the rest of documents whose last ``MOST_WRONG`` lines are no articles; those are named."""
    document, wrong = "", 0
    for item in items:
        path = item.path.rpartition(":")[0] if isinstance(item, Reject) else ""
        wrong = wrong + 1 if path and path == document else int(path != "")
        document = path
        if path in given_up:
            continue
        yield item
        if wrong == MOST_WRONG:
            given_up.add(path)
            yield Reject(path, f"the last {MOST_WRONG:,} lines are no articles; what follows was not read")


@dataclass(frozen=True, slots=True)
class _Part:
    """A whole document, or with ``line`` some lines of JSON, from that number on; or what could not be read.

    ``url`` and ``encoding`` are what the server said of a page in a WARC file.
    """

    path: str
    data: bytes = b""
    line: int = 0
    reject: str = ""
    url: str = ""
    encoding: str = ""
    breaks_off: bool = False


def _tasks(found: Iterable[Document | Reject], given_up: Container[str]) -> Iterator[list[_Part]]:
    """The documents' parts, as many together as make up one task; none any more of those that were given up."""
    task: list[_Part] = []
    size = 0
    for document in found:
        for part in _parts(document):
            if part.path in given_up:
                break
            task.append(part)
            size += len(part.data)
            if size >= _TASK_BYTES or len(task) >= _TASK_PARTS:
                yield task
                task, size = [], 0
    if task:
        yield task


def _parts(document: Document | Reject) -> Iterator[_Part]:
    if isinstance(document, Reject):
        yield _Part(document.path, reject=document.reason, breaks_off=document.breaks_off)
        return
    try:
        start = document.stream.peek(1).lstrip(_BLANKS)
        if start.startswith(b"{"):
            yield from _parts_of_json(document)
        elif start.startswith(b"WARC/"):
            for record in warc.pages(document.stream, LARGEST):
                yield _Part(f"{document.path}/{record.url}", record.data, 0, record.reject, record.url, record.encoding)
        else:
            yield _Part(document.path, _whole(document.stream, LARGEST))
    except SourceError as error:
        yield _Part(document.path, reject=str(error))
    except READ_ERRORS as error:
        yield _Part(document.path, reject=reason_for(error), breaks_off=True)


def _parts_of_json(document: Document) -> Iterator[_Part]:
    """One value of JSON, which may be spread over many lines, or one article a line, however many lines there are."""
    stream, number, head = document.stream, 1, b""
    blank = 0
    while not head.strip(_BLANKS) and (block := stream.read(_TASK_BYTES)):
        blank = _more_blank(blank, head, number)
        number += head.count(b"\n")
        head = block
    first, newline, _ = head.lstrip(_BLANKS).partition(b"\n")
    if not newline:
        more = stream.readline(LARGEST)
        head, first = head + more, first + more
    try:
        value = json_feed.decoded(decode(first))
        is_line = isinstance(value, dict) and not json_feed.is_list(value)
    except SourceError:
        is_line = first.rstrip().endswith(b"}") and json_feed.cut_off(decode(first)) is None
    if is_line:
        yield from _blocks_of_lines(document.path, head, stream, number)
    else:
        yield _Part(document.path, head + _whole(stream, LARGEST - len(head)))


def _blocks_of_lines(path: str, head: bytes, stream: io.BufferedReader, number: int) -> Iterator[_Part]:
    """Whole lines, many at a time, of which ``number`` is the first. Blank ones take no time."""
    rest, blank = head, 0
    while True:
        end = rest.rfind(b"\n") + 1
        block, rest = rest[:end], rest[end:]
        if block.strip(_BLANKS):
            yield _Part(path, block, number)
            blank = 0
        else:
            blank = _more_blank(blank, block, number)
        number += block.count(b"\n")
        if len(rest) > LARGEST:
            raise SourceError(f"line {number} is longer than {LARGEST // 2**20} MB")
        if not (more := stream.read(_TASK_BYTES)):
            break
        rest += more
    if rest.strip(_BLANKS):
        yield _Part(path, rest, number)


def _more_blank(blank: int, block: bytes, number: int) -> int:
    """How many bytes of blanks there are in a row with those of ``block``, which begins in line ``number``."""
    if blank + len(block) > MOST_BLANK:
        raise SourceError(f"line {number} follows on more than {MOST_BLANK // 2**20} MB of blank lines")
    return blank + len(block)


def _whole(stream: io.BufferedReader, room: int) -> bytes:
    data = stream.read(max(room, 0) + 1)
    if len(data) > room:
        raise SourceError(f"larger than {LARGEST // 2**20} MB")
    return data


@dataclass(frozen=True, slots=True)
class _Reader:
    zone: tzinfo
    now: datetime
    direct: frozenset[str]
    """The paths that were given by name, not found in a folder or archive."""

    def __call__(self, task: Iterable[_Part]) -> list[Found]:
        found: list[Found] = []
        for part in task:
            if part.reject:
                found.append(Reject(part.path, part.reject, part.breaks_off))
                continue
            try:
                with bounded():
                    found += self._lines(part) if part.line else self._document(part)
            except Exception as error:
                found.append(Reject(part.path, _reason(error)))
        return found

    def _document(self, part: _Part) -> Iterable[Article | Reject]:
        data = part.data
        if mail.looks_like_mail(data, part.path):
            return self._mail(data, part.path)
        text = decode(data, declared=part.encoding or declared_encoding(data))
        if not text.strip():
            raise SourceError("the file is empty")
        if feed.looks_like_feed(text):
            return _articles_of(
                feed.read_feed(data, zone=self.zone, now=self.now, base=part.url, encoding=part.encoding or None),
                part.path,
            )
        if opml.looks_like_opml(text):
            if part.path in self.direct:
                raise SourceError("a list of subscriptions, not articles: give it to xunwen subscribe")
            return ()
        if json_feed.looks_like_json(text) and not front_matter.split(text)[0]:
            return self._whole_json(text, part.path)
        if pages.looks_like_page(text, part.path):
            return (self._page(text, part.url),)
        if table.is_table(part.path):
            return table.read_table(text, part.path, zone=self.zone, now=self.now)
        if org.looks_like_org(text, part.path):
            return (self._finished(org.read_org(text)),)
        return post.read_posts(text, zone=self.zone, now=self.now, path=part.path)

    def _page(self, text: str, url: str) -> Article:
        article = pages.read_page(text, zone=self.zone, now=self.now, url=url)
        if why := shells.reason(article):
            raise SourceError(why)
        return article

    def _mail(self, data: bytes, path: str) -> Iterator[Article | Reject]:
        letters = mail.letters(data)
        for number, letter in enumerate(letters, start=1):
            try:
                found = mail.read_mail(letter)
                yield self._page(found.html, found.url) if isinstance(found, mail.SavedPage) else self._finished(found)
            except Exception as error:
                yield Reject(f"{path}:{number}" if len(letters) > 1 else path, _reason(error))

    def _finished(self, draft: Draft) -> Article:
        article = finish(draft, zone=self.zone, now=self.now)
        if article is None or not article.text:
            raise SourceError("it has a title alone, no text" if article else "it has neither a title nor a text")
        return article

    def _whole_json(self, text: str, path: str) -> Iterable[Article | Reject]:
        try:
            return self._json(json_feed.decoded(text), path)
        except SourceError as error:
            found = json_feed.cut_off(text)
            if found is None:
                raise
            value, number = found
            reason = f"the list ends before its end: this item and what followed it were not read ({error})"
            return (*self._json(value, path), Reject(f"{path}:{number + 1}", reason))

    def _json(self, value: object, path: str) -> Iterable[Article | Reject]:
        if json_feed.is_feed(value):
            return _articles_of(feed.read_json_feed(value, zone=self.zone, now=self.now), path)
        items = json_feed.items_of(value)
        if items is None:
            return (jsonl.read_object(value, zone=self.zone, now=self.now),)
        articles, rejects = [], []
        for number, item in enumerate(items, start=1):
            try:
                articles.append(jsonl.read_object(item, zone=self.zone, now=self.now))
            except Exception as error:
                rejects.append(Reject(f"{path}:{number}", _reason(error)))
        return (*told_apart(articles), *rejects)

    def _lines(self, part: _Part) -> Iterator[Found]:
        number, end = part.line, 0
        for match in _LINE.finditer(part.data):
            number += part.data.count(b"\n", end, match.start())
            end = match.start()
            try:
                if len(match[0]) > LARGEST:
                    raise SourceError(f"the line is longer than {LARGEST // 2**20} MB")
                value = json_feed.decoded(decode(match[0]))
                yield export.read(value) or jsonl.read_object(value, zone=self.zone, now=self.now)
            except Exception as error:
                yield Reject(f"{part.path}:{number}", _reason(error))


def _reason(error: Exception) -> str:
    """Why something was not read. What nobody thought of, in a library or here, costs no more than what it befell."""
    return str(error) if isinstance(error, SourceError) else f"it could not be read: {error_line(error)}"


def _given_up(part: _Part, reason: str) -> Found:
    return Reject(f"{part.path}:{part.line}" if part.line else part.path, reason)


def _articles_of(found: feed.Feed, path: str) -> Iterator[Article | Reject]:
    yield from found.articles
    if found.empty:
        yield Reject(path, f"{found.empty} entries of the feed have neither a title nor a text")
    for number, reason in found.rejects:
        yield Reject(f"{path}:{number}", reason)
