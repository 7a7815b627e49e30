from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest


@pytest.fixture
def now():
    return datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


@pytest.fixture
def zone():
    return ZoneInfo("Asia/Shanghai")


@pytest.fixture
def when(now, zone):
    """The two arguments that every reader wants."""
    return {"zone": zone, "now": now}
