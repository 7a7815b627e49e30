"""The oracle: every engine's contract in its plainest form. It scans all documents for every question."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from math import inf
from types import TracebackType
from typing import Literal as OneOf
from typing import Self
from zoneinfo import ZoneInfo

from indexer.engine import bm25
from indexer.engine.document import Batch
from indexer.engine.index import (
    Facet,
    Hit,
    IndexInfo,
    SearchAfter,
    SearchRequest,
    SearchResponse,
    Sort,
    Stamp,
)
from indexer.engine.query import (
    LEAD,
    And,
    Author,
    ConstantScore,
    DiscoveredBetween,
    Feature,
    IdIn,
    Language,
    Length,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    PhraseScore,
    ProximityScore,
    PublishedBetween,
    Query,
    Recency,
    Restriction,
    Run,
    Scope,
    Site,
    Source,
    SpellingsScore,
    Stands,
    TermScore,
    Word,
)
from indexer.errors import IndexLocked, IndexMissing, StampMismatch
from indexer.tokens import PARAGRAPH, SENTENCE, Tokens

_SNAPSHOTS = 64
"""How many past states a cursor can still continue on."""


@dataclass(frozen=True, slots=True)
class _Document:
    id: str
    words: list[str]
    grams: list[str]
    title_grams: list[str]
    caption_grams: list[str]
    source: str
    authors: Sequence[str]
    site: str
    language: str
    published: int | None
    discovered: int
    story: str
    sentences: list[int]
    paragraphs: list[int]

    def stream(self, phrase: Phrase) -> list[str]:
        return {"text": self.grams, "title": self.title_grams, "captions": self.caption_grams}[phrase.field]


@dataclass(frozen=True, slots=True)
class _State:
    """One committed state of the index; never changed."""

    name: str
    info: IndexInfo
    documents: dict[str, _Document]


@dataclass(slots=True)
class _Generations:
    """What survives a crash, as it were: the committed states, newest last, and who writes."""

    states: list[_State] = field(default_factory=list)
    number: int = 0
    writing: bool = False


class MemoryIndex:
    """A ``SearchIndex`` that lives as long as the object."""

    def __init__(self, stamp: Stamp, clock: Callable[[], float] = time.time) -> None:
        self._stamp = stamp
        self._clock = clock
        self._generations = _Generations()

    @property
    def name(self) -> str:
        return "memory"

    def info(self) -> IndexInfo:
        return self._live().info

    def write(self, sequence: int) -> "MemoryWriter":
        live = self._live()
        return MemoryWriter(self, live.documents, sequence, live.info.generation)

    def rebuild(self) -> "MemoryRebuild":
        return MemoryRebuild(self)

    def search(self, request: SearchRequest) -> SearchResponse:
        state = self._state(request.after)
        return _Answer(state, request).response()

    def doc_freqs(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        documents = self._live().documents.values()
        matching = [set(d.words) for d in documents if within is None or matches(within, d)]
        return [sum(word in held for held in matching) for word in words]

    def verify(self) -> None:
        self._live()

    def close(self) -> None:
        self._generations = _Generations()

    def _live(self) -> _State:
        if not self._generations.states:
            raise IndexMissing("there is no index yet; run “xunwen rebuild”")
        state = self._generations.states[-1]
        if state.info.stamp != self._stamp:
            raise StampMismatch("the index was built with other analysis; run “xunwen rebuild”")
        return state

    def _state(self, after: SearchAfter | None) -> _State:
        live = self._live()
        by_name = {state.name: state for state in self._generations.states}
        return by_name.get(after.snapshot, live) if after else live

    def _commit(self, documents: dict[str, _Document], sequence: int, generation: int) -> _State:
        info = IndexInfo(self._stamp, sequence, generation, len(documents), int(self._clock()), 0)
        return _State(f"{generation}.{sequence}.{len(self._generations.states)}", info, documents)

    def _publish(self, state: _State) -> None:
        states = self._generations.states
        states.append(state)
        self._generations.number = max(self._generations.number, state.info.generation)
        del states[:-_SNAPSHOTS]


class MemoryWriter:
    """Collects a change and publishes it when left."""

    def __init__(self, index: MemoryIndex, base: dict[str, _Document], sequence: int, generation: int) -> None:
        self._index = index
        self._documents = dict(base)
        self._sequence = sequence
        self._generation = generation
        self._into: Callable[[_State], None] = index._publish

    def __enter__(self) -> Self:
        if self._index._generations.writing:
            raise IndexLocked("another writer is at work")
        self._index._generations.writing = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._index._generations.writing = False
        if kind is None:
            self._into(self._index._commit(self._documents, self._sequence, self._generation))

    def put(self, batch: Batch) -> None:
        rows: Iterator[tuple[object, ...]] = zip(
            batch.ids,
            batch.words.lists(),
            batch.grams.lists(),
            batch.title_grams.lists(),
            batch.caption_grams.lists(),
            batch.sources,
            batch.authors,
            batch.sites,
            batch.languages,
            batch.published,
            batch.discovered,
            batch.stories,
            _beginnings(batch.boundaries, SENTENCE),
            _beginnings(batch.boundaries, PARAGRAPH),
            strict=True,
        )
        for row in rows:
            document = _Document(*row)  # type: ignore[arg-type]  # zip of fourteen is typed as objects
            self._documents[document.id] = document

    def delete(self, ids: Sequence[str]) -> None:
        for article_id in ids:
            self._documents.pop(article_id, None)


class MemoryRebuild:
    """A generation that is not live yet."""

    def __init__(self, index: MemoryIndex) -> None:
        self._index = index
        self._built: _State | None = None
        self._generation = index._generations.number + 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        self._built = None

    def write(self, sequence: int) -> MemoryWriter:
        writer = MemoryWriter(self._index, self._built.documents if self._built else {}, sequence, self._generation)
        writer._into = self._keep
        return writer

    def activate(self) -> None:
        if self._built is None:
            with self.write(0):
                pass
        if self._built is not None:
            self._index._publish(self._built)

    def _keep(self, state: _State) -> None:
        self._built = state


def _beginnings(boundaries: Tokens, token: str) -> Iterator[list[int]]:
    """The positions at which this token stands in each document."""
    assert boundaries.places is not None
    positions = boundaries.places.positions.tolist()
    for tokens, start in zip(boundaries.lists(), boundaries.offsets.tolist(), strict=False):
        yield [positions[start + i] for i, each in enumerate(tokens) if each == token]


def matches(query: Query, document: _Document) -> bool:
    """Whether a document is a hit."""
    match query:
        case Stands(runs, scope, at_least):
            return len(_innermost(_places(runs, document, scope))) >= at_least
        case Near(first, second, together, ordered, scope):
            ways = [(a, b) for a in _places(first, document, scope) for b in _places(second, document, scope)]
            if not ordered:
                ways += [(b, a) for a, b in ways]
            return any(a[1] <= b[0] and _together(a[0], b[1], b[0] - a[1], together, document) for a, b in ways)
        case Phrase(field="anywhere"):
            return any(matches(replace(query, field=field), document) for field in ("text", "captions"))
        case Phrase():
            return bool(_occurrences(query, document.stream(query)))
        case Word(token):
            return token in document.words
        case And(parts):
            return all(matches(part, document) for part in parts)
        case Or(parts, minimum_should_match):
            return bool(parts) and sum(matches(part, document) for part in parts) >= minimum_should_match
        case Not(part):
            return not matches(part, document)
        case MatchAll():
            return True
        case IdIn(ids):
            return document.id in ids
        case _:
            return _meets(query, document)


def _meets(query: Restriction, document: _Document) -> bool:
    match query:
        case PublishedBetween(from_, before):
            second = document.published
            return second is not None and (from_ is None or second >= from_) and (before is None or second < before)
        case Source(name):
            return document.source == name
        case Author(name):
            return name in document.authors
        case Site(host):
            return document.site == host or document.site.endswith("." + host)
        case Language(tag):
            return document.language == tag or document.language.startswith(tag + "-")
        case DiscoveredBetween(from_, before):
            second = document.discovered
            return (from_ is None or second >= from_) and (before is None or second < before)
        case Length(least, most):
            length = len(document.grams) - len(document.title_grams) - 1
            return (least is None or length >= least) and (most is None or length <= most)


def _places(runs: Sequence[Run], document: _Document, scope: Scope) -> list[tuple[int, int]]:
    """Where the runs stand in the scope: the first positions, and those after the last."""
    title = len(document.title_grams)
    end = {"title": title, "lead": title + 1 + LEAD, "text": len(document.grams)}[scope]
    found = [(start, start + run.width) for run in runs for start in _occurrences(run.phrase, document.grams)]
    return [place for place in found if place[1] <= end]


def _innermost(places: Sequence[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those that no other lies in."""
    different = set(places)
    return {
        (start, end)
        for start, end in different
        if not any(start <= a and b <= end for a, b in different if (a, b) != (start, end))
    }


