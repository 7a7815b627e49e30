"""What is proposed when a question finds little."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.characters import look_alikes
from indexer.text.fold import fold
from indexer.text.groups import Group
from indexer.text.lexicon import Lexicon
from indexer.text.variants import Variants
from search_app.query.completion import Completer, Suggestion
from search_app.query.spelling import FEW, LONGEST, SpellingSuggester

COUNTS = {
    "特朗普": 400, "蓬佩奥": 200, "台湾": 150, "选举": 120, "郑州": 90, "facebook": 80, "谷歌": 70, "coronavirus": 60,
    "哈里斯": 50, "特郎普": 3,
}  # fmt: skip
VARIANTS = Variants([Group(("泽连斯基", "泽伦斯基"), origin="names")])
SPELLER = SpellingSuggester(Lexicon(COUNTS), VARIANTS, Completer(Lexicon(COUNTS), VARIANTS))


def finds(**articles: int) -> Callable[[str], int]:
    return lambda question: articles.get(question, 0)


def everything_known(question: str) -> int:
    return min((COUNTS | {"泽连斯基": 40}).get(word, 0) for word in fold(question).split())


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("特郎普", "特朗普"),  # sounds alike
        ("泽连司基", "泽连斯基"),  # a name of the table
        ("蓬佩粤", "蓬佩奥"),  # looks alike
        ("特朗晋", "特朗普"),
        ("哈利斯", "哈里斯"),
        ("正州", "郑州"),
        ("真州", "郑州"),  # accents drop the g
        ("telangpu", "特朗普"),
        ("facebok", "facebook"),
        ("coronavirsu", "coronavirus"),
        ("臺彎", "台湾"),
        ("FACEBOK 谷歌", "facebook 谷歌"),
        ("Facebook 谷哥", "Facebook 谷歌"),
    ],
)
def test_the_likely_word_is_proposed_first(asked: str, meant: str) -> None:
    hits = everything_known(fold(asked))
    proposed = SPELLER.propose(asked, hits, everything_known)
    assert proposed[0] == Suggestion(meant, everything_known(meant))


def test_only_what_finds_many_more_is_proposed() -> None:
    assert SPELLER.propose("特郎普", 3, finds(特朗普=30)) == []
    assert SPELLER.propose("特郎普", 3, finds(特朗普=31)) == [Suggestion("特朗普", 31)]
    assert SPELLER.propose("特郎普", 0, finds(特朗普=1)) == [Suggestion("特朗普", 1)]
    assert SPELLER.propose("特郎普", 0, finds()) == []


def test_nothing_is_counted_for_a_question_that_finds_enough() -> None:
    def count(question: str) -> int:
        raise AssertionError(question)

    assert SPELLER.propose("特郎普", FEW + 1, count) == []
    assert SPELLER.propose("特" * (LONGEST + 1), 0, count) == []
    assert SPELLER.propose("", 0, count) == []


def test_the_rest_of_the_question_stays() -> None:
    assert SPELLER.propose("2020 特郎普 选举", 0, lambda question: 7)[0].text == "2020 特朗普 选举"
    assert SPELLER.propose("㎏ 臺灣 OR 特郎普", 0, lambda question: 7)[0].text == "㎏ 臺灣 OR 特朗普"


@given(st.text("特郎朗普蓬佩奥facebok 2，", max_size=20), st.integers(0, 30))
def test_few_are_counted_and_none_is_the_question(asked: str, hits: int) -> None:
    counted: list[str] = []

    def count(question: str) -> int:
        counted.append(question)
        return 1000

    proposed = SPELLER.propose(asked, hits, count)
    assert len(counted) <= 8
    assert len(proposed) <= 3
    assert fold(asked) not in counted


def test_shapes_are_pairs_of_folded_characters() -> None:
    for character, others in look_alikes().items():
        assert fold(character) == character
        assert others
        assert character not in others
        assert all(character in look_alikes()[other] for other in others)


def test_pinyin_is_read_word_by_word_and_syllable_by_syllable() -> None:
    found = finds(**{"特朗普 选举": 50, "台湾": 150})
    assert SPELLER.propose("telangpu xuanju", 0, found)[0] == Suggestion("特朗普 选举", 50)
    assert SPELLER.propose("tai wan", 0, found)[0] == Suggestion("台湾", 150)


def test_a_misprint_of_what_is_meant_is_not_proposed_beside_it() -> None:
    counts = {"白俄罗斯": 500, "白俄洛斯": 3}
    speller = SpellingSuggester(Lexicon(counts), VARIANTS, Completer(Lexicon(counts), VARIANTS))
    assert speller.propose("白俄罗思", 0, lambda text: counts.get(text, 0)) == [Suggestion("白俄罗斯", 500)]
