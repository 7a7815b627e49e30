"""Schemathesis asks what the description allows, and what it doesn't: every answer must be one that is described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, settings


@pytest.fixture
def described(app):
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_described(case):
    case.call_and_validate()
