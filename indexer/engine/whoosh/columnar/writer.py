"""The writer: Whoosh's own interface, and batches of analysed documents.

Documents gather in a *run*, arrays in memory; when a run is full, another thread sorts it and writes it as a segment of
its own while the next one gathers. A commit merges the runs of this writer into one segment and, by ``merge.plan``,
that with older ones. So a commit of a few documents costs what they cost and not what the index holds, and memory
depends on ``limitmb`` alone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from whoosh.filedb.filestore import Storage
from whoosh.index import TOC, EmptyIndexError, FileIndex, clean_files
from whoosh.reading import IndexReader, MultiReader, SegmentReader
from whoosh.writing import IndexingError, SegmentWriter

from indexer.tokens import Tokens

from .codec import TERMS_EXT, ColumnarCodec, SegmentArrays, segment_arrays
from .columns import BytesWriter, NumberWriter, OtherWriter
from .documents import DOCUMENTS_EXT, DocumentsWriter, pickle_stored
from .errors import CorruptIndex
from .merge import DELETED_SHARE, merge_segments, plan
from .run import Items, Run
from .segment import ColumnarSegment
from .toc import sync_files, write_toc
from .tokens import check as check_tokens

#: A Whoosh merge policy: takes the writer and its segments, gives the segments to keep.
MergePolicy = Callable[[Any, list[ColumnarSegment]], list[ColumnarSegment]]


class _Writing(NamedTuple):
    """A run that is being written."""

    segment: ColumnarSegment
    run: Run
    done: Future[None]


class ColumnarWriter(SegmentWriter):
    """Adds, updates and deletes documents of a ``ColumnarIndex``, one at a time or in batches."""

    def __init__(
        self, ix: FileIndex, *, timeout: float = 0.0, delay: float = 0.1, limitmb: int = 256, **options: Any
    ) -> None:
        """Takes the index's write lock, waiting up to ``timeout`` seconds for it; raises Whoosh's ``LockError``.

        ``limitmb`` bounds the memory, in MiB, that documents take until they are written out as a run, of which one
        gathers while another is written. With 256 the process stays below 620 MB while 60,000 articles of 1,260
        characters are analysed and added (words and character pairs with positions, a dictionary of 130 MB), and
        reaches 860 MB while their runs are merged, 280 MB of it mapped files.
        """
        try:
            super().__init__(ix, timeout=timeout, delay=delay, codec=ColumnarCodec(), compound=False, **options)
        except (CorruptIndex, EmptyIndexError):
            # Whoosh reads the table of contents with the lock in hand.
            self.writelock.release()
            raise
        # One run is written while another gathers.
        self._limit = (limitmb << 20) // 2
        self._thread = ThreadPoolExecutor(1)
        self._writing: _Writing | None = None
        self._written: list[ColumnarSegment] = []
        self._runs: list[ColumnarSegment] = []
        self._opened: dict[str, SegmentArrays] = {}
        self._begin()

    # Adding documents one by one

    def add_document(self, **fields: Any) -> None:
        """As in Whoosh. Either the whole document is added or, when this raises, nothing of it."""
        if self._run.has_tokens(fields):
            self.flush()
        try:
            super().add_document(**fields)
        except BaseException:
            self.perdocwriter.cancel_doc()
            self._run.forget()
            raise
        self._run.accept(self.docnum)
        self._flush_if_full()

    # Adding documents in batches

    def add_batch(
        self,
        fields: Mapping[str, "Tokens | Sequence[Any]"],
        columns: Mapping[str, "NDArray[Any] | Sequence[Any]"] | None = None,
        stored: Sequence[Mapping[str, Any]] | None = None,
    ) -> int:
        """Add documents and return how many.

        ``fields`` gives for each indexed field either analysed tokens or one value for each document, which the
        field then analyses itself (None for none). ``columns`` gives the values of sortable fields as Whoosh's
        columns hold them (numbers; bytes; microseconds for dates; None for none); a sortable field that is only in
        ``fields``, with values, gets its column from them. ``stored`` gives the stored fields of each document.
        Raises ``ValueError`` when they don't tell of the same number of documents, ``UnknownFieldError`` for a field
        that is not in the schema; nothing is added then.
        """
        self._check_state()
        columns = columns or {}
        self._check_fields(self.schema, [*fields, *columns])
        for name in columns:
            if not self.schema[name].column_type:
                raise ValueError(f"field {name!r} is not sortable: it has no column")
        sizes = {_size(given) for given in (*fields.values(), *columns.values(), *([] if stored is None else [stored]))}
        if len(sizes) != 1:
            raise ValueError(f"the parts of a batch are of different lengths: {sorted(sizes)}")
        count = sizes.pop()
        if count == 0:
            return 0
        tokens = {name: given for name, given in fields.items() if not isinstance(given, Sequence)}
        if self._run.has_values(tokens) or self._run.has_tokens(fields.keys() - tokens.keys()):
            self.flush()
        if not self._run.fits(self.schema, tokens, self.docnum):
            self.flush()
            if not self._run.fits(self.schema, tokens, 0) and count > 1:
                half = count // 2
                for part in (slice(0, half), slice(half, count)):
                    self.add_batch(
                        {name: _part(given, part) for name, given in fields.items()},
                        {name: given[part] for name, given in columns.items()},
                        None if stored is None else stored[part],
                    )
                return count
        self._add(count, fields, columns, stored)
        self._added = True
        self.docnum += count
        self._flush_if_full()
        return count

    def _add(
        self,
        count: int,
        fields: Mapping[str, "Tokens | Sequence[Any]"],
        columns: Mapping[str, "NDArray[Any] | Sequence[Any]"],
        stored: Sequence[Mapping[str, Any]] | None,
    ) -> None:
        documents, base = self.perdocwriter, self.docnum
        # Whatever can fail because of what was given comes before anything is added.
        made = dict(columns)
        analysed: dict[str, list[Items]] = {}
        for name, given in fields.items():
            field = self.schema[name]
            if not isinstance(given, Sequence):
                check_tokens(name, given)
                continue
            analysed[name] = [[] if value is None else list(field.index(value)) for value in given]
            if field.column_type and name not in made:
                made[name] = [None if value is None else field.to_column_value(value) for value in given]
        pickled = [pickle_stored(row) for row in stored] if stored is not None else [b""] * count
        chosen: list[tuple[NumberWriter | BytesWriter | OtherWriter, NDArray[np.uint32], Any]] = []
        for name, values in made.items():
            docs = np.arange(base, base + count, dtype=np.uint32)
            if not isinstance(values, np.ndarray):
                present = [k for k, value in enumerate(values) if value is not None]
                docs, values = docs[present], [values[k] for k in present]
            if len(docs):
                column = documents.column(name, self.schema[name].column_type)
                column.check(values)
                chosen.append((column, docs, values))

        for column, docs, values in chosen:
            column.extend(docs, values)
        lengths: dict[str, NDArray[Any]] = {}
        for name, given in fields.items():
            field = self.schema[name]
            if isinstance(given, Sequence):
                sums = self._run.add_analysed(name, base, analysed[name])
            else:
                self._run.add_tokens(name, field, base, given)
                sums = np.diff(given.offsets)
            if field.scorable:
                lengths[name] = sums
        if stored is not None:
            documents.note_stored_names({name for row in stored for name in row})
        documents.add_documents(pickled, lengths)

    # Updating and deleting

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
        if self._run.has_terms(fieldname, texts):
            self.flush()
        if self._writing is not None and self._writing.run.has_terms(fieldname, texts):
            self._settle()
        deleted = 0
        for segment in [*self.segments, *self._runs]:
            field = self._open(segment).field(fieldname)
            if field is None:
                continue
            before = segment.deleted_count()
            for i in filter(lambda i: i >= 0, map(field.find, texts)):
                for doc in field.docs(i, i + 1).tolist():
                    segment.delete_document(doc)
            deleted += segment.deleted_count() - before
        return deleted

    def _open(self, segment: ColumnarSegment) -> SegmentArrays:
        found = self._opened.get(segment.segment_id())
        if found is None:
            found = segment_arrays(SegmentReader(self.storage, self.schema, segment))
            if found is None:
                raise IndexingError(f"segment {segment.segment_id()} was written by another codec")
            self._opened[segment.segment_id()] = found
        return found

    # Runs

    def _begin(self) -> None:
        self.newsegment = ColumnarSegment(self.indexname)
        self.perdocwriter = DocumentsWriter(self.storage, self.newsegment, durable=False)
        self._run = Run(self.schema)
        self.pool: Any = self._run
        self.docnum = 0
        self._added = False

    def _flush_if_full(self) -> None:
        if self._run.memory + self.perdocwriter.memory > self._limit:
            self.flush()

    def flush(self) -> None:
        """Have the documents so far written to the disk as a run, uncommitted.

        It is written by another thread, and what goes wrong there is raised by a later call, at last by ``commit``.
        """
        if not self._added:
            return
        self._settle()
        segment, documents, run = self.newsegment, self.perdocwriter, self._run
        self._written.append(segment)
        segment.set_doc_count(documents.doc_count)
        self._writing = _Writing(segment, run, self._thread.submit(_write, self.storage, segment, documents, run))
        self._begin()

    def _settle(self) -> None:
        """Wait for the run that is being written; raises what went wrong, as often as this is called."""
        if self._writing is not None:
            self._writing.done.result()
            self._runs.append(self._writing.segment)
            self._writing = None

    def add_reader(self, reader: IndexReader) -> None:
        """Add the documents of another index."""
        self._check_state()
        leaves = reader.readers if isinstance(reader, MultiReader) else [reader]
        for leaf in leaves:
            found = segment_arrays(leaf)
            if found is None:
                super().add_reader(leaf)
                self._run.accept(self.docnum)
                self._flush_if_full()
            else:
                self.flush()
                self._settle()
                target = ColumnarSegment(self.indexname)
                self._written.append(target)
                merge_segments(self.storage, self.schema, [found], target)
                self._runs.append(target)

    # Committing

    def commit(  # As Whoosh's own SegmentWriter.commit.
        self, mergetype: MergePolicy | None = None, optimize: bool | None = None, merge: bool | None = None
    ) -> None:
        """Finish: all that was added and deleted becomes visible at once, also after a crash, or not at all.

        As in Whoosh: ``merge=False`` leaves older segments as they are, ``optimize`` merges all into one,
        ``mergetype`` is a policy of one's own.
        """
        self._check_state()
        try:
            policy = mergetype if mergetype is not None else self.mergetype
            old = list(self.segments)
            if policy is not None:
                old = list(policy(self, old))
            self.flush()
            self._settle()
            optimize = self.optimize if optimize is None else optimize
            merge = self.merge if merge is None else merge
            if policy is not None or (not merge and not optimize):
                final = [*old, *self._merged([self._runs], purge=False)]
            elif optimize:
                final = self._merged([old + self._runs], purge=True)
            else:
                final = self._merged(_groups(old, self._runs), purge=False)
            self._commit(final)
        except BaseException:
            self._abandon()
            self._cleanup_on_error()
            raise
        self._finish()

    def _merged(self, groups: Sequence[Sequence[ColumnarSegment]], *, purge: bool) -> list[ColumnarSegment]:
        """One segment for each group, or none for a group without documents. ``purge`` rewrites a segment for one
        deleted document or a field that the schema has no more, else it takes a share of deleted documents."""
        out: list[ColumnarSegment] = []
        for group in groups:
            living = [segment for segment in group if segment.doc_count()]
            if len(living) == 1 and not self._needs_rewrite(living[0], purge):
                out.append(living[0])
            elif living:
                target = ColumnarSegment(self.indexname)
                self._written.append(target)
                merge_segments(self.storage, self.schema, [self._open(segment) for segment in living], target)
                out.append(target)
        return out

    def _needs_rewrite(self, segment: ColumnarSegment, purge: bool) -> bool:
        if purge:
            return segment.has_deletions() or any(name not in self.schema for name in self._open(segment).all_names())
        return segment.deleted_count() > DELETED_SHARE * segment.doc_count_all()

    def _commit(self, segments: list[ColumnarSegment]) -> None:
        new = [segment for segment in segments if segment in self._written]
        self._thread.shutdown()
        self.perdocwriter.discard()
        sync_files(self.storage, [name for segment in new for name in _file_names(segment)])
        write_toc(self.storage, self.indexname, TOC(self.schema, segments, self.generation))
        self._written = []
        for name in self.storage.list():
            if name.startswith(f"_{self.indexname}_") and name.endswith(".toc.tmp"):
                self.storage.delete_file(name)
        clean_files(self.storage, self.indexname, self.generation, segments)

    def cancel(self) -> None:  # As Whoosh's own SegmentWriter.cancel.
        """Drop all that was added and deleted."""
        self._check_state()
        self._abandon()
        self._finish()

    def _abandon(self) -> None:
        self._thread.shutdown()
        if not self.perdocwriter.is_closed:
            self.perdocwriter.discard()
        if TOC._latest_generation(self.storage, self.indexname) == self.generation:
            return  # What failed came after the commit: its files are in use now.
        for segment in self._written:
            for name in _file_names(segment):
                if self.storage.file_exists(name):
                    self.storage.delete_file(name)
        self._written = []


def _write(storage: Storage, segment: ColumnarSegment, documents: DocumentsWriter, run: Run) -> None:
    with documents:
        documents.close()
    run.write(storage, segment)


def _groups(old: Sequence[ColumnarSegment], runs: Sequence[ColumnarSegment]) -> list[list[ColumnarSegment]]:
    """Which segments become one: the runs of this writer, and what the policy merges."""
    added = sum(segment.doc_count() for segment in runs)
    sizes = [segment.doc_count() for segment in old] + ([added] if runs else [])
    members = [[segment] for segment in old] + ([list(runs)] if runs else [])
    merges = {group.start: group for group in plan(sizes)}
    groups: list[list[ColumnarSegment]] = []
    i = 0
    while i < len(members):
        group = merges.get(i, range(i, i + 1))
        groups.append([segment for member in members[group.start : group.stop] for segment in member])
        i = group.stop
    return groups


def _file_names(segment: ColumnarSegment) -> list[str]:
    return [segment.make_filename(ext) for ext in (DOCUMENTS_EXT, TERMS_EXT)]


def _size(given: Any) -> int:
    return len(given) if isinstance(given, Sequence | np.ndarray) else len(given.offsets) - 1


def _part(given: Any, part: slice) -> Any:
    """Some of the documents of one field of a batch."""
    if isinstance(given, Sequence):
        return given[part]
    return Tokens(given.vocabulary, given.ids, given.offsets[part.start : part.stop + 1])
