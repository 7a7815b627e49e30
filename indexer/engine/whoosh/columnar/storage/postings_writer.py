"""Writing the postings of one field; ``postings`` describes how they are stored."""

import numpy as np

from indexer.engine.whoosh.columnar.storage.byte_strings import ByteStringsWriter
from indexer.engine.whoosh.columnar.storage.container import ContainerWriter
from indexer.engine.whoosh.columnar.storage.postings import (
    TERMS_PER_CHUNK,
    VALUES_PER_CHUNK,
    Layout,
    TermPostings,
    blocks_of,
)
from indexer.engine.whoosh.columnar.storage.small_ints import I64, SmallIntsWriter
from indexer.engine.whoosh.columnar.storage.sorted_lists import SortedListsWriter


class PostingsWriter:
    """Writes the postings of one field, some terms at a time."""

    def __init__(self, out: ContainerWriter, field: str, layout: Layout, spans: I64) -> None:
        """``spans`` has the largest position + 1 of each document, 0 where the document has no tokens. (Without
        positions only how many documents there are counts.)"""
        self._out = out
        self._field = field
        self._layout = layout
        self._terms = ByteStringsWriter(out, f"{field}.terms", per_chunk=TERMS_PER_CHUNK, searchable=True)
        self._dfs: SmallIntsWriter | None = None
        self._freqs: SmallIntsWriter | None = None
        self._block_bits = 0
        if layout.positions:
            blocks, self._block_bits = blocks_of(spans)
            out.put(f"{field}.blocks", blocks)
            ends = np.cumsum(blocks, dtype=np.int64) << self._block_bits
            self._doc_starts = ends - (blocks.astype(np.int64) << self._block_bits)
            universe = int(ends[-1]) if len(ends) else 0
            self._lists = SortedListsWriter(out, f"{field}.positions", universe)
            self._dfs = SmallIntsWriter(out, f"{field}.dfs")
        else:
            universe = len(spans)
            self._lists = SortedListsWriter(out, f"{field}.docs", universe)
            self._freqs = SmallIntsWriter(out, f"{field}.freqs") if layout.freqs else None
        self._universe = universe
        self._weights = out.section(f"{field}.weights") if layout.weights else None
        self._values = (
            ByteStringsWriter(out, f"{field}.values", per_chunk=VALUES_PER_CHUNK, searchable=False)
            if layout.values
            else None
        )
        self._postings = 0
        self._tokens = 0

    def append(self, postings: TermPostings) -> None:
        """Terms must come after all terms appended before."""
        self._terms.append(postings.terms)
        freqs, docs = postings.freqs, postings.docs
        self._tokens += len(docs) if freqs is None else int(freqs.sum(dtype=np.int64))
        if self._dfs is not None:
            assert postings.positions is not None and freqs is not None
            self._dfs.append(postings.dfs)
            # The sums of frequencies by term, where every term has a posting.
            heads = np.cumsum(postings.dfs, dtype=np.int64) - postings.dfs
            counts = np.add.reduceat(freqs, heads, dtype=np.uint32) if len(freqs) else freqs
            self._lists.append(np.repeat(self._doc_starts[docs], freqs) + postings.positions, counts)
        else:
            self._lists.append(docs, postings.dfs)
            if self._freqs is not None:
                self._freqs.append(np.ones(len(docs), np.uint32) if freqs is None else freqs)
        self._postings += len(docs)
        if self._weights is not None:
            weights = postings.weights
            if weights is None:
                weights = (np.ones(len(docs), np.float32) if freqs is None else freqs).astype(np.float32)
                weights *= np.float32(self._layout.scale)
            self._weights.write(weights.astype("<f4").tobytes())
        if self._values is not None:
            assert postings.values is not None
            self._values.append(postings.values)

    def finish(self) -> None:
        self._terms.finish()
        self._lists.finish()
        if self._dfs is not None:
            self._dfs.finish()
        if self._freqs is not None:
            self._freqs.finish()
        if self._values is not None:
            self._values.finish()
        layout = self._layout
        self._out.meta.setdefault("fields", {})[self._field] = {
            "terms": self._terms.count,
            "postings": self._postings,
            "tokens": self._tokens,
            "universe": self._universe,
            "block_bits": self._block_bits,
            "freqs": layout.freqs,
            "positions": layout.positions,
            "weights": layout.weights,
            "values": layout.values,
            "scale": layout.scale,
        }
