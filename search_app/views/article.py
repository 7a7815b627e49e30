"""``/article/<id>``: cleaned text with matches marked, where it comes from, what it said before, what else there is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, abort, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from indexer.article import Article
from indexer.errors import QueryError
from search_app.presentation import links
from search_app.presentation.article_html import article_html, paragraphs
from search_app.presentation.errors import answer
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.template_filters import marked_name
from search_app.presentation.text_diff import Paragraph, differences
from search_app.query.parameters import SearchParameters
from search_app.scripts import Script, convert, other_script
from search_app.search.related import RelatedArticle, related_articles
from search_app.search.results import Span

blueprint = Blueprint("article", __name__)


@dataclass(frozen=True, slots=True)
class Change:
    """What an article said until ``replaced``, compared with what it said next."""

    replaced: datetime
    title: Paragraph
    body: list[Paragraph]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleContext(Context):
    """``language`` is that of the text as shown: ``shown`` is the script that it was converted to, if any, and
    ``switch`` the one that it can be converted to. ``copies`` share most of their text with it."""

    article: Article
    title: Markup
    body: Markup
    language: str
    shown: Script | None
    switch: Script | None
    switch_url: str
    changes: list[Change]
    copies: list[RelatedArticle]
    related: list[RelatedArticle]
    back_url: str | None


@blueprint.get("/article/<article_id>")
def page(article_id: str) -> Response | str:
    """One article. ``q`` (and ``variants``) mark what was searched; ``script`` shows the other script."""
    library = current_library()
    found = library.archive.get([article_id])
    if not found:
        abort(404)
    article = found[0]
    try:
        parameters = SearchParameters.parse(given())
        highlight = library.highlighter(library.ask(parameters))
    except QueryError as error:
        return answer(error)
    switch = other_script(article.language)
    shown = switch if request.args.get("script") == switch else None
    spell: Callable[[str], str] = partial(convert, script=shown) if shown else str
    here = url_for("article.page", article_id=article.id)
    related = related_articles(library, article)
    switched = [*parameters.pairs(), *([] if shown or not switch else [("script", switch)])]
    return render(
        "article.html",
        ArticleContext(
            parameters=parameters,
            carried=[],
            zone=parameters.zone or library.zone,
            article=article,
            title=Markup(spell(marked_name(article.title, highlight(article.title)))),
            body=_body(article, highlight, spell),
            language=f"zh-{shown}" if shown else article.language,
            shown=shown,
            switch=switch,
            switch_url=links.with_query(here, switched),
            changes=_changes(article),
            copies=[each for each in related if each.same_story],
            related=[each for each in related if not each.same_story],
            back_url=links.address(url_for("search.page"), parameters) if parameters.text else None,
        ),
    )


def _body(article: Article, highlight: Callable[[str], Sequence[Span]], spell: Callable[[str], str]) -> Markup:
    """The markup of the article, or its text where the markup is an excerpt or a frame around it."""
    if article.html:
        body = article_html(article.html, article.url, _("Picture"), highlight, spell, article.text)
        if len(body.striptags()) * 2 >= len(article.text):
            return body
    return paragraphs(article.text, highlight, spell)


def _changes(article: Article) -> list[Change]:
    """Earlier versions, newest first, each with what the next one changed."""
    changes: list[Change] = []
    later = article
    for revision in current_library().archive.revisions(article.id):
        earlier = revision.article
        heading = differences(earlier.title, later.title)
        body = [each for each in differences(earlier.text, later.text) if each.changed]
        changes.append(Change(revision.replaced, heading[0] if heading else Paragraph(()), body))
        later = earlier
    return changes
