"""What was reported in a bin of a chart: its stories, and the one that made a peak."""

from collections.abc import Sequence
from dataclasses import replace

from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.bins import Point
from search_app.search.library import Library
from search_app.search.results import ResultHit, Results

_LISTED = 10
_LOOKED_AT = 5
"""The story that most report is looked for among so many of the most relevant: a peak is about what was asked."""


def within(parameters: SearchParameters, point: Point) -> SearchParameters:
    """The same question in the days of a bin."""
    return replace(parameters, from_=point.first.isoformat(), to=point.last.isoformat())


def stories_of(library: Library, parameters: SearchParameters, point: Point, reader: str | None) -> Results:
    """The best stories of a bin, each once; ``reader`` as for ``Library.ask``."""
    return _asked(library, parameters, point, reader, _LISTED)


def story_of_peak(library: Library, parameters: SearchParameters, point: Point, reader: str | None) -> ResultHit | None:
    """The story of a bin that most articles report, the most relevant of equals; ``None`` for a bin without hits."""
    hits: Sequence[ResultHit] = _asked(library, parameters, point, reader, _LOOKED_AT).hits
    return max(hits, key=lambda hit: hit.copies, default=None)


def _asked(library: Library, parameters: SearchParameters, point: Point, reader: str | None, limit: int) -> Results:
    asked = replace(within(parameters, point), limit=limit, collapse="1", sort="relevance", cursor="", partial=False)
    return library.search(library.ask(asked, reader))
