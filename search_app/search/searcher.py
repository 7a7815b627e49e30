"""One question answered: understood once, put to the engine, made into results with snippets, facets and timeline."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import lru_cache, partial
from time import perf_counter
from typing import NamedTuple, Protocol, cast
from zoneinfo import ZoneInfo

from indexer.article import Article
from indexer.engine.index import Facet, Hit, SearchIndex, SearchRequest, SearchResponse
from indexer.engine.query import And, Feature, Query
from indexer.errors import IndexMissing, QueryError
from indexer.extraction.publisher_groups import PublisherGroups, built_in
from indexer.text.analyser import Analyser
from search_app.query import ranking
from search_app.query.date_words import may_hold_date
from search_app.query.dates import zone_asked
from search_app.query.interpretation import Interpretation
from search_app.query.interpreter import Interpreter
from search_app.query.marks import Marked
from search_app.query.notes import ActiveFilter, Note
from search_app.query.parameters import SearchParameters
from search_app.query.words.names import NameVariants, without
from search_app.search.asked import Asked
from search_app.search.cursor import Cursor
from search_app.search.index_cache import IndexCache
from search_app.search.publishers import IndexedPublishers
from search_app.search.results import FacetValue, ResultHit, Results, ScorePart, TimelineDay, UnderstoodQuery
from search_app.search.snippets import Highlighter

FACETS: tuple[Facet, ...] = ("source", "author", "language")


_INTERPRETERS = 8
"""Kept for the next question: most leave out no spelling and count days in the configured zone."""


class Articles(Protocol):
    """What is read of the archive: ``indexer.archive.Archive``, or a test's own."""

    def get(self, ids: Sequence[str], *, html: bool = True) -> list[Article]: ...


_SENTENCE, _LONGEST_SENTENCE = 3, 12
"""Concepts of a question in which one word too many may leave hardly anything."""

_FEW = 5
"""Articles that are hardly any, and ``_TIMES`` as many are worth telling of."""

_TIMES = 4

_ENOUGH = 10
"""Articles that make a page."""


@dataclass(frozen=True, slots=True)
class Order:
    """The ids of a page of results, as shown, and the cursor of the next page, ``None`` if this is the last."""

    ids: tuple[str, ...]
    next: str | None


class _Answer(NamedTuple):
    """What was put to the engine and its answer. ``whole`` is how many articles hold all of the question, ``at_least``
    how many of its concepts the shown ones hold (0: all), ``hidden`` how many the reader hid."""

    request: SearchRequest
    response: SearchResponse
    whole: int
    at_least: int
    hidden: int


