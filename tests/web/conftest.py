import pytest

from tests.web.library import sample_app


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """The application over the sample; nothing in these tests changes it."""
    return sample_app(tmp_path_factory.mktemp("library"))


@pytest.fixture
def client(app):
    return app.test_client()
