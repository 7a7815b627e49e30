"""Several segments as one: global document numbers, merged columns, decoded postings.

A search over arrays pays for calls, not for elements, so asking S segments one by one costs S times as much. A ``View``
joins what a question touches into one array per term and column, once, and keeps it. It is one consistent state of the
index and never changes; a commit makes a new one, which takes over what it knows about segments that both hold.

Document ``d`` of segment ``s`` has the number ``bases[s] + d``, as in a Whoosh ``MultiReader``.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from .cache import ArrayCache
from .codec import SegmentArrays
from .columns import BytesColumn, NumberColumn
from .docsets import Docs
from .terms import Part, Postings, Span, Term, Text

T = TypeVar("T")


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
    parts: Sequence[Part]
    #: None unless all parts have positions.
    text: Text | None


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
        self.cache: ArrayCache[Any] = ArrayCache(cache_bytes)
        self._fields: dict[str, _Field] = {}
        self._byte_columns: dict[str, list[BytesColumn | None]] = {}
        self._kept: dict[object, Any] = {}

    def keep(self, key: object, make: Callable[[], T]) -> T:
        """``make()``, computed once for this view: for arrays of one entry a document that no question changes."""
        value: T | None = self._kept.get(key)
        if value is None:
            value = self._kept[key] = make()
        return value

    # Postings

    def parts(self, field: str) -> Sequence[Part]:
        """The segments in which the field has terms."""
        return self._field(field).parts

    def text(self, field: str) -> Text:
        """The places of a field. Raises ``ValueError`` where a segment stores no positions."""
        text = (self._fields.get(field) or self._field(field)).text
        if text is None:
            raise ValueError(f"field {field!r} stores no positions")
        return text

    def _field(self, name: str) -> "_Field":
        found = self._fields.get(name)
        if found is None:
            parts, start = [], 0
            for base, segment in zip(self.bases, self.segments, strict=True):
                arrays = segment.field(name)
                if arrays is not None:
                    parts.append(Part(base, arrays, segment.deleted, start))
                    start += int(arrays.firsts[-1]) if arrays.has_positions else 0
            has_text = all(part.field.has_positions for part in parts)
            found = self._fields[name] = _Field(parts, Text(parts, self.size) if has_text else None)
        return found

    def term(self, field: str, term: bytes) -> Term:
        """One term; without postings when it is unknown."""
        key = field, term
        found: Term | None = self.cache.get(key)
        if found is None:
            parts, text = self._fields.get(field) or self._field(field)
            spans, count = [], 0
            for part in parts:
                i = part.field.find(term)
                if i >= 0:
                    spans.append(Span(part, i, i + 1))
                    count += part.field.count(i, i + 1)
            found = Term(spans, text, self.size, count)
            self.cache.put(key, found, found.nbytes)
        return found

    def prefix(self, field: str, prefix: bytes) -> Term:
        """All terms that begin with ``prefix`` as if they were one."""
        key = field, prefix, "prefix"
        found: Term | None = self.cache.get(key)
        if found is None:
            parts, text = self._field(field)
            found = self._range([Span(part, *part.field.prefix(prefix)) for part in parts], text)
            self.cache.put(key, found, found.nbytes)
        return found

    def postings(self, field: str, term: bytes) -> Postings:
        """The postings of one term; empty when it is unknown."""
        return self.term(field, term).postings

    def _range(self, spans: Sequence[Span], text: Text | None) -> Term:
        spans = [span for span in spans if span.i < span.j]
        return Term(spans, text, self.size, sum(span.part.field.count(span.i, span.j) for span in spans))

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
                places = np.flatnonzero(holders == s)
                for place, value in zip(places.tolist(), column.of(docs[places] - self.bases[s]), strict=True):
                    out[place] = value
        return out
