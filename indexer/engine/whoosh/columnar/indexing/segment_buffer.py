"""The segment buffer: the postings of the documents that a writer holds in memory, until they are a segment.

(Lucene: DocumentsWriterPerThread.)
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment
from indexer.engine.whoosh.columnar.codec.compat import FieldType, Schema, Storage
from indexer.engine.whoosh.columnar.codec.posting_values import PostingsBuilder, layout_of
from indexer.engine.whoosh.columnar.codec.terms import KIND, TERMS_EXT
from indexer.engine.whoosh.columnar.indexing.token_buffer import TokenBuffer
from indexer.engine.whoosh.columnar.storage.container import ContainerWriter
from indexer.engine.whoosh.columnar.storage.postings import token_spans
from indexer.engine.whoosh.columnar.storage.postings_writer import PostingsWriter
from indexer.tokens import Tokens

Items = list[tuple[bytes, int, float, bytes]]
"""What a field makes of one document's value: (term, frequency, weight, value) for each term."""


class SegmentBuffer:
    """The postings of the documents since the last flush. Takes the place of Whoosh's posting pool."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._builders: dict[str, PostingsBuilder] = {}
        self._tokens: dict[str, TokenBuffer] = {}
        self._pending: list[tuple[str, bytes, int, float, bytes]] = []

    @property
    def memory(self) -> int:
        """An estimate of the bytes in use when the buffer is written, one field after the other."""
        tokens = self._tokens.values()
        held = sum(builder.memory for builder in self._builders.values()) + sum(each.memory for each in tokens)
        return held + max((each.sort_memory for each in tokens), default=0)

    @property
    def fieldnames(self) -> set[str]:
        return {*self._builders, *self._tokens}

    def has_tokens(self, names: Iterable[str]) -> bool:
        return any(name in self._tokens for name in names)

    def has_values(self, names: Iterable[str]) -> bool:
        return any(name in self._builders for name in names)

    def has_terms(self, name: str, texts: Iterable[bytes]) -> bool:
        """Whether a document of this buffer has one of these terms."""
        if name in self._builders:
            return any(map(self._builders[name].has_term, texts))
        return name in self._tokens and self._tokens[name].has_terms(texts)

    def cleanup(self) -> None:
        """Whoosh's pool has files to clean up; this has none."""

    def add(self, item: tuple[str, bytes, int, float, bytes]) -> None:
        """Whoosh's (field, term, document, weight, value); counts once its document is accepted."""
        self._pending.append(item)

    def accept(self, doc_count: int) -> None:
        for field, term, doc, weight, value in self._pending:
            self._builder(field).add(term, doc, weight, value)
        self._pending.clear()

    def forget(self) -> None:
        self._pending.clear()

    def _builder(self, field: str) -> PostingsBuilder:
        builder = self._builders.get(field)
        if builder is None:
            # A spelling field, which Whoosh adds beside a field, is not in the schema: it has terms and no more.
            known = self._schema[field].format if field in self._schema else None
            builder = self._builders[field] = PostingsBuilder(known)
        return builder

    def fits(self, schema: Schema, tokens: Mapping[str, Tokens], base: int) -> bool:
        return all(self._token_buffer(name, schema[name]).fits(given, base) for name, given in tokens.items())

    def _token_buffer(self, name: str, field: FieldType) -> TokenBuffer:
        buffer = self._tokens.get(name)
        if buffer is None:
            buffer = self._tokens[name] = TokenBuffer(layout_of(name, field))
        return buffer

    def add_tokens(self, name: str, field: FieldType, base: int, tokens: Tokens) -> None:
        self._token_buffer(name, field).add(tokens, base)

    def add_analysed(self, name: str, base: int, documents: Sequence[Items]) -> NDArray[np.int64]:
        """Add what the field made of each document's value; returns the documents' lengths."""
        add = self._builder(name).add
        lengths = np.zeros(len(documents), np.int64)
        for k, items in enumerate(documents):
            for term, freq, weight, value in items:
                add(term, base + k, weight, value)
                lengths[k] += freq
        return lengths

    def write(self, storage: Storage, segment: ColumnarSegment) -> None:
        with ContainerWriter(storage, segment.make_filename(TERMS_EXT), KIND, segment.segment_id()) as out:
            out.meta["fields"] = {}
            documents = segment.doc_count_all()
            for name in sorted(self.fieldnames):
                if name in self._builders:
                    layout, postings = self._builders[name].build()
                    writer = PostingsWriter(out, name, layout, token_spans(postings, documents))
                    writer.append(postings)
                    writer.finish()
                elif self._tokens[name].count:
                    tokens = self._tokens[name]
                    writer = PostingsWriter(out, name, tokens.layout, tokens.spans(documents))
                    for postings in tokens.postings():
                        writer.append(postings)
                    writer.finish()
            out.finish(durable=False)
