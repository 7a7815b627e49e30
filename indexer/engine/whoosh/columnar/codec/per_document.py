"""What a segment keeps for each document: stored fields, lengths, columns and term vectors."""

import pickle
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.columns import Column, ColumnReader
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.formats import Format
from whoosh.matching.mcore import ListMatcher, Matcher

from indexer.arrays import narrowed
from indexer.engine.whoosh.columnar.codec.columns import (
    BytesReader,
    NumberReader,
    OtherWriter,
    column_writer,
    other_reader,
)
from indexer.engine.whoosh.columnar.storage.byte_strings import ByteStrings, ByteStringsWriter
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.doc_values import (
    BytesColumn,
    BytesWriter,
    NumberColumn,
    NumberWriter,
    open_column,
)

DOCUMENTS_EXT = ".docs"
KIND = "documents"
_STORED_PER_CHUNK = 16
_VECTORS_PER_CHUNK = 16
_PER_DOCUMENT = 200
"""An estimate of the bytes that the lengths and columns of a document take while they are gathered."""
_PICKLE_PROTOCOL = 4
"""Fixed, so that the same documents give the same bytes under every Python."""

Vector = list[tuple[str, float, bytes]]
"""A term vector: (term, weight, value) for each term of one field of one document."""


class PerDocumentWriter(base.PerDocumentWriter):
    """Gathers documents one by one, as Whoosh's writer gives them, or many at a time."""

    def __init__(self, storage: Storage, segment: base.Segment, *, durable: bool = True) -> None:
        self._segment = segment
        self._durable = durable
        name = segment.make_filename(DOCUMENTS_EXT)
        self._out = ContainerWriter(storage, name, KIND, segment.segment_id())
        self._stored = ByteStringsWriter(self._out, "stored", per_chunk=_STORED_PER_CHUNK, searchable=False)
        self._lengths: dict[str, tuple[array[int], array[int]]] = {}
        self._columns: dict[str, NumberWriter | BytesWriter | OtherWriter] = {}
        self._vectors: dict[str, dict[int, bytes]] = {}
        self._stored_names: set[str] = set()
        self.doc_count = 0
        self.memory = 0
        self.is_closed = False
        # The document being written; nothing of it counts before finish_doc.
        self._docnum: int | None = None
        self._fields: dict[str, Any] = {}
        self._pending: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.discard()

    def start_doc(self, docnum: int) -> None:
        if self._docnum is not None:
            raise ValueError(f"document {self._docnum} is not finished yet")
        if docnum != self.doc_count:
            raise ValueError(f"the next document is {self.doc_count}, not {docnum}")
        self._docnum = docnum
        self._fields = {}
        self._pending = []

    def add_field(self, fieldname: str, fieldobj: FieldType, value: Any, length: int | None) -> None:
        if value is not None:
            self._fields[fieldname] = value
        if length:
            docnum = self._current()
            self._pending.append(lambda: self._add_length(fieldname, docnum, length))

    def add_column_value(self, fieldname: str, columnobj: Column, value: Any) -> None:
        docnum = self._current()
        writer = self.column(fieldname, columnobj)
        writer.check([value])
        self._pending.append(lambda: writer.add(docnum, value))

    def add_vector_items(self, fieldname: str, fieldobj: FieldType, items: Iterable[tuple[str, float, bytes]]) -> None:
        docnum = self._current()
        vector = list(items)
        if vector:
            data = pickle.dumps(vector, _PICKLE_PROTOCOL)
            self._pending.append(lambda: self.add_vectors(fieldname, {docnum: data}))

    def finish_doc(self) -> None:
        if self._docnum is None:
            return
        for step in self._pending:
            step()
        self._docnum = None
        self._stored_names.update(self._fields)
        self._append_stored([pickle_stored(self._fields)])

    def cancel_doc(self) -> None:
        """Forget the document being written."""
        self._docnum = None
        self._pending = []

    def _current(self) -> int:
        if self._docnum is None:
            raise ValueError("no document is being written")
        return self._docnum

    def _add_length(self, field: str, doc: int, length: int) -> None:
        docs, lengths = self._lengths.setdefault(field, (array("I"), array("I")))
        docs.append(doc)
        lengths.append(length)

    def add_documents(self, stored: Sequence[bytes], lengths: Mapping[str, NDArray[Any]]) -> None:
        """The next ``len(stored)`` documents: pickled stored fields (b"" for none), and their lengths by field.

        Their column values must have been added before or be added before ``close``.
        """
        start = self.doc_count
        docs = np.arange(start, start + len(stored), dtype=np.uint32)
        for field, given in lengths.items():
            all_docs, all_lengths = self._lengths.setdefault(field, (array("I"), array("I")))
            all_docs.frombytes(docs.tobytes())
            all_lengths.frombytes(given.astype(np.uint32).tobytes())
        self._append_stored(stored)

    def _append_stored(self, stored: Sequence[bytes]) -> None:
        self._stored.append(stored)
        self.doc_count += len(stored)
        self.memory += _PER_DOCUMENT * len(stored)

    def note_stored_names(self, names: Iterable[str]) -> None:
        """Note which fields the documents given to ``add_documents`` store."""
        self._stored_names.update(names)

    def column(self, field: str, column: Column) -> NumberWriter | BytesWriter | OtherWriter:
        """The column of a field, begun at the first call."""
        writer = self._columns.get(field)
        if writer is None:
            writer = self._columns[field] = column_writer(field, column)
        return writer

    def add_vectors(self, field: str, vectors: Mapping[int, bytes]) -> None:
        """Term vectors by document, pickled."""
        self._vectors.setdefault(field, {}).update(vectors)

    def close(self) -> None:
        """Write the file."""
        self.finish_doc()
        out = self._out
        self._stored.finish()
        totals = {}
        for field, (docs, lengths) in self._lengths.items():
            dense = np.zeros(self.doc_count, np.uint32)
            dense[np.frombuffer(docs, np.uint32)] = np.frombuffer(lengths, np.uint32)
            stored = narrowed(dense)
            out.put(f"{field}.lengths", stored)
            totals[field] = {"itemsize": stored.itemsize, "total": int(dense.sum(dtype=np.int64))}
        for column in self._columns.values():
            column.write(out, self.doc_count)
        for field, vectors in self._vectors.items():
            strings = ByteStringsWriter(out, f"{field}.vectors", per_chunk=_VECTORS_PER_CHUNK, searchable=False)
            strings.append(vectors.get(doc, b"") for doc in range(self.doc_count))
            strings.finish()
        out.meta.update(
            documents=self.doc_count,
            lengths=totals,
            vectors=sorted(self._vectors),
            stored=sorted(self._stored_names),
        )
        out.finish(durable=self._durable)
        self.is_closed = True

    def discard(self) -> None:
        """Let go of all that was not written by ``close``."""
        self._out.discard()
        self.is_closed = True


