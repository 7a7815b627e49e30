"""Every engine passes the same tests: it registers itself here, by a way to open an index of its own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count

import pytest

from indexer.engine.index import SearchIndex, Stamp
from indexer.engine.memory import MemoryIndex
from indexer.engine.opensearch import OpenSearchIndex
from indexer.engine.opensearch.client import Cluster
from indexer.engine.whoosh.index import WhooshIndex
from tests.engine.documents import STAMP
from tests.opensearch.cluster import LocalCluster, missing

MISSING = missing()
REQUIRED = "opensearch" in os.environ.get("XUNWEN_REQUIRE", "").split(",")

Opener = Callable[..., SearchIndex]
"""``open(stamp=STAMP)`` opens one index, the same one at every call, as another process would."""


@pytest.fixture(scope="session")
def memory() -> Callable[[], Opener]:
    def new_index() -> Opener:
        kept = MemoryIndex(STAMP)._generations

        def open_index(stamp: Stamp = STAMP) -> SearchIndex:
            index = MemoryIndex(stamp)
            index._generations = kept
            return index

        return open_index

    return new_index


@pytest.fixture(scope="session")
def whoosh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Opener]:
    def new_index() -> Opener:
        folder = tmp_path_factory.mktemp("index") / "index"
        return lambda stamp=STAMP: WhooshIndex(folder, stamp)

    return new_index


def pytest_report_header() -> str:
    return f"OpenSearch: {'not tested, ' + MISSING if MISSING else 'real nodes, from jars'}"


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Opener]]:
    assert not MISSING, f"XUNWEN_REQUIRE asks for OpenSearch: {MISSING}"
    nodes = LocalCluster(tmp_path_factory.mktemp("opensearch"))
    numbers = count()

    def new_index() -> Opener:
        cluster = Cluster(nodes.urls, prefix=f"contract{next(numbers)}")
        return lambda stamp=STAMP: OpenSearchIndex(cluster, stamp)

    try:
        nodes.start()
        yield new_index
    finally:
        nodes.stop()


@pytest.fixture(scope="session", params=["memory", "whoosh", *(["opensearch"] if REQUIRED or not MISSING else [])])
def engine(request: pytest.FixtureRequest) -> Callable[[], Opener]:
    """``engine()`` makes room for one more index, still missing, and gives the way to open it."""
    new_index: Callable[[], Opener] = request.getfixturevalue(request.param)
    return new_index


@pytest.fixture
def open_index(engine: Callable[[], Opener]) -> Iterator[Opener]:
    """Opens the test's own index; all that it opened are closed at the end."""
    with ExitStack() as stack:
        opener = engine()

        def open_and_remember(stamp: Stamp = STAMP) -> SearchIndex:
            index = opener(stamp)
            stack.callback(index.close)
            return index

        yield open_and_remember


@pytest.fixture
def index(open_index: Opener) -> SearchIndex:
    """An index that was not built yet."""
    return open_index()
