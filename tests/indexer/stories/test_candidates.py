"""Candidates: whoever shares marks is found, as a comparison of all with all finds them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.stories.candidates import Entry, pairs
from indexer.stories.fingerprint import Fingerprint, each_once
from indexer.stories.likeness import COPY_DAYS, DAY, REPORT_DAYS

MARKS = st.lists(st.integers(0, 12), max_size=6).map(lambda marks: each_once(np.array(marks, np.uint32)))
ENTRIES = st.lists(
    st.tuples(st.integers(0, 10 * DAY), MARKS, MARKS).map(lambda each: (each[0], Fingerprint(each[1], each[2]))),
    max_size=14,
).map(lambda rows: [Entry(f"{number:02}", moment, fingerprint) for number, (moment, fingerprint) in enumerate(rows)])


@given(ENTRIES, st.sets(st.integers(0, 13).map("{:02}".format)))
def test_all_pairs_that_share_enough_are_found(entries: list[Entry], wanted: set[str]) -> None:
    expected = set()
    for place, one in enumerate(entries):
        for other in entries[place + 1 :]:
            apart = abs(one.moment - other.moment)
            texts = [set(each.fingerprint.shingles.tolist()) for each in (one, other)]
            words = [set(each.fingerprint.words.tolist()) for each in (one, other)]
            shared, fewer = len(texts[0] & texts[1]), min(map(len, texts))
            copies = shared > 0 and shared >= min(2, fewer) and shared >= 0.15 * fewer and apart <= COPY_DAYS * DAY
            reports = len(words[0] & words[1]) >= 3 and apart <= REPORT_DAYS * DAY
            if (copies or reports) and {one.id, other.id} & wanted:
                expected.add((one.id, other.id))
    assert pairs(entries, wanted) == expected


def test_a_text_that_thousands_reprint_costs_a_bounded_number_of_pairs_each() -> None:
    marks = Fingerprint(each_once(np.arange(5, dtype=np.uint32)), np.zeros(0, np.uint32))
    entries = [Entry(f"{number:04}", number, marks) for number in range(2_000)]
    found = pairs(entries, {entry.id for entry in entries})
    assert len(found) <= 40 * len(entries)
    # All know the first of them, with whom their story begins.
    assert {other for one, other in found if one == "0000"} == {entry.id for entry in entries[1:]}
