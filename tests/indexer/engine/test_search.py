"""What each node, sort, facet and timeline means, by example."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.query import (
    And,
    Author,
    IdIn,
    Language,
    MatchAll,
    Not,
    Or,
    Phrase,
    PhraseScore,
    ProximityScore,
    PublishedBetween,
    Query,
    Recency,
    Site,
    Source,
    TermScore,
)
from tests.indexer.engine.documents import SPRING, Doc, build, found

DOCS = [
    Doc("1", "中美关系", "g7 领袖讨论", "甲报", "www.a.com", "zh-Hans", SPRING),
    Doc("2", "关系", "中美。美国中", "乙报", "a.com", "zh-Hant", SPRING + 10),
    Doc("3", "中", "美国 中美 国", "甲报", "ba.com", "zh", None),
    Doc("4", "", "g 7 covid 19", "", "", "en", -5),
]


@pytest.fixture
def index(index: SearchIndex) -> SearchIndex:
    build(index, DOCS)
    return index


@pytest.mark.parametrize(
    ("match", "ids"),
    [
        (Phrase(("中美",)), "123"),
        (Phrase(("中美", "美关", "关系")), "1"),
        (Phrase(("中美",), field="title"), "1"),
        (Phrase(("中",)), "23"),
        (Phrase(("中",), prefix=True), "123"),
        (Phrase(("中",), prefix=True, field="title"), "13"),
        (Phrase(("美国", "国"), prefix=True), "23"),
        (Phrase(("美国", "国中")), "2"),
        (Phrase(("系", "中美")), ""),  # not from title into body
        (Phrase(("g", "7")), "14"),
        (Phrase(("cov",)), ""),
        (Phrase(("g", "7", "cov"), prefix=True), "4"),
        (Phrase(("没有",)), ""),
        (MatchAll(), "1234"),
        (And(()), "1234"),
        (Or(()), ""),
        (And((Phrase(("中美",)), Source("甲报"))), "13"),
        (Or((Source("乙报"), Language("en"))), "24"),
        (Or((Source("甲报"), Language("zh"), Phrase(("关系",))), minimum_should_match=2), "123"),
        (Or((Source("甲报"), Language("zh"), Phrase(("关系",))), minimum_should_match=3), "1"),
        (Or((Source("甲报"),), minimum_should_match=2), ""),
        (Not(Phrase(("中美",))), "4"),
        (Not(Not(Source("甲报"))), "13"),
        (And((Not(Source("甲报")), Not(Source("乙报")))), "4"),
        (Not(MatchAll()), ""),
        (PublishedBetween(None, None), "124"),
        (PublishedBetween(SPRING, SPRING + 10), "1"),
        (PublishedBetween(SPRING, SPRING + 11), "12"),
        (PublishedBetween(None, SPRING), "4"),
        (PublishedBetween(SPRING + 1, None), "2"),
        (PublishedBetween(SPRING, SPRING), ""),
        (Not(PublishedBetween(None, None)), "3"),
        (Source("甲"), ""),
        (Source(""), "4"),
        (Site("a.com"), "12"),
        (Site("www.a.com"), "1"),
        (Site("com"), "123"),
        (Language("zh"), "123"),
        (Language("zh-Han"), ""),
        (Language("zh-Hant"), "2"),
        (IdIn(("3", "1", "unknown")), "13"),
        (IdIn(()), ""),
    ],
    ids=str,
)
def test_which_articles_match(index: SearchIndex, match: Query, ids: str) -> None:
    answer = index.search(SearchRequest(match))
    assert sorted(hit.id for hit in answer.hits) == list(ids)
    assert answer.total == len(ids)
    assert answer.next is None


def test_hits_carry_their_publication_time(index: SearchIndex) -> None:
    assert {hit.id: hit.published for hit in index.search(SearchRequest()).hits} == {d.id: d.published for d in DOCS}


@pytest.mark.parametrize(("sort", "ids"), [("newest", "2143"), ("oldest", "4123"), ("relevance", "2143")])
def test_sorts_put_unknown_dates_last(index: SearchIndex, sort: str, ids: str) -> None:
    assert found(index, sort=sort) == list(ids)


@pytest.mark.parametrize("sort", ["newest", "oldest", "relevance"])
def test_ties_go_to_the_smaller_id(index: SearchIndex, sort: str) -> None:
    build(index, [Doc(id) for id in ("b", "c", "a", "d")])
    assert found(index, sort=sort) == ["a", "b", "c", "d"]


def test_a_page_holds_what_was_asked_for_and_the_total_is_exact(index: SearchIndex) -> None:
    build(index, [Doc(f"{n:03}") for n in range(150)])
    for limit in (0, 1, 10, 149, 150, 1000):
        answer = index.search(SearchRequest(limit=limit))
        assert (len(answer.hits), answer.total) == (min(limit, 150), 150)
        assert (answer.next is None) == (limit == 0 or limit >= 150)


@pytest.mark.parametrize(
    "feature",
    [
        TermScore("words", "关系"),
        TermScore("early", "国"),
        PhraseScore(Phrase(("中美",)), weight=2),
        PhraseScore(Phrase(("关系",), field="title")),
        ProximityScore(Phrase(("中美",)), Phrase(("美国",))),
        Recency(SPRING + 100, half_life=3600),
    ],
    ids=lambda feature: type(feature).__name__,
)
def test_the_score_is_the_sum_of_the_features(index: SearchIndex, feature: object) -> None:
    features = (feature, TermScore("early", "中美", weight=0.5))
    answer = index.search(SearchRequest(features=features, explain=True))  # type: ignore[arg-type]
    for hit in answer.hits:
        assert len(hit.explanation) == 2
        assert hit.score == pytest.approx(sum(hit.explanation), rel=1e-5)
    assert any(hit.explanation[0] > 0 for hit in answer.hits)
    scores = [hit.score for hit in answer.hits]
    assert scores == sorted(scores, reverse=True)
    plain = index.search(SearchRequest(features=features))  # type: ignore[arg-type]
    assert [hit.id for hit in plain.hits] == [hit.id for hit in answer.hits]


def test_better_matches_come_first(index: SearchIndex) -> None:
    build(
        index,
        [
            Doc("1", "", "中美。。关系"),
            Doc("2", "", "中美关系"),
            Doc("3", "", "中美" + "国" * 200),
            Doc("4", "", "没有"),
        ],
    )
    features = (TermScore("early", "中美"), TermScore("early", "关系"), PhraseScore(Phrase(("中美", "美关", "关系"))))
    answer = index.search(SearchRequest(features=features))
    assert [hit.id for hit in answer.hits] == ["2", "1", "3", "4"]
    assert answer.hits[-1].score == 0


def test_a_run_in_the_title_counts_for_the_article_whose_title_it_is(index: SearchIndex) -> None:
    run = ("熊猫", "猫基", "基地")
    docs = [Doc(f"{n}", f"第{n}号公报", "参观熊猫基地") for n in range(8)]
    build(index, [*docs, Doc("8", "熊猫基地", "参观熊猫基地")])
    answer = index.search(SearchRequest(Phrase(run), (PhraseScore(Phrase(run, field="title")),), explain=True))
    assert answer.hits[0].id == "8"
    assert {hit.id for hit in answer.hits if hit.score > 0} == {"8"}
    assert len(answer.hits) == 9


def test_an_old_article_loses_half_of_its_recency_in_a_half_life(index: SearchIndex) -> None:
    day = 86_400
    build(
        index,
        [
            Doc("0", published=SPRING),
            Doc("1", published=SPRING - day),
            Doc("2", published=SPRING + day),
            Doc("3", published=None),
        ],
    )
    answer = index.search(SearchRequest(features=(Recency(SPRING, half_life=day, weight=8),)))
    assert {hit.id: hit.score for hit in answer.hits} == pytest.approx({"0": 8, "1": 4, "2": 8, "3": 0})


def test_facets_count_all_hits_without_their_own_filter(index: SearchIndex) -> None:
    answer = index.search(SearchRequest(limit=1, sources=("甲报",), languages=("zh",), facets=("source", "language")))
    assert answer.total == 2
    assert list(answer.facets["source"]) == [("甲报", 2), ("乙报", 1)]
    assert list(answer.facets["language"]) == [("zh", 1), ("zh-Hans", 1)]
    assert index.search(SearchRequest()).facets == {}


CAPTIONED = [
    Doc("1", title="中美", body="关系", captions="美国", authors=("张三", "李四")),
    Doc("2", title="美国", body="关系", authors=("张三",)),
    Doc("3", title="英国", body="中美"),
]


@pytest.mark.parametrize(
    ("match", "ids"),
    [
        (Phrase(("美国",), field="captions"), "1"),
        (Phrase(("美国",)), "2"),
        (Phrase(("美国",), field="anywhere"), "12"),
        (Phrase(("中美",), field="anywhere"), "13"),
        (Phrase(("美",), prefix=True, field="captions"), "1"),
        (And((Phrase(("美国",), field="anywhere"), Phrase(("关系",), field="anywhere"))), "12"),
        (Not(Phrase(("美国",), field="anywhere")), "3"),
        (Author("张三"), "12"),
        (Author("李四"), "1"),
        (Author("张"), ""),
        (Author(""), ""),
    ],
    ids=str,
)
def test_captions_and_authors_are_found(index: SearchIndex, match: Query, ids: str) -> None:
    build(index, CAPTIONED)
    assert sorted(found(index, match)) == list(ids)


def test_what_stands_in_a_caption_alone_has_no_weight_in_the_text(index: SearchIndex) -> None:
    build(index, CAPTIONED)
    in_text, in_captions = (PhraseScore(Phrase(("美国",), field=field)) for field in ("text", "captions"))
    hits = index.search(SearchRequest(features=(in_text, in_captions), explain=True)).hits
    scored = {hit.id: [score > 0 for score in hit.explanation] for hit in hits}
    assert scored == {"1": [False, True], "2": [True, False], "3": [False, False]}


def test_each_author_of_an_article_is_counted(index: SearchIndex) -> None:
    build(index, CAPTIONED)
    answer = index.search(SearchRequest(authors=("李四",), facets=("author", "source")))
    assert answer.total == 1
    assert list(answer.facets["author"]) == [("张三", 2), ("李四", 1)]
    assert list(answer.facets["source"]) == [("甲报", 1)]


def test_a_ticked_language_includes_its_scripts(index: SearchIndex) -> None:
    assert sorted(found(index, languages=("zh-Hant", "en"))) == ["2", "4"]
    assert sorted(found(index, languages=("zh",))) == ["1", "2", "3"]
    assert sorted(found(index, sources=("甲报", "", "unknown"))) == ["1", "3", "4"]


@pytest.mark.parametrize(
    ("zone", "moments"),
    [
        ("Asia/Shanghai", ["2024-05-01T00:00:00", "2024-04-30T23:59:59", "2024-05-01T23:59:59"]),
        ("Europe/Berlin", ["2024-03-31T00:00:00", "2024-03-31T23:59:59", "2024-10-27T00:00:00", "2024-10-28T00:00:00"]),
        ("America/New_York", ["2024-11-03T00:00:00", "2024-11-03T23:59:59", "2024-11-04T00:00:00"]),
        ("America/Santiago", ["2023-09-03T01:00:00", "2023-09-02T23:59:59"]),
        ("Asia/Kathmandu", ["2024-05-01T00:00:00", "2024-04-30T23:59:59"]),
        ("Australia/Lord_Howe", ["2024-04-07T00:00:00", "2024-04-07T23:59:59"]),
        ("Pacific/Apia", ["2011-12-29T23:59:59", "2011-12-31T00:00:00"]),
        ("Asia/Shanghai", ["1986-05-04T12:00:00", "1991-09-14T23:59:59", "1900-12-31T23:59:59"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_timeline_counts_the_days_of_a_zone(index: SearchIndex, zone: str, moments: list[str]) -> None:
    """Midnights, days of 23, 24.5 and 25 hours, a day that begins at one, and one that never was."""
    seconds = [int(datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).timestamp()) for moment in moments]
    docs = [Doc(f"{i}{j}", published=second) for i, second in enumerate(seconds) for j in range(i + 1)]
    build(index, [*docs, Doc("x", published=None)])
    expected: dict[str, int] = {}
    for i, moment in enumerate(moments):
        expected[moment[:10]] = expected.get(moment[:10], 0) + i + 1
    answer = index.search(SearchRequest(limit=1, zone=zone))
    assert list(answer.timeline.items()) == sorted(expected.items())


def test_the_timeline_counts_the_hits_alone(index: SearchIndex) -> None:
    answer = index.search(SearchRequest(Phrase(("中美",)), sources=("乙报",), zone="UTC"))
    assert dict(answer.timeline) == {"2024-03-31": 1}
    assert index.search(SearchRequest()).timeline == {}


def test_frequencies_count_articles_that_hold_a_word(index: SearchIndex) -> None:
    build(index, [Doc("1", "中美", "中美中美"), Doc("2", "", "中美国"), Doc("3", "国")])
    assert list(index.doc_freqs(["中美", "国", "没有", "中美"])) == [2, 2, 0, 2]
    assert list(index.doc_freqs(["中美", "国"], within=IdIn(("2", "3")))) == [1, 2]
    assert list(index.doc_freqs([])) == []
