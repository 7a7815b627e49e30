"""What changed between two versions of an article: paragraphs first, then characters within those that changed.

Work grows with the length of the texts, not with its square. Paragraphs that stand once in both versions and in the
same order are anchors (Bram Cohen's patience diff); between anchors, and within paragraphs that changed, the longest
common subsequence is looked for where both sides are short enough, else one side replaces the other as a whole.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal as OneOf
from typing import NamedTuple

from rapidfuzz.distance import Indel

LONGEST = 200_000
"""Characters of each version that a page may have compared: the longest of 22,000 news articles had a quarter of it."""

_UNIT = re.compile(r"[A-Za-z0-9]+|.", re.DOTALL)
_MAX_PAIRS = 4_000_000
"""Above this many pairs of units (two paragraphs of 2,000 characters) one side counts as replaced by the other."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text that stayed, was taken out or was put in."""

    kind: OneOf["same", "deleted", "inserted"]
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the comparison; ``changed`` ones hold pieces that were deleted or inserted."""

    pieces: Sequence[Piece]

    @property
    def changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


class _Block(NamedTuple):
    """``before[i:j]`` became ``after[k:m]``; ``same`` if both are equal."""

    same: bool
    i: int
    j: int
    k: int
    m: int


def differences(old: str, new: str) -> list[Paragraph]:
    """Both versions in one, paragraph by paragraph (lines of the text, empty ones left out)."""
    before, after = ([line.strip() for line in text.split("\n") if line.strip()] for text in (old, new))
    found: list[Paragraph] = []
    for same, i, j, k, m in _aligned(before, after):
        if same:
            found += (Paragraph((Piece("same", line),)) for line in before[i:j])
            continue
        gone, come = before[i:j], after[k:m]
        pairs = min(len(gone), len(come))
        found += (Paragraph(tuple(_within(a, b))) for a, b in zip(gone[:pairs], come[:pairs], strict=True))
        found += (Paragraph((Piece("deleted", line),)) for line in gone[pairs:])
        found += (Paragraph((Piece("inserted", line),)) for line in come[pairs:])
    return found


def _within(old: str, new: str) -> Iterator[Piece]:
    before, after = _UNIT.findall(old), _UNIT.findall(new)
    for same, i, j, k, m in _readable(_aligned(before, after)):
        if same:
            yield Piece("same", "".join(before[i:j]))
            continue
        if j > i:
            yield Piece("deleted", "".join(before[i:j]))
        if m > k:
            yield Piece("inserted", "".join(after[k:m]))


def _aligned(before: Sequence[str], after: Sequence[str]) -> list[_Block]:
    """The blocks that turn one into the other, in order; equal and unequal ones take turns."""
    numbers: dict[Hashable, int] = {}
    one, other = ([numbers.setdefault(each, len(numbers)) for each in side] for side in (before, after))
    blocks: list[_Block] = []
    done = (0, 0)
    for i, k in (*_anchors(one, other), (len(one), len(other))):
        blocks += _between(one, other, done, (i, k))
        if i < len(one):
            blocks.append(_Block(True, i, i + 1, k, k + 1))
        done = i + 1, k + 1
    return list(_joined(blocks))


def _anchors(one: Sequence[int], other: Sequence[int]) -> list[tuple[int, int]]:
    """Places of what stands once in both: the longest chain of them that is in order on both sides."""
    counts, places = Counter(one), {each: place for place, each in enumerate(other)}
    there = Counter(other)
    pairs = [(i, places[each]) for i, each in enumerate(one) if counts[each] == there[each] == 1]
    tails: list[int] = []
    ends: list[int] = []
    earlier: list[int] = []
    for number, (_, k) in enumerate(pairs):
        length = bisect_left(tails, k)
        earlier.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [k]
        ends[length : length + 1] = [number]
    chain = []
    number = ends[-1] if ends else -1
    while number >= 0:
        chain.append(pairs[number])
        number = earlier[number]
    return chain[::-1]


def _between(
    one: Sequence[int], other: Sequence[int], start: tuple[int, int], end: tuple[int, int]
) -> Iterator[_Block]:
    """The blocks of a stretch without anchors."""
    (i, k), (j, m) = start, end
    first_i, first_k, last_j, last_m = i, k, j, m
    while i < j and k < m and one[i] == other[k]:
        i, k = i + 1, k + 1
    while i < j and k < m and one[j - 1] == other[m - 1]:
        j, m = j - 1, m - 1
    yield _Block(True, first_i, i, first_k, k)
    if (j - i) * (m - k) > _MAX_PAIRS:
        yield _Block(False, i, j, k, m)
    else:
        for code in Indel.opcodes(one[i:j], other[k:m]):
            same = code.tag == "equal"
            yield _Block(same, i + code.src_start, i + code.src_end, k + code.dest_start, k + code.dest_end)
    yield _Block(True, j, last_j, m, last_m)


def _joined(blocks: Sequence[_Block]) -> Iterator[_Block]:
    """The same without empty ones, neighbours of a kind made one."""
    held: _Block | None = None
    for block in blocks:
        if block.i == block.j and block.k == block.m:
            continue
        if held and held.same == block.same:
            held = held._replace(j=block.j, m=block.m)
        else:
            if held:
                yield held
            held = block
    if held:
        yield held


def _readable(blocks: Sequence[_Block]) -> list[_Block]:
    """Without the accidents of a rewritten sentence: what stayed counts as changed where more changed on both sides.

    The rule of diff-match-patch's semantic clean-up (Neil Fraser, "Diff Strategies", 2006).
    """
    size = [max(block.j - block.i, block.m - block.k) for block in blocks]
    lost = {
        number
        for number in range(1, len(blocks) - 1)
        if blocks[number].same and size[number] <= min(size[number - 1], size[number + 1])
    }
    return list(_joined([block._replace(same=False) if i in lost else block for i, block in enumerate(blocks)]))
