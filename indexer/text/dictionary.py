"""jieba's dictionary: which words there are, how often they were counted, and what kind of word each is."""

from collections.abc import Collection, Iterable, Iterator
from importlib.metadata import distribution, version
from pathlib import Path
from typing import NamedTuple

VERSION = version("jieba")


class Dictionary(NamedTuple):
    """Its words as columns. ``tags`` are parts of speech in jieba's letters (``n``, ``nr``, ``v``)."""

    words: list[str]
    frequencies: list[int]
    tags: list[str]


def lines() -> str:
    """The file as jieba ships it: a line a word, with its frequency and its tag, separated by blanks."""
    # Found without importing jieba, whose import takes time and warns on newer Pythons.
    return Path(str(distribution("jieba").locate_file("jieba/dict.txt"))).read_text("utf-8")


def read() -> Dictionary:
    """All 350,000 words, in the order of the file. Takes a fifth of a second."""
    fields = lines().split()
    return Dictionary(fields[::3], list(map(int, fields[1::3])), fields[2::3])


def frequencies_of(words: Collection[str], lines: str) -> dict[str, int]:
    """The frequencies of those of the words that stand in these lines."""
    rows = (line.partition(" ") for line in lines.split("\n"))
    return {word: int(rest.partition(" ")[0]) for word, _, rest in rows if word in words}


def words_at(offsets: Iterable[int], lines: str) -> Iterator[tuple[str, int]]:
    """The words at these ascending offsets of the lines, each once, with their frequencies."""
    end = -1
    for offset in offsets:
        if offset > end:
            end = lines.find("\n", offset)
            word, frequency, _ = lines[lines.rfind("\n", 0, offset) + 1 : end].split(" ")
            yield word, int(frequency)
