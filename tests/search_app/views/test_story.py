"""Stories on pages, in the API, in exports and in the terminal."""

import csv
import json

import feedparser
import pytest
from click.testing import CliRunner

from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main
from tests.indexer.stories.articles import ELECTION, FLOOD, FLOOD_ELSEWHERE, FLOOD_IN_OTHER_WORDS, article
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}
ARTICLES = [
    article(1, "江城暴雨 汉水超警戒线", FLOOD, hours=10),
    article(2, "汉水水位超警戒", FLOOD.replace("面包", "雨衣"), hours=30, source="海州时报"),
    article(3, "江城暴雨 四千人轉移", FLOOD_ELSEWHERE, hours=12, source="南洋新报"),
    article(4, "江城暴雨：汉水水位超过警戒线 居民连夜转移", FLOOD_IN_OTHER_WORDS, hours=20, source="晚报"),
    article(5, "温以宁连任海州市长", ELECTION, hours=11, source="海州时报"),
]


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stories")
    config = Config(data=folder)
    with Installation(config) as installation:
        installation.archive.put(ARTICLES)
    done = CliRunner().invoke(main, ["--data", str(folder), "index"])
    assert done.exit_code == 0, done.output
    return config


@pytest.fixture(scope="module")
def client(config):
    return create_app(config).test_client()


@pytest.fixture(scope="module")
def ids(config):
    with Installation(config) as installation:
        return {each.title: each.id for each in installation.archive.iterate()}


@pytest.fixture
def get(client):
    return lambda address: Page(client.get(address, headers=ENGLISH, follow_redirects=True))


@pytest.fixture
def ask(client):
    return lambda address: client.get(address, headers=ENGLISH).get_json()


def test_a_story_stands_once_among_the_results_and_names_who_else_reported_it(get, ids):
    page = get("/?q=汉水")
    assert len(page.titles()) == 1
    assert "4 articles" in page.html and "in 1 story" in page.html
    summary = page.one("summary", "hits").text
    assert summary.split()[:6] == ["3", "other", "articles", "of", "this", "story"]
    shown = next(each.attributes["href"] for each in page.all("a", "hits"))
    others = {each.attributes["href"] for each in page.all("a", "others")} - {f"/story/{ids[ARTICLES[0].title]}"}
    paths = {each.partition("?")[0] for each in others}
    assert paths == {f"/article/{ids[each.title]}" for each in ARTICLES[:4]} - {shown.partition("?")[0]}
    assert all(page.link("Back to the results") for page in map(get, others))
    assert problems_of(page.html) == []


def test_publishers_count_stories_by_one_click_and_articles_by_another(get, ask):
    by_articles = ask("/api/v1/search?q=汉水")
    by_stories = ask("/api/v1/search?q=汉水&facets_of=stories")
    assert sum(each["count"] for each in by_articles["facets"]["source"]) == by_articles["total"] == 4
    assert {each["count"] for each in by_stories["facets"]["source"]} == {1} == {by_stories["stories"]}
    assert ask("/api/v1/search?q=汉水&facets_of=days")["error"]["code"] == "bad_choice"
    page = get(get("/?q=汉水").link("Count stories by source, author and language"))
    assert "facets_of=stories" in page.link(by_stories["facets"]["source"][0]["value"] + " 1")
    back = get(page.link("Count articles by source, author and language"))
    assert "facets_of=stories" not in back.link(by_articles["facets"]["source"][0]["value"])


def test_one_click_shows_every_article_and_one_click_goes_back(get):
    every = get(get("/?q=汉水").link("Show every article"))
    assert len(every.titles()) == 4
    assert not every.all("details", "hits")
    assert len(get(every.link("Show each story once")).titles()) == 1


@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_by_date_every_article_is_shown_unless_asked_otherwise(get, sort):
    assert len(get(f"/?q=汉水&sort={sort}").titles()) == 4
    assert len(get(f"/?q=汉水&sort={sort}&collapse=1").titles()) == 1


def test_the_page_of_a_story_tells_who_was_first_and_what_others_are(get, ids):
    page = get(f"/story/{ids['汉水水位超警戒']}")
    assert page.one("h1").text.strip() == "江城暴雨 汉水超警戒线"
    rows = [" ".join(each.text.split()) for each in page.all("li", "versions")]
    assert len(rows) == 4
    assert ["first" in row for row in rows] == [True, False, False, False]
    assert ["copy" in row for row in rows] == [False, True, False, True]
    assert ["report" in row for row in rows] == [False, False, True, False]
    assert problems_of(page.html) == []


def test_what_a_copy_says_otherwise_is_shown_beside_the_first(get, ids):
    page = get(f"/story/{ids[ARTICLES[0].title]}?version={ids[ARTICLES[1].title]}")
    assert {each.text for each in page.all("del")} == {"面包"}
    assert {each.text for each in page.all("ins")} == {"雨衣"}
    assert "列车" not in page.one("div", class_="body").text
    assert problems_of(page.html) == []


@pytest.mark.parametrize("address", ["/story/0000000000000abc", "/story/x", "/story/{first}?version=nobody"])
def test_what_is_no_story_or_version_is_not_found(client, ids, address):
    assert client.get(address.format(first=ids[ARTICLES[0].title])).status_code == 404


