"""The application over the sample archive, as a stranger meets it."""

import pytest

from search_app import create_app
from tests.search_app.library import fill


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    return create_app(fill(tmp_path_factory.mktemp("attacked")))


@pytest.fixture
def client(app):
    return app.test_client()
