"""A question, understood: everything that answering it needs, and what is put to the engine for it."""

from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from indexer.engine.index import SearchRequest
from indexer.engine.query import And, Author, Feature, Language, Or, Query, Source
from search_app.query import ranking
from search_app.query.interpretation import Interpretation
from search_app.query.marks import Marked
from search_app.query.parameters import SearchParameters, half_life
from search_app.search.cursor import Cursor


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, understood: everything that answering it needs.

    ``cursor`` is where the page before ended; ``marked`` tells the marks of whoever asks.
    """

    parameters: SearchParameters
    interpretation: Interpretation
    zone: ZoneInfo
    now: datetime
    cursor: Cursor | None = None
    marked: Marked | None = None

    @property
    def match(self) -> Query:
        """Which articles are meant, with what was selected of sources, authors and languages."""
        parameters = self.parameters
        selected: tuple[tuple[Query, ...], ...] = (
            tuple(map(Source, parameters.sources)),
            tuple(map(Author, parameters.authors)),
            tuple(map(Language, parameters.languages)),
        )
        return And((self.interpretation.shown, *(Or(values) for values in selected if values)))

    def request(self, at_least: int = 0) -> SearchRequest:
        """What is put to the engine; with ``at_least``, for articles that hold so many of the concepts."""
        parameters, interpretation = self.parameters, self.interpretation
        # A clause of several that stands somewhere word for word is not what was asked; the only one may be a headline.
        features = self._features(partial=at_least > 0, literal=not at_least or len(interpretation.clauses) == 1)
        return SearchRequest(
            match=interpretation.partial(at_least) if at_least else interpretation.shown,
            features=features,
            sort=parameters.sort,
            limit=parameters.limit,
            sources=parameters.sources,
            authors=parameters.authors,
            languages=parameters.languages,
            collapse=parameters.is_collapsed,
        )

    def loose_request(self) -> SearchRequest:
        """The same where an article needs to hold no more than a gram of the question: for judging the order."""
        if not self.interpretation.concepts:
            return self.request()
        features = self._features(partial=True, literal=False)
        return replace(self.request(), match=self.interpretation.loose, features=features)

    def _features(self, *, partial: bool, literal: bool = True) -> tuple[Feature, ...]:
        """What orders the articles; nothing where their dates do."""
        if self.parameters.sort != "relevance" and not self.parameters.explain:
            return ()
        settings = ranking.Settings(int(self.now.timestamp()), half_life(self.parameters.recency))
        return ranking.features(self.interpretation, settings, partial=partial, literal=literal)
