"""What every test shares."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.opensearch.cluster import LocalCluster, missing

# Machines that run tests are shared and noisy: how long an example takes says nothing. On a CI machine the examples are
# the same at every run, so that a change is judged by what it changed; elsewhere they are new ones each time.
settings.register_profile("xunwen", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "xunwen")

OPENSEARCH_MISSING = missing()
OPENSEARCH = not OPENSEARCH_MISSING or "opensearch" in os.environ.get("XUNWEN_REQUIRE", "").split(",")
"""Whether to test with OpenSearch; where it is asked for and cannot run, its tests fail."""


def pytest_report_header() -> str:
    return f"OpenSearch: {'not tested, ' + OPENSEARCH_MISSING if OPENSEARCH_MISSING else 'real nodes, from jars'}"


@pytest.fixture(scope="session")
def opensearch_node() -> Iterator[LocalCluster]:
    """One real node for all tests, which come one after another and begin by clearing it."""
    assert not OPENSEARCH_MISSING, f"XUNWEN_REQUIRE asks for OpenSearch: {OPENSEARCH_MISSING}"
    with LocalCluster() as node:
        yield node
