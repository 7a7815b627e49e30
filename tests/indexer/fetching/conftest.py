from collections.abc import Iterator

import pytest

from tests.indexer.fetching.servers import Server, serving


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as server:
        yield server
