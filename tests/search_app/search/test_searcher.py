"""Questions and answers, as the page and the API see them."""

from datetime import UTC, datetime, timedelta

import pytest

from indexer.errors import QueryError
from search_app.presentation.json_encoding import encode
from search_app.query.notes import Note
from search_app.query.parameters import HIT_FIELDS
from tests.search_app.corpus import NOW, Corpus, article

NAMES = "特朗普, 川普, <Donald Trump\n新冠肺炎, 冠病"


def titles(corpus: Corpus, text: str, **parameters: object) -> list[str]:
    return [hit.title for hit in corpus.ask(text, **parameters).hits]


def codes(corpus: Corpus, text: str, **parameters: object) -> list[str]:
    return [note.code for note in corpus.ask(text, **parameters).query.notes]


def test_an_unspaced_question_finds_scattered_words_and_the_literal_run_first() -> None:
    scattered = "乌克兰总统说，各国领袖在讨论之后决定给予援助，G7没有反对。" * 3
    corpus = Corpus(
        [
            article(1, "援助乌克兰", scattered),
            article(2, "简讯", "会上，G7领袖讨论对乌克兰援助。" + "其他消息与此无关，略过不提。" * 40),
            article(3, "乌克兰", "领袖没有讨论。"),
        ]
    )
    results = corpus.ask("G7领袖讨论对乌克兰援助", partial="0")
    assert [int(hit.id, 16) for hit in results.hits] == [2, 1]
    assert [(note.code, note.terms) for note in results.query.notes] == [("dropped_words", ("对",))]


@pytest.mark.parametrize("run", ["冠病", "中美", "特郎普"])
def test_characters_that_are_no_words_are_looked_for_together(run: str) -> None:
    corpus = Corpus([article(1, run), article(2, "，".join(run)), article(3, "".join(reversed(run)))])
    assert corpus.found(run) == {1}


def test_a_word_finds_other_spellings_and_says_so() -> None:
    corpus = Corpus([article(1, "特朗普访华"), article(2, "川普訪華"), article(3, "拜登")], NAMES)
    results = corpus.ask("川普")
    assert {int(hit.id, 16) for hit in results.hits} == {1, 2}
    assert [(each.term, each.spellings) for each in results.query.variants] == [("川普", ("特朗普",))]
    assert results.query.notes == (Note("variants", ("特朗普",)),)
    assert corpus.found("川普访华") == corpus.found("特朗普訪華") == {1, 2}
    highlighted = {hit.title[start:end] for hit in results.hits for start, end in hit.title_highlights}
    assert highlighted == {"特朗普", "川普"}


@pytest.mark.parametrize(("text", "parameters"), [('"川普"', {}), ("川普", {"variants": "0"}), ("“川普”", {})])
def test_quotes_or_a_parameter_turn_other_spellings_off(text: str, parameters: dict[str, str]) -> None:
    corpus = Corpus([article(1, "特朗普访华"), article(2, "川普訪華")], NAMES)
    assert corpus.found(text, **parameters) == {2}
    assert not corpus.ask(text, **parameters).query.variants


def test_excluding_a_name_excludes_all_its_spellings() -> None:
    corpus = Corpus([article(1, "特朗普访华"), article(2, "川普訪華"), article(3, "拜登访华")], NAMES)
    assert corpus.found("访华 -川普") == {3}
    assert corpus.found('访华 -"川普"') == {1, 3}


def test_a_name_of_several_words_finds_its_chinese_spellings() -> None:
    corpus = Corpus([article(1, "特朗普"), article(2, "Donald J. Trump"), article(3, "Donald Duck")], NAMES)
    assert corpus.found("Donald Trump") == {1, 2}
    assert corpus.found("donald trump -川普") == {2}


