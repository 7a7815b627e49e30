"""``/sentences``: sentences that hold what is asked, one below the other, aligned on it."""

from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from flask import Blueprint, make_response, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from indexer.errors import QueryError
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.links import FilterChip, Link
from search_app.presentation.page import Context, current_library, given, render
from search_app.query.parameters import SearchParameters
from search_app.search.results import Span
from search_app.search.sentences.finding import ORDERS, Sentence, SentenceQuestion, Sentences, sentences

blueprint = Blueprint("sentences", __name__)

EXPORTS = (("CSV", "csv"), ("JSON Lines", "jsonl"))

_FRAGMENT = 60
"""Characters of a sentence by which a browser finds it in its article."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, parted at the first place that matched, ``middle``; ``others`` are the slices of ``right`` that do.

    ``url`` leads to where it stands, ``speakers`` to what else those said who are quoted.
    """

    sentence: Sentence
    left: str
    middle: str
    right: str
    others: tuple[Span, ...]
    url: str
    speakers: list[Link]


@dataclass(frozen=True, slots=True)
class FoundSentences:
    """What the page shows of the answer."""

    answer: Sentences
    lines: list[Line]
    sort_links: list[Link]
    collapse_link: Link
    quoted_link: Link
    source_links: list[Link]
    chips: list[FilterChip]
    search_url: str
    first_url: str
    next_url: str | None
    exports: list[Link]


@dataclass(frozen=True, slots=True, kw_only=True)
class SentencesContext(Context):
    """The page; ``found`` is ``None`` when nothing was asked, or something wrong, as ``problem`` tells."""

    date_links: list[Link]
    is_first: bool
    found: FoundSentences | None = None
    problem: Problem | None = None
    visible_values: int = links.VISIBLE_VALUES


@blueprint.get("/sentences")
def page() -> ResponseReturnValue:
    """One page of sentences."""
    try:
        question = SentenceQuestion.parse(given())
        if question.is_nothing:
            return render("sentences.html", _context(question))
        answer = sentences(current_library(), question, keeper())
    except QueryError as error:
        wrong = SentenceQuestion(SearchParameters(text=request.args.get("q", "")))
        return make_response(render("sentences.html", _context(wrong, problem=problem_of(error))), 400)
    return render("sentences.html", _context(question, _found(question, answer)))


def _context(
    question: SentenceQuestion, found: FoundSentences | None = None, problem: Problem | None = None
) -> SentencesContext:
    parameters = question.parameters
    return SentencesContext(
        parameters=parameters,
        carried=[pair for pair in question.pairs() if pair[0] != "q"],
        zone=found.answer.zone if found else current_library().zone,
        date_links=[
            Link(label, _address(question, from_=from_, to=to), (parameters.from_, parameters.to) == (from_, to))
            for label, from_, to in links.DATE_SHORTCUTS
        ],
        is_first=not parameters.cursor and not question.skip,
        found=found,
        problem=problem,
    )


def _address(question: SentenceQuestion, **changes: object) -> str:
    """The page from its beginning, with members of its parameters changed."""
    changed = replace(question, parameters=replace(question.parameters, **changes))  # type: ignore[arg-type]
    return _own_address(changed)


def _own_address(question: SentenceQuestion) -> str:
    return links.with_query(url_for("sentences.page"), question.pairs())


def _carrying(question: SentenceQuestion, url: str) -> str:
    """An address made of parameters of a search, with what else is asked here."""
    pairs = [pair for pair in question.pairs() if pair not in question.parameters.pairs(cursor="")]
    return url + ("&" if "?" in url else "?") + urlencode(pairs) if pairs else url


def _found(question: SentenceQuestion, answer: Sentences) -> FoundSentences:
    path, parameters = url_for("sentences.page"), question.parameters
    asked = replace(parameters, sort="relevance", collapse="", cursor="")
    is_collapsed = parameters.is_collapsed
    export = links.with_query(url_for("api.list_sentences"), question.pairs())
    return FoundSentences(
        answer=answer,
        lines=[_line(question, each) for each in answer.sentences],
        sort_links=[
            Link(links.SORT_LABELS[sort], _address(question, sort=sort), parameters.sort == sort) for sort in ORDERS
        ],
        collapse_link=Link(
            _("Show every article") if is_collapsed else _("Show each story once"),
            _address(question, collapse="0" if is_collapsed else "1"),
        ),
        quoted_link=Link(
            _("Whole sentences") if question.quoted else _("Only quotations"),
            _own_address(replace(question, quoted=not question.quoted, speaker="")),
        ),
        source_links=[
            replace(each, url=_carrying(question, each.url))
            for each in links.facet_links(path, parameters, "source", answer.facets.get("source", ()))
        ],
        chips=[*_speaker_chip(question), *_filter_chips(question, answer)],
        search_url=links.address(url_for("search.page"), asked),
        first_url=_address(question),
        next_url=links.with_query(path, question.pairs(answer.next)) if answer.next else None,
        exports=[Link(name, f"{export}&format={form}") for name, form in EXPORTS],
    )


def _speaker_chip(question: SentenceQuestion) -> list[FilterChip]:
    if not question.speaker:
        return []
    return [FilterChip(_("Speaker"), question.speaker, url=_own_address(replace(question, speaker="", quoted=False)))]


def _filter_chips(question: SentenceQuestion, answer: Sentences) -> list[FilterChip]:
    chips = links.filter_chips(url_for("sentences.page"), question.parameters, answer.query.filters)
    return [replace(chip, url=_carrying(question, chip.url)) if chip.url else chip for chip in chips]


def _line(question: SentenceQuestion, sentence: Sentence) -> Line:
    asked = question.parameters
    text, spans = sentence.text, sentence.highlights
    start, end = spans[0] if spans else (0, 0)
    pairs = SearchParameters(text=asked.text, variants=asked.variants).pairs()
    article = links.with_query(url_for("article.page", article_id=sentence.id), pairs)
    return Line(
        sentence=sentence,
        left=text[:start],
        middle=text[start:end],
        right=text[end:],
        others=tuple((a - end, b - end) for a, b in spans[1:]),
        # A text fragment (wicg.github.io/scroll-to-text-fragment), which browsers without them ignore.
        speakers=[
            Link(name, _own_address(replace(question, speaker=name, quoted=True)))
            for name in dict.fromkeys(each.speaker for each in sentence.quotes if each.speaker)
        ],
        url=f"{article}#:~:text={quote(_beginning(text), safe='').replace('-', '%2D')}",
    )


def _beginning(text: str) -> str:
    """As much of a sentence as tells its place, of one line."""
    return text.partition("\n")[0][:_FRAGMENT].strip()
