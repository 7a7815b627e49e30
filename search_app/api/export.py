"""Everything that matches, as CSV or JSON Lines, written while it is read: memory stays bounded however much it is."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from threading import BoundedSemaphore
from typing import Any

from flask import Response
from werkzeug.exceptions import TooManyRequests
from werkzeug.wsgi import ClosingIterator

from search_app.access.budgets import take_export
from search_app.presentation.json_encoding import encode_hit
from search_app.presentation.spreadsheet import MARK, cell
from search_app.query.parameters import MAX_LIMIT, SearchParameters
from search_app.search.library import Library
from search_app.search.results import Results

CONCURRENT = 2
"""Each export keeps a thread of the server busy until it ends; the others must go on answering people. A reader that
does not take what is written loses its connection, and so the export's slot (``search_app.connections``)."""

_running = BoundedSemaphore(CONCURRENT)
EXPORTS = ("json", "csv", "jsonl")
_MEDIA = {"csv": "text/csv; charset=utf-8; header=present", "jsonl": "application/jsonl; charset=utf-8"}


def pages(library: Library, parameters: SearchParameters, reader: str | None) -> Iterator[Results]:
    """All pages of hits from the question's cursor on, on the state of the index that the first one saw; none of them
    holds but parts of the question.

    ``reader`` as for ``Library.ask``.
    """
    # Whoever takes everything wants every article; the column of stories tells which are copies.
    collapse = parameters.collapse or "0"
    following: SearchParameters | None = replace(parameters, limit=MAX_LIMIT, collapse=collapse, partial=False)
    while following:
        results = library.search(library.ask(following, reader))
        yield results
        following = replace(following, cursor=results.next) if results.next else None


Row = Mapping[str, Any]
"""What one line holds, as its object has it in JSON."""


def csv_lines(rows: Iterable[Row], columns: Sequence[str]) -> Iterator[str]:
    """RFC 4180 with a byte order mark, by which spreadsheets know UTF-8.

    The snippet is its text, highlights are left out. Cells that a spreadsheet would run as a formula get an apostrophe.
    """
    written = [name for name in columns if not name.endswith("highlights")]
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(written)
    yield MARK + buffer.getvalue()
    for row in rows:
        buffer.seek(0)
        buffer.truncate()
        writer.writerow([cell(row[name]) for name in written])
        yield buffer.getvalue()


def json_lines(rows: Iterable[Row]) -> Iterator[str]:
    """One object a line."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


WRITERS: Mapping[str, Callable[[Iterable[Row], Sequence[str]], Iterator[str]]] = {
    "csv": csv_lines,
    "jsonl": lambda rows, _: json_lines(rows),
}


def hit_rows(results: Iterable[Results], fields: Sequence[str]) -> Iterator[Row]:
    """The hits as in ``/api/v1/search``."""
    return (encode_hit(hit, fields, str) for page in results for hit in page.hits)


def stream_hits(library: Library, parameters: SearchParameters, form: str, reader: str | None) -> Response:
    """All hits of a question as a response."""
    following = pages(library, parameters, reader)

    def begun() -> tuple[Iterable[Row], Mapping[str, str]]:
        first = next(following)
        return hit_rows(chain((first,), following), parameters.fields), {"X-Total-Count": str(first.total)}

    return stream(begun, parameters.fields, form, "xunwen")


def stream(
    begun: Callable[[], tuple[Iterable[Row], Mapping[str, str]]], columns: Sequence[str], form: str, name: str
) -> Response:
    """A file of all rows. ``begun`` reads the first of them and returns them with headers of the response.

    That is done before the response begins, so that a bad question is still a 400. When something fails later the
    connection breaks off: no client takes half of them for all.
    """
    take_export()
    slot = _Slot()
    try:
        rows, headers = begun()
        body = _encoded(WRITERS[form](rows, columns), slot)
        response = Response(ClosingIterator(body, slot.release), content_type=_MEDIA[form])
    except BaseException:
        slot.release()
        raise
    response.headers.update(headers)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
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
