"""Several segments as one: global document numbers, merged columns, decoded postings.

A search over arrays pays for calls, not for elements, so asking S segments one by one costs S times as much. A ``View``
joins what a question touches into one array per term and column, once, and keeps it. It is one consistent state of the
index and never changes; a commit makes a new one, which takes over what it knows about segments that both hold.

Document ``d`` of segment ``s`` has the number ``bases[s] + d``, as in a Whoosh ``MultiReader``.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .arrays import BytesColumn, FieldArrays, NumberColumn, SegmentArrays
from .cache import ArrayCache
from .docsets import EMPTY, Docs

#: An occurrence is ``document << POSITION_BITS | position``: ascending as the pair is.
POSITION_BITS = 32

Occurrences = NDArray[np.int64]

T = TypeVar("T")


class Postings(NamedTuple):
    """The live documents of a term and how often it stands in each, both of shape (n,).

    ``df`` counts deleted documents too, as Whoosh's statistics do.
    """

    docs: Docs
    freqs: NDArray[np.float64]
    df: int


class Numbers(NamedTuple):
    """A numeric column: ``values`` of shape (N,), ``present`` likewise or None when every document has a value."""

    values: NDArray[Any]
    present: NDArray[np.bool_] | None


class Keywords(NamedTuple):
    """A column of byte strings: document ``d`` has ``values[codes[d]]``; documents without one have code -1.

    ``values`` is sorted, so codes compare as the values do.
    """

    codes: NDArray[np.intp]
    values: list[bytes]


class _Part(NamedTuple):
    base: int
    size: int
    field: FieldArrays
    deleted: NDArray[np.bool_] | None


NO_POSTINGS = Postings(EMPTY, np.empty(0, np.float64), 0)
NO_OCCURRENCES: Occurrences = np.empty(0, np.int64)


class View:
    """One state of an index. ``cache_bytes`` bounds what is kept of decoded postings.

    ``size`` is the number of documents, deleted ones included: every document number is below it.
    """

    def __init__(self, segments: Sequence[SegmentArrays], cache_bytes: int = 64 << 20) -> None:
        self.segments = tuple(segments)
        counts = [segment.doc_count_all for segment in self.segments]
        self.bases = [sum(counts[:i]) for i in range(len(counts))]
        self.size = sum(counts)
        self.live: NDArray[np.bool_] | None = None
        if any(segment.deleted is not None for segment in self.segments):
            self.live = ~np.concatenate(
                [np.zeros(s.doc_count_all, np.bool_) if s.deleted is None else s.deleted for s in self.segments]
            )
        self.all: Docs = np.arange(self.size) if self.live is None else np.flatnonzero(self.live)
        self.cache: ArrayCache[NDArray[Any] | Postings] = ArrayCache(cache_bytes)
        self._parts: dict[str, list[_Part]] = {}
        self._kept: dict[object, object] = {}

    def keep(self, key: object, make: Callable[[], T]) -> T:
        """``make()``, computed once for this view: for arrays of one entry a document that no question changes."""
        try:
            return cast(T, self._kept[key])
        except KeyError:
            value = self._kept[key] = make()
            return value

    # Postings

    def parts(self, field: str) -> list[_Part]:
        """The segments in which the field has terms."""
        parts = self._parts.get(field)
        if parts is None:
            parts = []
            for base, segment in zip(self.bases, self.segments, strict=True):
                arrays = segment.field(field)
                if arrays is not None:
                    parts.append(_Part(base, segment.doc_count_all, arrays, segment.deleted))
            self._parts[field] = parts
        return parts

    def df(self, field: str, term: bytes) -> int:
        """How many documents hold the term, deleted ones included."""
        total = 0
        for part in self.parts(field):
            i = part.field.find(term)
            if i >= 0:
                total += part.field.df(i)
        return total

    def postings(self, field: str, term: bytes) -> Postings:
        """The postings of one term; empty when it is unknown."""
        key = field, term
        found = self.cache.get(key)
        if found is None:
            found = self._postings(self._spans(field, term))
            self.cache.put(key, found, found.docs.nbytes + found.freqs.nbytes)
        return cast(Postings, found)

    def weights(self, field: str, term: bytes) -> NDArray[np.float64]:
        """What Whoosh scores with, frequency times boosts, in each document of ``postings(field, term)``."""
        found = []
        for part, i, j in self._spans(field, term):
            weights = part.field.weights(i, j)
            found.append(weights if part.deleted is None else weights[~part.deleted[part.field.docs(i, j)]])
        return np.concatenate(found, dtype=np.float64) if found else np.empty(0, np.float64)

    def occurrences(self, field: str, term: bytes) -> Occurrences:
        """Every place where the term stands in a live document, ascending. The field must store positions."""
        key = field, term, "occurrences"
        found = self.cache.get(key)
        if found is None:
            found = self._occurrences(self._spans(field, term), self.postings(field, term))
            self.cache.put(key, found, found.nbytes)
        return cast(Occurrences, found)

    def prefix_postings(self, field: str, prefix: bytes) -> Postings:
        """As ``postings`` for all terms that begin with ``prefix`` as if they were one."""
        key = field, prefix, "prefix"
        found = self.cache.get(key)
        if found is None:
            spans = [(part, *part.field.prefix(prefix)) for part in self.parts(field)]
            found = merge(self._postings(spans), self.size)
            self.cache.put(key, found, found.docs.nbytes + found.freqs.nbytes)
        return cast(Postings, found)

    def prefix_occurrences(self, field: str, prefix: bytes) -> Occurrences:
        key = field, prefix, "prefix occurrences"
        found = self.cache.get(key)
        if found is None:
            found = self._occurrences([(part, *part.field.prefix(prefix)) for part in self.parts(field)])
            found.sort(kind="stable")
            self.cache.put(key, found, found.nbytes)
        return cast(Occurrences, found)

    def range_docs(self, field: str, lo: bytes | None, hi: bytes | None) -> Docs:
        """Live documents with a term in ``lo <= term < hi``."""
        postings = self._postings([(part, *part.field.range(lo, hi)) for part in self.parts(field)])
        return merge(postings, self.size).docs

    def _spans(self, field: str, term: bytes) -> list[tuple[_Part, int, int]]:
        spans = []
        for part in self.parts(field):
            i = part.field.find(term)
            if i >= 0:
                spans.append((part, i, i + 1))
        return spans

    def _postings(self, spans: Sequence[tuple[_Part, int, int]]) -> Postings:
        """Postings of slices of terms, one after the other, documents of different terms not merged."""
        docs, freqs, df = [], [], 0
        for part, i, j in spans:
            if i >= j:
                continue
            found = part.field.docs(i, j).astype(np.intp)
            counts = part.field.freqs(i, j).astype(np.float64)
            df += len(found)
            if part.deleted is not None:
                alive = ~part.deleted[found]
                found, counts = found[alive], counts[alive]
            if part.base:
                found += part.base
            docs.append(found)
            freqs.append(counts)
        if not docs:
            return NO_POSTINGS
        if len(docs) == 1:
            return Postings(docs[0], freqs[0], df)
        return Postings(np.concatenate(docs), np.concatenate(freqs), df)

    def _occurrences(self, spans: Sequence[tuple[_Part, int, int]], postings: Postings | None = None) -> Occurrences:
        """Occurrences of slices of terms, one after the other; ``postings``, if given, are those of the same term."""
        keys = []
        for part, i, j in spans:
            if i >= j:
                continue
            if postings is not None and part.deleted is None:
                lo, hi = postings.docs.searchsorted((part.base, part.base + part.size))
                counts = postings.freqs[lo:hi].astype(np.int64)
                _, positions = part.field.positions(i, j, counts)
                docs = postings.docs[lo:hi].astype(np.int64)
            else:
                docs = part.field.docs(i, j).astype(np.int64)
                offsets, positions = part.field.positions(i, j)
                counts = np.diff(offsets)
                if part.deleted is not None:
                    alive = ~part.deleted[docs]
                    positions = positions[np.repeat(alive, counts)]
                    docs, counts = docs[alive], counts[alive]
                docs += part.base
            docs <<= POSITION_BITS
            found = np.repeat(docs, counts)
            found += positions
            keys.append(found)
        if not keys:
            return NO_OCCURRENCES
        return keys[0] if len(keys) == 1 else np.concatenate(keys)

    # Lengths and columns

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Tokens of the field in each document, shape (size,); zero where the field has none or isn't scorable."""

        def make() -> NDArray[np.int64]:
            lengths = np.zeros(self.size, np.int64)
            for part in self.parts(field):
                found = part.field.lengths
                if found is not None:
                    lengths[part.base : part.base + len(found)] = found
            return lengths

        return self.keep((field, "lengths"), make)

    def total_length(self, field: str) -> int:
        """Tokens of the field in all documents, deleted ones included."""
        return sum(part.field.total_length for part in self.parts(field))

    def numbers(self, field: str) -> Numbers:
        """A numeric column. Segments without it count as having no value."""

        def make() -> Numbers:
            columns = [cast(NumberColumn | None, segment.column(field)) for segment in self.segments]
            kinds = [column.values.dtype for column in columns if column is not None]
            values = np.zeros(self.size, np.result_type(*kinds) if kinds else np.int64)
            present = np.zeros(self.size, np.bool_)
            for base, segment, column in zip(self.bases, self.segments, columns, strict=True):
                if column is not None:
                    end = base + segment.doc_count_all
                    values[base:end] = column.values
                    present[base:end] = True if column.present is None else column.present
            return Numbers(values, None if present.all() else present)

        return self.keep((field, "numbers"), make)

    def keywords(self, field: str) -> Keywords:
        """A column of byte strings with few values: all of them are read."""

        def make() -> Keywords:
            columns = [cast(BytesColumn | None, segment.column(field)) for segment in self.segments]
            known = sorted({value for column in columns if column is not None for value in column.values})
            place = {value: code for code, value in enumerate(known)}
            codes = np.full(self.size, -1, np.intp)
            for base, segment, column in zip(self.bases, self.segments, columns, strict=True):
                if column is None or not len(column.values):
                    continue
                to_merged = np.fromiter((place[value] for value in column.values), np.intp, len(column.values))
                found = to_merged[column.codes]
                if column.present is not None:
                    found[~column.present] = -1
                codes[base : base + segment.doc_count_all] = found
            return Keywords(codes, known)

        return self.keep((field, "keywords"), make)

    def values(self, field: str, docs: Sequence[int]) -> list[bytes]:
        """The byte strings of some documents, read one by one: for columns of which each value is unique."""
        columns = self.keep(
            (field, "columns"), lambda: [cast(BytesColumn | None, segment.column(field)) for segment in self.segments]
        )
        out = []
        for doc in docs:
            s = bisect_right(self.bases, doc) - 1
            column = columns[s]
            out.append(b"" if column is None else column.values[int(column.codes[doc - self.bases[s]])])
        return out


def merge(postings: Postings, universe: int) -> Postings:
    """Postings of several terms as of one: each document once, its frequencies added up."""
    if not len(postings.docs):
        return postings
    freqs = np.bincount(postings.docs, postings.freqs, universe).astype(np.float64, copy=False)
    members = np.zeros(universe, np.bool_)
    members[postings.docs] = True
    docs = np.flatnonzero(members)
    return Postings(docs, freqs[docs], postings.df)
