"""The API under ``/api/v1``: the pages' answers as JSON, described by ``/openapi.json``.

flask-smorest (marshmallow, webargs, apispec: all kept by the marshmallow team, pure Python) writes the description from
these views. Values are read by the same functions as for the pages, so that both answer and refuse alike.
"""

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

from flask import Flask, request
from flask_babel import gettext as _
from flask_smorest import Api, Blueprint
from marshmallow import Schema
from marshmallow.fields import Integer, List
from werkzeug.exceptions import NotFound

from indexer.errors import QueryError
from search_app.api import schemas
from search_app.api.export import stream
from search_app.presentation.article_html import article_html
from search_app.query.parameters import Question
from search_app.search import related, significant_terms
from search_app.search.library import current_service
from search_app.search.results import timestamp
from search_app.views import timeline as timelines

api: Any = Blueprint("api", __name__, url_prefix="/api/v1")

P = ParamSpec("P")
R = TypeVar("R")

_PROBLEMS = {400: "The question cannot be answered as asked.", 503: "The index or the archive is away."}
_NO_ARTICLE = "No article has this id."


class _DocumentedApi(Api):
    """Describes; errors are answered by ``search_app.presentation.errors`` like everywhere else."""

    ERROR_SCHEMA = schemas.ProblemSchema

    def _register_error_handlers(self) -> None:
        pass


def endpoint(
    path: str, answer: type[Schema], parameters: type[Schema], missing: str = "", streams: Iterable[str] = ()
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Register and describe a view: what it is asked, what it answers, what a 404 means if it has one, and the
    media types of what it answers instead of JSON.

    Parameters that it doesn't know are refused: a program that misspells one must not get all articles for an answer.
    """
    known = {field.data_key or name: field for name, field in parameters().fields.items()}

    def decorate(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            for name, values in request.args.lists():
                if name not in known:
                    raise QueryError(
                        "unknown_parameter",
                        f"没有这样的参数：“{name[:40]}”",
                        field=name[:40],
                        allowed=", ".join(sorted(known)) or None,
                    )
                if len(values) > 1 and not isinstance(known[name], List):
                    raise QueryError("too_many_values", f"{name} 只能有一个", field=name, allowed="1")
                if values == [""] and isinstance(known[name], Integer):
                    raise QueryError("bad_number", f"{name} 是空的", field=name, allowed="1, 2, 3 …")
            return view(*args, **kwargs)

        described: Any = api.doc(parameters=[{"in": "query", "schema": parameters}])(checked)
        for status, text in (_PROBLEMS | ({404: missing} if missing else {})).items():
            described = api.alt_response(status, schema=schemas.ProblemSchema, description=text)(described)
        described = api.response(200, answer)(described)
        texts = {media: {"schema": {"type": "string"}} for media in streams}
        described = api.doc(responses={200: {"content": texts}})(described) if texts else described
        return cast(Callable[P, R], api.get(path)(described))

    return decorate


def _number(name: str, default: int, highest: int) -> int:
    value = request.args.get(name, "").strip()
    if not value:
        return default
    if not value.isascii() or not value.isdigit() or len(value) > 6 or not 1 <= int(value) <= highest:
        raise QueryError("bad_number", f"{name} 不能是“{value[:40]}”", field=name, allowed=f"1–{highest}")
    return int(value)


@endpoint("/search", schemas.SearchSchema, schemas.SearchParameters, streams=("text/csv", "application/jsonl"))
def search() -> Any:
    """Search articles

    One page of hits, facets and a timeline. `format=csv` and `format=jsonl` stream every hit instead.
    """
    question = Question.parse(request.args)
    form = request.args.get("format") or "json"
    if form not in schemas.EXPORTS:
        raise QueryError(
            "bad_choice", f"format 不能是“{form[:40]}”", field="format", allowed=", ".join(schemas.EXPORTS)
        )
    if form != "json":
        return stream(current_service(), question, form)
    return current_service().search(question).to_json()


@endpoint("/articles/<article_id>", schemas.ArticleSchema, schemas.NoParameters, _NO_ARTICLE)
def article(article_id: str) -> Any:
    """One article, with its text and its sanitised markup"""
    item = _article(article_id)
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "text": item.text,
        "html": str(article_html(item.html, item.url, _("Picture"))),
        "source": item.source,
        "author": item.author,
        "language": item.language,
        "published": timestamp(item.published) if item.published else None,
        "discovered": timestamp(item.discovered) if item.discovered else None,
        "revisions": len(current_service().archive.revisions(item.id)),
    }


def _article(article_id: str) -> Any:
    found = current_service().archive.get([article_id])
    if not found:
        raise NotFound(_NO_ARTICLE)
    return found[0]


@endpoint("/related/<article_id>", schemas.RelatedSchema, schemas.RelatedParameters, _NO_ARTICLE)
def related_articles(article_id: str) -> Any:
    """Articles like this one, copies of the same story first"""
    limit = _number("limit", related.LIMIT, related.CANDIDATES)
    return {
        "articles": [
            {
                "id": each.article.id,
                "url": each.article.url,
                "title": each.article.title,
                "source": each.article.source,
                "published": timestamp(each.article.published) if each.article.published else None,
                "score": round(each.score, 6),
                "same_story": each.same_story,
                "overlap": round(each.overlap, 3),
            }
            for each in related.neighbours(current_service(), _article(article_id), limit)
        ]
    }


@endpoint("/timeline", schemas.TimelineSchema, schemas.TimelineParameters)
def timeline() -> Any:
    """Coverage over time of one to six questions, counted and as a share of all articles"""
    found = timelines.coverage(current_service(), timelines.Comparison.parse(request.args))
    return {
        "by": found.by,
        "zone": found.zone,
        "series": [
            {
                "query": series.label,
                "total": series.total,
                "points": [
                    {
                        "first": point.first.isoformat(),
                        "last": point.last.isoformat(),
                        "count": point.count,
                        "share": round(point.share, 6),
                    }
                    for point in series.points
                ],
            }
            for series in found.series
        ],
    }


@endpoint("/terms", schemas.TermsSchema, schemas.TermsParameters)
def terms() -> Any:
    """The words that stand out in what matches, against the rest of the archive"""
    limit = _number("limit", 20, 100)
    # The other parameters are those of a search; limit counts words here.
    question = Question.parse(request.args)
    total, found = significant_terms.standing_out(current_service(), question, limit)
    return {
        "total": total,
        "terms": [{"text": term.text, "count": term.count, "other": term.other, "score": term.score} for term in found],
    }


@endpoint("/suggest", schemas.SuggestSchema, schemas.SuggestParameters)
def suggest() -> Any:
    """Completions of what was typed so far, most frequent first"""
    return {
        "suggestions": [
            {"text": each.text, "count": each.count} for each in current_service().suggest(request.args.get("q", ""))
        ]
    }


def add_api(app: Flask) -> None:
    """Register the API and its description at ``/openapi.json``."""
    app.config |= {
        "API_TITLE": "Xunwen",
        "API_VERSION": "v1",
        "OPENAPI_VERSION": "3.1.0",
        "OPENAPI_URL_PREFIX": "/",
        "OPENAPI_JSON_PATH": "openapi.json",
        "API_SPEC_OPTIONS": {
            "info": {
                "description": "Full-text search for an archive of Chinese news.",
                "license": {"name": "MIT", "identifier": "MIT"},
            },
        },
    }
    _DocumentedApi(app).register_blueprint(api)
