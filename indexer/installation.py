"""One data folder opened: its archive, its index, the analyser, the names and the words that were learned.

Whoever works on an archive, the command line, the web application, the doctor or a benchmark, opens this::

    with Installation(config) as installation:
        installation.archive.put(articles)

Every part is opened when it is first used, so that nothing is missed that a command does not need.
"""

import os
import weakref
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Self

from indexer import files
from indexer.archive import Archive
from indexer.article import Article
from indexer.config import Config
from indexer.engine.index import SearchIndex, Stamp
from indexer.errors import ArchiveError, ConfigError
from indexer.extraction import learned, own_publishers, publisher_groups
from indexer.extraction.learned import LearnedFurniture
from indexer.extraction.own_publishers import OwnPublishers
from indexer.extraction.publisher_groups import PublisherGroups
from indexer.files import Problem
from indexer.text import analyser as analysis
from indexer.text import lexicon
from indexer.text.analyser import Analyser
from indexer.text.lexicon import Lexicon
from indexer.text.variants import LEARNED_FILE, USER_FILE, Variants


class Knowledge:
    """What is known about names, words and furniture at one moment."""

    def __init__(
        self,
        variants: Variants,
        furniture: LearnedFurniture,
        publishers: OwnPublishers,
        groups: PublisherGroups,
        lexicon_file: Path,
    ) -> None:
        self.variants = variants
        self.furniture = furniture
        self.publishers = publishers
        self.groups = groups
        self._lexicon_file = lexicon_file

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words that help people type; none until they were learned."""
        lexicon = Lexicon.load(self._lexicon_file)
        files.log(lexicon.problems)
        return lexicon

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What had to be left out of the files, for whoever looks after them."""
        files = (self.variants, self.furniture, self.publishers, self.groups, self.lexicon)
        return tuple(problem for file in files for problem in file.problems)


