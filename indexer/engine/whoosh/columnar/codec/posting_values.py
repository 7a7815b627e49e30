"""Postings as Whoosh hands them over one by one, (term, document, weight, value), gathered into arrays.

A value is bytes in the form of the field's format. Those of Existence, Frequency and Positions are taken apart into
frequencies and positions and put together again when Whoosh asks for them; those of other formats (characters,
boosts for each position, formats that a program made itself) are kept as bytes.
"""

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from whoosh import formats
from whoosh.fields import FieldType
from whoosh.system import pack_uint

from indexer.engine.whoosh.columnar.storage.postings import F32, Layout, TermPostings
from indexer.engine.whoosh.columnar.storage.postings_reader import FieldReader
from indexer.engine.whoosh.columnar.storage.small_ints import U32

_LIST_PICKLE = b"\x80\x02]"
"""How the pickle of a list begins, after the frequency, in the value of a Positions format."""


@dataclass(slots=True)
class _Parts:
    freqs: U32 | None = None
    positions: U32 | None = None
    values: Sequence[bytes] | None = None


class PostingsBuilder:
    """The postings of one field, in any order of terms, documents ascending for each term."""

    def __init__(self, format_: formats.Format | None) -> None:
        """Without a format there are terms and no more."""
        self._format = format_ or formats.Existence()
        self._numbers: dict[bytes, int] = {}
        self._terms = array("I")
        self._docs = array("I")
        self._weights = array("f")
        self._values: list[bytes] = []
        # An estimate of the bytes in use.
        self.memory = 0

    def add(self, term: bytes, doc: int, weight: float, value: bytes) -> None:
        self._terms.append(self._numbers.setdefault(term, len(self._numbers)))
        self._docs.append(doc)
        self._weights.append(weight)
        self._values.append(value)
        self.memory += 120 + len(value)

    def has_term(self, term: bytes) -> bool:
        return term in self._numbers

    def build(self) -> tuple[Layout, TermPostings]:
        """All of them, sorted."""
        terms = sorted(self._numbers)
        ranks = np.empty(len(terms), np.uint64)
        ranks[[self._numbers[term] for term in terms]] = np.arange(len(terms), dtype=np.uint64)
        docs = np.array(self._docs, np.uint32)
        rank = ranks[np.array(self._terms, np.uint32)]
        keys = (rank << np.uint64(32)) | docs
        order = np.argsort(keys, kind="stable")
        given = np.array(self._weights, np.float32)[order]
        firsts = np.flatnonzero(np.diff(keys[order], prepend=np.uint64(2**64 - 1)))
        if len(firsts) < len(order):
            # Whoosh counts all words of a separate spelling field as one document's.
            given = np.add.reduceat(given, firsts)
            order = order[firsts]
        rank = rank[order]
        values = self._values
        parts = _take_apart(self._format, [values[i] for i in order.tolist()])
        freqs = np.ones(len(order), np.float32) if parts.freqs is None else parts.freqs.astype(np.float32)
        scale = float(given[0] / freqs[0]) if len(given) else 1.0
        weights: F32 | None = None
        if not np.array_equal(given, freqs * np.float32(scale)):
            weights, scale = given, 1.0
        layout = Layout(
            freqs=parts.freqs is not None,
            positions=parts.positions is not None,
            weights=weights is not None,
            values=parts.values is not None,
            scale=scale,
        )
        dfs = np.bincount(rank.astype(np.int64), minlength=len(terms)).astype(np.uint32)
        return layout, TermPostings(terms, dfs, docs[order], parts.freqs, parts.positions, weights, parts.values)


def layout_of(name: str, field: FieldType) -> Layout:
    """How the tokens of a field are stored. Raises ``ValueError`` for a format that is more than positions."""
    kind = type(field.format)
    if field.format is None or kind not in (formats.Existence, formats.Frequency, formats.Positions):
        raise ValueError(f"field {name!r} has a format that takes no tokens: {kind.__name__}")
    return Layout(
        freqs=kind is not formats.Existence,
        positions=kind is formats.Positions,
        weights=False,
        values=False,
        scale=field.format.field_boost,
    )


def _take_apart(format_: formats.Format, values: list[bytes]) -> _Parts:
    kind = type(format_)
    if kind is formats.Existence and not any(values):
        return _Parts()
    if kind is formats.Frequency and all(len(value) == 4 for value in values):
        freqs = np.frombuffer(b"".join(values), ">u4").astype(np.uint32)
        if freqs.all():
            return _Parts(freqs)
    if (
        isinstance(format_, formats.Positions)
        and kind is formats.Positions
        and all(value[4:7] == _LIST_PICKLE and value[-1:] == b"." for value in values)
    ):
        lists = [format_.decode_positions(value) for value in values]
        if all(lists) and all(positions == sorted(positions) and positions[0] >= 0 for positions in lists):
            freqs = np.array([len(positions) for positions in lists], np.uint32)
            every = np.array([position for positions in lists for position in positions], np.int64)
            if every.max(initial=0) < 1 << 32:
                return _Parts(freqs, every.astype(np.uint32))
    return _Parts(values=values)


def value_maker(field: FieldReader, i: int, format_: formats.Format) -> Callable[[int], bytes]:
    """A function that gives the value of the ``k``-th posting of term ``i`` in the form of ``format_``."""
    layout = field.layout
    if layout.values:
        return field.values(i, i + 1).__getitem__
    if layout.positions:
        offsets, positions = field.positions(i, i + 1)
        ends, values = offsets.tolist(), positions.tolist()
        # A field whose format was changed since may be asked in its new one, which does not know positions.
        encode = format_.encode if isinstance(format_, formats.Positions) else formats.Positions().encode
        return lambda k: encode(values[ends[k] : ends[k + 1]])
    if layout.freqs:
        freqs = field.freqs(i, i + 1).tolist()
        return lambda k: pack_uint(freqs[k])
    return lambda k: b""


def all_values(postings: TermPostings, layout: Layout) -> list[bytes]:
    """The values of some postings as bytes, for a merge with postings that have values of another kind."""
    if postings.values is not None:
        return list(postings.values)
    if postings.positions is not None and postings.freqs is not None:
        encode = formats.Positions().encode
        ends = np.cumsum(postings.freqs, dtype=np.int64).tolist()
        positions: list[int] = postings.positions.tolist()
        starts: Iterator[int] = iter([0, *ends])
        return [encode(positions[start:end]) for start, end in zip(starts, ends, strict=False)]
    if layout.freqs and postings.freqs is not None:
        return [pack_uint(freq) for freq in postings.freqs.tolist()]
    return [b""] * len(postings.docs)
