"""Tokens of many documents, gathered and sorted into postings.

One token is one 64-bit key: (term, document, position), terms numbered in byte order. One ``np.sort`` puts a whole
buffer into its final order; all that follows is finding boundaries. What a buffer holds decides how many bits each part
gets, and a buffer is flushed before its keys would not fit.
"""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np

from indexer.arrays import group_starts
from indexer.engine.whoosh.columnar.indexing.vocabulary import U64, Vocabulary
from indexer.engine.whoosh.columnar.storage.postings import Layout, TermPostings
from indexer.engine.whoosh.columnar.storage.small_ints import I64, U32
from indexer.tokens import Tokens

_CHUNK = 1 << 20
"""Keys made into postings at a time, to bound memory (a term is never cut in two)."""


class TokenBuffer:
    """The tokens of one field in the documents of one segment buffer."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self._vocabulary = Vocabulary()
        self._ids: list[U32] = []
        self._docs: list[int] = []
        self._lengths: list[I64] = []
        self._spans: list[I64] = []
        # Of each batch; None where its tokens follow one another.
        self._positions: list[U32 | None] = []
        self._longest = 0
        # Tokens so far.
        self.count = 0
        # Documents of the buffer so far, including those without this field.
        self.doc_count = 0

    def fits(self, tokens: Tokens, doc_base: int) -> bool:
        """Whether one more batch leaves the keys within 64 bits."""
        spans = tokens.spans
        terms = self._vocabulary.size + len(tokens.vocabulary)
        longest = max(self._longest, int(spans.max(initial=0)))
        return _bits(terms) + _bits(doc_base + len(spans)) + self._position_bits(longest) <= 64

    def _position_bits(self, longest: int) -> int:
        # Without positions it does not matter where a token stands: equal keys are counted.
        return _bits(longest) if self.layout.positions else 0

    def add(self, tokens: Tokens, doc_base: int) -> None:
        """Add a batch whose first document has the number ``doc_base`` in the buffer."""
        self._vocabulary.add(tokens.vocabulary)
        lengths, spans = np.diff(tokens.offsets), tokens.spans
        part = slice(int(tokens.offsets[0]), int(tokens.offsets[-1]))
        self._ids.append(np.array(tokens.ids[part], np.uint32))
        self._positions.append(None if tokens.places is None else np.array(tokens.places.positions[part], np.uint32))
        self._docs.append(doc_base)
        self._lengths.append(lengths)
        self._spans.append(spans)
        self._longest = max(self._longest, int(spans.max(initial=0)))
        self.count += int(lengths.sum())
        self.doc_count = doc_base + len(lengths)

    def has_terms(self, terms: Iterable[bytes]) -> bool:
        """Whether one of these terms was added, also after ``postings``."""
        # A term that is in a batch's vocabulary and in none of its documents costs a flush, no more.
        return self._vocabulary.holds([term.decode(errors="replace") for term in terms])

    @property
    def memory(self) -> int:
        """An estimate of the bytes in use."""
        placed = sum(len(positions) for positions in self._positions if positions is not None)
        return 4 * (self.count + placed) + self._vocabulary.memory

    @property
    def sort_memory(self) -> int:
        """An estimate of the bytes that ``postings`` will need besides."""
        return max(8 * self.count, self._vocabulary.sort_memory)

    def spans(self, documents: int) -> I64:
        """The positions that each of so many documents takes."""
        spans = np.zeros(documents, np.int64)
        for doc_base, added in zip(self._docs, self._spans, strict=True):
            spans[doc_base : doc_base + len(added)] = added
        return spans

    def postings(self) -> Iterator[TermPostings]:
        """The postings in order, some terms at a time. Empties the buffer but for its vocabulary."""
        numbers = self._vocabulary.sort()
        position_bits = self._position_bits(self._longest)
        low_bits = _bits(self.doc_count) + position_bits
        keys = self._keys(numbers, position_bits, low_bits)
        del numbers
        keys.sort()
        start = 0
        while start < len(keys):
            stop = min(start + _CHUNK, len(keys))
            if stop < len(keys):
                last = int(keys[stop - 1]) >> low_bits
                stop = start + int(np.searchsorted(keys[start:], np.uint64((last + 1) << low_bits)))
            yield self._cut(keys[start:stop], position_bits, low_bits)
            start = stop

    def _keys(self, numbers: Sequence[U64], position_bits: int, low_bits: int) -> U64:
        keys = np.empty(self.count, np.uint64)
        at = 0
        batches = zip(numbers, self._ids, self._docs, self._lengths, self._positions, strict=True)
        for known, ids, doc_base, lengths, positions in batches:
            part = keys[at : at + len(ids)]
            np.left_shift(known[ids], np.uint64(low_bits), out=part)
            docs = np.arange(doc_base, doc_base + len(lengths), dtype=np.uint64)
            low = np.repeat(docs << np.uint64(position_bits), lengths)
            if self.layout.positions and positions is not None:
                low += positions.astype(np.uint64)
            elif self.layout.positions:
                low += np.arange(len(ids), dtype=np.uint64)
                low -= np.repeat((np.cumsum(lengths) - lengths).astype(np.uint64), lengths)
            part |= low
            at += len(ids)
        self._ids.clear()
        self._positions.clear()
        return keys

    def _cut(self, keys: U64, position_bits: int, low_bits: int) -> TermPostings:
        pairs = keys >> np.uint64(position_bits)
        firsts = group_starts(pairs)
        pairs = pairs[firsts]
        doc_bits = low_bits - position_bits
        numbers = pairs >> np.uint64(doc_bits)
        docs = (pairs & np.uint64((1 << doc_bits) - 1)).astype(np.uint32)
        heads = group_starts(numbers)
        return TermPostings(
            terms=self._vocabulary.spell(numbers[heads]),
            dfs=np.diff(heads, append=len(docs)).astype(np.uint32),
            docs=docs,
            freqs=np.diff(firsts, append=len(keys)).astype(np.uint32) if self.layout.freqs else None,
            positions=(
                (keys & np.uint64((1 << position_bits) - 1)).astype(np.uint32) if self.layout.positions else None
            ),
        )


def check_tokens(name: str, tokens: Tokens) -> None:
    """Raises ``ValueError`` for tokens that are not what ``Tokens`` says."""
    offsets, ids = tokens.offsets, tokens.ids
    if not (int(offsets[0]) >= 0 and (np.diff(offsets) >= 0).all() and int(offsets[-1]) <= len(ids)):
        raise ValueError(f"the offsets of field {name!r} must ascend within its {len(ids)} ids")
    used = ids[offsets[0] : offsets[-1]]
    if len(used) and not 0 <= int(used.min()) <= int(used.max()) < len(tokens.vocabulary):
        raise ValueError(f"the ids of field {name!r} must be below its vocabulary's {len(tokens.vocabulary)}")
    if tokens.places is not None and not _fit(tokens):
        raise ValueError(f"the positions of field {name!r} must ascend within each document's span")


def _fit(tokens: Tokens) -> bool:
    """Whether the positions ascend within each document and end before its span."""
    assert tokens.places is not None
    offsets, (positions, spans) = tokens.offsets, tokens.places
    if len(positions) != len(tokens.ids) or len(spans) != len(tokens):
        return False
    for start, end, span in zip(offsets[:-1].tolist(), offsets[1:].tolist(), spans.tolist(), strict=True):
        own = positions[start:end]
        if len(own) and not ((own[1:] >= own[:-1]).all() and int(own[-1]) < span):
            return False
    return True


def _bits(count: int) -> int:
    """Bits that number ``count`` things."""
    return max(count - 1, 0).bit_length()
