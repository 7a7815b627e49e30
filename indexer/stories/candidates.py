"""Candidates: pairs of articles whose fingerprints say that they may be alike. They miss little and judge nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
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
    found, counts = _sharing(texts, moments, is_wanted, COPY_DAYS * DAY)
    fewer = np.minimum(sizes[found[:, 0]], sizes[found[:, 1]])
    # A text of one mark cannot share two.
    enough = (counts >= np.minimum(_SHARED_SHINGLES, fewer)) & (counts >= _SHARED_SHARE * fewer)
    words = [entry.fingerprint.words for entry in ordered]
    reports, shared = _sharing(words, moments, is_wanted, REPORT_DAYS * DAY)
    both = np.concatenate((found[enough], reports[shared >= _SHARED_WORDS]))
    ids = [entry.id for entry in ordered]
    return {(min(ids[one], ids[other]), max(ids[one], ids[other])) for one, other in both.tolist()}


def _sharing(
    marks: Sequence[npt.NDArray[np.uint32]],
    moments: npt.NDArray[np.int64],
    is_wanted: npt.NDArray[np.bool_],
    apart: int,
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The pairs of places that share marks, are at most so many seconds apart, and of which one is wanted; the earlier
    first, shape (pairs, 2). And how many marks each shares."""
    holders = np.repeat(np.arange(len(marks)), [len(each) for each in marks])
    values = np.concatenate([*marks, np.zeros(0, np.uint32)])
    asked = np.unique(values[is_wanted[holders]])
    keep = np.isin(values, asked)
    values, holders = values[keep], holders[keep]
    # Stable: holders of a mark stay in the order of their moments.
    order = np.argsort(values, kind="stable")
    values, holders = values[order], holders[order]
    size = max(1, len(marks))
    codes = [
        earlier[either] * size + later[either]
        for earlier, later in _partners(values, holders, moments, apart)
        for either in [is_wanted[earlier] | is_wanted[later]]
    ]
    found, counts = np.unique(np.concatenate([*codes, np.zeros(0, np.int64)]), return_counts=True)
    return np.stack(np.divmod(found, size), axis=1), counts


def _partners(
    values: npt.NDArray[np.uint32], holders: npt.NDArray[np.intp], moments: npt.NDArray[np.int64], apart: int
) -> Iterator[tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]]:
    """For each holder of a mark the first of its other holders within that time and the last before it: the earlier
    places and the later ones. Each pair comes once a mark."""
    starts = np.flatnonzero(np.append(True, values[1:] != values[:-1])) if len(values) else np.zeros(0, np.intp)
    first = np.repeat(starts, np.diff(np.append(starts, len(values))))
    # Among the holders of one mark moments ascend, and marks are far apart in this: so one search finds all beginnings.
    since = moments - moments.min(initial=np.iinfo(np.int64).max)
    line = since[holders] + np.searchsorted(starts, first) * (int(since.max(initial=0)) + apart + 1)
    first = np.maximum(first, np.searchsorted(line, line - apart))
    later = np.arange(len(values))
    for back in range(1, _NEIGHBOURS + 1):
        later = later[later - back >= first[later]]
        yield holders[later - back], holders[later]
    for ahead in range(_NEIGHBOURS):
        later = later[first[later] + ahead < later - _NEIGHBOURS]
        yield holders[first[later] + ahead], holders[later]
