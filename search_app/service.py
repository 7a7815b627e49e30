"""What the pages and interfaces ask: one archive, one index, one searcher, shared by all threads of the process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any, Protocol, TypeVar, cast
from zoneinfo import ZoneInfo

from flask import current_app

from indexer import build
from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import Request, SearchIndex
from indexer.engine.query import And, Language, Or, Query, Source
from indexer.text.analyser import Analyser
from indexer.text.variants import Variants
from search_app.question import Question
from search_app.results import Results, Span
from search_app.search import Searcher
from search_app.snippets import Highlighter
from search_app.understanding import Spellings

EXTENSION = "xunwen"
_REMEMBERED = 64

T = TypeVar("T")


class Suggestion(Protocol):
    """Something to ask, and how many articles it finds."""

    text: str
    count: int


class Service:
    """Everything about one archive that a page can show. May be used from many threads.

    ``zone`` is the configured zone; ``clock`` tells the time now (aware).
    """

    def __init__(
        self,
        archive: Archive,
        index: SearchIndex,
        analyser: Analyser,
        variants: Spellings,
        zone: ZoneInfo,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.archive = archive
        self.index = index
        self.analyser = analyser
        self.zone = zone.key
        self.clock = clock
        self._searcher = Searcher(index, archive, analyser, variants, zone)
        self._remembered: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def search(self, question: Question) -> Results:
        """The answer to a question asked now; see ``Searcher.search`` for the errors."""
        return self._searcher.search(question, self.clock())

    def match(self, question: Question) -> Query:
        """Which articles a question means, with what was ticked."""
        request = self._searcher.request(question, self.clock())
        ticked = (tuple(map(Source, request.sources)), tuple(map(Language, request.languages)))
        return And((request.match, *(Or(values) for values in ticked if values)))

    def highlighter(self, question: Question) -> Callable[[str], Sequence[Span]]:
        """A function that finds what was searched in a text, all spellings of it."""
        understood = self._searcher.understand(question, self.clock())
        return Highlighter(understood.chunks, self.analyser).title

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of what was typed so far, the best first."""
        return ()

    def did_you_mean(self, question: Question, results: Results) -> Sequence[Suggestion]:
        """What was more likely meant, when little was found; each with how many articles it finds."""
        return ()

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


def open_service(config: Config) -> Service:
    """The configured archive and index. Nothing is read from the index yet, so that it may be missing."""
    analyser = build.open_analyser(config)
    return Service(
        build.open_archive(config),
        build.open_index(config, analyser),
        analyser,
        Variants.load(config.data, config.synonyms),
        config.timezone,
    )


def current_service() -> Service:
    """The service of the application that handles this request."""
    return cast(Service, current_app.extensions[EXTENSION])