def pickle_stored(fields: Mapping[str, Any]) -> bytes:
    """Stored fields as bytes; none as no bytes."""
    return pickle.dumps(dict(fields), _PICKLE_PROTOCOL) if fields else b""


def drop_stored(data: bytes, names: Collection[str]) -> bytes:
    """Pickled stored fields without those of some names."""
    fields = pickle.loads(data) if data else {}
    return pickle_stored({name: value for name, value in fields.items() if name not in names})


def column_filename(segment: base.Segment, field: str) -> str:
    """Where ``whoosh.sorting.add_sortable`` puts a column that it adds to a written segment."""
    name: str = segment.make_filename(f".{field}.column")
    return name


class PerDocumentReader(base.PerDocumentReader):
    """Reads what ``PerDocumentWriter`` wrote, for Whoosh and (lengths, columns) as arrays."""

    def __init__(self, storage: Storage, segment: base.Segment) -> None:
        self.segment = segment
        self._storage = storage
        self.file = ContainerReader(storage, segment.make_filename(DOCUMENTS_EXT), KIND, segment.segment_id())
        self._doc_count: int = self.file.meta["documents"]
        self._stored = ByteStrings(self.file, "stored", self._doc_count, _STORED_PER_CHUNK)
        self._lengths: dict[str, NDArray[np.unsignedinteger]] = {}
        self._columns: dict[str, NumberColumn | BytesColumn | None] = {}

    def verify(self) -> None:
        self.file.verify()

    def doc_count(self) -> int:
        return self._doc_count - int(self.segment.deleted_count())

    def doc_count_all(self) -> int:
        return self._doc_count

    def has_deletions(self) -> bool:
        return int(self.segment.deleted_count()) > 0

    def is_deleted(self, docnum: int) -> bool:
        return bool(self.segment.is_deleted(docnum))

    def deleted_docs(self) -> Iterator[int]:
        return iter(self.segment.deleted_docs())

    def stored_fields(self, docnum: int) -> dict[str, Any]:
        data = self._stored[docnum]
        fields: dict[str, Any] = pickle.loads(data) if data else {}
        return fields

    def stored_names(self) -> set[str]:
        """The fields that any document stores."""
        return set(self.file.meta["stored"])

    def stored_bytes(self, start: int, stop: int) -> list[bytes]:
        """Stored fields as they are in the file."""
        return self._stored[start:stop]

    def lengths(self, field: str) -> NDArray[np.unsignedinteger] | None:
        """Lengths of all documents, shape (N,); None for a field without."""
        found = self._lengths.get(field)
        if found is None and field in self.file.meta["lengths"]:
            itemsize = self.file.meta["lengths"][field]["itemsize"]
            found = self._lengths[field] = self.file.array(f"{field}.lengths", f"<u{itemsize}").all()
        return found

    def length_fields(self) -> list[str]:
        return list(self.file.meta["lengths"])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        lengths = self.lengths(fieldname)
        if lengths is None:
            return default
        return int(lengths[docnum]) or default

    def field_length(self, fieldname: str) -> int:
        found = self.file.meta["lengths"].get(fieldname)
        return int(found["total"]) if found else 0

    def min_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None else int(lengths.min(initial=np.iinfo(lengths.dtype).max))

    def max_field_length(self, fieldname: str) -> int:
        lengths = self.lengths(fieldname)
        return 0 if lengths is None else int(lengths.max(initial=0))

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self.file.meta.get("columns", ()) or self._storage.file_exists(
            column_filename(self.segment, fieldname)
        )

    def column_fields(self) -> list[str]:
        return list(self.file.meta.get("columns", ()))

    def column(self, field: str) -> NumberColumn | BytesColumn | None:
        """A column as arrays; None when there is none or it is of a type that has no arrays."""
        if field not in self._columns:
            known = field in self.file.meta.get("columns", ())
            self._columns[field] = open_column(self.file, field, self._doc_count) if known else None
        return self._columns[field]

    def column_reader(self, fieldname: str, column: Column) -> ColumnReader:
        found = self.column(fieldname)
        if isinstance(found, NumberColumn):
            return NumberReader(found)
        if isinstance(found, BytesColumn):
            return BytesReader(found)
        if fieldname in self.file.meta.get("columns", ()):
            return other_reader(self.file, fieldname, column, self._doc_count)
        # A column that whoosh.sorting.add_sortable added after the segment was written.
        name = column_filename(self.segment, fieldname)
        length = self._storage.file_length(name)
        return column.reader(self._storage.open_file(name), 0, length, self._doc_count)

    def vector_fields(self) -> list[str]:
        return list(self.file.meta["vectors"])

    def vector_bytes(self, field: str) -> ByteStrings:
        """The pickled vectors of a field by document; b"" for none."""
        return ByteStrings(self.file, f"{field}.vectors", self._doc_count, _VECTORS_PER_CHUNK)

    def has_vector(self, docnum: int, fieldname: str) -> bool:
        return fieldname in self.file.meta["vectors"] and bool(self.vector_bytes(fieldname)[docnum])

    def vector(self, docnum: int, fieldname: str, format_: Format) -> Matcher:
        data = self.vector_bytes(fieldname)[docnum] if fieldname in self.file.meta["vectors"] else b""
        if not data:
            raise KeyError(f"document {docnum} has no vector of field {fieldname!r}")
        vector: Vector = pickle.loads(data)
        terms, weights, values = zip(*vector, strict=True)
        return ListMatcher(list(terms), list(weights), list(values), format_)
