"""One term in all segments of an index: where it stands, and in which documents, with global numbers.

A segment numbers its places from 0, as ``postings`` describes; here the places of all segments are laid end to end, as
their documents are. So one ascending array of numbers tells every place where a term stands in the whole index, and
with one segment that array is a slice of the mapped file.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .docsets import EMPTY, Docs
from .field import FieldReader

Occurrences = NDArray[np.unsignedinteger]
"""Places where something stands, ascending."""


class Postings(NamedTuple):
    """The live documents of a term and how often it stands in each, both of shape (n,)."""

    docs: Docs
    freqs: NDArray[Any]


def counts_between(places: Occurrences, bounds: tuple[Occurrences, Occurrences]) -> NDArray[np.intp]:
    """How many of ascending places are in each document, given the documents' ``Text.bounds``; the rest isn't read."""
    firsts, ends = bounds
    return places.searchsorted(ends) - places.searchsorted(firsts)


class Part(NamedTuple):
    """A field in one segment. ``base`` is the number of its first document, ``start`` of its first place."""

    base: int
    field: FieldReader
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
        self._owners: NDArray[np.unsignedinteger] | None = None
        if self._bits:
            narrow = np.min_scalar_type(size)
            owners = [part.field.owners.astype(narrow, copy=False) for part in parts]
            owners = [
                own + narrow.type(part.base) if part.base else own for own, part in zip(owners, parts, strict=True)
            ]
            self._owners = owners[0] if len(owners) == 1 else np.concatenate(owners)

    def docs(self, places: Occurrences) -> NDArray[np.integer]:
        """The document of each place."""
        if self._owners is None:
            return self.firsts.searchsorted(places, side="right") - 1
        # As the index type first: NumPy would convert it too, more slowly.
        return self._owners[(places >> self._bits).astype(np.intp)]

    def bounds(self, docs: Docs) -> tuple[Occurrences, Occurrences]:
        """The first place of each document, and the first behind it."""
        return self.firsts[docs], self.firsts[docs + 1]

    def documents(self, places: Occurrences) -> tuple[Docs, NDArray[np.uint32]]:
        """The documents of ascending places and how many are in each."""
        if not len(places):
            return EMPTY, np.empty(0, np.uint32)
        docs = self.docs(places)
        # Where the document changes, and once more at the end.
        changes = np.empty(len(docs) + 1, np.bool_)
        changes[0] = changes[-1] = True
        np.not_equal(docs[1:], docs[:-1], out=changes[1:-1])
        bounds = changes.nonzero()[0]
        firsts = bounds[:-1]
        return docs[firsts].astype(np.intp), (bounds[1:] - firsts).astype(np.uint32)


class Term:
    """A term, or several as if they were one, in all segments. Nothing is read before it is asked for."""

    __slots__ = ("_occurrences", "_postings", "_size", "_spans", "_text", "count")

    def __init__(self, spans: Sequence[Span], text: Text | None, size: int, count: int) -> None:
        """``text`` is that of a field with positions; ``size`` the number of all documents."""
        self._spans = spans
        self._text = text
        self._size = size
        self._occurrences: Occurrences | None = None
        self._postings: Postings | None = None
        #: How many places, or else documents, are to be read for it.
        self.count = count

    @property
    def nbytes(self) -> int:
        """About what it may come to hold: documents, and for a text places and frequencies."""
        return (8 if self._text is None else 16) * self.count

    @property
    def live_df(self) -> int:
        """How many live documents hold it."""
        if self._postings is None and len(self._spans) == 1:
            (_, field, deleted, _), i, j = self._spans[0]
            if deleted is None and j - i == 1:
                return field.df(i)
        return len(self.postings.docs)

    @property
    def occurrences(self) -> Occurrences:
        """Every place where it stands in a live document. The field must store positions."""
        found = self._occurrences
        if found is None:
            if self._text is None:
                raise ValueError("this field stores no positions")
            parts = [self._read_places(span, self._text) for span in self._spans]
            found = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, self._text.dtype), *parts])
            self._occurrences = found
        return found

    @staticmethod
    def _read_places(span: Span, text: Text) -> Occurrences:
        (base, field, deleted, start), i, j = span
        places = field.places(i, j)
        if start or places.dtype != text.dtype:
            places = places.astype(text.dtype)
            places += text.dtype.type(start)
        if deleted is not None:
            places = places[~deleted[text.docs(places) - base]]
        return places if j - i == 1 else np.sort(places, kind="stable")

    @property
    def postings(self) -> Postings:
        found = self._postings
        if found is None:
            found = self._read_postings() if self._text is None else Postings(*self._text.documents(self.occurrences))
            self._postings = found
        return found

    def _read_postings(self) -> Postings:
        parts = []
        several = False
        for (base, field, deleted, _), i, j in self._spans:
            docs = field.doc_list(i, j).astype(np.intp)
            freqs = field.stored_freqs(i, j)
            if deleted is not None:
                alive = ~deleted[docs]
                docs, freqs = docs[alive], freqs[alive]
            if base:
                docs += base
            parts.append(Postings(docs, freqs))
            several |= j - i > 1
        if not parts:
            return NO_POSTINGS
        found = parts[0] if len(parts) == 1 else Postings(*map(np.concatenate, zip(*parts, strict=True)))
        return merge(found, self._size) if several else found


NO_POSTINGS = Postings(EMPTY, np.empty(0, np.uint8))


def merge(postings: Postings, universe: int) -> Postings:
    """Postings of several terms as of one: each document once, its frequencies added up."""
    if not len(postings.docs):
        return postings
    freqs = np.bincount(postings.docs, postings.freqs, universe)
    members = np.zeros(universe, np.bool_)
    members[postings.docs] = True
    docs = np.flatnonzero(members)
    return Postings(docs, freqs[docs])