def _together(
    start: int, end: int, between: int, together: int | OneOf["sentence", "paragraph"], document: _Document
) -> bool:
    """Whether the stretch from ``start`` to before ``end`` is short enough, or crosses no beginning."""
    if isinstance(together, int):
        return between <= together and not start <= len(document.title_grams) < end
    beginnings = document.sentences if together == "sentence" else document.paragraphs
    return not any(start < beginning < end for beginning in beginnings)


def _occurrences(phrase: Phrase, stream: list[str]) -> list[int]:
    """The positions where a phrase begins."""
    *exact, last = phrase.grams
    return [
        start
        for start in range(len(stream) - len(exact))
        if stream[start : start + len(exact)] == exact
        and (stream[start + len(exact)].startswith(last) if phrase.prefix else stream[start + len(exact)] == last)
    ]


class _Answer:
    """One request evaluated on one state."""

    def __init__(self, state: _State, request: SearchRequest) -> None:
        self._state = state
        self._request = request
        self._all = list(state.documents.values())
        self._matching = [d for d in self._all if matches(request.match, d)]

    def response(self) -> SearchResponse:
        request = self._request
        hits = [d for d in self._matching if self._ticked(d)]
        explained = {d.id: self._explain(d) if request.sort == "relevance" or request.explain else () for d in hits}
        ranked = sorted(hits, key=lambda d: _rank(request.sort, sum(explained[d.id]), d.published, d.id))
        start = 0
        if request.after:
            start = self._continue_at(ranked, request.after, explained)
        rest = ranked[start:]
        if request.collapse:
            firsts = {d.story: d.id for d in reversed(ranked)}
            rest = [d for d in rest if firsts[d.story] == d.id]
        page = rest[: request.limit]
        following = None
        if len(page) < len(rest) and page:
            last = page[-1]
            key = sum(explained[last.id]) if request.sort == "relevance" else last.published
            shown = (request.after.shown if request.after else 0) + len(page) if request.collapse else 0
            following = SearchAfter(key, last.id, self._state.name, shown)
        stories = Counter(d.story for d in hits)
        return SearchResponse(
            hits=[
                Hit(
                    d.id,
                    sum(explained[d.id]),
                    d.published,
                    explained[d.id] if request.explain else (),
                    d.story,
                    stories[d.story] - 1 if request.collapse else 0,
                )
                for d in page
            ],
            total=len(hits),
            stories=len(stories),
            facets={facet: self._facet(facet) for facet in request.facets},
            timeline=_timeline(hits, request.zone, request.timeline_of == "stories") if request.zone else {},
            next=following,
        )

    def _ticked(self, document: _Document, ignore: Facet | None = None) -> bool:
        request = self._request
        return (
            (ignore == "source" or not request.sources or document.source in request.sources)
            and (ignore == "author" or not request.authors or any(name in document.authors for name in request.authors))
            and (
                ignore == "language"
                or not request.languages
                or any(matches(Language(tag), document) for tag in request.languages)
            )
        )

    def _facet(self, facet: Facet) -> list[tuple[str, int]]:
        counted = {
            (value, d.story if self._request.facets_of == "stories" else d.id)
            for d in self._matching
            if self._ticked(d, ignore=facet)
            for value in {"source": [d.source], "author": d.authors, "language": [d.language]}[facet]
        }
        held = Counter(value for value, _ in counted)
        return sorted(held.items(), key=lambda item: (-item[1], item[0]))

    def _continue_at(self, ranked: list[_Document], after: SearchAfter, explained: dict[str, tuple[float, ...]]) -> int:
        for position, document in enumerate(ranked):
            if document.id == after.id:
                return position + 1
        # The article is gone: continue with what would have stood behind it.
        if self._request.sort == "relevance":
            return sum(sum(explained[d.id]) >= (after.key or 0.0) for d in ranked)
        bound = _rank(self._request.sort, 0.0, None if after.key is None else int(after.key), after.id)
        return sum(_rank(self._request.sort, 0.0, d.published, d.id) <= bound for d in ranked)

    def _explain(self, document: _Document) -> tuple[float, ...]:
        return tuple(self._score(feature, document) for feature in self._request.features)

    def _score(self, feature: Feature, document: _Document) -> float:
        match feature:
            case TermScore("words", token, weight):
                return (
                    weight * self._idf(token, "words") * self._saturate(document.words.count(token), document, "words")
                )
            case TermScore("early", token, weight):
                grams = document.grams
                count = bm25.earliness(grams.index(token), len(grams)) if token in grams else 0
                return weight * self._idf(token, "grams") * _saturation(count, 1, 1, bm25.EARLY)
            case PhraseScore(phrase, weight):
                count = len(_occurrences(phrase, document.stream(phrase)))
                return weight * self._idf_run(phrase) * self._saturate(count, document, "grams")
            case SpellingsScore(spellings, weight):
                whole = [(Phrase(s.phrase.grams, s.phrase.prefix), s.within) for s in spellings]
                holding = sum(any(matches(And(both), d) for both in whole) for d in self._all)
                counts = [
                    (s.share, len(_occurrences(s.phrase, document.stream(s.phrase))))
                    for s in spellings
                    if matches(s.within, document)
                ]
                best = max((share * count / (count + 1) for share, count in counts), default=0.0)
                length = len(document.grams) - len(document.title_grams) - 1
                brevity = next(factor for least, factor in reversed(bm25.BREVITY) if length >= least)
                return weight * bm25.idf(holding, len(self._all)) * brevity * best
            case ProximityScore(first, second, windows, weight):
                nearest = _gap(first, second, document.grams)
                return weight * sum(nearest <= window for window in windows)
            case Recency(now, half_life, weight):
                age = inf if document.published is None else max(0, now - document.published)
                decay: float = 2.0 ** -(age / half_life)
                return weight * decay
            case ConstantScore(query, weight):
                return weight * matches(query, document)

    def _saturate(self, count: float, document: _Document, stream: OneOf["words", "grams"]) -> float:
        lengths = [len(d.words if stream == "words" else d.grams) for d in self._all]
        length = len(document.words if stream == "words" else document.grams)
        parameters = bm25.WORDS if stream == "words" else bm25.GRAMS
        return _saturation(count, length, sum(lengths) / len(lengths), parameters)

    def _idf(self, token: str, stream: OneOf["words", "grams"], *, prefix: bool = False) -> float:
        streams = [d.words if stream == "words" else d.grams for d in self._all]
        holding = sum(any(t.startswith(token) if prefix else t == token for t in held) for held in streams)
        return bm25.idf(holding, len(self._all))

    def _idf_run(self, phrase: Phrase) -> float:
        last = len(phrase.grams) - 1
        return sum(self._idf(g, "grams", prefix=phrase.prefix and i == last) for i, g in enumerate(phrase.grams))