class Installation:
    """The parts of one data folder. May be used from many threads; ``close`` ends all that was opened."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._lock = Lock()
        self._seen: tuple[object, ...] | None = None
        self._knowledge: Knowledge

    def must_exist(self) -> None:
        """Raises ``ArchiveError`` where there is no archive yet: whoever only reads must not make one."""
        location = self.config.archive_location
        if isinstance(location, Path) and not location.exists():
            raise ArchiveError(f"there is no archive at {location}; run “xunwen import PATH”, or correct --data")

    @property
    def learned_names_file(self) -> Path:
        return self.config.data / LEARNED_FILE

    @property
    def variants_file(self) -> Path:
        """The groups of spellings that a person wrote."""
        return self.config.data / USER_FILE

    @property
    def learned_furniture_file(self) -> Path:
        return self.config.data / learned.LEARNED_FILE

    @property
    def furniture_file(self) -> Path:
        """What of the learned furniture a person wants kept in texts."""
        return self.config.data / learned.USER_FILE

    @property
    def publishers_file(self) -> Path:
        """What a person wrote of publishers that have several names."""
        return self.config.data / own_publishers.USER_FILE

    @property
    def publisher_groups_file(self) -> Path:
        """What a person wrote of publishers that belong together."""
        return self.config.data / publisher_groups.USER_FILE

    @property
    def lexicon_file(self) -> Path:
        return self.config.data / lexicon.FILE

    @property
    def rejects_file(self) -> Path:
        """What the last import could not read."""
        return self.config.data / "rejects.jsonl"

    @cached_property
    def archive(self) -> Archive:
        """The configured archive, created if there is none."""
        archive = Archive(self.config.archive_location)
        # Whoever forgets to close an installation leaves no connection open behind it.
        weakref.finalize(self, archive.close)
        return archive

    @cached_property
    def articles(self) -> "Articles":
        """The archive's articles as they are indexed, searched and shown."""
        return Articles(self)

    @cached_property
    def analyser(self) -> Analyser:
        """The analyser that articles and questions go through."""
        return Analyser(self.config.user_dictionary)

    @cached_property
    def index(self) -> SearchIndex:
        """The configured engine's index of what the analyser makes. Nothing is read yet, so nothing can be missing."""
        match self.config.engine:
            case "whoosh":
                from indexer.engine.whoosh.index import WhooshIndex
                from indexer.engine.whoosh.schema import SCHEMA_VERSION

                return WhooshIndex(self.config.index_folder, self._stamp(SCHEMA_VERSION))
            case "opensearch":
                return self._opensearch()

    def knowledge(self) -> Knowledge:
        """Names and words as the files now say; the same object until one of the files changes."""
        seen = tuple(map(_state_of, self._knowledge_files))
        with self._lock:
            if seen != self._seen:
                variants = Variants.load(self.config.data, self.config.synonyms)
                furniture = LearnedFurniture.load(self.config.data)
                publishers = OwnPublishers.load(self.config.data)
                groups = PublisherGroups.load(self.config.data, publishers)
                files.log((*variants.problems, *furniture.problems, *publishers.problems, *groups.problems))
                self._knowledge = Knowledge(variants, furniture, publishers, groups, self.lexicon_file)
                self._seen = seen
            return self._knowledge

    def close(self) -> None:
        """Close what was opened."""
        for part in ("index", "archive"):
            if part in self.__dict__:
                self.__dict__.pop(part).close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self.close()

    def _opensearch(self) -> SearchIndex:
        try:
            from indexer.engine.opensearch import OpenSearchIndex
            from indexer.engine.opensearch.client import Cluster
            from indexer.engine.opensearch.mapping import SCHEMA
        except ModuleNotFoundError as error:
            raise ConfigError(f"the engine opensearch needs {error.name}: pip install 'xunwen[cluster]'") from error
        config = self.config
        cluster = Cluster(
            urls=tuple(config.engine_url.split(",")),
            prefix=config.engine_prefix,
            username=config.engine_username,
            password=config.engine_password,
            ca=config.engine_ca,
            shards=config.engine_shards,
            replicas=config.engine_replicas,
        )
        return OpenSearchIndex(cluster, self._stamp(SCHEMA))

    def _stamp(self, schema: int) -> Stamp:
        return Stamp(schema, analysis.VERSION, self.analyser.dictionary_hash)

    @cached_property
    def _knowledge_files(self) -> tuple[str, ...]:
        """Looked at several times a question."""
        names = (self.variants_file, self.learned_names_file, self.lexicon_file)
        furniture = (self.furniture_file, self.learned_furniture_file, self.publishers_file, self.publisher_groups_file)
        return tuple(str(path) for path in (*names, *furniture, self.config.synonyms) if path is not None)


class Articles:
    """The articles of an archive as the user's files and what was learned have them.

    Each has its publisher's one name, and what was learned to be furniture stands apart from its text. This is the one
    place where that is done: whoever indexes, searches, shows or learns reads articles here. The archive itself keeps
    them as they were read.
    """

    def __init__(self, installation: Installation) -> None:
        self._installation = installation

    def get(self, ids: Iterable[str], *, html: bool = True) -> list[Article]:
        """As ``Archive.get``."""
        known = self._installation.knowledge()
        kept = self._installation.archive.get(ids, html=html)
        return [known.furniture.part(known.publishers.name(article)) for article in kept]

    def iterate(self, *, html: bool = True) -> Iterator[Article]:
        """As ``Archive.iterate``."""
        return map(self._installation.knowledge().furniture.part, self.named(html=html))

    def named(self, *, html: bool = True) -> Iterator[Article]:
        """The same with all their text, for learning from."""
        return map(self._installation.knowledge().publishers.name, self._installation.archive.iterate(html=html))


def _state_of(path: str) -> tuple[int, int] | None:
    try:
        state = os.stat(path)  # noqa: PTH116 (a Path takes longer to look at than its file)
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
