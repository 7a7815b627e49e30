"""Packed sequences give back what was put into them, wherever they are cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from indexer.engine.whoosh.columnar.format import File, FileWriter
from indexer.engine.whoosh.columnar.packing import Counts, Packed, PackedWriter, pack, unpack
from indexer.engine.whoosh.columnar.strings import Strings, StringsWriter, prefix_end


def numbers() -> st.SearchStrategy[list[int]]:
    """Sequences whose blocks have all sorts of widths."""
    widths = st.integers(0, 32)
    pieces = st.tuples(widths, st.integers(1, 150), st.randoms(use_true_random=False))
    return st.lists(pieces, max_size=6).map(
        lambda parts: [rnd.getrandbits(width) if width else 0 for width, count, rnd in parts for _ in range(count)]
    )


def stored(values: list[int], steps: list[int], *, sums_every: int | None = None) -> File:
    storage = RamStorage()
    out = FileWriter(storage, "file", "test", "segment")
    writer = PackedWriter(out, "x", sums_every=sums_every)
    array = np.array(values, np.uint32)
    at = 0
    for step in [*steps, len(values)]:
        writer.append(array[at : at + step])
        at += step
    writer.finish()
    out.finish()
    return File(storage, "file", "test", "segment")


@pytest.mark.parametrize("width", range(33))
def test_every_width_unpacks_to_the_same_numbers(width: int) -> None:
    top = (1 << width) - 1
    block = np.array([[k * 2654435761 & top for k in range(63)] + [top]], np.uint32)
    widths, words = pack(block)
    assert width <= widths[0] <= width * 4 / 3 + 1
    assert len(words) == widths[0]
    assert np.array_equal(unpack(widths, words), block.ravel())


@given(numbers(), st.lists(st.integers(0, 200), max_size=5), st.data())
def test_a_slice_is_the_slice_that_was_appended(values: list[int], steps: list[int], data: st.DataObject) -> None:
    packed = Packed(stored(values, steps), "x")
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    assert packed.slice(start, stop).tolist() == values[start:stop]


@given(
    st.lists(st.integers(0, 5) | st.integers(0, 1 << 20), max_size=900),
    st.lists(st.integers(0, 700), max_size=4),
    st.sampled_from([64, 256]),
    st.data(),
)
def test_offsets_are_running_sums(counts: list[int], steps: list[int], every: int, data: st.DataObject) -> None:
    packed = Counts(stored(counts, steps, sums_every=every), "x", sums_every=every)
    start = data.draw(st.integers(0, len(counts)))
    stop = data.draw(st.integers(start, len(counts)))
    sums = np.cumsum([0, *counts]).tolist()
    assert packed.offsets(start, stop).tolist() == sums[start : stop + 1]


def strings_file(strings: list[bytes], steps: list[int], per_chunk: int, *, searchable: bool) -> Strings:
    storage = RamStorage()
    out = FileWriter(storage, "file", "test", "segment")
    writer = StringsWriter(out, "s", per_chunk=per_chunk, searchable=searchable)
    at = 0
    for step in [*steps, len(strings)]:
        writer.append(strings[at : at + step])
        at += step
    writer.finish()
    out.finish()
    return Strings(File(storage, "file", "test", "segment"), "s", len(strings), per_chunk)


short = st.binary(max_size=4) | st.text("ab\u4e2d", max_size=3).map(str.encode)


@given(st.lists(st.binary(max_size=300), max_size=60), st.lists(st.integers(0, 30), max_size=4), st.integers(1, 9))
def test_strings_come_back(strings: list[bytes], steps: list[int], per_chunk: int) -> None:
    found = strings_file(strings, steps, per_chunk, searchable=False)
    assert found[:] == strings
    assert [found[i] for i in range(len(strings))] == strings
    assert found[3:17:2] == strings[3:17:2]


@given(st.sets(short, max_size=60), st.lists(short, max_size=20), st.integers(1, 7))
def test_sorted_strings_are_found_by_binary_search(strings: set[bytes], asked: list[bytes], per_chunk: int) -> None:
    terms = sorted(strings)
    found = strings_file(terms, [], per_chunk, searchable=True)
    for term in [*terms, *asked]:
        assert found.find(term) == (terms.index(term) if term in strings else -1)
        assert found.rank(term) == sum(other < term for other in terms)
    assert found.find_many(asked) == {term: terms.index(term) for term in asked if term in strings}


@given(st.sets(st.binary(max_size=3), max_size=40), st.binary(max_size=3))
def test_a_prefix_is_a_range(strings: set[bytes], prefix: bytes) -> None:
    end = prefix_end(prefix)
    within = {string for string in strings if prefix <= string and (end is None or string < end)}
    assert within == {string for string in strings if string.startswith(prefix)}
