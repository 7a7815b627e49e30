"""SQLite's FTS5 with the same words and grams."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path

from benchmarks.peers import Item, Page, Question
from benchmarks.peers.analysed import batches, open_analyser

# Everything but spaces belongs to tokens: they come analysed.
_TABLES = """
CREATE TABLE articles (rowid INTEGER PRIMARY KEY, id TEXT UNIQUE, source TEXT, published INTEGER, day INTEGER);
CREATE VIRTUAL TABLE fts USING fts5(
    words, grams, title_grams, content='', tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* P* S* C*'"
);
"""

# The matches are computed once; each row that comes back is a hit, a source or a day.
_PAGE = """
WITH matches AS MATERIALIZED (
    SELECT articles.rowid, bm25(fts, 1.0, 0.5, 0.0) AS score, id, source, day
    FROM fts JOIN articles ON articles.rowid = fts.rowid
    WHERE fts MATCH :match AND published >= :lo AND published < :hi
)
SELECT * FROM (SELECT 'hit', id, 0 FROM matches ORDER BY score, day DESC LIMIT 10)
UNION ALL SELECT 'source', source, count(*) FROM matches GROUP BY source
UNION ALL SELECT 'day', day, count(*) FROM matches GROUP BY day
"""


class Fts5:
    def __init__(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._analyser = open_analyser()
        self._database = sqlite3.connect(folder / "fts5.sqlite3")
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA cache_size = -200000")
        self._database.execute("PRAGMA mmap_size = 4000000000")

    def build(self, items: Iterable[Item]) -> None:
        self._database.executescript(_TABLES)
        self.add(items)
        self._database.execute("INSERT INTO fts(fts) VALUES ('optimize')")
        self._database.commit()
        self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def add(self, items: Iterable[Item]) -> None:
        with self._database:
            for part, batch in batches(items, self._analyser):
                rows = zip(part, batch.words.lists(), batch.grams.lists(), batch.title_grams.lists(), strict=True)
                for item, words, grams, title_grams in rows:
                    row = self._database.execute(
                        "INSERT INTO articles(id, source, published, day) VALUES (?, ?, ?, ?)",
                        (item.id, item.source, item.published, item.day),
                    )
                    self._database.execute(
                        "INSERT INTO fts(rowid, words, grams, title_grams) VALUES (?, ?, ?, ?)",
                        (row.lastrowid, " ".join(words), " ".join(grams), " ".join(title_grams)),
                    )

    def page(self, question: Question) -> Page:
        must = " AND ".join(f"grams : {_quoted(' '.join(run))}" for run in question.grams)
        should = " OR ".join(
            [
                *(f"words : {_quoted(word)}" for word in question.words),
                *(f"grams : {_quoted(gram)}" for gram in question.distinct_grams),
            ]
        )
        rows = self._database.execute(
            _PAGE,
            {
                "match": f"{must} AND ({should})",
                "lo": question.lo if question.lo is not None else -(1 << 62),
                "hi": question.hi if question.hi is not None else 1 << 62,
            },
        ).fetchall()
        hits = [value for kind, value, _ in rows if kind == "hit"]
        sources = [count for kind, _, count in rows if kind == "source"]
        return Page(hits, sum(sources), len(sources), sum(kind == "day" for kind, _, _ in rows))


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
