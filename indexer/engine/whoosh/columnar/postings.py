"""The postings of one field: what is written, and the reader that gives slices of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .format import Array, File, FileWriter
from .packing import I64, U32, Counts, Packed, PackedWriter
from .strings import Strings, StringsWriter, prefix_end

F32 = NDArray[np.float32]

TERMS_PER_CHUNK = 64
#: How often the running sums of frequencies by term and of tokens by posting are noted.
_TERM_SUMS = 64
_POSTING_SUMS = 256
_VALUES_PER_CHUNK = 32


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

    Arrays as in ``arrays.FieldArrays``: ``dfs`` (V,), ``docs``, ``freqs`` and ``weights`` (P,), ``positions`` (T,)
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

    def __init__(self, out: FileWriter, field: str, layout: Layout) -> None:
        self._out = out
        self._field = field
        self._layout = layout
        self._terms = StringsWriter(out, f"{field}.terms", per_chunk=TERMS_PER_CHUNK, searchable=True)
        self._dfs = PackedWriter(out, f"{field}.dfs", sums_every=_TERM_SUMS)
        self._docs = PackedWriter(out, f"{field}.docs")
        self._freqs = (
            PackedWriter(out, f"{field}.freqs", sums_every=_POSTING_SUMS if layout.positions else None)
            if layout.freqs
            else None
        )
        self._positions = PackedWriter(out, f"{field}.positions") if layout.positions else None
        self._weights = out.section(f"{field}.weights") if layout.weights else None
        self._values = (
            StringsWriter(out, f"{field}.values", per_chunk=_VALUES_PER_CHUNK, searchable=False)
            if layout.values
            else None
        )
        self._tokens = 0

    def append(self, postings: Postings) -> None:
        """Terms must come after all terms appended before."""
        self._terms.append(postings.terms)
        self._dfs.append(postings.dfs)
        self._docs.append(_to_gaps(postings.docs, postings.dfs))
        freqs = postings.freqs
        self._tokens += len(postings.docs) if freqs is None else int(freqs.sum(dtype=np.int64))
        if self._freqs is not None:
            stored = np.ones(len(postings.docs), np.uint32) if freqs is None else freqs
            # With positions the frequencies are the lengths of lists and must add up, else 1 is the smallest.
            self._freqs.append(stored if self._layout.positions else stored - np.uint32(1))
        if self._positions is not None:
            assert postings.positions is not None and freqs is not None
            self._positions.append(_to_steps(postings.positions, freqs))
        if self._weights is not None:
            weights = postings.weights
            if weights is None:
                weights = (np.ones(len(postings.docs), np.float32) if freqs is None else freqs).astype(np.float32)
                weights *= np.float32(self._layout.scale)
            self._weights.write(weights.astype("<f4").tobytes())
        if self._values is not None:
            assert postings.values is not None
            self._values.append(postings.values)

    def finish(self) -> None:
        self._terms.finish()
        self._dfs.finish()
        self._docs.finish()
        if self._freqs is not None:
            self._freqs.finish()
        if self._positions is not None:
            self._positions.finish()
        if self._values is not None:
            self._values.finish()
        layout = self._layout
        self._out.meta.setdefault("fields", {})[self._field] = {
            "terms": self._terms.count,
            "postings": self._docs.count,
            "tokens": self._tokens,
            "freqs": layout.freqs,
            "positions": layout.positions,
            "weights": layout.weights,
            "values": layout.values,
            "scale": layout.scale,
        }


def _to_gaps(docs: U32, dfs: U32) -> U32:
    """Documents as the first number of each term and then the documents left out between two."""
    gaps = np.empty_like(docs)
    gaps[:1] = docs[:1]
    np.subtract(docs[1:], docs[:-1], out=gaps[1:])
    gaps -= np.uint32(1)
    firsts = np.cumsum(dfs, dtype=np.int64) - dfs
    gaps[firsts] = docs[firsts]
    return gaps


def _to_steps(positions: U32, freqs: U32) -> U32:
    """Positions as the first of each posting and then the distances."""
    steps = np.empty_like(positions)
    steps[:1] = positions[:1]
    np.subtract(positions[1:], positions[:-1], out=steps[1:])
    firsts = np.cumsum(freqs, dtype=np.int64) - freqs
    steps[firsts] = positions[firsts]
    return steps


class FieldReader:
    """One indexed field of a segment; see ``arrays.FieldArrays`` for what its methods promise."""

    def __init__(self, file: File, field: str, lengths: NDArray[Any] | None, total_length: int) -> None:
        meta = file.meta["fields"][field]
        self.layout = Layout(meta["freqs"], meta["positions"], meta["weights"], meta["values"], meta["scale"])
        self.term_count: int = meta["terms"]
        self.posting_count: int = meta["postings"]
        self.token_count: int = meta["tokens"]
        self.has_positions = self.layout.positions
        self.lengths = lengths
        self.total_length = total_length
        self._terms = Strings(file, f"{field}.terms", self.term_count, TERMS_PER_CHUNK)
        self._dfs = Counts(file, f"{field}.dfs", sums_every=_TERM_SUMS)
        self._bounds: I64 | None = None
        self._docs = Packed(file, f"{field}.docs")
        self._freqs: Packed | None = None
        if self.layout.positions:
            self._freqs = Counts(file, f"{field}.freqs", sums_every=_POSTING_SUMS)
            self._positions = Packed(file, f"{field}.positions")
        elif self.layout.freqs:
            self._freqs = Packed(file, f"{field}.freqs")
        # Only where a segment has terms but no documents, as Whoosh's low-level interface allows.
        self._posting_lengths = file.array(f"{field}.lengths", np.uint32) if f"{field}.lengths" in file else None
        self._weights: Array | None = file.array(f"{field}.weights", np.float32) if self.layout.weights else None
        self._values = (
            Strings(file, f"{field}.values", self.posting_count, _VALUES_PER_CHUNK) if self.layout.values else None
        )

    # Terms

    def find(self, term: bytes) -> int:
        return self._terms.find(term)

    def find_many(self, terms: Sequence[bytes]) -> dict[bytes, int]:
        """The numbers of those terms that are there: ten times as fast as ``find`` for thousands of them."""
        return self._terms.find_many(terms)

    def range(self, lo: bytes | None, hi: bytes | None) -> tuple[int, int]:
        start = 0 if lo is None else self._terms.rank(lo)
        stop = self.term_count if hi is None else self._terms.rank(hi)
        return start, max(start, stop)

    def prefix(self, prefix: bytes) -> tuple[int, int]:
        return self.range(prefix, prefix_end(prefix))

    def term(self, i: int) -> bytes:
        return self._terms[i]

    def terms(self, i: int, j: int) -> list[bytes]:
        return self._terms[i:j]

    # Postings

    def dfs(self, i: int, j: int) -> U32:
        return self._dfs.slice(i, j)

    def df(self, i: int) -> int:
        return int(self._dfs.slice(i, i + 1)[0])

    def docs(self, i: int, j: int) -> U32:
        offsets = self._offsets(i, j)
        docs = self._docs.slice(int(offsets[0]), int(offsets[-1]))
        docs += np.uint32(1)
        if j - i == 1:
            np.cumsum(docs, out=docs)
            docs -= np.uint32(1)
            return docs
        # One running sum over all terms; what stood before each term is taken off again (modulo 2**32 throughout).
        firsts = offsets[:-1] - offsets[0]
        before = docs[firsts]
        np.cumsum(docs, out=docs)
        docs -= np.repeat(docs[firsts] - before + np.uint32(1), np.diff(offsets))
        return docs

    def freqs(self, i: int, j: int) -> U32:
        start, stop = self._span(i, j)
        if self._freqs is None:
            return np.ones(stop - start, np.uint32)
        freqs = self._freqs.slice(start, stop)
        if not self.layout.positions:
            freqs += np.uint32(1)
        return freqs

    def weights(self, i: int, j: int) -> F32:
        if self._weights is not None:
            return self._weights.slice(*self._span(i, j))
        weights = self.freqs(i, j).astype(np.float32)
        if self.layout.scale != 1.0:
            weights *= np.float32(self.layout.scale)
        return weights

    def positions(self, i: int, j: int, freqs: NDArray[np.integer] | None = None) -> tuple[I64, U32]:
        if not self.layout.positions:
            raise ValueError("this field stores no positions")
        assert isinstance(self._freqs, Counts)
        start, stop = self._span(i, j)
        if freqs is None:
            offsets = self._freqs.offsets(start, stop)
        else:
            offsets = np.empty(len(freqs) + 1, np.int64)
            offsets[0] = self._freqs.offsets(start, start)[0]
            np.cumsum(freqs, out=offsets[1:])
            offsets[1:] += offsets[0]
        positions = self._positions.slice(int(offsets[0]), int(offsets[-1]))
        offsets -= offsets[0]
        firsts = offsets[:-1]
        before = positions[firsts]
        np.cumsum(positions, out=positions)
        positions -= np.repeat(positions[firsts] - before, np.diff(offsets))
        return offsets, positions

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

    def postings(self, i: int, j: int) -> Postings:
        """Terms ``i`` to ``j`` with all that is stored of them."""
        layout = self.layout
        return Postings(
            terms=self.terms(i, j),
            dfs=self.dfs(i, j),
            docs=self.docs(i, j),
            freqs=self.freqs(i, j) if layout.freqs else None,
            positions=self.positions(i, j)[1] if layout.positions else None,
            weights=self.weights(i, j) if layout.weights else None,
            values=self.values(i, j) if layout.values else None,
        )

    def posting_offsets(self) -> I64:
        """The number of the first posting of every term and, last, of all postings, shape (V + 1,)."""
        return self._dfs.offsets(0, self.term_count)

    def _offsets(self, i: int, j: int) -> I64:
        """Where the postings of terms ``i`` to ``j`` begin and, last, where they end."""
        if self._bounds is None:
            # Eight bytes a term: every question needs some of them, and unpacking all takes milliseconds.
            self._bounds = self.posting_offsets()
        return self._bounds[i : j + 1]

    def _span(self, i: int, j: int) -> tuple[int, int]:
        offsets = self._offsets(i, j)
        return int(offsets[0]), int(offsets[-1])
