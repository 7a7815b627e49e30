"""What the tests of a cluster share. Those that need real servers ask for their fixtures by name."""

from __future__ import annotations

import pytest

from tests.conftest import OPENSEARCH
from tests.databases import DATABASES


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what needs a server that cannot be started here; the report's header says which."""
    lacking = set() if OPENSEARCH else {"opensearch_node", "three_nodes"}
    lacking |= set() if "postgresql" in DATABASES else {"postgresql"}
    items[:] = [item for item in items if not lacking & set(getattr(item, "fixturenames", ()))]
