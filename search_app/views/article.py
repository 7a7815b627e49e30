"""The article page: cleaned text with matches marked, where it comes from, what it said before, what else there is."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from flask import Blueprint, Response, abort, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from indexer.article import Article
from indexer.errors import QueryError
from search_app.presentation import links, text_diff
from search_app.presentation.article_html import article_html, marked, paragraphs
from search_app.presentation.errors import answer
from search_app.query.parameters import Question
from search_app.scripts import Script, convert, other_script
from search_app.search import related
from search_app.search.library import current_service

reading = Blueprint("reading", __name__)


@dataclass(frozen=True, slots=True)
class Change:
    """What an article said until ``replaced``, compared with what it said next."""

    replaced: datetime
    title: text_diff.Paragraph
    body: list[text_diff.Paragraph]


@reading.get("/article/<article_id>")
def article(article_id: str) -> Response | str:
    """One article. ``q`` (and ``variants``) mark what was searched; ``script`` shows the other script."""
    service = current_service()
    found = service.archive.get([article_id])
    if not found:
        abort(404)
    item = found[0]
    try:
        question = Question.parse(request.args)
        highlight = service.highlighter(question)
    except QueryError as error:
        return answer(error)
    switch = other_script(item.language)
    shown = switch if request.args.get("script") == switch else None
    spell = partial(convert, script=shown) if shown else str
    title = Markup(spell(marked(item.title, highlight(item.title))))
    body = article_html(item.html, item.url, _("Picture"), highlight, spell, item.text) if item.html else Markup()
    # Markup that holds less than half of the text is an excerpt or a frame around it.
    if len(body.striptags()) * 2 < len(item.text):
        body = paragraphs(item.text, highlight, spell)
    neighbours = related.neighbours(service, item)
    here = url_for("reading.article", article_id=item.id)
    return render_template(
        "article.html",
        article=item,
        title=title,
        body=body,
        language=f"zh-{shown}" if shown else item.language,
        question=question,
        carried=[],
        zone=question.zone or service.zone,
        shown=shown,
        switch=switch,
        switch_url=links.address(here, question) if shown else _with_script(here, question, switch),
        changes=_changes(item),
        neighbours=neighbours,
        back_url=links.address(url_for("web.search"), question) if question.text else None,
    )


def _with_script(here: str, question: Question, script: Script | None) -> str:
    plain = links.address(here, question)
    return f"{plain}{'&' if '?' in plain else '?'}script={script}"


def _changes(item: Article) -> list[Change]:
    """Earlier versions, newest first, each with what the next one changed."""
    changes: list[Change] = []
    later = item
    for revision in current_service().archive.revisions(item.id):
        earlier = revision.article
        heading = text_diff.differences(earlier.title, later.title)
        body = [each for each in text_diff.differences(earlier.text, later.text) if each.changed]
        changes.append(Change(revision.replaced, heading[0] if heading else text_diff.Paragraph(()), body))
        later = earlier
    return changes
