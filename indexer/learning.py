"""What the archive teaches: the names in it, the lexicon that helps people type, and furniture. Joins archive and text.

All of it is derived: it may be missing, and it is made again at will.
"""

from collections.abc import Iterator
from pathlib import Path

from indexer.extraction import learned
from indexer.installation import Articles, Installation
from indexer.text.lexicon import build_lexicon
from indexer.text.names.mining import LearnedName, learn, save_learned


def learn_names(archive: Articles, path: Path) -> list[LearnedName]:
    """Mine the names of all articles and keep them in a file; the most frequent first."""
    names = learn(f"{title}\n{text}" for title, text in _texts(archive))
    path.parent.mkdir(parents=True, exist_ok=True)
    save_learned(names, path)
    return names


def learn_furniture(installation: Installation) -> None:
    """Learn what recurs around articles, and keep it in a file. Whoever indexes the articles does so afterwards."""
    articles = installation.articles
    learned.save(learned.learn(lambda: articles.named(html=False)), installation.learned_furniture_file)


def learn_everything(installation: Installation) -> None:
    """Learn the names, then make the lexicon, which knows them and those of the other sources; both are kept."""
    archive = installation.articles
    names_learned = learn_names(archive, installation.learned_names_file)
    articles = {spelling: count for name in names_learned for spelling, count in name.spellings}
    groups = installation.knowledge().variants.groups
    names = {spelling: 0 for group in groups for spelling in group.spellings} | articles
    build_lexicon(_texts(archive), installation.archive.count(), names).save(installation.lexicon_file)


def _texts(archive: Articles) -> Iterator[tuple[str, str]]:
    """Title and text of every article."""
    return ((article.title, article.text) for article in archive.iterate(html=False))
