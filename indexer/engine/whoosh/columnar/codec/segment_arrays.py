"""A segment as arrays: past Whoosh's readers, for merges and for a search over arrays."""

from copy import copy

import numpy as np
from numpy.typing import NDArray
from whoosh.reading import IndexReader, SegmentReader

from indexer.engine.whoosh.columnar.codec import compat
from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment
from indexer.engine.whoosh.columnar.codec.per_document import PerDocumentReader
from indexer.engine.whoosh.columnar.codec.terms import TermsReader
from indexer.engine.whoosh.columnar.storage.doc_values import BytesColumn, NumberColumn
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader


class SegmentArrays:
    """One segment as arrays. Immutable but for deletions, which belong to the commit that it was opened on."""

    def __init__(self, documents: PerDocumentReader, terms: TermsReader) -> None:
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

    def reopened(self, segment: ColumnarSegment) -> "SegmentArrays":
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
    if not isinstance(reader, SegmentReader):
        return None
    documents, terms = compat.parts_of(reader)
    return SegmentArrays(documents, terms) if isinstance(terms, TermsReader) else None
