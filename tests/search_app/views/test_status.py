"""The subscriptions and the state of archive and index."""

import shutil
from pathlib import Path

import pytest

from indexer.config import Config
from search_app import create_app
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


def test_feeds_in_trouble_come_first_with_their_error(client):
    page = Page(client.get("/subscriptions", headers=ENGLISH))
    assert problems_of(page.html) == []
    rows = [" ".join(row.text.split()) for row in page.all("tr", "tbody")]
    assert rows[0].startswith("gone.example.net")
    assert "HTTP 404: not found" in rows[0]
    assert "5 failures in a row" in rows[0]
    assert any(row.startswith("新订阅") and "never" in row for row in rows)
    assert any(row.startswith("环球晨报") and "2026-11-20 16:30" in row and "fine" in row for row in rows)


def test_a_feeds_secrets_are_not_shown_and_a_wrong_clock_keeps_it_from_nothing(client):
    page = Page(client.get("/subscriptions", headers=ENGLISH))
    assert "SECRET" not in page.html
    (row,) = [" ".join(row.text.split()) for row in page.all("tr", "tbody") if "私人订阅" in row.text]
    assert "https://***@private.example.org/feed?token=***" in row
    assert "2300" not in row
    assert " now " in row


def test_the_status_page_tells_sizes_and_what_is_waiting(client):
    page = Page(client.get("/status", headers=ENGLISH))
    text = " ".join(page.html.split())
    assert "nothing: up to date" in text
    assert "<dt>Generation</dt><dd>1</dd>" in text
    assert "kB" in text or "MB" in text
    assert page.link("科技前线") == "/?source=%E7%A7%91%E6%8A%80%E5%89%8D%E7%BA%BF&sort=newest"


@pytest.mark.parametrize("name", ["variants.tsv", "learned_names.tsv", "lexicon.tsv"])
@pytest.mark.parametrize("content", ["特朗普\n".encode(), bytes(range(256)) * 20, b"\xff\xfe", b"a\t\0\n" * 100])
def test_whatever_stands_in_a_file_that_helps_everything_answers_and_says_so(library, tmp_path, name, content):
    data = Path(shutil.copytree(library.data, tmp_path / "data"))
    (data / name).write_bytes(content)
    client = create_app(Config(data=data)).test_client()
    for address in (
        "/",
        "/?q=关税",
        "/?q=关稅税税",
        "/api/v1/search?q=川普",
        "/api/v1/suggest?q=te",
        "/timeline?q=关税",
    ):
        assert client.get(address, headers=ENGLISH).status_code == 200, address
    health = client.get("/healthz")
    assert (health.status_code, health.get_json()["status"]) == (200, "ok")
    assert name in " ".join(health.get_json()["warnings"])
    assert name in client.get("/status", headers=ENGLISH).get_data(as_text=True)
