"""What the tests of a cluster share. Those that need real nodes ask for ``opensearch_node``."""

from __future__ import annotations

import pytest

from tests.conftest import OPENSEARCH


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs real nodes where there are none; the report's header says so."""
    if not OPENSEARCH:
        items[:] = [item for item in items if not REAL & set(getattr(item, "fixturenames", ()))]


REAL = {"opensearch_node", "three_nodes"}
