"""``/api/v1/changes``: what changed in the archive, for those who keep a copy of their own.

What an article said before it changed is another thing: ``search_app.views.reading.changes``.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal as OneOf

from indexer.archive import Archive, Change
from indexer.article import Article
from indexer.errors import QueryError
from search_app.api.endpoints import Endpoints
from search_app.presentation.page import current_library
from search_app.query.parameters import Given, Parameter
from search_app.search.results import described

endpoint = Endpoints()

_MOST = 500
_AT_ONCE = 50
"""Articles that are read at a time."""

_CHARACTERS = 2_000_000
"""Of texts on one page, about: what is longer than that comes alone."""


def _sequence(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,18}", text):
        raise QueryError("bad_number", field="since", given=text, allowed=("0", "`next`"))
    return int(text)


_SINCE = Parameter("since", "`next` of the page before; 0 for all.", "0", default=0, read=_sequence)
_LIMIT = Parameter("limit", "Changes a page, at most.", "100", "number", 100, most=_MOST)

ChangeKind = OneOf["put", "delete", "forget"]


@dataclass(frozen=True, slots=True)
class KeptArticle:
    """An article as the archive keeps it."""

    url: str
    title: str
    text: str
    captions: str
    furniture: str
    source: str
    author: str
    language: str
    published: datetime | None
    discovered: datetime | None


@dataclass(frozen=True, slots=True)
class ArchiveChange:
    """What became of one article. Of several changes the last is told, under its number."""

    sequence: int
    id: str
    kind: ChangeKind = field(
        metadata=described(
            "`put`: replace the article with this id, or add it. `forget` is for good, a deleted one may come again; "
            "both also of articles never told."
        )
    )
    article: KeptArticle | None = field(metadata=described("What it says now; null when it is gone."))


@dataclass(frozen=True, slots=True)
class ChangesAnswer:
    """Changes in their order."""

    changes: Sequence[ArchiveChange]
    next: int = field(metadata=described("`since` of the next page, or of the next time."))
    last: int = field(metadata=described("The number of the archive's last change; when `next` is it, that was all."))


@endpoint("/changes", ChangesAnswer, (_SINCE, _LIMIT))
def list_changes(asked: Given) -> ChangesAnswer:
    """What changed in the archive after a number

    For those who keep a copy: whoever asks from 0 and then always from `next` has exactly what the archive has.
    """
    since, limit = _SINCE.value(asked), _LIMIT.value(asked)
    archive = current_library().archive
    last = archive.last_sequence()
    if since > last:
        raise QueryError("bad_number", field="since", given=str(since), allowed=(f"0–{last}",))
    changes: list[ArchiveChange] = []
    characters = 0
    rows = archive.changes(since, limit)
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        for change in _told(archive, some):
            characters += len(change.article.text) if change.article else 0
            if changes and characters > _CHARACTERS:
                return ChangesAnswer(changes, changes[-1].sequence, last)
            changes.append(change)
    following = changes[-1].sequence if changes else since
    return ChangesAnswer(changes, following, max(last, following))


def _told(archive: Archive, rows: Sequence[Change]) -> list[ArchiveChange]:
    """One that went meanwhile is told as gone; that change comes again under its number."""
    kept = {each.id: each for each in archive.get([row.id for row in rows if not row.deleted], html=False)}
    return [_change(archive, row, kept.get(row.id)) for row in rows]


def _change(archive: Archive, row: Change, article: Article | None) -> ArchiveChange:
    if article is None:
        kind: ChangeKind = "forget" if archive.tombstones.get(row.id) else "delete"
        return ArchiveChange(row.sequence, row.id, kind, None)
    return ArchiveChange(
        row.sequence,
        row.id,
        "put",
        KeptArticle(
            *(article.url, article.title, article.text, article.captions, article.furniture),
            *(article.source, article.author, article.language, article.published, article.discovered),
        ),
    )
