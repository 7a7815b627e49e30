"""What pages and interfaces ask of one archive and its index, shared by all threads of the process.

A question is understood once (``ask``), and what came of it is handed on to whatever else is asked about it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property, partial
from threading import Lock
from typing import TypeVar

from indexer.archive import Hidden, MarkKind, Marks
from indexer.engine.index import SearchRequest, SearchResponse
from indexer.engine.query import And, Query, Word
from indexer.errors import QueryError
from indexer.installation import Installation, Knowledge
from search_app.query.dates import zone_asked
from search_app.query.marks import Marked
from search_app.query.notes import Note
from search_app.query.parameters import SearchParameters
from search_app.query.words.completion import Completer, Suggestion
from search_app.query.words.spelling import FEW, SHORT, SpellingSuggester
from search_app.search.aggregations.entity_table import EntityTable, EntityTables
from search_app.search.asked import Asked
from search_app.search.index_cache import IndexCache
from search_app.search.results import Results, Span, TimelineDay
from search_app.search.searcher import Order, Searcher
from search_app.search.snippets import Highlighter

T = TypeVar("T")


class ReaderMarks:
    """The marks of one reader; what is hidden is looked up once."""

    def __init__(self, marks: Marks, reader: str) -> None:
        self._marks = marks
        self._reader = reader

    def ids(self, kind: MarkKind, tag: str) -> Sequence[str]:
        return self._marks.ids(self._reader, kind=kind, tag=tag)

    def notes(self) -> Sequence[tuple[str, str]]:
        return self._marks.notes(self._reader)

    @cached_property
    def hidden(self) -> Hidden:
        return self._marks.hidden(self._reader)


class Library:
    """Everything about one installation that a page can show. May be used from many threads.

    ``zone`` is the name of the configured zone; ``clock`` tells the time now (aware).
    """

    def __init__(self, installation: Installation, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.installation = installation
        self.archive = installation.archive
        self.articles = installation.articles
        self.index = installation.index
        self.analyser = installation.analyser
        self.zone = installation.config.timezone.key
        self.clock = clock
        self._cache = IndexCache(self.index)
        self._entities = EntityTables(self.archive)
        self._lock = Lock()
        self._aids: _Aids | None = None

    def ask(self, parameters: SearchParameters, reader: str | None = None) -> Asked:
        """What a question that is asked now means; see ``Searcher.ask`` for the errors.

        ``reader`` is whose marks ``is:``, ``tag:`` and ``note:`` go by, and who hid what; ``None`` where those of
        nobody may be asked for, and nothing is hidden.
        """
        return self._ask(parameters, None if reader is None else ReaderMarks(self.archive.marks, reader))

    def meant(self, parameters: SearchParameters) -> Query:
        """Which articles a question means that nobody in particular asks now; errors as for ``ask``."""
        return self._current().searcher.ask(parameters, self.clock(), ranked=False).match

    def _ask(self, parameters: SearchParameters, marked: Marked | None) -> Asked:
        return self._current().searcher.ask(parameters, self.clock(), marked)

    def search(self, asked: Asked) -> Results:
        """The answer, with what was more likely meant when little was found; see ``Searcher.search`` for the errors."""
        results = self._current().searcher.search(asked)
        found = results.whole
        if asked.cursor or (found > FEW and (found := self._as_word(asked, found)) > FEW):
            return results
        count = partial(self._found_within, asked)
        proposed = self._current().speller.propose(asked.parameters.text, found, count)
        return replace(results, suggestions=tuple(each for each in proposed if each.count > results.whole))

    def order(self, asked: Asked) -> Order:
        """The order of what ``search`` shows; errors as there."""
        return self._current().searcher.order(asked)

    def _as_word(self, asked: Asked, found: int) -> int:
        """In how many of the ``found`` articles the question is a word, where it may be none but a part of one."""
        text = asked.parameters.text
        if len(text) > SHORT or not self._current().speller.is_unknown(text):
            return found
        word = And((asked.match, Word(self.analyser.fold(text))))
        return self.index.search(SearchRequest(match=word, limit=0)).total

    def corrected(self, asked: Asked, results: Results) -> Results:
        """The answer to what was more likely meant, with a note, where no article holds all that was asked.

        Else ``results``; so too where articles hold some of the words and what was meant finds hardly more than they,
        or where only this spelling is wanted. For readers, who are told. ``next`` goes on in what was meant, and
        ``suggestions`` are what else may be.
        """
        nothing = not results.whole and not results.hidden
        if not (nothing and results.suggestions and asked.parameters.variants):
            return results
        if results.total and results.suggestions[0].count <= FEW:
            return results
        meant = results.suggestions[0].text
        found = self._current().searcher.search(self._ask(replace(asked.parameters, text=meant), asked.marked))
        note = Note("corrected", (asked.parameters.text, meant))
        query = replace(found.query, text=asked.parameters.text, notes=(note, *found.query.notes))
        return replace(found, query=query, suggestions=results.suggestions[1:])

    def total(self, asked: Asked) -> int:
        """How many articles a question finds, and nothing else about them."""
        return self.index.search(SearchRequest(match=asked.match, limit=0)).total

    def stories_by_day(self, asked: Asked) -> Mapping[date, int]:
        """How many stories of what a question finds began on each day of its zone, by what it finds of them."""
        request = SearchRequest(match=asked.match, limit=0, zone=asked.zone.key, timeline_of="stories")
        return {date.fromisoformat(day): count for day, count in self.index.search(request).timeline.items()}

    def highlighter(self, asked: Asked) -> Callable[[str], Sequence[Span]]:
        """A function that finds what was searched in a text, all spellings of it."""
        return Highlighter(asked.interpretation.clauses, self.analyser).title

    def suggest(self, typed: str) -> Sequence[Suggestion]:
        """Completions of what was typed so far, the best first, with what they find; none until the lexicon was
        learned."""
        completions = self._current().completer.complete(typed)
        counted = [replace(each, count=self._found(each.text)) for each in completions]
        return [each for each in counted if each.count]

    def _found(self, text: str) -> int:
        """How many articles a text finds; 0 for what is no question."""

        def count() -> int:
            try:
                return self.total(self.ask(SearchParameters(text)))
            except QueryError:
                return 0

        return self.remember(("found", text, id(self._current())), count)

    def _found_within(self, asked: Asked, text: str) -> int:
        """The same within the filters of another question.

        0 for what would be another restriction, or none at all: 上个月 behind ``date:`` is no word.
        """
        try:
            proposed = self._ask(replace(asked.parameters, text=text), asked.marked)
        except QueryError:
            return 0
        same = proposed.interpretation.active_filters == asked.interpretation.active_filters
        return self.total(proposed) if same else 0

    def load_spelling(self) -> None:
        """Load what proposing other spellings needs, which the first question that finds little would wait for."""
        self._current().speller  # noqa: B018 (made when it is looked at)

    def entity_table(self) -> EntityTable:
        """Which people, organisations and places articles name."""
        return self._entities.current(self._current().knowledge)

    def articles_by_day(self, zone: str) -> Mapping[date, int]:
        """How many articles were published on each day of a zone."""
        return self._current().searcher.articles_by_day(zone)

    def newest_day(self, zone: str) -> date:
        """The newest day in a zone on which an article was published, of those that are not to come; today where there
        is none."""
        return self._current().searcher.newest_day(zone, self.clock().astimezone(zone_asked(zone)).date())

    def timeline(self, response: SearchResponse, zone: str) -> tuple[TimelineDay, ...]:
        """The days of an answer of the index, each with its share of all articles."""
        return self._current().searcher.timeline(response, zone)

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once for each state of the index. For answers that all readers share."""
        return self._cache.remember(key, make)

    def _current(self) -> "_Aids":
        """Searcher and aids with the names as the files now say: learning and editing them needs no restart."""
        knowledge = self.installation.knowledge()
        with self._lock:
            if self._aids is None or self._aids.knowledge is not knowledge:
                self._aids = _Aids(knowledge, self.installation, self._cache)
            return self._aids


class _Aids:
    """What depends on the names and words that are known at one moment; the helps for typing when first asked for."""

    def __init__(self, knowledge: Knowledge, installation: Installation, cache: IndexCache) -> None:
        self.knowledge = knowledge
        self._analyser = installation.analyser
        self.searcher = Searcher(
            installation.index,
            installation.articles,
            installation.analyser,
            knowledge.variants,
            installation.config.timezone,
            cache,
            knowledge.groups,
        )

    @cached_property
    def completer(self) -> Completer:
        return Completer(self.knowledge.lexicon, self.knowledge.variants)

    @cached_property
    def speller(self) -> SpellingSuggester:
        return SpellingSuggester(self.knowledge.lexicon, self.knowledge.variants, self.completer, self._analyser)
