"""Every test of the archive runs on SQLite, and on a real PostgreSQL where its programs are installed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.archive import Archive
from tests.databases import PROGRAMS, location, postgresql, postgresql_server  # noqa: F401 (fixtures)


def pytest_report_header() -> str:
    return f"PostgreSQL: {PROGRAMS or 'not found, the archive is tested on SQLite alone'}"


@pytest.fixture
def archive(location: str | Path) -> Iterator[Archive]:  # noqa: F811
    with Archive(location) as archive:
        yield archive
