"""Terms and postings for Whoosh: written one by one, read through its readers and cursors."""

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np
from whoosh.codec import base
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage
from whoosh.formats import Format
from whoosh.reading import TermInfo, TermNotFound

from indexer.engine.whoosh.columnar.codec.matcher import ColumnarMatcher
from indexer.engine.whoosh.columnar.codec.per_document import DOCUMENTS_EXT, PerDocumentReader
from indexer.engine.whoosh.columnar.codec.posting_values import PostingsBuilder
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.postings import token_spans
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader
from indexer.engine.whoosh.columnar.storage.postings_writer import PostingsWriter

TERMS_EXT = ".terms"
KIND = "terms"
_TERMS_AT_ONCE = 2048
"""Terms read at a time where all are walked through."""


class TermsWriter(base.FieldWriter):
    """Takes the sorted postings of Whoosh's own writer, one by one."""

    def __init__(self, storage: Storage, segment: base.Segment) -> None:
        self._storage = storage
        self._segment = segment
        name = segment.make_filename(TERMS_EXT)
        self._out = ContainerWriter(storage, name, KIND, segment.segment_id())
        self._out.meta["fields"] = {}
        self._keep_lengths = False
        self._field: str | None = None
        self._term = b""
        self.is_closed = False

    def start_field(self, fieldname: str, fieldobj: FieldType) -> None:
        if self._field is not None:
            raise ValueError(f"field {self._field!r} is not finished yet")
        self._field = fieldname
        self._builder = PostingsBuilder(fieldobj.format)
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
        writer = PostingsWriter(self._out, self._field, layout, token_spans(postings, documents))
        writer.append(postings)
        writer.finish()
        if self._keep_lengths:
            self._out.put(f"{self._field}.lengths", np.frombuffer(self._lengths, np.uint32))
        self._field = None

    def close(self) -> None:
        self._out.finish()
        self.is_closed = True


class TermsReader(base.TermsReader):
    """Terms and postings of a segment."""

    def __init__(self, storage: Storage, segment: base.Segment, documents: PerDocumentReader | None) -> None:
        """``documents`` has the lengths; Whoosh's low-level interface allows terms without documents."""
        self.file = ContainerReader(storage, segment.make_filename(TERMS_EXT), KIND, segment.segment_id())
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
