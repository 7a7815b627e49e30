"""What stands behind an address, before it is followed: a feed and its newest articles, or the feeds of a page."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from indexer.archive import Subscription
from indexer.article import Article
from indexer.fetching import download
from indexer.fetching.discovery import Link, feeds_of
from indexer.fetching.download import reason_for
from indexer.fetching.fetcher import READING, read
from indexer.fetching.worker import Caller, Worker
from indexer.plain_text import plain_line

NEWEST = 5
"""Articles of a feed that are shown."""

_MOST_LINKS = 20


@dataclass(frozen=True, slots=True)
class Preview:
    """``url`` is what to follow: where a feed has moved, or the one feed of a page. ``articles`` are its newest.

    ``links`` are the feeds of a page that names several, and ``problem`` tells in one line why there is nothing.
    """

    url: str
    title: str = ""
    articles: tuple[Article, ...] = ()
    links: tuple[Link, ...] = ()
    problem: str = ""


def preview(address: str, *, zone: tzinfo, now: datetime, private: bool = False) -> Preview:
    """Look at an address within the bounds of fetching a feed. Raises nothing of ``Exception``."""
    with Worker() as worker:
        try:
            found = _look(address, worker, zone, now, private)
            if len(found.links) == 1:
                found = _look(found.links[0].url, worker, zone, now, private)
        except Exception as error:  # whatever it is that strangers answer
            return Preview(address, problem=reason_for(error))
    return found


def _look(address: str, caller: Caller, zone: tzinfo, now: datetime, private: bool) -> Preview:
    answer = caller.call(download.LIMITS, download.download, address, headers={}, now=now, private=private)
    links = caller.call(READING, feeds_of, answer)
    if links is None:
        feed = caller.call(READING, read, answer, Subscription(address), zone, now)
        newest = sorted(feed.articles, key=lambda each: each.published.timestamp() if each.published else 0.0)
        return Preview(answer.moved_to, plain_line(feed.title, 200), tuple(newest[: -NEWEST - 1 : -1]))
    if not links:
        return Preview(address, problem="it is no feed, and names none")
    return Preview(address, links=tuple(links[:_MOST_LINKS]))
