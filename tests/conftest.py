"""What every test shares."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from xdist.scheduler import LoadScopeScheduling

from indexer.engine.index import SearchIndex, Stamp
from indexer.engine.opensearch import OpenSearchIndex
from indexer.engine.opensearch.client import Cluster
from indexer.engine.whoosh.index import WhooshIndex
from tests.indexer.engine.documents import STAMP
from tests.indexer.engine.opensearch.cluster import LocalCluster, missing
from tests.indexer.engine.oracle import MemoryIndex
from tests.parts import PARTS, is_required

# Machines that run tests are shared and noisy: how long an example takes says nothing. On a CI machine the examples are
# the same at every run, so that a change is judged by what it changed; elsewhere they are new ones each time, and more.
settings.register_profile("xunwen", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, max_examples=50)
settings.load_profile("ci" if os.environ.get("CI") else "xunwen")

# A shell starts what runs behind it with SIGINT ignored, and so would be what tests start to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)


class CompiledTemplates(BytecodeCache):
    """Templates are compiled once a process, not for each of the hundreds of applications that tests make."""

    def __init__(self) -> None:
        self._compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if compiled := self._compiled.get(bucket.key):
            bucket.bytecode_from_string(compiled)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._compiled[bucket.key] = bucket.bytecode_to_string()


Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}

OPENSEARCH_MISSING = missing()
OPENSEARCH = not OPENSEARCH_MISSING or is_required("opensearch")
"""Whether to test with OpenSearch; where it is asked for and cannot run, its tests fail."""


Opener = Callable[..., SearchIndex]
"""``open(stamp=STAMP)`` opens one index, the same one at every call, as another process would."""


def pytest_report_header() -> str:
    return f"OpenSearch: {'not tested, ' + OPENSEARCH_MISSING if OPENSEARCH_MISSING else 'real nodes, from jars'}"


DEAR = ("test_kill",)
"""Modules whose tests share what is dear to make."""


class ByServer(LoadScopeScheduling):  # type: ignore[misc]
    """Tests that share a server, a browser or what is dear to make run in one process, where others run beside it.

    xdist has marks for this, which it writes into the names of tests in a way that pytest 9.2 takes no notice of.
    """

    def _split_scope(self, nodeid: str) -> str:
        return next((shared for shared in (*PARTS, *DEAR) if shared in nodeid), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByServer:
    return ByServer(config, log)


@pytest.fixture(scope="session")
def opensearch_node() -> Iterator[LocalCluster]:
    """One real node for all tests, which come one after another and begin by clearing it."""
    assert not OPENSEARCH_MISSING, f"XUNWEN_REQUIRE asks for OpenSearch: {OPENSEARCH_MISSING}"
    with LocalCluster() as node:
        yield node


# Every engine passes the same tests: it registers itself here, by a way to open an index of its own.


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


@pytest.fixture(scope="session")
def opensearch(opensearch_node: LocalCluster) -> Callable[[], Opener]:
    numbers = count()

    def new_index() -> Opener:
        opensearch_node.clear()
        cluster = Cluster(opensearch_node.urls, prefix=f"contract{next(numbers)}")
        return lambda stamp=STAMP: OpenSearchIndex(cluster, stamp)

    return new_index


@pytest.fixture(scope="session", params=["memory", "whoosh", *(["opensearch"] if OPENSEARCH else [])])
def engine_name(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest, engine_name: str) -> Callable[[], Opener]:
    """``engine()`` makes room for one more index, still missing, and gives the way to open it."""
    new_index: Callable[[], Opener] = request.getfixturevalue(engine_name)
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
