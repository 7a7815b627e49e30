"""One question answered: understood, put to the engine, and made into results with snippets, facets and timeline."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from threading import Lock
from time import perf_counter
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from indexer.article import Article
from indexer.engine.index import Facet, Hit, Request, Response, SearchIndex
from indexer.engine.query import And, Feature, Published, Query
from indexer.text.analyser import Analyser
from search_app.query import ranking
from search_app.query.dates import Days, between, zone_named
from search_app.query.interpretation import Spellings, Understood, understand
from search_app.query.parameters import Question, half_life
from search_app.search.cursor import Cursor
from search_app.search.results import FacetValue, Filter, Note, ResultHit, Results, ScorePart, Snippet, TimelineDay
from search_app.search.snippets import Highlighter

FACETS: tuple[Facet, ...] = ("source", "language")

_REMEMBERED_ZONES = 16


class Articles(Protocol):
    """What is needed of ``indexer.archive.Archive``."""

    def get(self, ids: Sequence[str], *, html: bool = True) -> list[Article]: ...


class Searcher:
    """Answers questions about one archive. May be used from many threads.

    ``zone`` is where days are counted unless a question names another.
    """

    def __init__(
        self, index: SearchIndex, archive: Articles, analyser: Analyser, variants: Spellings, zone: ZoneInfo
    ) -> None:
        self._index = index
        self._archive = archive
        self._analyser = analyser
        self._variants = variants
        self._zone = zone
        self._days = _DayCounts(index)

    def understand(self, question: Question, now: datetime) -> Understood:
        """What a question means, its dates included; see ``search`` for the errors."""
        zone = self._zone_of(question)
        variants = self._variants if question.variants else None
        understood = understand(question.text, self._analyser, variants, now, zone)
        days = between(question.first, question.last, now.astimezone(zone).date(), "from", "to")
        if days == Days():
            return understood
        published = Published(*days.utc(zone))
        return replace(
            understood,
            match=And((understood.match, published)),
            filters=And((understood.filters, published)),
            chips=(*understood.chips, *_date_chips(days)),
        )

    def request(self, question: Question, now: datetime, *, relaxed: bool = False) -> Request:
        """What is put to the engine; with ``relaxed`` an article needs to hold no more than a gram of the question.

        For measuring and for other uses of the order of articles than pages of results.
        """
        understood = self.understand(question, now)
        if relaxed and understood.segments:
            return replace(self._request(question, understood, now, at_least=1), match=understood.loose)
        return self._request(question, understood, now, at_least=0)

    def search(self, question: Question, now: datetime) -> Results:
        """The answer. When nothing meets all of a question, the articles that hold most of its segments.

        Raises ``QueryError`` for what is wrong with the question, and what ``SearchIndex.search`` raises.
        """
        started = perf_counter()
        zone = self._zone_of(question)
        cursor = Cursor.decode(question, zone.key)
        if cursor:
            now = datetime.fromtimestamp(cursor.now, UTC)
        understood = self.understand(question, now)
        at_least = cursor.at_least if cursor else 0
        request = self._request(question, understood, now, at_least)
        response = self._index.search(self._page(request, question, cursor, zone))
        if not cursor and not response.total and (at_least := self._most(understood, request)):
            request = self._request(question, understood, now, at_least)
            response = self._index.search(self._page(request, question, cursor, zone))
        hits, vanished = self._hits(response, understood, request.features)
        notes = list(understood.notes)
        if at_least:
            held, of = at_least, len(understood.segments)
            part = f"{of} 个词中的至少 {held} 个" if held < of else "其中主要的词"
            notes.append(Note("partial", f"没有文章符合全部条件；以下文章含 {part}"))
        if vanished:
            notes.append(Note("vanished", f"有 {vanished} 篇文章刚刚被删除"))
        following = Cursor(response.next, int(now.timestamp()), at_least) if response.next else None
        return Results(
            text=question.text,
            zone=zone.key,
            total=response.total,
            took_ms=(perf_counter() - started) * 1000,
            hits=hits,
            notes=tuple(notes),
            included=understood.included,
            filters=(*understood.chips, *_ticked_chips(question)),
            partial=bool(at_least),
            facets=_facets(response, question),
            timeline=self._timeline(response, zone.key),
            next=following.encode(question, zone.key) if following else None,
            fields=question.fields,
        )

    def _zone_of(self, question: Question) -> ZoneInfo:
        return zone_named(question.zone) if question.zone else self._zone

    def _request(self, question: Question, understood: Understood, now: datetime, at_least: int) -> Request:
        """What is asked of the engine; with ``at_least``, for articles that hold so many of the segments."""
        ordered = question.sort == "relevance" or question.explain
        settings = ranking.Settings(int(now.timestamp()), half_life(question.recency))
        return Request(
            match=understood.partial(at_least) if at_least else understood.match,
            features=ranking.features(understood, settings, partial=at_least > 0) if ordered else (),
            sort=question.sort,
            limit=question.limit,
            sources=question.sources,
            languages=question.languages,
        )

    def _page(self, request: Request, question: Question, cursor: Cursor | None, zone: ZoneInfo) -> Request:
        """The same with all that a page of results shows."""
        return replace(
            request,
            after=cursor.after if cursor else None,
            facets=FACETS,
            timeline_zone=zone.key,
            explain=question.explain,
        )

    def _most(self, understood: Understood, request: Request) -> int:
        """How many segments of the question an article holds at most, within the filters, when none holds all.

        All it can be only where cores will do.
        """
        cores = any(segment.core for segment in understood.segments)
        # Some article holds ``low`` of them, maybe one holds ``high``.
        low, high = 0, len(understood.segments) - (not cores)
        while low < high:
            middle = (low + high + 1) // 2
            if self._index.search(_counting(request, understood.partial(middle))).total:
                low = middle
            else:
                high = middle - 1
        return low

    def _hits(
        self, response: Response, understood: Understood, features: Sequence[Feature]
    ) -> tuple[tuple[ResultHit, ...], int]:
        """The hits with their articles, and how many articles are no longer kept."""
        articles = {article.id: article for article in self._archive.get([hit.id for hit in response.hits], html=False)}
        highlighter = Highlighter(understood.chunks, self._analyser)
        hits = tuple(_hit(hit, articles[hit.id], highlighter, features) for hit in response.hits if hit.id in articles)
        return hits, len(response.hits) - len(hits)

    def _timeline(self, response: Response, zone: str) -> tuple[TimelineDay, ...]:
        if not response.timeline:
            return ()
        everything = self._days.of(zone)
        return tuple(
            TimelineDay(date.fromisoformat(day), count, count / max(count, everything.get(day, 0)))
            for day, count in response.timeline.items()
        )


class _DayCounts:
    """How many articles there are of each day, whatever is asked; counted once for each state of the index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._counted: OrderedDict[str, tuple[tuple[int, int, int], Mapping[str, int]]] = OrderedDict()
        self._lock = Lock()

    def of(self, zone: str) -> Mapping[str, int]:
        """ISO date -> count, for the days of an IANA zone."""
        info = self._index.info()
        state = (info.generation, info.sequence, info.updated)
        with self._lock:
            counted = self._counted.get(zone)
        if counted and counted[0] == state:
            return counted[1]
        days = self._index.search(Request(limit=0, timeline_zone=zone)).timeline
        with self._lock:
            self._counted[zone] = state, days
            self._counted.move_to_end(zone)
            while len(self._counted) > _REMEMBERED_ZONES:
                self._counted.popitem(last=False)
        return days


