"""A columnar codec for Whoosh: segments as checked, memory-mapped NumPy arrays.

::

    from indexer.engine.whoosh import columnar

    index = columnar.create_in(folder, schema)  # or open_dir(folder)
    with index.writer() as writer:
        writer.add_document(...)  # as in Whoosh
        writer.add_batch({"body": columnar.Tokens(vocabulary, ids, offsets)}, {"date": dates}, stored)
    with index.searcher() as searcher:  # Whoosh's own search
        searcher.search(query)
    for leaf, base in searcher.reader().leaf_readers():  # a segment as arrays
        arrays = columnar.segment_arrays(leaf)

In the order of the flow:

- ``indexing``: documents become a committed segment;
- ``storage``: the files of a segment and what lies in them, each with a writer and a reader;
- ``search``: the segments of a commit as one, read with arrays;
- ``codec``: Whoosh's seam; its own writers, readers and searchers work on segments through it;
- ``index``: creating and opening.

Storage and search import nothing of Whoosh; of indexing the writer alone does.
"""

from indexer.engine.whoosh.columnar.codec.codec import ColumnarCodec
from indexer.engine.whoosh.columnar.codec.segment_arrays import SegmentArrays, segment_arrays
from indexer.engine.whoosh.columnar.index import ColumnarIndex, create_in, open_dir
from indexer.engine.whoosh.columnar.indexing.writer import ColumnarWriter
from indexer.engine.whoosh.columnar.storage.doc_values import BytesColumn, NumberColumn
from indexer.engine.whoosh.columnar.storage.errors import CorruptIndex
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader
from indexer.tokens import Tokens

__all__ = [
    "BytesColumn",
    "ColumnarCodec",
    "ColumnarIndex",
    "ColumnarWriter",
    "CorruptIndex",
    "FieldReader",
    "NumberColumn",
    "SegmentArrays",
    "Tokens",
    "create_in",
    "open_dir",
    "segment_arrays",
]
