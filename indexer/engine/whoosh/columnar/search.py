"""Everything that a result page shows, from one evaluation of a Whoosh query."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from numpy.typing import NDArray
from whoosh import query as q
from whoosh.fields import DATETIME
from whoosh.searching import Searcher
from whoosh.util.times import datetime_to_long

from .docsets import Docs
from .evaluate import Evaluator
from .index import all_arrays
from .page import best, counts
from .view import View
from .zones import days, iso

#: Whoosh keeps dates as microseconds since year 1.
_EPOCH = datetime_to_long(datetime(1970, 1, 1))  # noqa: DTZ001  # Whoosh's dates have no zone.
_MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class ResultPage:
    """The best documents, as document numbers of the searcher's reader, and what all ``total`` hits have in common.

    ``scores`` are those of ``docs``. ``facets`` maps a field to values and counts, largest first, then by value;
    ``days`` an ISO date to a count, in order.
    """

    docs: list[int]
    scores: list[float]
    total: int
    facets: Mapping[str, Sequence[tuple[bytes, int]]] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)


class PageSearcher:
    """Answers questions on one Whoosh searcher, all of whose segments are columnar. Keep it as long as the searcher:
    it remembers what no question changes."""

    def __init__(self, searcher: Searcher) -> None:
        found = all_arrays(searcher.reader())
        arrays = [segment for segment in found if segment is not None]
        if len(arrays) < len(found):
            raise ValueError("a segment of this index was written by another codec")
        self.view = View(arrays)
        self._evaluator = Evaluator(self.view, searcher)
        self._schema = searcher.schema

    def page(
        self,
        query: q.Query,
        *,
        limit: int = 10,
        newest: str | None = None,
        filters: Mapping[str, Collection[bytes]] | None = None,
        facets: Sequence[str] = (),
        days: tuple[str, str] | None = None,
    ) -> ResultPage:
        """The first ``limit`` hits of ``query``, by score, or newest first by a date or number column.

        ``filters`` narrows the hits to documents with one of the values in each of its byte string columns. A facet
        counts such a column over the hits that it would have without its own filter. ``days`` is a column of dates
        (or of UTC epoch seconds) and an IANA zone.
        """
        filters = filters or {}
        matching, scores = self._evaluator.matches(query)
        ticked = {name: self._has(name, values)[matching] for name, values in filters.items()}
        kept = np.logical_and.reduce(list(ticked.values())) if ticked else np.ones(len(matching), np.bool_)
        docs, scores = matching[kept], scores[kept]
        first = best(-scores if newest is None else -self._seconds(newest)[docs], limit)
        return ResultPage(
            docs[first].tolist(),
            scores[first].tolist(),
            len(docs),
            {
                name: self._facet(name, matching, [table for other, table in ticked.items() if other != name])
                for name in facets
            },
            self._days(docs, *days) if days else {},
        )

    def _has(self, name: str, values: Collection[bytes]) -> NDArray[np.bool_]:
        codes, known = self.view.keywords(name)
        return np.array([value in values for value in known] + [False])[codes]

    def _facet(self, name: str, docs: Docs, tables: Sequence[NDArray[np.bool_]]) -> list[tuple[bytes, int]]:
        if tables:
            docs = docs[np.logical_and.reduce(tables)]
        codes, values = self.view.keywords(name)
        found = [(values[code - 1], count) for code, count in counts(codes[docs] + 1, len(values))]
        return sorted(found, key=lambda item: (-item[1], item[0]))

    def _seconds(self, name: str) -> NDArray[np.float64]:
        """UTC epoch seconds of each document; unknown is smaller than all."""
        values, present = self.view.numbers(name)
        seconds = values.astype(np.float64)
        if isinstance(self._schema[name], DATETIME):
            seconds = np.floor((seconds - _EPOCH) / _MICRO)
        return seconds if present is None else np.where(present, seconds, -np.inf)

    def _days(self, docs: Docs, name: str, zone: str) -> dict[str, int]:
        instants = self._seconds(name)[docs]
        found = days(instants[np.isfinite(instants)].astype(np.int64), zone)
        numbers, tally = np.unique(found, return_counts=True)
        return {iso(day): count for day, count in zip(numbers.tolist(), tally.tolist(), strict=True)}
