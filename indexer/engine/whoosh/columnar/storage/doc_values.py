"""Doc values: one value for each document, as arrays.

Numbers and bits are arrays; byte strings are codes into their sorted values, so that sorting and grouping work on
numbers. (Lucene: NumericDocValues and SortedDocValues; Whoosh: columns.)
"""

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.arrays import narrowed
from indexer.engine.whoosh.columnar.storage.byte_strings import ByteStrings, ByteStringsWriter, FixedByteStrings
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter

_VALUES_PER_CHUNK = 64
_WIDEST_SLOT = 24
"""Bytes of the longest keys that are kept uncompressed."""


class NumberWriter:
    """Gathers numbers."""

    def __init__(self, name: str, dtype: np.dtype[Any], default: Any) -> None:
        self._name = name
        self._dtype = dtype
        self._default = default
        self._docs: list[NDArray[np.uint32]] = []
        self._values: list[NDArray[Any]] = []
        self._one_docs = array("I")
        self._one_values: list[Any] = []

    def check(self, values: Any) -> None:
        """Raises ``ValueError`` for values that the column can't hold."""
        self._converted(values)

    def add(self, doc: int, value: Any) -> None:
        self._one_docs.append(doc)
        self._one_values.append(value)

    def extend(self, docs: NDArray[np.uint32], values: Any) -> None:
        self._flush()
        self._docs.append(docs)
        self._values.append(self._converted(values))

    def _converted(self, values: Any) -> NDArray[Any]:
        if self._dtype.kind in "iu":
            info = np.iinfo(self._dtype)
            fault = f"column {self._name!r} holds whole numbers from {info.min} to {info.max}"
            if isinstance(values, np.ndarray):
                whole = values.dtype.kind in "iub"
                fits = not whole or not len(values) or info.min <= int(values.min()) <= int(values.max()) <= info.max
            else:
                whole, fits = all(isinstance(value, int | np.integer) for value in values), True
            if not whole or not fits:
                raise ValueError(fault)
            try:
                return np.array(values, self._dtype)
            except OverflowError as error:
                raise ValueError(fault) from error
        try:
            return np.array(values, self._dtype)
        except TypeError as error:
            raise ValueError(f"column {self._name!r} holds numbers") from error

    def _flush(self) -> None:
        if self._one_values:
            self._docs.append(np.array(self._one_docs, np.uint32))
            self._values.append(self._converted(self._one_values))
            self._one_docs, self._one_values = array("I"), []

    def write(self, out: ContainerWriter, doc_count: int) -> None:
        self._flush()
        docs = np.concatenate(self._docs) if self._docs else np.empty(0, np.uint32)
        values = np.full(doc_count, self._default, self._dtype)
        present = np.zeros(doc_count, np.bool_)
        present[docs] = True
        if len(docs):
            values[docs] = np.concatenate(self._values)
        out.put(f"{self._name}.column", values)
        _write_present(out, self._name, present)
        default = float(self._default) if self._dtype.kind == "f" else int(self._default)
        out.meta.setdefault("columns", {})[self._name] = {
            "kind": "number",
            "dtype": self._dtype.newbyteorder("<").str,
            "default": default,
        }


