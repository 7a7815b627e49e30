"""This project: the whoosh engine with its columnar index."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks.peers import ZONE, Item, Page, Question
from benchmarks.peers.analysed import batches, open_analyser
from indexer.engine.index import SearchRequest, Stamp
from indexer.engine.query import And, Phrase, PublishedBetween, Query, TermScore
from indexer.engine.whoosh.index import WhooshIndex
from indexer.engine.whoosh.schema import SCHEMA_VERSION
from indexer.text.analyser import VERSION


class Xunwen:
    def __init__(self, folder: Path) -> None:
        self._analyser = open_analyser()
        self._index = WhooshIndex(folder, Stamp(SCHEMA_VERSION, VERSION, self._analyser.dictionary_hash))

    def build(self, items: Iterable[Item]) -> None:
        with self._index.rebuild() as generation:
            with generation.write(1) as writer:
                for _, batch in batches(items, self._analyser):
                    writer.put(batch)
            generation.activate()

    def add(self, items: Sequence[Item]) -> None:
        with self._index.write(2) as writer:
            for _, batch in batches(items, self._analyser):
                writer.put(batch)

    def page(self, question: Question) -> Page:
        parts: list[Query] = [Phrase(run) for run in question.grams]
        if question.lo is not None or question.hi is not None:
            parts.append(PublishedBetween(question.lo, question.hi))
        response = self._index.search(
            SearchRequest(
                match=And(tuple(parts)),
                features=(
                    *(TermScore("words", word) for word in question.words),
                    *(TermScore("early", gram, 0.5) for gram in question.distinct_grams),
                ),
                facets=("source",),
                zone=ZONE,
            )
        )
        return Page(
            [hit.id for hit in response.hits], response.total, len(response.facets["source"]), len(response.timeline)
        )
