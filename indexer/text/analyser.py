"""The analyser: one object that folds and analyses articles and questions alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.arrays import offsets_of
from indexer.text import grams
from indexer.text.fold import EXPANDS, FOLDED_CODES, JOINS, Folded, fold, fold_with_offsets
from indexer.text.gaps import close_gaps, close_gaps_in_codes, close_gaps_with_offsets, readings
from indexer.text.segment import Segmenter
from indexer.text.units import Texts
from indexer.text.words import word_column, words
from indexer.tokens import Tokens

VERSION = 4
"""Raise it when the same text gives other tokens than before: indexes built earlier must then be rebuilt."""

TITLE_WEIGHT = 3
"""How many times a title word counts against a word of the body (see ``indexer.engine.query.Bag``)."""


class Analysis(NamedTuple):
    """The token columns of a batch of articles, one document each."""

    words: Tokens
    grams: Tokens
    title_grams: Tokens
    caption_grams: Tokens
    boundaries: Tokens


class Analyser:
    """Everything that turns text into tokens. Safe to use from many threads, and heavy work releases the GIL."""

    def __init__(self, user_dictionary: Path | None = None) -> None:
        self._segmenter = Segmenter(user_dictionary)

    @property
    def dictionary_hash(self) -> str:
        """A fingerprint of the words that segmentation knows."""
        return self._segmenter.hash

    def analyse(self, titles: Sequence[str], bodies: Sequence[str], captions: Sequence[str] = ()) -> Analysis:
        """The tokens of articles: words with the title's repeated, grams of title and body, of the title, of captions,
        and where sentences and paragraphs begin in title and body.

        ``captions`` may be left out where there are none.
        """
        texts = Texts(*close_gaps_in_codes(*_fold_all(list(chain.from_iterable(zip(titles, bodies, strict=True))))))
        title_rows = np.arange(0, 2 * len(titles), 2)
        words = word_column(texts, self._segmenter)
        streams = grams.gram_column(texts)
        title_end = len(streams)
        # One more text, of the token that parts a title from its body.
        streams = Tokens(
            streams.vocabulary,
            np.append(streams.ids, np.uint32(len(streams.vocabulary) - 1)),
            np.append(streams.offsets, len(streams.ids) + 1),
        )
        return Analysis(
            words.regrouped(np.stack([title_rows] * TITLE_WEIGHT + [title_rows + 1], axis=1)),
            streams.regrouped(np.stack((title_rows, np.full_like(title_rows, title_end), title_rows + 1), axis=1)),
            streams.regrouped(title_rows[:, None]),
            self._grams(captions or [""] * len(titles)),
            grams.boundary_column(texts),
        )

    def _grams(self, texts: Sequence[str]) -> Tokens:
        """The gram stream of each text."""
        return grams.gram_column(Texts(*close_gaps_in_codes(*_fold_all(texts))))

    def fold(self, text: str) -> str:
        """The folded text, without gaps inside Han text."""
        return close_gaps(fold(text))

    def fold_with_offsets(self, text: str) -> Folded:
        """The same, and where each part of it came from."""
        return close_gaps_with_offsets(fold_with_offsets(text))

    def readings(self, text: str) -> list[str]:
        """The folded text, and what else it may be where it is a piece of an article (see ``indexer.text.gaps``)."""
        return readings(fold(text))

    def phrase_tokens(self, text: str) -> tuple[tuple[str, ...], bool]:
        """The gram tokens that find a run of text, and whether the last is a prefix; no tokens if it has no unit."""
        return grams.phrase_tokens(self.fold(text))

    def cut(self, text: str) -> list[str]:
        """The words of a folded text, each character in exactly one."""
        return self._segmenter.cut(text)

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The words of a folded text with their parts of speech, see ``Segmenter.tagged``."""
        return self._segmenter.tagged(text)

    def has_word(self, text: str) -> bool:
        """Whether a folded text is one word of the dictionary."""
        return self._segmenter.has_word(text)

    def words(self, text: str) -> list[str]:
        """The words that ranking counts, of a text whose lines stand apart."""
        return words(fold(text), self._segmenter)


def _fold_all(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    """The code points of the folded texts, each ending with a newline, and where each begins."""
    codes, offsets = _code_points(texts)
    folded = FOLDED_CODES[codes]
    joining = np.flatnonzero(folded == JOINS)
    if len(joining):
        texts = list(texts)
        for i in np.unique(np.searchsorted(offsets, joining, side="right") - 1).tolist():
            texts[i] = fold(texts[i])
        codes, offsets = _code_points(texts)
        # A joining character that is left had nothing to join.
        folded = FOLDED_CODES[codes]
        folded = np.where(folded == JOINS, codes, folded)
    places = np.flatnonzero(folded == EXPANDS)
    if len(places):
        distinct, which = np.unique(codes[places], return_inverse=True)
        pieces = [fold(chr(code)) for code in distinct.tolist()]
        sizes = np.array([len(piece) for piece in pieces])[which]
        put = np.frombuffer("".join(map(pieces.__getitem__, which.tolist())).encode("utf-32-le"), np.uint32)
        # Without these characters, those behind them have moved up.
        folded = np.insert(np.delete(folded, places), np.repeat(places - np.arange(len(places)), sizes), put)
        offsets = offsets + offsets_of(sizes - 1)[np.searchsorted(places, offsets)]
    return folded, offsets


def _code_points(texts: Sequence[str]) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.int64]]:
    joined = "\n".join([*texts, ""])
    return (
        np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32),
        offsets_of([len(text) + 1 for text in texts]),
    )
