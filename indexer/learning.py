"""What the archive teaches: the names in it, and the lexicon that helps people type. Joins archive and text."""

from collections.abc import Iterator
from pathlib import Path

from indexer.archive import Archive
from indexer.text import lexicon
from indexer.text.learned import LearnedName, learn, save_learned
from indexer.text.lexicon import build_lexicon
from indexer.text.variants import LEARNED_FILE, Variants


def learn_names(archive: Archive, data: Path) -> list[LearnedName]:
    """Mine the names of all articles and keep them in the data folder; the most frequent first."""
    names = learn(f"{title}\n{text}" for title, text in _texts(archive))
    data.mkdir(parents=True, exist_ok=True)
    save_learned(names, data / LEARNED_FILE)
    return names


def learn_everything(archive: Archive, data: Path) -> None:
    """Learn the names, then make the lexicon, which knows them; both are kept in the data folder."""
    articles = {spelling: count for name in learn_names(archive, data) for spelling, count in name.spellings}
    names = {spelling: 0 for group in Variants.load(data).groups for spelling in group.spellings} | articles
    build_lexicon(_texts(archive), archive.count(), names).save(data / lexicon.FILE)


def _texts(archive: Archive) -> Iterator[tuple[str, str]]:
    """Title and text of every article."""
    return ((article.title, article.text) for article in archive.iterate(html=False))
