"""Tables of articles (.csv, .tsv) with a row of names first, as collections of news are kept: one article a row."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime, tzinfo

from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import jsonl
from indexer.sources.files import Reject

_NAMES = (".csv", ".tsv")
_DELIMITERS = ",\t;|"
_SEPARATOR = re.compile(r"\Asep=.\r?\n", re.IGNORECASE)  # a line for Excel
_LONGEST_CELL = 8 * 1024 * 1024  # characters


def is_table(path: str) -> bool:
    return path.lower().endswith(_NAMES)


def read_table(text: str, path: str, *, zone: tzinfo, now: datetime) -> Iterator[Article | Reject]:
    """The articles of a table's rows. Raises ``SourceError`` when the first row names no columns of articles."""
    text = _SEPARATOR.sub("", text)
    first = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(_LONGEST_CELL)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [name.strip() for name in next(rows, [])]
    if not jsonl.names_an_article(names):
        raise SourceError(f"the first row of the table names no title or text: {', '.join(names)}"[:200])
    while True:
        try:
            cells = next(rows, None)
        except csv.Error as error:
            yield Reject(f"{path}:{rows.line_num}", f"the table cannot be read further ({error})")
            return
        if cells is None:
            return
        if not any(map(str.strip, cells)):
            continue
        try:
            if len(cells) > len(names):
                raise SourceError(f"the row has {len(cells)} cells, the table {len(names)} columns")
            yield jsonl.read_object(dict(zip(names, cells, strict=False)), zone=zone, now=now)
        except SourceError as error:
            yield Reject(f"{path}:{rows.line_num}", str(error))
