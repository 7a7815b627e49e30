"""Gaps inside Han text that are no boundary: wrapped lines and padded names."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from indexer.text.analyser import Analyser
from indexer.text.fold import fold, fold_with_offsets
from indexer.text.gaps import close_gaps, close_gaps_with_offsets, readings
from indexer.text.grams import TITLE_END, grams, phrase_tokens
from tests.indexer.text.test_grams import finds

ANALYSER = Analyser()
TEXT = st.text(st.sampled_from("中美王毅李 \u3000\n\r\t。a7〇é㎡\u200b"), max_size=24)


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("王　毅", "王毅"),
        ("王 毅会见李  强", "王毅会见李强"),
        ("公　告。", "公告。"),
        ("欧 阳 修", "欧阳修"),
        ("竞 标，还有", "竞标,还有"),
        ("防\n火", "防火"),
        ("森林防  \r\n火工作", "森林防火工作"),
        ("今日王　毅出席", "今日王毅出席"),
        ("李　强总理、国务委员韩　正", "李强总理、国务委员韩正"),
        ("會見陳　雲同志", "会见陈云同志"),
        ("总理李  强主持", "总理李强主持"),
        ("森林防　\n火", "森林防火"),
    ],
)
def test_gaps_that_are_none(text: str, closed: str) -> None:
    assert close_gaps(fold(text)) == closed


@pytest.mark.parametrize(
    "text",
    [
        "北京 上海",
        "李克强　王毅",
        "3轮 普京",
        "a 毅",
        "王   毅",
        "中\n\n美",
        "防\n　　火",
        "中。\n美",
        "中\t美",
        "\n火",
        "防\n",
        "北京　上海",
        "今日王 毅出席",
        "今日王　　毅出席",
    ],
)
def test_gaps_that_stay(text: str) -> None:
    assert close_gaps(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("body", "run"),
    [
        ("出席的有王 毅、李克强", "王毅"),
        ("各地加强森林防\n火工作", "防火"),
        ("二○二四年", "二零二四年"),
        ("二〇二四年", "二○二四年"),
        ("⻓江⻥类", "长江鱼类"),
    ],
)
def test_a_run_is_found_in_what_was_typed_otherwise(body: str, run: str) -> None:
    [stream] = ANALYSER.analyse([""], [body]).grams.lists()
    assert finds(*ANALYSER.phrase_tokens(run), stream)


def test_a_wrapped_word_is_a_word() -> None:
    [words] = ANALYSER.analyse([""], ["森林防\n火工作"]).words.lists()
    assert "防火" in words


def test_neighbouring_articles_do_not_run_into_each_other() -> None:
    analysis = ANALYSER.analyse(["中", "美", ""], ["防", "火", "\n灾"])
    assert list(analysis.grams.lists()) == [["中", TITLE_END, "防"], ["美", TITLE_END, "火"], [TITLE_END, "灾"]]


@given(TEXT)
def test_closing_again_changes_nothing(text: str) -> None:
    closed = ANALYSER.fold(text)
    assert close_gaps(closed) == closed == ANALYSER.fold(closed)


@given(TEXT)
def test_every_character_leads_back_to_where_it_stood(text: str) -> None:
    closed = close_gaps_with_offsets(fold_with_offsets(text))
    assert closed.text == ANALYSER.fold(text) == ANALYSER.fold_with_offsets(text).text
    before = 0
    for place, character in enumerate(closed.text):
        start, end = closed.original(place, place + 1)
        assert before <= end and 0 <= start < end <= len(text)
        assert character in fold(text[start:end])
        before = end


@given(st.lists(st.tuples(TEXT, TEXT), max_size=6))
def test_many_articles_are_closed_as_each(articles: list[tuple[str, str]]) -> None:
    analysis = ANALYSER.analyse([title for title, _ in articles], [body for _, body in articles])
    folded = [(ANALYSER.fold(title), ANALYSER.fold(body)) for title, body in articles]
    assert list(analysis.grams.lists()) == [[*grams(title), TITLE_END, *grams(body)] for title, body in folded]
    assert list(analysis.title_grams.lists()) == [grams(title) for title, _ in folded]


@given(TEXT, st.text(st.sampled_from("中美王毅〇"), min_size=1, max_size=4), TEXT)
def test_a_han_run_is_found_in_the_text_as_typed(before: str, run: str, after: str) -> None:
    assert finds(*ANALYSER.phrase_tokens(run), grams(ANALYSER.fold(before + run + after)))


@given(TEXT, st.data())
@example("北京 上海", None)
def test_any_piece_is_found_in_its_text(text: str, data: st.DataObject | None) -> None:
    whole = fold(text)
    cuts = (0, 4) if data is None else sorted(data.draw(st.integers(0, len(whole))) for _ in range(2))
    assume(not any(re.match(r"[a-zé]{2}|\d{2}", whole[max(0, cut - 1) : cut + 1]) for cut in cuts))
    stream = grams(close_gaps(whole))
    ways = [phrase_tokens(reading) for reading in readings(whole[slice(*cuts)])]
    assume(ways[0][0])
    assert any(finds(tokens, prefix, stream) for tokens, prefix in ways)
    assert len(ways) <= 4
