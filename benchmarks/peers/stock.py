"""Whoosh as tutorials for Chinese use it: its own codec and searcher, with jieba's ``ChineseAnalyzer``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from jieba.analyse import ChineseAnalyzer
from whoosh.fields import ID, NUMERIC, TEXT, Schema
from whoosh.index import create_in, exists_in, open_dir
from whoosh.query import And, NumericRange, Or, Term
from whoosh.sorting import Count

from benchmarks.peers import Item, Page, Question


class Stock:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._analyse = ChineseAnalyzer()
        schema = Schema(
            id=ID(stored=True, unique=True),
            title=TEXT(self._analyse, field_boost=3.0),
            text=TEXT(self._analyse),
            source=ID(sortable=True),
            day=NUMERIC(sortable=True),
            published=NUMERIC(int, 64, sortable=True),
        )
        self._index = open_dir(folder) if exists_in(folder) else create_in(folder, schema)
        self._searcher = self._index.searcher()

    def build(self, items: Iterable[Item]) -> None:
        self.add(items)

    def add(self, items: Iterable[Item]) -> None:
        writer = self._index.writer(limitmb=256)
        for item in items:
            writer.add_document(
                id=item.id,
                title=item.title,
                text=item.text,
                source=item.source,
                day=item.day,
                published=item.published,
            )
        writer.commit()
        self._searcher = self._index.searcher()

    def page(self, question: Question) -> Page:
        # Its positions are character offsets, so that phrases never match: all words is the best it can do.
        words = {token.text for run in question.runs for token in self._analyse(run, mode="query")}
        query = And([Or([Term("title", word), Term("text", word)]) for word in sorted(words)])
        if question.lo is not None or question.hi is not None:
            query = And([query, NumericRange("published", question.lo, question.hi, endexcl=True)])
        found = self._searcher.search(query, limit=10, groupedby=["source", "day"], maptype=Count)
        hits = [hit["id"] for hit in found]
        return Page(hits, len(found), len(found.groups("source")), len(found.groups("day")))
