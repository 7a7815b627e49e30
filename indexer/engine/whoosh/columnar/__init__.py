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

Layers, each using those above it: ``format`` (files, checksums), ``counts``, ``lists`` and ``strings`` (sequences of
numbers and byte strings), ``postings`` and ``field`` (writing and reading the postings of a field), ``columns``,
``documents`` (what else a segment holds), ``codec`` and ``matcher`` (Whoosh's seam), ``vocabulary``, ``tokens``,
``values``, ``run``, ``merge``, ``toc`` and ``writer`` (how segments come about and are committed), ``index`` (opening).
Beside them the search over arrays: ``terms`` and ``view`` (segments as one), ``doc_sets`` and ``positions`` (sets and
phrases), ``page`` and ``zones`` (what a result page shows).
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
