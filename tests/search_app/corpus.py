"""A small archive in memory, searched through the real analysis and the naive engine or another one."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from indexer.article import Article
from indexer.build import analyse
from indexer.engine.index import SearchIndex, Stamp
from indexer.text.analyser import Analyser
from indexer.text.groups import read_groups
from indexer.text.variants import Variants
from search_app.query.parameters import SearchParameters, given_by
from search_app.search.asked import Asked
from search_app.search.results import Results
from search_app.search.searcher import Searcher
from tests.indexer.engine.oracle import MemoryIndex

NOW = datetime(2020, 9, 16, 4, tzinfo=UTC)
SHANGHAI = ZoneInfo("Asia/Shanghai")


@cache
def analyser() -> Analyser:
    return Analyser()


def article(
    number: int,
    title: str = "",
    text: str = "",
    *,
    source: str = "早报",
    published: datetime | None = NOW,
    language: str = "zh-Hans",
    host: str = "www.example.com",
) -> Article:
    return Article(
        url=f"https://{host}/{number}",
        title=title,
        text=text,
        source=source,
        published=published,
        discovered=NOW,
        language=language,
        id=f"{number:016x}",
    )


class Corpus:
    """Also the archive that ``Searcher`` reads; ``deleted`` ids are in the index and no longer kept."""

    def __init__(self, articles: Iterable[Article], variants: str = "", index: SearchIndex | None = None) -> None:
        self.articles = {each.id: each for each in articles}
        self.deleted: set[str] = set()
        self.index: SearchIndex = index or MemoryIndex(Stamp(1, 1, "test"), clock=lambda: 0.0)
        with self.index.rebuild() as generation:
            with generation.write(1) as writer:
                writer.put(analyse(list(self.articles.values()), analyser(), {}))
            generation.activate()
        table = Variants(read_groups(variants, "user", "test"))
        self.searcher = Searcher(self.index, self, analyser(), table, SHANGHAI)

    def add(self, *articles: Article, sequence: int = 2) -> None:
        self.articles |= {each.id: each for each in articles}
        with self.index.write(sequence) as writer:
            writer.put(analyse(articles, analyser(), {}))

    def get(self, ids: Sequence[str], *, html: bool = True) -> list[Article]:
        return [self.articles[id] for id in ids if id not in self.deleted]

    def ask(self, text: str = "", **parameters: Any) -> Results:
        """The results; a parameter whose name is a keyword of Python ends with an underscore, lists repeat."""
        pairs = [("q", text)]
        for name, value in parameters.items():
            pairs += [(name.rstrip("_"), str(each)) for each in (value if isinstance(value, list) else [value])]
        return self.searcher.search(self.understood(SearchParameters.parse(given_by(pairs))))

    def understood(self, parameters: SearchParameters | str) -> Asked:
        """A question as the searcher understands it."""
        asked = SearchParameters(parameters) if isinstance(parameters, str) else parameters
        return self.searcher.ask(asked, NOW)

    def found(self, text: str, **parameters: Any) -> set[int]:
        """The numbers of the articles found."""
        results = self.ask(text, limit=100, **parameters)
        assert results.total == len(results.hits)
        return {int(hit.id, 16) for hit in results.hits}
