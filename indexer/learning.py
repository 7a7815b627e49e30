"""What the archive teaches: the names in it, and the lexicon that helps people type. Joins archive and text.

All of it is derived: it may be missing, and it is made again at will.
"""

from collections.abc import Iterator
from pathlib import Path

from indexer.archive import Archive
from indexer.files import Problem
from indexer.text import lexicon
from indexer.text.lexicon import Lexicon, build_lexicon
from indexer.text.names.mining import LearnedName, learn, save_learned
from indexer.text.variants import LEARNED_FILE, Variants, read_tables


def learn_names(archive: Archive, data: Path) -> list[LearnedName]:
    """Mine the names of all articles and keep them in the data folder; the most frequent first."""
    names = learn(f"{title}\n{text}" for title, text in _texts(archive))
    data.mkdir(parents=True, exist_ok=True)
    save_learned(names, data / LEARNED_FILE)
    return names


def learn_everything(archive: Archive, data: Path, synonyms: Path | None = None) -> None:
    """Learn the names, then make the lexicon, which knows them and those of the other sources; both are kept."""
    articles = {spelling: count for name in learn_names(archive, data) for spelling, count in name.spellings}
    groups = Variants.load(data, synonyms).groups
    names = {spelling: 0 for group in groups for spelling in group.spellings} | articles
    build_lexicon(_texts(archive), archive.count(), names).save(data / lexicon.FILE)


def has_learned(data: Path) -> bool:
    """Whether there is a lexicon that is of use."""
    return len(Lexicon.load(data / lexicon.FILE)) > 0


def problems(data: Path, synonyms: Path | None = None) -> list[Problem]:
    """What is wrong with the files of names and words, those that people write and those that are learned."""
    _, found = read_tables(data, synonyms)
    return [*found, *Lexicon.read(data / lexicon.FILE).problems]


def _texts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Title and text of every article."""
    return ((article.title, article.text) for article in archive.iterate(html=False))
