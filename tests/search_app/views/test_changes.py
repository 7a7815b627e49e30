"""What an article said before: one comparison a page, however many versions there are."""

import json
from dataclasses import replace

import pytest

from indexer.archive import article_id
from indexer.config import Config
from indexer.installation import Installation
from search_app import create_app
from search_app.presentation import text_diff
from tests.search_app.library import CHANGED
from tests.search_app.pages import Page

VERSIONS = 30
ADDRESS = f"/article/{article_id(CHANGED)}"


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """An article that was changed thirty times; the last change touches its source alone, one is of great length."""
    config = Config(data=tmp_path_factory.mktemp("changes"))
    with Installation(config) as installation:
        for number in range(VERSIONS):
            text = f"伤者{number}人。\n" + ("长" * text_diff.LONGEST if number == 5 else "公交线路不变。")
            installation.archive.put([replace(CHANGED, title="江城大桥", text=text, html="")])
        installation.archive.put([replace(CHANGED, title="江城大桥", text=text, html="", source="江城晚报")])
    return create_app(config)


@pytest.fixture
def get(app):
    return lambda address: Page(app.test_client().get(address, headers={"Accept-Language": "en"}))


def test_without_a_number_the_last_change_is_shown(get):
    page = get(f"{ADDRESS}/changes")
    assert "Version 30 of 31" in page.html
    assert "Only its date, author or source changed." in page.html


def test_each_version_is_compared_with_the_next(get):
    for number in (1, 12, VERSIONS - 1):
        page = get(f"{ADDRESS}/changes?version={number}")
        assert [each.text for each in page.all("del")] == [str(number - 1)]
        assert [each.text for each in page.all("ins")] == [str(number)]


def test_versions_around_it_are_named_and_lead_to_all(get):
    numbers, waiting = set(), {VERSIONS}
    while waiting:
        number = waiting.pop()
        numbers.add(number)
        links = [each for each in get(f"{ADDRESS}/changes?version={number}").all("a") if each.text.isdigit()]
        assert len(links) <= 21
        waiting |= {int(each.text) for each in links} - numbers
    assert numbers == set(range(1, VERSIONS + 1))


def test_very_long_versions_are_compared_in_part_and_it_says_so(get):
    assert "Only the first 200,000 characters were compared." in get(f"{ADDRESS}/changes?version=5").html


@pytest.mark.parametrize("version", [VERSIONS + 1, 999_999])
def test_versions_that_are_not_there_are_not_found(app, version):
    assert app.test_client().get(f"{ADDRESS}/changes?version={version}").status_code == 404


@pytest.mark.parametrize("version", ["0", "-1", "x", "1e3", "9" * 400])
def test_a_version_that_is_no_number_is_refused(app, version):
    response = app.test_client().get(
        f"{ADDRESS}/changes", query_string={"version": version}, headers={"Accept": "application/json"}
    )
    assert response.status_code == 400
    assert json.loads(response.data)["error"]["code"] == "bad_number"


def test_an_article_that_never_changed_has_no_changes(app):
    assert app.test_client().get("/article/0000000000000000/changes").status_code == 404
