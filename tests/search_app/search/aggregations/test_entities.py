"""Who, where, with whom: counted as a plain scan counts, by stories, in all spellings."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import combinations

import pytest

from indexer import build
from indexer.article import Article
from indexer.config import Config
from indexer.entities import update as entities
from indexer.installation import Installation
from indexer.stories import update as stories
from search_app.query.parameters import SearchParameters
from search_app.search.aggregations.entities import association, entities_of
from search_app.search.aggregations.entity_profile import profile_of
from search_app.search.library import Library

NOW = datetime(2026, 11, 20, 4, 0, tzinfo=UTC)

TEXTS = [
    *["特朗普在白宫会见默克尔"] * 4,
    *["川普與梅克爾在柏林談關稅"] * 3,
    *["习近平在北京谈关税"] * 6,
    *["普京在莫斯科"] * 5,
    "今天天气很好",
]
SPELLED = {"川普": "特朗普", "梅克爾": "默克尔"}
NAMES = ("特朗普", "川普", "默克尔", "梅克爾", "习近平", "普京", "白宫", "柏林", "北京", "莫斯科")


def article(number, text, source="早报"):
    """Each in characters of its own, which are in no name, so that it is a story of its own."""
    own = "".join(chr(0x3500 + (number * 197 + place * 31) % 5000) for place in range(60))
    return Article(
        url=f"https://a.example/{number}",
        title=text,
        text=f"{text}。\n{own}",
        source=source,
        published=NOW - timedelta(days=number),
        language="zh-Hans",
    )


ARTICLES = [article(number, text) for number, text in enumerate(TEXTS)]
COPY = Article(url="https://b.example/copy", title=ARTICLES[0].title, text=ARTICLES[0].text, source="晚报",
               published=NOW + timedelta(hours=3), language="zh-Hans")  # fmt: skip


def bring_up_to_date(installation):
    stories.update(installation.archive, installation.analyser)
    build.update(installation.archive, installation.index, installation.analyser)
    names = installation.knowledge().variants.groups
    entities.update(installation.archive, installation.analyser, names, partial(installation.articles.get, html=False))


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    with Installation(Config(data=tmp_path_factory.mktemp("entities"))) as installation:
        installation.archive.put([*ARTICLES, COPY])
        bring_up_to_date(installation)
        yield Library(installation)


def found(library, text="", **parameters):
    return entities_of(library, library.ask(SearchParameters(text, **parameters)), 50)


def scanned(articles):
    """The names in the titles of articles, each in its first spelling."""
    return [{SPELLED.get(name, name) for name in NAMES if name in each.title} for each in articles]


def test_a_plain_scan_counts_the_same(library):
    answer = found(library)
    counts = Counter(name for names in scanned(ARTICLES) for name in names)
    listed = {each.name: each for each in (*answer.people, *answer.organisations, *answer.places)}
    assert {name: listed[name].stories for name in counts} == counts
    assert (answer.total, answer.looked_at, answer.unknown, answer.stories) == (20, 20, 0, 19)
    assert [each.name for each in answer.organisations] == ["白宫"]
    assert listed["特朗普"].articles == counts["特朗普"] + 1


def test_of_very_many_articles_the_newest_count(library, monkeypatch):
    monkeypatch.setattr("search_app.search.aggregations.entities._PAGE", 3)
    whole = found(library)
    monkeypatch.setattr("search_app.search.aggregations.entities.MOST_ARTICLES", 7)
    answer = found(library)
    assert (whole.total, whole.looked_at) == (20, 20)
    assert (answer.total, answer.looked_at) == (20, 7)
    assert {each.name: each.articles for each in answer.people} == {"特朗普": 7, "默克尔": 7}


def test_who_stands_with_whom_is_told_surest_first(library):
    together = Counter(pair for names in scanned(ARTICLES) for pair in combinations(sorted(names), 2))
    pairs = {tuple(sorted((each.one.name, each.other.name))): each for each in found(library).pairs}
    assert ("特朗普", "默克尔") in pairs
    for names, pair in pairs.items():
        if set(names) <= set(NAMES):
            assert pair.stories == together[names]
    assert [each.score for each in pairs.values()] == sorted((each.score for each in pairs.values()), reverse=True)
    assert all(each.effect > 0 for each in pairs.values())


def test_a_search_has_its_own(library):
    answer = found(library, "关税")
    assert {each.name: each.stories for each in answer.people} == {"习近平": 6, "特朗普": 3, "默克尔": 3}
    assert found(library, sources=("晚报",)).stories == 1
    assert (found(library, "没有这样的").total, found(library, "没有这样的").people) == (0, [])


def test_an_entity_in_any_of_its_spellings(library):
    asked = library.ask(SearchParameters(""))
    one, other = (profile_of(library, asked, "person", name) for name in ("Trump", "川普"))
    assert one == other
    assert (one.entity.name, one.entity.stories, one.entity.articles) == ("特朗普", 7, 8)
    assert {each.text: each.articles for each in one.spellings} == {"特朗普": 5, "川普": 3}
    assert {each.value: each.count for each in one.sources} == {"早报": 7, "晚报": 1}
    assert sum(each.count for each in one.days) == 8
    assert (one.first.title, one.last.title) == (TEXTS[6], COPY.title)
    assert one.companions[0].entity.name == "默克尔"
    assert one.companions[0].together == 7


def test_nobody_is_an_entity_without_articles(library):
    asked = library.ask(SearchParameters(""))
    for name in ("没有这个人", "", "\n", "特朗普" * 100):
        profile = profile_of(library, asked, "person", name)
        assert (profile.entity.articles, profile.companions, profile.first) == (0, (), None)
    elsewhere = profile_of(library, library.ask(SearchParameters("莫斯科")), "person", "川普")
    assert (elsewhere.entity.articles, elsewhere.days, elsewhere.first, elsewhere.last) == (0, (), None, None)


def test_what_comes_later_counts_and_what_goes_does_not(tmp_path):
    with Installation(Config(data=tmp_path)) as installation:
        library = Library(installation)
        installation.archive.put(ARTICLES[:2])
        build.update(installation.archive, installation.index, installation.analyser)
        assert found(library).unknown == 2
        assert found(library).people == []
        bring_up_to_date(installation)
        assert found(library).people[0].stories == 2
        installation.archive.put([ARTICLES[2]])
        installation.archive.delete([next(each.id for each in installation.archive.iterate())])
        installation.archive.put([article(3, "普京在莫斯科")])
        bring_up_to_date(installation)
        assert {each.name: each.articles for each in found(library).people} == {"特朗普": 2, "默克尔": 2, "普京": 1}
        installation.archive.entities.forget_all()
        assert found(library).unknown == 3
        bring_up_to_date(installation)
        assert found(library).unknown == 0
        # Found anew between two questions: as many steps as before, and other names.
        installation.archive.entities.forget_all()
        known = {each.id: ["person 温宁"] for each in installation.archive.iterate()}
        installation.archive.entities.keep(known, dict.fromkeys(known, 10**6), "stamp")
        assert [each.name for each in found(library).people] == ["温宁"]


def test_an_empty_archive_has_none(tmp_path):
    with Installation(Config(data=tmp_path)) as installation:
        bring_up_to_date(installation)
        answer = found(Library(installation))
        assert (answer.total, answer.people, answer.pairs) == (0, [], [])


def test_the_measure_needs_more_than_chance():
    assert association(5, 10, 50, 100) is None
    assert association(0, 0, 0, 0) is None
    effect, score = association(10, 10, 10, 100)
    assert effect > 5
    assert score > 60
