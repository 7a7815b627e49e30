"""Schemathesis asks what the description allows, and what it doesn't: every answer must be one that is described."""

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE
ASKED = [
    *(
        (endpoint, POSITIVE)
        for endpoint in ("articles/{article_id}", "articles/{article_id}/citation", "related/{article_id}")
    ),
    *(
        (endpoint, mode)
        for endpoint in ("search", "timeline", "terms", "entities", "entity", "suggest")
        for mode in (POSITIVE, NEGATIVE)
    ),
]


@pytest.fixture(scope="module")
def described(app):
    return schemathesis.openapi.from_wsgi("/openapi.json", app)


@pytest.mark.parametrize(("endpoint", "mode"), ASKED, ids=lambda part: getattr(part, "value", part))
def test_every_answer_is_described(described, endpoint, mode):
    cases = described[f"/api/v1/{endpoint}"]["GET"].as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
    def ask(case):
        # A date, a zone or a cursor can be well-formed and mean nothing: that is a 400 which no schema foretells.
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    ask()
