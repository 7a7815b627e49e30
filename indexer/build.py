"""From the archive to the index: the one place where articles, analysis and engine meet.

An index remembers the last change of the archive that it holds, so bringing it up to date is always the same::

    while there are changes after the index's sequence:
        read a window of them; each article appears once, with its last change
        delete what was deleted; read, analyse and put the others, on all cores
        commit, with the window's last number as the index's new sequence

A crash at any moment leaves an index that holds exactly the changes up to its sequence, and the next run goes on there.
An article that changes while its window is being read is indexed as it then is, and comes again in a later window.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from indexer.archive import Archive, Change
from indexer.article import Article
from indexer.engine.document import Batch
from indexer.engine.index import SearchIndex, Writer
from indexer.errors import IndexMissing, StampMismatch
from indexer.extraction import bylines
from indexer.text.analyser import Analyser
from indexer.urls import host_of

_BATCH = 1_000
"""Articles read and analysed together."""

_UPDATE_WINDOW = 10_000
"""Changes between two commits of the live index: what a crash makes the next run repeat."""

_REBUILD_WINDOW = 100_000
"""The same of a rebuild, which a crash discards anyway; fewer commits make it faster."""

_T = TypeVar("_T")
_R = TypeVar("_R")

Progress = Callable[[int], None]
"""Called with the last change that was handled, though not yet committed; it ends at the archive's last sequence."""


@dataclass(frozen=True, slots=True)
class BuildResult:
    """How many articles were put into the index or taken from it, and the last change that it now holds."""

    put: int
    deleted: int
    sequence: int


Articles = Callable[[Iterable[str]], list[Article]]
"""Reads the articles with some ids, as they are to be indexed."""


def update(
    archive: Archive,
    index: SearchIndex,
    analyser: Analyser,
    progress: Progress = lambda _: None,
    articles: Articles | None = None,
) -> BuildResult:
    """Bring the index up to date with the archive; the first time, build it.

    ``articles`` reads them where the archive's own words are not what is indexed.
    """
    try:
        sequence = index.info().sequence
    except IndexMissing:
        return rebuild(archive, index, analyser, progress, articles)
    if sequence > (last := archive.last_sequence()):
        raise StampMismatch(
            f"the index holds {sequence} changes of an archive that has {last}: it was made from another archive; "
            "run “xunwen rebuild”"
        )
    return _catch_up(archive, articles, index.write, sequence, _UPDATE_WINDOW, analyser, progress)


def rebuild(
    archive: Archive,
    index: SearchIndex,
    analyser: Analyser,
    progress: Progress = lambda _: None,
    articles: Articles | None = None,
) -> BuildResult:
    """Build the index anew beside the live one, which answers until the new one takes its place."""
    with index.rebuild() as generation:
        result = _catch_up(archive, articles, generation.write, 0, _REBUILD_WINDOW, analyser, progress)
        if not result.sequence:
            with generation.write(0):
                pass
        generation.activate()
    return result


def _catch_up(
    archive: Archive,
    articles: Articles | None,
    write: Callable[[int], Writer],
    sequence: int,
    window: int,
    analyser: Analyser,
    progress: Progress,
) -> BuildResult:
    put = deleted = 0
    cores = os.cpu_count() or 1

    def read(part: Sequence[Change]) -> Batch:
        ids = [change.id for change in part]
        found = articles(ids) if articles else archive.get(ids, html=False)
        return analyse(found, analyser, archive.stories.of(ids))

    with ThreadPoolExecutor(cores) as pool:
        while changes := archive.changes(sequence, window):
            parts = [changes[start : start + _BATCH] for start in range(0, len(changes), _BATCH)]
            with write(changes[-1].sequence) as writer:
                for part, batch in zip(parts, _ahead(pool, read, parts, cores + 1), strict=True):
                    held = set(batch.ids)
                    gone = [change.id for change in part if change.id not in held]
                    writer.put(batch)
                    writer.delete(gone)
                    put += len(held)
                    deleted += len(gone)
                    progress(part[-1].sequence)
            sequence = changes[-1].sequence
    return BuildResult(put, deleted, sequence)


def analyse(articles: Sequence[Article], analyser: Analyser, stories: Mapping[str, str]) -> Batch:
    """What an engine stores of these articles. ``stories`` has that of each; one it doesn't know is its own."""
    columns = analyser.analyse(
        [article.title for article in articles],
        [article.text for article in articles],
        [article.captions for article in articles],
    )
    return Batch(
        ids=[article.id for article in articles],
        words=columns.words,
        grams=columns.grams,
        title_grams=columns.title_grams,
        caption_grams=columns.caption_grams,
        boundaries=columns.boundaries,
        sources=[article.source for article in articles],
        authors=[bylines.parted(article.author) for article in articles],
        sites=[host_of(article.url) for article in articles],
        languages=[article.language for article in articles],
        published=[None if article.published is None else int(article.published.timestamp()) for article in articles],
        discovered=[0 if article.discovered is None else int(article.discovered.timestamp()) for article in articles],
        stories=[stories.get(article.id, article.id) for article in articles],
    )


def _ahead(pool: Executor, work: Callable[[_T], _R], items: Iterable[_T], most: int) -> Iterator[_R]:
    """The results in the order of the items; at most so many are being made or wait to be taken."""
    waiting: deque[Future[_R]] = deque()
    for item in items:
        if len(waiting) == most:
            yield waiting.popleft().result()
        waiting.append(pool.submit(work, item))
    while waiting:
        yield waiting.popleft().result()
