"""Stories of an archive: the same however and in whatever order it came about."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive
from indexer.article import Article
from indexer.stories.fingerprint import RULES
from indexer.stories.update import update
from indexer.text.analyser import Analyser
from tests.indexer.stories.articles import ELECTION, FLOOD, FLOOD_ELSEWHERE, FLOOD_IN_OTHER_WORDS, article, fixing

ANALYSER = Analyser()

ARTICLES = [
    article(1, "江城暴雨 汉水超警戒线", FLOOD, hours=10),
    article(2, "汉水水位超警戒", FLOOD, hours=30, source="海州时报"),
    article(3, "江城暴雨 四千人轉移", FLOOD_ELSEWHERE, hours=12, source="南洋新报"),
    article(4, "江城暴雨：汉水水位超过警戒线 居民连夜转移", FLOOD_IN_OTHER_WORDS, hours=20, source="晚报"),
    article(5, "温以宁连任海州市长", ELECTION, hours=11, source="海州时报"),
    article(6, "海州市长选举 温以宁连任", ELECTION, hours=14, source="晚报"),
    *(article(10 + day, f"5月{day}日基准价", fixing(day), hours=24 * day, source="海州财经") for day in range(1, 5)),
]


def ids(archive: Archive) -> dict[str, str]:
    return {each.url: each.id for each in archive.iterate()}


def stories(archive: Archive) -> set[frozenset[str]]:
    """The addresses of each story's articles."""
    names = {id: url for url, id in ids(archive).items()}
    story = archive.stories.of(list(names))
    return {frozenset(names[id] for id in names if story[id] == first) for first in set(story.values())}


def expected(archive: Archive) -> set[frozenset[str]]:
    archive.stories.forget_all()
    update(archive, ANALYSER)
    return stories(archive)


def urls(*numbers: int) -> frozenset[str]:
    return frozenset(each.url for each in ARTICLES if int(each.id, 16) in numbers)


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    archive = Archive(tmp_path / "archive.sqlite3")
    yield archive  # type: ignore[misc]
    archive.close()


def test_copies_and_reports_are_one_story_and_forms_are_not(archive: Archive) -> None:
    archive.put(ARTICLES)
    assert update(archive, ANALYSER) == len(ARTICLES)
    found = stories(archive)
    assert {urls(1, 2, 3, 4), urls(5, 6)} <= found
    assert all(len(each) == 1 for each in found - {urls(1, 2, 3, 4), urls(5, 6)})
    assert update(archive, ANALYSER) == 0


def test_whoever_joins_a_story_counts_as_changed(archive: Archive) -> None:
    archive.put([ARTICLES[1], ARTICLES[4]])
    update(archive, ANALYSER)
    before = archive.last_sequence()
    archive.put([ARTICLES[0]])
    update(archive, ANALYSER)
    late = {change.id for change in archive.changes(before, 100)}
    known = ids(archive)
    # The original came late: the copy, known before, has another story now.
    assert late == {known[ARTICLES[0].url], known[ARTICLES[1].url]}
    assert archive.stories.of([known[ARTICLES[1].url]]) == {known[ARTICLES[1].url]: known[ARTICLES[0].url]}
    first, copy = known[ARTICLES[0].url], known[ARTICLES[1].url]
    assert archive.stories.members([first, copy]) == {first: [first, copy]}
    assert archive.stories.alike(known[ARTICLES[0].url]) == {known[ARTICLES[1].url]: "copy"}


def test_a_story_whose_first_article_is_deleted_goes_on_without_it(archive: Archive) -> None:
    archive.put(ARTICLES[:2])
    update(archive, ANALYSER)
    archive.delete([ids(archive)[ARTICLES[0].url]])
    update(archive, ANALYSER)
    assert stories(archive) == {urls(2)}


def test_an_article_that_says_something_else_now_leaves_its_story(archive: Archive) -> None:
    archive.put(ARTICLES[:2])
    update(archive, ANALYSER)
    archive.put([replace(ARTICLES[1], text=ELECTION, title="温以宁连任")])
    update(archive, ANALYSER)
    assert stories(archive) == {urls(1), urls(2)}


def test_other_rules_find_all_stories_anew_and_the_index_hears_of_who_leaves_one(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.put(ARTICLES)
    update(archive, ANALYSER)
    before = archive.last_sequence()
    monkeypatch.setattr("indexer.stories.fingerprint.RULES", RULES + 1)
    monkeypatch.setattr("indexer.stories.update.likeness", lambda *_: None)
    assert update(archive, ANALYSER) == len(ARTICLES)
    assert all(len(each) == 1 for each in stories(archive))
    known = ids(archive)
    told = {change.id for change in archive.changes(before, 100)}
    assert {known[ARTICLES[number].url] for number in (1, 2, 3, 5)} <= told
    assert update(archive, ANALYSER) == 0


STEPS = st.lists(
    st.one_of(
        st.lists(st.sampled_from(ARTICLES), min_size=1, max_size=4).map(lambda some: ("put", some)),
        st.sampled_from(ARTICLES).map(lambda each: ("delete", [each])),
        st.tuples(st.sampled_from(ARTICLES), st.sampled_from([FLOOD, ELECTION, FLOOD_ELSEWHERE])).map(
            lambda pair: ("put", [replace(pair[0], text=pair[1])])
        ),
        st.just(("update", [])),
    ),
    max_size=12,
)


@settings(max_examples=40)
@given(STEPS)
def test_brought_up_to_date_step_by_step_and_found_anew_are_the_same(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[Article]]]
) -> None:
    with Archive(tmp_path_factory.mktemp("archive") / "archive.sqlite3") as archive:
        for step, articles in steps:
            match step:
                case "put":
                    archive.put(articles)
                case "delete":
                    known = ids(archive)
                    archive.delete([known[each.url] for each in articles if each.url in known])
                case "update":
                    update(archive, ANALYSER)
        update(archive, ANALYSER)
        found = stories(archive)
        assert found == expected(archive)
        assert {url for story in found for url in story} == set(ids(archive))
        assert update(archive, ANALYSER) == 0
