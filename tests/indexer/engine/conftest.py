"""What the tests of the contract share."""

import pytest

from indexer.engine.index import SearchIndex
from tests.conftest import Opener


@pytest.fixture(scope="session")
def share(engine_name: str) -> float:
    """Which share of the made-up examples an engine is tested with: a commit on a cluster takes its time."""
    return 0.2 if engine_name == "opensearch" else 1.0


@pytest.fixture(scope="session")
def tolerance(engine_name: str) -> float | None:
    """How far scores may be from the oracle's, as a share of them; ``None`` where that depends on the feature."""
    return None if engine_name == "opensearch" else 1e-9


@pytest.fixture
def index(open_index: Opener) -> SearchIndex:
    """An index that was not built yet."""
    return open_index()
