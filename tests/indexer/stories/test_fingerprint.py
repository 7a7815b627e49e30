"""Fingerprints: who shares a passage shares a mark."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.stories.fingerprint import SHINGLE, Fingerprint, each_once, shingles, winnow, word_marks

SHARED = 36
"""Characters: a window of shingles."""

TEXTS = st.text("一二三四五六七八九十甲乙丙丁", max_size=80)


@given(st.text(min_size=SHARED, max_size=70), st.tuples(TEXTS, TEXTS), st.tuples(TEXTS, TEXTS))
def test_texts_that_share_a_passage_share_a_mark(
    passage: str, one_around: tuple[str, str], other_around: tuple[str, str]
) -> None:
    one, other = (winnow(shingles(before + passage + after)) for before, after in (one_around, other_around))
    assert set(one.tolist()) & set(other.tolist())


@given(st.text(max_size=300))
def test_a_text_has_a_mark_for_every_few_shingles_and_none_that_is_not_its_own(text: str) -> None:
    every, marks = shingles(text), winnow(shingles(text))
    assert len(every) == max(0, len(text) - SHINGLE + 1)
    assert set(marks.tolist()) <= {each & 0xFFFFFF for each in every.tolist()}
    assert bool(len(marks)) == bool(len(every))
    assert marks.tolist() == sorted(set(marks.tolist()))


@given(st.text(max_size=200), st.lists(st.text(max_size=5), max_size=15))
def test_what_is_written_reads_back(text: str, words: list[str]) -> None:
    fingerprint = Fingerprint(winnow(shingles(text)), word_marks(words))
    again = Fingerprint.from_bytes(fingerprint.to_bytes())
    assert again.shingles.tolist() == fingerprint.shingles.tolist()
    assert again.words.tolist() == fingerprint.words.tolist()


WRITTEN = Fingerprint(winnow(shingles("汉水水位昨夜超过警戒线一米二")), word_marks(["汉水"])).to_bytes()


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1",
        WRITTEN[:3],
        WRITTEN[:-1],
        WRITTEN[:3] + b"\x05" + WRITTEN[4:],
        # What was written before rules had a number: a count, the shingles, the words.
        b"\x01\0\0\0\x02\0\0\0\x01\0\0\0",
    ],
)
def test_what_is_no_fingerprint_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="fingerprint"):
        Fingerprint.from_bytes(data)


@given(st.lists(st.integers(0, 2**32 - 1)))
def test_each_once(numbers: list[int]) -> None:
    assert each_once(np.array(numbers, np.uint32)).tolist() == sorted(set(numbers))
