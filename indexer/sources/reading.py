"""Any input to articles: the format of each document is told by its content."""

import io
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from itertools import chain
from pathlib import Path
from typing import IO

from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import feed, jsonl, opml, post
from indexer.sources.encoding import declared_encoding, decode
from indexer.sources.files import READ_ERRORS, Document, Reject, documents, reason_for
from indexer.sources.lines import numbered_lines

LARGEST = 32 * 1024 * 1024
"""Bytes of the largest document, and of the longest line of JSON, that is read."""

MOST_WRONG = 100_000
"""Lines in a row that are no articles, until the rest is given up: a few kilobytes can unpack to any number of them."""

_UNKNOWN = "not a post, a feed or JSON lines of articles"


def read(
    paths: Iterable[str | Path], *, zone: tzinfo, now: datetime, stdin: IO[bytes] | None = None
) -> Iterator[Article | Reject]:
    """Every article in ``paths``: files, folders, archives, and ``"-"`` for ``stdin``; see ``indexer.sources.files``.

    Dates without a zone are read in ``zone``; ``now`` becomes each article's ``discovered``. Whatever cannot be read is
    a ``Reject`` and never stops the rest. Subscription lists that lie among the articles are passed over.
    """
    named = list(paths)
    direct = {str(path) for path in named}
    for document in documents(named, stdin=stdin):
        if isinstance(document, Reject):
            yield document
            continue
        try:
            yield from _read_document(document, direct=document.path in direct, zone=zone, now=now)
        except SourceError as error:
            yield Reject(document.path, str(error))
        except READ_ERRORS as error:
            yield Reject(document.path, reason_for(error))


def _read_document(document: Document, *, direct: bool, zone: tzinfo, now: datetime) -> Iterator[Article | Reject]:
    start = document.stream.peek(1).lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        yield from _read_json(document, zone=zone, now=now)
        return
    data = _whole(document.stream, LARGEST)
    text = decode(data, declared=declared_encoding(data))
    if not text.strip():
        raise SourceError("the file is empty")
    if feed.looks_like_feed(text):
        found = feed.read_feed(data, zone=zone, now=now)
        yield from _articles_of(found, document.path)
    elif opml.looks_like_opml(text):
        if direct:
            raise SourceError("a list of subscriptions, not articles: give it to xunwen subscribe")
    elif post.looks_like_post(text):
        yield post.read_post(text, zone=zone, now=now)
    else:
        raise SourceError(_UNKNOWN)


def _articles_of(found: feed.Feed, path: str) -> Iterator[Article | Reject]:
    yield from found.articles
    if found.empty:
        yield Reject(path, f"{found.empty} entries of the feed have neither a title nor a text")


def _read_json(document: Document, *, zone: tzinfo, now: datetime) -> Iterator[Article | Reject]:
    """A JSON Feed, which may be spread over many lines, or one article a line, however many lines there are."""
    lines = numbered_lines(document.stream, LARGEST)
    number, first = next(lines, (1, b""))
    try:
        value = _decode(first)
    except SourceError:
        value = None
    if value is None and not first.rstrip().endswith(b"}"):
        value = _decode(first + _whole(document.stream, LARGEST - len(first)))
    if isinstance(value, dict) and feed.is_json_feed(value):
        yield from _articles_of(feed.read_json_feed(value, zone=zone, now=now), document.path)
        return
    yield from _read_lines(document.path, chain([(number, first)], lines), zone=zone, now=now)


def _read_lines(
    path: str, lines: Iterable[tuple[int, bytes]], *, zone: tzinfo, now: datetime
) -> Iterator[Article | Reject]:
    wrong = 0
    for number, line in lines:
        try:
            yield jsonl.read_object(_decode(line), zone=zone, now=now)
            wrong = 0
        except SourceError as error:
            yield Reject(f"{path}:{number}", str(error))
            wrong += 1
        if wrong == MOST_WRONG:
            raise SourceError(f"the last {MOST_WRONG:,} lines are no articles; what follows was not read")


def _decode(data: bytes) -> object:
    try:
        value: object = json.loads(decode(data), strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not valid JSON ({error})") from error
    return value


def _whole(stream: io.BufferedReader, room: int) -> bytes:
    data = stream.read(room + 1)
    if len(data) > room:
        raise SourceError(f"larger than {LARGEST // 2**20} MB")
    return data
