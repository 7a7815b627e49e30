"""One term in all segments of an index: where it stands, and in which documents, with global numbers.

A segment numbers its places from 0, as ``postings`` describes; here the places of all segments are laid end to end, as
their documents are. So one ascending array of numbers tells every place where a term stands in the whole index, and
with one segment that array is a slice of the mapped file.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .arrays import FieldArrays
from .docsets import EMPTY, Docs

Occurrences = NDArray[np.unsignedinteger]
"""Places where something stands, ascending."""


class Postings(NamedTuple):
    """The live documents of a term and how often it stands in each, both of shape (n,).

    ``df`` counts deleted documents too, as Whoosh's statistics do.
    """

    docs: Docs
    freqs: NDArray[Any]
    df: int


class Part(NamedTuple):
    """A field in one segment. ``base`` is the number of its first document, ``start`` of its first place."""

    base: int
    field: FieldArrays
    deleted: NDArray[np.bool_] | None
    start: int


class Span(NamedTuple):
    """The terms ``i`` to ``j`` of a part."""

    part: Part
    i: int
    j: int


class Text:
    """The places of a field in all segments.

    Document ``d`` has the places from ``firsts[d]`` to before ``firsts[d + 1]``, of which the last one is always free;
    ``firsts`` has shape (N + 1,) and the type of all places.
    """

    def __init__(self, parts: Sequence[Part], size: int) -> None:
        """``size`` is the number of documents, with those of segments that have no part."""
        end = parts[-1].start + int(parts[-1].field.firsts[-1]) if parts else 0
        # Some numbers stay free at the end, to which a place wraps that is shifted below 0.
        self.dtype = np.dtype(np.uint32 if end < (1 << 32) - (1 << 24) else np.uint64)
        self.firsts = np.full(size + 1, end, self.dtype)
        done = 0
        for part in parts:
            own = part.field.firsts
            self.firsts[done : part.base] = part.start
            done = part.base + len(own) - 1
            self.firsts[part.base : done] = own[:-1] + part.start
        # Segments agree on the size of a block unless positions are very sparse.
        bits = {part.field.block_bits for part in parts}
        self._bits = bits.pop() if len(bits) == 1 else 0
        self._owners: NDArray[np.int32] | None = None
        if self._bits:
            owners = [part.field.owners + np.int32(part.base) if part.base else part.field.owners for part in parts]
            self._owners = owners[0] if len(owners) == 1 else np.concatenate(owners)

    def docs(self, places: Occurrences) -> NDArray[np.integer]:
        """The document of each place."""
        if self._owners is None:
            return self.firsts.searchsorted(places, side="right") - 1
        # As the index type first: NumPy would convert it too, more slowly.
        return self._owners[(places >> self._bits).astype(np.intp)]

    def documents(self, places: Occurrences) -> tuple[Docs, NDArray[np.intp]]:
        """The documents of ascending places and how many are in each."""
        if not len(places):
            return EMPTY, EMPTY
        docs = self.docs(places)
        is_first = np.empty(len(docs), np.bool_)
        is_first[0] = True
        np.not_equal(docs[1:], docs[:-1], out=is_first[1:])
        bounds = is_first.nonzero()[0]
        counts = np.empty(len(bounds), np.intp)
        counts[-1] = len(docs)
        counts[:-1] = bounds[1:]
        counts -= bounds
        return docs[bounds].astype(np.intp), counts


class Term:
    """A term, or several as if they were one, in all segments. Nothing is read before it is asked for."""

    __slots__ = ("_occurrences", "_postings", "_size", "_spans", "_text", "count")

    def __init__(self, spans: Sequence[Span], text: Text | None, size: int) -> None:
        """``text`` is that of a field with positions; ``size`` the number of all documents."""
        self._spans = spans
        self._text = text
        self._size = size
        self._occurrences: Occurrences | None = None
        self._postings: Postings | None = None
        #: How many places, or else documents, are to be read for it.
        self.count = 0
        for part, i, j in spans:
            self.count += part.field.count(i, j)

    @property
    def nbytes(self) -> int:
        """The most that it may come to hold."""
        return 24 * self.count

    @property
    def live_df(self) -> int:
        """How many live documents hold it."""
        spans = self._spans
        if (
            self._postings is None
            and len(spans) == 1
            and spans[0].part.deleted is None
            and spans[0].j - spans[0].i == 1
        ):
            return spans[0].part.field.df(spans[0].i)
        return len(self.postings.docs)

    @property
    def occurrences(self) -> Occurrences:
        """Every place where it stands in a live document. The field must store positions."""
        if self._occurrences is None:
            self._occurrences = self._read_occurrences()
        return self._occurrences

    @property
    def postings(self) -> Postings:
        if self._postings is None:
            self._postings = self._read_postings() if self._text is None else self._from_occurrences(self._text)
        return self._postings

    def _read_occurrences(self) -> Occurrences:
        text = self._text
        if text is None:
            raise ValueError("this field stores no positions")
        found = []
        for (base, field, deleted, start), i, j in self._spans:
            places = field.places(i, j)
            if start or places.dtype != text.dtype:
                places = places.astype(text.dtype)
                places += text.dtype.type(start)
            if deleted is not None:
                places = places[~deleted[text.docs(places) - base]]
            if j - i > 1:
                places = np.sort(places, kind="stable")
            found.append(places)
        if not found:
            return np.empty(0, text.dtype)
        return found[0] if len(found) == 1 else np.concatenate(found)

    def _from_occurrences(self, text: Text) -> Postings:
        docs, freqs = text.documents(self.occurrences)
        df = sum(int(part.field.dfs(i, j).sum()) for part, i, j in self._spans)
        return Postings(docs, freqs, df)

    def _read_postings(self) -> Postings:
        docs, freqs, df = [], [], 0
        several = False
        for (base, field, deleted, _), i, j in self._spans:
            found = field.doc_list(i, j).astype(np.intp)
            counts = field.stored_freqs(i, j)
            df += len(found)
            if deleted is not None:
                alive = ~deleted[found]
                found, counts = found[alive], counts[alive]
            if base:
                found += base
            docs.append(found)
            freqs.append(counts)
            several |= j - i > 1
        if not docs:
            return NO_POSTINGS
        if len(docs) > 1:
            postings = Postings(np.concatenate(docs), np.concatenate(freqs), df)
        else:
            postings = Postings(docs[0], freqs[0], df)
        return merge(postings, self._size) if several else postings


NO_POSTINGS = Postings(EMPTY, np.empty(0, np.uint8), 0)


def merge(postings: Postings, universe: int) -> Postings:
    """Postings of several terms as of one: each document once, its frequencies added up."""
    if not len(postings.docs):
        return postings
    freqs = np.bincount(postings.docs, postings.freqs, universe)
    members = np.zeros(universe, np.bool_)
    members[postings.docs] = True
    docs = np.flatnonzero(members)
    return Postings(docs, freqs[docs], postings.df)
