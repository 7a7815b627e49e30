"""What is shown for a question that nothing, or hardly anything, is found for."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from indexer.learning import learn_everything
from search_app import create_app
from search_app.query.parameters import SearchParameters
from search_app.query.words.spelling import FEW
from search_app.search.library import Library
from search_app.search.results import Results

OFTEN = 2 * FEW


def _articles() -> Iterator[Article]:
    titles = [
        *["普京谈华为芯片"] * OFTEN,
        *["霍普金斯大学的报告"] * (FEW + 5),
        *["诺贝尔和平奖揭晓"] * OFTEN,
        "诺贝尔和评奖委员会",
        "华为手机",
        *["事例一则"] * 2,
        *["视力检查"] * OFTEN,
    ]
    for number, title in enumerate(titles):
        published = datetime(2026, 1, 1, number % 24, tzinfo=UTC)
        yield Article(url=f"https://a.example/{number}", title=title, text=title, published=published)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("corrections")
    with Installation(Config(data=folder)) as installation:
        installation.archive.put(_articles())
        build.update(installation.archive, installation.index, installation.analyser)
        learn_everything(installation)
        yield installation


def shown(installation: Installation, text: str, **parameters: bool) -> Results:
    library = Library(installation)
    asked = library.ask(SearchParameters(text, **parameters))
    return library.corrected(asked, library.search(asked))


@pytest.mark.parametrize(
    ("asked", "meant"), [("华为心片", "华为芯片"), ("huawei xinpian", "华为芯片"), ("诺贝尔和坪奖", "诺贝尔和平奖")]
)
def test_where_no_article_holds_all_of_it_what_was_meant_is_shown(installation, asked, meant):
    results = shown(installation, asked)
    assert results.total == OFTEN
    assert not results.partial
    assert next((note.code, note.terms) for note in results.query.notes) == ("corrected", (asked, meant))


def test_only_this_spelling_is_only_this_spelling(installation):
    results = shown(installation, "华为心片", variants=False)
    assert "corrected" not in [note.code for note in results.query.notes]


def test_what_few_articles_hold_is_shown_with_what_was_more_likely_meant(installation):
    results = shown(installation, "诺贝尔和评奖")
    assert results.total == 1
    assert [each.text for each in results.suggestions] == ["诺贝尔和平奖"]


def test_a_part_of_a_longer_word_is_no_word_that_was_found(installation):
    results = shown(installation, "普金")
    assert results.total == FEW + 5
    assert [(each.text, each.count) for each in results.suggestions] == [("普京", OFTEN)]


@pytest.mark.parametrize("word", ["事例", "视力", "普京", "诺贝尔和平奖", "华为芯片", "霍普金斯大学"])
def test_nothing_is_proposed_for_words_that_are_right(installation, word):
    assert shown(installation, word).suggestions == ()


def test_the_page_says_so_and_leads_back(installation):
    client = create_app(installation.config).test_client()
    headers = {"Accept-Language": "en"}
    page = client.get("/?q=huawei xinpian", headers=headers).get_data(as_text=True)
    assert "These are the articles for: 华为芯片" in page
    assert 'href="/?q=huawei+xinpian&amp;variants=0"' in page
    assert ">华为芯片</a>" not in page
    page = client.get("/?q=huawei xinpian&variants=0", headers=headers).get_data(as_text=True)
    assert "These are the articles for" not in page


def test_a_corrected_search_goes_on_in_what_was_meant(installation):
    client = create_app(installation.config).test_client()
    pages = [client.get("/?q=华为心片").get_data(as_text=True)]
    assert OFTEN > 10
    while following := re.search(r'class="next" href="([^"]+)', pages[-1]):
        pages.append(client.get(unescape(following[1])).get_data(as_text=True))
    hits = [each for page in pages for each in re.findall(r'<h2><a href="(/article/[^?"]+)', page)]
    assert len(hits) == len(set(hits)) == OFTEN


def test_an_article_of_a_corrected_search_is_marked_and_leads_on_as_what_was_meant(installation):
    client = create_app(installation.config).test_client()
    headers = {"Accept-Language": "en"}
    page = client.get("/?q=huawei xinpian", headers=headers).get_data(as_text=True)
    address = unescape(re.search(r'<h2><a href="([^"]+)', page)[1])
    article = client.get(address, headers=headers).get_data(as_text=True)
    assert "<mark>华为芯片</mark>" in article
    assert "Back to the results" in article
    assert "Next hit" in article
