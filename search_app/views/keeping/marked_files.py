"""Marks as files: a table for spreadsheets, and a line of JSON for each article."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from indexer.archive import ArticleMarks
from indexer.article import Article
from search_app.presentation.spreadsheet import MARK, cell


@dataclass(frozen=True, slots=True)
class MarkedArticle:
    """What a reader marked; ``article`` is ``None`` when the archive no longer holds it."""

    id: str
    article: Article | None
    marks: ArticleMarks


def csv_lines(items: Iterable[MarkedArticle], zone: ZoneInfo) -> Iterator[str]:
    """RFC 4180 with a byte order mark, times on a clock in ``zone``, tags with ``、`` between them."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    names = list(_members(MarkedArticle("", None, ArticleMarks()), zone))
    writer.writerow(names)
    yield MARK + buffer.getvalue()
    for item in items:
        buffer.seek(0)
        buffer.truncate()
        members = _members(item, zone)
        published = item.article.published if item.article else None
        shown = {"published": f"{published.astimezone(zone):%Y-%m-%d %H:%M}" if published else ""}
        shown |= {"tags": "、".join(item.marks.tags)}
        shown |= {name: str(int(value)) for name, value in members.items() if isinstance(value, bool)}
        writer.writerow([cell((members | shown)[name]) for name in names])
        yield buffer.getvalue()


def json_lines(items: Iterable[MarkedArticle], zone: ZoneInfo) -> Iterator[str]:
    """One article a line, with the members of ``/api/v1/marks``; times carry the offset of ``zone``."""
    for item in items:
        yield json.dumps(_members(item, zone), ensure_ascii=False) + "\n"


def _members(item: MarkedArticle, zone: ZoneInfo) -> dict[str, Any]:
    known = item.article or Article(url="", title="", text="")
    published = known.published.astimezone(zone).isoformat(timespec="seconds") if known.published else None
    told = {"id": item.id, "url": known.url, "title": known.title, "source": known.source, "published": published}
    return told | asdict(item.marks)


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """A form of such a file: how it is called, what writes it, and its media type."""

    label: str
    write: Callable[[Iterable[MarkedArticle], ZoneInfo], Iterator[str]]
    media: str


MARKED_FILES: Mapping[str, MarkedFile] = {
    "csv": MarkedFile("CSV", csv_lines, "text/csv"),
    "jsonl": MarkedFile("JSON Lines", json_lines, "application/jsonl"),
}
