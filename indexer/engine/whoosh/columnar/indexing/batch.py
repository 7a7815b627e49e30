"""A batch of documents, checked as a whole before anything of it is added."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.codec.columns import OtherWriter
from indexer.engine.whoosh.columnar.codec.compat import Schema
from indexer.engine.whoosh.columnar.codec.per_document import PerDocumentWriter, pickle_stored
from indexer.engine.whoosh.columnar.indexing.segment_buffer import Items, SegmentBuffer
from indexer.engine.whoosh.columnar.indexing.token_buffer import check_tokens
from indexer.engine.whoosh.columnar.storage.doc_values import BytesWriter, NumberWriter
from indexer.tokens import Tokens

Field = Tokens | Sequence[Any]
"""Analysed tokens, or a value for each document."""

Column = NDArray[Any] | Sequence[Any]


@dataclass(frozen=True, slots=True)
class _Values:
    """The values of a column and the documents that have them."""

    writer: NumberWriter | BytesWriter | OtherWriter
    docs: NDArray[np.uint32]
    values: Any


@dataclass(frozen=True, slots=True)
class DocumentBatch:
    """What ``ColumnarWriter.add_batch`` is given: ``count`` documents."""

    fields: Mapping[str, Field]
    columns: Mapping[str, Column]
    stored: Sequence[Mapping[str, Any]] | None
    count: int

    @classmethod
    def of(
        cls,
        schema: Schema,
        fields: Mapping[str, Field],
        columns: Mapping[str, Column],
        stored: Sequence[Mapping[str, Any]] | None,
    ) -> "DocumentBatch":
        """Raises ``ValueError`` for parts of different lengths, and for columns of fields that have none."""
        for name in columns:
            if not schema[name].column_type:
                raise ValueError(f"field {name!r} is not sortable: it has no column")
        sizes = {len(given) for given in (*fields.values(), *columns.values(), *([] if stored is None else [stored]))}
        if len(sizes) != 1:
            raise ValueError(f"the parts of a batch are of different lengths: {sorted(sizes)}")
        return cls(fields, columns, stored, sizes.pop())

    @property
    def tokens(self) -> dict[str, Tokens]:
        """The fields that are analysed already."""
        return {name: given for name, given in self.fields.items() if isinstance(given, Tokens)}

    @property
    def values(self) -> dict[str, Sequence[Any]]:
        """The fields that are not."""
        return {name: given for name, given in self.fields.items() if not isinstance(given, Tokens)}

    def halves(self) -> "tuple[DocumentBatch, DocumentBatch]":
        half = self.count // 2
        return self._part(slice(0, half)), self._part(slice(half, self.count))

    def _part(self, part: slice) -> "DocumentBatch":
        return DocumentBatch(
            {
                name: given.part(part) if isinstance(given, Tokens) else given[part]
                for name, given in self.fields.items()
            },
            {name: given[part] for name, given in self.columns.items()},
            None if self.stored is None else self.stored[part],
            part.stop - part.start,
        )

    def add_to(self, schema: Schema, base: int, documents: PerDocumentWriter, buffer: SegmentBuffer) -> None:
        """Add the documents, numbered from ``base`` on. What was given can only fail before anything is added."""
        for name, tokens in self.tokens.items():
            check_tokens(name, tokens)
        analysed: dict[str, list[Items]] = {
            name: [[] if value is None else list(schema[name].index(value)) for value in values]
            for name, values in self.values.items()
        }
        pickled = [pickle_stored(row) for row in self.stored] if self.stored is not None else [b""] * self.count
        columns = self._checked_columns(schema, base, documents)

        for column in columns:
            column.writer.extend(column.docs, column.values)
        lengths: dict[str, NDArray[Any]] = {}
        for name, given in self.fields.items():
            if isinstance(given, Tokens):
                buffer.add_tokens(name, schema[name], base, given)
                sums = np.diff(given.offsets)
            else:
                sums = buffer.add_analysed(name, base, analysed[name])
            if schema[name].scorable:
                lengths[name] = sums
        if self.stored is not None:
            documents.note_stored_names({name for row in self.stored for name in row})
        documents.add_documents(pickled, lengths)

    def _checked_columns(self, schema: Schema, base: int, documents: PerDocumentWriter) -> list[_Values]:
        """The columns that were given, and those of sortable fields that were given as values alone."""
        made: dict[str, Column] = dict(self.columns)
        for name, given in self.values.items():
            field = schema[name]
            if field.column_type and name not in made:
                made[name] = [None if value is None else field.to_column_value(value) for value in given]
        checked = []
        for name, values in made.items():
            docs = np.arange(base, base + self.count, dtype=np.uint32)
            if not isinstance(values, np.ndarray):
                present = [k for k, value in enumerate(values) if value is not None]
                docs, values = docs[present], [values[k] for k in present]
            if len(docs):
                writer = documents.column(name, schema[name].column_type)
                writer.check(values)
                checked.append(_Values(writer, docs, values))
        return checked
