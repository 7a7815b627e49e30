"""The writer: Whoosh's own interface, and batches of analysed documents.

Documents gather in a *segment buffer*, arrays in memory; when one is full, another thread sorts it and writes it as a
segment of its own while the next one gathers. A commit merges the segments of this writer into one and, by
``merge_policy``, that with older ones. So a commit of a few documents costs what they cost and not what the index
holds, and memory depends on ``limitmb`` alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from whoosh.index import TOC, FileIndex, LockError
from whoosh.reading import IndexReader, MultiReader, SegmentReader
from whoosh.writing import IndexingError, SegmentWriter

from indexer.engine.whoosh.columnar.codec.codec import ColumnarCodec, ColumnarSegment
from indexer.engine.whoosh.columnar.codec.per_document import PerDocumentWriter
from indexer.engine.whoosh.columnar.codec.segment_arrays import SegmentArrays, segment_arrays
from indexer.engine.whoosh.columnar.indexing import merge_policy
from indexer.engine.whoosh.columnar.indexing.batch import Column, DocumentBatch, Field
from indexer.engine.whoosh.columnar.indexing.commit import clean_up, discard, write_commit
from indexer.engine.whoosh.columnar.indexing.flush import Flusher
from indexer.engine.whoosh.columnar.indexing.merge import merge_segments
from indexer.engine.whoosh.columnar.indexing.segment_buffer import SegmentBuffer

MergePolicy = Callable[[Any, list[ColumnarSegment]], list[ColumnarSegment]]
"""A merge policy of Whoosh: takes the writer and its segments, gives the segments to keep."""


class ColumnarWriter(SegmentWriter):
    """Adds, updates and deletes documents of a ``ColumnarIndex``, one at a time or in batches."""

    def __init__(
        self, ix: FileIndex, *, timeout: float = 0.0, delay: float = 0.1, limitmb: int = 256, **options: Any
    ) -> None:
        """Takes the index's write lock, waiting up to ``timeout`` seconds for it; raises Whoosh's ``LockError``.

        ``limitmb`` bounds the memory, in MiB, that documents take until they are flushed as a segment, of which one
        gathers while another is written. With 256 the process stays below 620 MB while 60,000 articles of 1,260
        characters are analysed and added (words and character pairs with positions, a dictionary of 130 MB), and
        reaches 860 MB while their segments are merged, 280 MB of it mapped files.
        """
        try:
            super().__init__(ix, timeout=timeout, delay=delay, codec=ColumnarCodec(), compound=False, **options)
        except LockError:
            raise
        except BaseException:
            # Whoosh reads the table of contents while it holds the lock, and makes a folder.
            with suppress(Exception):
                self.writelock.release()
            raise
        # One buffer is written while another gathers.
        self._limit = (limitmb << 20) // 2
        self._flusher = Flusher(self.storage)
        self._written: list[ColumnarSegment] = []
        self._opened: dict[str, SegmentArrays] = {}
        self._begin()

    def _begin(self) -> None:
        self.newsegment = ColumnarSegment(self.indexname)
        self.perdocwriter = PerDocumentWriter(self.storage, self.newsegment, durable=False)
        self._buffer = SegmentBuffer(self.schema)
        self.pool: Any = self._buffer
        self.docnum = 0
        self._added = False

    def add_document(self, **fields: Any) -> None:
        """As in Whoosh. Either the whole document is added or, when this raises, nothing of it."""
        if self._buffer.has_tokens(fields):
            self.flush()
        try:
            super().add_document(**fields)
        except BaseException:
            self.perdocwriter.cancel_doc()
            self._buffer.forget()
            raise
        self._buffer.accept(self.docnum)
        self._flush_if_full()

    def add_batch(
        self,
        fields: Mapping[str, Field],
        columns: Mapping[str, Column] | None = None,
        stored: Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Add documents and return how many.

        ``fields`` gives for each indexed field either analysed tokens or one value for each document, which the
        field then analyses itself (None for none). ``columns`` gives the values of sortable fields as Whoosh's
        columns hold them (numbers; bytes; microseconds for dates; None for none); a sortable field that is only in
        ``fields``, with values, gets its column from them. ``stored`` gives the stored fields of each document.
        Raises ``ValueError`` when they are of different numbers of documents, ``UnknownFieldError`` for a field that
        is not in the schema; nothing is added then.
        """
        self._check_state()
        columns = columns or {}
        self._check_fields(self.schema, [*fields, *columns])
        batch = DocumentBatch.of(self.schema, fields, columns, stored)
        if batch.count:
            self._add_batch(batch)
        return batch.count

    def _add_batch(self, batch: DocumentBatch) -> None:
        tokens = batch.tokens
        if self._buffer.has_values(tokens) or self._buffer.has_tokens(batch.values):
            self.flush()
        if not self._buffer.fits(self.schema, tokens, self.docnum):
            self.flush()
            if not self._buffer.fits(self.schema, tokens, 0) and batch.count > 1:
                for half in batch.halves():
                    self._add_batch(half)
                return
        batch.add_to(self.schema, self.docnum, self.perdocwriter, self._buffer)
        self._added = True
        self.docnum += batch.count
        self._flush_if_full()

    def update_document(self, **fields: Any) -> None:
        """As in Whoosh, but replaces documents of this writer too, not only committed ones."""
        for name in self._unique_fields(fields):
            self.delete_by_terms(name, [fields[name]])
        self.add_document(**fields)

    def delete_by_terms(self, fieldname: str, values: Iterable[Any]) -> int:
        """Delete all documents that have one of these terms in a field, also those of this writer that are not
        committed yet; returns how many. Made for the unique keys of many updates: there is no query for each."""
        self._check_state()
        texts = [self.schema[fieldname].to_bytes(value) for value in values]
        if self._buffer.has_terms(fieldname, texts):
            self.flush()
        if self._flusher.is_writing(fieldname, texts):
            self._flusher.settle()
        deleted = 0
        for segment in [*self.segments, *self._flusher.segments]:
            field = self._open(segment).field(fieldname)
            if field is None:
                continue
            before = segment.deleted_count()
            for i in filter(lambda i: i >= 0, map(field.find, texts)):
                for doc in field.docs(i, i + 1).tolist():
                    segment.delete_document(doc)
            deleted += segment.deleted_count() - before
        return deleted

    def add_reader(self, reader: IndexReader) -> None:
        """Add the documents of another index."""
        self._check_state()
        leaves = reader.readers if isinstance(reader, MultiReader) else [reader]
        for leaf in leaves:
            found = segment_arrays(leaf)
            if found is None:
                super().add_reader(leaf)
                self._buffer.accept(self.docnum)
                self._flush_if_full()
            else:
                self.flush()
                self._flusher.settle()
                self._flusher.segments.append(self._merge([found]))

    def _open(self, segment: ColumnarSegment) -> SegmentArrays:
        found = self._opened.get(segment.segment_id())
        if found is None:
            found = segment_arrays(SegmentReader(self.storage, self.schema, segment))
            if found is None:
                raise IndexingError(f"segment {segment.segment_id()} was written by another codec")
            self._opened[segment.segment_id()] = found
        return found

    def _flush_if_full(self) -> None:
        if self._buffer.memory + self.perdocwriter.memory > self._limit:
            self.flush()

    def flush(self) -> None:
        """Have the documents so far written to the disk as a segment, uncommitted.

        Another thread writes it; a later call, at the latest ``commit``, raises what goes wrong there.
        """
        if self._added:
            self._written.append(self.newsegment)
            self._flusher.start(self.newsegment, self.perdocwriter, self._buffer)
            self._begin()

    def commit(  # As Whoosh's own SegmentWriter.commit.
        self, mergetype: MergePolicy | None = None, optimize: bool | None = None, merge: bool | None = None
    ) -> None:
        """Finish: all that was added and deleted becomes visible at once, also after a crash, or not at all.

        As in Whoosh: ``merge=False`` leaves older segments as they are, ``optimize`` merges all into one,
        ``mergetype`` is a policy that the program brings.
        """
        self._check_state()
        try:
            policy = mergetype if mergetype is not None else self.mergetype
            old = list(self.segments)
            if policy is not None:
                old = list(policy(self, old))
            self.flush()
            self._flusher.settle()
            added = self._flusher.segments
            optimize = self.optimize if optimize is None else optimize
            merge = self.merge if merge is None else merge
            if policy is not None or (not merge and not optimize):
                final = [*old, *self._merged([added])]
            elif optimize:
                final = self._merged([[*old, *added]], purge=True)
            else:
                final = self._merged(merge_policy.groups(old, added))
            self._flusher.close()
            self.perdocwriter.discard()
            toc = TOC(self.schema, final, self.generation)
            write_commit(self.storage, self.indexname, toc, [segment for segment in final if segment in self._written])
            self._written = []
            clean_up(self.storage, self.indexname, toc)
        except BaseException:
            try:
                self._abandon()
            finally:
                self._finish()
            raise
        self._finish()

    def _merged(self, groups: Iterable[Sequence[ColumnarSegment]], *, purge: bool = False) -> list[ColumnarSegment]:
        """One segment for each group, or none for a group without documents. ``purge`` rewrites a segment for one
        deleted document or a field that the schema no longer has; otherwise ``merge_policy`` decides."""
        out: list[ColumnarSegment] = []
        for group in groups:
            living = [segment for segment in group if segment.doc_count()]
            if len(living) > 1 or (living and self._needs_rewrite(living[0], purge)):
                out.append(self._merge([self._open(segment) for segment in living]))
            else:
                out += living
        return out

    def _needs_rewrite(self, segment: ColumnarSegment, purge: bool) -> bool:
        if purge:
            return segment.has_deletions() or any(name not in self.schema for name in self._open(segment).all_names())
        return merge_policy.needs_rewrite(segment)

    def _merge(self, segments: Sequence[SegmentArrays]) -> ColumnarSegment:
        target = ColumnarSegment(self.indexname)
        self._written.append(target)
        merge_segments(self.storage, self.schema, segments, target)
        return target

    def cancel(self) -> None:  # As Whoosh's own SegmentWriter.cancel.
        """Drop all that was added and deleted."""
        self._check_state()
        try:
            self._abandon()
        finally:
            self._finish()

    def _finish(self) -> None:
        """As Whoosh's own, but what cannot be removed waits for the next writer: the commit stands, or not, already."""
        self._cleanup_on_error()

    def _abandon(self) -> None:
        self._flusher.close()
        if not self.perdocwriter.is_closed:
            self.perdocwriter.discard()
        discard(self.storage, self.indexname, self.generation, self._written)
        self._written = []
