"""``/article/<id>``: cleaned text with matches marked, where it comes from, that it was changed, what else there is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from indexer.archive import ArticleMarks
from indexer.archive.readers.marks import OWNER
from indexer.article import Article
from indexer.errors import IndexFailure, QueryError
from indexer.extraction import bylines
from indexer.language import Script
from indexer.text.script_conversion import convert, other_script
from search_app.access.absence import raise_absent
from search_app.access.permission import keeper
from search_app.desk.citations import FORMS, Form, Reference, gbt7714, news_article
from search_app.presentation import links
from search_app.presentation.html.article_html import Shown, article_html, is_too_large
from search_app.presentation.html.marking import Highlighter, paragraphs
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.template_filters import marked_name
from search_app.query.dates import zone_asked
from search_app.query.parameters import SearchParameters
from search_app.search.library import Library
from search_app.search.related import RelatedArticle, related_articles
from search_app.search.stories import StoryArticle, story_of
from search_app.views.keeping.marks import hidden_here, marks_of
from search_app.views.reading.neighbours import Neighbours, neighbours

blueprint = Blueprint("article", __name__)


LONGEST = 500_000
"""Characters of text that a page shows; the API has all of them."""

OTHERS = 8
"""Other articles of the story that the page names; the page of the story has all of them."""

VERSIONS = 10
"""Earlier versions that the page names; the page of changes leads to all of them."""


@dataclass(frozen=True, slots=True)
class Version:
    """An earlier version: its number, from 1, and until when it stood."""

    number: int
    replaced: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContext(Context):
    """``language`` is that of the text as shown: ``shown`` is the script that it was converted to, if any, and
    ``switch`` the one that it can be converted to. ``large`` tells that its markup is too large to be shown,
    ``cut`` how many characters of its text are shown if that is not all. ``furniture`` is what stood around it.
    ``versions`` are the latest of ``version_count`` earlier ones. ``others`` are the other articles of its
    story. ``marks`` are those of whoever asks. ``reference`` is what is cited, ``citation`` how in one line,
    ``forms`` in which others; ``structured`` says it to machines."""

    article: Article
    marks: ArticleMarks
    reference: Reference
    citation: str
    forms: Mapping[str, Form]
    structured: dict[str, Any]
    title: Markup
    body: Markup
    authors: tuple[str, ...]
    furniture: Markup
    language: str
    shown: Script | None
    switch: Script | None
    switch_url: str
    large: bool
    cut: int | None
    versions: list[Version]
    version_count: int
    others: list[StoryArticle]
    related: list[RelatedArticle]
    neighbours: Neighbours | None
    is_source_hidden: bool


@blueprint.get("/article/<article_id>")
def page(article_id: str) -> Response | str:
    """One article. The parameters of the search that it was found by mark what was searched and lead to its neighbours;
    ``script`` shows the other script. It is shown whatever they are, and while there is no index."""
    library = current_library()
    found = library.articles.get([article_id])
    if not found:
        raise_absent(article_id)
    article = found[0]
    try:
        parameters = SearchParameters.parse(given())
    except QueryError:
        parameters = SearchParameters()
    highlight = _highlighter(library, parameters)
    switch = other_script(article.language)
    shown = switch if request.args.get("script") == switch else None
    spell: Callable[[str], str] = partial(convert, script=shown) if shown else str
    here = url_for("article.page", article_id=article.id)
    related = _related(library, article)
    story = story_of(library.archive, article.id)
    hidden = hidden_here()
    times = library.archive.revision_times(article.id)
    zone = parameters.zone or library.zone
    reference = Reference.of(article, zone_asked(zone))
    switched = [*parameters.pairs(), *([] if shown or not switch else [("script", switch)])]
    return render(
        "article.html",
        ArticleContext(
            parameters=parameters,
            carried=[],
            zone=zone,
            article=article,
            marks=marks_of([article.id]).get(article.id, ArticleMarks()),
            reference=reference,
            citation=gbt7714(reference),
            forms=FORMS,
            structured=news_article(reference),
            title=Markup(spell(marked_name(article.title, highlight(article.title)))),
            body=_body(article, highlight, spell),
            authors=bylines.parted(article.author)[: bylines.MOST],
            furniture=paragraphs(article.furniture[:LONGEST], spell=spell),
            language=f"zh-{shown}" if shown else article.language,
            shown=shown,
            switch=switch,
            switch_url=links.with_query(here, switched),
            large=is_too_large(article.html),
            cut=LONGEST if len(article.text) > LONGEST else None,
            versions=[Version(len(times) - i, replaced) for i, replaced in enumerate(times[:VERSIONS])],
            version_count=len(times),
            others=[each for each in story.articles if each.id != article.id][:OTHERS] if story else [],
            related=[each for each in related if not hidden.holds(each.id, each.source)],
            is_source_hidden=article.source in hidden.sources,
            neighbours=neighbours(library, parameters, article.id),
        ),
    )


def _highlighter(library: Library, parameters: SearchParameters) -> Highlighter:
    try:
        # Only words are marked here: an address that was passed on may ask for marks that are not this reader's.
        return library.highlighter(library.ask(replace(parameters, cursor=""), keeper() or OWNER))
    except (QueryError, IndexFailure):
        return lambda text: ()


def _related(library: Library, article: Article) -> list[RelatedArticle]:
    try:
        return related_articles(library, article, own_story=False)
    except IndexFailure:
        return []


def _body(article: Article, highlight: Highlighter, spell: Callable[[str], str]) -> Markup:
    """The markup of the article, or its text where the markup is too large, an excerpt or a frame around it."""
    shown = Shown(article.text[:LONGEST], article.captions[:LONGEST], article.furniture[:LONGEST])
    if article.html and not is_too_large(article.html):
        body = article_html(article.html, article.url, _("Picture"), highlight, spell, shown)
        if body.length * 2 >= len(shown.text):
            return body.markup
    return paragraphs("\n".join(filter(None, (shown.text, shown.captions))), highlight, spell)
