"""The shapes of the API in marshmallow: what ``/openapi.json`` says and what the answers are written by."""

from typing import Any

from marshmallow import Schema, fields, validate

from search_app.presentation.chart import BYS, MEASURES
from search_app.query.parameters import DEFAULT_LIMIT, MAX_LIMIT, SORTS

EXPORTS = ("json", "csv", "jsonl")
_TIME = {"format": "date-time", "example": "2020-09-15T08:00:00Z"}
_SPAN = fields.List(fields.Integer(), validate=validate.Length(equal=2))


def _text(description: str, name: str | None = None, **extra: Any) -> fields.String:
    return fields.String(data_key=name, metadata={"description": description, **extra})


def _one_of(description: str, allowed: tuple[str, ...], default: str) -> fields.String:
    # Forms send empty values; they count as missing everywhere.
    return fields.String(
        validate=validate.OneOf((*allowed, "")),
        metadata={"description": description, "default": default, "example": default},
    )


# -- what is asked ----------------------------------------------------------------------------------------------------


class FilterParameters(Schema):
    """What every question can be restricted by."""

    first = _text("First day, inclusive: 2020-09-15, 2020-09, 今天, 7d …", "from", example="2020-09-01")
    last = _text("Last day, inclusive; forms as for `from`.", "to", example="2020-09-30")
    source = fields.List(_text("A publisher's name", example="联合早报"), metadata={"description": "Any of these."})
    lang = fields.List(_text("A BCP 47 tag", example="zh-Hans"), metadata={"description": "Any of these."})
    tz = _text("IANA zone of days; default is the configured one.", example="Asia/Shanghai")
    variants = _one_of("1 searches all spellings of names, 0 only the one that was typed.", ("1", "0"), "1")


class SearchParameters(FilterParameters):
    """The parameters of a search, the same for the page, the feeds and the API."""

    q = _text("The question, in the query language of /help.", example="疫苗")
    sort = _one_of("Order of the hits.", SORTS, SORTS[0])
    limit = fields.Integer(
        validate=validate.Range(1, MAX_LIMIT),
        metadata={"description": "Hits a page.", "default": DEFAULT_LIMIT, "example": DEFAULT_LIMIT},
    )
    cursor = _text("`next` of the page before.")
    recency = _text("Half-life of a boost for new articles: 12h, 30d, 4w.", example="30d")
    explain = _one_of("1 tells for each hit what each part of the ranking added.", ("0", "1"), "0")
    members = _text("Members of each hit, separated by commas.", "fields", example="id,title,url")
    format = _one_of("csv and jsonl stream all hits, however many match.", EXPORTS, "json")


class TimelineParameters(FilterParameters):
    """Several questions under the same restrictions."""

    q = fields.List(
        _text("A question", example="疫苗"), metadata={"description": "One to six questions, one series each."}
    )
    by = fields.String(
        validate=validate.OneOf((*BYS, "")),
        metadata={"description": "Width of a bin; default fits.", "example": "day"},
    )
    measure = _one_of("Accepted for symmetry with the page; answers hold both.", MEASURES, MEASURES[0])


class TermsParameters(FilterParameters):
    """A question and how many of its words."""

    q = _text("The question.", example="疫苗")
    limit = fields.Integer(
        validate=validate.Range(1, 100), metadata={"description": "How many words.", "default": 20, "example": 20}
    )


class NoParameters(Schema):
    pass


class SuggestParameters(Schema):
    q = _text("What was typed so far: characters, pinyin, initials or a mixture.", example="telangpu")


class RelatedParameters(Schema):
    limit = fields.Integer(
        validate=validate.Range(1, 24), metadata={"description": "How many articles.", "default": 8, "example": 8}
    )


# -- what is answered -------------------------------------------------------------------------------------------------


class ProblemDetail(Schema):
    code = fields.String(required=True, metadata={"description": "Stable, for programs.", "example": "bad_date"})
    message = fields.String(required=True, metadata={"description": "For people."})
    field = fields.String(required=True, allow_none=True, metadata={"description": "The parameter at fault."})
    allowed = fields.String(required=True, allow_none=True, metadata={"description": "What would be accepted."})


class ProblemSchema(Schema):
    """Every error of every address has this shape."""

    error = fields.Nested(ProblemDetail, required=True)


class NoteSchema(Schema):
    code = fields.String(required=True)
    text = fields.String(required=True)


class IncludedSchema(Schema):
    term = fields.String(required=True)
    spellings = fields.List(fields.String(), required=True)


