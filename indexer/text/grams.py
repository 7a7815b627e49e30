"""The gram stream: one token a unit, so that any run of an article can be found; and where its sentences begin.

The token of a unit is the bigram of two Han characters when a Han character directly follows; otherwise it is the unit
itself. So 「中美关系。G7」 gives 中美, 美关, 关系, 系, g, 7, and a run of characters is a run of tokens at consecutive
positions, whatever words segmentation sees in it. 中美 is not found in 「中，美」 since its token there is 中.

Sentences end at 。！？!? and at line ends, paragraphs at line ends: with their last unit, since punctuation takes no
position. Title and body are paragraphs of their own, and so is the token between them.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from indexer.arrays import offsets_of
from indexer.text.units import BREAK, HAN, LONGEST, Texts, units
from indexer.tokens import PARAGRAPH, SENTENCE, Places, Spellings, Tokens

TITLE_END = "\n"
"""A token of its own between title and body, so that no run reaches from one into the other."""

_SENTENCE_ENDS = np.array([ord(character) for character in "\n。!?"], np.uint32)
"""After folding; the first ends paragraphs too."""

_SECOND = np.uint64(21)
"""A Han gram as a number: first character, then second in the low 21 bits (0 if there is none)."""

_RUN = np.uint64(1 << 42)
"""Set in the number of a token that is looked up in the list of runs."""

_INDEX_BITS = np.uint64(21)
"""What a token's number, below 2 ** 43, leaves of 64 bits."""


def grams(text: str) -> list[str]:
    """The gram stream of one folded text."""
    found = units(text)
    stream = []
    for (kind, start, end), (next_kind, next_start, _) in pairwise([*found, (BREAK, -1, -1)]):
        if kind == next_kind == HAN and next_start == end:
            end += 1
        stream.append(text[start : min(end, start + LONGEST)])
    return stream


def phrase_tokens(text: str) -> tuple[tuple[str, ...], bool]:
    """How to find a folded run: its tokens, and whether the last one is a prefix.

    The last Han character is part of the bigram before it; only when it stands alone (「中」, 「第3季」) it is looked
    for as the beginning of any token. Text without any unit gives no tokens.
    """
    stream = grams(text)
    if not stream or not _is_han(stream[-1][-1]):
        return tuple(stream), False
    if len(stream) > 1 and len(stream[-2]) == 2 and _is_han(stream[-2][0]):
        return tuple(stream[:-1]), False
    return tuple(stream), True


def _is_han(character: str) -> bool:
    return units(character)[0][0] == HAN


def gram_column(texts: Texts) -> Tokens:
    """The gram streams of many folded texts. The vocabulary ends with ``TITLE_END``."""
    codes, text = texts.codes, texts.text
    kinds, starts, ends = texts.units
    tokens = codes[starts].astype(np.uint64) << _SECOND
    bounds = np.searchsorted(starts, texts.offsets)
    if len(starts) > 1:
        last_of_text = np.zeros(len(starts) + 1, np.bool_)
        last_of_text[bounds] = True
        paired = (kinds[:-1] == HAN) & (kinds[1:] == HAN) & (starts[1:] == ends[:-1]) & ~last_of_text[1:-1]
        firsts = np.flatnonzero(paired)
        tokens[firsts] |= codes[starts[firsts + 1]]
    long = np.flatnonzero(ends - starts > 1)
    runs: dict[str, int] = {}
    if len(long):
        stops = np.minimum(ends[long], starts[long] + LONGEST)
        numbers = [
            runs.setdefault(text[a:b], len(runs)) for a, b in zip(starts[long].tolist(), stops.tolist(), strict=True)
        ]
        tokens[long] = np.array(numbers, np.uint64) | _RUN
    distinct, ids = _numbered(tokens)
    return Tokens(_spelled(distinct, list(runs)), ids, bounds.astype(np.int64))


