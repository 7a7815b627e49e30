"""Reading the postings of one field; ``postings`` describes how they are stored."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import offsets_of
from indexer.engine.whoosh.columnar.storage.byte_strings import ByteStrings, prefix_end
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, SectionArray
from indexer.engine.whoosh.columnar.storage.postings import F32, TERMS_PER_CHUNK, VALUES_PER_CHUNK, Layout, TermPostings
from indexer.engine.whoosh.columnar.storage.small_ints import I64, U32, SmallInts
from indexer.engine.whoosh.columnar.storage.sorted_lists import Numbers, SortedLists


class FieldReader:
    """One indexed field of a segment.

    Shapes: ``N`` documents in the segment (deleted ones included), ``V`` terms in byte order (``term_count``), ``P``
    postings (``posting_count``: one for each term and document, term after term, documents ascending within a term),
    ``T`` tokens (``token_count``: one for each occurrence). Because postings are stored term after term, those of
    neighbouring terms ``i <= t < j`` are one slice: a prefix query reads one array, not ``j - i`` of them.

    ``lengths`` are the tokens of this field in every document, shape (N,), exact (Whoosh's own codec rounds to one
    byte); None when the field is not scorable.

    Every array that a method returns is read-only or the caller's own. All methods may raise ``CorruptIndex`` on the
    first touch of a damaged page.
    """

    def __init__(self, file: ContainerReader, field: str, lengths: NDArray[Any] | None) -> None:
        meta = file.meta["fields"][field]
        self.layout = Layout(meta["freqs"], meta["positions"], meta["weights"], meta["values"], meta["scale"])
        self.term_count: int = meta["terms"]
        self.posting_count: int = meta["postings"]
        self.token_count: int = meta["tokens"]
        self.has_positions = self.layout.positions
        self.lengths = lengths
        self._terms = ByteStrings(file, f"{field}.terms", self.term_count, TERMS_PER_CHUNK)
        self.block_bits: int = meta["block_bits"]
        self._dfs: SmallInts | None = None
        self._freqs: SmallInts | None = None
        if self.layout.positions:
            self._lists = SortedLists(file, f"{field}.positions", meta["universe"], self.term_count)
            self._dfs = SmallInts(file, f"{field}.dfs")
            self._blocks = file.array(f"{field}.blocks", np.uint32)
        else:
            self._lists = SortedLists(file, f"{field}.docs", meta["universe"], self.term_count)
            if self.layout.freqs:
                self._freqs = SmallInts(file, f"{field}.freqs")
        # Only where a segment has terms but no documents, as Whoosh's low-level interface allows.
        self._posting_lengths = file.array(f"{field}.lengths", np.uint32) if f"{field}.lengths" in file else None
        self._weights: SectionArray | None = file.array(f"{field}.weights", np.float32) if self.layout.weights else None
        self._values = (
            ByteStrings(file, f"{field}.values", self.posting_count, VALUES_PER_CHUNK) if self.layout.values else None
        )

    def find(self, term: bytes) -> int:
        """The number of a term, or -1."""
        return self._terms.find(term)

    def range(self, lo: bytes | None, hi: bytes | None) -> tuple[int, int]:
        """Terms with ``lo <= term < hi`` as a half-open range of numbers; None leaves that end open."""
        start = 0 if lo is None else self._terms.rank(lo)
        stop = self.term_count if hi is None else self._terms.rank(hi)
        return start, max(start, stop)

    def prefix(self, prefix: bytes) -> tuple[int, int]:
        """Terms that start with ``prefix`` as a half-open range of numbers."""
        return self.range(prefix, prefix_end(prefix))

    def term(self, i: int) -> bytes:
        """Term number ``i``."""
        return self._terms[i]

    def terms(self, i: int, j: int) -> list[bytes]:
        """Terms ``i`` to ``j`` (exclusive), much faster than one by one."""
        return self._terms[i:j]

    @cached_property
    def doc_starts(self) -> I64:
        """The first position of each document and, last, the end of all, shape (N + 1,). Fields with positions only."""
        starts = offsets_of(self._blocks.all())
        starts <<= self.block_bits
        return starts

    @cached_property
    def block_docs(self) -> Numbers:
        """The document of each block of positions, shape (positions >> block_bits,), in the narrowest type.

        Fields with positions only.
        """
        blocks = self._blocks.all()
        return np.arange(len(blocks), dtype=np.min_scalar_type(len(blocks))).repeat(blocks)

    def global_positions(self, i: int, j: int) -> Numbers:
        """Those of terms ``i`` to ``j``, term after term, ascending within a term; read-only.

        Raises ``ValueError`` when the field stores no positions.
        """
        if not self.layout.positions:
            raise ValueError("this field stores no positions")
        return self._lists.slice(i, j)

    def _documents(self, i: int, j: int) -> tuple[Numbers, Numbers, I64]:
        """Global positions, the document of each, and which of them are the first of a posting."""
        positions = self.global_positions(i, j)
        docs = self.block_docs[(positions >> self.block_bits).astype(np.intp)]
        is_first = np.ones(len(docs), np.bool_)
        np.not_equal(docs[1:], docs[:-1], out=is_first[1:])
        if j - i > 1:
            bounds = self._lists.bounds
            is_first[bounds[i:j] - bounds[i]] = True
        return positions, docs, is_first.nonzero()[0]

    @cached_property
    def _all_dfs(self) -> U32:
        # Four bytes a term, kept: every question needs some of them.
        if self._dfs is None:
            return np.diff(self._lists.bounds).astype(np.uint32)
        return self._dfs.slice(0, self.term_count).astype(np.uint32)

    def dfs(self, i: int, j: int) -> U32:
        """How many documents (deleted ones included) hold each of the terms ``i`` to ``j``, shape (j - i,)."""
        return self._all_dfs[i:j]

    def df(self, i: int) -> int:
        """``dfs(i, i + 1)[0]``."""
        df: int = self._all_dfs.item(i)
        return df

    def count(self, i: int, j: int) -> int:
        """How many positions, or documents in a field without, the terms ``i`` to ``j`` have. Costs a look-up."""
        bounds = self._lists.bounds
        count: int = bounds.item(j) - bounds.item(i)
        return count

    def docs(self, i: int, j: int) -> U32:
        """Document numbers of the postings of terms ``i`` to ``j``, term after term, ascending within a term."""
        return self.doc_list(i, j).astype(np.uint32)

    def doc_list(self, i: int, j: int) -> NDArray[np.integer]:
        """``docs(i, j)`` in the type that costs least; read-only."""
        if self.layout.positions:
            _, docs, firsts = self._documents(i, j)
            return docs[firsts]
        return self._lists.slice(i, j)

    def freqs(self, i: int, j: int) -> U32:
        """How often the term occurs in each of those documents; parallel to ``docs(i, j)``. All 1 when not stored."""
        return self.stored_freqs(i, j).astype(np.uint32)

    def stored_freqs(self, i: int, j: int) -> NDArray[np.integer]:
        """``freqs(i, j)`` in the type that costs least; read-only."""
        if self.layout.positions:
            positions, _, firsts = self._documents(i, j)
            return np.diff(firsts, append=len(positions))
        start, stop = self._span(i, j)
        if self._freqs is None:
            return np.ones(stop - start, np.uint8)
        return self._freqs.slice(start, stop)

    def weights(self, i: int, j: int) -> F32:
        """What Whoosh scores with: frequency times boosts; parallel to ``docs(i, j)``."""
        if self._weights is not None:
            return self._weights.slice(*self._span(i, j))
        weights = self.freqs(i, j).astype(np.float32)
        if self.layout.scale != 1.0:
            weights *= np.float32(self.layout.scale)
        return weights

    def positions(self, i: int, j: int) -> tuple[I64, U32]:
        """Positions of the postings of terms ``i`` to ``j``: ``(offsets, positions)``.

        Posting ``k`` of ``docs(i, j)`` has ``positions[offsets[k]:offsets[k + 1]]``, ascending; ``offsets`` has one
        entry more than there are postings. Raises ``ValueError`` when the field stores no positions.
        """
        found, docs, firsts = self._documents(i, j)
        return np.append(firsts, len(found)), (found - self.doc_starts[docs]).astype(np.uint32)

    def values(self, i: int, j: int) -> list[bytes]:
        """The posting values as bytes; only for a layout that has them."""
        assert self._values is not None
        start, stop = self._span(i, j)
        return self._values[start:stop]

    def lengths_of(self, i: int, docs: U32) -> NDArray[np.unsignedinteger] | None:
        """The lengths of the documents ``docs`` of term ``i``; None for a field without lengths."""
        if self._posting_lengths is not None:
            return self._posting_lengths.slice(*self._span(i, i + 1))
        return None if self.lengths is None else self.lengths[docs]

    def postings(self, i: int, j: int) -> TermPostings:
        """Terms ``i`` to ``j`` with all that is stored of them."""
        layout = self.layout
        freqs = positions = None
        if layout.positions:
            found, owners, firsts = self._documents(i, j)
            docs = owners[firsts].astype(np.uint32)
            freqs = np.diff(firsts, append=len(found)).astype(np.uint32)
            positions = (found - self.doc_starts[owners]).astype(np.uint32)
        else:
            docs = self.docs(i, j)
            if layout.freqs:
                freqs = self.freqs(i, j)
        return TermPostings(
            terms=self.terms(i, j),
            dfs=self.dfs(i, j),
            docs=docs,
            freqs=freqs,
            positions=positions,
            weights=self.weights(i, j) if layout.weights else None,
            values=self.values(i, j) if layout.values else None,
        )

    @cached_property
    def posting_offsets(self) -> I64:
        """The number of the first posting of every term and, last, of all postings, shape (V + 1,)."""
        if not self.layout.positions:
            return self._lists.bounds
        return offsets_of(self._all_dfs)

    def _span(self, i: int, j: int) -> tuple[int, int]:
        return self.posting_offsets.item(i), self.posting_offsets.item(j)
