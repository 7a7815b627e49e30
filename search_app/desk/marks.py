"""What a reader may mark, as it stands in forms: ``starred``, ``later``, ``noted`` and a note, ``tagged`` and
a tag, ``hidden`` and ``muted``; and which publishers they hide."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from indexer.archive import Archive, ArticleMarks, MarkKind
from indexer.archive.readers.marks import KINDS, LONGEST_SOURCE, is_source
from indexer.errors import QueryError
from indexer.plain_text import plain_line, plain_lines

LONGEST_TAG = 32
LONGEST_NOTE = 10_000
MOST_TAGS = 32
MOST_SOURCES = 200
"""Characters of a tag and of a note, tags of one article, and publishers that one reader hides."""


@dataclass(frozen=True, slots=True)
class Marking:
    """A change of one mark. ``there`` is whether it shall be there afterwards."""

    kind: MarkKind
    there: bool
    tag: str = ""
    note: str = ""


def read_marking(form: Mapping[str, str]) -> Marking:
    """What a form asks for: ``add`` or ``drop`` names the kind, ``tag`` and ``note`` are what they say.

    A note that says nothing takes the note away. Raises ``QueryError``: ``bad_choice``, ``bad_tag``, ``long_note``.
    """
    there = "add" in form
    name = form.get("add", form.get("drop", ""))
    kind = next((kind for kind in KINDS if kind == name), None)
    if kind is None:
        raise QueryError("bad_choice", field="add" if there else "drop", given=name, allowed=KINDS)
    if kind == "tagged":
        return Marking(kind, there, tag=read_tag(form.get("tag", "")))
    if kind != "noted" or not there:
        return Marking(kind, there)
    note = read_note(form.get("note", ""))
    return Marking(kind, bool(note), note=note)


def read_note(text: str) -> str:
    """A note as it is kept, in plain lines. Raises ``QueryError`` ``long_note``."""
    note = plain_lines(text.replace("\r\n", "\n")).strip()
    if len(note) > LONGEST_NOTE:
        raise QueryError("long_note", field="note", given=note, allowed=(f"≤ {LONGEST_NOTE:,}",))
    return note


def read_tag(text: str) -> str:
    """A tag as it is kept: one plain line. Raises ``QueryError`` ``bad_tag`` for one that is empty or too long."""
    tag = plain_line(text, len(text) + 1).lstrip("#＃").strip()
    if not 1 <= len(tag) <= LONGEST_TAG:
        raise QueryError("bad_tag", field="tag", given=text, allowed=(f"1–{LONGEST_TAG}",))
    return tag


def read_marks(value: object) -> ArticleMarks:
    """All marks of an article, as a program gives them; what is left out is not marked.

    Raises ``QueryError``: ``unknown_parameter``, ``bad_choice`` for a value of another kind, ``bad_tag``,
    ``too_many_values``, ``long_note``.
    """
    members = {field.name: type(field.default) for field in fields(ArticleMarks)}
    if not isinstance(value, dict):
        raise QueryError("bad_choice", field="body", given=type(value).__name__, allowed=tuple(members))
    for name, given in value.items():
        if name not in members:
            raise QueryError("unknown_parameter", field=name[:40], given=name, allowed=tuple(members))
        if not isinstance(given, list if name == "tags" else members[name]):
            raise QueryError("bad_choice", field=name, given=str(given)[:40], allowed=_ALLOWED[members[name]])
    tags = value.get("tags", ())
    if not all(isinstance(tag, str) for tag in tags):
        raise QueryError("bad_choice", field="tags", given=str(tags)[:40], allowed=_ALLOWED[tuple])
    kept = tuple(sorted(set(map(read_tag, tags))))
    if len(kept) > MOST_TAGS:
        raise QueryError("too_many_values", field="tags", allowed=(str(MOST_TAGS),))
    plain = {name: value.get(name, False) for name, kind in members.items() if kind is bool}
    return ArticleMarks(note=read_note(value.get("note", "")), tags=kept, **plain)


def hide_source(archive: Archive, reader: str, source: str) -> None:
    """Hide a publisher. Raises ``QueryError``: ``bad_choice`` for what is no name, ``too_many_values``."""
    if not is_source(source):
        raise QueryError("bad_choice", field="source", given=source[:40], allowed=(f"1–{LONGEST_SOURCE}",))
    hidden = archive.marks.hidden(reader).sources
    if source not in hidden and len(hidden) >= MOST_SOURCES:
        raise QueryError("too_many_values", field="source", allowed=(str(MOST_SOURCES),))
    archive.marks.hide_source(reader, source)


_ALLOWED = {bool: ("true", "false"), str: ('"…"',), tuple: ('["…", "…"]',)}


def change(archive: Archive, reader: str, id: str, marking: Marking) -> None:
    """Keep what a reader asked for. Raises ``QueryError`` ``bad_tag`` for one tag too many."""
    if not marking.there:
        archive.marks.remove(reader, marking.kind, id, tag=marking.tag)
        return
    if marking.kind == "tagged":
        tags = archive.marks.of(reader, [id]).get(id, ArticleMarks()).tags
        if marking.tag not in tags and len(tags) >= MOST_TAGS:
            raise QueryError("bad_tag", field="tag", given=marking.tag, allowed=tags)
    archive.marks.set(reader, marking.kind, id, tag=marking.tag, note=marking.note)
