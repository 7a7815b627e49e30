"""Sequences of numbers and strings give back what was put into them, wherever they are cut."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import RamStorage

from indexer.engine.whoosh.columnar.storage.byte_strings import ByteStrings, ByteStringsWriter, prefix_end
from indexer.engine.whoosh.columnar.storage.container import ContainerReader, ContainerWriter
from indexer.engine.whoosh.columnar.storage.small_ints import SmallInts, SmallIntsWriter


def written(writer_to: Callable[[ContainerWriter], Any], values: Any, steps: list[int]) -> ContainerReader:
    """A file to which values were appended in steps."""
    storage = RamStorage()
    out = ContainerWriter(storage, "file", "test", "segment")
    writer = writer_to(out)
    at = 0
    for step in [*steps, len(values)]:
        writer.append(values[at : at + step])
        at += step
    writer.finish()
    out.finish()
    return ContainerReader(storage, "file", "test", "segment")


def numbers() -> st.SearchStrategy[list[int]]:
    """Sequences with stretches of numbers of all sorts of widths."""
    widths = st.integers(0, 32)
    pieces = st.tuples(widths, st.integers(1, 150), st.randoms(use_true_random=False))
    return st.lists(pieces, max_size=6).map(
        lambda parts: [rnd.getrandbits(width) if width else 0 for width, count, rnd in parts for _ in range(count)]
    )


@given(numbers(), st.lists(st.integers(0, 200), max_size=5), st.data())
def test_a_slice_is_the_slice_that_was_appended(values: list[int], steps: list[int], data: st.DataObject) -> None:
    counts = SmallInts(written(lambda out: SmallIntsWriter(out, "x"), np.array(values, np.uint32), steps), "x")
    start = data.draw(st.integers(0, len(values)))
    stop = data.draw(st.integers(start, len(values)))
    assert counts.slice(start, stop).tolist() == values[start:stop]


def strings_file(strings: list[bytes], steps: list[int], per_chunk: int, *, searchable: bool) -> ByteStrings:
    file = written(lambda out: ByteStringsWriter(out, "s", per_chunk=per_chunk, searchable=searchable), strings, steps)
    return ByteStrings(file, "s", len(strings), per_chunk)


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


@given(st.sets(st.binary(max_size=3), max_size=40), st.binary(max_size=3))
def test_a_prefix_is_a_range(strings: set[bytes], prefix: bytes) -> None:
    end = prefix_end(prefix)
    within = {string for string in strings if prefix <= string and (end is None or string < end)}
    assert within == {string for string in strings if string.startswith(prefix)}