def test_excluding_an_unspaced_run_excludes_the_run_not_its_words() -> None:
    corpus = Corpus(
        [article(1, "疫苗接种", "美国总统"), article(2, "美国的总统", "疫苗"), article(3, "疫苗", "美国总统")]
    )
    assert corpus.found("疫苗 -美国总统疫苗") == {1, 2, 3}
    assert corpus.found("疫苗 -美国总统") == {2}


def test_only_excluding_finds_everything_else_and_says_so() -> None:
    corpus = Corpus([article(1, "疫苗"), article(2, "美国")])
    assert corpus.found("-疫苗") == {2}
    assert codes(corpus, "-疫苗") == ["excluding_only"]


@pytest.mark.parametrize("text", ["，。！", '""', "()", "OR", "* -", "…"])
def test_nothing_to_search_finds_nothing_and_says_so(text: str) -> None:
    results = Corpus([article(1, "疫苗")]).ask(text)
    assert results.total == 0
    assert results.query.notes[-1].code == "nothing_to_search"


def test_an_empty_question_shows_everything_newest_first() -> None:
    corpus = Corpus([article(number, str(number), published=NOW - timedelta(days=number)) for number in (2, 1, 3)])
    assert titles(corpus, "") == ["1", "2", "3"]


def test_when_nothing_holds_all_the_best_partial_matches_come() -> None:
    corpus = Corpus([article(1, "疫苗接种"), article(2, "疫苗", "美国"), article(3, "总统"), article(4, "熊猫")])
    results = corpus.ask("疫苗 美国 总统")
    assert results.partial
    assert [hit.title for hit in results.hits] == ["疫苗"]
    assert results.total == 1
    assert results.query.notes == (Note("partial", count=2, of=3), Note("to_blame", ("总统",), 1))


def test_a_sentence_that_hardly_finds_anything_is_told_which_word_is_to_blame() -> None:
    corpus = Corpus(
        [
            article(1, "亚美尼亚和阿塞拜疆", "打仗"),
            *(article(number, "亚美尼亚和阿塞拜疆", "战事") for number in range(2, 7)),
        ]
    )
    results = corpus.ask("亚美尼亚 阿塞拜疆 打仗", partial="0")
    assert (results.total, results.partial) == (1, False)
    assert results.query.notes == (Note("to_blame", ("打仗",), 6),)
    assert corpus.ask("亚美尼亚 打仗").query.notes == ()  # two words are asked strictly
    assert corpus.ask("亚美尼亚 阿塞拜疆 战事", partial="0").query.notes == ()  # as many as there are


def test_where_few_hold_all_of_it_those_that_hold_parts_follow() -> None:
    corpus = Corpus(
        [
            *(article(number, "亚美尼亚和阿塞拜疆", "战事") for number in range(2, 14)),
            article(20, "打仗", "两边都打仗，亚美尼亚。阿塞拜疆"),
            article(30, "阿塞拜疆的石榴"),
        ]
    )
    first = corpus.ask("亚美尼亚 阿塞拜疆 打仗")
    assert [note.code for note in first.query.notes] == ["few_match", "to_blame"]
    assert (first.query.notes[0].count, first.total, first.whole) == (1, 13, 1)
    second = corpus.ask("亚美尼亚 阿塞拜疆 打仗", cursor=first.next)
    found = [int(hit.id, 16) for page in (first, second) for hit in page.hits]
    assert sorted(found) == [*range(2, 14), 20]
    assert second.next is None
    assert second.query.notes == first.query.notes[:1]


def test_a_stray_article_that_holds_all_of_it_does_not_lead() -> None:
    digest = "。".join(["苏丹发生洪水", *["别的新闻"] * 40, "以色列降雨", *["别的消息"] * 40, "两国建交五十年"])
    corpus = Corpus(
        [
            article(1, "一周简报", digest),
            *(article(number, "苏丹与以色列关系正常化", "苏丹和以色列今天宣布，") for number in range(2, 8)),
            *(article(number, "天气", "晴") for number in range(10, 40)),
        ]
    )
    results = corpus.ask("苏丹 以色列 建交", collapse="0")
    assert (results.whole, results.total) == (1, 7)
    assert {int(hit.id, 16) for hit in results.hits[:6]} == {*range(2, 8)}


