"""Sentences are those that a plain scan of the texts finds, each once in a story."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.units import units
from search_app.query.parameters import given_by
from search_app.search.sentences.finding import Sentence, SentenceQuestion, all_sentences, sentences
from tests.search_app.corpus import Corpus, analyser, article
from tests.search_app.search.test_recall import HAN, RUNS

PIECES = st.sampled_from(
    ["疫苗", "疫苗接種", "接种", "美國", "中", "美", "的", "冠", "病", "G7", "COVID 19", "vaccine", "王", "毅", " ",
     "　", "，", "。", "！", "？", "!", "”", "“", "\n", "\n\n", "3", "😀", "e\u0301", "。」"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=14).map("".join)
ARTICLES = st.builds(article, st.integers(0, 30), TEXTS, TEXTS, source=st.sampled_from(["早报", "晚报"]))
CORPORA = st.lists(ARTICLES, min_size=1, max_size=5, unique_by=lambda each: each.id).map(Corpus)


class _Stories:
    def members(self, stories: Sequence[str]) -> Mapping[str, Sequence[str]]:
        return {}


class _Archive:
    stories = _Stories()


class SmallLibrary:
    """What is asked of a library, over a corpus in memory in which each article is a story."""

    def __init__(self, corpus: Corpus) -> None:
        self.articles = corpus
        self.index = corpus.index
        self.analyser = analyser()
        self.archive = _Archive()
        self.timeline = corpus.searcher.timeline
        self.ask = lambda parameters, reader=None: corpus.understood(parameters)


def ask(corpus: Corpus, text: str, **parameters: Any) -> list[Sentence]:
    """All sentences, in the order of their pages."""
    question = SentenceQuestion.parse(
        given_by([("q", text), *((name, str(each)) for name, each in parameters.items())])
    )
    library: Any = SmallLibrary(corpus)
    return [each for page in all_sentences(library, question, None) for each in page.sentences]


def found(corpus: Corpus, text: str, **parameters: Any) -> Counter[tuple[int, bool, str]]:
    every = ask(corpus, text, collapse=0, **parameters)
    return Counter((int(each.id, 16), each.in_title, said(each.text)) for each in every)


def said(text: str) -> str:
    """The units of a text, without what stands between them."""
    folded = analyser().fold(text)
    return "\n".join(folded[start:end] for _, start, end in units(folded))


def scan(corpus: Corpus, test: Callable[[str], bool]) -> Counter[tuple[int, bool, str]]:
    """The sentences of all articles that pass a test, cut the plain way."""
    return Counter(
        (int(each.id, 16), text is each.title, said(sentence))
        for each in corpus.articles.values()
        for text in (each.title, each.text)
        for sentence in re.split(r"[。!?\n]", analyser().fold(text))
        if said(sentence) and test(sentence)
    )


@given(CORPORA, RUNS, RUNS)
def test_sentences_are_those_of_a_plain_scan(corpus: Corpus, one: str, other: str) -> None:
    a, b = (analyser().fold(run) for run in (one, other))
    assert found(corpus, f'"{one}"') == scan(corpus, lambda sentence: a in sentence)
    assert found(corpus, f'"{one}" "{other}"') == scan(corpus, lambda sentence: a in sentence and b in sentence)
    assert found(corpus, f'"{one}" OR "{other}"') == scan(corpus, lambda sentence: a in sentence or b in sentence)
    both = scan(corpus, lambda sentence: a in sentence and b in sentence)
    assert found(corpus, f'"{one}" 同句 "{other}"') <= both


@given(CORPORA, RUNS, RUNS)
def test_what_is_excluded_is_not_in_the_article(corpus: Corpus, one: str, other: str) -> None:
    a, b = (analyser().fold(run) for run in (one, other))
    without = {
        int(each.id, 16)
        for each in corpus.articles.values()
        if not any(b in analyser().fold(text) for text in (each.title, each.text))
    }
    expected = scan(corpus, lambda sentence: a in sentence)
    assert found(corpus, f'"{one}" -"{other}"') == Counter(
        {key: count for key, count in expected.items() if key[0] in without}
    )


@given(CORPORA, RUNS)
def test_a_sentence_stands_at_its_place_and_its_marks_are_what_was_asked(corpus: Corpus, run: str) -> None:
    for each in ask(corpus, f'"{run}"'):
        whole = corpus.articles[each.id]
        text = whole.title if each.in_title else whole.text
        assert text[each.start : each.start + len(each.text)] == each.text
        assert each.text == each.text.strip()
        assert each.highlights
        assert all(analyser().fold(run)[0] in analyser().fold(each.text[a:b]) for a, b in each.highlights)


@given(CORPORA, RUNS, st.integers(1, 4))
def test_pages_of_any_size_hold_the_same(corpus: Corpus, run: str, limit: int) -> None:
    library: Any = SmallLibrary(corpus)
    expected = ask(corpus, f'"{run}"')
    seen: list[Sentence] = []
    cursor: str | None = ""
    while cursor is not None:
        pairs = [("q", f'"{run}"'), ("limit", str(limit)), ("cursor", cursor)]
        page = sentences(library, SentenceQuestion.parse(given_by(pairs)), None)
        assert len(page.sentences) <= limit
        seen += page.sentences
        cursor = page.next
    assert seen == expected


SPEECH = Corpus(
    [
        article(
            1,
            "江城疫苗接種",
            "市長說：「疫苗安全。」\n“接种点已经开放！”她说。COVID-19 疫苗与流感疫苗不同?是的",
            source="早报",
        ),
        article(2, "别的事", "川普表示有疫苗。特朗普离开了。", source="晚报"),
        article(3, "运动会", "图片说明", source="晚报"),
    ],
    variants="特朗普, 川普",
)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("疫苗", ["江城疫苗接種", "市長說：「疫苗安全。」", "COVID-19 疫苗与流感疫苗不同?", "川普表示有疫苗。"]),
        ("特朗普", ["川普表示有疫苗。", "特朗普离开了。"]),
        ("特朗普 疫苗", ["川普表示有疫苗。"]),
        ("疫苗 NEAR/2 流感", ["COVID-19 疫苗与流感疫苗不同?"]),
        ("ATLEAST/2 疫苗", ["COVID-19 疫苗与流感疫苗不同?"]),
        ("开放", ["“接种点已经开放！”"]),
        ("title:江城 安全", ["市長說：「疫苗安全。」"]),
        ("title:疫苗", ["江城疫苗接種"]),
        ("lead:安全", ["市長說：「疫苗安全。」"]),
        ("vacc*", []),
        ("covid-19", ["COVID-19 疫苗与流感疫苗不同?"]),
        ("(疫苗 OR 运动会) source:晚报", ["川普表示有疫苗。", "运动会"]),
        ("(疫苗 source:晚报) OR (接种 source:早报)", ["江城疫苗接種", "“接种点已经开放！”", "川普表示有疫苗。"]),
        ("title:运动会 source:晚报", ["运动会"]),
    ],
)
def test_a_sentence_holds_by_itself_all_that_is_asked_of_the_text(question: str, expected: list[str]) -> None:
    assert sorted(each.text for each in ask(SPEECH, question)) == sorted(expected)


def test_what_is_asked_of_the_source_alone_has_every_sentence() -> None:
    assert [each.text for each in ask(SPEECH, "source:晚报 来源:晚报", sort="oldest")] == [
        *("别的事", "川普表示有疫苗。", "特朗普离开了。"),
        *("运动会", "图片说明"),
    ]


def test_an_article_that_says_a_sentence_twice_has_it_once_unless_every_article_is_asked_for() -> None:
    twice = Corpus([article(1, "疫苗", f"疫苗{HAN}。别的。疫苗，{HAN}！")])
    assert len(ask(twice, f"疫苗{HAN}")) == 1
    assert len(ask(twice, f"疫苗{HAN}", collapse=0)) == 2


TALK = Corpus(
    [
        article(1, "“疫苗”之争", "马克龙说：“疫苗安全。疫苗有效。”疫苗已经到了。默克尔说：「疫苗很贵。」她去了巴黎。"),
        article(2, "别的", "馬克宏說，「口罩夠了」。他谈到“疫苗”。", source="晚报"),
    ],
    variants="马克龙, 马克宏",
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (
            {"quoted": 1},
            ["“疫苗”之争", "马克龙说：“疫苗安全。", "疫苗有效。”", "默克尔说：「疫苗很贵。」", "他谈到“疫苗”。"],
        ),
        ({"speaker": "默克尔"}, ["默克尔说：「疫苗很贵。」"]),
        ({"speaker": "马克龙"}, ["马克龙说：“疫苗安全。", "疫苗有效。”"]),
        ({"speaker": "馬克宏"}, ["马克龙说：“疫苗安全。", "疫苗有效。”"]),
        ({"speaker": "普京"}, []),
    ],
)
def test_only_what_is_quoted_is_searched_or_only_what_somebody_said(asked: dict[str, Any], expected: list[str]) -> None:
    assert sorted(each.text for each in ask(TALK, "疫苗", **asked)) == sorted(expected)


def test_all_that_somebody_said_is_found_in_any_spelling_of_the_name() -> None:
    found = ask(TALK, "", speaker="马克龙", sort="oldest")
    assert {each.text for each in found} == {"马克龙说：“疫苗安全。", "疫苗有效。”", "馬克宏說，「口罩夠了」。"}
    [(quote,)] = [each.quotes for each in found if each.text.startswith("馬克宏")]
    assert quote.speaker == "馬克宏"


@given(CORPORA, RUNS)
def test_what_is_quoted_is_a_part_of_what_is_found(corpus: Corpus, run: str) -> None:
    quoted = ask(corpus, f'"{run}"', quoted=1)
    whole = found(corpus, f'"{run}"')
    assert Counter((int(each.id, 16), each.in_title, said(each.text)) for each in quoted) <= whole
    for each in quoted:
        for start, end in each.highlights:
            assert any(quote.start <= start and end <= quote.end for quote in each.quotes)


def test_a_group_of_publishers_is_asked_of_the_article():
    corpus = Corpus(
        [article(1, "", "接种疫苗。菜价。", source="中央社"), article(2, "", "疫苗来了。", source="路透"),
         article(3, "", "没有疫苗。", source="早报")]
    )  # fmt: skip
    assert found(corpus, "疫苗 publisher:台湾") == {(1, False, said("接种疫苗。")): 1}
    assert found(corpus, "疫苗 publisher:(台湾 OR 外媒)").keys() == {
        (1, False, said("接种疫苗。")),
        (2, False, said("疫苗来了。")),
    }
    assert found(corpus, "疫苗 -publisher:外媒").keys() == {
        (1, False, said("接种疫苗。")),
        (3, False, said("没有疫苗。")),
    }
