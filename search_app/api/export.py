"""Everything that matches, as CSV or JSON Lines, written while it is read: memory stays bounded however much it is."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from threading import BoundedSemaphore

from flask import Response
from werkzeug.exceptions import TooManyRequests
from werkzeug.wsgi import ClosingIterator

from search_app.access.budgets import take_export
from search_app.presentation.json_encoding import encode_hit
from search_app.presentation.spreadsheet import MARK, cell
from search_app.query.parameters import MAX_LIMIT, SearchParameters
from search_app.search.library import Library
from search_app.search.results import ResultHit, Results

CONCURRENT = 2
"""Each export keeps a thread of the server busy until it ends; the others must go on answering people. A reader that
does not take what is written loses its connection, and so the export's slot (``search_app.connections``)."""

_running = BoundedSemaphore(CONCURRENT)
EXPORTS = ("json", "csv", "jsonl")
_MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl; charset=utf-8"}


def pages(library: Library, parameters: SearchParameters, reader: str | None) -> Iterator[Results]:
    """All pages of hits from the question's cursor on, on the state of the index that the first one saw.

    ``reader`` as for ``Library.ask``.
    """
    # Whoever takes everything wants every article; the column of stories tells which are copies.
    collapse = parameters.collapse or "0"
    following: SearchParameters | None = replace(parameters, limit=MAX_LIMIT, collapse=collapse)
    while following:
        results = library.search(library.ask(following, reader))
        yield results
        following = replace(following, cursor=results.next) if results.next else None


def csv_lines(hits: Iterable[ResultHit], fields: Iterable[str]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, by which spreadsheets know UTF-8.

    The snippet is its text, highlights are left out. Cells that a spreadsheet would run as a formula get an apostrophe.
    """
    columns = [name for name in fields if name != "title_highlights"]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(columns)
    yield MARK + buffer.getvalue()
    for hit in hits:
        buffer.seek(0)
        buffer.truncate()
        cells = encode_hit(hit, columns, str)
        writer.writerow([cell(cells[name]) for name in columns])
        yield buffer.getvalue()


def json_lines(hits: Iterable[ResultHit], fields: Iterable[str]) -> Iterator[str]:
    """One hit a line, as in ``/api/v1/search``."""
    chosen = tuple(fields)
    for hit in hits:
        yield json.dumps(encode_hit(hit, chosen, str), ensure_ascii=False) + "\n"


WRITERS: Mapping[str, Callable[[Iterable[ResultHit], Iterable[str]], Iterator[str]]] = {
    "csv": csv_lines,
    "jsonl": json_lines,
}


def stream(library: Library, parameters: SearchParameters, form: str, reader: str | None) -> Response:
    """The response. The first page is read before it begins, so that a bad question is still a 400.

    When something fails later the connection breaks off: no client takes half of the hits for all of them.
    """
    take_export()
    slot = _Slot()
    try:
        following = pages(library, parameters, reader)
        first = next(following)
        hits = (hit for results in chain((first,), following) for hit in results.hits)
        write = WRITERS[form]
        body = _encoded(write(hits, parameters.fields), slot)
        response = Response(ClosingIterator(body, slot.release), content_type=_MEDIA[form])
    except BaseException:
        slot.release()
        raise
    response.headers["Content-Disposition"] = f'attachment; filename="xunwen.{form}"'
    response.headers["X-Total-Count"] = str(first.total)
    response.headers["Cache-Control"] = "no-store"
    return response


class _Slot:
    """The right to run an export, given back once however often ``release`` is called."""

    def __init__(self) -> None:
        self._held = _running.acquire(blocking=False)
        if not self._held:
            raise TooManyRequests("Too many exports are running.", retry_after=30)

    def release(self) -> None:
        if self._held:
            self._held = False
            _running.release()


def _encoded(lines: Iterator[str], slot: _Slot) -> Iterator[bytes]:
    """The lines as bytes. The slot is free after the last one; a reader that goes away before frees it by closing."""
    for line in lines:
        yield line.encode()
    slot.release()
