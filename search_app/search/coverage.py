"""Coverage over time of one or more questions, counted and as a share of everything."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from indexer.errors import QueryError
from search_app.query.dates import Days
from search_app.query.parameters import FILTER_PARAMETERS, Given, Parameter, SearchParameters
from search_app.search.bins import BYS, MEASURES, By, Measure, Series, fitting_bin, points, widened_to_bins
from search_app.search.library import Library
from search_app.search.results import described

MAX_SERIES = 6
"""More lines in one chart cannot be told apart."""

_QUERIES = Parameter("q", "One to six questions, one series each.", "疫苗", "values", ())
_BY = Parameter("by", "Width of a bin; default fits.", "day", "choice", "", choices=BYS)
_MEASURE = Parameter(
    "measure",
    "What the page draws; the API answers both.",
    MEASURES[0],
    "choice",
    MEASURES[0],
    choices=MEASURES,
)
COVERAGE_PARAMETERS = (_QUERIES, *FILTER_PARAMETERS, _BY, _MEASURE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: the same restrictions for all texts. ``by`` is ``None`` for the fitting bin."""

    parameters: SearchParameters
    texts: tuple[str, ...]
    by: By | None
    measure: Measure

    @classmethod
    def parse(cls, given: Given) -> "Comparison":
        """Read request parameters. Raises ``QueryError`` as ``SearchParameters.parse``."""
        texts = _QUERIES.value(given)
        if len(texts) > MAX_SERIES:
            raise QueryError("too_many_values", field="q", allowed=(str(MAX_SERIES),))
        parameters = replace(SearchParameters.parse(given), text="", cursor="", limit=1, explain=False)
        return cls(parameters, texts or ("",), _BY.value(given) or None, _MEASURE.value(given))

    def pairs(self) -> list[tuple[str, str]]:
        """The request parameters of this comparison; defaults are left out."""
        restrictions = self.parameters.pairs(text="")
        return [
            *(("q", text) for text in self.texts if text),
            *((name, value) for name, value in restrictions if name != "limit"),
            *((_BY.name, text) for text in _BY.texts(self.by or "")),
            *((_MEASURE.name, text) for text in _MEASURE.texts(self.measure)),
        ]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer: bins of ``by`` from the first day to the last; no points when no day has a hit."""

    by: By
    zone: str = field(metadata=described("The IANA zone of the days."))
    series: Sequence[Series]


def coverage(library: Library, comparison: Comparison, reader: str | None) -> Coverage:
    """Count every text's hits by bin, beside all articles of the bin; ``reader`` as for ``Library.ask``."""
    answers = [
        library.search(library.ask(replace(comparison.parameters, text=text), reader)) for text in comparison.texts
    ]
    counted = [{day.date: day.count for day in answer.timeline} for answer in answers]
    days = sorted({day for counts in counted for day in counts})
    zone = answers[0].zone
    if not days:
        empty = [Series(text, answer.total, ()) for text, answer in zip(comparison.texts, answers, strict=True)]
        return Coverage(comparison.by or "day", zone, empty)
    asked = answers[0].days
    first, last = _bounds(days, asked)
    by = fitting_bin(first, last, comparison.by)
    first, last = widened_to_bins(first, last, by, asked)
    everything = library.articles_by_day(zone)
    return Coverage(
        by,
        zone,
        [
            Series(text, answer.total, points(counts, everything, first, last, by))
            for text, answer, counts in zip(comparison.texts, answers, counted, strict=True)
        ],
    )


def _bounds(days: Sequence[date], asked: Days) -> tuple[date, date]:
    """From the first to the last day with a hit, or the asked range where it is wider by not much."""
    begin, end = days[0], days[-1]
    slack = max((end - begin).days // 2, 31)
    if asked.from_ and 0 < (begin - asked.from_).days <= slack:
        begin = asked.from_
    if asked.to and 0 < (asked.to - end).days <= slack:
        end = asked.to
    return begin, end
