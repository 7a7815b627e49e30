"""Merging segments without a Python step for each posting."""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import offsets_of, slices
from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment
from indexer.engine.whoosh.columnar.codec.compat import Schema, Storage
from indexer.engine.whoosh.columnar.codec.per_document import PerDocumentReader, PerDocumentWriter, drop_stored
from indexer.engine.whoosh.columnar.codec.posting_values import all_values
from indexer.engine.whoosh.columnar.codec.segment_arrays import SegmentArrays
from indexer.engine.whoosh.columnar.codec.terms import KIND, TERMS_EXT
from indexer.engine.whoosh.columnar.storage.container import ContainerWriter
from indexer.engine.whoosh.columnar.storage.doc_values import BytesColumn, BytesWriter, NumberColumn, NumberWriter
from indexer.engine.whoosh.columnar.storage.postings import Layout, TermPostings
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader
from indexer.engine.whoosh.columnar.storage.postings_writer import PostingsWriter
from indexer.engine.whoosh.columnar.storage.small_ints import I64, U32

_CHUNK = 1 << 19
"""Postings or tokens merged at a time, to bound memory: about 100 bytes each."""
_AT_ONCE = 2
"""So many chunks are merged by threads at a time, and so many wait to be written: NumPy lets other threads run."""
_DOCS_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class _Source:
    """A segment to merge, with the new number of every document; deleted ones have none (``kept`` is False)."""

    arrays: SegmentArrays
    new_docs: U32
    kept: NDArray[np.bool_] | None

    @property
    def documents(self) -> PerDocumentReader:
        return self.arrays.documents


def merge_segments(
    storage: Storage, schema: Schema, segments: Sequence[SegmentArrays], target: ColumnarSegment
) -> None:
    """Write ``target`` with the undeleted documents of ``segments``, in their order.

    Fields that the schema no longer has are left out. Nothing is flushed to the disk: the caller syncs the files of
    what it commits.
    """
    sources = _number(segments)
    with PerDocumentWriter(storage, target, durable=False) as documents:
        for source in sources:
            _merge_stored(source, schema, documents)
        for source in sources:
            _merge_columns(source, schema, documents)
        documents.close()
    target.set_doc_count(documents.doc_count)

    with ContainerWriter(storage, target.make_filename(TERMS_EXT), KIND, target.segment_id()) as out:
        out.meta["fields"] = {}
        names = {name for source in sources for name in source.arrays.field_names() if name in schema}
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            for name in sorted(names):
                _merge_field(name, sources, out, pool)
        out.finish(durable=False)


def _number(segments: Sequence[SegmentArrays]) -> list[_Source]:
    sources, base = [], 0
    for arrays in segments:
        deleted = arrays.deleted
        if deleted is None:
            new_docs = np.arange(base, base + arrays.doc_count_all, dtype=np.uint32)
            sources.append(_Source(arrays, new_docs, None))
            base += arrays.doc_count_all
        else:
            kept = ~deleted
            new_docs = (np.cumsum(kept) + (base - 1)).astype(np.uint32)
            sources.append(_Source(arrays, new_docs, kept))
            base += int(kept.sum())
    return sources


def _merge_stored(source: _Source, schema: Schema, out: PerDocumentWriter) -> None:
    documents = source.documents
    total = documents.doc_count_all()
    gone = {name for name in documents.stored_names() if name not in schema}
    lengths = {name: documents.lengths(name) for name in documents.length_fields() if name in schema}
    for start in range(0, total, _DOCS_AT_ONCE):
        stop = min(start + _DOCS_AT_ONCE, total)
        stored = documents.stored_bytes(start, stop)
        kept = np.ones(stop - start, np.bool_) if source.kept is None else source.kept[start:stop]
        stored = [data for data, keep in zip(stored, kept.tolist(), strict=True) if keep]
        if gone:
            stored = [drop_stored(data, gone) for data in stored]
        parts = {name: values[start:stop][kept] for name, values in lengths.items() if values is not None}
        out.add_documents(stored, parts)
    out.note_stored_names(documents.stored_names() - gone)


