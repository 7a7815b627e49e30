"""Sentences on their page and in the API."""

import csv
import io
import json

import pytest
from click.testing import CliRunner

from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.cli import main
from tests.indexer.stories.articles import FLOOD, article
from tests.search_app.pages import Page, problems_of

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sentences")
    with Installation(Config(data=folder)) as installation:
        installation.archive.put(
            [
                article(1, "江城暴雨 汉水超警戒线", FLOOD, hours=10),
                article(2, "汉水水位超警戒", FLOOD.replace("面包", "雨衣"), hours=30, source="海州时报"),
                article(3, "<b>别处</b>", "<script>汉水</script>也在这里。=汉水", hours=40, source="晚报"),
            ]
        )
    done = CliRunner().invoke(main, ["--data", str(folder), "index"])
    assert done.exit_code == 0, done.output
    return create_app(Config(data=folder)).test_client()


@pytest.fixture
def get(client):
    return lambda address: client.get(address, headers=ENGLISH, buffered=True)


def test_a_reprinted_sentence_counts_once_and_names_who_has_it_too(get):
    answer = get("/api/v1/sentences?q=汉水").get_json()
    assert answer["total"] == 3 and answer["stories"] == 2
    texts = [each["text"] for each in answer["sentences"]]
    assert len(texts) == len(set(texts))
    copied = [each for each in answer["sentences"] if each["copy_count"]]
    assert copied
    assert all([copy["source"] for copy in each["copies"]] == ["海州时报"] for each in copied)
    every = get("/api/v1/sentences?q=汉水&collapse=0").get_json()["sentences"]
    assert len(every) == len(texts) + len(copied)


def test_pages_follow_one_another_to_the_end(get):
    whole = get("/api/v1/sentences?q=汉水&limit=200").get_json()["sentences"]
    seen, cursor = [], ""
    while cursor is not None:
        answer = get(f"/api/v1/sentences?q=汉水&limit=1&cursor={cursor}").get_json()
        seen += answer["sentences"]
        cursor = answer["next"]
    assert seen == whole


@pytest.mark.parametrize("cursor", ["x", "1", "1.x", "-1.", "9999999.", ".", "1.AAAA"])
def test_a_cursor_that_is_none_is_refused(get, cursor):
    answer = get(f"/api/v1/sentences?q=汉水&cursor={cursor}")
    assert (answer.status_code, answer.get_json()["error"]["code"]) == (400, "bad_cursor")
    assert get(f"/sentences?q=汉水&cursor={cursor}").status_code == 400


def test_everything_can_be_taken_along(get):
    whole = get("/api/v1/sentences?q=汉水&limit=200").get_json()["sentences"]
    lines = get("/api/v1/sentences?q=汉水&format=jsonl").get_data(as_text=True).splitlines()
    assert [json.loads(line) for line in lines] == whole
    table = get("/api/v1/sentences?q=汉水&format=csv").get_data(as_text=True).removeprefix("\ufeff")
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [row["text"].removeprefix("'") for row in rows] == [each["text"] for each in whole]
    assert any(row["text"] == "'=汉水" for row in rows)
    assert get("/api/v1/sentences?q=nofield:x&format=csv").status_code == 400


def test_the_page_aligns_the_sentences_and_leads_to_their_places(get):
    page = Page(get("/sentences?q=汉水"))
    assert page.status == 200
    assert problems_of(page.html) == []
    assert {each.text for each in page.all("mark", "kwic")} == {"汉水"}
    assert "<script>汉水" not in page.html
    places = [each.attributes["href"] for each in page.all("a", "meta") if "#" in each.attributes["href"]]
    assert len(places) == len(page.all("summary", class_="kwic"))
    assert all("q=%E6%B1%89%E6%B0%B4#:~:text=" in place for place in places)
    assert get(page.link("CSV")).status_code == 200


def test_the_page_without_a_question_asks_for_one(get):
    page = Page(get("/sentences"))
    assert page.status == 200
    assert problems_of(page.html) == []
    assert page.all("summary", class_="kwic") == []


def test_the_page_says_what_is_wrong_with_a_question(get):
    page = Page(get("/sentences?q=nofield:x"))
    assert page.status == 400
    assert page.one("div", role="alert").text.strip()


def test_each_source_can_be_chosen_and_taken_back(get):
    chosen = Page(get(Page(get("/sentences?q=汉水")).link("晚报", "facet")))
    assert len(chosen.all("summary", class_="kwic")) == 2
    assert "晚报" in chosen.one("ul", class_="chips").text


def test_results_lead_to_their_sentences(get):
    address = Page(get("/?q=汉水&source=晚报")).link("Sentences")
    assert len(Page(get(address)).all("summary", class_="kwic")) == 2
