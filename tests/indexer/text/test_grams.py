"""The gram stream: what stands in an article can be found, and nothing else."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from indexer.text.analyser import Analyser
from indexer.text.fold import fold
from indexer.text.grams import TITLE_END, grams, phrase_tokens

ANALYSER = Analyser()
TEXT = st.text(st.sampled_from("中美关系国人的一臺灣。， \nab7９cD#%-…é😀々〇"), max_size=40)
HAN = st.text(st.sampled_from("中美关系国人"), min_size=1, max_size=8)


def finds(tokens: tuple[str, ...], prefix: bool, stream: list[str]) -> bool:
    """Phrase search as every engine does it."""
    n = len(tokens)
    return any(
        tuple(stream[i : i + n - 1]) == tokens[:-1]
        and (stream[i + n - 1].startswith(tokens[-1]) if prefix else stream[i + n - 1] == tokens[-1])
        for i in range(len(stream) - n + 1)
    )


@pytest.mark.parametrize(
    ("text", "stream"),
    [
        ("中美关系", ["中美", "美关", "关系", "系"]),
        ("中美，关系", ["中美", "美", "关系", "系"]),
        ("g7领袖", ["g", "7", "领袖", "袖"]),
        ("covid-19", ["covid", "19"]),
        ("c# c++", ["c", "#", "c", "+", "+"]),
        ("第3季", ["第", "3", "季"]),
        ("", []),
        ("。， \n", []),
        ("日本の首相", ["日本", "本", "の", "首相", "相"]),
    ],
)
def test_one_token_a_unit(text: str, stream: list[str]) -> None:
    assert grams(text) == stream


@pytest.mark.parametrize(
    ("text", "tokens", "prefix"),
    [
        ("中", ("中",), True),
        ("中美", ("中美",), False),
        ("中美关", ("中美", "美关"), False),
        ("第3季", ("第", "3", "季"), True),
        ("中，美", ("中", "美"), True),
        ("g7", ("g", "7"), False),
        ("7个ab", ("7", "个", "ab"), False),
        ("。", (), False),
    ],
)
def test_how_a_run_is_looked_for(text: str, tokens: tuple[str, ...], prefix: bool) -> None:
    assert phrase_tokens(text) == (tokens, prefix)


@given(TEXT, HAN)
def test_a_han_run_is_found_exactly_where_it_stands(text: str, run: str) -> None:
    folded = fold(text)
    assert finds(*phrase_tokens(run), grams(folded)) == (run in folded)


@given(TEXT, st.data())
def test_any_piece_of_a_text_that_cuts_no_word_is_found_in_it(text: str, data: st.DataObject) -> None:
    folded = fold(text)
    cuts = [i for i in range(len(folded) + 1) if not re.match(r"[a-zé]{2}|\d{2}", folded[max(i - 1, 0) : i + 1])]
    start, end = sorted((data.draw(st.sampled_from(cuts)), data.draw(st.sampled_from(cuts))))
    tokens, prefix = phrase_tokens(folded[start:end])
    assume(tokens)
    assert finds(tokens, prefix, grams(folded))


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_streams_of_many_articles_are_those_of_each(articles: list[tuple[str, str]]) -> None:
    analysis = ANALYSER.analyse([title for title, _ in articles], [body for _, body in articles])
    folded = [(ANALYSER.fold(title), ANALYSER.fold(body)) for title, body in articles]
    assert list(analysis.grams.lists()) == [[*grams(title), TITLE_END, *grams(body)] for title, body in folded]
    assert list(analysis.title_grams.lists()) == [grams(title) for title, _ in folded]


def test_a_text_of_two_million_characters_is_analysed_like_any_other() -> None:
    text = "中美关系 ab7" * 300_000
    [stream] = ANALYSER.analyse([""], [text]).grams.lists()
    assert stream == [TITLE_END, *grams(text)]


def test_an_endless_word_is_cut_off_alike_in_articles_and_in_questions() -> None:
    word = "a" * 100_000
    [stream] = ANALYSER.analyse([""], [word]).grams.lists()
    assert stream[1:] == list(phrase_tokens(word)[0])
    assert len(stream[1]) < 100
