"""A run: the postings of the documents that a writer holds in memory, until they are written as a segment."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from whoosh import formats
from whoosh.fields import FieldType
from whoosh.filedb.filestore import Storage

from indexer.tokens import Tokens

from .codec import KIND, TERMS_EXT
from .format import FileWriter
from .postings import PostingsWriter, spans_of
from .segment import ColumnarSegment
from .tokens import TokenRun
from .values import PostingsBuilder

#: What a field makes of one document's value: (term, frequency, weight, value) for each term.
Items = list[tuple[bytes, int, float, bytes]]


class Run:
    """The postings of the documents since the last flush. Takes the place of Whoosh's posting pool."""

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._builders: dict[str, PostingsBuilder] = {}
        self._tokens: dict[str, TokenRun] = {}
        self._pending: list[tuple[str, bytes, int, float, bytes]] = []

    @property
    def memory(self) -> int:
        """An estimate of the bytes in use when the run is written, one field after the other."""
        runs = self._tokens.values()
        held = sum(builder.memory for builder in self._builders.values()) + sum(run.memory for run in runs)
        return held + max((run.sort_memory for run in runs), default=0)

    @property
    def fieldnames(self) -> set[str]:
        return {*self._builders, *self._tokens}

    def has_tokens(self, names: Iterable[str]) -> bool:
        return any(name in self._tokens for name in names)

    def has_values(self, names: Iterable[str]) -> bool:
        return any(name in self._builders for name in names)

    def has_terms(self, name: str, texts: Iterable[bytes]) -> bool:
        """Whether a document of this run has one of these terms."""
        if name in self._builders:
            return any(map(self._builders[name].has_term, texts))
        return name in self._tokens and self._tokens[name].has_terms(texts)

    def cleanup(self) -> None:
        """Whoosh's pool has files to clean up; this has none."""

    # One document

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
            builder = self._builders[field] = PostingsBuilder(known or formats.Existence())
        return builder

    # Many documents

    def fits(self, schema: Any, tokens: Mapping[str, Any], base: int) -> bool:
        return all(self._token_run(name, schema[name]).fits(given, base) for name, given in tokens.items())

    def _token_run(self, name: str, field: FieldType) -> TokenRun:
        run = self._tokens.get(name)
        if run is None:
            kind = type(field.format)
            if field.format is None or kind not in (formats.Existence, formats.Frequency, formats.Positions):
                raise ValueError(f"field {name!r} has a format that takes no tokens: {kind.__name__}")
            run = self._tokens[name] = TokenRun(
                positions=kind is formats.Positions,
                freqs=kind is not formats.Existence,
                scale=field.format.field_boost,
            )
        return run

    def add_tokens(self, name: str, field: FieldType, base: int, tokens: Tokens) -> None:
        self._token_run(name, field).add(tokens, base)

    def add_analysed(self, name: str, base: int, documents: Sequence[Items]) -> NDArray[np.int64]:
        """Add what the field made of each document's value; returns the documents' lengths."""
        add = self._builder(name).add
        lengths = np.zeros(len(documents), np.int64)
        for k, items in enumerate(documents):
            for term, freq, weight, value in items:
                add(term, base + k, weight, value)
                lengths[k] += freq
        return lengths

    # The file

    def write(self, storage: Storage, segment: ColumnarSegment) -> None:
        with FileWriter(storage, segment.make_filename(TERMS_EXT), KIND, segment.segment_id()) as out:
            out.meta["fields"] = {}
            documents = segment.doc_count_all()
            for name in sorted(self.fieldnames):
                if name in self._builders:
                    layout, postings = self._builders[name].build()
                    writer = PostingsWriter(out, name, layout, spans_of(postings, documents))
                    writer.append(postings)
                    writer.finish()
                elif self._tokens[name].count:
                    run = self._tokens[name]
                    writer = PostingsWriter(out, name, run.layout, run.spans(documents))
                    for postings in run.postings():
                        writer.append(postings)
                    writer.finish()
            out.finish(durable=False)