def _saturation(count: float, length: int, mean_length: float, parameters: bm25.Parameters) -> float:
    """What ``count`` occurrences add in an article of ``length`` tokens: 0 to ``k1 + 1``."""
    if not count:
        return 0.0
    norm = parameters.k1 * (1 - parameters.b + parameters.b * length / mean_length)
    return count * (parameters.k1 + 1) / (count + norm)


def _gap(first: Phrase, second: Phrase, stream: list[str]) -> float:
    """The fewest positions between two occurrences that don't overlap."""
    gaps = [
        b - (a + len(first.grams)) if a < b else a - (b + len(second.grams))
        for a in _occurrences(first, stream)
        for b in _occurrences(second, stream)
    ]
    return min((gap for gap in gaps if gap >= 0), default=inf)


def _rank(sort: Sort, score: float, published: int | None, article_id: str) -> tuple[float, float, str]:
    """A key whose smallest value is the first hit."""
    newest = inf if published is None else -published
    match sort:
        case "relevance":
            return (-score, newest, article_id)
        case "newest":
            return (newest, 0.0, article_id)
        case "oldest":
            return (inf if published is None else published, 0.0, article_id)


def _timeline(hits: list[_Document], zone: str, by_stories: bool) -> dict[str, int]:
    """ISO date in the zone -> count of hits, or of stories whose first hit is of that day, in order."""
    info = ZoneInfo(zone)
    if by_stories:
        dated = sorted((d for d in hits if d.published is not None), key=lambda d: d.published or 0, reverse=True)
        hits = list({d.story: d for d in dated}.values())
    days = Counter(
        datetime.fromtimestamp(d.published, UTC).astimezone(info).date().isoformat()
        for d in hits
        if d.published is not None
    )
    return dict(sorted(days.items()))
