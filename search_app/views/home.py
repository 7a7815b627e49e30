"""What the front page tells: how much there is, what is new, what is talked about."""

from collections.abc import Sequence
from dataclasses import dataclass

from indexer.archive import Statistics
from indexer.article import Article
from indexer.engine.index import Request
from search_app.search.library import Service
from search_app.search.significant_terms import Trend, talked_about

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
    trends: Sequence[Trend]


def front(service: Service) -> Front:
    """The same for all readers until the index changes; making it takes a second of a large archive."""
    return service.remembered("front", lambda: _made(service))


def _made(service: Service) -> Front:
    sources = service.index.search(Request(limit=0, facets=("source",))).facets["source"]
    return Front(
        service.archive.statistics(),
        [Newest(source, count, _newest(service, source)) for source, count in sources[:_SOURCES]],
        talked_about(service, service.clock()),
    )


def _newest(service: Service, source: str) -> Sequence[Article]:
    hits = service.index.search(Request(sort="newest", limit=_ARTICLES, sources=(source,))).hits
    return service.archive.get([hit.id for hit in hits], html=False)
