"""What readers marked: stars, a list to read later, notes and tags, and what they hid.

Whose marks they are is a reader's name, or ``""`` for the owner of an archive that has no accounts. A mark belongs to
an article's id and not to its words: neither a revision nor reading a file again changes it. It outlives the article
too, for a note is its reader's work; an article that comes back has its old id, and so its marks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from typing import Any, get_args
from typing import Literal as OneOf

from sqlalchemy import (
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    delete,
    desc,
    func,
    insert,
    literal,
    select,
    union_all,
)

from indexer.archive.database import Database
from indexer.archive.identity import is_id
from indexer.archive.schema import fingerprints, hidden_sources, marks
from indexer.archive.sequence import lock

MarkKind = OneOf["starred", "later", "noted", "tagged", "hidden", "muted"]
"""``hidden`` hides an article, ``muted`` all articles of its story, whichever come."""

KINDS: tuple[MarkKind, ...] = get_args(MarkKind)

OWNER = ""
"""Whose marks they are in an archive that has no accounts, and on its own machine."""

LONGEST_READER = 64
LONGEST_TAG = 64
LONGEST_SOURCE = 500
"""Characters of a reader's name, of a tag and of a publisher's name that the archive takes."""

_AT_ONCE = 500  # ids
_PLAIN: tuple[MarkKind, ...] = ("starred", "later", "hidden", "muted")
"""Marks that say nothing but that they are there."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One mark, as it goes out of an archive and into another. ``made`` is aware, in UTC."""

    kind: MarkKind
    id: str
    made: datetime
    reader: str = OWNER
    tag: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ArticleMarks:
    """What one reader marked of one article. ``tags`` are in the order of their characters."""

    starred: bool = False
    later: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    hidden: bool = False
    muted: bool = False


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one reader hid: articles, those of muted stories among them, and publishers."""

    ids: frozenset[str] = frozenset()
    sources: tuple[str, ...] = ()

    def holds(self, id: str, source: str) -> bool:
        """Whether an article is hidden."""
        return id in self.ids or source in self.sources

    def __bool__(self) -> bool:
        return bool(self.ids or self.sources)


@dataclass(frozen=True, slots=True)
class HiddenSource:
    """A publisher that a reader hid, as it goes out of an archive and into another. ``made`` is aware, in UTC."""

    source: str
    made: datetime
    reader: str = OWNER


def _hidden_by(reader: BindParameter[str]) -> CompoundSelect[Any]:
    """What one reader hid: ids with 0, and publishers with their numbers, the latest first."""
    told = select(fingerprints.c.story).join(marks, marks.c.id == fingerprints.c.id)
    told = told.where(marks.c.reader == reader, marks.c.kind == "muted")
    members = select(fingerprints.c.id, literal(0)).where(fingerprints.c.story.in_(told))
    alone = select(marks.c.id, literal(0).label("number"))
    alone = alone.where(marks.c.reader == reader, marks.c.kind.in_(("hidden", "muted")))
    publishers = select(hidden_sources.c.source, hidden_sources.c.number).where(hidden_sources.c.reader == reader)
    return union_all(alone, members, publishers).order_by(desc("number"))


# Asked with every search: made once, and what is hidden is all in one statement.
_HIDDEN = _hidden_by(bindparam("reader"))
_OF_ARTICLES = select(marks.c.id, marks.c.kind, marks.c.tag, marks.c.note).where(
    marks.c.reader == bindparam("reader"), marks.c.id.in_(bindparam("ids", expanding=True))
)


class Marks:
    """Marks by reader and article. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def set(self, reader: str, kind: MarkKind, id: str, *, tag: str = "", note: str = "") -> None:
        """Mark an article. A mark that is there stays as it is, but for a note, which is replaced."""
        row = {"reader": reader, "kind": kind, "id": id, "tag": tag}
        with self._database.writing() as connection:
            lock(connection)
            if kind == "noted":
                connection.execute(delete(marks).filter_by(**row))
            elif connection.scalar(select(marks.c.number).filter_by(**row)) is not None:
                return
            connection.execute(insert(marks), row | {"made": self._clock(), "note": note})

    def remove(self, reader: str, kind: MarkKind, id: str, *, tag: str = "") -> bool:
        """Take a mark away; false when there was none."""
        with self._database.writing() as connection:
            row = {"reader": reader, "kind": kind, "id": id, "tag": tag}
            return bool(connection.execute(delete(marks).filter_by(**row)).rowcount)

    def replace(self, reader: str, id: str, wanted: ArticleMarks) -> None:
        """Let exactly these be a reader's marks of an article; those that were there already stay as they are."""
        rows: dict[tuple[str, str], str] = {("tagged", tag): "" for tag in wanted.tags}
        rows |= {(kind, ""): "" for kind in _PLAIN if getattr(wanted, kind)}
        rows |= {("noted", ""): wanted.note} if wanted.note else {}
        mine = (marks.c.reader == reader, marks.c.id == id)
        with self._database.writing() as connection:
            lock(connection)
            for row in connection.execute(select(marks).where(*mine)).all():
                if rows.get((row.kind, row.tag)) == row.note:
                    del rows[row.kind, row.tag]
                else:
                    connection.execute(delete(marks).where(marks.c.number == row.number))
            if rows:
                whose = {"reader": reader, "id": id, "made": self._clock()}
                fresh = [whose | {"kind": kind, "tag": tag, "note": note} for (kind, tag), note in rows.items()]
                connection.execute(insert(marks), fresh)

    def of(self, reader: str, ids: Iterable[str]) -> dict[str, ArticleMarks]:
        """What a reader marked of these articles; those without marks are left out."""
        wanted = [id for id in dict.fromkeys(ids) if is_id(id)]
        found: dict[str, ArticleMarks] = {}
        with self._database.reading() as connection:
            for start in range(0, len(wanted), _AT_ONCE):
                some = wanted[start : start + _AT_ONCE]
                for row in connection.execute(_OF_ARTICLES, {"reader": reader, "ids": some}):
                    old = found.get(row.id, ArticleMarks())
                    found[row.id] = ArticleMarks(
                        starred=old.starred or row.kind == "starred",
                        later=old.later or row.kind == "later",
                        note=row.note or old.note,
                        tags=tuple(sorted((*old.tags, row.tag))) if row.tag else old.tags,
                        hidden=old.hidden or row.kind == "hidden",
                        muted=old.muted or row.kind == "muted",
                    )
        return found

    def ids(
        self, reader: str, *, kind: MarkKind | None = None, tag: str = "", skip: int = 0, limit: int | None = None
    ) -> list[str]:
        """The articles that a reader marked, in this kind or with this tag, each once: the latest mark first."""
        query = (
            _narrowed(select(marks.c.id), reader, kind, tag)
            .group_by(marks.c.id)
            .order_by(func.max(marks.c.number).desc())
        )
        with self._database.reading() as connection:
            return list(connection.scalars(query.offset(skip).limit(limit)))

    def counts(self, reader: str) -> dict[MarkKind, int]:
        """How many articles a reader marked in each kind."""
        query = _narrowed(select(marks.c.kind, func.count(marks.c.id.distinct()).label("marked")), reader).group_by(
            marks.c.kind
        )
        with self._database.reading() as connection:
            found = {row.kind: row.marked for row in connection.execute(query)}
        return {kind: found.get(kind, 0) for kind in KINDS}

    def tags(self, reader: str) -> Sequence[tuple[str, int]]:
        """A reader's tags with how many articles have each, in the order of their characters."""
        query = _narrowed(select(marks.c.tag, func.count().label("marked")), reader, "tagged").group_by(marks.c.tag)
        with self._database.reading() as connection:
            return sorted((row.tag, row.marked) for row in connection.execute(query))

    def notes(self, reader: str) -> list[tuple[str, str]]:
        """The ids of the articles that have a note of a reader, and the notes."""
        query = select(marks.c.id, marks.c.note).where(marks.c.reader == reader, marks.c.kind == "noted")
        with self._database.reading() as connection:
            return [(row.id, row.note) for row in connection.execute(query)]

    def hidden(self, reader: str) -> Hidden:
        """What a reader hid, with the articles that muted stories have now."""
        with self._database.reading() as connection:
            rows = connection.execute(_HIDDEN, {"reader": reader}).all()
        return Hidden(
            frozenset(row.id for row in rows if not row.number),
            tuple(row.id for row in rows if row.number),
        )

    def hide_source(self, reader: str, source: str) -> None:
        """Hide all articles of a publisher."""
        self.add_sources([HiddenSource(source, self._clock(), reader)])

    def show_source(self, reader: str, source: str) -> bool:
        """Show the articles of a publisher again; false when they were not hidden."""
        with self._database.writing() as connection:
            return bool(connection.execute(delete(hidden_sources).filter_by(reader=reader, source=source)).rowcount)

    def sources(self) -> list[HiddenSource]:
        """The publishers that any reader hid, the oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(hidden_sources).order_by(hidden_sources.c.number))
            return [HiddenSource(row.source, row.made, row.reader) for row in rows]

    def add_sources(self, items: Iterable[HiddenSource]) -> None:
        """Keep these; one that is there stays as it is."""
        with self._database.writing() as connection:
            lock(connection)
            key = (hidden_sources.c.reader, hidden_sources.c.source)
            known = set(map(tuple, connection.execute(select(*key))))
            fresh = {(each.reader, each.source): asdict(each) for each in items}
            if rows := [row for key_, row in fresh.items() if key_ not in known]:
                connection.execute(insert(hidden_sources), rows)

    def all(self) -> Iterator[Mark]:
        """Every mark of every reader, the oldest first. Holds no transaction between pages."""
        last = 0
        while True:
            query = select(marks).where(marks.c.number > last).order_by(marks.c.number).limit(_AT_ONCE)
            with self._database.reading() as connection:
                page = connection.execute(query).all()
            for row in page:
                yield Mark(row.kind, row.id, row.made, row.reader, row.tag, row.note)
            if len(page) < _AT_ONCE:
                return
            last = page[-1].number

    def add(self, items: Iterable[Mark]) -> None:
        """Keep these, in their order; a mark that is there stays as it is, and so does a note."""
        rest = iter(items)
        while some := list(islice(rest, _AT_ONCE)):
            rows = {(each.reader, each.id, each.kind, each.tag): asdict(each) for each in reversed(some)}
            key = (marks.c.reader, marks.c.id, marks.c.kind, marks.c.tag)
            with self._database.writing() as connection:
                lock(connection)
                ids = {each.id for each in some}
                known = set(map(tuple, connection.execute(select(*key).where(marks.c.id.in_(ids)))))
                if fresh := [row for mark, row in reversed(rows.items()) if mark not in known]:
                    connection.execute(insert(marks), fresh)


def is_source(name: str) -> bool:
    """Whether a publisher of this name can be hidden."""
    return bool(name.strip()) and len(name) <= LONGEST_SOURCE and _UNKEPT.search(name) is None


_UNKEPT = re.compile("[\0\ud800-\udfff]")
"""What not every database keeps."""

_Rows = Select[Any]


def _narrowed(query: _Rows, reader: str, kind: MarkKind | None = None, tag: str = "") -> _Rows:
    query = query.where(marks.c.reader == reader)
    if kind or tag:
        query = query.where(marks.c.kind == ("tagged" if tag else kind))
    return query.where(marks.c.tag == tag) if tag else query
