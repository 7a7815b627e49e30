"""Gaps inside Han text that are no boundary: hard-wrapped lines, and characters that are set apart.

Two kinds of gap between Han characters are closed in folded text, articles and questions alike:

wrap
    one line break, blanks before it (防\\n火 is 防火). A line that begins with blanks begins a paragraph.
padding
    one or two blanks where at least one of the neighbours is a single character: no letter, digit or Han character
    stands on its other side (王　毅 and 竞 标。are 王毅 and 竞标, but 北京 上海 stay apart).

Folding itself cannot do this, since it looks at each character alone. So a piece that is cut out of a text finds it
again as long as the cut makes no single character beside a blank: 北京 上, cut from 北京 上海, closes and is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from indexer.text.characters import HAN_CLASS
from indexer.text.fold import Folded
from indexer.text.units import BREAK, CLASSES, HAN

_CANDIDATE = re.compile(rf"(?<=[{HAN_CLASS}])(?:(?P<wrap>[ \t\r]*\n)| {{1,2}})(?=[{HAN_CLASS}])")

_BLANK, _LINE_END = ord(" "), ord("\n")
_BEFORE_LINE_END = frozenset(map(ord, " \t\r"))


def close_gaps(folded: str) -> str:
    """The folded text without such gaps. Doing it again changes nothing."""
    pieces: list[str] = []
    done = 0
    for start, end in _gaps(folded):
        pieces.append(folded[done:start])
        done = end
    return "".join([*pieces, folded[done:]]) if done else folded


def close_gaps_with_offsets(folded: Folded) -> Folded:
    """The same for a text that knows where it came from."""
    gaps = list(_gaps(folded.text))
    if not gaps:
        return folded
    # A gap is one more stretch whose length changed: to nothing.
    marks = [*folded.marks, *((*gap, *folded.original(*gap)) for gap in gaps)]
    starts, lengths = np.array([start for start, _ in gaps]), np.array([end - start for start, end in gaps])
    removed = np.concatenate(([0], np.cumsum(lengths)))

    def moved(offset: int) -> int:
        before = int(np.searchsorted(starts, offset, side="left"))
        inside = max(0, int(starts[before - 1] + lengths[before - 1]) - offset) if before else 0
        return offset - int(removed[before]) + inside

    marks.sort(key=lambda mark: mark[2:])
    return Folded(close_gaps(folded.text), tuple((moved(mark[0]), moved(mark[1]), *mark[2:]) for mark in marks))


def _gaps(folded: str) -> Iterator[tuple[int, int]]:
    for match in _CANDIDATE.finditer(folded):
        start, end = match.span()
        if match["wrap"] or _is_apart(folded, start - 2) or _is_apart(folded, end + 1):
            yield start, end


def _is_apart(folded: str, neighbour: int) -> bool:
    """Whether nothing that is searched for stands at this offset, so that the character beside it is a single one."""
    return not 0 <= neighbour < len(folded) or bool(CLASSES[ord(folded[neighbour])] == BREAK)


def close_gaps_in_codes(
    codes: npt.NDArray[np.uint32], offsets: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The same for many texts end to end as code points (as in ``indexer.text.units.Texts``), a newline after each."""
    last = np.flatnonzero((codes[:-1] == _BLANK) | (codes[:-1] == _LINE_END))
    last = last[CLASSES[codes[last + 1]] == HAN]
    # The newline that ends a text is no gap, whatever the next text begins with.
    last = last[offsets[np.searchsorted(offsets, last, side="right")] != last + 1]
    wraps = last[codes[last] == _LINE_END]
    blanks = last[codes[last] == _BLANK]
    first = blanks - (codes[blanks - 1] == _BLANK)
    kinds = CLASSES[codes[np.maximum(first - 1, 0)]]
    beside = (CLASSES[codes[first - 2]] == BREAK) | (first == 1)
    beside |= CLASSES[codes[blanks + 2]] == BREAK
    padded = (first > 0) & (kinds == HAN) & beside
    removed = np.unique(np.concatenate((first[padded], blanks[padded], *_wrapped(codes, wraps))))
    if not len(removed):
        return codes, offsets
    return np.delete(codes, removed), offsets - np.searchsorted(removed, offsets)


def _wrapped(codes: npt.NDArray[np.uint32], wraps: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Line breaks before a Han character: those that stand after one, with the blanks between."""
    before = codes[wraps - 1]
    yield wraps[(wraps > 0) & (CLASSES[before] == HAN)]
    for end in wraps[(wraps > 0) & ((before == _BLANK) | (before < _BLANK))].tolist():
        start = end
        while start and int(codes[start - 1]) in _BEFORE_LINE_END:
            start -= 1
        if 0 < start < end and CLASSES[codes[start - 1]] == HAN:
            yield np.arange(start, end + 1)