class Searcher:
    """Answers questions about one archive. May be used from many threads.

    ``zone`` is where days are counted unless a question names another; ``groups`` are those of
    publishers, by default the built-in ones.
    """

    def __init__(
        self,
        index: SearchIndex,
        archive: Articles,
        analyser: Analyser,
        variants: NameVariants,
        zone: ZoneInfo,
        cache: IndexCache | None = None,
        groups: PublisherGroups | None = None,
    ) -> None:
        self._index = index
        self._archive = archive
        self._analyser = analyser
        self._variants = variants
        self._zone = zone
        self._cache = cache or IndexCache(index)
        self._publishers = IndexedPublishers(index, self._cache, groups or PublisherGroups(built_in()))
        self._interpreter = lru_cache(_INTERPRETERS)(self._new_interpreter)

    def ask(
        self, parameters: SearchParameters, now: datetime, marked: Marked | None = None, *, ranked: bool = True
    ) -> Asked:
        """What a question means. A page after the first one is of the moment of the first.

        One that is not ``ranked`` is good for its ``match`` alone.

        Raises ``QueryError`` for what is wrong with the question.
        """
        zone = zone_asked(parameters.zone) if parameters.zone else self._zone
        cursor = Cursor.decode(parameters, zone.key)
        if cursor:
            now = datetime.fromtimestamp(cursor.now, UTC)
        today = now.astimezone(zone).date()
        latest = self.newest_day(zone.key, today) if parameters.variants and may_hold_date(parameters.text) else None
        interpreter = self._interpreter(parameters.without, parameters.variants, today, zone, latest, ranked)
        try:
            return Asked(parameters, interpreter.interpret(parameters, marked), zone, now, cursor, marked)
        except QueryError as error:
            error.question = parameters.text
            raise

    def _new_interpreter(
        self, unwanted: tuple[str, ...], variants: bool, today: date, zone: ZoneInfo, latest: date | None, ranked: bool
    ) -> Interpreter:
        left_out = frozenset(map(self._analyser.fold, unwanted))
        names = without(self._variants, left_out) if variants else None
        return Interpreter(
            self._analyser, names, today, zone, latest, left_out, ranked=ranked, publishers=self._publishers
        )

    def newest_day(self, zone: str, today: date) -> date:
        """The archive's newest day, of those that are not to come; ``today`` where it has none."""

        def find() -> date:
            return max((day for day in self.articles_by_day(zone) if day <= today), default=today)

        try:
            return self._cache.remember(("latest", zone, today), find)
        except IndexMissing:  # a watch may be made before anything is indexed
            return today

    def search(self, asked: Asked) -> Results:
        """The answer. When nothing meets all of a question, the articles that hold most of its concepts; when few do,
        such articles behind them.

        Raises what ``SearchIndex.search`` raises.
        """
        started = perf_counter()
        answer = self._answer(asked, _page)
        request, response, whole, at_least = answer.request, answer.response, answer.whole, answer.at_least
        hits, vanished = self._hits(response, asked.interpretation, request.features)
        to_blame = self._to_blame(asked, request, whole, at_least)
        return Results(
            query=understood(asked, _notes(asked, whole, at_least, to_blame, vanished)),
            total=response.total,
            stories=response.stories,
            hidden=answer.hidden,
            took_ms=(perf_counter() - started) * 1000,
            hits=hits,
            facets=counted(response, asked.parameters),
            timeline=self.timeline(response, asked.zone.key),
            next=_following(asked, response, at_least),
            zone=asked.zone.key,
            days=asked.interpretation.days,
            partial=bool(at_least),
            whole=whole,
            collapsed=request.collapse,
            fields=asked.parameters.fields,
        )

    def order(self, asked: Asked) -> Order:
        """What ``search`` shows and in which order, and nothing else about it; errors as there."""
        answer = self._answer(asked, _bare_page)
        ids = tuple(hit.id for hit in answer.response.hits)
        return Order(ids, _following(asked, answer.response, answer.at_least))

    def _answer(self, asked: Asked, page: Callable[[SearchRequest, Asked], SearchRequest]) -> _Answer:
        at_least = asked.cursor.at_least if asked.cursor else 0
        request = asked.request(at_least)
        response = self._index.search(page(request, asked))
        whole = response.total if not at_least else self._count(request, asked.interpretation.shown)
        hidden = self._hidden(asked, request)
        first = not asked.cursor and asked.parameters.partial and not (hidden and not whole)
        if first and (at_least := self._at_least(asked, request, whole)):
            request = asked.request(at_least)
            response = self._index.search(page(request, asked))
        return _Answer(request, response, whole, at_least, hidden)

    def articles_by_day(self, zone: str) -> Mapping[date, int]:
        """How many articles were published on each day of a zone, whatever is asked."""
        return self._cache.remember(("days", zone), partial(self._count_days, zone))

    def _count_days(self, zone: str) -> Mapping[date, int]:
        days = self._index.search(SearchRequest(limit=0, zone=zone)).timeline
        return {date.fromisoformat(day): count for day, count in days.items()}

    def _at_least(self, asked: Asked, request: SearchRequest, whole: int) -> int:
        """How many concepts an article must hold to be shown although it does not hold all; 0 for all of them.

        Where none holds all, as many as one holds. Where few do, as many as enough hold, and no less than half.
        """
        if not whole:
            return self._most(asked, request)
        interpretation = asked.interpretation
        concepts = len(interpretation.concepts)
        # Whoever uses quotes or operators means them.
        meant = not interpretation.plain or asked.parameters.sort != "relevance"
        if meant or whole > _FEW or not _SENTENCE <= concepts <= _LONGEST_SENTENCE:
            return 0

        # The words of a name are asked for apart or as the name: they are not all needed.
        everything = And((interpretation.filters, *(concept.query for concept in interpretation.concepts)))
        if self._count(request, interpretation.without_hidden(everything)) != whole:
            return 0

        def count(at_least: int) -> int:
            return self._count(request, interpretation.partial(at_least))

        fewest = (concepts + 1) // 2
        enough = next((each for each in range(concepts - 1, fewest - 1, -1) if count(each) >= _ENOUGH), fewest)
        return enough if count(enough) > whole else 0

    def _most(self, asked: Asked, request: SearchRequest) -> int:
        """How many concepts of the question an article holds at most, within the filters, when none holds all.

        All it can be only where cores will do.
        """
        concepts = asked.interpretation.concepts
        # Some article holds ``low`` of them, maybe one holds ``high``.
        low, high = 0, len(concepts) - (not any(concept.core for concept in concepts))
        while low < high:
            middle = (low + high + 1) // 2
            if self._count(request, asked.interpretation.partial(middle)):
                low = middle
            else:
                high = middle - 1
        return low

    def _count(self, request: SearchRequest, match: Query) -> int:
        """How many articles another query than the request's finds within the same filters."""
        counting = replace(request, match=match, features=(), limit=0, facets=(), zone=None, explain=False)
        return self._index.search(counting).total

    def _hidden(self, asked: Asked, request: SearchRequest) -> int:
        """How many articles match all of the question and are kept out, because the reader hid them."""
        hidden = asked.interpretation.hidden
        return 0 if hidden is None else self._count(request, And((asked.interpretation.match, hidden)))

    def _to_blame(self, asked: Asked, request: SearchRequest, found: int, at_least: int) -> Note | None:
        """The one concept without which most articles match, when none holds all of them, or hardly any article all of
        a sentence; nothing on later pages."""
        concepts = asked.interpretation.concepts
        is_sentence = _SENTENCE <= len(concepts) <= _LONGEST_SENTENCE and 0 < found <= _FEW
        if asked.cursor or not (is_sentence or (not found and 0 < at_least == len(concepts) - 1)):
            return None
        totals = {}
        for concept in concepts:
            totals[concept.spellings[0].text] = self._count(request, asked.interpretation.without(concept))
        text = max(totals, key=lambda text: (totals[text], text))
        enough = _TIMES * found if is_sentence else 1
        return Note("to_blame", (text,), totals[text]) if totals[text] >= enough else None

    def _hits(
        self, response: SearchResponse, interpretation: Interpretation, features: Sequence[Feature]
    ) -> tuple[tuple[ResultHit, ...], int]:
        """The hits with their articles, and how many articles are no longer kept."""
        articles = {article.id: article for article in self._archive.get([hit.id for hit in response.hits], html=False)}
        highlighter = Highlighter(interpretation.clauses, self._analyser)
        hits = tuple(_hit(hit, articles[hit.id], highlighter, features) for hit in response.hits if hit.id in articles)
        return hits, len(response.hits) - len(hits)

    def timeline(self, response: SearchResponse, zone: str) -> tuple[TimelineDay, ...]:
        """The days of a response, each with its share of all articles."""
        if not response.timeline:
            return ()
        everything = self.articles_by_day(zone)
        return tuple(
            TimelineDay(day, count, count / max(count, everything.get(day, 0)))
            for day, count in ((date.fromisoformat(day), count) for day, count in response.timeline.items())
        )


