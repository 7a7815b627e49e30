"""Articles of great length: the page shows a part or the text alone, and says so; the API has all of it."""

from dataclasses import replace

import pytest

from indexer import build
from indexer.archive import article_id
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.presentation.html.article_html import MOST_TAGS
from search_app.views.reading.article import LONGEST
from tests.search_app.library import CHANGED
from tests.search_app.pages import Page

LONG = replace(
    CHANGED, url="https://wire.example.org/long", text=("长" * 999 + "\n") * (LONGEST // 1000 + 1) + "末尾", html=""
)
TAGGED = replace(CHANGED, url="https://wire.example.org/tagged", html="<p>大桥</p>" * MOST_TAGS)


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    config = Config(data=tmp_path_factory.mktemp("large"))
    with Installation(config) as installation:
        installation.archive.put([LONG, TAGGED])
        build.update(installation.archive, installation.index, installation.analyser)
    return create_app(config)


@pytest.fixture
def get(app):
    return lambda article: Page(
        app.test_client().get(f"/article/{article_id(article)}?q=大桥", headers={"Accept-Language": "en"})
    )


def test_a_very_long_text_is_shown_in_part_and_the_api_has_all_of_it(app, get):
    page = get(LONG)
    assert "末尾" not in page.html
    address = page.link("Only its first 500,000 characters are shown")
    assert app.test_client().get(address).get_json()["text"] == LONG.text


def test_markup_of_very_many_tags_gives_way_to_the_text(app, get):
    page = get(TAGGED)
    assert "<p><mark>大桥</mark>将于周六起限行五天。</p>" in page.html
    assert "Its markup is too large to be shown" in page.html
    assert app.test_client().get(f"/api/v1/articles/{article_id(TAGGED)}").get_json()["html"] == ""


def test_the_snippet_of_a_very_long_text_is_short(app):
    [hit] = app.test_client().get("/api/v1/search?q=末尾").get_json()["hits"]
    assert len(hit["snippet"]["text"]) < 400
