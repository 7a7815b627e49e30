"""When are two items the same article? Pure rules, no storage.

An article that is fetched again, edited, or read from another source under the same address stays one article. Items
that merely share a link stay apart. An item has a few *keys*; the archive's articles with one of them are candidates,
and ``choose`` decides, in this order:

0. *The very same item*, word for word and with the same address and guid, is the article that it was at first. So what
   was read once is known when it is read again, however the items contradict each other.
1. *At the same address* (``indexer.urls.fold``).

   - The reader of a feed saw several items at this address, and says by ``part`` (guid, else fragment, else title)
     which one this is: the article with that part, or the one that was kept before the address was known to be shared
     and has that guid or fragment, or has neither and that title. No other.
   - The reader saw one item there: the article with its guid, or that once said the same; else the one without
     ``part``, unless both have guids (or fragments) that differ, come from one source, and their words are not alike.
     Then the address is shared after all (a feed of one bulletin, replaced every day). A guid that changes at every
     reading does no harm, since the words stay alike; nor does an edit, since the guid stays. Where all articles at the
     address have a ``part``, an item without guid is the one with its title.

2. *With the same guid from the same source*, at another address or none: the article has moved, if its words are alike
   and its dates, where known, the same. Guids such as ``17`` are only unique within their feed. (Where neither has an
   address the guid is the identity.)
3. *At the same host and path, with the very same words*: a token in the address changes at every reading.
4. *With the same title, where the kept one has no address*: a file that was edited, or that a newer version of this
   program reads better; if one has most of the other's words, and the days, where known, are the same.

An item that brings its id, from an export, is the article with that id and no other.

An item that is none of the candidates is a new article, at a shared address with a ``part``. When in doubt, two
articles are kept: a copy is easily found, what was overwritten is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b

from indexer.article import Article
from indexer.urls import fold, fragment_of, normalise, place

_ALIKE, _MOSTLY = 0.5, 0.8
"""Pairs of neighbouring characters that two texts share, of all that they have: an edited article keeps more; and of
those that the shorter has: one that was read worse before has other things besides."""

_COMPARED = 20_000  # characters
DAY = timedelta(hours=20)  # bulletins of two days are nearly that far apart, readings in two zones less


@dataclass(frozen=True, slots=True)
class Keys:
    """What an item may be recognised by, as signed 64-bit numbers; ``None`` for what it has not."""

    address: int | None
    guid: int | None
    words: int | None
    title: int | None
    item: int

    def lasting(self) -> list[int]:
        """Those by which the archive remembers an article; by its title only one without an address."""
        title = None if self.address else self.title
        return [key for key in (self.address, self.guid, self.words, title, self.item) if key is not None]

    def every(self) -> list[int]:
        return [key for key in (self.address, self.guid, self.words, self.title, self.item) if key is not None]


@dataclass(frozen=True, slots=True)
class Item:
    """An article that is read, with its fingerprint and its keys."""

    article: Article
    mark: str
    keys: Keys


@dataclass(frozen=True, slots=True)
class Known:
    """An article of the archive that an item may be: its members without the long ones.

    ``marks`` are the fingerprints of what it says and ever said, ``text`` reads its text.
    """

    article: Article
    marks: frozenset[str]
    text: Callable[[], str]


def is_id(text: str) -> bool:
    """Whether this can be an id. Databases refuse to look for some texts, PostgreSQL for those with NUL."""
    return text.isascii() and text.isalnum()


def article_id(article: Article) -> str:
    """The id of an article that is new: 16 lower-case hex digits. One that an export gave stays.

    From the normalised URL, and the part where several articles share it; without URL from the source and the feed's
    guid; without that from title and text.
    """
    key: tuple[str, ...]
    if article.id:
        return article.id
    if url := normalise(article.url):
        key = ("url", url, article.part) if article.part else ("url", url)
    elif article.guid:
        key = ("guid", article.source, article.guid)
    else:
        key = ("text", article.title, article.text)
    return _digest(key, 8).hex()


def fingerprint(article: Article) -> str:
    """32 hex digits of everything that is searched or shown as the article's own words.

    The URL and the guid are left out because the id speaks for them, and so are the markup and the furniture: pages
    carry counters, advertisements and lists of other stories that differ at every reading, and a change there alone is
    no change of the article.
    """
    published = "" if article.published is None else str(int(article.published.timestamp()))
    parts = (article.title, article.text, article.source, article.author, article.language, published)
    return _digest(parts, 16).hex()


def keys(article: Article, mark: str) -> Keys:
    """The keys of an item whose fingerprint is ``mark``."""
    address = fold(article.url)
    where = place(address) if article.text else ""
    return Keys(
        address=key_of("address", address) if address else None,
        guid=key_of("guid", article.source, article.guid) if article.guid else None,
        words=key_of("words", where, mark) if where else None,
        title=key_of("title", article.title) if article.title else None,
        item=key_of("item", article.url, article.guid, article.part, mark),
    )


def identify(article: Article) -> Item:
    mark = fingerprint(article)
    return Item(article, mark, keys(article, mark))


def choose(item: Item, find: Callable[[int], Sequence[Known]]) -> tuple[Known | None, str]:
    """The article of the archive that an item is, or ``None``, and the ``part`` that it has or shall have there.

    ``find`` gives the archive's articles with a key, oldest first.
    """
    article, mark, own = item.article, item.mark, item.keys
    if before := find(own.item):
        return before[0], before[0].article.part
    here = find(own.address) if own.address is not None else ()
    if same := _at_the_address(article, mark, here):
        return same, same.article.part
    tests = ((own.guid, _has_moved), (own.words, None), (own.title, _is_rewritten))
    elsewhere = [(known, test) for key, test in tests if key is not None for known in find(key) if known not in here]
    for known, test in sorted(elsewhere, key=lambda pair: mark not in pair[0].marks):
        if test is None or mark in known.marks or test(article, known):
            return known, known.article.part
    return None, article.part or (tells(article) if here else "")


def alike(one: Article, other: Article, one_text: str, other_text: str) -> bool:
    """Whether two items have most of their words in common, as an article and its edited form have."""
    left, right = _pairs(one.title + one_text), _pairs(other.title + other_text)
    return len(left & right) >= _ALIKE * len(left | right)


def _is_within(one: Article, other: Article, one_text: str, other_text: str) -> bool:
    """Whether one item has most of the other's words."""
    left, right = _pairs(one.title + one_text), _pairs(other.title + other_text)
    return len(left & right) >= _MOSTLY * min(len(left), len(right))


