"""Batches: what they may hold, how large they may be, and that a bad one adds nothing."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from whoosh import analysis, columns, fields, query
from whoosh.fields import UnknownFieldError

from indexer.engine.whoosh import columnar
from indexer.engine.whoosh.columnar.indexing.token_buffer import TokenBuffer
from indexer.engine.whoosh.columnar.storage.postings import Layout
from tests.indexer.engine.whoosh.columnar.model import (
    SCHEMA,
    Doc,
    add_batch,
    expected,
    read_back,
    tokens,
    whoosh_fields,
)

DOC = Doc("a", ("x", "y"), ("t",), 3, "bbc")


def field_arrays(index: columnar.ColumnarIndex, name: str) -> columnar.FieldReader:
    arrays = columnar.segment_arrays(index.reader())
    assert arrays is not None
    field = arrays.field(name)
    assert field is not None
    return field


def test_a_document_longer_than_65_535_words_keeps_all_positions(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    count = 200_000
    ids = np.zeros(count, np.uint32)
    ids[123_456] = 1
    with index.writer() as writer:
        writer.add_batch({"body": columnar.Tokens(["common", "rare"], ids, np.array([0, count]))})
    body = field_arrays(index, "body")
    assert body.positions(1, 2)[1].tolist() == [123_456]
    assert body.freqs(0, 1).tolist() == [count - 1]
    assert index.reader().doc_field_length(0, "body") == count
    with index.searcher() as searcher:
        assert len(searcher.search(query.Phrase("body", ["common", "rare", "common"]))) == 1


def test_a_vocabulary_of_more_than_262_144_terms(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    words = [f"{k:x}" for k in range(300_000)]
    ids = np.arange(300_000, dtype=np.uint32)
    with index.writer() as writer:
        writer.add_batch({"tags": columnar.Tokens(words, ids, np.array([0, 150_000, 300_000]))})
    tags = field_arrays(index, "tags")
    assert tags.term_count == 300_000
    for k in (0, 149_999, 150_000, 299_999):
        number = tags.find(f"{k:x}".encode())
        assert tags.docs(number, number + 1).tolist() == [int(k >= 150_000)]


def test_more_than_262_144_documents(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    count = 300_000
    with index.writer() as writer:
        writer.add_batch(
            {"body": columnar.Tokens(["x", "y"], np.arange(count, dtype=np.uint32) % 2, np.arange(count + 1))}
        )
    body = field_arrays(index, "body")
    assert np.array_equal(body.docs(1, 2), np.arange(1, count, 2))
    with index.searcher() as searcher:
        assert searcher.doc_frequency("body", "x") == count // 2


def test_keys_that_would_not_fit_are_never_made() -> None:
    buffer = TokenBuffer(Layout(freqs=True, positions=True, weights=False, values=False))
    few = columnar.Tokens(["x"], np.zeros(8, np.uint32), np.array([0, 8]))
    assert buffer.fits(few, 1 << 31)
    many = range(1 << 33)  # Any sequence will do as a vocabulary that is only counted.
    assert not buffer.fits(columnar.Tokens(many, np.zeros(8, np.uint32), np.array([0, 8])), 1 << 31)  # type: ignore[arg-type]


def test_a_batch_is_cut_when_its_keys_would_not_fit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(TokenBuffer, "fits", lambda self, tokens, base: base + len(tokens.offsets) - 1 <= 3)
    index = columnar.create_in(tmp_path, SCHEMA)
    docs = [Doc(f"d{k}", ("x",) * k, ("t", f"t{k}")) for k in range(11)]
    with index.writer() as writer:
        add_batch(writer, docs)
    assert read_back(index) == [expected(doc) for doc in docs]


def test_memory_is_bounded_by_flushing(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    docs = [Doc(f"d{k}", tuple(f"w{(k * j) % 997}" for j in range(400))) for k in range(400)]
    writer = index.writer(limitmb=1)
    for start in range(0, 400, 40):
        add_batch(writer, docs[start : start + 40])
    for doc in docs[:50]:
        writer.add_document(**whoosh_fields(doc))
    flushed = len(list(tmp_path.glob("*.terms")))
    assert flushed > 1
    writer.commit()
    assert len(list(tmp_path.glob("*.terms"))) == 1
    assert read_back(index) == [expected(doc) for doc in docs + docs[:50]]


def test_what_is_not_tokens_is_analysed_by_its_field(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    with index.writer() as writer:
        writer.add_batch({"id": ["a", "b", "c"], "rank": [1, None, -1], "source": ["x", None, "y"]}, {}, [{}, {}, {}])
    with index.searcher() as searcher:
        assert [hit.docnum for hit in searcher.search(query.NumericRange("rank", -5, 1), sortedby="rank")] == [2, 0]
        assert searcher.search(query.Every(), groupedby="source").groups("source") == {"x": [0], "": [1], "y": [2]}


class Unanalysable(analysis.Tokenizer):  # type: ignore[misc]
    def __call__(self, value: str, **options: Any) -> Any:
        raise RuntimeError("no analyser for this")


BAD: list[tuple[dict[str, Any], dict[str, Any], Any, type[Exception]]] = [
    ({"body": tokens([("x",)]), "id": ["a", "b"]}, {}, None, ValueError),
    ({"body": tokens([("x",)])}, {}, [{}, {}], ValueError),
    ({"nothing": ["a"]}, {}, None, UnknownFieldError),
    ({"id": ["a"]}, {"body": ["x"]}, None, ValueError),
    ({"id": ["a"]}, {"rank": [2**40]}, None, ValueError),
    ({"id": ["a"]}, {"rank": np.array([2**40])}, None, ValueError),
    ({"id": ["a"]}, {"rank": np.array([0.5])}, None, ValueError),
    ({"id": ["a"]}, {"rank": ["one"]}, None, ValueError),
    ({"id": ["a"]}, {"rank": [1], "source": ["not bytes"]}, None, ValueError),
    ({"body": columnar.Tokens(["x"], np.array([0, 1], np.uint32), np.array([0, 2]))}, {"rank": [1]}, None, ValueError),
    ({"body": columnar.Tokens(["x"], np.zeros(2, np.uint32), np.array([0, 3]))}, {"rank": [1]}, None, ValueError),
    ({"body": columnar.Tokens(["x"], np.zeros(2, np.uint32), np.array([0, 2, 1]))}, {}, None, ValueError),
    ({"id": ["a"], "bad": ["x"]}, {"rank": [1]}, [{"id": "a"}], RuntimeError),
]


@pytest.mark.parametrize(("given", "columns_given", "stored", "error"), BAD)
def test_a_bad_batch_adds_nothing(
    tmp_path: Path, given: dict[str, Any], columns_given: dict[str, Any], stored: Any, error: type[Exception]
) -> None:
    schema = SCHEMA.copy()
    schema.add("bad", fields.TEXT(analyzer=Unanalysable()))
    index = columnar.create_in(tmp_path, schema)
    with index.writer() as writer:
        add_batch(writer, [DOC])
        with pytest.raises(error):
            writer.add_batch(given, columns_given, stored)
        add_batch(writer, [Doc("b")])
    assert read_back(index) == [expected(DOC), expected(Doc("b"))]


def test_a_bad_document_adds_nothing(tmp_path: Path) -> None:
    schema = SCHEMA.copy()
    schema.add("zbad", fields.TEXT(analyzer=Unanalysable()))
    index = columnar.create_in(tmp_path, schema)
    with index.writer() as writer:
        with pytest.raises(RuntimeError):
            writer.add_document(id="gone", body="gone", rank=1, source="gone", zbad="x")
        with pytest.raises(ValueError, match="out of range"):
            writer.add_document(id="gone", body="gone", rank=1 << 40)
        writer.add_document(**whoosh_fields(DOC))
    assert read_back(index) == [expected(DOC)]
    assert field_arrays(index, "body").term_count == 2


def test_a_term_twice_in_a_vocabulary_is_one_term(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    with index.writer() as writer:
        writer.add_batch({"body": columnar.Tokens(["x", "x", "y"], np.array([0, 1, 2], np.uint32), np.array([0, 3]))})
        writer.add_batch({"body": tokens([("z", "x")])})
    assert [seen.positions for seen in read_back(index)] == [{"x": [0, 1], "y": [2]}, {"z": [0], "x": [1]}]


def column_types() -> list[tuple[columns.Column, list[Any]]]:
    return [
        (columns.VarBytesColumn(), [b"", b"a", b"\xff" * 300]),
        (columns.FixedBytesColumn(3), [b"abc", b"\x00\x00\x00", b"xyz"]),
        (columns.RefBytesColumn(), [b"red", b"green", b"red"]),
        (columns.RefBytesColumn(fixedlen=2, default=b"--"), [b"ab", b"--", b"cd"]),
        *((columns.NumericColumn(code), [0, 1, 100]) for code in "bBhHiIqQ"),
        (columns.NumericColumn("q", default=-7), [-(2**63), 2**63 - 1, -7]),
        (columns.NumericColumn("Q", default=2**64 - 1), [0, 2**64 - 1, 5]),
        (columns.NumericColumn("d"), [0.5, -1e300, 3.0]),
        (columns.NumericColumn("f"), [0.5, -2.0, 3.0]),
        (columns.BitColumn(), [True, False, True]),
        (columns.CompressedBytesColumn(), [b"abc" * 100, b"x", b""]),
        (columns.CompressedBlockColumn(), [b"abc" * 100, b"x", b"yy"]),
        (columns.StructColumn("iH", (0, 0)), [(1, 2), (-5, 65_535), (0, 0)]),
        (columns.PickleColumn(columns.VarBytesColumn()), [{"a": 1}, [None], "x"]),
        (columns.VarBytesListColumn(), [[b"a", b"bc"], [], [b""]]),
        (columns.FixedBytesListColumn(2), [[b"ab", b"cd"], [], [b"ef"]]),
    ]


@pytest.mark.parametrize(("column", "values"), column_types(), ids=lambda given: type(given).__name__)
def test_every_column_type_of_whoosh(tmp_path: Path, column: columns.Column, values: list[Any]) -> None:
    """As Whoosh reads them, with and without a value, before and after a merge."""
    index = columnar.create_in(tmp_path, fields.Schema(id=fields.ID(stored=True), c=fields.COLUMN(column)))
    for part in (values[:2], values[2:]):
        writer = index.writer()
        for value in part:
            writer.add_document(id="x", c=value)
        writer.add_document(id="none")
        writer.commit(merge=False)
    wanted = [values[0], values[1], None, values[2], None]
    for _ in range(2):
        reader = index.reader()
        held: list[Any] = []
        for leaf, _ in reader.leaf_readers():
            found = leaf.column_reader("c", translate=False)
            assert len(found) == leaf.doc_count_all()
            held += [found[doc] for doc in range(len(found))]
        default = held[2]
        assert held == [default if value is None else value for value in wanted]
        reader.close()
        index.optimize()
