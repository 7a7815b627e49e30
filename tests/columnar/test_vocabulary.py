"""The terms of a run: in order and spelled as they came, short or long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.whoosh.columnar.vocabulary import Vocabulary

# Few characters, so that terms begin alike; with NUL, two beyond the basic plane, and the last of all.
TERMS = st.text(st.sampled_from("\0ab中国\U00020000\U0010ffff"), max_size=6)
BATCHES = st.lists(st.lists(TERMS, max_size=12), max_size=5)


@given(BATCHES, st.lists(TERMS, max_size=4))
def test_terms_are_numbered_in_order_and_spelled(batches: list[list[str]], others: list[str]) -> None:
    vocabulary = Vocabulary()
    for batch in batches:
        vocabulary.add(batch)
    terms = sorted({term for batch in batches for term in batch})
    for asked in (others, *([term] for term in [*terms, *others])):
        assert vocabulary.holds(asked) == any(term in terms for term in asked)

    numbers = vocabulary.sort()
    assert vocabulary.size == sum(map(len, batches))
    assert [part.tolist() for part in numbers] == [[terms.index(term) for term in batch] for batch in batches]
    assert vocabulary.spell(np.arange(len(terms), dtype=np.uint64)) == [term.encode() for term in terms]
    assert vocabulary.spell(np.arange(len(terms), dtype=np.uint64)[::-2]) == [term.encode() for term in terms[::-2]]


def test_half_a_surrogate_pair_is_refused() -> None:
    vocabulary = Vocabulary()
    with pytest.raises(UnicodeEncodeError):
        vocabulary.add(["中国", "\ud800"])
    assert vocabulary.sort() == []
