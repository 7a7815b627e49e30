"""``/marks``: what a reader marked, the latest first; forms that mark; and all of it as citations to take along."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from indexer.archive import Archive, ArticleMarks, Hidden, MarkKind
from indexer.archive.identity import is_id
from indexer.archive.readers.marks import KINDS
from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.desk.citations import FORMS, Form, Reference
from search_app.desk.marks import change, hide_source, read_marking
from search_app.presentation.errors import answer, wants_json
from search_app.presentation.links import Link
from search_app.presentation.locales import local_path
from search_app.presentation.page import Context, current_library, given, render
from search_app.query.dates import zone_asked
from search_app.query.parameters import Given, Parameter
from search_app.views.keeping.marked_files import MARKED_FILES, MarkedArticle

blueprint = Blueprint("marks", __name__)

A_PAGE = 30  # articles

TAGS = 100
"""Tags that the page names, the most used ones; an article's own lead to the others."""

_KIND = Parameter("kind", "One kind of mark.", "starred", "choice", "", choices=KINDS)
_TAG = Parameter("tag", "One tag.", "疫苗")
_PAGE = Parameter("page", "Which page, from 1.", "2", "number", 1, most=100_000)
_FILES = {name: form.label for name, form in FORMS.items()} | {name: each.label for name, each in MARKED_FILES.items()}
"""Forms in which marks are taken along, as they are called."""

_FORM = Parameter("format", "As citations or as a table.", "bibtex", "choice", "gbt7714", choices=tuple(_FILES))


@dataclass(frozen=True, slots=True, kw_only=True)
class MarksContext(Context):
    """The marked articles of one page; ``here`` is its address, to which forms come back. ``sources`` are hidden."""

    rows: list[MarkedArticle]
    kinds: list[Link]
    tags: list[Link]
    sources: Sequence[str]
    files: list[Link]
    here: str
    next_url: str | None


@blueprint.get("/marks")
def page() -> ResponseReturnValue:
    """``kind`` and ``tag`` narrow it, ``page`` goes on."""
    reader = _reader()
    try:
        asked = given()
        kind, tag, number = _asked(asked)
    except QueryError as error:
        return answer(error)
    library = current_library()
    marks = library.archive.marks
    ids = marks.ids(reader, kind=kind, tag=tag, skip=(number - 1) * A_PAGE, limit=A_PAGE + 1)
    counts, names = marks.counts(reader), labels()
    narrowed: dict[str, Any] = {"kind": kind, "tag": tag or None}
    return render(
        "marks.html",
        MarksContext(
            carried=[],
            zone=library.zone,
            rows=list(_marked(library.archive, reader, ids[:A_PAGE])),
            kinds=[
                Link(_("All marks"), url_for("marks.page"), selected=not kind and not tag),
                *(
                    Link(names[each], url_for("marks.page", kind=each), selected=kind == each, count=counts[each])
                    for each in KINDS
                ),
            ],
            tags=[
                Link(each, url_for("marks.page", tag=each), selected=tag == each, count=count)
                for each, count in _most_used(marks.tags(reader))
            ],
            sources=marks.hidden(reader).sources,
            files=[Link(label, url_for("marks.export", format=name, **narrowed)) for name, label in _FILES.items()],
            here=url_for("marks.page", **narrowed, page=number if number > 1 else None),
            next_url=url_for("marks.page", **narrowed, page=number + 1) if len(ids) > A_PAGE else None,
        ),
    )


@blueprint.post("/marks")
def mark() -> ResponseReturnValue:
    """Change one mark of ``article``, which the address names, then show the page ``next`` of this site again.

    Buttons of many articles share one form, so the address names what the form cannot. A script gets 204.
    """
    reader, library = _reader(), current_library()
    id = request.args.get("article", "")
    if not is_id(id):
        abort(404)
    try:
        marking = read_marking(request.form)
        # A mark can be taken from an article that is gone, and none given to it.
        if marking.there and not library.archive.get([id], html=False, text=False):
            abort(404)
        change(library.archive, reader, id, marking)
    except QueryError as error:
        return answer(error)
    return _done(f"#marks-{id}")


@blueprint.post("/marks/sources")
def hide() -> ResponseReturnValue:
    """Hide the publisher ``source``, which the address names, or show it again: ``add`` or ``drop``."""
    reader, archive = _reader(), current_library().archive
    source = request.args.get("source", "")
    try:
        if "add" in request.form:
            hide_source(archive, reader, source)
        else:
            archive.marks.show_source(reader, source)
    except QueryError as error:
        return answer(error)
    return _done()


def _done(anchor: str = "") -> ResponseReturnValue:
    """The page ``next`` of this site again; nothing for a script."""
    if wants_json():
        return "", 204
    path, _mark, query = request.form.get("next", "").partition("?")
    where = local_path(path) + (f"?{quote(query, safe='%=&+')}" if query else "")
    return redirect(f"{where}{anchor}", 303)


@blueprint.get("/marks/export")
def export() -> ResponseReturnValue:
    """The marked articles in one ``format``: cited, those that the archive holds, or as a table of all marks."""
    reader = _reader()
    try:
        asked = given()
        kind, tag, _number = _asked(asked)
        name = _FORM.value(asked)
    except QueryError as error:
        return answer(error)
    archive = current_library().archive
    marked = _marked(archive, reader, archive.marks.ids(reader, kind=kind, tag=tag))
    zone = zone_asked(current_library().zone)
    if table := MARKED_FILES.get(name):
        lines, media, suffix = table.write(marked, zone), table.media, name
    else:
        form = FORMS[name]
        lines, media, suffix = _cited(form, marked, zone), form.media, form.suffix
    response = Response(lines, content_type=f"{media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="xunwen-marks.{suffix}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _marked(archive: Archive, reader: str, ids: Sequence[str]) -> Iterator[MarkedArticle]:
    """Marked articles, a page at a time."""
    for start in range(0, len(ids), A_PAGE):
        some = ids[start : start + A_PAGE]
        there = {each.id: each for each in archive.get(some, html=False, text=False)}
        marks = archive.marks.of(reader, some)
        yield from (MarkedArticle(id, there.get(id), marks[id]) for id in some if id in marks)


def _cited(form: Form, items: Iterable[MarkedArticle], zone: ZoneInfo) -> Iterator[str]:
    for item in items:
        if item.article:
            written = form.write(Reference.of(item.article, zone))
            yield written if written.endswith("\n") else written + "\n"


def marks_of(ids: Iterable[str]) -> dict[str, ArticleMarks]:
    """What whoever asks marked of these articles."""
    reader = keeper()
    return {} if reader is None else current_library().archive.marks.of(reader, ids)


def hidden_here() -> Hidden:
    """What whoever asks hid."""
    reader = keeper()
    return Hidden() if reader is None else current_library().archive.marks.hidden(reader)


def labels() -> dict[MarkKind, str]:
    """What the interface calls each kind."""
    return {
        "starred": _("Starred"),
        "later": _("Read later"),
        "noted": _("With a note"),
        "tagged": _("With a tag"),
        "hidden": _("Hidden"),
        "muted": _("Hidden stories"),
    }


def _most_used(tags: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
    return sorted(sorted(tags, key=lambda tag: -tag[1])[:TAGS])


def _asked(asked: Given) -> tuple[MarkKind | None, str, int]:
    return _KIND.value(asked) or None, _TAG.value(asked), _PAGE.value(asked)


def _reader() -> str:
    """Whose marks these are. Raises ``Unauthorized`` for somebody who has none."""
    reader = keeper()
    if reader is None:
        raise Unauthorized
    return reader
