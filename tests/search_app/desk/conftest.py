import pytest

from indexer import build
from indexer.archive import Draft, Watch
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from indexer.stories import update as stories
from search_app.desk.looking import look
from search_app.desk.watches import as_address, draft_of
from search_app.search.library import Library


class Desk:
    """An archive, its index, and the watches that look at it."""

    def __init__(self, installation: Installation) -> None:
        self.installation = installation
        self.archive = installation.archive
        self.library = Library(installation)

    def watch(self, query: str, **wishes: str) -> Watch:
        [added] = self.archive.watches.add([self.draft(query, **wishes)])
        return added

    def draft(self, query: str, **wishes: str) -> Draft:
        return draft_of({"query": as_address(query), **wishes}, self.library, query)

    def put(self, *articles: Article) -> None:
        """Keep articles, and bring stories and index up to date as ``xunwen index`` does."""
        self.archive.put(articles)
        self.index()

    def index(self) -> None:
        stories.update(self.archive, self.installation.analyser, self.installation.articles.get)
        build.update(self.archive, self.installation.index, self.installation.analyser)

    def news(self) -> list[tuple[str, str]]:
        """What a look finds: the name of each watch and the title of the article."""
        names = {watch.id: watch.name for watch in self.archive.watches.all()}
        found = look(self.library)
        titles = {each.id: each.title for each in self.archive.get([each.article for each in found])}
        return sorted((names[each.watch], titles[each.article]) for each in found)


@pytest.fixture
def config(tmp_path) -> Config:
    return Config(data=tmp_path / "index_data", webhook_hosts="127.0.0.1", smtp_from="xunwen@example.org")


@pytest.fixture
def desk(config):
    with Installation(config) as installation:
        yield Desk(installation)