class FilterSchema(Schema):
    field = fields.String(required=True)
    value = fields.String(required=True)
    excluded = fields.Boolean(required=True)


class UnderstoodSchema(Schema):
    """How the question was understood."""

    text = fields.String(required=True)
    notes = fields.List(fields.Nested(NoteSchema), required=True)
    variants = fields.List(fields.Nested(IncludedSchema), required=True)
    filters = fields.List(fields.Nested(FilterSchema), required=True)


class SnippetSchema(Schema):
    text = fields.String(required=True)
    highlights = fields.List(_SPAN, required=True, metadata={"description": "Half-open, in code points."})


class ScorePartSchema(Schema):
    feature = fields.String(required=True)
    score = fields.Float(required=True)


class HitSchema(Schema):
    """An article found; `fields=` leaves members out."""

    id = fields.String()
    url = fields.String()
    title = fields.String()
    source = fields.String()
    published = fields.String(allow_none=True, metadata=_TIME)
    discovered = fields.String(metadata=_TIME)
    score = fields.Float()
    title_highlights = fields.List(_SPAN)
    snippet = fields.Nested(SnippetSchema)
    explanation = fields.List(fields.Nested(ScorePartSchema))


class FacetValueSchema(Schema):
    value = fields.String(required=True)
    count = fields.Integer(required=True)


class FacetsSchema(Schema):
    source = fields.List(fields.Nested(FacetValueSchema))
    language = fields.List(fields.Nested(FacetValueSchema))


class DaySchema(Schema):
    date = fields.String(required=True, metadata={"format": "date"})
    count = fields.Integer(required=True)
    share = fields.Float(required=True, metadata={"description": "Of all articles of the day, 0 to 1."})


class SearchSchema(Schema):
    query = fields.Nested(UnderstoodSchema, required=True)
    total = fields.Integer(required=True)
    total_is_exact = fields.Boolean(required=True)
    took_ms = fields.Float(required=True)
    hits = fields.List(fields.Nested(HitSchema), required=True)
    facets = fields.Nested(FacetsSchema, required=True)
    timeline = fields.List(fields.Nested(DaySchema), required=True)
    next = fields.String(required=True, allow_none=True, metadata={"description": "`cursor` of the next page."})


class ArticleSchema(Schema):
    id = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    html = fields.String(required=True, metadata={"description": "Sanitised."})
    source = fields.String(required=True)
    author = fields.String(required=True)
    language = fields.String(required=True)
    published = fields.String(required=True, allow_none=True, metadata=_TIME)
    discovered = fields.String(required=True, metadata=_TIME)
    revisions = fields.Integer(required=True, metadata={"description": "How many earlier versions are kept."})


class NeighbourSchema(Schema):
    id = fields.String(required=True)
    url = fields.String(required=True)
    title = fields.String(required=True)
    source = fields.String(required=True)
    published = fields.String(required=True, allow_none=True, metadata=_TIME)
    score = fields.Float(required=True)
    same_story = fields.Boolean(required=True)
    overlap = fields.Float(required=True, metadata={"description": "Shared text of the shorter one, 0 to 1."})


class RelatedSchema(Schema):
    articles = fields.List(fields.Nested(NeighbourSchema), required=True)


class PointSchema(Schema):
    first = fields.String(required=True, metadata={"format": "date"})
    last = fields.String(required=True, metadata={"format": "date"})
    count = fields.Integer(required=True)
    share = fields.Float(required=True)


class SeriesSchema(Schema):
    query = fields.String(required=True)
    total = fields.Integer(required=True)
    points = fields.List(fields.Nested(PointSchema), required=True)


class TimelineSchema(Schema):
    by = fields.String(required=True, validate=validate.OneOf(BYS))
    zone = fields.String(required=True)
    series = fields.List(fields.Nested(SeriesSchema), required=True)


class TermSchema(Schema):
    text = fields.String(required=True)
    count = fields.Integer(required=True, metadata={"description": "Matching articles that hold it."})
    other = fields.Integer(required=True, metadata={"description": "Other articles that hold it."})
    score = fields.Float(required=True, metadata={"description": "Log-likelihood ratio."})


class TermsSchema(Schema):
    total = fields.Integer(required=True)
    terms = fields.List(fields.Nested(TermSchema), required=True)


class SuggestionSchema(Schema):
    text = fields.String(required=True)
    count = fields.Integer(required=True)


class SuggestSchema(Schema):
    suggestions = fields.List(fields.Nested(SuggestionSchema), required=True)
