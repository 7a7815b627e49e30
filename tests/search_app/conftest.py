import pytest

from search_app import create_app
from tests.search_app.library import fill


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
