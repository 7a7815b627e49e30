"""``/terms``: the words that set what was asked apart from another question, or from the rest of the archive.

``/terms.csv`` are its figures.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from indexer.engine.query import Not
from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import FilterChip, Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.presentation.spreadsheet import MARK, cell
from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.contrast import AGAINST, Contrast, MarkingTerm, contrast
from search_app.search.asked import Asked

blueprint = Blueprint("terms", __name__)

_SHOWN, _LOOKED_AT = 30, 40
"""Words of each side; some of those looked at are what was asked, which need not be told."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: ``against`` is another question within the same filters; empty for all other articles."""

    parameters: SearchParameters
    against: str

    def pairs(self) -> list[tuple[str, str]]:
        pairs = self.parameters.pairs(cursor="")
        return [*pairs, (AGAINST.name, self.against)] if self.against else pairs


@dataclass(frozen=True, slots=True)
class Row:
    """A word with the share of the stories that hold it, here and there, in per cent; ``url`` finds those here."""

    term: MarkingTerm
    url: str
    share: float
    other_share: float


@dataclass(frozen=True, slots=True)
class Side:
    """What marks one of the two; ``text`` is empty where it is all other articles."""

    text: str
    stories: int
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class FoundTerms:
    """What the page shows of the answer."""

    contrast: Contrast
    sides: list[Side]
    swapped_url: str | None
    common_url: str
    chips: list[FilterChip]
    search_url: str
    timeline_url: str
    csv_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsContext(Context):
    """The page; ``found`` is ``None`` when nothing was asked, or something wrong, as ``problem`` tells."""

    against: str
    date_links: list[Link]
    found: FoundTerms | None = None
    problem: Problem | None = None


@blueprint.get("/terms")
def page() -> ResponseReturnValue:
    """Both sides as tables."""
    try:
        question = _asked()
        found = _found(question) if question.parameters.text or question.against else None
    except QueryError as error:
        return _wrong(error)
    return render("terms.html", _context(question, found))


@blueprint.get("/terms.csv")
def figures() -> ResponseReturnValue:
    """Both sides, a line a word: the side's question, the word, and what ``MarkingTerm`` tells. Cells as in exports."""
    try:
        question = _asked()
        found = _contrast(question)[0]
    except QueryError as error:
        return _wrong(error)
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("question", "word", "stories", "of", "other_stories", "other_of", "effect", "score"))
    for side, terms, of, other_of in (
        (question.parameters.text, found.terms, found.stories, found.other),
        (question.against, found.other_terms, found.other, found.stories),
    ):
        for term in terms:
            figures = (term.stories, of, term.other, other_of, round(term.effect, 2), round(term.score, 3))
            writer.writerow((cell(side), cell(term.text), *figures))
    response = Response(MARK + text.getvalue(), content_type="text/csv; charset=utf-8; header=present")
    response.headers["Content-Disposition"] = 'attachment; filename="terms.csv"'
    return response


def _wrong(error: QueryError) -> ResponseReturnValue:
    question = Question(SearchParameters(text=request.args.get("q", "")), request.args.get(AGAINST.name, ""))
    return make_response(render("terms.html", _context(question, problem=problem_of(error))), 400)


def _asked() -> Question:
    asked = given()
    parameters = SearchParameters.parse({name: values for name, values in asked.items() if name != AGAINST.name})
    return Question(replace(parameters, cursor=""), AGAINST.value(asked).strip())


def _contrast(question: Question) -> tuple[Contrast, Asked]:
    """The answer without the words that were asked, and what was asked as it was understood."""
    library = current_library()
    asked = library.ask(question.parameters, keeper())
    if not question.against:
        found, other = contrast(library, asked.match, Not(asked.match), _LOOKED_AT), asked
    else:
        other = library.ask(replace(question.parameters, text=question.against), keeper())
        found = contrast(library, asked.match, other.match, _LOOKED_AT)
    highlighters = [library.highlighter(each) for each in (asked, other)]

    def news(terms: Sequence[MarkingTerm]) -> Sequence[MarkingTerm]:
        return [
            term for term in terms if not any(tuple(each(term.text)) == ((0, len(term.text)),) for each in highlighters)
        ]

    return replace(found, terms=news(found.terms)[:_SHOWN], other_terms=news(found.other_terms)[:_SHOWN]), asked


def _found(question: Question) -> FoundTerms:
    found, asked = _contrast(question)
    parameters, against = question.parameters, question.against
    other = replace(parameters, text=against)
    search = url_for("search.page")
    both = replace(parameters, text=f"({parameters.text}) ({against})")
    return FoundTerms(
        contrast=found,
        sides=[
            Side(parameters.text, found.stories, _rows(parameters, found.terms, found.stories, found.other)),
            Side(against, found.other, _rows(other, found.other_terms, found.other, found.stories)),
        ],
        swapped_url=_address(Question(other, parameters.text)) if against and parameters.text else None,
        common_url=links.address(search, both) if against else "",
        chips=[
            replace(chip, url=_carrying(question, chip.url)) if chip.url else chip
            for chip in links.filter_chips(url_for("terms.page"), parameters, asked.interpretation.active_filters)
        ],
        search_url=links.address(search, parameters),
        timeline_url=links.with_query(
            url_for("timeline.page"), [*parameters.pairs(), *([("q", against)] if against else [])]
        ),
        csv_url=links.with_query(url_for("terms.figures"), question.pairs()),
    )


def _rows(parameters: SearchParameters, terms: Iterable[MarkingTerm], size: int, rest: int) -> list[Row]:
    def found(word: str) -> str:
        text = f'{_closed(parameters.text)} "{word}"'.strip()
        return links.address(url_for("search.page"), replace(parameters, text=text))

    return [
        Row(term, found(term.text), 100 * term.stories / size, 100 * term.other / rest if rest else 0.0)
        for term in terms
    ]


def _closed(text: str) -> str:
    """A question to which a word is added: an OR must not reach over it."""
    return f"({text})" if " " in text else text


def _context(question: Question, found: FoundTerms | None = None, problem: Problem | None = None) -> TermsContext:
    parameters = question.parameters
    return TermsContext(
        parameters=parameters,
        carried=[pair for pair in question.pairs() if pair[0] not in ("q", AGAINST.name)],
        zone=current_library().zone,
        against=question.against,
        date_links=[
            Link(
                label,
                _address(Question(replace(parameters, from_=from_, to=to), question.against)),
                (parameters.from_, parameters.to) == (from_, to),
            )
            for label, from_, to in links.DATE_SHORTCUTS
        ],
        found=found,
        problem=problem,
    )


def _address(question: Question) -> str:
    return links.with_query(url_for("terms.page"), question.pairs())


def _carrying(question: Question, url: str) -> str:
    """An address made of parameters of a search, with the other question."""
    if not question.against:
        return url
    return url + ("&" if "?" in url else "?") + links.with_query("", [(AGAINST.name, question.against)]).lstrip("?")
