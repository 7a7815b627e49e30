"""Sentences that match a question, each in its article; one that a story's articles repeat counts once.

Engines find the articles that can have such a sentence, texts are read as a page needs them.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from typing import Self

from indexer.article import Article
from indexer.engine.index import Facet, Hit, SearchAfter, SearchRequest, SearchResponse, Sort
from indexer.engine.query import And, IdIn, Query
from indexer.errors import QueryError
from search_app.query.interpretation import all_of
from search_app.query.parameters import (
    FILTER_PARAMETERS,
    SEARCH_PARAMETERS,
    Given,
    Parameter,
    SearchParameters,
    given_by,
)
from search_app.search.asked import Asked
from search_app.search.cursor import Cursor
from search_app.search.library import Library
from search_app.search.results import HIDDEN, FacetValue, Span, TimelineDay, UnderstoodQuery, described
from search_app.search.searcher import counted, understood
from search_app.search.sentences.quotations import Quotation, quotations
from search_app.search.sentences.sentence_query import Facts, held, narrowed
from search_app.search.sentences.text_places import Place, TextPlaces
from search_app.search.snippets import merged

DEFAULT_LIMIT, MAX_LIMIT = 20, 200

MOST_ARTICLES = 200
"""Articles of a story that are read, the first ones; no story of two months of news had more than thirty."""

MOST_COPIES = 20
"""Articles named that repeat a sentence."""

_STORIES = 20
"""Stories that are read at a time."""

_MOST_READ = 10
"""How many times a page reads, also where hardly any article holds what is asked in one sentence."""

_NAMED = {parameter.name: parameter for parameter in SEARCH_PARAMETERS}
ORDERS: tuple[Sort, ...] = ("newest", "oldest")
_SORT = Parameter("sort", "Order of the stories.", ORDERS[0], "choice", ORDERS[0], choices=ORDERS)
_CURSOR = _NAMED["cursor"]
_COLLAPSE = Parameter(
    "collapse", "1 counts a sentence once that a story's articles repeat, 0 in each of them.", "1", "switch", True
)
_LIMIT = Parameter("limit", "Sentences a page.", str(DEFAULT_LIMIT), "number", DEFAULT_LIMIT, most=MAX_LIMIT)
_QUOTED = Parameter("quoted", "1 looks only into what stands between quotation marks.", "1", "switch", False)
_SPEAKER = Parameter("speaker", "Looks only into what somebody said, in any spelling of the name.", "蓬佩奥")
SENTENCE_PARAMETERS = (_NAMED["q"], *FILTER_PARAMETERS, _QUOTED, _SPEAKER, _SORT, _COLLAPSE, _CURSOR, _LIMIT)

_PLACE = re.compile(r"([0-9]{1,6})\.(.*)", re.DOTALL)
"""What a cursor of sentences is: how many of a story were shown, and the cursor of that story."""


@dataclass(frozen=True, slots=True)
class SentenceQuestion:
    """What is asked: ``parameters`` tell of which articles, ``skip`` how many sentences of their first story were on
    the page before."""

    parameters: SearchParameters
    limit: int = DEFAULT_LIMIT
    skip: int = 0
    quoted: bool = False
    speaker: str = ""

    @classmethod
    def parse(cls, given: Given) -> Self:
        """Read request parameters. Raises ``QueryError`` as ``SearchParameters.parse`` does, and ``bad_cursor``."""
        shared = {parameter.name for parameter in (_NAMED["q"], *FILTER_PARAMETERS)}
        asked = SearchParameters.parse({name: values for name, values in given.items() if name in shared})
        asked = replace(asked, sort=_SORT.value(given), collapse="1" if _COLLAPSE.value(given) else "0")
        cursor, skip = _CURSOR.value(given), 0
        if cursor:
            place = _PLACE.fullmatch(cursor)
            if place is None:
                raise QueryError("bad_cursor", field="cursor")
            skip, cursor = int(place[1]), place[2]
        speaker = _SPEAKER.value(given)
        quoted = _QUOTED.value(given) or bool(speaker)
        return cls(replace(asked, cursor=cursor), _LIMIT.value(given), skip, quoted, speaker)

    @property
    def is_nothing(self) -> bool:
        """Whether it asks for neither words nor a speaker, so that every sentence would be one."""
        return not self.parameters.text.strip() and not self.speaker

    def pairs(self, cursor: str = "") -> list[tuple[str, str]]:
        """The request parameters that ask this from its beginning, or on another page."""
        values = ((_QUOTED, self.quoted and not self.speaker), (_SPEAKER, self.speaker), (_CURSOR, cursor))
        own = [
            (parameter.name, text)
            for parameter, value in (*values, (_LIMIT, self.limit))
            for text in parameter.texts(value)
        ]
        return self.parameters.pairs(cursor="") + own


@dataclass(frozen=True, slots=True)
class SentenceCopy:
    """An article of the same story that has the sentence too."""

    id: str
    url: str
    title: str
    source: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class QuotedPart:
    """What of a sentence stands between quotation marks: a slice of its text."""

    start: int
    end: int
    speaker: str = field(metadata=described("Who said it, as the text names them right beside it; empty if nobody."))


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as it stands in an article, the first of its story that has it."""

    text: str
    highlights: tuple[Span, ...]
    id: str = field(metadata=described("The article's."))
    url: str
    title: str
    source: str
    author: str
    published: datetime | None
    story: str = field(metadata=described("The id of the article that its story began with."))
    in_title: bool = field(metadata=described("It stands in the title, otherwise in the body."))
    start: int = field(metadata=described("Where it begins there, in code points."))
    quotes: tuple[QuotedPart, ...]
    copies: tuple[SentenceCopy, ...] = field(metadata=described(f"Others of its story, {MOST_COPIES} at most."))
    copy_count: int = field(metadata=described("How many others of its story have it."))
    language: str = field(default="", metadata=HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentences:
    """One page of sentences.

    ``total`` and ``stories`` count the articles that can have some, and facets and timeline those articles: how many
    sentences there are is known when the last page is read.
    """

    query: UnderstoodQuery
    total: int = field(metadata=described("Articles that hold what is asked."))
    stories: int = field(metadata=described("The stories that they belong to."))
    sentences: tuple[Sentence, ...]
    facets: Mapping[Facet, tuple[FacetValue, ...]]
    timeline: tuple[TimelineDay, ...]
    next: str | None = field(metadata=described("`cursor` of the next page, which may have fewer sentences."))
    zone: str = field(metadata=HIDDEN)


def sentences(library: Library, question: SentenceQuestion, reader: str | None) -> Sentences:
    """One page. Raises what ``Library.ask`` and ``SearchIndex.search`` raise; ``reader`` as for ``ask``."""
    asked = library.ask(question.parameters, reader)
    reading = _Reading(library, asked, question)
    after = asked.cursor.after if asked.cursor else None
    first = response = reading.search(after, _STORIES)
    found: list[Sentence] = []
    skip, next_ = question.skip, None
    for _ in range(_MOST_READ):
        stories = reading.stories(response)
        done, skip = _take(stories, found, question.limit, skip)
        if done < len(response.hits):
            next_ = reading.cursor(reading.search(after, done).next if done else after, skip)
            break
        next_ = reading.cursor(response.next, 0) if response.next else None
        if next_ is None or len(found) == question.limit:
            break
        after = response.next
        response = reading.search(after, _STORIES)
    return Sentences(
        query=understood(asked),
        total=first.total,
        stories=first.stories,
        sentences=tuple(found),
        facets=counted(first, asked.parameters),
        timeline=library.timeline(first, asked.zone.key),
        next=next_,
        zone=asked.zone.key,
    )


def all_sentences(library: Library, question: SentenceQuestion, reader: str | None) -> Iterator[Sentences]:
    """All pages, from the question's on."""
    following: SentenceQuestion | None = replace(question, limit=MAX_LIMIT)
    while following:
        page = sentences(library, following, reader)
        yield page
        following = SentenceQuestion.parse(given_by(following.pairs(page.next))) if page.next else None


def _take(stories: Iterator[Sequence[Sentence]], found: list[Sentence], limit: int, skip: int) -> tuple[int, int]:
    """Add to ``found`` what is missing; returns how many stories were used up, and how many sentences of the next."""
    done = 0
    while len(found) < limit:
        story = next(stories, None)
        if story is None:
            break
        taken = story[skip : skip + limit - len(found)]
        found += taken
        if skip + len(taken) < len(story):
            return done, skip + len(taken)
        done, skip = done + 1, 0
    return done, 0


class _Reading:
    """Reads sentences of one question."""

    def __init__(self, library: Library, asked: Asked, question: SentenceQuestion) -> None:
        self._library = library
        self._asked = asked
        self._quoted = question.quoted
        match = narrowed(asked.interpretation.match)
        self._speakers: tuple[str, ...] = ()
        if question.speaker:
            names = SearchParameters(question.speaker, variants=question.parameters.variants)
            meant = library.ask(names).interpretation
            match = all_of((match, narrowed(meant.match)))
            spellings = [spelling for each in meant.included for spelling in each.spellings]
            self._speakers = tuple(map(library.analyser.fold, (question.speaker, *spellings)))
        self._match = asked.interpretation.without_hidden(match)

    def search(self, after: SearchAfter | None, limit: int) -> SearchResponse:
        request = replace(self._asked.request(), match=self._match, limit=limit, after=after)
        return self._library.index.search(replace(request, facets=("source",), zone=self._asked.zone.key))

    def cursor(self, after: SearchAfter | None, skip: int) -> str:
        asked = self._asked
        cursor = Cursor(after, int(asked.now.timestamp())).encode(asked.parameters, asked.zone.key) if after else ""
        return f"{skip}.{cursor}"

    def stories(self, response: SearchResponse) -> Iterator[list[Sentence]]:
        """The sentences of each hit, with its story where stories have one hit."""
        groups = self._groups(response.hits)
        ids = [id for group in groups for id in group]
        read = {article.id: article for article in self._library.articles.get(ids, html=False)}
        facts = self._facts(ids)
        for hit, group in zip(response.hits, groups, strict=True):
            yield self._sentences([read[id] for id in group if id in read], hit.story, facts)

    def _groups(self, hits: Sequence[Hit]) -> list[list[str]]:
        """For each hit the articles that it stands for, oldest first."""
        several = [hit.story for hit in hits if hit.others]
        if not several:
            return [[hit.id] for hit in hits]
        members = self._library.archive.stories.members(several)
        candidates = tuple(id for ids in members.values() for id in ids[:MOST_ARTICLES])
        asked = replace(
            self._asked.request(),
            match=And((self._match, IdIn((*candidates, *(hit.id for hit in hits))))),
            features=(),
            sort="oldest",
            limit=len(candidates) + len(hits),
            collapse=False,
        )
        matching: dict[str, list[str]] = {}
        for hit in self._library.index.search(asked).hits:
            matching.setdefault(hit.story, []).append(hit.id)
        return [matching.get(hit.story, [hit.id]) if hit.others else [hit.id] for hit in hits]

    def _facts(self, ids: Sequence[str]) -> Facts:
        @cache
        def facts(condition: Query) -> Collection[str]:
            request = SearchRequest(match=And((condition, IdIn(tuple(ids)))), sort="newest", limit=len(ids))
            return {hit.id for hit in self._library.index.search(request).hits}

        return facts

    def _sentences(self, articles: Sequence[Article], story: str, facts: Facts) -> list[Sentence]:
        """Those of one story, each under the first article that has it, in their order there."""
        found: dict[str | tuple[str, int], Sentence] = {}
        copies: dict[str | tuple[str, int], dict[str, SentenceCopy]] = {}
        for article in articles:
            text = TextPlaces(article, self._library.analyser)
            quoted = self._quotations(text)
            here = held(self._asked.interpretation.match, text, facts)
            numbers = sorted(here.places) if here.places or not here.everywhere else range(len(text))
            for number in numbers:
                key = text.key_of(number) if self._asked.parameters.is_collapsed else (article.id, number)
                if key in found:
                    if found[key].id != article.id:
                        copies[key][article.id] = _copy(article)
                    continue
                sentence = _sentence(text, number, here.places.get(number, ()), story, quoted)
                if sentence and (sentence.highlights or not self._quoted or any(map(self._is_wanted, sentence.quotes))):
                    found[key], copies[key] = sentence, {}
        return [
            replace(each, copies=tuple(others.values())[:MOST_COPIES], copy_count=len(others))
            for each, others in zip(found.values(), copies.values(), strict=True)
        ]

    def _quotations(self, text: TextPlaces) -> tuple[list[Quotation], list[Quotation]]:
        """Those of title and body; where only some are asked for, the text is searched in them alone."""
        article = text.article
        title, body = (quotations(each, self._library.analyser) for each in (article.title, article.text))
        if self._quoted:
            text.restrict(*([(q.start, q.end) for q in part if self._is_wanted(q)] for part in (title, body)))
        return title, body

    def _is_wanted(self, quoted: Quotation | QuotedPart) -> bool:
        """Whether somebody said it who was asked for, if somebody was."""
        if not self._speakers:
            return True
        said_by = self._library.analyser.fold(quoted.speaker)
        return any(speaker in said_by for speaker in self._speakers)


def _sentence(
    text: TextPlaces,
    number: int,
    places: Sequence[Place],
    story: str,
    quoted: tuple[Sequence[Quotation], Sequence[Quotation]],
) -> Sentence | None:
    slice_ = text.text_of(number)
    if slice_ is None:
        return None
    article = text.article
    start, end, in_title = slice_
    spans = merged((a - start, b - start) for a, b in map(text.span_of, places))
    return Sentence(
        text=(article.title if in_title else article.text)[start:end],
        highlights=spans,
        id=article.id,
        url=article.url,
        title=article.title,
        source=article.source,
        author=article.author,
        published=article.published,
        story=story,
        in_title=in_title,
        start=start,
        quotes=tuple(
            QuotedPart(max(each.start - start, 0), min(each.end, end) - start, each.speaker)
            for each in quoted[not in_title]
            if each.start < end and start < each.end
        ),
        copies=(),
        copy_count=0,
        language=article.language,
    )


def _copy(article: Article) -> SentenceCopy:
    return SentenceCopy(article.id, article.url, article.title, article.source, article.published)