def _merge_columns(source: _Source, schema: Schema, out: PerDocumentWriter) -> None:
    documents = source.documents
    for name, field in schema.items():
        column = field.column_type
        if column and documents.has_column(name):
            writer = out.column(name, column)
            found = documents.column(name)
            if isinstance(found, NumberColumn) and isinstance(writer, NumberWriter):
                chosen = _chosen(source, found.present)
                writer.extend(source.new_docs[chosen], found.values[chosen])
            elif isinstance(found, BytesColumn) and isinstance(writer, BytesWriter):
                chosen = _chosen(source, found.present)
                writer.extend_coded(source.new_docs[chosen], found.codes[chosen], found.values)
            else:
                reader = documents.column_reader(name, column)
                for doc in _chosen(source, None).tolist():
                    writer.add(int(source.new_docs[doc]), reader[doc])
    for name in documents.vector_fields():
        if name in schema and schema[name].vector:
            vectors = documents.vector_bytes(name)
            new = {int(source.new_docs[doc]): vectors[doc] for doc in _chosen(source, None).tolist()}
            out.add_vectors(name, {doc: data for doc, data in new.items() if data})


def _chosen(source: _Source, present: NDArray[np.bool_] | None) -> I64:
    """The documents, by their old numbers, that are kept and have a value."""
    if source.kept is None:
        return np.arange(len(source.new_docs)) if present is None else np.flatnonzero(present)
    return np.flatnonzero(source.kept if present is None else source.kept & present)


def _merge_field(name: str, sources: Sequence[_Source], out: ContainerWriter, pool: Executor) -> None:
    parts = [(source, field) for source in sources if (field := source.arrays.field(name)) is not None]
    layout = parts[0][1].layout
    for _, field in parts[1:]:
        layout |= field.layout

    def merge(ranges: list[tuple[int, int]]) -> TermPostings:
        pieces = [_piece(source, field, i, j, layout) for (source, field), (i, j) in zip(parts, ranges, strict=True)]
        return _interleave(pieces, layout)

    writer = PostingsWriter(out, name, layout, _spans(name, sources, positions=layout.positions))
    waiting: deque[Future[TermPostings]] = deque()
    for ranges in _chunks([field for _, field in parts]):
        if len(waiting) == _AT_ONCE:
            writer.append(waiting.popleft().result())
        waiting.append(pool.submit(merge, ranges))
    for merged in waiting:
        writer.append(merged.result())
    writer.finish()


def _spans(name: str, sources: Sequence[_Source], *, positions: bool) -> I64:
    """The positions that each document of the merged field takes."""
    parts = []
    for source in sources:
        field = source.arrays.field(name)
        spans = np.zeros(source.arrays.doc_count_all, np.int64)
        if positions and field is not None:
            # The last position of a document is free, and a file may know of fewer documents than there are.
            sizes = np.diff(field.doc_starts)
            spans[: len(sizes)] = np.maximum(sizes - 1, 0)
        parts.append(spans if source.kept is None else spans[source.kept])
    return np.concatenate(parts)


