"""Candidates: pairs of articles whose fingerprints say that they may be alike. They miss little and judge nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from indexer.stories.fingerprint import Fingerprint
from indexer.stories.likeness import COPY_DAYS, DAY, REPORT_DAYS

_SHARED_SHINGLES = 2
_SHARED_SHARE = 0.15
"""Marks of the shorter text that both have: two, and this share."""

_SHARED_WORDS = 3

_NEIGHBOURS = 20
"""An article is compared with so many of the first that hold a mark, and as many of the last before it: a text that a
thousand reprint costs a thousand times this, not a thousand times a thousand."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article among others: its id, its moment (epoch seconds) and its fingerprint."""

    id: str
    moment: int
    fingerprint: Fingerprint


def pairs(entries: Sequence[Entry], wanted: Collection[str]) -> set[tuple[str, str]]:
    """Pairs of ids, the smaller first, of which one at least is wanted."""
    ordered = sorted(entries, key=lambda entry: (entry.moment, entry.id))
    moments = np.array([entry.moment for entry in ordered], np.int64)
    is_wanted = np.array([entry.id in wanted for entry in ordered], bool)
    texts = [entry.fingerprint.shingles for entry in ordered]
    sizes = np.array([len(marks) for marks in texts], np.int64)
    copies = _sharing(texts, moments, is_wanted, COPY_DAYS * DAY)
    counts = np.fromiter(copies.values(), np.int64, len(copies))
    found = np.array(list(copies), np.int64).reshape(-1, 2)
    fewer = np.minimum(sizes[found[:, 0]], sizes[found[:, 1]])
    # A text of one mark cannot share two.
    enough = (counts >= np.minimum(_SHARED_SHINGLES, fewer)) & (counts >= _SHARED_SHARE * fewer)
    reports = _sharing([entry.fingerprint.words for entry in ordered], moments, is_wanted, REPORT_DAYS * DAY)
    both = [tuple(pair) for pair in found[enough].tolist()]
    both += [pair for pair, count in reports.items() if count >= _SHARED_WORDS]
    ids = [entry.id for entry in ordered]
    return {(min(ids[one], ids[other]), max(ids[one], ids[other])) for one, other in both}


def _sharing(
    marks: Sequence[npt.NDArray[np.uint32]],
    moments: npt.NDArray[np.int64],
    is_wanted: npt.NDArray[np.bool_],
    apart: int,
) -> dict[tuple[int, int], int]:
    """How many marks each pair of places shares that are at most so many seconds apart and of which one is wanted."""
    holders = np.repeat(np.arange(len(marks)), [len(each) for each in marks])
    values = np.concatenate([*marks, np.zeros(0, np.uint32)])
    asked = np.unique(values[is_wanted[holders]]) if len(values) else values
    keep = np.isin(values, asked)
    values, holders = values[keep], holders[keep]
    # Stable: holders of a mark stay in the order of their moments.
    order = np.argsort(values, kind="stable")
    values, holders = values[order], holders[order]
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.zeros(0, np.int64)
    ends = np.append(starts[1:], len(values)) if len(values) else starts
    several = ends - starts > 1
    counts: dict[tuple[int, int], int] = {}
    for start, end in zip(starts[several].tolist(), ends[several].tolist(), strict=True):
        group = holders[start:end].tolist()
        first = 0
        for place, later in enumerate(group):
            while moments[later] - moments[group[first]] > apart:
                first += 1
            for earlier in _partners(group, first, place):
                if is_wanted[later] or is_wanted[earlier]:
                    counts[earlier, later] = counts.get((earlier, later), 0) + 1
    return counts


def _partners(group: Sequence[int], first: int, place: int) -> Sequence[int]:
    if place - first <= 2 * _NEIGHBOURS:
        return group[first:place]
    return [*group[first : first + _NEIGHBOURS], *group[place - _NEIGHBOURS : place]]
