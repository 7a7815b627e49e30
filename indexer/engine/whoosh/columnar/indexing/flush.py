"""Flushing: full buffers become segments on the disk, uncommitted, while the next one gathers."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import NamedTuple

from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment
from indexer.engine.whoosh.columnar.codec.compat import Storage
from indexer.engine.whoosh.columnar.codec.per_document import PerDocumentWriter
from indexer.engine.whoosh.columnar.indexing.segment_buffer import SegmentBuffer


class _Flush(NamedTuple):
    """A buffer that is being written."""

    segment: ColumnarSegment
    buffer: SegmentBuffer
    done: Future[None]


class Flusher:
    """Writes one buffer at a time, in another thread. ``segments`` are those that are complete."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._thread = ThreadPoolExecutor(1)
        self._under_way: _Flush | None = None
        self.segments: list[ColumnarSegment] = []

    def start(self, segment: ColumnarSegment, documents: PerDocumentWriter, buffer: SegmentBuffer) -> None:
        """Write a segment. A later call of ``settle`` raises what goes wrong."""
        self.settle()
        segment.set_doc_count(documents.doc_count)
        done = self._thread.submit(_write, self._storage, segment, documents, buffer)
        self._under_way = _Flush(segment, buffer, done)

    def settle(self) -> None:
        """Wait for the segment that is being written; raises what went wrong, as often as this is called."""
        if self._under_way is not None:
            self._under_way.done.result()
            self.segments.append(self._under_way.segment)
            self._under_way = None

    def is_writing(self, field: str, terms: Sequence[bytes]) -> bool:
        """Whether the buffer that is being written has one of these terms."""
        return self._under_way is not None and self._under_way.buffer.has_terms(field, terms)

    def close(self) -> None:
        """End the thread, after what it has begun."""
        self._thread.shutdown()


def _write(storage: Storage, segment: ColumnarSegment, documents: PerDocumentWriter, buffer: SegmentBuffer) -> None:
    with documents:
        documents.close()
    buffer.write(storage, segment)
