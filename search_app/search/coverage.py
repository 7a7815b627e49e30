"""Coverage over time of several questions, or of one question by publishers, authors or languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from indexer.engine.index import Facet
from indexer.errors import QueryError
from search_app.query.dates import ANY_DAYS, Days
from search_app.query.parameters import FILTER_PARAMETERS, Given, Parameter, SearchParameters
from search_app.search.aggregations.bins import (
    BYS,
    MEASURES,
    By,
    Measure,
    Series,
    crowded,
    fitting_bin,
    points,
    widened_to_bins,
)
from search_app.search.asked import Asked
from search_app.search.library import Library
from search_app.search.results import HIDDEN, Results, described

MAX_SERIES = 6
"""More lines in one chart cannot be told apart."""

SPLITS: Mapping[str, tuple[Facet, str]] = {
    "source": ("source", "sources"),
    "author": ("author", "authors"),
    "lang": ("language", "languages"),
}
"""What one question can be split by: the facet, and the member of the parameters that selects a value of it."""

_QUERIES = Parameter("q", "One to six questions, one series each.", "疫苗", "values", ())
_SPLIT = Parameter(
    "split",
    "One question as up to six series: by its most frequent publishers, authors or languages, each a share of its own.",
    "source",
    "choice",
    "",
    choices=tuple(SPLITS),
)
_BY = Parameter("by", "Width of a bin; default fits.", "day", "choice", "", choices=BYS)
_MEASURE = Parameter(
    "measure",
    "What the page draws; the API answers all.",
    MEASURES[0],
    "choice",
    MEASURES[0],
    choices=MEASURES,
)
_AVERAGE = Parameter("average", "1 draws the page's moving averages.", "1", "switch", False)
COVERAGE_PARAMETERS = (_QUERIES, *FILTER_PARAMETERS, _SPLIT, _BY, _MEASURE, _AVERAGE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What is compared: the same restrictions for all texts. ``by`` is ``None`` for the fitting bin, ``split`` one of
    ``SPLITS`` or ``""``; ``average`` is whether the page draws moving averages."""

    parameters: SearchParameters
    texts: tuple[str, ...] = ("",)
    by: By | None = None
    measure: Measure = "count"
    split: str = ""
    average: bool = False

    @classmethod
    def parse(cls, given: Given) -> "Comparison":
        """Read request parameters. Raises ``QueryError`` as ``SearchParameters.parse``."""
        texts, split = _QUERIES.value(given), _SPLIT.value(given)
        most = 1 if split else MAX_SERIES
        if len(texts) > most:
            raise QueryError("too_many_values", field="q", allowed=(str(most),))
        parameters = replace(SearchParameters.parse(given), text="", cursor="", limit=1, explain=False)
        by, average = _BY.value(given) or None, _AVERAGE.value(given)
        return cls(parameters, texts or ("",), by, _MEASURE.value(given), split, average)

    def pairs(self) -> list[tuple[str, str]]:
        """The request parameters of this comparison; defaults are left out."""
        restrictions = self.parameters.pairs(text="")
        return [
            *(("q", text) for text in self.texts if text),
            *((name, value) for name, value in restrictions if name != "limit"),
            *((_SPLIT.name, text) for text in _SPLIT.texts(self.split)),
            *((_BY.name, text) for text in _BY.texts(self.by or "")),
            *((_MEASURE.name, text) for text in _MEASURE.texts(self.measure)),
            *((_AVERAGE.name, text) for text in _AVERAGE.texts(self.average)),
        ]

    def asked_of(self, series: Series) -> SearchParameters:
        """The question of one series."""
        return self._asked(series.query, series.value)

    def _asked(self, text: str, value: str) -> SearchParameters:
        chosen = {SPLITS[self.split][1]: (value,)} if value else {}
        return replace(self.parameters, text=text, **chosen)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The answer: bins of ``by`` from the first day to the last; no points when no day has a hit.

    ``days`` are those of the first and the last hit; ``outside`` counts hits on days far off, which are left out unless
    the whole was wanted.
    """

    by: By
    zone: str = field(metadata=described("The IANA zone of the days."))
    series: Sequence[Series]
    days: Days = field(default=ANY_DAYS, metadata=HIDDEN)
    outside: int = field(default=0, metadata=HIDDEN)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A series before it is put into bins; ``articles`` are those that it is a share of, ``stories`` those that begin,
    by day."""

    text: str
    value: str
    answer: Results
    articles: Mapping[date, int]
    stories: Mapping[date, int]

    @property
    def hits(self) -> Mapping[date, int]:
        return _by_day(self.answer)


def coverage(library: Library, comparison: Comparison, reader: str | None, *, whole: bool = True) -> Coverage:
    """Count every series' hits by bin, beside all articles of the bin; ``reader`` as for ``Library.ask``.

    Unless the dates were asked for or the ``whole`` is wanted, the bins leave out a few hits far off from all others.
    """
    counted = _counted(library, comparison, reader)
    together: dict[date, int] = {}
    for each in counted:
        for day, count in each.hits.items():
            together[day] = together.get(day, 0) + count
    zone = counted[0].answer.zone
    if not together:
        return Coverage(comparison.by or "day", zone, [Series(c.text, c.answer.total, (), c.value) for c in counted])
    asked = counted[0].answer.days
    bounds = (min(together), max(together)) if whole or asked.from_ or asked.to else crowded(together)
    first, last = _widened(*bounds, asked)
    by = fitting_bin(first, last, comparison.by)
    first, last = widened_to_bins(first, last, by, asked)
    series = [
        Series(c.text, c.answer.total, points(c.hits, c.articles, first, last, by, c.stories), c.value) for c in counted
    ]
    outside = sum(count for day, count in together.items() if not first <= day <= last)
    return Coverage(by, zone, series, Days(min(together), max(together)), outside)


def _counted(library: Library, comparison: Comparison, reader: str | None) -> list[_Counted]:
    """What each series finds, and what it is measured by: the archive, or everything of its own publisher."""

    def asked(text: str, value: str = "") -> Asked:
        return library.ask(replace(comparison._asked(text, value), partial=False), reader)

    def ask(text: str, value: str = "") -> Results:
        return library.search(asked(text, value))

    answers = [ask(text) for text in comparison.texts]
    if comparison.split:
        [text], [answer] = comparison.texts, answers
        values = answer.facets[SPLITS[comparison.split][0]]
        # A publisher that was chosen is among the values: they are counted without their own filter.
        chosen = [each for each in values if each.selected] or values
        split = [
            _Counted(
                text,
                each.value,
                ask(text, each.value),
                _by_day(ask("", each.value)),
                library.stories_by_day(asked(text, each.value)),
            )
            for each in chosen[:MAX_SERIES]
        ]
        if split:
            return split
    articles = library.articles_by_day(answers[0].zone)
    return [
        _Counted(text, "", answer, articles, library.stories_by_day(asked(text)))
        for text, answer in zip(comparison.texts, answers, strict=True)
    ]


def _by_day(answer: Results) -> Mapping[date, int]:
    return {day.date: day.count for day in answer.timeline}


def _widened(begin: date, end: date, asked: Days) -> tuple[date, date]:
    """From the first to the last day, or the asked range where it is wider by not much."""
    slack = max((end - begin).days // 2, 31)
    if asked.from_ and 0 < (begin - asked.from_).days <= slack:
        begin = asked.from_
    if asked.to and 0 < (asked.to - end).days <= slack:
        end = asked.to
    return begin, end
