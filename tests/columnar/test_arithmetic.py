"""Sets, phrases, days and pages over arrays, each against the same thing in plain Python."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.page import best, counts
from indexer.engine.whoosh.columnar.positions import common, gaps, phrase, restrict
from indexer.engine.whoosh.columnar.terms import Occurrences, Part, Text
from indexer.engine.whoosh.columnar.zones import days, iso

UNIVERSE = 300
sets = st.one_of(
    st.sets(st.integers(0, UNIVERSE - 1), max_size=12),
    st.sets(st.integers(0, UNIVERSE - 1), max_size=UNIVERSE),
)
places = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=150)


def docs(members: set[int]) -> docsets.Docs:
    return np.array(sorted(members), np.intp)


class Row:
    """What ``Text`` asks of a field: documents of 48 places, in blocks of 16."""

    block_bits = 4
    firsts = np.arange(0, 8 * 48, 48)
    owners = np.arange(7, dtype=np.int32).repeat(3)


TEXT = Text([Part(0, Row(), None, 0)], 7)  # type: ignore[arg-type]


class Somewhere:
    """What ``phrase`` asks of a term."""

    def __init__(self, found: set[tuple[int, int]]) -> None:
        self.occurrences = keys(found)
        self.count = len(found)


def keys(found: set[tuple[int, int]]) -> Occurrences:
    return np.array(sorted(doc * 48 + position for doc, position in found), TEXT.dtype)


def pairs(occurrences: Occurrences) -> set[tuple[int, int]]:
    return {(int(place) // 48, int(place) % 48) for place in occurrences}


@given(a=sets, b=sets)
def test_sets_are_pythons(a: set[int], b: set[int]) -> None:
    assert docsets.intersect(docs(a), docs(b), UNIVERSE).tolist() == sorted(a & b)
    assert docsets.subtract(docs(a), docs(b), UNIVERSE).tolist() == sorted(a - b)
    assert docsets.union([docs(a), docs(b)], UNIVERSE).tolist() == sorted(a | b)
    assert docsets.is_subset(docs(a), docs(b), UNIVERSE) == (a <= b)
    found, held = docsets.ranks(docs(a), docs(b))
    assert [sorted(a)[i] for i, here in zip(found, held, strict=True) if here] == sorted(a & b)
    tally = docsets.counts_at(docs(a), docs(a) + 1, docs(b), UNIVERSE)
    assert tally.tolist() == [doc + 1 if doc in a else 0 for doc in sorted(b)]


@given(members=st.lists(sets, max_size=4), count=st.integers(1, 5))
def test_at_least_so_many_sets(members: list[set[int]], count: int) -> None:
    expected = [doc for doc in range(UNIVERSE) if sum(doc in held for held in members) >= count]
    assert docsets.at_least([docs(held) for held in members], count, UNIVERSE).tolist() == expected


@given(a=places, b=places, shift=st.integers(-3, 3))
def test_common_places_at_a_distance(a: set[tuple[int, int]], b: set[tuple[int, int]], shift: int) -> None:
    # At a distance that the free places behind each document keep from reaching the next.
    assert pairs(common(keys(a), keys(b), shift)) == {(d, p) for d, p in a if (d, p + shift) in b}


@given(tokens=st.lists(places, min_size=1, max_size=4))
def test_a_phrase_stands_where_all_tokens_follow_each_other(tokens: list[set[tuple[int, int]]]) -> None:
    expected = {(d, p) for d, p in tokens[0] if all((d, p + i) in held for i, held in enumerate(tokens))}
    terms = [(i, Somewhere(held)) for i, held in enumerate(tokens)]
    assert pairs(phrase(terms, None, TEXT)) == expected  # type: ignore[arg-type]
    some = phrase(terms, docs({1, 3}), TEXT)  # type: ignore[arg-type]
    assert {place for place in expected if place[0] in (1, 3)} <= pairs(some) <= expected


@given(a=places, b=places, width=st.integers(1, 3), window=st.integers(0, 8))
def test_gaps_between_neighbours(a: set[tuple[int, int]], b: set[tuple[int, int]], width: int, window: int) -> None:
    found, gap = gaps(keys(a), width, keys(b), window, TEXT)
    expected = sorted((d, q - p - width) for d, p in a for e, q in b if d == e and 0 <= q - p - width <= window)
    assert sorted(zip(found.tolist(), gap.tolist(), strict=True)) == expected


@given(held=places, wanted=st.sets(st.integers(0, 6)))
def test_restricting_keeps_what_is_wanted(held: set[tuple[int, int]], wanted: set[int]) -> None:
    kept = pairs(restrict(keys(held), docs(wanted), TEXT))
    assert {place for place in held if place[0] in wanted} <= kept <= held
    found, tally = TEXT.documents(keys(held))
    assert dict(zip(found.tolist(), tally.tolist(), strict=True)) == {
        doc: sum(d == doc for d, _ in held) for doc, _ in held
    }


@given(
    instants=st.lists(st.integers(-5_000_000_000, 8_000_000_000), min_size=1, max_size=5),
    zone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_days_are_those_of_the_zone(instants: list[int], zone: str) -> None:
    expected = [datetime.fromtimestamp(i, UTC).astimezone(ZoneInfo(zone)).date().isoformat() for i in instants]
    assert [iso(day) for day in days(np.array(instants), zone).tolist()] == expected


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40), limit=st.integers(0, 12))
def test_the_best_come_first_and_ties_keep_their_order(rows: list[tuple[int, int]], limit: int) -> None:
    first, second = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
    found = best(first, limit, [second.__getitem__])
    assert found.tolist() == sorted(range(len(rows)), key=lambda i: rows[i])[:limit]
    some = np.arange(0, len(rows), 2)
    found = best(first[some], limit, [second.__getitem__], some)
    assert found.tolist() == sorted(some.tolist(), key=lambda i: rows[i])[:limit]


@given(codes=st.lists(st.integers(0, 9), max_size=30), limit=st.sampled_from([9, 100_000]))
def test_counts_leave_out_what_has_no_code(codes: list[int], limit: int) -> None:
    expected = [(code, codes.count(code)) for code in sorted(set(codes) - {0})]
    assert counts(np.array(codes, np.intp), limit) == expected
