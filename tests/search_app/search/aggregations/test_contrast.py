"""What parts two sets of articles."""

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from search_app.app import build_app
from search_app.cli import main
from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.contrast import contrast
from search_app.search.library import Library

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)


def article(number, text, source):
    """Each in words of its own, so that it is a story of its own."""
    own = "".join(chr(0x4E00 + (number * 97 + i * 31) % 5000) for i in range(40))
    return Article(
        url=f"https://a.example/{source}/{number}",
        title=f"{text}",
        text=f"{text}。{own}",
        source=source,
        published=NOW - timedelta(days=number),
    )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    articles = [article(number, "疫苗 制裁 华盛顿", "早报") for number in range(12)]
    articles += [article(number, "疫苗 合作 日内瓦", "晚报") for number in range(12)]
    articles += [article(50, "疫苗 制裁 合作", "周刊")]
    with Installation(Config(data=tmp_path_factory.mktemp("contrast"))) as installation:
        installation.archive.put(articles)
        build.update(installation.archive, installation.index, installation.analyser)
        yield Library(installation)


def parted(library, one, other):
    return contrast(library, *(library.ask(SearchParameters(each)).match for each in (one, other)))


def test_each_set_is_marked_by_its_own_words_and_by_none_that_both_have(library):
    found = parted(library, "疫苗 source:早报", "疫苗 source:晚报")
    assert (found.stories, found.other, found.common) == (12, 12, 0)
    assert {term.text for term in found.terms} == {"制裁", "华盛顿"}
    assert {term.text for term in found.other_terms} == {"合作", "日内瓦"}
    assert all((term.stories, term.other) == (12, 0) for term in (*found.terms, *found.other_terms))
    assert all(term.effect > 4 for term in found.terms)


def test_what_belongs_to_both_marks_neither(library):
    found = parted(library, "制裁", "合作")
    assert (found.stories, found.other, found.common) == (12, 12, 1)


def test_a_set_compared_with_itself_or_with_nothing_has_no_marks(library):
    assert parted(library, "疫苗", "疫苗").terms == []
    nothing = parted(library, "疫苗", "没有这个")
    assert (nothing.other, nothing.terms, nothing.other_terms) == (0, [], [])


def test_a_text_that_many_reprint_does_not_speak_for_itself(tmp_path):
    text = "江城大桥今天恢复通车，市民排队过桥，交警部门提醒司机减速慢行，晚间将有烟花表演，请提前出门。" * 3
    copies = [
        Article(url=f"https://a.example/{number}", title="大桥通车", text=text, source="早报", published=NOW)
        for number in range(20)
    ]
    others = [article(number, "疫苗 合作 日内瓦", "晚报") for number in range(12)]
    with Installation(Config(data=tmp_path)) as installation:
        installation.archive.put([*copies, *others])
        assert CliRunner().invoke(main, ["--data", str(tmp_path), "index"]).exit_code == 0
        found = parted(Library(installation), "source:早报", "source:晚报")
    assert found.stories == 1
    assert found.terms == []


def test_the_api_answers_both_and_refuses_what_is_no_question(library):
    client = build_app(library).test_client()
    answer = client.get("/api/v1/terms?q=疫苗 source:早报&against=疫苗 source:晚报").get_json()
    assert answer["contrast"]["terms"][0]["effect"] > 0
    assert client.get("/api/v1/terms?q=疫苗").get_json()["contrast"] is None
    wrong = client.get("/api/v1/terms?q=疫苗&against=nofield:x")
    assert (wrong.status_code, wrong.get_json()["error"]["code"]) == (400, "unknown_field")