def test_an_article_names_the_others_of_its_story_and_only_those(get, ids):
    page = get(f"/article/{ids[ARTICLES[2].title]}")
    section = [each for each in page.all("section") if each.attributes.get("aria-labelledby") == "same-story"]
    assert len(section) == 1
    assert "汉水水位超警戒" in section[0].text and "温以宁" not in section[0].text
    assert page.link("The whole story") == f"/story/{ids[ARTICLES[2].title]}"
    alone = get(f"/article/{ids[ARTICLES[4].title]}")
    assert "The same story elsewhere" not in alone.html


def test_the_api_tells_stories(ask, ids):
    first = ids[ARTICLES[0].title]
    answer = ask("/api/v1/search?q=汉水&fields=id,story,copies")
    assert (answer["total"], answer["stories"]) == (4, 1)
    assert [(hit["story"], hit["copies"]) for hit in answer["hits"]] == [(first, 3)]
    every = ask("/api/v1/search?q=汉水&collapse=0&fields=id,story,copies")
    assert {hit["story"] for hit in every["hits"]} == {first} and len(every["hits"]) == 4
    story = ask(f"/api/v1/stories/{ids[ARTICLES[3].title]}")
    assert (story["id"], story["total"]) == (first, 4)
    assert [each["part"] for each in story["articles"]] == ["first", "copy", "report", "copy"]
    one = ask(f"/api/v1/articles/{ids[ARTICLES[1].title]}")
    assert one["story"] == first and {each["id"] for each in one["copies"]} == {
        ids[each.title] for each in (ARTICLES[0], ARTICLES[2], ARTICLES[3])
    }
    assert ask("/api/v1/stories/nothing")["error"]["code"] == "not_found"
    assert ask("/api/v1/search?collapse=2")["error"]["code"] == "bad_choice"


def test_an_export_has_every_article_with_its_story(client, ids):
    text = client.get("/api/v1/search?q=汉水&format=csv&fields=id,story").get_data(as_text=True)
    rows = list(csv.DictReader(text.removeprefix("\ufeff").splitlines()))
    assert {row["id"] for row in rows} == {ids[each.title] for each in ARTICLES[:4]}
    assert {row["story"] for row in rows} == {ids[ARTICLES[0].title]}


def test_the_terminal_counts_stories(config):
    output = CliRunner().invoke(main, ["--data", str(config.data), "search", "汉水"]).output
    assert output.startswith("4 articles in 1 story")
    asked = ["--data", str(config.data), "search", "汉水", "--collapse", "0", "--json"]
    assert len(json.loads(CliRunner().invoke(main, asked).output)["hits"]) == 4


def test_an_article_that_goes_leaves_its_story(config, tmp_path):
    other = Config(data=tmp_path)
    with Installation(other) as installation:
        installation.archive.put(ARTICLES)
    runner = CliRunner()
    runner.invoke(main, ["--data", str(tmp_path), "index"])
    with Installation(other) as installation:
        known = {each.title: each.id for each in installation.archive.iterate()}
        installation.archive.delete([known[ARTICLES[0].title]])
    assert runner.invoke(main, ["--data", str(tmp_path), "index"]).exit_code == 0
    output = runner.invoke(main, ["--data", str(tmp_path), "search", "汉水", "--json"]).output
    answer = json.loads(output)
    assert answer["total"] == 3
    # Who copied the first is still one story with who copied it too.
    assert answer["stories"] < 3


def test_stories_that_cannot_be_made_do_not_keep_articles_from_the_index(config, tmp_path, monkeypatch):
    other = Config(data=tmp_path)
    with Installation(other) as installation:
        installation.archive.put(ARTICLES)
    monkeypatch.setattr("indexer.stories.update.pairs", lambda *_: 1 / 0)
    done = CliRunner().invoke(main, ["--data", str(tmp_path), "index"])
    assert done.exit_code == 0
    assert "Stories were not brought up to date" in done.output and "xunwen rebuild" in done.output
    monkeypatch.undo()
    found = json.loads(CliRunner().invoke(main, ["--data", str(tmp_path), "search", "汉水", "--json"]).output)
    assert (found["total"], found["stories"]) == (4, 4)
    CliRunner().invoke(main, ["--data", str(tmp_path), "index"])
    found = json.loads(CliRunner().invoke(main, ["--data", str(tmp_path), "search", "汉水", "--json"]).output)
    assert (found["total"], found["stories"]) == (4, 1)


@pytest.mark.parametrize("form", ["atom", "rss", "json"])
def test_a_feed_has_one_entry_a_story(client, form):
    def entries(address):
        data = client.get(address).data
        if form == "json":
            return [(each["id"], each["title"]) for each in json.loads(data)["items"]]
        return [(each.id, each.title) for each in feedparser.parse(data).entries]

    every = entries(f"/feed.{form}?q=江城 OR 汉水 OR 海州&collapse=0")
    assert len(every) == len(ARTICLES) == len({id for id, _ in every})
    once = entries(f"/feed.{form}?q=江城 OR 汉水 OR 海州")
    assert (
        len(once) == client.get("/api/v1/search?q=江城 OR 汉水 OR 海州&collapse=1").get_json()["stories"] < len(every)
    )
    # The newest article stands for its story, under the id of the first.
    assert once[0][1] == every[0][1] == ARTICLES[1].title
    assert once[0][0] == next(id for id, title in every if title == ARTICLES[0].title)