def _counting(request: Request, match: Query) -> Request:
    """The same question for its total alone."""
    return replace(request, match=match, features=(), limit=0, facets=(), timeline_zone=None, explain=False)


def _hit(hit: Hit, article: Article, highlighter: Highlighter, features: Sequence[Feature]) -> ResultHit:
    return ResultHit(
        id=hit.id,
        url=article.url,
        title=article.title,
        source=article.source,
        published=article.published,
        discovered=cast(datetime, article.discovered),  # the archive always knows
        score=hit.score,
        language=article.language,
        title_highlights=highlighter.title(article.title),
        snippet=highlighter.snippet(article.text) if article.text else Snippet(""),
        explanation=tuple(
            ScorePart(ranking.label(feature), score)
            for feature, score in zip(features, hit.explanation, strict=False)  # none unless asked for
            if score
        ),
    )


def _facets(response: Response, question: Question) -> Mapping[Facet, tuple[FacetValue, ...]]:
    """The counts, largest first; what was ticked is there even if nothing has it, so that it can be unticked."""
    ticked: Mapping[Facet, tuple[str, ...]] = {"source": question.sources, "language": question.languages}
    facets: dict[Facet, tuple[FacetValue, ...]] = {}
    for facet in FACETS:
        counted = response.facets.get(facet, ())
        missing = [value for value in ticked[facet] if value not in dict(counted)]
        facets[facet] = tuple(
            FacetValue(value, count, value in ticked[facet])
            for value, count in [*counted, *((value, 0) for value in missing)]
        )
    return facets


def _date_chips(days: Days) -> tuple[Filter, ...]:
    """One for each parameter, so that each can be taken away."""
    first, last = Days(first=days.first), Days(last=days.last)
    chips = ((first, "from"), (last, "to"))
    return tuple(Filter("date", str(chip), parameter=name) for chip, name in chips if chip != Days())


def _ticked_chips(question: Question) -> tuple[Filter, ...]:
    return (
        *(Filter("source", value, parameter="source") for value in question.sources),
        *(Filter("lang", value, parameter="lang") for value in question.languages),
    )
