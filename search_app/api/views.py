"""Searches, articles, stories, timelines, words and marks: the pages' answers as JSON."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.exceptions import Unauthorized

from indexer.archive import ArticleMarks
from indexer.archive.readers.marks import KINDS
from indexer.article import Article
from search_app.access.absence import raise_absent
from search_app.access.permission import keeper
from search_app.api.endpoints import Endpoints
from search_app.api.export import EXPORTS, stream_hits
from search_app.desk.citations import FORMS, Reference
from search_app.desk.marks import hide_source, read_marks
from search_app.presentation.html.article_html import article_html
from search_app.presentation.page import current_library
from search_app.query.dates import zone_asked
from search_app.query.parameters import (
    FILTER_PARAMETERS,
    MAX_LIMIT,
    SEARCH_PARAMETERS,
    Given,
    Parameter,
    SearchParameters,
)
from search_app.query.words.completion import Suggestion
from search_app.search.aggregations.contrast import AGAINST, Contrast, contrast
from search_app.search.aggregations.significant_terms import Term, significant_terms
from search_app.search.coverage import COVERAGE_PARAMETERS, Comparison, Coverage, coverage
from search_app.search.related import CANDIDATES, LIMIT, RelatedArticle, related_articles
from search_app.search.results import Results, described
from search_app.search.stories import Story, StoryArticle, story_of

endpoint = Endpoints()

_NO_ARTICLE = "No article has this id."
_TEXT = next(parameter for parameter in SEARCH_PARAMETERS if parameter.name == "q")
FORMAT = Parameter(
    "format",
    "csv and jsonl stream all of it, however much there is.",
    EXPORTS[0],
    "choice",
    EXPORTS[0],
    choices=EXPORTS,
)
_CITED_AS = Parameter(
    "format", "json has all forms; the others are files.", "bibtex", "choice", "json", choices=("json", *FORMS)
)
_ZONE = next(parameter for parameter in SEARCH_PARAMETERS if parameter.name == "tz")
_KIND = Parameter("kind", "One kind of mark.", "starred", "choice", "", choices=KINDS)
_TAG = Parameter("tag", "One tag.", "疫苗")
_SOURCE = Parameter("source", "The publisher.", "联合早报")
_PAGE = Parameter("page", "Which page, from 1.", "2", "number", 1, most=100_000)
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
class CitationAnswer:
    """An article as it is cited, in each form."""

    gbt7714: str = field(metadata=described("GB/T 7714-2015."))
    bibtex: str
    ris: str
    markdown: str


@dataclass(frozen=True, slots=True)
class MarkedAnswer:
    """An article and what a reader marked of it; without title and address when it is gone from the archive."""

    id: str
    url: str
    title: str
    source: str
    published: datetime | None
    starred: bool
    later: bool
    note: str
    tags: tuple[str, ...]
    hidden: bool
    muted: bool


@dataclass(frozen=True, slots=True)
class MarkList:
    """Marked articles."""

    marks: Sequence[MarkedAnswer]
    next: int | None = field(metadata=described("The next page, null on the last one."))


@dataclass(frozen=True, slots=True)
class HiddenSources:
    """Publishers whose articles a reader does not see."""

    sources: Sequence[str]


@dataclass(frozen=True, slots=True)
class RelatedAnswer:
    """Articles like one article."""

    articles: Sequence[RelatedArticle]


@dataclass(frozen=True, slots=True)
class TermsAnswer:
    """Words that stand out in articles."""

    total: int = field(metadata=described("Articles that match."))
    terms: Sequence[Term] = field(metadata=described("Against the rest of the archive, surest first."))
    contrast: Contrast | None = field(metadata=described("Against those of `against`; null without."))


@dataclass(frozen=True, slots=True)
class SuggestAnswer:
    """Completions of what was typed."""

    suggestions: Sequence[Suggestion]


@endpoint("/search", Results, (*SEARCH_PARAMETERS, FORMAT), streams=("text/csv", "application/jsonl"))
def search(asked: Given) -> Results | Response:
    """Search articles

    One page of hits, facets and a timeline. `format=csv` and `format=jsonl` stream every hit instead.
    """
    parameters, form = SearchParameters.parse(asked), FORMAT.value(asked)
    library = current_library()
    if form != "json":
        return stream_hits(library, parameters, form, keeper())
    return library.search(library.ask(parameters, keeper()))


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


@endpoint(
    "/articles/<article_id>/citation",
    CitationAnswer,
    (_CITED_AS, _ZONE),
    missing=_NO_ARTICLE,
    streams=tuple(form.media for form in FORMS.values()),
)
def citation(asked: Given, article_id: str) -> CitationAnswer | Response:
    """How an article is cited

    Days are those of `tz`; the day of access is the one on which this archive read the article.
    """
    name, library = _CITED_AS.value(asked), current_library()
    reference = Reference.of(_article(article_id), zone_asked(_ZONE.value(asked) or library.zone))
    if name == "json":
        return CitationAnswer(**{each: form.write(reference) for each, form in FORMS.items()})
    form = FORMS[name]
    response = Response(form.write(reference), content_type=f"{form.media}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="xunwen-{reference.id}.{form.suffix}"'
    return response


@endpoint("/stories/<article_id>", Story, (), missing=_NO_ARTICLE)
def story(asked: Given, article_id: str) -> Story:
    """One story, under the id of any of its articles

    Its articles in the order of their times: the first, copies of that, and other reports of the same event.
    """
    found = story_of(current_library().archive, article_id)
    if found is None:
        raise_absent(article_id)
    return found


def _article(article_id: str) -> Article:
    found = current_library().articles.get([article_id])
    if not found:
        raise_absent(article_id)
    return found[0]


@endpoint("/related/<article_id>", RelatedAnswer, (_RELATED,), missing=_NO_ARTICLE)
def related(asked: Given, article_id: str) -> RelatedAnswer:
    """Articles like this one, those of the same story first"""
    limit = _RELATED.value(asked)
    return RelatedAnswer(related_articles(current_library(), _article(article_id), limit))


@endpoint("/timeline", Coverage, COVERAGE_PARAMETERS)
def timeline(asked: Given) -> Coverage:
    """Coverage over time of one to six questions, counted and as a share of all articles"""
    return coverage(current_library(), Comparison.parse(asked), keeper())


@endpoint("/terms", TermsAnswer, (_TEXT, *FILTER_PARAMETERS, AGAINST, _TERMS))
def terms(asked: Given) -> TermsAnswer:
    """The words that stand out in what matches, against the rest of the archive

    With `against` also those that part it from what another question matches, counted by stories.
    """
    limit, other, library = _TERMS.value(asked), AGAINST.value(asked), current_library()
    # The other parameters are those of a search; limit counts words here.
    parameters = SearchParameters.parse({name: each for name, each in asked.items() if name != "limit"})
    match = library.ask(parameters, keeper()).match
    found = significant_terms(library, match, limit)
    if not other.strip():
        return TermsAnswer(found.total, found.terms, None)
    against = library.ask(replace(parameters, text=other), keeper()).match
    return TermsAnswer(found.total, found.terms, contrast(library, match, against, limit))


@endpoint("/suggest", SuggestAnswer, (_TYPED,))
def suggest(asked: Given) -> SuggestAnswer:
    """Completions of what was typed so far, most frequent first"""
    return SuggestAnswer(current_library().suggest(_TYPED.value(asked)))


@endpoint("/marks", MarkList, (_KIND, _TAG, _PAGE), own=True)
def marks(asked: Given) -> MarkList:
    """What the key's reader marked, the latest mark first

    100 articles a page.
    """
    reader, number, archive = _keeper(), _PAGE.value(asked), current_library().archive
    kind, tag = _KIND.value(asked) or None, _TAG.value(asked)
    ids = archive.marks.ids(reader, kind=kind, tag=tag, skip=(number - 1) * MAX_LIMIT, limit=MAX_LIMIT + 1)
    marked = archive.marks.of(reader, ids[:MAX_LIMIT])
    there = {each.id: each for each in archive.get(marked, html=False, text=False)}
    rows = [_marked(id, there.get(id), marked[id]) for id in ids[:MAX_LIMIT] if id in marked]
    return MarkList(rows, number + 1 if len(ids) > MAX_LIMIT else None)


@endpoint("/marks/<article_id>", MarkedAnswer, (), missing=_NO_ARTICLE, method="PUT", body=ArticleMarks, own=True)
def put_marks(asked: Given, article_id: str) -> MarkedAnswer:
    """Let exactly these be the marks of an article

    What is left out is not marked.
    """
    reader, found = _keeper(), _article(article_id)
    wanted = read_marks(request.get_json(silent=True))
    current_library().archive.marks.replace(reader, found.id, wanted)
    return _marked(found.id, found, wanted)


@endpoint("/marks/<article_id>", MarkedAnswer, (), missing=_NO_ARTICLE, method="DELETE", own=True)
def delete_marks(asked: Given, article_id: str) -> MarkedAnswer:
    """Take all marks from an article, which may be gone from the archive"""
    reader, archive = _keeper(), current_library().archive
    found = archive.get([article_id], html=False, text=False)
    if not found and not archive.marks.of(reader, [article_id]):
        raise_absent(article_id)
    archive.marks.replace(reader, article_id, ArticleMarks())
    return _marked(article_id, found[0] if found else None, ArticleMarks())


@endpoint("/hidden-sources", HiddenSources, (), own=True)
def hidden_sources(asked: Given) -> HiddenSources:
    """The publishers that the key's reader hid, the latest first"""
    return HiddenSources(current_library().archive.marks.hidden(_keeper()).sources)


@endpoint("/hidden-sources", HiddenSources, (_SOURCE,), method="POST", own=True)
def hide_sources(asked: Given) -> HiddenSources:
    """Hide a publisher"""
    hide_source(current_library().archive, _keeper(), _SOURCE.value(asked))
    return hidden_sources(asked)


@endpoint("/hidden-sources", HiddenSources, (_SOURCE,), method="DELETE", own=True)
def show_sources(asked: Given) -> HiddenSources:
    """Show a publisher again"""
    current_library().archive.marks.show_source(_keeper(), _SOURCE.value(asked))
    return hidden_sources(asked)


def _marked(id: str, article: Article | None, marks: ArticleMarks) -> MarkedAnswer:
    known = article or Article(url="", title="", text="")
    return MarkedAnswer(id, known.url, known.title, known.source, known.published, **asdict(marks))


def _keeper() -> str:
    reader = keeper()
    if reader is None:
        raise Unauthorized
    return reader