def _chunks(fields: Sequence[FieldReader]) -> Iterator[list[tuple[int, int]]]:
    """Cut the terms of all fields at the same terms, so that each piece is about ``_CHUNK`` tokens."""
    largest = max(fields, key=lambda field: field.posting_count)
    total = sum(field.token_count if field.has_positions else field.posting_count for field in fields)
    count = max(1, -(-total // _CHUNK))
    cuts: list[int] = []
    if count > 1:
        offsets = largest.posting_offsets
        targets = np.linspace(0, largest.posting_count, count + 1)[1:-1]
        cuts = np.unique(np.searchsorted(offsets, targets)).tolist()
    starts = [0] * len(fields)
    for cut in cuts:
        if 0 < cut < largest.term_count:
            term = largest.term(cut)
            stops = [field.range(term, None)[0] for field in fields]
            yield list(zip(starts, stops, strict=True))
            starts = stops
    yield [(start, field.term_count) for start, field in zip(starts, fields, strict=True)]


def _piece(source: _Source, field: FieldReader, i: int, j: int, layout: Layout) -> TermPostings:
    """Terms ``i`` to ``j`` with the new document numbers, deleted documents left out, everything in ``layout``."""
    piece = field.postings(i, j)
    if layout.freqs and piece.freqs is None:
        piece.freqs = np.ones(len(piece.docs), np.uint32)
    if layout.weights and piece.weights is None:
        piece.weights = field.weights(i, j)
    if layout.values and piece.values is None:
        piece.values = all_values(piece, field.layout)
    if not layout.positions:
        piece.positions = None
    if source.kept is not None:
        keep = source.kept[piece.docs]
        if piece.positions is not None and piece.freqs is not None:
            piece.positions = piece.positions[np.repeat(keep, piece.freqs)]
        owners = np.repeat(np.arange(len(piece.dfs)), piece.dfs)
        piece.dfs = np.bincount(owners[keep], minlength=len(piece.dfs)).astype(np.uint32)
        piece.docs = piece.docs[keep]
        piece.freqs = None if piece.freqs is None else piece.freqs[keep]
        piece.weights = None if piece.weights is None else piece.weights[keep]
        if piece.values is not None:
            piece.values = [value for value, good in zip(piece.values, keep.tolist(), strict=True) if good]
    piece.docs = source.new_docs[piece.docs]
    return piece


def _interleave(pieces: Sequence[TermPostings], layout: Layout) -> TermPostings:
    """Join pieces whose documents follow each other, term by term."""
    if len(pieces) == 1:
        return _drop_empty(pieces[0])
    # The pieces are sorted already, so this only merges them.
    terms = list(dict.fromkeys(sorted(chain.from_iterable(piece.terms for piece in pieces))))
    numbers = dict(zip(terms, count(), strict=False))
    owners = [np.fromiter(map(numbers.__getitem__, piece.terms), np.int64, len(piece.terms)) for piece in pieces]
    total, targets = _targets([piece.dfs for piece in pieces], owners, len(terms))
    size = int(total.sum())

    docs = np.empty(size, np.uint32)
    freqs = np.empty(size, np.uint32) if layout.freqs else None
    weights = np.empty(size, np.float32) if layout.weights else None
    values: list[bytes] | None = [b""] * size if layout.values else None
    for target, piece in zip(targets, pieces, strict=True):
        docs[target] = piece.docs
        if freqs is not None and piece.freqs is not None:
            freqs[target] = piece.freqs
        if weights is not None and piece.weights is not None:
            weights[target] = piece.weights
        if values is not None and piece.values is not None:
            for k, value in zip(target.tolist(), piece.values, strict=True):
                values[k] = value
    positions = None
    if layout.positions and freqs is not None:
        # Positions of one term in one piece stay together.
        tokens, targets = _targets([_tokens(piece) for piece in pieces], owners, len(terms))
        positions = np.empty(int(tokens.sum()), np.uint32)
        for target, piece in zip(targets, pieces, strict=True):
            assert piece.positions is not None
            positions[target] = piece.positions
    return _drop_empty(TermPostings(terms, total.astype(np.uint32), docs, freqs, positions, weights, values))


def _targets(counts: Sequence[NDArray[Any]], owners: Sequence[I64], size: int) -> tuple[I64, list[I64]]:
    """How many entries all pieces have of each of ``size`` terms, and the index of each piece's entries when all are
    laid out by term and then by piece.

    ``counts`` are the numbers of entries of each piece's own terms, ``owners`` the numbers of these terms.
    """
    table = np.zeros((len(counts), size), np.int64)
    for row, owner, own in zip(table, owners, counts, strict=True):
        row[owner] = own
    total = table.sum(axis=0)
    begins = (np.cumsum(total) - total) + (np.cumsum(table, axis=0) - table)
    return total, [slices(row[owner], own) for row, owner, own in zip(begins, owners, counts, strict=True)]


def _tokens(piece: TermPostings) -> I64:
    """How often each term stands in the documents of a piece."""
    assert piece.freqs is not None
    tokens: I64 = np.diff(offsets_of(piece.freqs)[offsets_of(piece.dfs)])
    return tokens


def _drop_empty(postings: TermPostings) -> TermPostings:
    """Leave out the terms of which only deleted documents had any."""
    if not postings.dfs.all():
        keep = postings.dfs > 0
        postings.terms = [term for term, good in zip(postings.terms, keep.tolist(), strict=True) if good]
        postings.dfs = postings.dfs[keep]
    return postings
