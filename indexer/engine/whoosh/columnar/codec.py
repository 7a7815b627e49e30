"""The codec: the seam through which Whoosh writes and reads columnar segments."""

from array import array
from collections.abc import Iterator
from copy import copy
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.formats import Existence, Format
from whoosh.reading import IndexReader, SegmentReader, TermInfo, TermNotFound

from .columns import BytesColumn, NumberColumn
from .documents import DOCUMENTS_EXT, DocumentsReader, DocumentsWriter
from .field import FieldReader
from .format import File, FileWriter
from .matcher import ColumnarMatcher
from .postings import PostingsWriter, spans_of
from .segment import ColumnarSegment
from .values import PostingsBuilder

TERMS_EXT = ".terms"
KIND = "terms"
#: Terms read at a time where all are walked through.
_TERMS_AT_ONCE = 2048


class ColumnarCodec(base.Codec):
    """Use it as ``ix.writer(codec=ColumnarCodec())`` with any Whoosh index, or through ``index.create_in``, whose
    writer also takes batches and merges as arrays."""

    def __init__(self, **options: Any) -> None:
        """Takes and ignores the options of Whoosh's own codec, which set its block sizes and compression."""
        self._opened: DocumentsReader | None = None

    def per_document_writer(self, storage: Storage, segment: ColumnarSegment) -> DocumentsWriter:
        return DocumentsWriter(storage, segment)

    def field_writer(self, storage: Storage, segment: ColumnarSegment) -> "TermsWriter":
        return TermsWriter(storage, segment)

    def terms_reader(self, storage: Storage, segment: ColumnarSegment) -> "TermsReader":
        # Both files are opened now: a writer may delete them at any time.
        documents = None
        if storage.file_exists(segment.make_filename(DOCUMENTS_EXT)):
            documents = DocumentsReader(storage, segment)
        self._opened = documents
        return TermsReader(storage, segment, documents)

    def per_document_reader(self, storage: Storage, segment: ColumnarSegment) -> DocumentsReader:
        # Whoosh's segment reader has a codec of its own and asks it for the terms first.
        opened, self._opened = self._opened, None
        return opened if opened is not None and opened.segment is segment else DocumentsReader(storage, segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        raise NotImplementedError("postings are written a field at a time, by field_writer")

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> NoReturn:
        raise NotImplementedError("postings are read through terms_reader")

    def new_segment(self, storage: Storage, indexname: str) -> ColumnarSegment:
        return ColumnarSegment(indexname)

    def supports_columns(self) -> bool:
        return True

    @staticmethod
    def column_filename(segment: ColumnarSegment, fieldname: str) -> str:
        return segment.column_filename(fieldname)


class TermsWriter(base.FieldWriter):
    """Takes the sorted postings of Whoosh's own writer, one by one."""

    def __init__(self, storage: Storage, segment: ColumnarSegment) -> None:
        self._storage = storage
        self._segment = segment
        name = segment.make_filename(TERMS_EXT)
        self._out = FileWriter(storage, name, KIND, segment.segment_id())
        self._out.meta["fields"] = {}
        self._keep_lengths = False
        self._field: str | None = None
        self._term = b""
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        if self._field is not None:
            raise ValueError(f"field {self._field!r} is not finished yet")
        self._field = fieldname
        self._builder = PostingsBuilder(fieldobj.format or Existence())
        self._lengths = array("I")
        # The documents file has the lengths, where there is one: Whoosh's writer closes it before it adds postings.
        self._keep_lengths = not self._storage.file_exists(self._segment.make_filename(DOCUMENTS_EXT))

    def start_term(self, text: bytes) -> None:
        if self._field is None:
            raise ValueError("start_term before start_field")
        self._term = text

    def add(self, docnum: int, weight: float, vbytes: bytes, length: int | None) -> None:
        self._builder.add(self._term, docnum, weight, vbytes)
        if self._keep_lengths:
            self._lengths.append(length or 0)

    def finish_term(self) -> None:
        pass

    def finish_field(self) -> None:
        if self._field is None:
            raise ValueError("finish_field before start_field")
        layout, postings = self._builder.build()
        documents = int(postings.docs.max()) + 1 if len(postings.docs) else 0
        writer = PostingsWriter(self._out, self._field, layout, spans_of(postings, documents))
        writer.append(postings)
        writer.finish()
        if self._keep_lengths:
            self._out.put(f"{self._field}.lengths", np.frombuffer(self._lengths, np.uint32))
        self._field = None

    def close(self) -> None:
        self._out.finish()
        self.is_closed = True


class SegmentArrays:
    """One segment as arrays. Immutable but for deletions, which belong to the commit that it was opened on."""

    def __init__(self, documents: DocumentsReader, terms: "TermsReader") -> None:
        self.documents = documents
        self._terms = terms
        self.doc_count_all = documents.doc_count_all()

    @property
    def segment(self) -> ColumnarSegment:
        segment: ColumnarSegment = self.documents.segment
        return segment

    @property
    def deleted(self) -> NDArray[np.bool_] | None:
        """Shape (N,), True for deleted documents; None when there are none."""
        return self.segment.deleted

    def at(self, segment: ColumnarSegment) -> "SegmentArrays":
        """The same files as another commit has them, with its deletions; all that was read of them is shared."""
        documents = copy(self.documents)
        documents.segment = segment
        return SegmentArrays(documents, self._terms)

    def field_names(self) -> list[str]:
        """Names of the fields that have terms in this segment."""
        return self._terms.indexed_field_names()

    def field(self, name: str) -> FieldReader | None:
        """An indexed field, or None when no document of this segment has a term in it."""
        return self._terms.field(name)

    def column(self, name: str) -> NumberColumn | BytesColumn | None:
        """The column of a sortable field; None when no document of this segment has a value.

        Columns of other types (lists, pickles) are reachable through Whoosh's own ``column_reader`` only.
        """
        return self.documents.column(name)

    def all_names(self) -> set[str]:
        """Every field of which the segment holds anything."""
        documents = self.documents
        kept = (
            documents.stored_names(),
            documents.length_fields(),
            documents.column_fields(),
            documents.vector_fields(),
        )
        return {*self.field_names(), *(name for names in kept for name in names)}

    def verify(self) -> None:
        """Check every byte of the segment; raises ``CorruptIndex``."""
        self.documents.verify()
        self._terms.verify()


def segment_arrays(reader: IndexReader) -> SegmentArrays | None:
    """The arrays behind a leaf reader of a Whoosh reader; None for a segment of another codec.

    Cheap: nothing is read before it is asked for.
    """
    if not isinstance(reader, SegmentReader) or not isinstance(reader._terms, TermsReader):
        return None
    return SegmentArrays(reader._perdoc, reader._terms)


class TermsReader(base.TermsReader):
    """Terms and postings of a segment."""

    def __init__(self, storage: Storage, segment: ColumnarSegment, documents: DocumentsReader | None) -> None:
        """``documents`` has the lengths; Whoosh's low-level interface allows terms without documents."""
        self.file = File(storage, segment.make_filename(TERMS_EXT), KIND, segment.segment_id())
        self._names: list[str] = sorted(self.file.meta["fields"])
        self._fields: dict[str, FieldReader] = {}
        self._documents = documents

    def verify(self) -> None:
        self.file.verify()

    def field(self, name: str) -> FieldReader | None:
        found = self._fields.get(name)
        if found is None and name in self.file.meta["fields"]:
            lengths = None if self._documents is None else self._documents.lengths(name)
            found = self._fields[name] = FieldReader(self.file, name, lengths)
        return found

    def _number(self, fieldname: str, text: bytes) -> tuple[FieldReader, int]:
        field = self.field(fieldname)
        number = -1 if field is None else field.find(text)
        if field is None or number < 0:
            raise TermNotFound(f"No term {fieldname}:{text!r}")
        return field, number

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        field = self.field(term[0])
        return field is not None and field.find(term[1]) >= 0

    def indexed_field_names(self) -> list[str]:
        return list(self._names)

    def cursor(self, fieldname: str, fieldobj: FieldType) -> "TermCursor | base.EmptyCursor":
        field = self.field(fieldname)
        return base.EmptyCursor() if field is None else TermCursor(self, field, fieldname, fieldobj)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        return self.terms_from("", b"")

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        for name in self._names:
            if name < fieldname:
                continue
            field = self.field(name)
            assert field is not None
            start = field.range(prefix, None)[0] if name == fieldname else 0
            for at in range(start, field.term_count, _TERMS_AT_ONCE):
                for term in field.terms(at, min(at + _TERMS_AT_ONCE, field.term_count)):
                    yield name, term

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        return term_info(*self._number(fieldname, text))

    def frequency(self, fieldname: str, text: bytes) -> float:
        field = self.field(fieldname)
        i = -1 if field is None else field.find(text)
        return 0.0 if field is None or i < 0 else float(field.weights(i, i + 1).sum(dtype=np.float64))

    def doc_frequency(self, fieldname: str, text: bytes) -> int:
        field = self.field(fieldname)
        i = -1 if field is None else field.find(text)
        return 0 if field is None or i < 0 else field.df(i)

    def matcher(self, fieldname: str, text: bytes, format_: Format, scorer: Any = None) -> ColumnarMatcher:
        field, i = self._number(fieldname, text)
        return ColumnarMatcher(field, i, format_, (fieldname, text), scorer)


def term_info(field: FieldReader, i: int) -> TermInfo:
    """Whoosh's statistics of a term, computed from its postings."""
    docs, weights = field.docs(i, i + 1), field.weights(i, i + 1)
    lengths = field.lengths_of(i, docs)
    return TermInfo(
        weight=float(weights.sum(dtype=np.float64)),
        df=len(docs),
        minlength=1 if lengths is None else int(lengths.min()),
        maxlength=1 if lengths is None else int(lengths.max()),
        maxweight=float(weights.max()),
        minid=int(docs[0]),
        maxid=int(docs[-1]),
    )


class TermCursor(base.FieldCursor):
    """Walks through the terms of one field."""

    def __init__(self, reader: TermsReader, field: FieldReader, fieldname: str, fieldobj: FieldType) -> None:
        self._reader = reader
        self._field = field
        self._fieldname = fieldname
        self._fieldobj = fieldobj
        self._i = 0

    def first(self) -> Any:
        self._i = 0
        return self.text()

    def find(self, term: bytes | str) -> Any:
        text = term if isinstance(term, bytes) else self._fieldobj.to_bytes(term)
        self._i = self._field.range(text, None)[0]
        return self.text()

    def next(self) -> Any:
        self._i += 1
        return self.text()

    def text(self) -> Any:
        return self._fieldobj.from_bytes(self._field.term(self._i)) if self.is_valid() else None

    def term_info(self) -> TermInfo | None:
        return term_info(self._field, self._i) if self.is_valid() else None

    def is_valid(self) -> bool:
        return self._i < self._field.term_count
