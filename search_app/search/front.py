"""What the front page tells: how much there is, what is new, what is talked about."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from indexer.archive import Statistics
from indexer.article import Article
from indexer.engine.index import SearchRequest
from search_app.search.aggregations.significant_terms import Trends, trends
from search_app.search.library import Library

_SOURCES = 6
_ARTICLES = 5


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest articles of one source, which has ``count`` of them."""

    source: str
    count: int
    articles: Sequence[Article]


@dataclass(frozen=True, slots=True)
class Front:
    statistics: Statistics
    newest: Sequence[Newest]
    trends: Trends


def front(library: Library) -> Front:
    """The same for all readers until the index changes; making it takes a second of a large archive."""
    return library.remember("front", partial(_made, library))


def _made(library: Library) -> Front:
    sources = library.index.search(SearchRequest(limit=0, facets=("source",))).facets["source"]
    return Front(
        library.archive.statistics(),
        [Newest(source, count, _newest(library, source)) for source, count in sources[:_SOURCES]],
        trends(library, library.clock()),
    )


def _newest(library: Library, source: str) -> Sequence[Article]:
    hits = library.index.search(SearchRequest(sort="newest", limit=_ARTICLES, sources=(source,))).hits
    return library.articles.get([hit.id for hit in hits], html=False)
