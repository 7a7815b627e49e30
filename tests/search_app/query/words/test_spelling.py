"""What is proposed when a question finds little."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.analyser import Analyser
from indexer.text.characters import look_alikes
from indexer.text.fold import fold
from indexer.text.groups import Group
from indexer.text.lexicon import Lexicon
from indexer.text.variants import Variants
from search_app.query.words.completion import Completer, Suggestion
from search_app.query.words.spelling import FEW, LONGEST, SpellingSuggester

COUNTS = {
    "特朗普": 400, "蓬佩奥": 200, "台湾": 150, "选举": 120, "郑州": 90, "facebook": 80, "谷歌": 70, "coronavirus": 60,
    "哈里斯": 50, "特郎普": 3,
}  # fmt: skip
VARIANTS = Variants([Group(("泽连斯基", "泽伦斯基"), origin="names")])
ANALYSER = Analyser()


def speller(counts: dict[str, int], variants: Variants = VARIANTS) -> SpellingSuggester:
    return SpellingSuggester(Lexicon(counts), variants, Completer(Lexicon(counts), variants), ANALYSER)


SPELLER = speller(COUNTS)


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
    found = speller(counts).propose("白俄罗思", 0, lambda text: counts.get(text, 0))
    assert found == [Suggestion("白俄罗斯", 500)]


def found_first(asked: str, hits: int, counts: dict[str, int]) -> str | None:
    proposed = speller(counts).propose(asked, hits, lambda text: counts.get(text, 0))
    return proposed[0].text if proposed else None


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("管义伟", "菅义伟"),
        ("安陪晋三", "安倍晋三"),
        ("莫蒂尔尼", "莫帝尔尼"),
        ("哗为", "华为"),
        ("诺贝尔和坪奖", "诺贝尔和平奖"),
    ],
)
def test_characters_that_share_a_part_are_taken_for_one_another(asked: str, meant: str) -> None:
    assert found_first(asked, 0, {meant: 90}) == meant
    assert found_first(asked, 2, {meant: 90}) == meant


@pytest.mark.parametrize(
    ("asked", "counts"),
    [
        ("事例", {"视力": 400}),  # both sound the same; one is as real as the other
        ("人权", {"人犬": 400}),
        ("欧洲人权法院", {"周人": 900}),  # no word is cut in two
        ("北京教案", {"教按": 400}),
    ],
)
def test_real_words_that_find_something_are_left_alone(asked: str, counts: dict[str, int]) -> None:
    assert found_first(asked, 1, counts) is None


def test_a_word_that_finds_nothing_may_be_another_one() -> None:
    assert found_first("事例", 0, {"视力": 400}) == "视力"


@given(st.sampled_from(["事例", "北平", "国民党", "诺贝尔奖", "联合国"]), st.integers(1, FEW), st.data())
def test_no_word_that_finds_something_is_changed_whatever_else_there_is(
    word: str, hits: int, data: st.DataObject
) -> None:
    alike = [sorted({character, *look_alikes().get(character, ())}) for character in word]
    other = "".join(data.draw(st.sampled_from(characters)) for characters in alike)
    assert found_first(word, hits, {other: 9_999}) is None


def test_nothing_is_changed_into_a_misprint_of_something_else() -> None:
    assert found_first("希拉尔", 0, {"希拉儿": 4, "希拉而": 400}) == "希拉而"
    assert found_first("白俄落思", 0, {"白俄洛斯": 4}) == "白俄洛斯"
    assert found_first("白俄落思", 0, {"白俄洛斯": 4, "白俄罗斯": 400}) == "白俄罗斯"


def test_two_characters_that_are_found_are_another_word_only_by_the_very_sound_or_for_a_name() -> None:
    putin = Variants([Group(("普京", "普丁"), origin="names")])
    counts = {"普京": 200}
    assert speller(counts, putin).propose("普金", 1, finds(普京=200)) == [Suggestion("普京", 200)]
    assert speller(counts, VARIANTS).propose("普金", 1, finds(普京=200)) == []


@pytest.mark.parametrize(
    ("text", "unknown"), [("普金", True), ("特朗", True), ("台湾", False), ("泽连斯基", False), ("a金", False)]
)
def test_a_few_characters_that_nothing_tells_of_may_be_a_part_of_something(text: str, unknown: bool) -> None:
    assert SPELLER.is_unknown(text) == unknown


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("facebook xuanju", "facebook 选举"),  # a Latin word that is known stays
        ("台湾 xuanju", "台湾 选举"),
        ("telangpu 台湾 xuanju", "特朗普 台湾 选举"),
        ("te朗pu", "特朗普"),
        ("tai wan xuanju", "台湾 选举"),
    ],
)
def test_pinyin_among_other_words(asked: str, meant: str) -> None:
    assert SPELLER.propose(asked, 0, lambda text: 9)[0].text == meant


def test_latin_forms_of_the_tables_are_words_too() -> None:
    table = Variants(
        [Group(("花木兰",), ("mulan", "disney"), origin="names"), Group((), ("boycott",), ("抵制",), "nouns")]
    )
    proposed = speller({}, table).propose("Mulan boycot", 0, finds(**{"Mulan boycott": 12}))
    assert proposed == [Suggestion("Mulan boycott", 12)]
