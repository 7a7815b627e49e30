"""Lists end to end: the helpers give what plain Python gives, for every type of lengths."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.arrays import group_starts, narrowed, offsets_of, slices

LENGTHS = st.lists(st.integers(0, 5), max_size=8)
TYPES = st.sampled_from([np.uint8, np.uint32, np.int64])


@given(lengths=LENGTHS, kind=TYPES)
def test_offsets_are_running_sums(lengths: list[int], kind: type) -> None:
    expected = [sum(lengths[:i]) for i in range(len(lengths) + 1)]
    assert offsets_of(lengths).tolist() == offsets_of(np.array(lengths, kind)).tolist() == expected
    assert offsets_of(np.array(lengths, kind)).dtype == np.int64


@given(parts=st.lists(st.tuples(st.integers(0, 90), st.integers(0, 5)), max_size=8), kind=TYPES)
def test_slices_stand_one_after_another(parts: list[tuple[int, int]], kind: type) -> None:
    starts, lengths = (np.array([part[k] for part in parts], kind) for k in (0, 1))
    found = slices(starts, lengths)
    assert found.tolist() == [i for start, length in parts for i in range(start, start + length)]
    assert found.dtype == np.int64


@given(values=st.lists(st.integers(0, 2), max_size=12))
def test_groups_begin_where_the_value_changes(values: list[int]) -> None:
    expected = [i for i, value in enumerate(values) if i == 0 or value != values[i - 1]]
    assert group_starts(np.array(values)).tolist() == expected


@pytest.mark.parametrize(("largest", "width"), [(0, 1), (255, 1), (256, 2), (65_536, 4), (2**40, 8)])
def test_numbers_get_the_narrowest_type(largest: int, width: int) -> None:
    found = narrowed(np.array([0, largest]))
    assert (found.tolist(), found.dtype.kind, found.itemsize) == ([0, largest], "u", width)
    assert narrowed(np.empty(0, np.int64)).tolist() == []
