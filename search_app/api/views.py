"""The API under ``/api/v1``: the pages' answers as JSON, described by ``/openapi.json``.

Values are read by the same tables as for the pages, so that both answer and refuse alike. Parameters that an address
doesn't know are refused: a program that misspells one must not get all articles for an answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from indexer.article import Article
from indexer.errors import QueryError
from search_app.access.permission import TOKEN
from search_app.api.export import EXPORTS, stream
from search_app.api.openapi import Endpoint, document
from search_app.presentation.article_html import article_html
from search_app.presentation.json_encoding import encode
from search_app.presentation.page import current_library, given
from search_app.query.completion import Suggestion
from search_app.query.parameters import FILTER_PARAMETERS, SEARCH_PARAMETERS, Given, Parameter, SearchParameters
from search_app.search.coverage import COVERAGE_PARAMETERS, Comparison, Coverage, coverage
from search_app.search.related import CANDIDATES, LIMIT, RelatedArticle, related_articles
from search_app.search.results import Results, described
from search_app.search.significant_terms import SignificantTerms, significant_terms
from search_app.search.stories import Story, StoryArticle, story_of

blueprint = Blueprint("api", __name__)

PREFIX = "/api/v1"
ENDPOINTS: list[Endpoint] = []

_NO_ARTICLE = "No article has this id."
_TEXT = next(parameter for parameter in SEARCH_PARAMETERS if parameter.name == "q")
_FORMAT = Parameter(
    "format", "csv and jsonl stream all hits, however many match.", EXPORTS[0], "choice", EXPORTS[0], choices=EXPORTS
)
_TERMS = Parameter("limit", "How many words.", "20", "number", 20, most=100)
_RELATED = Parameter("limit", "How many articles.", str(LIMIT), "number", LIMIT, most=CANDIDATES)
_TYPED = Parameter("q", "What was typed so far: characters, pinyin, initials or a mixture.", "telangpu", "query")


@dataclass(frozen=True, slots=True)
class ArticleAnswer:
    """An article with its parts and its markup."""

    id: str
    url: str
    title: str
    text: str = field(metadata=described("The body alone."))
    captions: str = field(metadata=described("Those of its pictures, one a line."))
    furniture: str = field(metadata=described("Credits, datelines, notes and lists around it, a piece a line."))
    html: str = field(metadata=described("Sanitised; empty when it is too large for that."))
    source: str
    author: str
    language: str
    published: datetime | None
    discovered: datetime | None
    revisions: int = field(metadata=described("How many earlier versions are kept."))
    story: str = field(metadata=described("The id of the article that its story began with."))
    copies: Sequence[StoryArticle] = field(metadata=described("The other articles of its story."))


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """Articles like one article."""

    articles: Sequence[RelatedArticle]


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    """Completions of what was typed."""

    suggestions: Sequence[Suggestion]


def endpoint(
    path: str,
    answer: type,
    parameters: tuple[Parameter, ...],
    *,
    missing: str = "",
    streams: tuple[str, ...] = (),
    method: str = "GET",
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register and describe a view, which returns an instance of ``answer`` or a response; see ``Endpoint``."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        description = "\n".join(line.strip() for line in (view.__doc__ or "").splitlines())
        ENDPOINTS.append(Endpoint(path, view.__name__, answer, parameters, description, missing, streams, method))

        def checked(**values: str) -> ResponseReturnValue:
            asked = given() if method == "GET" else sent()
            check(asked, parameters)
            answered = view(asked, **values)
            return answered if isinstance(answered, Response) else jsonify(encode(answered, _))

        blueprint.add_url_rule(PREFIX + path, view.__name__, checked, methods=[method])
        return view

    return decorate


def sent() -> Given:
    """What stands in the body, as forms send it, without the token of a form."""
    return {name: values for name, values in request.form.lists() if name != TOKEN}


def check(asked: Given, parameters: tuple[Parameter, ...]) -> None:
    """Raises ``QueryError`` for parameters that are not known, repeated or empty where they may not be."""
    known = {parameter.name: parameter for parameter in parameters}
    for name, values in asked.items():
        if name not in known:
            raise QueryError("unknown_parameter", field=name[:40], given=name, allowed=sorted(known))
        if len(values) > 1 and known[name].kind != "values":
            raise QueryError("too_many_values", field=name, allowed=("1",))
        if known[name].kind == "number" and not values[0]:
            raise QueryError("bad_number", field=name, allowed=(f"1–{known[name].most}",))


@endpoint("/search", Results, (*SEARCH_PARAMETERS, _FORMAT), streams=("text/csv", "application/jsonl"))
def search(asked: Given) -> Results | Response:
    """Search articles

    One page of hits, facets and a timeline. `format=csv` and `format=jsonl` stream every hit instead.
    """
    parameters, form = SearchParameters.parse(asked), _FORMAT.value(asked)
    library = current_library()
    if form != "json":
        return stream(library, parameters, form)
    return library.search(library.ask(parameters))


@endpoint("/articles/<article_id>", ArticleAnswer, (), missing=_NO_ARTICLE)
def article(asked: Given, article_id: str) -> ArticleAnswer:
    """One article, with its text and its sanitised markup"""
    found, archive = _article(article_id), current_library().archive
    story = story_of(archive, found.id)
    return ArticleAnswer(
        id=found.id,
        url=found.url,
        title=found.title,
        text=found.text,
        captions=found.captions,
        furniture=found.furniture,
        html=str(article_html(found.html, found.url, _("Picture")).markup),
        source=found.source,
        author=found.author,
        language=found.language,
        published=found.published,
        discovered=found.discovered,
        revisions=len(archive.revision_times(found.id)),
        story=story.id if story else found.id,
        copies=[each for each in story.articles if each.id != found.id] if story else [],
    )


@endpoint("/stories/<article_id>", Story, (), missing=_NO_ARTICLE)
def story(asked: Given, article_id: str) -> Story:
    """One story, under the id of any of its articles

    Its articles in the order of their times: the first, copies of that, and other reports of the same event.
    """
    found = story_of(current_library().archive, article_id)
    if found is None:
        raise NotFound(_NO_ARTICLE)
    return found


def _article(article_id: str) -> Article:
    found = current_library().articles.get([article_id])
    if not found:
        raise NotFound(_NO_ARTICLE)
    return found[0]


@endpoint("/related/<article_id>", RelatedAnswer, (_RELATED,), missing=_NO_ARTICLE)
def related(asked: Given, article_id: str) -> RelatedAnswer:
    """Articles like this one, those of the same story first"""
    limit = _RELATED.value(asked)
    return RelatedAnswer(related_articles(current_library(), _article(article_id), limit))


@endpoint("/timeline", Coverage, COVERAGE_PARAMETERS)
def timeline(asked: Given) -> Coverage:
    """Coverage over time of one to six questions, counted and as a share of all articles"""
    return coverage(current_library(), Comparison.parse(asked))


@endpoint("/terms", SignificantTerms, (_TEXT, *FILTER_PARAMETERS, _TERMS))
def terms(asked: Given) -> SignificantTerms:
    """The words that stand out in what matches, against the rest of the archive"""
    limit, library = _TERMS.value(asked), current_library()
    # The other parameters are those of a search; limit counts words here.
    question = library.ask(SearchParameters.parse({name: each for name, each in asked.items() if name != "limit"}))
    return significant_terms(library, question.match, limit)


@endpoint("/suggest", SuggestAnswer, (_TYPED,))
def suggest(asked: Given) -> SuggestAnswer:
    """Completions of what was typed so far, most frequent first"""
    return SuggestAnswer(current_library().suggest(_TYPED.value(asked)))


@cache
def _document() -> dict[str, Any]:
    return document(ENDPOINTS, PREFIX)


@blueprint.get("/openapi.json")
def openapi() -> Response:
    return jsonify(_document())
