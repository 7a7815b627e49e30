"""The codec: the seam through which Whoosh writes and reads columnar segments."""

import zlib
from collections.abc import Iterator
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base
from whoosh.filedb.filestore import Storage

from indexer.engine.whoosh.columnar.codec.per_document import (
    DOCUMENTS_EXT,
    PerDocumentReader,
    PerDocumentWriter,
    column_filename,
)
from indexer.engine.whoosh.columnar.codec.terms import TermsReader, TermsWriter
from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex


class ColumnarSegment(base.Segment):
    """Name, size and deletions of a segment. The files never change; deletions are written with each commit."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self._doc_count = 0
        self._deleted: NDArray[np.bool_] | None = None
        self._deleted_count = 0

    def __getstate__(self) -> dict[str, Any]:
        deleted = None if self._deleted is None else zlib.compress(np.packbits(self._deleted).tobytes())
        return {
            "indexname": self.indexname,
            "segid": self.segid,
            "documents": self._doc_count,
            "deleted": deleted,
            "deleted_count": self._deleted_count,
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.indexname = state["indexname"]
        self.segid = state["segid"]
        self.compound = False
        self._doc_count = state["documents"]
        self._deleted = None
        self._deleted_count = state["deleted_count"]
        if state["deleted"] is not None:
            bits = np.frombuffer(zlib.decompress(state["deleted"]), np.uint8)
            self._deleted = np.unpackbits(bits, count=self._doc_count).astype(np.bool_)
            if int(self._deleted.sum()) != self._deleted_count:
                raise CorruptIndex(f"the deletions of segment {self.segment_id()} are damaged")

    def codec(self) -> "ColumnarCodec":
        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """No: a segment is two files as it is, and Whoosh's compound files have no checksums."""
        return False

    def set_doc_count(self, doccount: int) -> None:
        self._doc_count = doccount

    def doc_count_all(self) -> int:
        return self._doc_count

    @property
    def deleted(self) -> NDArray[np.bool_] | None:
        """True for deleted documents; None when there are none."""
        return self._deleted if self._deleted_count else None

    def deleted_count(self) -> int:
        return self._deleted_count

    def deleted_docs(self) -> Iterator[int]:
        if self._deleted is None:
            return iter(())
        return iter(np.flatnonzero(self._deleted).tolist())

    def is_deleted(self, docnum: int) -> bool:
        # Whoosh's inverse matchers ask about the document after the last one.
        return self._deleted is not None and docnum < self._doc_count and bool(self._deleted[docnum])

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        if self._deleted is None:
            self._deleted = np.zeros(self._doc_count, np.bool_)
        if bool(self._deleted[docnum]) != delete:
            self._deleted[docnum] = delete
            self._deleted_count += 1 if delete else -1


class ColumnarCodec(base.Codec):
    """Use it as ``ix.writer(codec=ColumnarCodec())`` with any Whoosh index, or through ``index.create_in``, whose
    writer also takes batches and merges as arrays."""

    def __init__(self, **options: Any) -> None:
        """Takes and ignores the options of Whoosh's own codec, which set its block sizes and compression."""
        self._opened: PerDocumentReader | None = None

    def per_document_writer(self, storage: Storage, segment: ColumnarSegment) -> PerDocumentWriter:
        return PerDocumentWriter(storage, segment)

    def field_writer(self, storage: Storage, segment: ColumnarSegment) -> TermsWriter:
        return TermsWriter(storage, segment)

    def terms_reader(self, storage: Storage, segment: ColumnarSegment) -> TermsReader:
        # Both files are opened now: a writer may delete them at any time.
        documents = None
        if storage.file_exists(segment.make_filename(DOCUMENTS_EXT)):
            documents = PerDocumentReader(storage, segment)
        self._opened = documents
        return TermsReader(storage, segment, documents)

    def per_document_reader(self, storage: Storage, segment: ColumnarSegment) -> PerDocumentReader:
        # Whoosh's segment reader has a codec of its own and asks it for the terms first.
        opened, self._opened = self._opened, None
        return opened if opened is not None and opened.segment is segment else PerDocumentReader(storage, segment)

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
        return column_filename(segment, fieldname)