def _bare_page(request: SearchRequest, asked: Asked) -> SearchRequest:
    """The same behind where the page before ended."""
    return replace(request, after=asked.cursor.after if asked.cursor else None)


def _page(request: SearchRequest, asked: Asked) -> SearchRequest:
    """The same with all that a page of results shows."""
    shown = _bare_page(request, asked)
    parameters = asked.parameters
    return replace(
        shown, facets=FACETS, facets_of=parameters.facets_of, zone=asked.zone.key, explain=parameters.explain
    )


def _following(asked: Asked, response: SearchResponse, at_least: int) -> str | None:
    """The cursor of the next page, ``None`` if this is the last."""
    if not response.next:
        return None
    return Cursor(response.next, int(asked.now.timestamp()), at_least).encode(asked.parameters, asked.zone.key)


def _notes(asked: Asked, whole: int, at_least: int, to_blame: Note | None, vanished: int) -> Iterator[Note]:
    """What was done about a question; ``at_least`` is 0 when the hits hold all of it."""
    if at_least and whole:
        yield Note("few_match", count=whole)
    elif at_least:
        yield Note("partial", count=at_least, of=len(asked.interpretation.concepts))
    if to_blame:
        yield to_blame
    if vanished:
        yield Note("vanished", count=vanished)


def understood(asked: Asked, notes: Iterable[Note] = ()) -> UnderstoodQuery:
    """How a question was understood; ``notes`` are told besides."""
    parameters, interpretation = asked.parameters, asked.interpretation
    selected = (
        *(ActiveFilter("source", value, parameter="source") for value in parameters.sources),
        *(ActiveFilter("author", value, parameter="author") for value in parameters.authors),
        *(ActiveFilter("lang", value, parameter="lang") for value in parameters.languages),
        *(ActiveFilter("without", value, excluded=True, parameter="without") for value in parameters.without),
    )
    return UnderstoodQuery(
        parameters.text,
        (*interpretation.notes, *notes),
        interpretation.included,
        (*interpretation.active_filters, *selected),
    )


def _hit(hit: Hit, article: Article, highlighter: Highlighter, features: Sequence[Feature]) -> ResultHit:
    return ResultHit(
        id=hit.id,
        url=article.url,
        title=article.title,
        source=article.source,
        author=article.author,
        published=article.published,
        discovered=cast(datetime, article.discovered),  # the archive always knows
        score=hit.score,
        language=article.language,
        title_highlights=highlighter.title(article.title),
        snippet=highlighter.snippet(article.text, article.captions),
        story=hit.story,
        copies=hit.others,
        explanation=tuple(
            ScorePart(ranking.label(feature), score)
            for feature, score in zip(features, hit.explanation, strict=False)  # none unless asked for
            if score
        ),
    )


def counted(response: SearchResponse, parameters: SearchParameters) -> Mapping[Facet, tuple[FacetValue, ...]]:
    """The counts, largest first; what was selected is there even if nothing has it, so that it can be taken back."""
    selected: Mapping[Facet, tuple[str, ...]] = {
        "source": parameters.sources,
        "author": parameters.authors,
        "language": parameters.languages,
    }
    facets: dict[Facet, tuple[FacetValue, ...]] = {}
    for facet in FACETS:
        counted = response.facets.get(facet, ())
        missing = [value for value in selected[facet] if value not in dict(counted)]
        facets[facet] = tuple(
            FacetValue(value, count, value in selected[facet])
            for value, count in [*counted, *((value, 0) for value in missing)]
        )
    return facets
