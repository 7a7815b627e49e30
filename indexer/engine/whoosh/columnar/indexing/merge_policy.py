"""Which segments a commit merges (Lucene: LogDocMergePolicy)."""

import math
from collections.abc import Iterator, Sequence

from indexer.engine.whoosh.columnar.codec.codec import ColumnarSegment

FACTOR = 4
"""Segments of one size class before they are merged. Four classes hold a million documents, so that an index rarely
has more than a dozen segments, and each document is rewritten about once for every class."""
SMALL = 1_000
"""All segments below this number of documents are of one class: merging them costs a few dozen milliseconds."""
DELETED_SHARE = 0.25
"""A segment is rewritten alone when this share of it is deleted."""


def select(sizes: Sequence[int]) -> list[range]:
    """Which neighbouring segments to merge, given how many documents each has, oldest first (Lucene: MergePolicy).

    Segments of one class of sizes (below 1,000, 4,000, 16,000, ...) are merged when there are four of them, together
    with all smaller ones between them; only neighbours are merged, so that documents keep their order. The merged
    segment may complete a class of its own; then that is merged in the same step, not after it.
    """
    groups = [(range(i, i + 1), size) for i, size in enumerate(sizes)]
    top = 0
    while top <= max((_level(size) for _, size in groups), default=-1):
        for start, stop in _series([_level(size) <= top for _, size in groups]):
            if sum(_level(size) == top for _, size in groups[start:stop]) >= FACTOR:
                merged = range(groups[start][0].start, groups[stop - 1][0].stop)
                groups[start:stop] = [(merged, sum(size for _, size in groups[start:stop]))]
                top = -1
                break
        top += 1
    return [group for group, _ in groups if len(group) > 1]


def _level(size: int) -> int:
    return 0 if size < SMALL else 1 + int(math.log(size / SMALL, FACTOR) + 1e-9)


def _series(flags: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Start and end of each series of true flags."""
    start = None
    for i, flag in enumerate([*flags, False]):
        if flag and start is None:
            start = i
        elif not flag and start is not None:
            yield start, i
            start = None


def groups(old: Sequence[ColumnarSegment], added: Sequence[ColumnarSegment]) -> list[list[ColumnarSegment]]:
    """Which segments become one: those that a writer has ``added``, and what the policy merges."""
    documents = sum(segment.doc_count() for segment in added)
    sizes = [segment.doc_count() for segment in old] + ([documents] if added else [])
    members = [[segment] for segment in old] + ([list(added)] if added else [])
    merges = {group.start: group for group in select(sizes)}
    chosen: list[list[ColumnarSegment]] = []
    i = 0
    while i < len(members):
        group = merges.get(i, range(i, i + 1))
        chosen.append([segment for member in members[group.start : group.stop] for segment in member])
        i = group.stop
    return chosen


def needs_rewrite(segment: ColumnarSegment) -> bool:
    """Whether so many of its documents are deleted that it is merged alone."""
    return segment.deleted_count() > DELETED_SHARE * segment.doc_count_all()