def _at_the_address(article: Article, mark: str, here: Sequence[Known]) -> Known | None:
    whole = [known for known in here if not known.article.part]
    if article.part:
        parts = [known for known in here if known.article.part == article.part]
        return next(iter(parts), None) or next((known for known in whole if _was_part(article, known.article)), None)
    if article.guid and (same := next((known for known in here if known.article.guid == article.guid), None)):
        return same
    # The spelling of the address that is written there comes first, in archives that once kept two apart.
    whole.sort(key=lambda known: (mark not in known.marks, known.article.url != article.url))
    if whole and mark in whole[0].marks:
        return whole[0]
    if len(whole) < len(here):
        if own_guid(article):
            return None
        if named := next((known for known in here if known.article.title == article.title), None):
            return named
    return next((known for known in whole if not _are_two(article, known)), None)


def _was_part(article: Article, known: Article) -> bool:
    """Whether an article kept without ``part`` is this item."""
    if article.guid and known.guid:
        return article.guid == known.guid
    fragments = fragment_of(article.url), fragment_of(known.url)
    return article.title == known.title if not all(fragments) else fragments[0] == fragments[1]


def _are_two(article: Article, known: Known) -> bool:
    """Whether two items at one address, neither with a ``part``, are different articles."""
    kept = known.article
    if article.source != kept.source:
        return False
    if own_guid(article) and own_guid(kept):
        apart = article.guid != kept.guid
    else:
        apart = fragment_of(article.url) != fragment_of(kept.url)
    return apart and not alike(article, kept, article.text, known.text())


def _has_moved(article: Article, known: Known) -> bool:
    """Whether an item is a kept article with the same guid and source."""
    kept = known.article
    if not fold(article.url) and not fold(kept.url):
        return True
    dated = article.published is not None and kept.published is not None
    if dated and article.published != kept.published:
        return False
    return alike(article, kept, article.text, known.text())


def _is_rewritten(article: Article, known: Known) -> bool:
    """Whether an item is a kept article with the same title and without an address."""
    kept = known.article
    if article.guid and kept.guid and article.guid != kept.guid:
        return False
    if article.published and kept.published and abs(article.published - kept.published) > DAY:
        return False
    return article.title == kept.title and _is_within(article, kept, article.text, known.text())


def tells(article: Article) -> str:
    """What tells an item from others at its address: its ``part`` there unless its reader gave one."""
    return own_guid(article) or fragment_of(article.url) or article.title


def own_guid(article: Article) -> str:
    """The guid, unless it is the address: some publishers count revisions in it (``https://…/article#4``)."""
    return article.guid if fold(article.guid) != fold(article.url) else ""


def _pairs(words: str) -> set[str]:
    joined = "".join(words[:_COMPARED].split())
    return {joined[start : start + 2] for start in range(max(1, len(joined) - 1))}


def key_of(*parts: str) -> int:
    """A key: the name of its kind and what it is made of, as a signed 64-bit number."""
    return int.from_bytes(_digest(parts, 8), "big", signed=True)


def _digest(parts: Iterable[str], size: int) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=size).digest()
