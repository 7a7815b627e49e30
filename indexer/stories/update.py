"""Bringing stories up to date with an archive: the one place where they and the archive meet.

Everything is taken in by the articles' time, so that of a long archive only a few weeks are looked at together::

    while there are changes that were not taken in:
        take some of them, neighbours in time; make their profiles
        read the fingerprints of the days around; compare those that share marks
        keep the fingerprints and the pairs that are alike; group again what they touch

A crash at any moment leaves whole steps, and the next run goes on there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from indexer.archive import Archive, Fingerprinted, Pending
from indexer.article import Article
from indexer.stories.candidates import Entry, pairs
from indexer.stories.fingerprint import Fingerprint, is_current
from indexer.stories.grouping import group
from indexer.stories.likeness import COPY_DAYS, DAY, likeness
from indexer.stories.profile import Profile, Profiler
from indexer.text.analyser import Analyser

_T = TypeVar("_T")

_TOGETHER = 1_000
"""Articles that are taken in together."""

_PROFILES = 4_000
"""Profiles kept for the next step, whose articles come soon after."""


Articles = Callable[[Collection[str]], list[Article]]
"""Reads the articles with some ids, as they are to be compared."""


def update(archive: Archive, analyser: Analyser, articles: Articles | None = None) -> int:
    """Take in what has changed; returns how many articles were looked at.

    ``articles`` reads them where the archive's own words are not what is compared.
    """
    stories = archive.stories
    known = stories.any_fingerprint()
    if known is not None and not is_current(known):
        stories.forget_all()
    last = archive.last_sequence()
    pending = stories.pending()
    profiles = _Profiles(articles or partial(archive.get, html=False), Profiler(analyser))
    gone = [each.id for each in pending if each.deleted]
    for some in _portions(gone):
        stories.keep((), some, (), group)
    for part in _portions([each for each in pending if not each.deleted]):
        _take_in(archive, part, profiles)
    stories.finish(last)
    return len(pending)


def _take_in(archive: Archive, part: Sequence[Pending], profiles: _Profiles) -> None:
    fresh = {profile.id: profile for profile in profiles.read([each.id for each in part])}
    if not fresh:
        return
    moments = [profile.moment for profile in fresh.values()]
    apart = COPY_DAYS * DAY
    around = archive.stories.between(min(moments) - apart, max(moments) + apart)
    entries = [Entry(each.id, each.moment, Fingerprint.from_bytes(each.fingerprint)) for each in around]
    entries = [entry for entry in entries if entry.id not in fresh]
    entries += [Entry(profile.id, profile.moment, profile.fingerprint) for profile in fresh.values()]
    candidates = sorted(pairs(entries, fresh.keys()))
    profiles.need({id for pair in candidates for id in pair})
    alike = []
    for one, other in candidates:
        first, second = profiles.get(one), profiles.get(other)
        if first and second and (kind := likeness(first, second)):
            alike.append((one, other, kind.value))
    sequences = {each.id: each.sequence for each in part}
    made = [
        Fingerprinted(id, sequences[id], profile.moment, profile.fingerprint.to_bytes())
        for id, profile in fresh.items()
    ]
    archive.stories.keep(made, (), alike, group)


class _Profiles:
    """Profiles by id: those of the last articles that were asked for."""

    def __init__(self, articles: Articles, profiler: Profiler) -> None:
        self._articles = articles
        self._profiler = profiler
        self._kept: dict[str, Profile] = {}

    def read(self, ids: Collection[str]) -> list[Profile]:
        """Profiles of what these articles now say."""
        profiles = [self._profiler.profile(article) for article in self._articles(ids)]
        for profile in profiles:
            self._kept.pop(profile.id, None)
            self._kept[profile.id] = profile
        return profiles

    def need(self, ids: Collection[str]) -> None:
        """Make ready what ``get`` will be asked for; forget the oldest others."""
        self.read([id for id in ids if id not in self._kept])
        spare = [id for id in self._kept if id not in ids]
        for id in spare[: max(0, len(self._kept) - _PROFILES)]:
            del self._kept[id]

    def get(self, id: str) -> Profile | None:
        """The profile of an article, if it is still kept."""
        return self._kept.get(id)


def _portions(items: Iterable[_T]) -> Iterator[list[_T]]:
    every = list(items)
    for start in range(0, len(every), _TOGETHER):
        yield every[start : start + _TOGETHER]
