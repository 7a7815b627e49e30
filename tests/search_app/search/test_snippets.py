"""Snippets and highlights: the right slices of the original text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.groups import read_groups
from indexer.text.variants import Variants
from search_app.query.interpreter import Interpreter
from search_app.query.parameters import SearchParameters
from search_app.search.snippets import WIDTH, Highlighter
from tests.search_app.corpus import NOW, SHANGHAI, analyser

NAMES = Variants(read_groups("特朗普, 川普\n视频会议, 视讯会议", "user", "test"))
FILLER = "这是一句没有意义的话，用来填满篇幅。"


def highlighter(question: str) -> Highlighter:
    interpretation = Interpreter(analyser(), NAMES, NOW.date(), SHANGHAI).interpret(SearchParameters(question))
    return Highlighter(interpretation.clauses, analyser())


def marked(question: str, text: str) -> list[str]:
    snippet = highlighter(question).snippet(text)
    return [snippet.text[start:end] for start, end in snippet.highlights]


@pytest.mark.parametrize(
    ("question", "text", "highlights"),
    [
        ("疫苗", "疫苗来了，疫苗！", ["疫苗", "疫苗"]),
        ("视频会议", "舉行視訊會議，視頻會議。", ["視訊會議", "視頻會議"]),
        ("川普", "特朗普（川普）說", ["特朗普", "川普"]),
        ("covid-19", "ＣＯＶＩＤ 19和COVID19还有covid-190", ["ＣＯＶＩＤ 19", "COVID19"]),
        ("g7", "G7、G70、AG7、g-7", ["G7", "g-7"]),
        ("vacc*", "Vaccine vacc avacc", ["Vacc", "vacc"]),
        ("中美", "中美关系，中，美", ["中美"]),
        ('"中，美"', "中美关系，中，美", ["中，美"]),
        ("疫苗接种", "接种疫苗；疫苗接种", ["接种疫苗", "疫苗接种"]),
        ("c#", "用C#写，c写", ["C#"]),
        ("50%", "涨了５０％！", ["５０％"]),
        ("-疫苗 接种", "疫苗接种", ["接种"]),
        ("title:疫苗 接种", "疫苗接种", ["接种"]),
        ("café", "Cafe\u0301！", ["Cafe\u0301"]),
        ("👍", "好👍🏽吗", ["👍🏽"]),
        ("公斤", "5㎏和㈱公斤", ["公斤"]),
    ],
)
def test_every_spelling_is_marked_where_it_stands(question: str, text: str, highlights: list[str]) -> None:
    assert marked(question, text) == highlights


def test_a_title_is_marked_for_words_of_any_field() -> None:
    title = "視訊會議談疫苗"
    assert [title[a:b] for a, b in highlighter("title:疫苗 视频会议").title(title)] == ["視訊會議", "疫苗"]


def test_characters_that_change_their_length_in_folding_do_not_shift_what_follows() -> None:
    text = "㍿㌖①Ⅷﬁ\u200b" * 20 + "在視訊會議上"
    assert marked("视讯会议", text) == ["視訊會議"]


def test_captions_make_a_snippet_only_where_the_body_has_none() -> None:
    both = highlighter("疫苗").snippet("疫苗到了。", "图为疫苗。")
    assert (both.text, both.highlights) == ("疫苗到了。", ((0, 2),))
    caption = highlighter("疫苗").snippet("货车到了。", "图为疫苗。")
    assert (caption.text, caption.highlights) == ("图为疫苗。", ((2, 4),))
    assert highlighter("疫苗").snippet("货车到了。", "图为货车。").text == "货车到了。"


def test_a_snippet_begins_with_a_sentence_and_is_not_long() -> None:
    snippet = highlighter("疫苗").snippet(FILLER * 50 + "昨天，有人接种了疫苗。" + FILLER * 50)
    assert snippet.text.startswith("…这是一句")
    assert snippet.text.endswith("…")
    assert WIDTH * 0.8 <= len(snippet.text) <= WIDTH * 1.2
    assert "昨天，有人接种了疫苗。" in snippet.text


def test_words_far_apart_are_shown_in_two_windows() -> None:
    text = FILLER * 20 + "疫苗在这里。" + FILLER * 40 + "总统在那里。" + FILLER * 20
    snippet = highlighter("总统 疫苗").snippet(text)
    assert [snippet.text[a:b] for a, b in snippet.highlights] == ["疫苗", "总统"]
    assert snippet.text.count("…") == 3
    assert len(snippet.text) <= WIDTH * 1.2


def test_the_window_shows_the_literal_run_rather_than_its_parts() -> None:
    text = "美国，总统。" + FILLER * 30 + "美国总统来了。" + FILLER * 30
    assert "美国总统" in marked("美国总统", text)


def test_without_a_match_the_text_begins_at_its_beginning() -> None:
    snippet = highlighter("疫苗").snippet("\n 第一句。\n第二句。" + FILLER * 30)
    assert snippet.text.startswith("第一句。 第二句。")
    assert snippet.highlights == ()
    assert highlighter("").snippet("短文").text == "短文"


def test_long_texts_are_bounded_in_work_and_result() -> None:
    for text in ("疫苗" * 50_000, "的" * 100_000, "e" + "\u0301" * 100_000, "疫" + "苗，" * 50_000, "👨‍" * 50_000):
        assert len(highlighter("疫苗 的 e 👨").snippet(text).text) <= 4 * WIDTH


def test_what_stands_far_behind_leaves_the_beginning() -> None:
    snippet = highlighter("疫苗").snippet(FILLER + "字" * 250_000 + "疫苗")
    assert snippet.text.startswith(FILLER[:-1])
    assert snippet.text.endswith("…")
    assert snippet.highlights == ()


TEXTS = st.lists(
    st.sampled_from(
        ["疫苗", "視訊會議", "e\u0301", "👨\u200d👩", "㍿", "ﬁ", "川普", "。", "\n", "ＡＢＣ", "x", " ", FILLER]
    )
    | st.characters(exclude_categories=["Cs"]),
    max_size=60,
).map("".join)


@given(TEXTS)
def test_a_snippet_is_made_of_slices_of_the_text_and_cuts_no_character(text: str) -> None:
    lighter = highlighter("疫苗 川普 视频会议 abc")
    snippet = lighter.snippet(text)
    one_line = text.translate(dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " "))
    assert all(part in one_line for part in snippet.text.split("…") if "…" not in text)
    for shown, spans in ((snippet.text, snippet.highlights), (text, lighter.title(text))):
        for start, end in spans:
            assert 0 <= start < end <= len(shown)
            assert not unicodedata.combining(shown[start])
            assert end == len(shown) or not unicodedata.combining(shown[end])
            folded = analyser().fold(shown[start:end])
            assert any(word in folded for word in ("疫苗", "川普", "特朗普", "视讯会议", "视频会议", "abc"))


@given(TEXTS)
def test_what_a_text_holds_is_marked_in_its_title(text: str) -> None:
    spans = highlighter("疫苗 川普").title(text)
    assert "".join(text[start:end] for start, end in spans).count("疫苗") == text.count("疫苗")
