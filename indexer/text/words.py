"""Words: what ranking counts.

Han runs give jieba's search-mode words. Other runs give each run of letters or digits and, where several hang together,
the whole: ``COVID-19`` gives covid, 19, covid-19; ``C#`` gives c, c#; ``3.5%`` gives 3, 5, 3.5%.
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt

from indexer.arrays import offsets_of
from indexer.text.characters import HAN_CLASS
from indexer.text.segment import Segmenter
from indexer.text.units import CLASSES, HAN, LONGEST, SYMBOL, Texts
from indexer.tokens import Tokens

_SPACE, _END = ord(" "), ord("\n")
_HYPHENS = np.array([ord(c) for c in "-.'_"], np.uint32)
"""What may stand once between the parts of one word."""


class _Vocabulary(dict[str, int]):
    """Numbers tokens in the order of their first use."""

    def __missing__(self, token: str) -> int:
        self[token] = number = len(self)
        return number


_HAN_LINES = re.compile(rf"[{HAN_CLASS}]+(?:\n[{HAN_CLASS}]+)*")


def words(folded: str, segmenter: Segmenter) -> list[str]:
    """The words of one folded text, as ``word_column`` has them: most questions are Han alone, and need no columns."""
    if _HAN_LINES.fullmatch(folded):
        found = segmenter.cut_for_search(folded.replace("\n", " ") + "\n")
        return [word for word in found if not word.isspace()]
    codes = np.frombuffer(f"{folded}\n".encode("utf-32-le", "surrogatepass"), np.uint32)
    return next(word_column(Texts(codes, np.array([0, len(codes)])), segmenter).lists())


def word_column(texts: Texts, segmenter: Segmenter) -> Tokens:
    """The words of many folded texts, each ending with a newline; their order within a text is of no meaning."""
    vocabulary = _Vocabulary()
    han_ids, han_lengths = _han_words(texts, segmenter, vocabulary)
    other_ids, other_lengths = _other_words(texts, vocabulary)
    count = len(texts.offsets) - 1
    both = Tokens(
        list(vocabulary),
        np.concatenate((han_ids, other_ids)),
        offsets_of(np.concatenate((han_lengths, other_lengths))),
    )
    rows = np.arange(count)
    return both.regrouped(np.stack((rows, rows + count), axis=1))


def _han_words(
    texts: Texts, segmenter: Segmenter, vocabulary: _Vocabulary
) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The segmented Han runs of all texts, and how many words each text has."""
    codes, offsets = texts.codes, texts.offsets
    is_han = CLASSES[codes] == HAN
    runs = np.where(is_han, codes, np.uint32(_SPACE))
    runs[offsets[1:] - 1] = _END
    keep = is_han | (runs == _END)
    keep[1:] |= is_han[:-1]
    words = segmenter.cut_for_search(runs[keep].tobytes().decode("utf-32-le"))
    space, end = vocabulary[" "], vocabulary["\n"]
    ids = np.fromiter(map(vocabulary.__getitem__, words), np.uint32, len(words))
    is_word = (ids != space) & (ids != end)
    ends = np.cumsum(is_word)[ids == end]
    return ids[is_word], np.diff(ends, prepend=0)


def _other_words(texts: Texts, vocabulary: _Vocabulary) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The words of all that is not Han, and how many each text has."""
    codes, text = texts.codes, texts.text
    kinds, starts, ends = texts.units
    other = kinds != HAN
    kinds, starts, ends = kinds[other], starts[other], ends[other]
    gaps = starts[1:] - ends[:-1]
    inside = (gaps == 1) & np.isin(codes[np.minimum(ends[:-1], len(codes) - 1)], _HYPHENS)
    inside &= (kinds[:-1] != SYMBOL) & (kinds[1:] != SYMBOL)
    chained = (gaps == 0) | inside
    # Texts end with a newline, so that no chain reaches into the next one.
    heads = np.flatnonzero(np.append(True, ~chained)[: len(kinds)])
    tails = np.append(heads[1:], len(kinds)) - 1
    compound = tails > heads
    plain = kinds != SYMBOL
    begin = np.concatenate((starts[plain], starts[heads[compound]]))
    stop = np.concatenate((ends[plain], ends[tails[compound]]))
    order = np.argsort(begin, kind="stable")
    begin, stop = begin[order], np.minimum(stop[order], begin[order] + LONGEST)
    tokens = [text[a:b] for a, b in zip(begin.tolist(), stop.tolist(), strict=True)]
    ids = np.fromiter(map(vocabulary.__getitem__, tokens), np.uint32, len(tokens))
    return ids, np.diff(np.searchsorted(begin, texts.offsets))
