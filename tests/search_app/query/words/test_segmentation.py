"""How an unspaced run is cut: function words fall out of it, words that hold the same characters stay whole."""

import pytest

from indexer.text import dictionary
from indexer.text.analyser import Analyser
from search_app.query.words.segmentation import cut_run

ANALYSER = Analyser()


def texts(run: str) -> list[str]:
    return [cut.text for cut in cut_run(run, ANALYSER, whole=True)[0]]


def test_no_word_of_the_dictionary_loses_a_part() -> None:
    words = {ANALYSER.fold(word) for word in dictionary.read().words if 2 <= len(word) <= 4}
    assert len(words) > 250_000
    assert [word for word in words if cut_run(word, ANALYSER, whole=True)[1] or "".join(texts(word)) != word] == []


@pytest.mark.parametrize(
    ("run", "cuts"),
    [
        ("碳中和目标", ["碳中和", "目标"]),  # a word across what is only guessed to be one
        ("这个笔名有什么由来", ["笔名", "由来"]),
        ("习近平和拜登", ["习近平", "拜登"]),  # 平和 would take a part of a word
        ("台湾的历史", ["台湾", "历史"]),
        ("谁发现了青霉素", ["发现", "青霉素"]),
    ],
)
def test_function_words_fall_out_between_words_alone(run: str, cuts: list[str]) -> None:
    assert texts(run) == cuts


@pytest.mark.parametrize("run", ["李有为", "金与正", "有的", "为何"])
def test_one_character_or_none_is_never_all_that_is_left(run: str) -> None:
    cuts, dropped = cut_run(run, ANALYSER, whole=True)
    assert "".join(cut.text for cut in cuts) == run
    assert dropped == ()


def test_beside_a_name_function_words_fall_out() -> None:
    assert cut_run("和", ANALYSER, whole=False) == ([], ("和",))
