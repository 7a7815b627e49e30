"""What is offered while someone types."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import ArchiveError
from indexer.text.fold import fold
from indexer.text.groups import Group
from indexer.text.lexicon import FILE, Lexicon, build_lexicon
from indexer.text.pinyin import INITIALS, parts, readings
from indexer.text.variants import Variants
from search_app.query.words.completion import LONGEST, Completer, Suggestion

COUNTS = {
    "中国": 900, "特朗普": 400, "台湾": 300, "特首": 200, "银行": 150, "行动": 140, "重庆": 90, "西安": 80, "女性": 70,
    "绿色": 60, "纳瓦尔尼": 50, "中国外交部": 40, "特朗普总统": 30, "二氧化碳": 20, "covid": 15, "安倍晋三": 10,
    "战略": 9,
}  # fmt: skip
VARIANTS = Variants(
    [
        Group(("特朗普", "川普"), asked=("donald trump", "trump"), origin="names"),
        Group(("纳瓦利内", "纳瓦尔尼"), asked=("navalny",), origin="learned"),
        Group(("未见", "不见"), asked=("unseen",), origin="names"),
    ]
)
COMPLETER = Completer(Lexicon(COUNTS), VARIANTS)


def texts(typed: str, limit: int = 10) -> list[str]:
    return [suggestion.text for suggestion in COMPLETER.complete(typed, limit)]


@pytest.mark.parametrize(
    "typed",
    [
        "特",
        "特朗",
        "特朗普",
        "特lp",
        "te朗pu",
        "telangpu",
        "telangp",
        "tlp",
        "t朗p",
        "Telang",
        "ｔｌｐ",
        "tel",
        "特lang",
    ],
)
def test_a_name_is_found_in_any_mixture(typed: str) -> None:
    assert "特朗普" in texts(typed)


def test_the_most_frequent_comes_first() -> None:
    assert texts("te") == ["特朗普", "特首", "特朗普总统"]
    assert texts("te", limit=1) == ["特朗普"]
    assert COMPLETER.complete("zhongg")[0] == Suggestion("中国", 900)


@pytest.mark.parametrize(
    ("typed", "entry"),
    [
        ("yinhang", "银行"),
        ("xingdong", "行动"),
        ("chongqing", "重庆"),
        ("zhq", "重庆"),
        ("xi'an", "西安"),
        ("xian", "西安"),
        ("nvxing", "女性"),
        ("nüx", "女性"),
        ("lvse", "绿色"),
        ("zhanlue", "战略"),
        ("zhanlve", "战略"),
        ("eryang", "二氧化碳"),
        ("abjs", "安倍晋三"),
        ("cov", "covid"),
    ],
)
def test_pinyin_as_people_type_it(typed: str, entry: str) -> None:
    assert entry in texts(typed)


def test_a_latin_name_leads_to_the_spelling_that_the_archive_uses_most() -> None:
    assert texts("Naval") == ["纳瓦尔尼"]
    assert texts("donald t") == ["特朗普"]
    assert texts("unseen") == []


def test_the_words_before_the_last_are_kept() -> None:
    assert texts("台湾 telang") == ["台湾 特朗普", "台湾 特朗普总统"]
    assert texts("臺灣 OR telang") == ["臺灣 OR 特朗普", "臺灣 OR 特朗普总统"]
    assert texts("臺灣\u3000telang") == ["臺灣\u3000特朗普", "臺灣\u3000特朗普总统"]


@pytest.mark.parametrize(
    "typed", ["", " ", "台湾 ", "特" * (LONGEST + 1), "?", "特朗普x", "telangpuu", "q", "'", "\U0010ffff"]
)
def test_nothing_is_offered_for_what_nothing_begins_with(typed: str) -> None:
    assert texts(typed) == []


def test_an_empty_lexicon_offers_nothing() -> None:
    assert Completer(Lexicon({}), VARIANTS).complete("te") == []


def test_whole_pinyin() -> None:
    assert COMPLETER.sounding("telangpu") == ["特朗普"]
    assert COMPLETER.sounding("zhongguo") == ["中国"]
    assert COMPLETER.sounding("tlp") == COMPLETER.sounding("telang") == COMPLETER.sounding("t") == []


@st.composite
def typings(draw: st.DrawFn) -> tuple[str, str]:
    """An entry of Han characters, and one way to type it or its beginning."""
    entry = draw(st.sampled_from([entry for entry in COUNTS if not entry.isascii()]))
    size = draw(st.integers(1, len(entry)))
    typed = ""
    for place, character in enumerate(entry[:size]):
        reading = draw(st.sampled_from(readings(character)))
        initial, _ = parts(reading)
        ways = [character, reading, initial or reading[0], reading[0]]
        if place == size - 1:
            ways += [reading[:end] for end in range(1, len(reading))]
        typed += draw(st.sampled_from(ways))
        if typed[-1].isascii() and place < size - 1:
            typed += draw(st.sampled_from(["", "'"]))
    return typed, entry


@given(typings())
def test_every_mixture_finds_its_entry(typing: tuple[str, str]) -> None:
    typed, entry = typing
    assert entry in texts(typed, limit=len(COUNTS))


@given(st.text("特朗普中国teangpuzho' ü行xing", max_size=12))
def test_everything_offered_begins_with_a_character_that_was_typed(typed: str) -> None:
    last = fold(typed).lstrip().rpartition(" ")[2]
    for suggestion in COMPLETER.complete(typed):
        entry = suggestion.text.rpartition(" ")[2]
        named = any(form.startswith(last) for group in VARIANTS.groups for form in group.asked)
        assert last[0] in (entry[0], *(reading[0] for reading in readings(entry[0]))) or named


@given(st.text("特朗普中国telangpu'", max_size=20), st.integers(0, 3))
def test_no_more_than_asked_and_none_twice(typed: str, limit: int) -> None:
    offered = texts(typed, limit)
    assert len(set(offered)) == len(offered) <= limit


def test_readings_are_plain_syllables() -> None:
    assert readings("重") == ("zhong", "chong")
    assert readings("女") == ("nv",)
    assert readings("a") == readings("，") == ()
    for character in map(chr, range(0x4E00, 0x9FA6)):
        for reading in readings(character):
            initial, final = parts(reading)
            assert initial + final == reading
            assert reading.isascii() and reading.isalpha() and reading.islower()
            assert not initial or initial in INITIALS


# -- the lexicon -------------------------------------------------------------------------------------------------------


ARTICLES = [
    ("里加市长贝尔津什访问塔林", "贝尔津什周一到达塔林，乘的是电车。COVID 仍在流行。"),
    ("贝尔津什谈电车", "贝尔津什说电车要多。電車很舊。COVID。"),
    ("塔林与里加通电车", "贝尔津什没有出席。电车票价不变。covid！"),
]


def test_the_lexicon_counts_articles() -> None:
    lexicon = build_lexicon(ARTICLES, len(ARTICLES), {"贝尔津什": 0})
    assert lexicon.counts["贝尔津什"] == 3
    assert lexicon.counts["电车"] == 3
    assert "塔林" not in lexicon.counts
    assert lexicon.counts["covid"] == 3
    assert next(iter(lexicon.counts)) == "贝尔津什"


def test_a_large_archive_is_read_in_part_and_counted_as_a_whole() -> None:
    lexicon = build_lexicon(ARTICLES * 8_000, len(ARTICLES) * 8_000, {"何蓝田": 7})
    assert lexicon.counts["电车"] == pytest.approx(24_000, rel=0.01)
    assert lexicon.counts["何蓝田"] == 7
    assert lexicon.counts["covid"] == pytest.approx(24_000, rel=0.01)


def test_a_lexicon_is_read_as_it_was_written(tmp_path: Path) -> None:
    lexicon = build_lexicon(ARTICLES, len(ARTICLES), {})
    lexicon.save(tmp_path / FILE)
    assert list(Lexicon.load(tmp_path / FILE).counts.items()) == list(lexicon.counts.items())


def test_no_lexicon_yet_is_an_empty_one(tmp_path: Path) -> None:
    assert len(Lexicon.load(tmp_path / FILE)) == 0
    (tmp_path / FILE).write_text("xunwen lexicon 0\n甲乙 3\n", "utf-8")
    assert len(Lexicon.load(tmp_path / FILE)) == 0


def test_a_lexicon_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="lexicon"):
        Lexicon({}).save(tmp_path / "missing" / FILE)