def boundary_column(texts: Texts) -> Tokens:
    """Where sentences and paragraphs begin, in positions of the streams of articles: title, ``TITLE_END``, body.

    The folded texts are a title, its body, the next title and so on. What begins a paragraph begins a sentence too.
    """
    starts = texts.units.starts
    bounds = np.searchsorted(starts, texts.offsets)
    titles, bodies = np.diff(bounds).reshape(-1, 2).T
    rows = np.repeat(np.arange(len(texts.offsets) - 1), np.diff(bounds))
    # Of each unit its article and its position in it.
    documents = rows // 2
    positions = np.arange(len(starts)) - bounds[rows] + np.where(rows % 2, titles[documents] + 1, 0)
    keys = []
    for token, marks in ((0, _SENTENCE_ENDS), (1, _SENTENCE_ENDS[:1])):
        begins = _begins(texts, marks)
        keys.append((documents[begins] << 33) + (positions[begins] << 1) + token)
        keys.append((np.arange(len(titles)) << 33) + (titles << 1) + token)
    found = np.sort(np.concatenate(keys))
    places = Places(((found >> 1) & 0xFFFFFFFF).astype(np.uint32), (titles + 1 + bodies).astype(np.int64))
    offsets = np.searchsorted(found, np.arange(len(titles) + 1) << 33)
    return Tokens((SENTENCE, PARAGRAPH), (found & 1).astype(np.uint32), offsets.astype(np.int64), places)


def sentence_starts(texts: Texts) -> npt.NDArray[np.intp]:
    """The units with which sentences begin, counted through all texts."""
    return np.flatnonzero(_begins(texts, _SENTENCE_ENDS))


def _begins(texts: Texts, marks: npt.NDArray[np.uint32]) -> npt.NDArray[np.bool_]:
    """Of each unit, whether one of the marks stands before it, or nothing."""
    _, starts, ends = texts.units
    passed = offsets_of(np.isin(texts.codes, marks).astype(np.int64))
    first_of_text = np.zeros(len(starts) + 1, np.bool_)
    first_of_text[np.searchsorted(starts, texts.offsets)] = True
    begins = first_of_text[:-1]
    begins[1:] |= passed[starts[1:]] > passed[ends[:-1]]
    return begins


def _numbered(tokens: npt.NDArray[np.uint64]) -> tuple[npt.NDArray[np.uint64], npt.NDArray[np.uint32]]:
    """The distinct tokens in order, and the index of each token among them.

    Sorting a token together with its place in one integer is four times as fast as ``np.unique``.
    """
    if not 0 < len(tokens) <= 1 << int(_INDEX_BITS):
        distinct, inverse = np.unique(tokens, return_inverse=True)
        return distinct, inverse.astype(np.uint32)
    keys = tokens << _INDEX_BITS
    keys |= np.arange(len(tokens), dtype=np.uint64)
    keys.sort()
    ordered = keys >> _INDEX_BITS
    first = np.ones(len(tokens), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    ids = np.empty(len(tokens), np.uint32)
    places = (keys & np.uint64((1 << int(_INDEX_BITS)) - 1)).astype(np.int64)
    ids[places] = np.cumsum(first, dtype=np.uint32) - np.uint32(1)
    return ordered[first], ids


def _spelled(tokens: npt.NDArray[np.uint64], runs: list[str]) -> Spellings:
    """The tokens as strings, and ``TITLE_END``; ``tokens`` is sorted, so the runs stand at its end, in order."""
    han = tokens[: len(tokens) - len(runs)]
    rest = [*runs, TITLE_END]
    pairs = np.empty((len(han), 2), np.uint32)
    pairs[:, 0] = han >> _SECOND
    pairs[:, 1] = han & np.uint64((1 << 21) - 1)
    # A single character has NUL for its second, which no folded unit holds.
    points = np.frombuffer("".join(rest).encode("utf-32-le"), np.uint32)
    lengths = np.concatenate((1 + (pairs[:, 1] != 0), [len(run) for run in rest]))
    return Spellings(np.concatenate((pairs[pairs != 0], points)), offsets_of(lengths))
