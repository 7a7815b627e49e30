"""Sets, phrases, days and pages over arrays, each against the same thing in plain Python."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.columnar.search.local_days import iso_date, local_days
from indexer.engine.whoosh.columnar.search.phrases import phrase_positions
from indexer.engine.whoosh.columnar.search.positions import FieldSegment, Positions, PositionSpace
from indexer.engine.whoosh.columnar.search.snapshot import Snapshot
from indexer.engine.whoosh.columnar.search.top_docs import count_values, top_k

UNIVERSE = 300
sets = st.one_of(
    st.sets(st.integers(0, UNIVERSE - 1), max_size=12),
    st.sets(st.integers(0, UNIVERSE - 1), max_size=UNIVERSE),
)
positions = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 40)), max_size=150)


def docs(members: set[int]) -> doc_sets.Docs:
    return np.array(sorted(members), np.intp)


class Row:
    """What ``PositionSpace`` asks of a field: documents of 48 positions, in blocks of 16."""

    block_bits = 4
    has_positions = True
    doc_starts = np.arange(0, 8 * 48, 48)
    block_docs = np.arange(7, dtype=np.int32).repeat(3)


def new_space() -> PositionSpace:
    return PositionSpace([FieldSegment(0, Row(), None, 0)], 7)  # type: ignore[arg-type]


SPACE = new_space()


class Somewhere:
    """What ``phrase`` asks of a term."""

    def __init__(self, found: set[tuple[int, int]]) -> None:
        self.positions = at(found)
        self.count = len(found)


def at(found: set[tuple[int, int]], space: PositionSpace = SPACE) -> Positions:
    return Positions(space, np.array(sorted(doc * 48 + position for doc, position in found), SPACE.dtype))


def pairs(positions: Positions) -> set[tuple[int, int]]:
    return {(int(number) // 48, int(number) % 48) for number in positions.numbers}


@given(a=sets, b=sets)
def test_sets_are_pythons(a: set[int], b: set[int]) -> None:
    assert doc_sets.intersect(docs(a), docs(b), UNIVERSE).tolist() == sorted(a & b)
    assert doc_sets.subtract(docs(a), docs(b), UNIVERSE).tolist() == sorted(a - b)
    assert doc_sets.union([docs(a), docs(b)], UNIVERSE).tolist() == sorted(a | b)
    assert doc_sets.is_subset(docs(a), docs(b), UNIVERSE) == (a <= b)
    found, held = doc_sets.ranks(docs(a), docs(b))
    assert [sorted(a)[i] for i, here in zip(found, held, strict=True) if here] == sorted(a & b)
    tally = doc_sets.counts_at(docs(a), docs(a) + 1, docs(b), UNIVERSE)
    assert tally.tolist() == [doc + 1 if doc in a else 0 for doc in sorted(b)]


@given(members=st.lists(sets, max_size=4), count=st.integers(1, 5))
def test_at_least_so_many_sets(members: list[set[int]], count: int) -> None:
    expected = [doc for doc in range(UNIVERSE) if sum(doc in held for held in members) >= count]
    assert doc_sets.at_least([docs(held) for held in members], count, UNIVERSE).tolist() == expected


@given(a=positions, b=positions, shift=st.integers(-3, 3))
def test_what_follows_at_a_distance(a: set[tuple[int, int]], b: set[tuple[int, int]], shift: int) -> None:
    # At a distance that the free positions behind each document keep from reaching the next.
    assert pairs(at(a).then(at(b), shift)) == {(d, p) for d, p in a if (d, p + shift) in b}


@given(tokens=st.lists(positions, min_size=1, max_size=4))
def test_a_phrase_stands_where_all_tokens_follow_each_other(tokens: list[set[tuple[int, int]]]) -> None:
    expected = {(d, p) for d, p in tokens[0] if all((d, p + i) in held for i, held in enumerate(tokens))}
    terms = [Somewhere(held) for held in tokens]
    assert pairs(phrase_positions(terms, None)) == expected  # type: ignore[arg-type]
    some = phrase_positions(terms, docs({1, 3}))  # type: ignore[arg-type]
    assert {one for one in expected if one[0] in (1, 3)} <= pairs(some) <= expected


@given(a=positions, b=positions, width=st.integers(1, 3), window=st.integers(0, 8))
def test_gaps_between_neighbours(a: set[tuple[int, int]], b: set[tuple[int, int]], width: int, window: int) -> None:
    found, gap = at(a).gaps(width, at(b), window)
    expected = sorted((d, q - p - width) for d, p in a for e, q in b if d == e and 0 <= q - p - width <= window)
    assert sorted(zip(found.tolist(), gap.tolist(), strict=True)) == expected


@given(held=positions, wanted=st.sets(st.integers(0, 6)))
def test_positions_within_documents_are_kept(held: set[tuple[int, int]], wanted: set[int]) -> None:
    kept = pairs(at(held).within(docs(wanted)))
    assert {one for one in held if one[0] in wanted} <= kept <= held
    tally = {doc: sum(d == doc for d, _ in held) for doc in range(7)}
    found, counts = at(held).postings()
    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == {doc: n for doc, n in tally.items() if n}
    in_wanted = at(held).counts_in(SPACE.bounds(docs(wanted)))
    assert in_wanted.tolist() == [tally[doc] for doc in sorted(wanted)]


@pytest.mark.parametrize(
    "mix",
    [
        lambda one, other: one.then(other, 1),
        lambda one, other: one.gaps(1, other, 5),
        lambda one, other: one.counts_in(other.space.bounds(docs({0}))),
    ],
    ids=["then", "gaps", "counts"],
)
def test_positions_of_two_fields_do_not_mix(mix: Callable[[Positions, Positions], object]) -> None:
    """Equal numbers mean other documents there: an article must not get what another has earned."""
    with pytest.raises(ValueError, match="two fields"):
        mix(at({(1, 2)}), at({(1, 3)}, new_space()))


@given(
    instants=st.lists(st.integers(-5_000_000_000, 8_000_000_000), min_size=1, max_size=5),
    zone=st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe"]),
)
def test_days_are_those_of_the_zone(instants: list[int], zone: str) -> None:
    expected = [datetime.fromtimestamp(i, UTC).astimezone(ZoneInfo(zone)).date().isoformat() for i in instants]
    assert [iso_date(day) for day in local_days(np.array(instants), zone).tolist()] == expected


@given(rows=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40), limit=st.integers(0, 12))
def test_the_best_come_first_and_ties_keep_their_order(rows: list[tuple[int, int]], limit: int) -> None:
    first, second = (np.array([row[k] for row in rows], np.int64) for k in (0, 1))
    found = top_k(first, limit, [second.__getitem__])
    assert found.tolist() == sorted(range(len(rows)), key=lambda i: rows[i])[:limit]
    some = np.arange(0, len(rows), 2)
    found = top_k(first[some], limit, [second.__getitem__], some)
    assert found.tolist() == sorted(some.tolist(), key=lambda i: rows[i])[:limit]


@given(codes=st.lists(st.integers(0, 9), max_size=30), limit=st.sampled_from([9, 100_000]))
def test_counts_leave_out_what_has_no_code(codes: list[int], limit: int) -> None:
    expected = [(code, codes.count(code)) for code in sorted(set(codes) - {0})]
    assert count_values(np.array(codes, np.intp), limit) == expected


class SlowSegment:
    """A segment whose field is read by two threads at once, however they are scheduled."""

    doc_count_all = 7
    deleted = None

    def __init__(self) -> None:
        self._both = Barrier(2)

    def field(self, name: str) -> Row:
        self._both.wait(10)
        return Row()


def test_threads_that_ask_at_once_count_in_one_space() -> None:
    snapshot = Snapshot([SlowSegment()])  # type: ignore[list-item]
    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(snapshot.space, ["body", "body"])
    assert one is other is snapshot.space("body")