class BytesWriter:
    """Gathers byte strings."""

    def __init__(self, name: str, default: bytes) -> None:
        self._name = name
        self._default = default
        self._numbers: dict[bytes, int] = {default: 0}
        self._docs: list[NDArray[np.uint32]] = []
        self._codes: list[NDArray[np.uint32]] = []
        self._one_docs = array("I")
        self._one_codes = array("I")

    def check(self, values: Any) -> None:
        """Raises ``ValueError`` for values that the column can't hold."""
        if not all(isinstance(value, bytes) for value in values):
            raise ValueError(f"column {self._name!r} holds bytes")

    def add(self, doc: int, value: bytes) -> None:
        self._one_docs.append(doc)
        self._one_codes.append(self._numbers.setdefault(value, len(self._numbers)))

    def extend(self, docs: NDArray[np.uint32], values: Sequence[bytes]) -> None:
        numbers = self._numbers
        codes = np.array([numbers.setdefault(value, len(numbers)) for value in values], np.uint32)
        self._docs.append(docs)
        self._codes.append(codes)

    def extend_coded(self, docs: NDArray[np.uint32], codes: NDArray[Any], values: Sequence[bytes]) -> None:
        """Add the values ``values[codes]``: a merge looks at each different value once."""
        numbers = self._numbers
        used = np.unique(codes)
        mapped = np.zeros(len(values), np.uint32)
        mapped[used] = [numbers.setdefault(values[code], len(numbers)) for code in used.tolist()]
        self._docs.append(docs)
        self._codes.append(mapped[codes])

    def write(self, out: ContainerWriter, doc_count: int) -> None:
        docs = np.concatenate([*self._docs, np.array(self._one_docs, np.uint32)])
        given = np.concatenate([*self._codes, np.array(self._one_codes, np.uint32)])
        values = sorted(self._numbers)
        ranks = np.empty(len(values), np.uint32)
        ranks[[self._numbers[value] for value in values]] = np.arange(len(values), dtype=np.uint32)
        every = np.full(doc_count, ranks[0], np.uint32)
        every[docs] = ranks[given]
        codes = narrowed(every)
        present = np.zeros(doc_count, np.bool_)
        present[docs] = True
        out.put(f"{self._name}.codes", codes)
        width = _slot_width(values, doc_count)
        if width:
            out.section(f"{self._name}.fixed").write(b"".join(value.ljust(width, b"\0") for value in values))
        else:
            strings = ByteStringsWriter(out, f"{self._name}.strings", per_chunk=_VALUES_PER_CHUNK, searchable=True)
            strings.append(values)
            strings.finish()
        _write_present(out, self._name, present)
        out.meta.setdefault("columns", {})[self._name] = {
            "kind": "bytes",
            "codes": codes.itemsize,
            "values": len(values),
            "default": int(ranks[0]),
            "width": width,
        }


def _slot_width(values: Sequence[bytes], doc_count: int) -> int:
    """The size of the slots for values that are mostly short keys, each of one document; 0 for others."""
    width = max(map(len, values))
    if 2 * len(values) < doc_count or width > _WIDEST_SLOT or any(value.endswith(b"\0") for value in values):
        return 0
    return width


def _write_present(out: ContainerWriter, name: str, present: NDArray[np.bool_]) -> None:
    if not present.all():
        out.put(f"{name}.present", np.packbits(present))


def _read_present(file: ContainerReader, name: str, doc_count: int) -> NDArray[np.bool_] | None:
    if f"{name}.present" not in file:
        return None
    return np.unpackbits(file.array(f"{name}.present", np.uint8).all(), count=doc_count).astype(np.bool_)


class NumberColumn:
    """Numbers of a sortable field: NUMERIC, DATETIME (microseconds since year 1), BOOLEAN.

    They are what the field's ``to_column_value`` gives, and are to be compared with what it gives: Whoosh moves signed
    numbers up to non-negative ones, for instance. ``values`` has shape (N,), with ``default`` where the document has no
    value; ``present`` likewise, or is None when every document has one.
    """

    def __init__(self, file: ContainerReader, name: str, doc_count: int) -> None:
        meta = file.meta["columns"][name]
        dtype = np.dtype(meta["dtype"])
        self.values: NDArray[Any] = file.array(f"{name}.column", dtype).all()
        self.present = _read_present(file, name, doc_count)
        self.default: int | float = meta["default"]


class BytesColumn:
    """Byte strings of a sortable field as codes: ``values[codes[d]]`` is document ``d``'s value.

    ``values`` is sorted and holds no value twice, so that codes compare as the values do and a facet is one bincount.
    A document without a value has the code of ``default``; ``present`` is as in ``NumberColumn``.
    """

    def __init__(self, file: ContainerReader, name: str, doc_count: int) -> None:
        meta = file.meta["columns"][name]
        self.codes: NDArray[np.unsignedinteger] = file.array(f"{name}.codes", f"<u{meta['codes']}").all()
        self.values: Sequence[bytes] = (
            FixedByteStrings(file, name, meta["width"])
            if meta["width"]
            else ByteStrings(file, f"{name}.strings", meta["values"], _VALUES_PER_CHUNK)
        )
        self.present = _read_present(file, name, doc_count)
        self.default = self.values[meta["default"]]

    def of(self, docs: NDArray[np.integer]) -> list[bytes]:
        """The values of some documents."""
        codes = self.codes[docs]
        if isinstance(self.values, FixedByteStrings):
            return self.values.take(codes)
        return [self.values[code] for code in codes.tolist()]


def open_column(file: ContainerReader, name: str, doc_count: int) -> NumberColumn | BytesColumn | None:
    """A column as arrays; None for a column of another type."""
    kind = file.meta["columns"][name]["kind"]
    if kind == "number":
        return NumberColumn(file, name, doc_count)
    return BytesColumn(file, name, doc_count) if kind == "bytes" else None
