"""The names of an archive's articles: the same however they came about."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.archive import Archive
from indexer.article import Article
from indexer.entities.update import names_in, update
from indexer.text.analyser import Analyser
from indexer.text.groups import Group
from indexer.text.names.built_in import name_groups
from tests.databases import location, postgresql, postgresql_server  # noqa: F401 (fixtures)
from tests.indexer.stories.articles import ELECTION, FLOOD, article

ANALYSER = Analyser()
GROUPS = name_groups()

ARTICLES = [
    article(1, "特朗普與習近平會面", "白宮發言人說，川普在華盛頓會見了習近平。"),
    article(2, "海州市长选举", ELECTION),
    article(3, "江城暴雨", FLOOD),
    article(4, "没有名字", "今天天气很好。"),
]


@pytest.fixture
def archive(location: str | Path) -> Iterator[Archive]:  # noqa: F811
    with Archive(location) as archive:
        archive.put(ARTICLES)
        yield archive


def kept(archive: Archive) -> dict[str, list[str]]:
    return {each.id: list(each.names) for each in archive.entities.since(0)}


def id_of(archive: Archive, article: Article) -> str:
    return next(each.id for each in archive.iterate() if each.url == article.url)


def test_names_are_kept_as_they_are_written(archive: Archive) -> None:
    assert update(archive, ANALYSER, GROUPS) == len(ARTICLES)
    assert kept(archive)[id_of(archive, ARTICLES[0])] == [
        "person 特朗普",
        "person 習近平",
        "organisation 白宮",
        "person 川普",
        "place 華盛頓",
    ]
    assert kept(archive)[id_of(archive, ARTICLES[3])] == []
    assert update(archive, ANALYSER, GROUPS) == 0
    assert archive.entities.missing() == 0


def test_step_by_step_and_anew_are_the_same(archive: Archive) -> None:
    update(archive, ANALYSER, GROUPS)
    version = archive.entities.version()
    archive.put([replace(ARTICLES[3], text="默克尔在柏林。"), article(5, "拜登", "拜登在白宫。")])
    assert archive.entities.missing() == 2
    archive.delete([id_of(archive, ARTICLES[0])])
    assert update(archive, ANALYSER, GROUPS) == 2
    stepwise = kept(archive)
    assert {each.id for each in archive.entities.since(version)} <= stepwise.keys()
    assert len(list(archive.entities.since(version))) == 2
    archive.entities.forget_all()
    assert archive.entities.missing() == 4
    update(archive, ANALYSER, GROUPS)
    assert kept(archive) == stepwise
    assert len(stepwise) == 4


def test_other_known_names_are_looked_for_in_all_articles(archive: Archive) -> None:
    archive.put([article(5, "会面", "他们在码头见到贝拉明诺")])
    update(archive, ANALYSER, GROUPS)
    assert kept(archive)[id_of(archive, article(5, "", ""))] == []
    learned = Group(("贝拉米诺", "贝拉明诺"), ("lucio bellamino",), (), "learned")
    assert update(archive, ANALYSER, [*GROUPS, learned]) == 5
    assert kept(archive)[id_of(archive, article(5, "", ""))] == ["person 贝拉明诺"]


def test_articles_that_cannot_be_read_are_given_up(archive: Archive) -> None:
    assert update(archive, ANALYSER, GROUPS, lambda ids: []) == 0
    some = update(archive, ANALYSER, GROUPS, lambda ids: [each for each in archive.get(ids) if "市长" in each.title])
    assert some == 1
    assert archive.entities.missing() == 3


def test_of_what_was_forgotten_no_name_is_left(archive: Archive) -> None:
    update(archive, ANALYSER, GROUPS)
    gone = id_of(archive, ARTICLES[0])
    archive.tombstones.forget([gone], "asked to")
    assert gone not in kept(archive)
    archive.entities.keep({gone: ["person 特朗普"]}, {gone: 1}, "stamp")
    assert gone not in kept(archive)


def test_a_long_text_costs_no_more_than_its_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    class Counting:
        def mentions(self, text: str) -> list[object]:
            read.append(len(text))
            return []

    names_in(article(1, "书", "字" * 1_000_000), ANALYSER, Counting())  # type: ignore[arg-type]
    assert read[0] < 30_000
