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

from indexer.errors import ArchiveError, IndexCorrupt
from indexer.text.fold import fold

FILE = "lexicon.tsv"
"""In the data folder."""

MOST_ENTRIES = 30_000

_FORMAT = "xunwen lexicon 1"

_TEXTS = 6_000
"""Articles whose texts are read, evenly spread; of all others only the titles."""

_MOST_REMEMBERED = 1_000_000
"""Entries of titles that are counted while reading; past it those seen once are forgotten."""

_LONGEST = 12
"""Characters of the longest Han entry."""

_FEWEST = 3
"""Articles that an entry stands in at least."""

_NAME_FREQUENCY = 100_000
"""What a name is said to weigh when it is added to the segmenter's words: more than what it could be cut into."""

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")

_ENTRY = re.compile(_HAN.pattern + r"|[a-z][a-z0-9]+")

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
    """Entries and their counts, in the order of their rank. Immutable."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)

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
        unfinished = path.with_name(path.name + ".part")
        try:
            with unfinished.open("w", encoding="utf-8", newline="\n") as file:
                file.write(_FORMAT + "\n")
                file.writelines(f"{entry}\t{count}\n" for entry, count in self.counts.items())
            unfinished.replace(path)
        except OSError as error:
            raise ArchiveError(f"cannot write the lexicon: {error}") from error

    @classmethod
    def load(cls, path: Path) -> "Lexicon":
        """The lexicon in a file; an empty one when there is none yet, or one of another format.

        ``IndexCorrupt`` when the file is damaged.
        """
        try:
            first, *lines = path.read_text("utf-8").splitlines() or [""]
            if first != _FORMAT:
                return cls({})
            return cls({entry: int(count) for entry, count in (line.split("\t") for line in lines)})
        except FileNotFoundError:
            return cls({})
        except (OSError, ValueError) as error:
            raise IndexCorrupt(f"{path} is damaged ({error}); run “xunwen rebuild”") from error


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
        heading = segmenter.cut(fold(title))
        in_title = _entries(heading) | _phrases(heading)
        titles.update(in_title)
        if number % stride == 0:
            counts.update(in_title | _entries(segmenter.cut(fold(text))))
        if len(titles) > _MOST_REMEMBERED:
            titles = Counter({entry: count for entry, count in titles.items() if count > 1})
    rank: dict[str, int] = {}
    estimates: dict[str, int] = {}
    for entry in {**counts, **titles, **names}:
        estimate = max(counts[entry] * stride, titles[entry], names.get(entry, 0))
        if estimate >= _FEWEST and _ENTRY.fullmatch(entry):
            estimates[entry] = estimate
            rank[entry] = estimate * (_NAME_WEIGHT if entry in names else 1) + _TITLE_WEIGHT * titles[entry]
    ranked = sorted(rank, key=lambda entry: (-rank[entry], entry))
    return Lexicon({entry: estimates[entry] for entry in ranked[:MOST_ENTRIES]})


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
