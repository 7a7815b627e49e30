"""Whoosh's columns, kept as doc values where their type allows.

Columns of any other type (lists, pickles, structures, a program's own) are written by their own Whoosh class into one
section and read back by it.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import columns
from whoosh.filedb.structfile import BufferFile, StructFile

from indexer.engine.whoosh.columnar.codec import compat
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.doc_values import BytesColumn, BytesWriter, NumberColumn, NumberWriter

_BYTES_COLUMNS = (
    columns.VarBytesColumn,
    columns.FixedBytesColumn,
    columns.RefBytesColumn,
    columns.CompressedBytesColumn,
)
_NUMBER_TYPES = {"b": "i1", "B": "u1", "h": "i2", "H": "u2", "i": "i4", "I": "u4", "q": "i8", "Q": "u8",
                 "l": "i4", "L": "u4", "f": "f4", "d": "f8"}  # fmt: skip


def column_writer(name: str, column: columns.Column) -> "NumberWriter | BytesWriter | OtherWriter":
    """The writer for a Whoosh column type."""
    if type(column) is columns.NumericColumn and compat.typecode(column) in _NUMBER_TYPES:
        return NumberWriter(name, np.dtype(_NUMBER_TYPES[compat.typecode(column)]), column.default_value())
    if type(column) is columns.BitColumn:
        return NumberWriter(name, np.dtype(np.bool_), False)
    if type(column) in _BYTES_COLUMNS:
        return BytesWriter(name, compat.default_of(column))
    return OtherWriter(name, column)


class OtherWriter:
    """A column of another type, written by its own class."""

    def __init__(self, name: str, column: columns.Column) -> None:
        self._name = name
        self._buffer = BytesIO()
        self._writer = column.writer(StructFile(self._buffer))

    def check(self, values: Any) -> None:
        """The column's own class checks values when it writes them."""

    def add(self, doc: int, value: Any) -> None:
        self._writer.add(doc, value)

    def extend(self, docs: NDArray[np.uint32], values: Sequence[Any]) -> None:
        for doc, value in zip(docs.tolist(), values, strict=True):
            self._writer.add(doc, value)

    def write(self, out: ContainerWriter, doc_count: int) -> None:
        self._writer.finish(doc_count)
        out.section(f"{self._name}.column").write(self._buffer.getvalue())
        out.meta.setdefault("columns", {})[self._name] = {"kind": "other"}


def other_reader(file: ContainerReader, name: str, column: columns.Column, doc_count: int) -> columns.ColumnReader:
    """The reader that a column of another type brings with it."""
    data = file.read(f"{name}.column")
    return column.reader(BufferFile(data), 0, len(data), doc_count)


class NumberReader(columns.ColumnReader):
    """A number column for Whoosh itself."""

    def __init__(self, column: NumberColumn) -> None:
        self._values = column.values
        self._sign = 1
        self._is_bool = column.values.dtype == np.bool_

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> Any:
        return self._values[docnum].item()

    def sort_key(self, docnum: int) -> Any:
        value = self._values[docnum].item()
        if self._is_bool:
            return int(value) ^ (self._sign < 0)
        return self._sign * value

    def __iter__(self) -> Iterator[Any]:
        return iter(self._values.tolist())

    def load(self) -> Any:
        return self._values.tolist()

    def set_reverse(self) -> None:
        self._sign = -1


class BytesReader(columns.ColumnReader):
    """A byte string column for Whoosh itself."""

    def __init__(self, column: BytesColumn) -> None:
        self._codes = column.codes
        self._values = column.values

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, docnum: int) -> bytes:
        return self._values[int(self._codes[docnum])]

    def __iter__(self) -> Iterator[bytes]:
        values = self._values[:]
        return (values[code] for code in self._codes.tolist())

    def load(self) -> list[bytes]:
        return list(self)
