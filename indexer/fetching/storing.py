"""What was fetched, into the archive. A feed whose articles can't be kept is a failed one, and the next is kept."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from indexer.archive import Archive, Counts
from indexer.archive.identity import fingerprint
from indexer.article import Article
from indexer.errors import ArchiveError
from indexer.fetching.fetcher import Fetched, failed

PATIENCE = 3
"""Feeds in a row of which not even the failure can be kept, until the archive is given up."""


def store(archive: Archive, results: Iterable[Fetched], now: datetime) -> Iterator[tuple[Fetched, Counts]]:
    """Keep each result, and say what became of it. Raises ``ArchiveError`` when the archive keeps nothing any more."""
    lost = 0
    for result in results:
        try:
            counts = _put(archive, result, now)
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


def _put(archive: Archive, result: Fetched, now: datetime) -> Counts:
    """Keep a feed's articles; where they are not the whole ones, have their pages fetched.

    An article that says what its page said keeps saying it, whatever the feed changes: then the page is read again.
    """
    if not result.subscription.full_text:
        return archive.put(result.articles)
    ids = {article.url: _id_of(archive, article) for article in result.articles}
    whole = {id for id, page in archive.pages.of(filter(None, ids.values())).items() if page.taken}
    counts = archive.put(article for article in result.articles if ids[article.url] not in whole)
    said: dict[str, str] = {}
    for article in result.articles:
        if id := _id_of(archive, article):
            said[id] = fingerprint(article)
    archive.pages.expect(result.before.url, said, now)
    return counts + Counts(unchanged=len(result.articles) - len(counts))


def _id_of(archive: Archive, article: Article) -> str:
    """The article at an address; ``""`` for none, and where several share it, since its page is nobody's then."""
    found = archive.at(article.url) if article.url else []
    return found[0] if len(found) == 1 else ""
