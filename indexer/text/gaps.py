"""Gaps inside Han text that are no boundary: hard-wrapped lines, and characters that are set apart.

Three kinds of gap between Han characters are closed in folded text:

wrap
    one line break, blanks before it (防\\n火 is 防火). A line that begins with blanks begins a paragraph.
padding
    one or two blanks where at least one of the neighbours is a single character: no letter, digit or Han character
    stands on its other side (王 毅 and 竞 标。are 王毅 and 竞标, but 北京 上海 stay apart).
padded name
    a gap as wide as one character behind a surname, wherever it stands: lists make all names three characters wide
    (今日王　毅出席). Behind any other character it is a boundary (李克强　王毅).

A piece that is cut out of a text finds it again, though the cut may make a single character of one that was none:
北京 上, cut from 北京 上海, closes by itself. So a piece has several ``readings``: with each gap that only the edge of
the piece closed, and without it.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate, product

import numpy as np
import numpy.typing as npt

from indexer.text.characters import HAN_CLASS
from indexer.text.fold import CODE_POINTS, WIDE_SPACE, Folded, fold
from indexer.text.units import BREAK, CLASSES, HAN

_CANDIDATE = re.compile(
    rf"(?<=[{HAN_CLASS}])(?:(?P<wrap>[ {WIDE_SPACE}\t\r]*\n)|(?P<wide>{WIDE_SPACE}|  )|[ {WIDE_SPACE}]{{1,2}})"
    rf"(?=[{HAN_CLASS}])"
)

_START = re.compile(rf"[ {WIDE_SPACE}\t\r\n](?<=[{HAN_CLASS}].)", re.DOTALL)
"""Where a candidate begins: found much faster than one that tells by what stands before it."""

# The surnames of nine tenths of China (Ministry of Public Security, names of 2020) and of its best-known people,
# without those that end other words oftener (向, 和, 时, 应).
_SURNAMES = frozenset(
    fold(
        "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴"
        "夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安"
        "颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦柳邢路岳齐梅莫庄辛管祝左涂谷祁舒耿牟詹关苗凌费纪靳盛童欧甄项曲游阳裴席卫"
        "查屈鲍覃霍翁隋甘景包司柏宁柯阮桂闵柴华车冉房边习栗尉巴卓仇艾蓝巩游练楚佟匡宗台荆沙岑胥蔺"
    )
)
_IS_SURNAME = np.zeros(CODE_POINTS, np.bool_)
_IS_SURNAME[[ord(name) for name in _SURNAMES]] = True

_BLANK, _WIDE, _LINE_END = ord(" "), ord(WIDE_SPACE), ord("\n")
_BEFORE_LINE_END = frozenset((*map(ord, " \t\r"), _WIDE))

_Codes = npt.NDArray[np.uint32]


def close_gaps(folded: str) -> str:
    """The folded text without such gaps. Doing it again changes nothing."""
    return _without(folded, [(start, end) for start, end, _ in _gaps(folded)])


def readings(folded: str) -> list[str]:
    """How a folded text may stand in another that it is a piece of: at most four ways, that of ``close_gaps`` first."""
    gaps = list(_gaps(folded))
    ways = product(*((True, False) if at_edge else (True,) for *_, at_edge in gaps))
    return [
        _without(folded, [(start, end) for (start, end, _), closes in zip(gaps, way, strict=True) if closes])
        for way in ways
    ]


def close_gaps_with_offsets(folded: Folded) -> Folded:
    """The same as ``close_gaps`` for a text that knows where it came from."""
    gaps = [(start, end) for start, end, _ in _gaps(folded.text)]
    if not gaps:
        return folded
    # A gap is one more stretch whose length changed, to nothing, with all that changed inside it.
    starts, ends = [start for start, _ in gaps], [end for _, end in gaps]
    removed = [0, *accumulate(end - start for start, end in gaps)]

    def moved(offset: int) -> int:
        before = bisect_left(starts, offset)
        return offset - removed[before] + (max(0, ends[before - 1] - offset) if before else 0)

    def is_inside(offset: int) -> bool:
        before = bisect_left(starts, offset)
        return before > 0 and offset < ends[before - 1]

    marks = [mark for mark in folded.marks if not is_inside(mark[0])]
    marks += ((*gap, *folded.original(*gap)) for gap in gaps)
    marks.sort(key=lambda mark: mark[2:])
    moved_marks = tuple((moved(mark[0]), moved(mark[1]), *mark[2:]) for mark in marks)
    return Folded(_without(folded.text, gaps), moved_marks)


def _without(text: str, slices: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for start, end in slices:
        pieces.append(text[done:start])
        done = end
    return "".join([*pieces, text[done:]]) if done else text


def _gaps(folded: str) -> Iterator[tuple[int, int, bool]]:
    """The gaps that are closed, and of each whether it would stay if other words stood around the text."""
    for begin in _START.finditer(folded):
        match = _CANDIDATE.match(folded, begin.start())
        if match is None:
            continue
        start, end = match.span()
        if match["wrap"] or (match["wide"] and folded[start - 1] in _SURNAMES):
            yield start, end, False
            continue
        neighbours = [beyond for beyond in (start - 2, end + 1) if 0 <= beyond < len(folded)]
        if any(CLASSES[ord(folded[neighbour])] == BREAK for neighbour in neighbours):
            yield start, end, False
        elif len(neighbours) < 2:
            yield start, end, True


def close_gaps_in_codes(codes: _Codes, offsets: npt.NDArray[np.int64]) -> tuple[_Codes, npt.NDArray[np.int64]]:
    """The same for many texts end to end as code points (as in ``indexer.text.units.Texts``), a newline after each."""
    last = np.flatnonzero(_are_blanks(codes[:-1]) | (codes[:-1] == _LINE_END))
    last = last[CLASSES[codes[last + 1]] == HAN]
    # The newline that ends a text is no gap, whatever the next text begins with.
    last = last[offsets[np.searchsorted(offsets, last, side="right")] != last + 1]
    wraps = last[codes[last] == _LINE_END]
    blanks = last[codes[last] != _LINE_END]
    first = blanks - _are_blanks(codes[blanks - 1])
    before = codes[np.maximum(first - 1, 0)]
    closes = (CLASSES[codes[first - 2]] == BREAK) | (first == 1)
    closes |= CLASSES[codes[blanks + 2]] == BREAK
    is_wide = np.where(first == blanks, codes[blanks] == _WIDE, (codes[first] == _BLANK) & (codes[blanks] == _BLANK))
    closes |= is_wide & _IS_SURNAME[before]
    closes &= (first > 0) & (CLASSES[before] == HAN)
    removed = np.unique(np.concatenate((first[closes], blanks[closes], *_wrapped(codes, wraps))))
    if not len(removed):
        return codes, offsets
    return np.delete(codes, removed), offsets - np.searchsorted(removed, offsets)


def _are_blanks(codes: _Codes) -> npt.NDArray[np.bool_]:
    return np.isin(codes, (_BLANK, _WIDE))


def _wrapped(codes: _Codes, wraps: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Line breaks before a Han character: those that stand after one, with the blanks between."""
    before = codes[wraps - 1]
    yield wraps[(wraps > 0) & (CLASSES[before] == HAN)]
    for end in wraps[(wraps > 0) & (_are_blanks(before) | (before < _BLANK))].tolist():
        start = end
        while start and int(codes[start - 1]) in _BEFORE_LINE_END:
            start -= 1
        if 0 < start < end and CLASSES[codes[start - 1]] == HAN:
            yield np.arange(start, end + 1)
