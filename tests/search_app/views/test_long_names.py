"""Articles that were kept before names had a length: pages stay small, and nothing is lost."""

from datetime import UTC, datetime

import pytest

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from tests.search_app.pages import Page, problems_of

LONG = 400_000
MOST_BYTES = 60_000


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    config = Config(data=tmp_path_factory.mktemp("long"))
    with Installation(config) as installation:
        articles = [
            Article(
                url=f"https://a.example/{number}/" + "u" * LONG * (number == 2),
                title="疫苗" + "题" * LONG,
                text="疫苗到货。",
                source="源" * LONG,
                author="者" * LONG,
                published=datetime(2026, 11, 10, number, tzinfo=UTC),
                discovered=datetime(2026, 11, 10, 12, tzinfo=UTC),
            )
            for number in range(3)
        ]
        installation.archive.put(articles)
        build.update(installation.archive, installation.index, installation.analyser)
    return create_app(config).test_client()


@pytest.mark.parametrize("path", ["/", "/?q=疫苗", "/?q=题题题", "/status", "/timeline?q=疫苗"])
def test_a_page_stays_small(client, path):
    page = Page(client.get(path))
    assert page.status == 200
    assert problems_of(page.html) == []
    assert len(page.html.encode()) < MOST_BYTES


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_stays_small(client, form):
    response = client.get(f"/feed.{form}?q=疫苗")
    assert response.status_code == 200
    assert len(response.data) < MOST_BYTES


def test_an_articles_page_stays_small_and_the_api_has_all_of_it(client):
    for hit in client.get("/api/v1/search?q=疫苗").get_json()["hits"]:
        page = client.get(f"/article/{hit['id']}")
        assert page.status_code == 200
        assert len(page.data) < MOST_BYTES
        kept = client.get(f"/api/v1/articles/{hit['id']}").get_json()
        assert len(kept["title"]) == LONG + 2
        assert len(kept["source"]) == len(kept["author"]) == LONG


def test_a_mark_at_the_cut_stays_whole(client):
    page = Page(client.get("/?q=题题题"))
    assert all(each.text.endswith("…") for each in page.all("h2", "hits"))
