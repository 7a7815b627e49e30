"""One data folder opened: its archive, its index, the analyser, the names and the words that were learned.

Whoever works on an archive, the command line, the web application, the doctor or a benchmark, opens this::

    with Installation(config) as installation:
        installation.archive.put(articles)

Every part is opened when it is first used, so that nothing is missed that a command does not need.
"""

import weakref
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Self

from indexer import files
from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import SearchIndex, Stamp
from indexer.errors import ArchiveError, ConfigError
from indexer.files import Problem
from indexer.text import analyser as analysis
from indexer.text import lexicon
from indexer.text.analyser import Analyser
from indexer.text.lexicon import Lexicon
from indexer.text.variants import LEARNED_FILE, USER_FILE, Variants


class Knowledge:
    """What is known about names and words at one moment."""

    def __init__(self, variants: Variants, lexicon_file: Path) -> None:
        self.variants = variants
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
        return (*self.variants.problems, *self.lexicon.problems)


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
        seen = tuple(map(_state_of, self._knowledge_files()))
        with self._lock:
            if seen != self._seen:
                variants = Variants.load(self.config.data, self.config.synonyms)
                files.log(variants.problems)
                self._knowledge = Knowledge(variants, self.lexicon_file)
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

    def _knowledge_files(self) -> Iterator[Path]:
        yield from (self.variants_file, self.learned_names_file, self.lexicon_file)
        if self.config.synonyms is not None:
            yield self.config.synonyms


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size
