"""Groups of publishers, and who of them has articles in one index."""

from collections.abc import Sequence

from indexer.engine.index import SearchIndex, SearchRequest
from indexer.errors import IndexMissing
from indexer.extraction.publisher_groups import PublisherGroups
from search_app.search.index_cache import IndexCache


class IndexedPublishers:
    """The groups that are known, over one index. May be used from many threads."""

    def __init__(self, index: SearchIndex, cache: IndexCache, known: PublisherGroups) -> None:
        self._index = index
        self._cache = cache
        self._known = known

    def groups(self) -> Sequence[str]:
        """The name of each group, those built in first."""
        return self._known.names

    def named(self, name: str) -> str | None:
        """The name of the group that also goes by this one, ``None`` for no group."""
        return self._known.named(name)

    def of(self, group: str) -> Sequence[str]:
        """The publishers of a group that have articles; none where nothing is indexed yet."""
        try:
            return self._cache.remember(
                ("publishers", self._known, group), lambda: self._known.of(group, self._sources())
            )
        except IndexMissing:  # a watch may be made before anything is indexed
            return ()

    def _sources(self) -> Sequence[str]:
        return self._cache.remember("sources", self._counted)

    def _counted(self) -> Sequence[str]:
        found = self._index.search(SearchRequest(limit=0, facets=("source",))).facets["source"]
        return tuple(source for source, _ in found)
