"""The lexicon: what this archive writes about, for helping people type. Never used to find articles.

Entries are folded words: those of the segmenter, names, pairs of words that stand together in titles, and Latin words.
Each comes with the number of articles that had it when the lexicon was made, estimated from some thousands of them, so
that a large archive takes no longer than a small one. Entries are ranked by that number, those of titles and names far
above: 表示 stands in most articles, but nobody looks for it. The lexicon is rewritten whenever the index is rebuilt; an
old one is only less helpful.

The file is UTF-8: a line that names the format, then one entry a line, the first in rank first::

    xunwen lexicon 1
    中国<TAB>5234
    <TAB> and so on
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import rjieba

from indexer import files
from indexer.errors import ArchiveError
from indexer.files import Problem
from indexer.text.characters import HAN_CLASS
from indexer.text.fold import fold
from indexer.text.gaps import close_gaps
from indexer.text.groups import LONGEST

FILE = "lexicon.tsv"
"""In the data folder."""

MOST_ENTRIES = 30_000

_FORMAT = "xunwen lexicon 1"

_TEXTS = 6_000
"""Articles whose texts are read, evenly spread; of all others only the titles."""

_MOST_REMEMBERED = 1_000_000
"""Entries of titles that are counted while reading; past it those seen once are forgotten."""

_LONGEST = 12
"""Characters of the longest word or phrase that is counted."""

_TEXT = 50_000
"""Characters of an article that are read."""

_FEWEST = 3
"""Articles that an entry stands in at least."""

_NAME_FREQUENCY = 100_000
"""What a name is said to weigh when it is added to the segmenter's words: more than what it could be cut into."""

_HAN = re.compile(f"[{HAN_CLASS}]+")

_ENTRY = re.compile(_HAN.pattern + r"|[a-z][a-z0-9]+")

_COUNT = re.compile("[0-9]{1,12}")

_TITLE_WEIGHT = 20
"""A title is some fifty times shorter than a text, so what is as common in titles as in texts keeps its place."""

_NAME_WEIGHT = 4
"""People look for names more often than for other words."""

_WEAK = frozenset(
    "的了和与在是对由向把被从让们这其等或但称说及并将就都也还又很更最不没有为以于而之所者则因如若虽即至自用要会能可应该他她它我你"
    "一个这那些每各某两几今昨年月日时分秒"
)
"""Characters that a phrase of several words must not begin or end with."""


class Lexicon:
    """Entries and their counts, in the order of their rank. Immutable. ``problems``: what had to be left out."""

    def __init__(self, counts: Mapping[str, int], problems: Iterable[Problem] = ()) -> None:
        self.counts = dict(counts)
        self.problems = tuple(problems)

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def han(self) -> list[str]:
        """The Han entries, sorted by their characters."""
        return sorted(entry for entry in self.counts if not entry[0].isascii())

    @cached_property
    def latin(self) -> list[str]:
        """The Latin entries, sorted."""
        return sorted(entry for entry in self.counts if entry[0].isascii())

    def save(self, path: Path) -> None:
        """Replace the file in one step; ``ArchiveError`` when it cannot be written."""
        lines = (f"{entry}\t{count}\n" for entry, count in self.counts.items())
        try:
            files.replace_file(path, "".join([_FORMAT + "\n", *lines]).encode())
        except OSError as error:
            raise ArchiveError(f"cannot write the lexicon: {error}") from error

    @classmethod
    def load(cls, path: Path) -> "Lexicon":
        """The lexicon in a file as far as it can be read; an empty one when there is none yet.

        The rest is in ``problems``.
        """
        lines, problems = files.read_lines(path, optional=True)
        if lines and lines[0] != (1, _FORMAT):
            return cls({}, [Problem(path, 0, f"is no “{_FORMAT}”; “xunwen rebuild” makes one")])
        counts: dict[str, int] = {}
        for number, line in filter(lambda each: each[1], lines[1:]):
            entry, _, count = line.partition("\t")
            if len(counts) == MOST_ENTRIES:
                problems.append(Problem(path, 0, f"has more than {MOST_ENTRIES:,} entries; its end is left out"))
                break
            if len(entry) <= LONGEST and _ENTRY.fullmatch(entry) and _COUNT.fullmatch(count):
                counts[entry] = int(count)
            else:
                problems.append(Problem(path, number, "expected a word, a tab and a number"))
        return cls(counts, files.shortened(problems))


def build_lexicon(articles: Iterable[tuple[str, str]], total: int, names: Mapping[str, int]) -> Lexicon:
    """Count what stands in these articles, given as title and text; there are about ``total`` of them.

    ``names`` are folded spellings that segmentation must not cut, and in how many articles each is known to stand.
    Reads the articles once.
    """
    segmenter = rjieba.Jieba()
    for name in names:
        segmenter.add_word(name, _NAME_FREQUENCY, "nr")
    stride = max(1, round(total / _TEXTS))
    counts: Counter[str] = Counter()
    titles: Counter[str] = Counter()
    for number, (title, text) in enumerate(articles):
        heading = _words(title, segmenter)
        in_title = _entries(heading) | _phrases(heading)
        titles.update(in_title)
        if number % stride == 0:
            counts.update(in_title | _entries(_words(text, segmenter)))
        if len(titles) > _MOST_REMEMBERED:
            # Half of the room, so that forgetting stays rare; and what was seen once is mostly never seen again.
            titles = Counter({entry: n for entry, n in titles.most_common(_MOST_REMEMBERED // 2) if n > 1})
    rank: dict[str, int] = {}
    estimates: dict[str, int] = {}
    for entry in {**counts, **titles, **names}:
        estimate = max(counts[entry] * stride, titles[entry], names.get(entry, 0))
        if estimate >= _FEWEST and len(entry) <= LONGEST and _ENTRY.fullmatch(entry):
            estimates[entry] = estimate
            rank[entry] = estimate * (_NAME_WEIGHT if entry in names else 1) + _TITLE_WEIGHT * titles[entry]
    ranked = sorted(rank, key=lambda entry: (-rank[entry], entry))
    return Lexicon({entry: estimates[entry] for entry in ranked[:MOST_ENTRIES]})


def _words(text: str, segmenter: rjieba.Jieba) -> list[str]:
    # A lone surrogate, which no text should hold, is nothing that rjieba takes.
    return segmenter.cut(close_gaps(fold(text[:_TEXT])).encode("utf-8", "replace").decode())


def _entries(words: list[str]) -> set[str]:
    """The words that may be worth completing; whether they are words at all is seen at the end, once for each."""
    return {word for word in set(words) if 2 <= len(word) <= _LONGEST}


def _phrases(words: list[str]) -> set[str]:
    """Two Han words in a row, where together they may be a term."""
    return {
        first + second
        for first, second in pairwise(words)
        if 2 < len(first + second) <= _LONGEST
        and _HAN.fullmatch(first + second)
        and not (first[0] in _WEAK or second[-1] in _WEAK)
    }
