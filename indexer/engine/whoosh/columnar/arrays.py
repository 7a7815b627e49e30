"""A segment as NumPy arrays: the interface between the files and a vectorised search.

Shapes used below: ``N`` documents in the segment (deleted ones included), ``V`` terms of a field in byte order, ``P``
postings of a field (one for each term and document, term after term, documents ascending within a term), ``T`` tokens
of a field (one for each occurrence). Because postings are stored term after term, the postings of neighbouring terms
``i <= t < j`` are one slice: a prefix query reads one array, not ``j - i`` of them.

Every array that these methods return is read-only or the caller's own; none may be written to in place unless the
docstring says that it is a fresh copy. All of them may raise ``CorruptIndex`` on the first touch of a damaged page.
"""

from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray


class Tokens(Protocol):
    """What an analyser hands over for one field of many documents, without a Python object for each token.

    Document ``i`` of the batch has the tokens ``vocabulary[k] for k in ids[offsets[i]:offsets[i + 1]]``; the position
    of a token is its index inside the document. Ids may repeat or be unused. All of the vocabulary is looked at for
    every batch: give each batch its own.
    """

    @property
    def vocabulary(self) -> Sequence[str]: ...
    @property
    def ids(self) -> NDArray[np.uint32]: ...
    @property
    def offsets(self) -> NDArray[np.int64]: ...


@runtime_checkable
class Spellings(Protocol):
    """What a vocabulary may be besides a sequence of strings, to be read without an object for each.

    String ``i`` has the code points ``points[offsets[i]:offsets[i + 1]]``.
    """

    @property
    def points(self) -> NDArray[np.uint32]: ...
    @property
    def offsets(self) -> NDArray[np.int64]: ...


class FieldArrays(Protocol):
    """One indexed field of one segment."""

    #: Number of terms (V), postings (P) and tokens (T, the sum of all frequencies).
    term_count: int
    posting_count: int
    token_count: int
    #: True when positions are stored.
    has_positions: bool
    #: Tokens of this field in every document, shape (N,), unsigned, exact (Whoosh's own codec rounds to one byte).
    #: None when the field is not scorable.
    lengths: NDArray[np.unsignedinteger] | None
    #: Sum of ``lengths``; 0 when there are none.
    total_length: int

    def find(self, term: bytes) -> int:
        """The number of a term, or -1."""

    def range(self, lo: bytes | None, hi: bytes | None) -> tuple[int, int]:
        """Terms with ``lo <= term < hi`` as a half-open range of numbers; None leaves that end open."""

    def prefix(self, prefix: bytes) -> tuple[int, int]:
        """Terms that start with ``prefix`` as a half-open range of numbers."""

    def term(self, i: int) -> bytes:
        """Term number ``i``."""

    def terms(self, i: int, j: int) -> list[bytes]:
        """Terms ``i`` to ``j`` (exclusive), much faster than one by one."""

    def dfs(self, i: int, j: int) -> NDArray[np.uint32]:
        """How many documents (deleted ones included) hold each of the terms ``i`` to ``j``, shape (j - i,)."""

    def df(self, i: int) -> int:
        """``dfs(i, i + 1)[0]``."""

    def count(self, i: int, j: int) -> int:
        """How many places (positions not stored: documents) the terms ``i`` to ``j`` have, at the cost of a look-up."""

    def docs(self, i: int, j: int) -> NDArray[np.uint32]:
        """Document numbers of the postings of terms ``i`` to ``j``, term after term, ascending within a term."""

    def freqs(self, i: int, j: int) -> NDArray[np.uint32]:
        """How often the term stands in each of those documents; parallel to ``docs(i, j)``. All 1 when not stored."""

    def doc_list(self, i: int, j: int) -> NDArray[np.integer]:
        """``docs(i, j)`` in the type that costs least; read-only."""

    def stored_freqs(self, i: int, j: int) -> NDArray[np.integer]:
        """``freqs(i, j)`` in the type that costs least; read-only."""

    def weights(self, i: int, j: int) -> NDArray[np.float32]:
        """What Whoosh scores with: frequency times boosts; parallel to ``docs(i, j)``."""

    def positions(self, i: int, j: int) -> tuple[NDArray[np.int64], NDArray[np.uint32]]:
        """Positions of the postings of terms ``i`` to ``j``: ``(offsets, positions)``.

        Posting ``k`` of ``docs(i, j)`` has ``positions[offsets[k]:offsets[k + 1]]``, ascending; ``offsets`` has one
        entry more than there are postings. Raises ``ValueError`` when the field stores no positions.
        """

    # Only of fields with positions; see ``postings``:

    #: A place is in block ``place >> block_bits``.
    block_bits: int

    @property
    def firsts(self) -> NDArray[np.int64]:
        """The first place of each document and, last, the end of all, shape (N + 1,)."""

    @property
    def owners(self) -> NDArray[np.unsignedinteger]:
        """The document of each block of places."""

    def places(self, i: int, j: int) -> NDArray[np.unsignedinteger]:
        """The places of terms ``i`` to ``j``, term after term, ascending within a term; read-only."""


class NumberColumn(Protocol):
    """Numbers of a sortable field: NUMERIC, DATETIME (microseconds since year 1), BOOLEAN.

    They are what the field's ``to_column_value`` gives, and are to be compared with what it gives: Whoosh moves signed
    numbers up to non-negative ones, for instance.
    """

    @property
    def values(self) -> NDArray[Any]:
        """Shape (N,); ``default`` where the document has no value."""

    @property
    def present(self) -> NDArray[np.bool_] | None:
        """Shape (N,); None when every document has a value."""

    @property
    def default(self) -> int | float: ...


class BytesColumn(Protocol):
    """Byte strings of a sortable field as codes: ``values[codes[d]]`` is document ``d``'s value.

    ``values`` is sorted and holds no value twice, so that codes compare as the values do and a facet is one bincount.
    """

    @property
    def codes(self) -> NDArray[np.unsignedinteger]: ...

    @property
    def values(self) -> Sequence[bytes]: ...

    @property
    def present(self) -> NDArray[np.bool_] | None:
        """As in ``NumberColumn``; a document without a value has the code of ``default``."""

    @property
    def default(self) -> bytes: ...

    def of(self, docs: NDArray[np.integer]) -> list[bytes]:
        """The values of some documents."""


class SegmentArrays(Protocol):
    """One segment. Immutable but for deletions, which belong to the commit that the reader was opened on."""

    doc_count_all: int

    @property
    def deleted(self) -> NDArray[np.bool_] | None:
        """Shape (N,), True for deleted documents; None when there are none."""

    def field_names(self) -> list[str]:
        """Names of the fields that have terms in this segment."""

    def field(self, name: str) -> FieldArrays | None:
        """An indexed field, or None when no document of this segment has a term in it."""

    def column(self, name: str) -> NumberColumn | BytesColumn | None:
        """A sortable field's column; None when no document of this segment has a value.

        Columns of other types (lists, pickles) are reachable through Whoosh's own ``column_reader`` only.
        """
