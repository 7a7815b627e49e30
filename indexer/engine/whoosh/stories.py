"""Stories among hits: how many there are, and one hit for each (Lucene: collapsing)."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.article_columns import Stories
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.top_docs import Entries

_MORE = 2
"""How many times as many hits as stories are looked at first; half of all pages repeat a story once or twice."""


class StoriesFound:
    """The stories of some articles."""

    def __init__(self, stories: Stories, docs: Docs) -> None:
        self._stories = stories
        self._codes = stories.codes[docs]
        self._counts = np.bincount(self._codes, minlength=1)

    def __len__(self) -> int:
        return int(np.count_nonzero(self._counts))

    def ids(self, entries: Entries) -> list[str]:
        """The stories of some entries of the articles."""
        return self._stories.ids(self._codes[entries])

    def others(self, entries: Entries) -> list[int]:
        """How many other articles each one's story has among these."""
        others: list[int] = (self._counts[self._codes[entries]] - 1).tolist()
        return others

    def unseen(self, entries: Entries) -> Entries:
        """Those of the entries that belong to a story of which all are among them."""
        seen = np.bincount(self._codes[entries], minlength=len(self._counts)) < self._counts
        unseen: Entries = entries[~seen[self._codes[entries]]]
        return unseen

    def count(self, entries: Entries) -> int:
        """How many stories these entries belong to."""
        return int(np.count_nonzero(np.bincount(self._codes[entries], minlength=1)))

    def least(self, values: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
        """For each story the least of its articles' values above 0, or 0 where none is; in no order."""
        most = np.iinfo(np.intp).max
        least = np.full(len(self._counts), most, np.intp)
        known = values > 0
        np.minimum.at(least, self._codes[known], values[known])
        least[least == most] = 0
        return least

    def once(self, values: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
        """The values of articles that are alone in their story; and the other stories, each with each of its articles'
        values above 0 once, as two arrays of one length."""
        alone = self._counts[self._codes] == 1
        rest = np.flatnonzero(~alone & (values > 0))
        width = int(values.max(initial=0)) + 1
        stories, shared = np.divmod(np.unique(self._codes[rest].astype(np.int64) * width + values[rest]), width)
        return values[alone], stories, shared

    def first_of_each(self, best: Callable[[int], Entries], limit: int, most: int) -> Entries:
        """The first entry of each of the first ``limit`` stories. ``best(n)`` gives the first ``n`` of ``most``."""
        wanted = limit * _MORE
        while True:
            entries = best(min(wanted, most))
            _, places = np.unique(self._codes[entries], return_index=True)
            if len(places) >= limit or wanted >= most:
                firsts: Entries = entries[np.sort(places)[:limit]]
                return firsts
            wanted *= 4