def test_a_headline_that_an_article_holds_letter_for_letter_leads_though_others_hold_most_of_it() -> None:
    corpus = Corpus(
        [
            article(1, "综述", "各地消息。" * 30 + "部长访问上海参观工厂会见工人" + "。其他消息" * 30),
            *(article(number, "部长访问上海", "部长访问上海，参观工厂，" * 3) for number in range(2, 14)),
        ]
    )
    results = corpus.ask("部长访问上海参观工厂会见工人")
    assert (results.whole, int(results.hits[0].id, 16)) == (1, 1)
    assert results.total > 1


@pytest.mark.parametrize(
    ("text", "parameters"),
    [
        ("亚美尼亚 打仗", {}),  # two words are meant both
        ('"亚美尼亚" 阿塞拜疆 打仗', {}),
        ("亚美尼亚 OR 石榴 OR 打仗", {}),
        ("亚美尼亚 阿塞拜疆 打仗 -熊猫", {}),
        ("亚美尼亚 阿塞拜疆 title:打仗", {}),
        ("亚美尼亚 阿塞拜疆 打仗", {"sort": "newest"}),
        ("亚美尼亚 阿塞拜疆 打仗", {"partial": "0"}),
    ],
)
def test_whoever_says_exactly_what_is_meant_gets_nothing_else(text: str, parameters: dict[str, str]) -> None:
    corpus = Corpus(
        [
            *(article(number, "亚美尼亚和阿塞拜疆", "战事") for number in range(2, 4)),
            article(5, "打仗", "亚美尼亚阿塞拜疆"),
        ]
    )
    results = corpus.ask(text, **parameters)
    assert not results.partial
    assert results.total == results.whole


def test_partial_matches_keep_to_filters_and_exclusions() -> None:
    corpus = Corpus(
        [article(1, "疫苗"), article(2, "疫苗", source="晚报"), article(3, "疫苗 熊猫"), article(4, "熊猫")]
    )
    assert corpus.found("疫苗 覆巢 source:早报 -熊猫") == {1}
    assert corpus.found("疫苗 覆巢 -熊猫", source="晚报") == {2}
    assert corpus.found("title:疫苗 覆巢", from_="去年", to="昨天") == set()


def test_no_partial_matches_where_nothing_holds_any_part() -> None:
    results = Corpus([article(1, "疫苗")]).ask("覆巢 完卵")
    assert (results.total, results.partial, results.query.notes) == (0, False, ())


def test_a_loose_request_ranks_whatever_holds_a_concept() -> None:
    corpus = Corpus([article(1, "疫苗接种"), article(2, "疫苗"), article(3, "熊猫")])
    hits = corpus.index.search(corpus.understood("谁发明了疫苗接种？").loose_request()).hits
    assert [int(hit.id, 16) for hit in hits] == [1, 2]


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_pages_hold_each_article_once(sort: str) -> None:
    corpus = Corpus([article(number, "疫苗" * (number % 4 + 1), published=NOW) for number in range(25)])
    seen: list[str] = []
    cursor = ""
    while True:
        page = corpus.ask("疫苗", sort=sort, limit=4, cursor=cursor)
        seen += [hit.id for hit in page.hits]
        assert page.total == 25
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len(set(seen)) == 25


def test_pages_stay_the_same_while_articles_arrive() -> None:
    corpus = Corpus([article(number, "疫苗") for number in range(6)])
    whole = [hit.id for hit in corpus.ask("疫苗").hits]
    first = corpus.ask("疫苗", limit=3)
    corpus.add(article(99, "疫苗" * 3, published=NOW + timedelta(days=1)))
    second = corpus.ask("疫苗", limit=3, cursor=first.next)
    assert [hit.id for hit in [*first.hits, *second.hits]] == whole
    assert "99" not in [hit.title for hit in second.hits]


