"""The postings of one field and how they are stored; ``postings_writer`` writes and ``postings_reader`` reads them.

A field with positions is one list of *global positions* for each term. A global position is one number for a document
and a position in it: documents lie end to end in blocks of 128 positions (more where positions are sparse), with at
least one position free behind each, so ``global position = start[document] + position`` and the document follows from
the block. Global positions ascend as (document, position) does; documents, frequencies and positions are all in them,
and a phrase needs nothing else. A field without positions has a list of documents for each term, and the frequencies.

Sections of field ``x``: ``x.terms`` (see ``byte_strings``); with positions ``x.positions`` (see ``sorted_lists``),
``x.dfs`` (see ``small_ints``) and ``x.blocks`` (u32, how many blocks each document has), else ``x.docs`` (sorted lists)
and, with frequencies, ``x.freqs`` (small integers); ``x.weights`` (f32) and ``x.values`` (byte strings) where the
layout says.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.storage.small_ints import I64, U32

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
class TermPostings:
    """Some neighbouring terms of a field with all their postings: terms ascending, documents ascending in each.

    Arrays as in ``FieldReader``: ``dfs`` (V,), ``docs``, ``freqs`` and ``weights`` (P,), ``positions`` (T,)
    of which each posting has as many as ``freqs`` says; ``values`` are P byte strings.
    """

    terms: Sequence[bytes]
    dfs: U32
    docs: U32
    freqs: U32 | None = None
    positions: U32 | None = None
    weights: F32 | None = None
    values: Sequence[bytes] | None = None


def token_spans(postings: TermPostings, documents: int) -> I64:
    """The largest position + 1 of each of so many documents, given all postings of a field."""
    spans = np.zeros(documents, np.int64)
    if postings.positions is not None and postings.freqs is not None:
        lasts = np.cumsum(postings.freqs, dtype=np.int64) - 1
        np.maximum.at(spans, postings.docs, postings.positions[lasts].astype(np.int64) + 1)
    return spans


def blocks_of(spans: I64) -> tuple[U32, int]:
    """How many blocks each document takes, and how many bits a position in a block has.

    One position stays free behind each document, so that no phrase reaches from one into the next. Blocks are larger
    where positions are so sparse that there would be more than 64 for each document.
    """
    bits = _BLOCK_BITS
    while True:
        blocks = np.where(spans > 0, (spans >> bits) + 1, 0)
        if int(blocks.sum()) <= 64 * len(spans) + 1024:
            return blocks.astype(np.uint32), bits
        bits += 1
