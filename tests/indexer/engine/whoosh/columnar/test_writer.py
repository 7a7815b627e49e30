"""Whatever is added, updated, deleted and merged in whatever order: the index holds what a plain dict would."""

import tempfile

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engine.whoosh import columnar
from tests.indexer.engine.whoosh.columnar.model import SCHEMA, Doc, add_batch, expected, read_back, whoosh_fields

WORDS = [f"w{k}" for k in range(12)] + ["词", "中国", "a" * 300]
words = st.lists(st.sampled_from(WORDS), max_size=25).map(tuple)


@st.composite
def operations(draw: st.DrawFn) -> list[tuple[str, object]]:
    """Commits, each some additions and deletions."""
    number = 0
    known: list[str] = []
    out: list[tuple[str, object]] = []
    for _ in range(draw(st.integers(1, 7))):
        for _ in range(draw(st.integers(0, 3))):
            kind = draw(st.sampled_from(["batch", "one", "update", "delete", "flush"]))
            if kind == "flush":
                out.append(("flush", None))
                continue
            if kind == "delete":
                out.append(("delete", draw(st.lists(st.sampled_from([*known, "nobody"]), max_size=4))))
                continue
            docs = []
            for _ in range(draw(st.integers(1, 6)) if kind == "batch" else 1):
                name = draw(st.sampled_from(known)) if kind == "update" and known else f"d{number}"
                number += 1
                known.append(name)
                docs.append(
                    Doc(
                        name,
                        draw(words),
                        draw(words),
                        draw(st.none() | st.integers(-5, 5)),
                        draw(st.none() | st.sampled_from(["bbc", "联合早报", ""])),
                    )
                )
            out.append((kind, docs))
        out.append(("commit", draw(st.sampled_from([{}, {}, {"merge": False}, {"optimize": True}]))))
    return out


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(operations())
def test_the_index_holds_what_was_put_into_it(steps: list[tuple[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        index = columnar.create_in(folder, SCHEMA)
        held: list[Doc] = []
        added: list[Doc] = []
        writer = index.writer()
        for kind, what in steps:
            if kind == "commit":
                writer.commit(**what)  # type: ignore[arg-type]
                held, added = held + added, []
                assert read_back(columnar.open_dir(folder)) == [expected(doc) for doc in held]
                index.verify()
                writer = index.writer()
            elif kind == "flush":
                writer.flush()
            elif kind == "delete":
                gone = set(what)  # type: ignore[call-overload]
                count = writer.delete_by_terms("id", sorted(gone))
                assert count == sum(doc.id in gone for doc in held + added)
                held = [doc for doc in held if doc.id not in gone]
                added = [doc for doc in added if doc.id not in gone]
            else:
                docs: list[Doc] = what  # type: ignore[assignment]
                if kind == "batch":
                    add_batch(writer, docs)
                elif kind == "one":
                    writer.add_document(**whoosh_fields(docs[0]))
                else:
                    writer.update_document(**whoosh_fields(docs[0]))
                    held = [doc for doc in held if doc.id != docs[0].id]
                    added = [doc for doc in added if doc.id != docs[0].id]
                added += docs
        writer.cancel()
        assert read_back(columnar.open_dir(folder)) == [expected(doc) for doc in held]
