"""Finding the names of what has changed in an archive: the one place where they and the archive meet.

By which rules and known names they were found is kept with them (``stamp``): what was found by others is found anew.
The latest changes come first, and each step is whole: a crash makes the next run go on there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import partial
from hashlib import sha256
from importlib import resources

from indexer.archive import Archive
from indexer.article import Article
from indexer.entities.known import known
from indexer.entities.recognition import Recogniser
from indexer.text import dictionary
from indexer.text.analyser import Analyser
from indexer.text.groups import Group, write_line

VERSION = 1
"""Raise it when the same text gives other names than before."""

_TOGETHER = 1_000
"""Articles that are read together."""

_LONGEST = 20_000
"""Characters of a text that are read: the names of a book are in its beginning."""

_MOST = 200
"""Names of one article that are kept, the first ones."""

Articles = Callable[[Collection[str]], list[Article]]
"""Reads the articles with some ids, as they are to be read for names."""


def update(archive: Archive, analyser: Analyser, groups: Sequence[Group], articles: Articles | None = None) -> int:
    """Find the names in what has changed; returns in how many articles they were looked for.

    ``groups`` are the names that are known (``Variants.groups``). ``articles`` reads articles where the archive's own
    words are not what counts.
    """
    read = articles or partial(archive.get, html=False)
    stamp = stamp_of(groups)
    recogniser: Recogniser | None = None
    count = 0
    while pending := archive.entities.pending(stamp, _TOGETHER):
        recogniser = recogniser or Recogniser(known(groups))
        found = {article.id: names_in(article, analyser, recogniser) for article in read(list(pending))}
        if not found:
            break  # changes of articles that nobody can read
        archive.entities.keep(found, pending, stamp)
        count += len(found)
    return count


def stamp_of(groups: Iterable[Group]) -> str:
    """A fingerprint of all that decides which names are found: 16 hex digits."""
    digest = sha256(f"{VERSION} {dictionary.VERSION}\n".encode())
    for package, name in (("indexer.entities", "words.txt"), ("indexer.text.names", "names.tsv")):
        digest.update(resources.files(package).joinpath(name).read_bytes())
    for line in sorted(f"{group.origin}\t{write_line(group)}\n" for group in groups):
        digest.update(line.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]


def names_in(article: Article, analyser: Analyser, recogniser: Recogniser) -> list[str]:
    """The names in an article's title and text as they are written there, each once, behind its kind and a blank."""
    text = f"{article.title}\n{article.text[:_LONGEST]}"
    folded = analyser.fold_with_offsets(text)
    names: dict[str, None] = {}
    for mention in recogniser.mentions(folded.text):
        start, end = folded.original(mention.start, mention.end)
        names[f"{mention.kind} {_on_one_line(text[start:end])}"] = None
        if len(names) == _MOST:
            break
    return list(names)


def _on_one_line(name: str) -> str:
    """A name without the gaps that the lines of a page left in it."""
    return (" " if name.isascii() else "").join(name.split())
