"""``publisher:`` in questions, against a plain scan of the articles."""

import re
from pathlib import Path

import pytest

from indexer.errors import QueryError
from indexer.extraction.publisher_groups import PublisherGroups, built_in
from search_app.query import publishers
from tests.search_app.corpus import Corpus, article

SOURCES = ("中央社", "自由時報", "路透", "BBC", "新华网", "明報", "河湾日报", "", "example.com.tw")
ARTICLES = [
    article(number, title, "北京说。香港国安法通过。", source=source)
    for number, (title, source) in enumerate(
        ((title, source) for title in ("香港国安", "疫苗") for source in SOURCES), start=1
    )
]
GROUPS = PublisherGroups(built_in())
DOCS = Path(__file__).parents[3] / "docs"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus(ARTICLES)


def scanned(*groups: str) -> set[int]:
    return {int(each.id, 16) for each in ARTICLES for group in groups if GROUPS.of(group, [each.source])}


EVERYTHING = {int(each.id, 16) for each in ARTICLES}
VACCINE = {int(each.id, 16) for each in ARTICLES if each.title == "疫苗"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("publisher:台湾", scanned("台湾")),
        ("publisher:臺灣 title:疫苗", scanned("台湾") & VACCINE),
        ("媒体:外媒", scanned("外媒")),
        ('publisher:"Hong Kong"', scanned("港澳")),
        ("-publisher:台湾", EVERYTHING - scanned("台湾")),
        ("NOT publisher:(台湾 OR 外媒)", EVERYTHING - scanned("台湾", "外媒")),
        ("publisher:台湾 OR title:疫苗", scanned("台湾") | VACCINE),
        ("publisher:台湾 publisher:大陆", set()),
        ("publisher:海外", set()),
        ("-publisher:海外", EVERYTHING),
        ("publisher:台湾 source:中央社", {1, 10}),
    ],
)
def test_a_group_is_its_publishers_one_by_one(corpus: Corpus, question: str, expected: set[int]) -> None:
    assert corpus.found(question, collapse=0) == expected


def test_the_filter_is_shown_by_the_name_of_the_group(corpus: Corpus) -> None:
    [shown] = corpus.ask("疫苗 publisher:taiwan").query.filters
    assert (shown.field, shown.value) == ("publisher", "台湾")


@pytest.mark.parametrize("question", ["疫苗 publisher:火星", "疫苗 -publisher:火星*"])
def test_an_unknown_group_is_an_error_that_names_all(corpus: Corpus, question: str) -> None:
    with pytest.raises(QueryError) as caught:
        corpus.ask(question)
    error = caught.value
    assert (error.code, error.field, error.given) == ("unknown_group", "publisher", "火星")
    assert error.allowed == GROUPS.names


def test_no_group_stands_near_a_word(corpus: Corpus) -> None:
    with pytest.raises(QueryError) as caught:
        corpus.ask("疫苗 NEAR/3 publisher:台湾")
    assert caught.value.code == "bad_operand"


def test_groups_name_so_many_publishers_at_most(corpus: Corpus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishers, "MOST_SOURCES", 3)
    assert corpus.ask("publisher:台湾").total == 6
    with pytest.raises(QueryError) as caught:
        corpus.ask("publisher:台湾 OR -publisher:外媒")
    assert (caught.value.code, caught.value.given) == ("large_groups", "外媒")


def test_what_is_added_to_the_index_belongs_to_a_group_at_once() -> None:
    corpus = Corpus(ARTICLES[:1])
    assert corpus.found("publisher:外媒") == set()
    corpus.add(article(50, source="法新社"))
    assert corpus.found("publisher:外媒") == {50}


@pytest.mark.parametrize("page", ["searching.md", "zh/searching.md", "articles.md"])
def test_the_documentation_names_the_groups_that_there_are(page: str) -> None:
    [row] = re.findall(
        r"^(?:\| `(?:publisher|媒体):台湾`.*|.*The program's table has.*\n.*\n.*)$",
        (DOCS / page).read_text("utf-8"),
        re.M,
    )
    assert [name for name in GROUPS.names if name not in row] == []
