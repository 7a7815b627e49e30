"""Tantivy with the same words and grams, positions for the grams, sources and days as fast fields."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import tantivy
from tantivy import Occur, Query

from benchmarks.peers import Item, Page, Question
from benchmarks.peers.analysed import batches, open_analyser

_HEAP = 256 << 20
_AGGREGATIONS = {
    "sources": {"terms": {"field": "source", "size": 1000}},
    "days": {"histogram": {"field": "day", "interval": 1, "min_doc_count": 1}},
}


class Tantivy:
    def __init__(self, folder: Path) -> None:
        self._analyser = open_analyser()
        folder.mkdir(exist_ok=True)
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
        builder.add_text_field("grams", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("title_grams", tokenizer_name="whitespace", index_option="position")
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        builder.add_text_field("source", tokenizer_name="raw", index_option="basic", fast=True)
        builder.add_integer_field("published", fast=True)
        builder.add_integer_field("day", fast=True)
        self._schema = builder.build()
        self._index = tantivy.Index(self._schema, str(folder))
        whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self._index.register_tokenizer("whitespace", whitespace)
        self._searcher = self._index.searcher()

    def build(self, items: Iterable[Item]) -> None:
        self._write(items).wait_merging_threads()
        self._reload()

    def add(self, items: Sequence[Item]) -> None:
        self._write(items)
        self._reload()

    def _reload(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()

    def _write(self, items: Iterable[Item]) -> tantivy.IndexWriter:
        writer = self._index.writer(_HEAP)
        for part, batch in batches(items, self._analyser):
            rows = zip(part, batch.words.lists(), batch.grams.lists(), batch.title_grams.lists(), strict=True)
            for item, words, grams, title_grams in rows:
                document = tantivy.Document()
                document.add_text("words", " ".join(words))
                document.add_text("grams", " ".join(grams))
                document.add_text("title_grams", " ".join(title_grams))
                document.add_text("id", item.id)
                document.add_text("source", item.source)
                document.add_integer("published", item.published)
                document.add_integer("day", item.day)
                writer.add_document(document)
        writer.commit()
        return writer

    def page(self, question: Question) -> Page:
        schema = self._schema
        clauses = []
        for run in question.grams:
            exact = (
                Query.phrase_query(schema, "grams", list(run))
                if len(run) > 1
                else Query.term_query(schema, "grams", run[0])
            )
            clauses.append((Occur.Must, Query.const_score_query(exact, 0.0)))
        if question.lo is not None or question.hi is not None:
            range_ = Query.range_query(
                schema,
                "published",
                tantivy.FieldType.Integer,
                question.lo if question.lo is not None else -(1 << 62),
                question.hi if question.hi is not None else 1 << 62,
                include_upper=False,
            )
            clauses.append((Occur.Must, Query.const_score_query(range_, 0.0)))
        matching = Query.boolean_query(clauses)
        scored = [(Occur.Must, matching)]
        scored += [(Occur.Should, Query.term_query(schema, "words", word, "freq")) for word in question.words]
        scored += [
            (Occur.Should, Query.boost_query(Query.term_query(schema, "grams", gram, "freq"), 0.5))
            for gram in question.distinct_grams
        ]
        found = self._searcher.search(Query.boolean_query(scored), 10)
        counts = self._searcher.aggregate(matching, _AGGREGATIONS)
        hits = [self._searcher.doc(address)["id"][0] for _, address in found.hits]
        return Page(hits, found.count, len(counts["sources"]["buckets"]), len(counts["days"]["buckets"]))