def test_further_pages_of_partial_matches_are_partial_too() -> None:
    corpus = Corpus([article(number, "疫苗") for number in range(4)])
    first = corpus.ask("疫苗 覆巢", limit=3)
    corpus.add(article(9, "疫苗 覆巢"))
    second = corpus.ask("疫苗 覆巢", limit=3, cursor=first.next)
    assert second.partial
    assert len({hit.id for hit in [*first.hits, *second.hits]}) == 4


def test_a_cursor_serves_its_own_question_alone() -> None:
    corpus = Corpus([article(number, "疫苗 美国") for number in range(4)])
    cursor = corpus.ask("疫苗", limit=2).next
    assert cursor
    assert corpus.ask("疫苗", limit=1, cursor=cursor, explain="1", fields="id").hits
    for parameters in ({"q": "美国"}, {"sort": "newest"}, {"from_": "2020"}, {"variants": "0"}, {"tz": "UTC"}):
        question = {"text": parameters.pop("q", "疫苗"), **parameters}
        with pytest.raises(QueryError) as caught:
            corpus.ask(**question, limit=2, cursor=cursor)
        assert (caught.value.code, caught.value.field) == ("bad_cursor", "cursor")


def test_a_cursor_that_was_tampered_with_is_refused() -> None:
    corpus = Corpus([article(number, "疫苗") for number in range(4)])
    cursor = corpus.ask("疫苗", limit=2).next or ""
    changed = [
        cursor[:place] + ("A" if cursor[place] != "A" else "B") + cursor[place + 1 :]
        for place in range(len(cursor) - 1)
    ]
    for bad in [*changed, "x", "é", "====", cursor[:-4], cursor + "AAAA", "A" * 100_000]:
        with pytest.raises(QueryError) as caught:
            corpus.ask("疫苗", limit=2, cursor=bad)
        assert caught.value.code == "bad_cursor"


def test_recency_lifts_newer_articles_and_is_off_by_default() -> None:
    old, new = NOW - timedelta(days=400), NOW - timedelta(hours=1)
    corpus = Corpus([article(1, "疫苗疫苗", published=old), article(2, "疫苗", "其他" * 5, published=new)])
    assert titles(corpus, "疫苗") == ["疫苗疫苗", "疫苗"]
    assert titles(corpus, "疫苗", recency="7d") == ["疫苗", "疫苗疫苗"]


def test_facets_ignore_their_own_filter_and_keep_what_was_selected() -> None:
    corpus = Corpus(
        [
            article(1, "疫苗", source="早报"),
            article(2, "疫苗", source="早报", language="zh-Hant"),
            article(3, "疫苗", source="晚报"),
        ]
    )
    facets = corpus.ask("疫苗", source=["早报", "没有的报"], lang="zh-Hans").facets
    assert [(each.value, each.count, each.selected) for each in facets["source"]] == [
        ("早报", 1, True),
        ("晚报", 1, False),
        ("没有的报", 0, True),
    ]
    assert [(each.value, each.count) for each in facets["language"]] == [("zh-Hans", 1), ("zh-Hant", 1)]


def test_the_timeline_tells_the_share_of_each_day() -> None:
    late = datetime(2020, 9, 15, 18, tzinfo=UTC)  # the 16th in Shanghai
    corpus = Corpus(
        [
            article(1, "疫苗", published=late),
            article(2, "美国", published=late),
            article(3, "疫苗", published=late - timedelta(days=3)),
            article(4, "疫苗", published=None),
        ]
    )
    for _ in range(2):
        timeline = corpus.ask("疫苗").timeline
        assert [(str(day.date), day.count, day.share) for day in timeline] == [
            ("2020-09-13", 1, 1.0),
            ("2020-09-16", 1, 0.5),
        ]
    assert str(corpus.ask("疫苗", tz="UTC").timeline[-1].date) == "2020-09-15"
    corpus.add(article(5, "总统", published=late), article(6, "总统", published=late))
    assert corpus.ask("疫苗").timeline[-1].share == 0.25


