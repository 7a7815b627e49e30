"""What questions need of each article besides its text, as arrays that are made once for a state of the index."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from indexer.engine.bm25 import Parameters
from indexer.engine.index import Facet
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.format import narrow
from indexer.engine.whoosh.columnar.view import Numbers, View
from indexer.engine.whoosh.columnar.zones import days
from indexer.engine.whoosh.schema import ID, LANGUAGE, PUBLISHED, SOURCE

_FIELDS: dict[Facet, str] = {"source": SOURCE, "language": LANGUAGE}

Values = NDArray[np.float64]


class Names(NamedTuple):
    """Article ``d`` has ``values[codes[d] - 1]``; code 0 stands for none."""

    codes: NDArray[np.unsignedinteger]
    values: list[str]


class Days(NamedTuple):
    """Article ``d`` is of day ``first + codes[d] - 1``, as ``zones.days`` counts; code 0 stands for an unknown day.

    All codes are up to ``width``.
    """

    codes: NDArray[np.unsignedinteger]
    first: int
    width: int


class Columns:
    """The columns of a view, each read when it is first asked for. All arrays have shape (view.size,).

    Codes are as narrow as they get: a facet looks up thousands of them, and so they stay in the processor's caches.
    """

    def __init__(self, view: View) -> None:
        self._view = view
        self._names: dict[str, Names] = {}
        self._norms: dict[str, Values] = {}
        self._days: dict[str, Days] = {}

    @classmethod
    def of(cls, view: View) -> Columns:
        return view.keep(cls, lambda: cls(view))

    @cached_property
    def published(self) -> Numbers:
        """UTC epoch seconds."""
        return self._view.numbers(PUBLISHED)

    @cached_property
    def newest(self) -> Values:
        """A key that sorts the newest first and unknown dates last."""
        return self._sorting(-1)

    @cached_property
    def oldest(self) -> Values:
        """A key that sorts the oldest first and unknown dates last."""
        return self._sorting(1)

    def _sorting(self, sign: int) -> Values:
        values, present = self.published
        key = values.astype(np.float64) * sign
        if present is not None:
            key[~present] = np.inf
        return key

    def names(self, field: str) -> Names:
        """A keyword column: ``schema.SOURCE``, ``SITE`` or ``LANGUAGE``."""
        found = self._names.get(field)
        if found is None:
            codes, values = self._view.keywords(field)
            found = self._names[field] = Names(narrow(codes + 1), [value.decode() for value in values])
        return found

    def facet(self, facet: Facet) -> Names:
        return self.names(_FIELDS[facet])

    def days(self, zone: str) -> Days:
        """The day of publication in an IANA zone."""
        found = self._days.get(zone)
        if found is None:
            values, present = self.published
            known = np.ones(len(values), np.bool_) if present is None else present
            numbers = days(values[known].astype(np.int64), zone)
            first = int(numbers.min()) if len(numbers) else 0
            codes = np.zeros(len(values), np.intp)
            codes[known] = numbers - (first - 1)
            found = self._days[zone] = Days(narrow(codes), first, int(codes.max(initial=0)))
        return found

    def norms(self, field: str, parameters: Parameters) -> Values:
        """``k1 * (1 - b + b * length / mean_length)``, the part of BM25 that depends on the article alone."""
        found = self._norms.get(field)
        if found is None:
            view, k1, b = self._view, parameters.k1, parameters.b
            lengths = view.lengths(field)
            mean = lengths[view.all].mean() if len(view.all) else 1.0
            found = self._norms[field] = k1 * (1 - b + b * lengths / (mean or 1.0))
        return found

    def ids(self, docs: Docs) -> list[bytes]:
        """Of some articles, in their order."""
        return self._view.values(ID, docs)

    def having(self, field: str, names: tuple[str, ...], separator: str = "") -> NDArray[np.bool_]:
        """Which articles have one of the values in a keyword column.

        With a ``separator`` also values below it: for ``.`` those that end with ``.name``, for ``-`` that begin with
        ``name-``.
        """
        codes, values = self.names(field)
        allowed = np.zeros(len(values) + 1, np.bool_)
        for code, value in enumerate(values, 1):
            allowed[code] = value in names or (
                (separator == "." and value.endswith(tuple("." + name for name in names)))
                or (separator == "-" and value.startswith(tuple(name + "-" for name in names)))
            )
        has: NDArray[np.bool_] = allowed[codes]
        return has
