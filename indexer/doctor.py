"""What is wrong with an installation, and what to do about it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import IndexInfo, SearchIndex, SearchRequest
from indexer.errors import (
    ArchiveError,
    ConfigError,
    EngineUnavailable,
    IndexCorrupt,
    IndexFailure,
    IndexMissing,
    StampMismatch,
)
from indexer.extraction.learned import LearnedFurniture
from indexer.extraction.own_publishers import OwnPublishers
from indexer.extraction.publisher_groups import PublisherGroups
from indexer.files import Problem
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from indexer.redaction import without_secrets
from indexer.text.lexicon import Lexicon
from indexer.text.variants import Variants

_ROOM = 200_000_000
"""Bytes that should be free, whatever the sizes are now."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``remedy`` tells what to do when it is not ``good``."""

    good: bool
    what: str
    remedy: str = ""


def examine(config: Config) -> Iterator[Finding]:
    """Look at everything, as far as what was found before allows. Raises nothing of ``XunwenError``."""
    with Installation(config) as installation:
        yield from _settings(installation)
        try:
            archive = installation.archive
        except ArchiveError as error:
            yield Finding(False, str(error), "restore the archive from a backup, or correct the setting “archive”")
            return
        try:
            yield from _archive(archive)
            yield from _index(installation)
            yield from _feeds(archive)
        except ArchiveError as error:
            yield Finding(False, str(error), "restore the archive from a backup")


def _settings(installation: Installation) -> Iterator[Finding]:
    config = installation.config
    try:
        _ = installation.analyser
        yield Finding(True, f"settings: engine {config.engine}, zone {config.timezone.key}, data in {config.data}")
    except ConfigError as error:
        yield Finding(False, str(error), "correct the file, or the setting “user_dictionary”")
    for problem in _problems(installation):
        label = "synonyms" if problem.path == config.synonyms else "names, words and furniture"
        yield Finding(False, f"{label}: {problem}", _remedy(problem, installation))
    if config.data.exists() and not os.access(config.data, os.W_OK | os.X_OK):
        yield Finding(False, f"{config.data} cannot be written", "give its user the right to write there")


def _problems(installation: Installation) -> Iterator[Problem]:
    """What is wrong with the files of names, words and furniture, written by people or learned."""
    yield from Variants.load(installation.config.data, installation.config.synonyms).problems
    yield from LearnedFurniture.load(installation.config.data).problems
    publishers = OwnPublishers.load(installation.config.data)
    yield from publishers.problems
    yield from PublisherGroups.load(installation.config.data, publishers).problems
    yield from Lexicon.load(installation.lexicon_file).problems


def _remedy(problem: Problem, installation: Installation) -> str:
    if problem.path == installation.config.synonyms:
        return "correct the file, or the setting “synonyms”; all else in it counts"
    written = (installation.variants_file, installation.furniture_file, installation.publishers_file)
    if problem.path in (*written, installation.publisher_groups_file):
        return "correct the file; all else in it counts"
    return "run “xunwen rebuild”, which writes the file anew"


def _archive(archive: Archive) -> Iterator[Finding]:
    damage = archive.damage()
    if damage:
        yield Finding(False, f"archive: {archive.where} is damaged: {damage}", "restore it from a backup")
    elif count := archive.count():
        yield Finding(True, f"archive: {counted(count, 'article')} in {archive.where}")
    else:
        yield Finding(False, f"archive: {archive.where} is empty", "run “xunwen import PATH” or “xunwen fetch”")


def _index(installation: Installation) -> Iterator[Finding]:
    try:
        index = installation.index
    except ConfigError:
        return
    try:
        info = index.info()
        index.verify()
        _touch(index, installation.config)
    except IndexMissing as error:
        yield Finding(False, f"index: {error}", "run “xunwen index”")
        return
    except EngineUnavailable as error:
        yield Finding(False, f"index: {error}", "start the engine, or correct the settings “engine_…”")
        return
    except (IndexCorrupt, StampMismatch) as error:
        yield Finding(False, f"index: {error}", "run “xunwen rebuild”")
        return
    except IndexFailure as error:
        yield Finding(False, f"index: {error}", "run “xunwen doctor” again when that is mended")
        return
    for warning in info.warnings:
        yield Finding(False, f"index: {warning}", "look after the engine; questions are answered meanwhile")
    yield (agreement := _agreement(info, installation.archive))
    if agreement.good:
        yield from _entities(installation.archive)
    if installation.config.engine == "whoosh":
        yield _disk(installation.config.data, info.size)


def _touch(index: SearchIndex, config: Config) -> None:
    """Ask for everything that a page shows: whatever keeps a question from being answered is noticed."""
    index.search(SearchRequest(limit=1, facets=("source", "language"), zone=config.timezone.key))


def _agreement(info: IndexInfo, archive: Archive) -> Finding:
    count, sequence = archive.count(), archive.last_sequence()
    if info.sequence > sequence:
        return Finding(
            False,
            f"index: it holds {counted(info.sequence, 'change')} of an archive that has {sequence:,}: "
            "made from another archive",
            "run “xunwen rebuild”",
        )
    if info.sequence < sequence:
        behind = sequence - info.sequence
        return Finding(
            False,
            f"index: {counted(behind, 'change of the archive is', 'changes of the archive are')} not in it",
            "run “xunwen index”",
        )
    if info.documents != count:
        return Finding(
            False,
            f"index: it holds {counted(info.documents, 'article')}, the archive {count:,}",
            "run “xunwen rebuild”",
        )
    return Finding(True, f"index: up to date, {counted(info.documents, 'article')}, generation {info.generation}")


def _entities(archive: Archive) -> Iterator[Finding]:
    if missing := archive.entities.missing():
        yield Finding(
            False,
            f"entities: {counted(missing, 'article was', 'articles were')} not looked at for people, organisations and "
            "places",
            "run “xunwen index”",
        )


def _disk(folder: Path, size: int) -> Finding:
    """A rebuild writes a second index beside the first."""
    free, needed = shutil.disk_usage(folder).free, max(_ROOM, size * 3 // 2)
    if free < needed:
        return Finding(
            False,
            f"disk: {free // 1_000_000:,} MB are free in {folder}, a rebuild needs about {needed // 1_000_000:,} MB",
            "make room",
        )
    return Finding(True, f"disk: {free // 1_000_000:,} MB are free")


def _feeds(archive: Archive) -> Iterator[Finding]:
    feeds = archive.subscriptions.all()
    for feed in feeds:
        if feed.failures:
            times = "once" if feed.failures == 1 else f"{feed.failures:,} times in a row"
            yield Finding(
                False,
                f"feed: {without_secrets(feed.url)} failed {times}: {plain_line(feed.last_error)}",
                "it is tried again by itself; if its address is wrong, “xunwen subscribe --remove URL”",
            )
    if feeds and not any(feed.failures for feed in feeds):
        yield Finding(True, f"feeds: {len(feeds):,} are followed, none fails")