def test_hits_that_were_deleted_meanwhile_are_left_out_and_said() -> None:
    corpus = Corpus([article(1, "疫苗"), article(2, "疫苗")])
    corpus.deleted.add(article(1).id)
    results = corpus.ask("疫苗")
    assert [int(hit.id, 16) for hit in results.hits] == [2]
    assert results.query.notes[-1].code == "vanished"


def test_filters_are_told_as_they_were_understood() -> None:
    corpus = Corpus([article(1, "疫苗")])
    results = corpus.ask(
        "source:早报 -lang:zh-tw date:近三天 site:https://A.com/x title:疫苗", from_="2020-09", to="今天", source="晚报"
    )
    assert [(each.field, each.value, each.excluded, each.parameter) for each in results.query.filters] == [
        ("source", "早报", False, ""),
        ("lang", "zh-Hant", True, ""),
        ("date", "2020-09-14..2020-09-16", False, ""),
        ("site", "a.com", False, ""),
        ("title", "疫苗", False, ""),
        ("date", "2020-09-01..", False, "from"),
        ("date", "..2020-09-16", False, "to"),
        ("source", "晚报", False, "source"),
    ]


def test_each_part_of_a_score_is_explained() -> None:
    corpus = Corpus([article(1, "疫苗接种"), article(2, "疫苗")])
    hit = corpus.ask("疫苗接种", explain="1").hits[0]
    assert sum(part.score for part in hit.explanation) == pytest.approx(hit.score)
    assert "run 疫苗接种" in {part.feature for part in hit.explanation}
    assert not corpus.ask("疫苗").hits[0].explanation


def test_the_json_object_has_the_promised_shape() -> None:
    corpus = Corpus(
        [
            article(1, "疫苗接种", "美国的疫苗接种开始了。", published=NOW),
            article(2, "其他", "疫苗接种", published=None),
        ]
    )
    answer = encode(corpus.ask("疫苗接种", limit=1), str)
    assert list(answer) == [
        "query",
        "total",
        "stories",
        "hidden",
        "total_is_exact",
        "took_ms",
        "hits",
        "facets",
        "timeline",
        "next",
        "suggestions",
    ]
    assert answer["query"]["text"] == "疫苗接种"
    assert (answer["total"], answer["total_is_exact"]) == (2, True)
    (hit,) = answer["hits"]
    score = hit.pop("score")
    assert score > 0
    assert hit == {
        "id": "0000000000000001",
        "url": "https://www.example.com/1",
        "title": "疫苗接种",
        "source": "早报",
        "author": "",
        "published": "2020-09-16T04:00:00Z",
        "discovered": "2020-09-16T04:00:00Z",
        "title_highlights": [[0, 4]],
        "snippet": {"text": "美国的疫苗接种开始了。", "highlights": [[3, 7]]},
        "story": "0000000000000001",
        "copies": 0,
    }
    assert answer["facets"] == {
        "source": [{"value": "早报", "count": 2}],
        "author": [],
        "language": [{"value": "zh-Hans", "count": 2}],
    }
    assert answer["timeline"] == [{"date": "2020-09-16", "count": 1, "share": 1.0}]
    assert isinstance(answer["next"], str)


def test_fields_choose_the_members_of_hits() -> None:
    corpus = Corpus([article(1, "疫苗")])
    assert encode(corpus.ask("疫苗", fields="title,id"), str)["hits"] == [{"id": "0000000000000001", "title": "疫苗"}]
    assert list(encode(corpus.ask("疫苗"), str)["hits"][0]) == list(HIT_FIELDS)


