"""Feeds as people manage them: looked at, followed, filed, paused and followed no longer."""

from collections.abc import Iterable
from threading import BoundedSemaphore

from indexer.archive import Subscription
from indexer.errors import QueryError, SourceError
from indexer.fetching.preview import Preview, preview
from indexer.plain_text import plain_line
from indexer.sources.opml import SubscriptionList, read_opml
from indexer.urls import web_address
from search_app.search.library import Library

MOST_FOLDER, MOST_ADDRESS = 100, 2_000
"""Characters of a folder's name, and of an address that is entered."""

_AT_ONCE = 2
_looking = BoundedSemaphore(_AT_ONCE)


def address_of(text: str) -> str:
    """What somebody entered as an address, ``https://`` before it where it begins with a host.

    Raises ``QueryError`` ``bad_address``.
    """
    typed = text.strip()
    found = web_address(typed if "://" in typed else f"https://{typed}") if "." in typed else ""
    if not found or len(found) > MOST_ADDRESS:
        raise QueryError("bad_address", field="url", given=typed[:40], allowed=("https://example.org/feed.xml",))
    return found


def look(library: Library, address: str) -> Preview:
    """What stands behind an address; a few are looked at at once."""
    config = library.installation.config
    if not _looking.acquire(blocking=False):
        return Preview(address, problem="other addresses are being looked at, try again")
    try:
        return preview(address, zone=config.timezone, now=library.clock(), private=config.fetch_private)
    finally:
        _looking.release()


def folder_of(text: str) -> str:
    """A folder's name on one line. Raises ``QueryError`` ``watch_too_long``."""
    if len(text) > MOST_FOLDER:
        raise QueryError("watch_too_long", field="folder", given=text[:40], allowed=(str(MOST_FOLDER),))
    return plain_line(text, MOST_FOLDER)


def follow(library: Library, url: str, folder: str) -> Subscription:
    """Follow a feed; one that is followed already stays as it is but for its folder."""
    subscriptions = library.archive.subscriptions
    wanted = Subscription(url, folder=folder)
    if not subscriptions.add([wanted]) and folder:
        subscriptions.file(url, folder)
    return wanted


def follow_list(library: Library, data: bytes) -> tuple[int, SubscriptionList]:
    """Follow the feeds of an OPML list; how many are new. Raises ``QueryError`` ``bad_list``."""
    try:
        listed = read_opml(data)
    except SourceError as error:
        raise QueryError("bad_list", field="list", allowed=("OPML",)) from error
    feeds: Iterable[Subscription] = (
        Subscription(
            each.url, title="" if each.title == each.url else each.title, folder=plain_line(each.folder, MOST_FOLDER)
        )
        for each in listed.feeds
    )
    return library.archive.subscriptions.add(feeds), listed
