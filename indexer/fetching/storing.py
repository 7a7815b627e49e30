"""What was fetched, into the archive. A feed whose articles can't be kept is a failed one, and the next is kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from indexer.archive import Archive, Counts
from indexer.errors import ArchiveError
from indexer.fetching.fetcher import Fetched, failed

PATIENCE = 3
"""Feeds in a row of which not even the failure can be kept, until the archive is given up."""


def store(archive: Archive, results: Iterable[Fetched], now: datetime) -> Iterator[tuple[Fetched, Counts]]:
    """Keep each result, and say what became of it. Raises ``ArchiveError`` when the archive keeps nothing any more."""
    lost = 0
    for result in results:
        try:
            counts = archive.put(result.articles)
            # Only now: articles that a crash kept out must come again.
            archive.subscriptions.update(result.before.url, result.subscription)
            lost = 0
            yield result, counts
            continue
        except Exception as error:  # whatever it is: other feeds' articles must not be lost for it
            failure = failed(result.before, error, now)
        try:
            archive.subscriptions.update(failure.before.url, failure.subscription)
            lost = 0
        except ArchiveError:
            lost += 1
            if lost == PATIENCE:
                raise
        yield failure, Counts()
