"""What the pages and interfaces ask: one archive, one index, one searcher, shared by all threads of the process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar, cast

from flask import current_app

from indexer import build
from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import Request, SearchIndex
from indexer.engine.query import And, Language, Or, Query, Source
from indexer.text import lexicon
from indexer.text.analyser import Analyser
from indexer.text.variants import LEARNED_FILE, USER_FILE, Variants
from search_app.query.completion import Completer, Suggestion
from search_app.query.parameters import Question
from search_app.query.spelling import FEW, Speller
from search_app.search.results import Results, Span
from search_app.search.searcher import Searcher
from search_app.search.snippets import Highlighter

EXTENSION = "xunwen"
_REMEMBERED = 64

T = TypeVar("T")


class Service:
    """Everything about one archive that a page can show. May be used from many threads.

    ``zone`` is the configured zone; ``clock`` tells the time now (aware).
    """

    def __init__(
        self,
        config: Config,
        archive: Archive,
        index: SearchIndex,
        analyser: Analyser,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive = archive
        self.index = index
        self.analyser = analyser
        self.zone = config.timezone.key
        self.clock = clock
        self._config = config
        self._remembered: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()
        self._files: tuple[object, ...] | None = None
        self._language: _Language
        self._current_language()

    def search(self, question: Question) -> Results:
        """The answer to a question asked now; see ``Searcher.search`` for the errors."""
        return self._current_language().searcher.search(question, self.clock())

    def total(self, question: Question) -> int:
        """How many articles a question finds, and nothing else about them."""
        return self.index.search(Request(match=self.match(question), limit=0)).total

    def match(self, question: Question) -> Query:
        """Which articles a question means, with what was ticked."""
        request = self._current_language().searcher.request(question, self.clock())
        ticked = (tuple(map(Source, request.sources)), tuple(map(Language, request.languages)))
        return And((request.match, *(Or(values) for values in ticked if values)))

    def highlighter(self, question: Question) -> Callable[[str], Sequence[Span]]:
        """A function that finds what was searched in a text, all spellings of it."""
        understood = self._current_language().searcher.understand(question, self.clock())
        return Highlighter(understood.chunks, self.analyser).title

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of what was typed so far, the best first; none until the lexicon was learned."""
        return self._current_language().completer.complete(typed)

    def did_you_mean(self, question: Question, results: Results) -> Sequence[Suggestion]:
        """What was more likely meant, when little was found; each with how many articles it finds."""
        found = 0 if results.partial else results.total
        if question.cursor or found > FEW:
            return ()

        def count(text: str) -> int:
            return self.total(replace(question, text=text))

        return self._current_language().speller.propose(question.text, found, count)

    def _current_language(self) -> "_Language":
        """Names and lexicon as the files now say: learning and editing them needs no restart."""
        files = tuple(map(_state_of, self._language_files()))
        with self._lock:
            if files != self._files:
                config = self._config
                variants = Variants.load(config.data, config.synonyms)
                searcher = Searcher(self.index, self.archive, self.analyser, variants, config.timezone)
                self._language = _Language(variants, searcher, config.data / lexicon.FILE)
                self._files = files
            return self._language

    def _language_files(self) -> Iterator[Path]:
        folder, synonyms = self._config.data, self._config.synonyms
        yield from (folder / USER_FILE, folder / LEARNED_FILE, folder / lexicon.FILE)
        if synonyms is not None:
            yield synonyms

    def articles_by_day(self, zone: str) -> Mapping[date, int]:
        """How many articles were published on each day of a zone."""

        def count() -> Mapping[date, int]:
            days = self.index.search(Request(limit=0, timeline_zone=zone)).timeline
            return {date.fromisoformat(day): number for day, number in days.items()}

        return self.remembered(("days", zone), count)

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once for each state of the index. For answers that all readers share."""
        info = self.index.info()
        whole = (key, info.generation, info.sequence, info.updated)
        with self._lock:
            if whole in self._remembered:
                self._remembered.move_to_end(whole)
                return cast(T, self._remembered[whole])
        made = make()
        with self._lock:
            self._remembered[whole] = made
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return made


class _Language:
    """What is known about names and words at one moment. The helps for typing are made when first asked for."""

    def __init__(self, variants: Variants, searcher: Searcher, path: Path) -> None:
        self.searcher = searcher
        self._variants = variants
        self._path = path

    @cached_property
    def completer(self) -> Completer:
        return Completer(self._lexicon, self._variants)

    @cached_property
    def speller(self) -> Speller:
        return Speller(self._lexicon, self._variants, self.completer)

    @cached_property
    def _lexicon(self) -> lexicon.Lexicon:
        return lexicon.Lexicon.load(self._path)


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return state.st_mtime_ns, state.st_size


def open_service(config: Config) -> Service:
    """The configured archive and index. Nothing is read from the index yet, so that it may be missing."""
    analyser = build.open_analyser(config)
    return Service(config, build.open_archive(config), build.open_index(config, analyser), analyser)


def current_service() -> Service:
    """The service of the application that handles this request."""
    return cast(Service, current_app.extensions[EXTENSION])
