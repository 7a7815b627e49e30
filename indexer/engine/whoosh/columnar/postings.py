"""The postings of one field and how they are stored; ``field`` reads them.

A field with positions is one list of *places* for each term. A place is a number for a document and a position in it:
documents lie end to end in blocks of 128 places (more where positions are sparse), with at least one place free behind
each, so ``place = first[document] + position`` and the document follows from the block. Places ascend as (document,
position) does; documents, frequencies and positions are all in them, and a phrase needs nothing else. A field without
positions has a list of documents for each term, and the frequencies.

Sections of field ``x``: ``x.terms`` (see ``strings``); with positions ``x.places`` (see ``lists``), ``x.dfs`` (see
``counts``) and ``x.blocks`` (u32, how many blocks each document has), else ``x.docs`` (lists) and, with frequencies,
``x.freqs`` (counts); ``x.weights`` (f32) and ``x.values`` (strings) where the layout says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .counts import I64, U32, CountsWriter
from .format import FileWriter
from .lists import ListsWriter
from .strings import StringsWriter

F32 = NDArray[np.float32]

TERMS_PER_CHUNK = 64
VALUES_PER_CHUNK = 32
_BLOCK_BITS = 7


@dataclass(frozen=True, slots=True)
class Layout:
    """What is stored with each posting of a field, besides the document.

    ``scale``: a posting weighs its frequency times this, unless ``weights`` are stored one by one.
    ``values``: the posting values as bytes, in the form of the field's Whoosh format, for formats that are not made
    of frequencies and positions alone.
    """

    freqs: bool
    positions: bool
    weights: bool
    values: bool
    scale: float = 1.0

    def __or__(self, other: "Layout") -> "Layout":
        """The layout that holds postings of both. (Values can't be had from frequencies without the format: a merge
        of fields that differ in ``values`` converts first.)"""
        freqs = self.freqs or other.freqs
        weights = self.weights or other.weights or self.scale != other.scale
        return Layout(freqs, self.positions and other.positions, weights, self.values or other.values, self.scale)


@dataclass(slots=True)
class Postings:
    """Some neighbouring terms of a field with all their postings: terms ascending, documents ascending in each.

    Arrays as in ``FieldReader``: ``dfs`` (V,), ``docs``, ``freqs`` and ``weights`` (P,), ``positions`` (T,)
    with ``freqs`` telling how many belong to each posting; ``values`` are P byte strings.
    """

    terms: Sequence[bytes]
    dfs: U32
    docs: U32
    freqs: U32 | None = None
    positions: U32 | None = None
    weights: F32 | None = None
    values: Sequence[bytes] | None = None


class PostingsWriter:
    """Writes the postings of one field, some terms at a time."""

    def __init__(self, out: FileWriter, field: str, layout: Layout, spans: I64) -> None:
        """``spans`` has the largest position + 1 of each document, 0 where the document has no tokens. (Without
        positions only how many documents there are counts.)"""
        self._out = out
        self._field = field
        self._layout = layout
        self._terms = StringsWriter(out, f"{field}.terms", per_chunk=TERMS_PER_CHUNK, searchable=True)
        self._dfs: CountsWriter | None = None
        self._freqs: CountsWriter | None = None
        self._block_bits = 0
        if layout.positions:
            blocks, self._block_bits = _blocks(spans)
            out.put(f"{field}.blocks", blocks)
            ends = np.cumsum(blocks, dtype=np.int64) << self._block_bits
            self._firsts = ends - (blocks.astype(np.int64) << self._block_bits)
            universe = int(ends[-1]) if len(ends) else 0
            self._lists = ListsWriter(out, f"{field}.places", universe)
            self._dfs = CountsWriter(out, f"{field}.dfs")
        else:
            universe = len(spans)
            self._lists = ListsWriter(out, f"{field}.docs", universe)
            self._freqs = CountsWriter(out, f"{field}.freqs") if layout.freqs else None
        self._universe = universe
        self._weights = out.section(f"{field}.weights") if layout.weights else None
        self._values = (
            StringsWriter(out, f"{field}.values", per_chunk=VALUES_PER_CHUNK, searchable=False)
            if layout.values
            else None
        )
        self._postings = 0
        self._tokens = 0

    def append(self, postings: Postings) -> None:
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
            self._lists.append(np.repeat(self._firsts[docs], freqs) + postings.positions, counts)
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


def spans_of(postings: Postings, documents: int) -> I64:
    """The largest position + 1 of each of so many documents, given all postings of a field."""
    spans = np.zeros(documents, np.int64)
    if postings.positions is not None and postings.freqs is not None:
        lasts = np.cumsum(postings.freqs, dtype=np.int64) - 1
        np.maximum.at(spans, postings.docs, postings.positions[lasts].astype(np.int64) + 1)
    return spans


def _blocks(spans: I64) -> tuple[U32, int]:
    """How many blocks each document takes, and how many bits a place in a block has.

    One place stays free behind each document, so that no phrase reaches from one into the next. Blocks are larger
    where positions are so sparse that there would be more than 64 for each document.
    """
    bits = _BLOCK_BITS
    while True:
        blocks = np.where(spans > 0, (spans >> bits) + 1, 0)
        if int(blocks.sum()) <= 64 * len(spans) + 1024:
            return blocks.astype(np.uint32), bits
        bits += 1
