"""A result page over arrays shows what Whoosh's own search, grouping and sorting show."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from whoosh.columns import RefBytesColumn
from whoosh.fields import COLUMN, DATETIME, ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import Every, Or, Term

from indexer.engine.whoosh.columnar.index import ColumnarIndex
from indexer.engine.whoosh.columnar.search import PageSearcher

START = datetime(2024, 3, 1)  # noqa: DTZ001 (Whoosh's dates have no zone)

documents = st.fixed_dictionaries(
    {"text": st.lists(st.sampled_from(["alfa", "bravo", "charlie"]), max_size=6).map(" ".join)},
    optional={
        "source": st.sampled_from(["north", "south", "west"]),
        "topic": st.sampled_from([b"x", b"y"]),
        "day": st.integers(0, 100).map(lambda hours: START + timedelta(hours=hours)),
    },
)


def build(commits: list[list[dict[str, Any]]]) -> ColumnarIndex:
    schema = Schema(
        text=TEXT, source=ID(sortable=True, stored=True), topic=COLUMN(RefBytesColumn()), day=DATETIME(sortable=True)
    )
    index = ColumnarIndex.create(RamStorage(), schema)
    for commit in commits:
        writer = index.writer()
        for document in commit:
            writer.add_document(**document)
        writer.commit(merge=False)
    return index


@settings(max_examples=60)
@given(
    commits=st.lists(st.lists(documents, min_size=1, max_size=10), min_size=1, max_size=3),
    word=st.sampled_from(["alfa", "bravo", "nowhere", None]),
    ticked=st.sets(st.sampled_from([b"north", b"south"]), min_size=1),
    limit=st.integers(1, 12),
)
def test_a_page_is_what_a_scan_gives(
    commits: list[list[dict[str, Any]]], word: str | None, ticked: set[bytes], limit: int
) -> None:
    rows = [document for commit in commits for document in commit]
    query = Every() if word is None else Or([Term("text", word), Term("text", "charlie")])
    matching = [n for n, row in enumerate(rows) if word is None or {word, "charlie"} & set(row["text"].split())]
    hits = [n for n in matching if rows[n].get("source", "").encode() in ticked]
    with build(commits).searcher() as searcher:
        page = PageSearcher(searcher).page(
            query, limit=limit, filters={"source": ticked}, facets=["source", "topic"], days=("day", "Asia/Shanghai")
        )
        newest = PageSearcher(searcher).page(query, limit=limit, newest="day", filters={"source": ticked})
        scores = {doc: score for score, doc in searcher.search(query, limit=None).top_n}
    assert page.total == newest.total == len(hits)
    assert page.docs == sorted(hits, key=lambda n: (-round(scores[n], 9), n))[:limit]
    age = {n: START - rows[n].get("day", START - timedelta(days=1)) for n in hits}
    assert newest.docs == sorted(hits, key=lambda n: (age[n], n))[:limit]
    sources = Counter(rows[n]["source"].encode() for n in matching if "source" in rows[n])
    assert dict(page.facets["source"]) == sources
    assert dict(page.facets["topic"]) == Counter(rows[n]["topic"] for n in hits if "topic" in rows[n])
    local = [rows[n]["day"].replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Shanghai")) for n in hits if "day" in rows[n]]
    assert page.days == Counter(day.date().isoformat() for day in local)
    assert list(page.days) == sorted(page.days)
