"""The terms of a run: in order and spelled as they came, short or long."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.arrays import offsets_of
from indexer.engine.whoosh.columnar.indexing.vocabulary import Vocabulary
from indexer.tokens import Spellings

# Few characters, so that terms begin alike; with NUL, two beyond the basic plane, and the last of all.
TERMS = st.text(st.sampled_from("\0ab中国\U00020000\U0010ffff"), max_size=6)
BATCHES = st.lists(st.lists(TERMS, max_size=12), max_size=5)


def spellings(terms: list[str]) -> Spellings:
    return Spellings(np.frombuffer("".join(terms).encode("utf-32-le"), np.uint32), offsets_of(list(map(len, terms))))


@given(BATCHES, st.lists(TERMS, max_size=4))
def test_terms_are_numbered_in_order_and_spelled(batches: list[list[str]], others: list[str]) -> None:
    vocabulary = Vocabulary()
    for k, batch in enumerate(batches):
        vocabulary.add(spellings(batch) if k % 2 else batch)
    terms = sorted({term for batch in batches for term in batch})
    for asked in (others, *([term] for term in [*terms, *others])):
        assert vocabulary.holds(asked) == any(term in terms for term in asked)

    numbers = vocabulary.sort()
    assert vocabulary.size == sum(map(len, batches))
    assert [part.tolist() for part in numbers] == [[terms.index(term) for term in batch] for batch in batches]
    assert vocabulary.spell(np.arange(len(terms), dtype=np.uint64)) == [term.encode() for term in terms]
    assert vocabulary.spell(np.arange(len(terms), dtype=np.uint64)[::-2]) == [term.encode() for term in terms[::-2]]


@given(st.lists(TERMS))
def test_code_points_are_a_sequence_of_strings(terms: list[str]) -> None:
    given = spellings(terms)
    assert len(given) == len(terms) and list(given) == terms and given[1:] == terms[1:]
    assert [given[i] for i in range(-len(terms), len(terms))] == terms * 2


def test_half_a_surrogate_pair_is_refused() -> None:
    vocabulary = Vocabulary()
    with pytest.raises(UnicodeEncodeError):
        vocabulary.add(["中国", "\ud800"])
    assert vocabulary.sort() == []
