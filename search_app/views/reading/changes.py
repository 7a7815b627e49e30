"""``/article/<id>/changes``: what one earlier version of an article said, compared with what it said next."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort

from indexer.archive import Archive
from indexer.article import Article
from indexer.errors import QueryError
from search_app.access.absence import raise_absent
from search_app.presentation.errors import answer
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.text_diff import LONGEST, Paragraph, differences
from search_app.query.parameters import Parameter
from search_app.views.reading.article import Version

blueprint = Blueprint("changes", __name__)

AROUND = 10
"""Versions named before and after the one that is shown."""

_VERSION = Parameter("version", "Which earlier version; the last if none is given.", "1", "number", 0, most=999_999)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesContext(Context):
    """``version`` is the one that is shown and ``versions`` those around it, newest first, of ``version_count``.

    ``body`` are the paragraphs that changed. ``cut`` is how many characters were compared if that is not all.
    """

    article: Article
    title: Paragraph
    body: list[Paragraph]
    version: Version
    versions: list[Version]
    version_count: int
    cut: int | None


@blueprint.get("/article/<article_id>/changes")
def page(article_id: str) -> Response | str:
    """One comparison; ``version`` chooses which."""
    library = current_library()
    found = library.archive.get([article_id], html=False)
    if not found:
        raise_absent(article_id)
    try:
        number = _VERSION.value(given())
    except QueryError as error:
        return answer(error)
    times = library.archive.revision_times(article_id)
    number = number or len(times)
    if not 1 <= number <= len(times):
        abort(404)
    earlier, later = _versions(library.archive, found[0], number, times)
    heading = differences(earlier.title, later.title)
    return render(
        "changes.html",
        ChangesContext(
            carried=[],
            zone=library.zone,
            article=found[0],
            title=heading[0] if heading else Paragraph(()),
            body=[each for each in differences(earlier.text[:LONGEST], later.text[:LONGEST]) if each.changed],
            version=Version(number, times[-number]),
            versions=[Version(each, times[-each]) for each in _around(number, len(times))],
            version_count=len(times),
            cut=LONGEST if max(len(earlier.text), len(later.text)) > LONGEST else None,
        ),
    )


def _around(number: int, count: int) -> range:
    """The numbers of the versions near one, newest first."""
    return range(min(number + AROUND, count), max(number - AROUND, 1) - 1, -1)


def _versions(archive: Archive, article: Article, number: int, times: list[datetime]) -> tuple[Article, Article]:
    """A version of an article and the one that came after it."""
    after = len(times) - number
    read = archive.revisions(article.id, skip=max(after - 1, 0), limit=2 if after else 1, html=False)
    if not read:
        abort(404)
    return read[-1].article, read[0].article if after else article
