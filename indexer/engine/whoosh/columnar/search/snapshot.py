"""Several segments as one: global document numbers, merged columns, decoded postings.

A search over arrays pays for calls, not for elements, so asking S segments one by one costs S times as much. A
``Snapshot`` (Lucene: an IndexReader over a commit) joins what a question touches into one array for each term and
column, once, and keeps it. It is one consistent state of the index and never changes; a commit makes a new one.

Document ``d`` of segment ``s`` has the number ``bases[s] + d``, as in a Whoosh ``MultiReader``.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.search.cache import ArrayCache
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.positions import FieldSegment, PositionSpace, Postings
from indexer.engine.whoosh.columnar.search.terms import Term, TermRange
from indexer.engine.whoosh.columnar.storage.doc_values import BytesColumn, NumberColumn
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader

T = TypeVar("T")


class Segment(Protocol):
    """What a snapshot reads of a segment; ``codec.SegmentArrays`` has it. The search needs nothing of the codec."""

    doc_count_all: int

    @property
    def deleted(self) -> NDArray[np.bool_] | None: ...
    def field(self, name: str, /) -> FieldReader | None: ...
    def column(self, name: str, /) -> NumberColumn | BytesColumn | None: ...


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


class _Field(NamedTuple):
    segments: Sequence[FieldSegment]
    space: PositionSpace | None
    """None unless all segments have positions."""


class Snapshot:
    """One committed state of an index. ``cache_bytes`` bounds what is kept of decoded postings.

    ``size`` is the number of documents, deleted ones included: every document number is below it.
    """

    def __init__(self, segments: Sequence[Segment], cache_bytes: int = 64 << 20) -> None:
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
        self.cache: ArrayCache[Any] = ArrayCache(cache_bytes)
        self._fields: dict[str, _Field] = {}
        self._byte_columns: dict[str, list[BytesColumn | None]] = {}
        self._memo: dict[object, Any] = {}

    def memo(self, key: object, make: Callable[[], T]) -> T:
        """``make()``, computed once for this snapshot: for arrays over all documents, which no question changes."""
        value: T | None = self._memo.get(key)
        if value is None:
            value = self._memo[key] = make()
        return value

    def space(self, field: str) -> PositionSpace:
        """The positions of a field. Raises ``ValueError`` where a segment stores none."""
        space = (self._fields.get(field) or self._field(field)).space
        if space is None:
            raise ValueError(f"field {field!r} stores no positions")
        return space

    def _field(self, name: str) -> _Field:
        found = self._fields.get(name)
        if found is None:
            parts, start = [], 0
            for base, segment in zip(self.bases, self.segments, strict=True):
                field = segment.field(name)
                if field is not None:
                    parts.append(FieldSegment(base, field, segment.deleted, start))
                    start += int(field.doc_starts[-1]) if field.has_positions else 0
            has_positions = all(part.field.has_positions for part in parts)
            made = _Field(parts, PositionSpace(parts, self.size) if has_positions else None)
            # Of two threads that ask at once both take the first: positions of two spaces cannot be compared.
            found = self._fields.setdefault(name, made)
        return found

    def term(self, field: str, term: bytes) -> Term:
        """One term; without postings when it is unknown."""
        key = field, term
        found: Term | None = self.cache.get(key)
        if found is None:
            segments, space = self._fields.get(field) or self._field(field)
            ranges, count = [], 0
            for segment in segments:
                i = segment.field.find(term)
                if i >= 0:
                    ranges.append(TermRange(segment, i, i + 1))
                    count += segment.field.count(i, i + 1)
            found = Term(ranges, space, self.size, count)
            self.cache.put(key, found, found.nbytes)
        return found

    def prefix(self, field: str, prefix: bytes) -> Term:
        """All terms that begin with ``prefix`` as if they were one."""
        key = field, prefix, "prefix"
        found: Term | None = self.cache.get(key)
        if found is None:
            found = self._prefix(field, prefix)
            self.cache.put(key, found, found.nbytes)
        return found

    def prefix_postings(self, field: str, prefix: bytes) -> Postings:
        """The postings of these terms as if they were one, without keeping their positions, which are many more."""
        key = field, prefix, "postings"
        found: Postings | None = self.cache.get(key)
        if found is None:
            found = self._prefix(field, prefix).postings
            self.cache.put(key, found, found.docs.nbytes + found.freqs.nbytes)
        return found

    def _prefix(self, field: str, prefix: bytes) -> Term:
        segments, space = self._fields.get(field) or self._field(field)
        ranges = [TermRange(segment, *segment.field.prefix(prefix)) for segment in segments]
        ranges = [terms for terms in ranges if terms.i < terms.j]
        count = sum(terms.segment.field.count(terms.i, terms.j) for terms in ranges)
        return Term(ranges, space, self.size, count)

    def postings(self, field: str, term: bytes) -> Postings:
        """The postings of one term; empty when it is unknown."""
        return self.term(field, term).postings

    def lengths(self, field: str) -> NDArray[np.int64]:
        """Tokens of the field in each document, shape (size,); zero where the field has none or isn't scorable."""

        def make() -> NDArray[np.int64]:
            lengths = np.zeros(self.size, np.int64)
            for part in self._field(field).segments:
                found = part.field.lengths
                if found is not None:
                    lengths[part.base : part.base + len(found)] = found
            return lengths

        return self.memo((field, "lengths"), make)

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

        return self.memo((field, "numbers"), make)

    def keywords(self, field: str) -> Keywords:
        """A column of byte strings with few values: all of them are read."""

        def make() -> Keywords:
            columns = [cast(BytesColumn | None, segment.column(field)) for segment in self.segments]
            known = sorted({value for column in columns if column is not None for value in column.values})
            numbers = {value: code for code, value in enumerate(known)}
            codes = np.full(self.size, -1, np.intp)
            for base, segment, column in zip(self.bases, self.segments, columns, strict=True):
                if column is None or not len(column.values):
                    continue
                to_merged = np.fromiter((numbers[value] for value in column.values), np.intp, len(column.values))
                found = to_merged[column.codes]
                if column.present is not None:
                    found[~column.present] = -1
                codes[base : base + segment.doc_count_all] = found
            return Keywords(codes, known)

        return self.memo((field, "keywords"), make)

    def values(self, field: str, docs: Docs) -> list[bytes]:
        """The byte strings of some documents: for columns of which each value is unique."""
        columns: list[BytesColumn | None] | None = self._byte_columns.get(field)
        if columns is None:
            columns = [cast(BytesColumn | None, segment.column(field)) for segment in self.segments]
            self._byte_columns[field] = columns
        if len(columns) == 1 and columns[0] is not None:
            return columns[0].of(docs)
        out = [b""] * len(docs)
        holders = np.searchsorted(self.bases, docs, side="right") - 1
        for s in np.unique(holders).tolist():
            column = columns[s]
            if column is not None:
                entries = np.flatnonzero(holders == s)
                for entry, value in zip(entries.tolist(), column.of(docs[entries] - self.bases[s]), strict=True):
                    out[entry] = value
        return out
