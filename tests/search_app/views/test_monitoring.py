"""What those who run it see, also when something is wrong."""

import dataclasses

import pytest

from indexer.config import Config
from indexer.errors import (
    ArchiveError,
    EngineUnavailable,
    IndexCorrupt,
    IndexFailure,
    IndexLocked,
    IndexMissing,
    QueryError,
    StampMismatch,
    Unsupported,
    XunwenError,
)
from search_app import create_app
from search_app.presentation.errors import problem_of


def test_healthz_tells_what_is_indexed(client):
    answer = client.get("/healthz").get_json()
    assert answer["status"] == "ok"
    assert answer["documents"] == 51
    assert answer["behind"] == 0


def test_metrics_count_requests(client):
    client.get("/?q=疫苗")
    text = client.get("/metrics").get_data(as_text=True)
    assert 'xunwen_http_requests_total{endpoint="search.page",status="200"}' in text
    assert "xunwen_index_documents 51.0" in text


def test_without_an_index_everything_says_so_plainly(tmp_path):
    client = create_app(Config(data=tmp_path)).test_client()
    for address in ("/", "/?q=疫苗", "/timeline?q=疫苗", "/feed.atom?q=疫苗"):
        response = client.get(address, headers={"Accept-Language": "en"})
        assert response.status_code == 503, address
        assert response.headers["Retry-After"]
        assert "no index yet" in response.get_data(as_text=True)
    answer = client.get("/api/v1/search?q=疫苗")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (503, "index_missing")
    health = client.get("/healthz")
    assert (health.status_code, health.get_json()["error"]["code"]) == (503, "index_missing")
    assert "no index yet" in client.get("/status", headers={"Accept-Language": "en"}).get_data(as_text=True)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (QueryError("bad_date", field="from", given="soon", allowed=("2020",)), 400, "bad_date"),
        (Unsupported("no"), 501, "unsupported"),
        (IndexMissing("no"), 503, "index_missing"),
        (StampMismatch("no"), 503, "index_outdated"),
        (IndexCorrupt("no"), 503, "index_corrupt"),
        (IndexLocked("no"), 503, "index_locked"),
        (EngineUnavailable("no", retry_after=7), 503, "engine_unavailable"),
        (ArchiveError("no"), 503, "archive_unavailable"),
        (IndexFailure("secret"), 503, "index_unavailable"),
        (XunwenError("secret"), 500, "internal_error"),
        (RuntimeError("secret"), 500, "internal_error"),
    ],
)
def test_every_error_has_a_status_and_a_code(error, status, code):
    problem = problem_of(error)
    assert (problem.status, problem.code) == (status, code)
    assert "secret" not in str(dataclasses.asdict(problem))
    assert (problem.retry_after is not None) == (status == 503)


def test_an_engine_that_is_away_tells_when_to_come_back():
    assert problem_of(EngineUnavailable("away", retry_after=7)).retry_after == 7
