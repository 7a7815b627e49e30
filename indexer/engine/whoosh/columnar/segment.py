"""The segment object that Whoosh keeps in its table of contents."""

import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from whoosh.codec import base

from .errors import CorruptIndex

if TYPE_CHECKING:
    from .codec import ColumnarCodec


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
        from .codec import ColumnarCodec

        return ColumnarCodec()

    def should_assemble(self) -> bool:
        """No: a segment is two files as it is, and Whoosh's compound files have no checksums."""
        return False

    def column_filename(self, field: str) -> str:
        """Where ``whoosh.sorting.add_sortable`` puts a column that it adds to a written segment."""
        name: str = self.make_filename(f".{field}.column")
        return name

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
