import pytest

from indexer.archive import Archive, ArticleMarks
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.search.library import Library
from tests.search_app.library import fill, put


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """The settings of an archive that holds the sample; nothing in these tests changes it."""
    return fill(tmp_path_factory.mktemp("library"))


@pytest.fixture(scope="session")
def app(library):
    return create_app(library)


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """The same for tests that change it."""
    return fill(tmp_path_factory.mktemp("own"))


@pytest.fixture
def archive(own):
    """The archive of ``own``, without marks and keys afterwards."""
    with Archive(own.archive_location) as archive:
        yield archive
        for reader in ("", "alice", "bob"):
            for id in archive.marks.ids(reader):
                archive.marks.replace(reader, id, ArticleMarks())
            archive.accounts.remove_key(reader)


@pytest.fixture
def small(tmp_path):
    """A library of one article."""
    with Installation(Config(data=tmp_path / "index_data")) as installation:
        put(installation, 0, "河湾大桥动工")
        yield Library(installation)
