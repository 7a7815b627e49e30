"""Which segments are merged, and that merging changes nothing but their number."""

import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh import analysis, fields, formats

from indexer.engine.whoosh import columnar
from indexer.engine.whoosh.columnar.indexing import merge
from indexer.engine.whoosh.columnar.indexing.merge_policy import FACTOR, SMALL, select
from tests.indexer.engine.whoosh.columnar.model import (
    SCHEMA,
    Doc,
    add_batch,
    expected,
    read_back,
    tokens,
    whoosh_fields,
)


def merged(sizes: list[int]) -> list[int]:
    """The sizes after the merges that are planned."""
    groups = {group.start: group for group in select(sizes)}
    out, i = [], 0
    while i < len(sizes):
        group = groups.get(i, range(i, i + 1))
        out.append(sum(sizes[group.start : group.stop]))
        i = group.stop
    return out


@given(st.lists(st.integers(1, 100_000), max_size=30))
def test_a_plan_names_neighbours_once(sizes: list[int]) -> None:
    groups = select(sizes)
    members = [i for group in groups for i in group]
    assert members == sorted(set(members))
    assert all(len(group) > 1 for group in groups)
    assert sum(merged(sizes)) == sum(sizes)
    # What a plan makes needs no other.
    assert select(merged(sizes)) == []


@pytest.mark.parametrize("step", [20, 50, 700, 5_000])
def test_many_commits_leave_few_segments_and_rewrite_little(step: int) -> None:
    sizes: list[int] = []
    written = total = most = 0
    while total < 100_000:
        given = [*sizes, step]
        total += step
        written += step + sum(sum(given[group.start : group.stop]) for group in select(given))
        sizes = merged(given)
        most = max(most, len(sizes))
    assert most <= (FACTOR - 1) * 6
    # Each document is rewritten a few times for every class above the smallest, and within that some more.
    assert written <= total * (8 + SMALL / (2 * step))


def test_a_small_commit_leaves_a_large_segment_alone() -> None:
    assert select([60_000, 50]) == []
    assert select([60_000, 50, 50, 50, 50]) == [range(1, 5)]
    assert select([60_000, 900, 50, 50, 50]) == [range(1, 5)]


def test_the_merged_segment_completes_the_next_class_in_the_same_step() -> None:
    assert select([1_500, 1_500, 1_500, 900, 50, 50, 50]) == [range(7)]


def words(rng: random.Random, count: int) -> tuple[str, ...]:
    return tuple(f"w{int(rng.paretovariate(0.7)) % 500}" for _ in range(count))


@pytest.mark.parametrize("chunk", [50, 700, 1 << 20])
def test_a_merge_in_pieces_gives_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chunk: int) -> None:
    monkeypatch.setattr(merge, "_CHUNK", chunk)
    rng = random.Random(chunk)
    index = columnar.create_in(tmp_path, SCHEMA)
    docs = [
        Doc(
            f"d{k}",
            words(rng, rng.randrange(40)),
            words(rng, rng.randrange(6)),
            rng.choice([None, k]),
            rng.choice("ab"),
        )
        for k in range(300)
    ]
    for start in range(0, 300, 60):
        writer = index.writer()
        add_batch(writer, docs[start : start + 60])
        writer.commit(merge=False)
    gone = {doc.id for doc in rng.sample(docs, 80)}
    writer = index.writer()
    writer.delete_by_terms("id", gone)
    writer.commit(merge=False)
    left = [expected(doc) for doc in docs if doc.id not in gone]
    assert read_back(index) == left
    index.optimize()
    assert read_back(index) == left
    assert len(index._segments()) == 1
    index.verify()


def test_segments_written_by_batches_and_by_documents_merge(tmp_path: Path) -> None:
    """Weights and values may be stored in one segment and not in the other."""
    schema = fields.Schema(
        id=fields.ID(stored=True),
        plain=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer()),
        characters=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), chars=True),
    )
    index = columnar.create_in(tmp_path, schema)
    with index.writer() as writer:
        writer.add_batch({"id": ["a", "b"], "plain": tokens([("x", "y", "x"), ("y",)])}, {}, [{"id": "a"}, {"id": "b"}])
    writer = index.writer()
    writer.add_document(id="c", plain="x z", characters="one two one", _plain_boost=2.5)
    writer.commit(merge=False)
    index.optimize()
    with index.searcher() as searcher:
        found = {}
        matcher = searcher.postings("plain", "x")
        while matcher.is_active():
            found[searcher.stored_fields(matcher.id())["id"]] = (matcher.weight(), matcher.value_as("positions"))
            matcher.next()
        assert found == {"a": (2.0, [0, 2]), "c": (2.5, [0])}
        spans = searcher.postings("characters", "one").value_as("characters")
        assert spans == [(0, 0, 3), (2, 8, 11)]


def test_a_removed_field_leaves_nothing_behind(tmp_path: Path) -> None:
    index = columnar.create_in(tmp_path, SCHEMA)
    with index.writer() as writer:
        writer.add_document(**whoosh_fields(Doc("a", ("x",), ("secret",), 5, "bbc")))
    with index.writer() as writer:
        writer.add_document(**whoosh_fields(Doc("b", ("x",), ("secret",), 6, "bbc")))
    for name in ("tags", "source"):
        writer = index.writer()
        writer.remove_field(name)
        writer.commit(optimize=True)
    reader = index.reader()
    assert [fields for _, fields in reader.iter_docs()] == [{"id": "a"}, {"id": "b"}]
    arrays = columnar.segment_arrays(reader)
    assert arrays is not None
    assert arrays.field_names() == ["body", "id", "rank"]
    assert arrays.column("source") is None
    assert all(b"secret" not in path.read_bytes() for path in tmp_path.iterdir())
    reader.close()


def test_vectors_and_other_columns_survive(tmp_path: Path) -> None:
    schema = fields.Schema(
        id=fields.ID(stored=True),
        text=fields.TEXT(analyzer=analysis.SpaceSeparatedTokenizer(), vector=formats.Frequency()),
        kind=fields.COLUMN(fields.columns.PickleColumn(fields.columns.VarBytesColumn())),
    )
    index = columnar.create_in(tmp_path, schema)
    for name in "abcd":
        writer = index.writer()
        if name != "c":
            writer.add_document(id=name, text=f"{name} {name} z", kind={"of": name})
        else:
            writer.add_document(id=name)
        writer.commit(merge=False)
    writer = index.writer()
    writer.delete_by_term("id", "b")
    writer.commit(optimize=True)
    with index.reader() as reader:
        assert reader.doc_count_all() == 3
        kinds = reader.column_reader("kind")
        assert [kinds[doc] for doc in range(3)] == [{"of": "a"}, None, {"of": "d"}]
        assert list(reader.vector_as("frequency", 2, "text")) == [("d", 2), ("z", 1)]
        assert [reader.has_vector(doc, "text") for doc in range(3)] == [True, False, True]
