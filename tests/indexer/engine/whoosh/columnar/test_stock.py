"""Whoosh's own search over columnar segments finds and scores as it does over Whoosh's own segments."""

import datetime
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from whoosh import analysis, fields, query
from whoosh.codec.whoosh3 import W3Codec
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.query import spans
from whoosh.searching import Searcher

from indexer.engine.whoosh import columnar

SCHEMA = fields.Schema(
    id=fields.ID(stored=True),
    text=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), sortable=True),
    marked=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), chars=True),
    keys=fields.KEYWORD(scorable=True),
    number=fields.NUMERIC(int, sortable=True),
    ratio=fields.NUMERIC(float, sortable=True),
    day=fields.DATETIME(sortable=True),
    good=fields.BOOLEAN,
    grams=fields.NGRAM(minsize=2, maxsize=2, phrase=True),
)
WORDS = ["a", "ab", "abc", "b", "bc", "中国", "中", "国"]
# Whoosh's own codec rounds lengths of ten and more.
text = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map(" ".join)
few_grams = st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join)
documents = st.fixed_dictionaries(
    {},
    optional={
        "text": text,
        "marked": text,
        "keys": text,
        "number": st.integers(-3, 3),
        "ratio": st.sampled_from([-1.5, 0.0, 2.25]),
        "day": st.dates(datetime.date(2020, 1, 1), datetime.date(2020, 1, 9)).map(
            lambda day: datetime.datetime(day.year, day.month, day.day)  # noqa: DTZ001  # Whoosh's own have no zone.
        ),
        "good": st.booleans(),
        "grams": few_grams,
        "_text_boost": st.sampled_from([1.0, 2.5]),
    },
)
word = st.sampled_from(WORDS)
day = st.integers(1, 9).map(lambda number: datetime.datetime(2020, 1, number))  # noqa: DTZ001
leaves = st.one_of(
    st.builds(query.Term, st.sampled_from(["text", "marked", "keys", "grams"]), word),
    st.builds(lambda words: query.Phrase("text", words), st.lists(word, min_size=1, max_size=3)),
    st.builds(lambda words: query.Phrase("grams", words, slop=2), st.lists(st.just("中国"), min_size=1, max_size=2)),
    st.builds(query.Prefix, st.sampled_from(["text", "keys"]), st.sampled_from(["", "a", "ab", "中"])),
    st.builds(query.Wildcard, st.just("text"), st.sampled_from(["?b*", "*", "a?"])),
    st.builds(lambda text: query.FuzzyTerm("text", text, maxdist=1), word),
    st.builds(lambda a, b: query.TermRange("text", min(a, b), max(a, b)), word, word),
    st.builds(lambda a, b: query.NumericRange("number", min(a, b), max(a, b)), st.integers(-4, 4), st.integers(-4, 4)),
    st.builds(lambda a, b: query.DateRange("day", min(a, b), max(a, b)), day, day),
    st.builds(lambda good: query.Term("good", good), st.booleans()),
    st.just(query.Every()),
    st.just(query.Every("marked")),
)
# Whoosh can't estimate the size of these, and so can't have them inside others.
alone = st.builds(lambda a, b: spans.SpanNear(query.Term("marked", a), query.Term("marked", b), slop=2), word, word)
# Without Require, whose matcher fails an assertion of Whoosh's own when a top ten is asked for.
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(query.And),
        st.lists(inner, min_size=1, max_size=3).map(query.Or),
        st.lists(inner, min_size=1, max_size=3).map(query.DisjunctionMax),
        inner.map(query.Not),
        st.builds(query.AndNot, inner, inner),
        st.builds(query.AndMaybe, inner, inner),
    ),
    max_leaves=6,
)


def build(commits: list[list[dict[str, Any]]], deleted: set[int], columnar_one: bool) -> FileIndex:
    storage = RamStorage()
    index = columnar.ColumnarIndex.create(storage, SCHEMA) if columnar_one else storage.create_index(SCHEMA)
    options = {} if columnar_one else {"codec": W3Codec()}
    number = 0
    for docs in commits:
        writer = index.writer(**options)
        for doc in docs:
            writer.add_document(id=str(number), **doc)
            number += 1
        writer.commit(merge=False)
    writer = index.writer(**options)
    for doc in sorted(deleted):
        if doc < number:
            writer.delete_document(doc)
    writer.commit(merge=False)
    return index


def values(searcher: Searcher, name: str) -> list[Any]:
    """A column of all documents. (That of Whoosh's reader of several segments fails if the first has no value.)"""
    return [
        value for leaf, _ in searcher.reader().leaf_readers() for value in leaf.column_reader(name, translate=False)
    ]


def answers(index: FileIndex, question: query.Query) -> dict[str, Any]:
    with index.searcher() as searcher:
        everything = searcher.search(question, limit=None)
        in_order = {}
        for name in ("number", "ratio", "day", "text"):
            hits = searcher.search(question, limit=None, sortedby=name, reverse=name == "day")
            # Documents of one value stand in any order.
            in_order[name] = [values(searcher, name)[hit.docnum] for hit in hits]
        groups = searcher.search(question, limit=None, groupedby="number").groups("number")
        return {
            "scores": {hit["id"]: round(hit.score, 4) for hit in everything},
            "top": [round(hit.score, 4) for hit in searcher.search(question, limit=3)],
            "sorted": in_order,
            "groups": {key: sorted(docs) for key, docs in groups.items()},
        }


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.lists(documents, min_size=1, max_size=6), min_size=1, max_size=3),
    st.sets(st.integers(0, 15), max_size=3),
    st.lists(trees | alone, min_size=1, max_size=6),
)
def test_whoosh_finds_the_same_in_both(
    commits: list[list[dict[str, Any]]], deleted: set[int], questions: list[query.Query]
) -> None:
    ours, stock = build(commits, deleted, True), build(commits, deleted, False)
    for question in questions:
        try:
            expected = answers(stock, question)
        except IndexError:
            continue  # Whoosh's AndNot has read too far: there is nothing to compare with.
        assert answers(ours, question) == expected
    left, right = ours.reader(), stock.reader()
    assert list(left.all_terms()) == list(right.all_terms())
    for name, term in left.all_terms():
        ours_info, stock_info = left.term_info(name, term), right.term_info(name, term)
        assert ours_info.doc_frequency() == stock_info.doc_frequency()
        assert (ours_info.weight(), ours_info.max_weight()) == (stock_info.weight(), stock_info.max_weight())
        assert (ours_info.min_id(), ours_info.max_id()) == (stock_info.min_id(), stock_info.max_id())
    assert [fields for _, fields in left.iter_docs()] == [fields for _, fields in right.iter_docs()]


def test_whooshs_own_writer_takes_the_codec() -> None:
    """It hands over postings one by one, of fields without any document too."""
    index = RamStorage().create_index(SCHEMA)
    for texts in (["a b 中国", "b b c"], ["a"]):
        writer = index.writer(codec=columnar.ColumnarCodec())
        for text in texts:
            writer.add_document(id=text, text=text, grams=text)
        writer.commit(merge=False)
    with index.searcher() as searcher:
        for words, expected in ((["a", "b"], {"a b 中国"}), (["b", "b"], {"b b c"}), (["b", "a"], set())):
            assert {hit["id"] for hit in searcher.search(query.Phrase("text", words))} == expected
        assert [hit["id"] for hit in searcher.search(query.Term("grams", "中国"))] == ["a b 中国"]
    index.writer(codec=columnar.ColumnarCodec()).commit(optimize=True)
    with index.searcher() as searcher:
        assert searcher.search(query.Term("text", "a")).scored_length() == 2