@pytest.mark.parametrize(
    ("parameters", "code", "field"),
    [
        ({"from_": "abc"}, "bad_date", "from"),
        ({"to": "2020-13"}, "bad_date", "to"),
        ({"from_": "2020-10", "to": "2020-09"}, "dates_reversed", "to"),
        ({"text": "before:x"}, "bad_date", "before"),
        ({"text": "date:2020..x"}, "bad_date", "date"),
        ({"text": "foo:bar"}, "unknown_field", "q"),
        ({"text": "lang:???"}, "bad_language", "lang"),
        ({"text": "site:[x"}, "bad_site", "site"),
        ({"sort": "best"}, "bad_choice", "sort"),
        ({"variants": "yes"}, "bad_choice", "variants"),
        ({"explain": "2"}, "bad_choice", "explain"),
        ({"fields": "id,html"}, "bad_choice", "fields"),
        ({"limit": "0"}, "bad_number", "limit"),
        ({"limit": "101"}, "bad_number", "limit"),
        ({"limit": "１"}, "bad_number", "limit"),
        ({"tz": "Mars"}, "bad_zone", "tz"),
        ({"lang": "12"}, "bad_language", "lang"),
        ({"recency": "soon"}, "bad_duration", "recency"),
        ({"source": [str(number) for number in range(65)]}, "too_many_values", "source"),
        ({"cursor": "x"}, "bad_cursor", "cursor"),
    ],
)
def test_a_wrong_question_is_an_error_that_names_what_is_allowed(
    parameters: dict[str, str], code: str, field: str
) -> None:
    with pytest.raises(QueryError) as caught:
        Corpus([article(1, "疫苗")]).ask(**parameters)
    assert (caught.value.code, caught.value.field) == (code, field)
    assert caught.value.allowed or code == "bad_cursor"


@pytest.mark.parametrize(
    "text", ["疫" * 100_000, "疫苗 " * 30_000, "(" * 100_000, '"' * 100_001, "国" + "👨‍👩‍👧" * 30_000]
)
def test_a_huge_question_is_answered(text: str) -> None:
    results = Corpus([article(1, "疫苗", "国")]).ask(text)
    assert "too_long" in [note.code for note in results.query.notes]


def test_of_too_many_words_some_are_required_and_the_rest_is_said() -> None:
    words = [f"w{number}" for number in range(100)]
    unspaced = "，".join(words)
    corpus = Corpus([article(1, "", unspaced), article(2, "", "，".join(words[:70]))])
    results = corpus.ask(unspaced)
    assert results.total >= 1
    assert "too_many_terms" in [note.code for note in corpus.ask(" ".join([unspaced, *words])).query.notes]


@pytest.mark.parametrize(
    ("text", "left_out"),
    [
        ("how was Breonna Taylor shot", ("how", "was")),
        ("Who shot Taylor", ("Who",)),
        ("the vaccine of Oxford", ("the", "of")),
    ],
)
def test_english_function_words_are_not_required_and_that_is_said(text: str, left_out: tuple[str, ...]) -> None:
    corpus = Corpus([article(1, "Breonna Taylor", "Police shot Taylor in Louisville. Vaccine news: Oxford.")])
    results = corpus.ask(text)
    assert results.whole == 1
    assert Note("dropped_words", left_out) in results.query.notes
    assert corpus.ask(text, variants="0").whole == 0


@pytest.mark.parametrize(
    "text", ["The Who", "who", "WHO vaccine trial", '"the vaccine" of Oxford trial', "title:the vaccine"]
)
def test_what_may_be_more_than_grammar_stays(text: str) -> None:
    corpus = Corpus([article(1, "vaccine trial", "Oxford vaccine trial.")])
    dropped = [note.terms for note in corpus.ask(text).query.notes if note.code == "dropped_words"]
    assert dropped in ([], [("of",)])
    assert corpus.ask(text).whole == 0
