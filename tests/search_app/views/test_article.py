"""The article page."""

import json
from datetime import UTC, datetime

from indexer import build
from indexer.archive import article_id
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from tests.search_app.library import CHANGED
from tests.search_app.pages import Page, problems_of

ADDRESS = f"/article/{article_id(CHANGED)}"


def test_an_article_shows_its_text_source_times_and_original(get):
    page = get(ADDRESS)
    assert page.one("h1").text.strip() == "江城大桥限行五天"
    assert "大桥将于周六起限行<b>五</b>天。" in page.html
    assert page.link("Original on wire.example.org") == CHANGED.url
    times = {each.attributes["datetime"] for each in page.all("time", "story")}
    assert times == {"2026-11-10T02:00:00Z", "2026-11-10T03:00:00Z"}
    assert "2026-11-10 10:00" in page.html
    assert problems_of(page.html) == []


def test_scripts_go_and_pictures_become_links(get):
    page = get(ADDRESS)
    assert "alert(1)" not in page.html
    assert page.one("a", class_="picture").attributes["href"] == "https://wire.example.org/photo.jpg"


def test_what_was_searched_is_marked_also_across_tags(get):
    page = get(f"{ADDRESS}?q=限行五天")
    assert "<mark>限行</mark><b><mark>五</mark></b><mark>天</mark>" in page.html
    assert "<mark>限行五天</mark>" in page.html
    assert page.link("Back to the results").startswith("/?q=")


def test_an_article_says_when_it_was_changed_and_leads_to_what_changed(get):
    page = get(ADDRESS)
    assert not page.all("del")
    changes = get(page.link("Changed ", "changes"))
    assert {each.text for each in changes.all("del")} == {"三"}
    assert {each.text for each in changes.all("ins")} == {"五"}
    assert "公交线路不变" not in changes.html
    assert "Version 1 of 2" in changes.html
    assert changes.link("Back to the article") == ADDRESS
    assert problems_of(changes.html) == []


def test_the_other_script_is_shown_when_asked_for_and_said_so(get):
    page = get(get(ADDRESS).link("Show in Traditional characters"))
    assert page.one("h1").text.strip() == "江城大橋限行五天"
    assert page.one("div", class_="body").attributes["lang"] == "zh-Hant"
    assert "the original may differ" in page.html
    assert get(page.link("As it was written")).one("h1").text.strip() == CHANGED.title


def test_related_articles_and_other_versions_of_the_story_are_listed(client, get):
    hits = client.get("/api/v1/search?q=泽连斯基 停火&fields=id").get_json()["hits"]
    page = get(f"/article/{hits[0]['id']}")
    assert page.all("li", "near")


def test_an_unknown_article_is_a_404_in_both_forms(client):
    assert client.get("/article/0000000000000000").status_code == 404
    answer = client.get("/article/0000000000000000", headers={"Accept": "application/json"})
    assert answer.get_json()["error"]["code"] == "not_found"


def test_times_are_those_of_the_asked_zone(get):
    assert datetime(2026, 11, 10, 2, 0, tzinfo=UTC) == CHANGED.published
    assert "2026-11-10 02:00" in get(f"{ADDRESS}?tz=UTC").html


def test_an_article_is_cited_and_taken_along_in_one_click(get, client):
    page = get(ADDRESS)
    assert page.one("p", id="citation").text == (
        f"江城日报. 江城大桥限行五天[EB/OL]. (2026-11-10)[2026-11-10]. {CHANGED.url}"
    )
    files = [each.attributes["href"] for each in page.all("a", "cite")]
    assert len(files) == 4
    for address in files:
        answer = client.get(address)
        assert "江城大桥限行五天" in answer.get_data(as_text=True)
        assert answer.headers["Content-Disposition"].startswith(f'attachment; filename="xunwen-{article_id(CHANGED)}.')
    assert client.get(f"/api/v1{ADDRESS.replace('article', 'articles')}/citation?tz=Mars").status_code == 400


def test_an_article_tells_machines_what_it_is(get):
    page = get(ADDRESS)
    told = {
        each.attributes["name"]: each.attributes["content"] for each in page.all("meta") if "name" in each.attributes
    }
    assert told["citation_title"] == "江城大桥限行五天"
    assert told["citation_publication_date"] == "2026/11/10"
    assert told["citation_publisher"] == "江城日报"
    assert json.loads(page.one("script", type="application/ld+json").text)["headline"] == "江城大桥限行五天"


def test_a_hostile_title_ends_no_script(tmp_path):
    title = "</script><script>alert(1)</script><!--<script>\u2028]]>"
    config = Config(data=tmp_path)
    article = Article(url="https://example.org/1", title=title, text="一")
    with Installation(config) as installation:
        installation.archive.put([article])
        build.update(installation.archive, installation.index, installation.analyser)
    page = Page(create_app(config).test_client().get(f"/article/{article_id(article)}"))
    assert len(page.all("script")) == 2
    assert json.loads(page.one("script", type="application/ld+json").text)["headline"].startswith("</script>")
    assert problems_of(page.html) == []
