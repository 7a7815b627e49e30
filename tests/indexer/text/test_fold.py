"""Folding: what counts as the same spelling, and where highlights go."""

import sys
import unicodedata
from importlib import resources

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.text.fold import EXPANDS, FOLDED_CODES, JOINS, _fold_cluster, fold, fold_with_offsets

MIXED = st.text(
    st.one_of(
        st.sampled_from("中美臺灣著乾後裡妳ＡｂＧ７…㎡ﬁßİǅｶﾞ゙ﾟé́̂̈ㅏ각각\u200b\u200d\ufe0f\u3000 ，。\n😀👨𠀀𣏢"),
        st.characters(),
    )
)


@pytest.mark.parametrize(
    ("spelled", "folded"),
    [
        ("臺北舉行視訊會議", "台北举行视讯会议"),
        ("ＣＯＶＩＤ－１９", "covid-19"),
        ("iPhone Straße ﬁ", "iphone strasse fi"),
        ("看著 看着 著名", "看着 看着 着名"),
        ("乾隆 乾燥 干燥", "干隆 干燥 干燥"),
        ("後天 皇后 头髮 發展", "后天 皇后 头发 发展"),
        ("中\u200b美\ufeff", "中美"),
        ("e\u0301\u200b ｶﾞ", "é ガ"),
        ("㎡ …", "m2 ..."),
        ("二○二四年 二〇二四年 二◯二四年", "二零二四年 二零二四年 二零二四年"),
        ("零售 飘零", "零售 飘零"),
        ("⻓江⻥类 ⻔票 ⻘年 ⻄安 ⻢鞍山 ⻰ ⻱", "长江鱼类 门票 青年 西安 马鞍山 龙 龟"),
        ("⽤⼾⽂件", "用户文件"),
        ("黒沢清 浜田 桜井 広島 渋谷 中曽根 両国", "黑泽清 滨田 樱井 广岛 涩谷 中曾根 两国"),
        ("髙橋 靑木 山﨑 渡邉 𠮷野 長嶋", "高桥 青木 山崎 渡边 吉野 长岛"),
        ("戸 寳 枱 砲 眞 敎 鄕 郞 卽 旣", "户 宝 台 炮 真 教 乡 郎 即 既"),
        ("陶喆 芸豆 沪指 欠缺 给予", "陶喆 芸豆 沪指 欠缺 给予"),
    ],
)
def test_spellings_of_the_same_text_fold_alike(spelled: str, folded: str) -> None:
    assert fold(spelled) == folded


@given(MIXED)
@example("̈́")
@example("𑄮")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(MIXED)
def test_folding_is_nfkc_and_case_folding_of_the_whole_text(text: str) -> None:
    # But for the wide space, which NFKC makes a narrow one.
    folded = fold(text).replace("\u3000", " ")
    assert unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", folded).casefold()) == folded


@given(MIXED, st.sampled_from("中美臺A7，。 \n"), MIXED)
def test_a_run_folds_alike_wherever_it_stands(before: str, starter: str, after: str) -> None:
    assert fold(before + starter + after) == fold(before) + fold(starter + after)


@given(MIXED)
@example("a…ﬁ中\u200b美x㎡y")
@example("¸\u00ad")
@example("\u0301中美")
@example("\u0301\u0301…")
def test_folded_offsets_lead_back_to_the_original(text: str) -> None:
    folded = fold_with_offsets(text)
    assert folded.text == fold(text)
    end_before = 0
    for i in range(len(folded.text)):
        start, end = folded.original(i, i + 1)
        assert 0 <= start < end <= len(text)
        assert end >= end_before
        end_before = end
        assert folded.text[i] in fold(text[start:end])


@given(MIXED, st.data())
def test_a_highlight_covers_what_was_found_and_cuts_no_cluster(text: str, data: st.DataObject) -> None:
    folded = fold_with_offsets(text)
    if not folded.text:
        return
    start = data.draw(st.integers(0, len(folded.text) - 1))
    end = data.draw(st.integers(start + 1, len(folded.text)))
    a, b = folded.original(start, end)
    assert folded.text[start:end] in fold(text[a:b])


MARKS = st.text(
    st.sampled_from("\u0300\u0301\u0308\u0323\u0344\u0345\u05b0\u200d\u3099ㅏ각é㍿"), min_size=40, max_size=300
)


@given(MARKS)
def test_marks_without_end_are_cut_off_and_folding_again_changes_nothing(marks: str) -> None:
    folded = fold(f"e{marks}中")
    assert fold(folded) == folded
    assert folded == fold(f"e{marks}") + "中"
    assert fold_with_offsets(f"e{marks}中").text == folded


def test_every_character_folds_by_the_table_as_by_definition() -> None:
    """The survey leaves out blocks in which nothing folds; a new Unicode version may change that."""
    for code in range(sys.maxunicode + 1):
        if 0xD800 <= code < 0xE000:
            continue
        character = chr(code)
        expected = _fold_cluster(character)
        assert fold(character) == expected
        assert FOLDED_CODES[code] in (JOINS, ord(expected[0]) if len(expected) == 1 else EXPANDS)
        joins = unicodedata.combining(unicodedata.normalize("NFKD", character)[0])
        assert not joins or FOLDED_CODES[code] == JOINS


def test_the_characters_of_everyday_chinese_stay_apart() -> None:
    """No pair of the tables takes one character of everyday Simplified print for another."""
    everyday = [c for c in map(chr, range(0x4E00, 0xA000)) if is_everyday(c)]
    assert len(everyday) > 3_700
    assert {c: fold(c) for c in everyday if fold(c) != c} == dict(map(tuple, MERGED_ON_PURPOSE.split()))


MERGED_ON_PURPOSE = "乾干 著着 藉借 覆复"


def is_everyday(character: str) -> bool:
    """Whether it stands in the first level of GB 2312."""
    try:
        lead, _ = character.encode("gb2312")
    except (UnicodeEncodeError, ValueError):
        return False
    return lead < 0xD8


@given(st.sampled_from("黒⻓○戸髙零臺").flatmap(lambda c: st.tuples(st.just(c), MIXED)))
def test_forms_of_a_character_are_one_wherever_they_stand(form_and_text: tuple[str, str]) -> None:
    form, text = form_and_text
    assert fold(form) + fold("中" + text) == fold(form + "中" + text)


def test_every_variant_character_is_listed_once_and_for_a_reason() -> None:
    text = resources.files("indexer.text").joinpath("variant_characters.txt").read_text("utf-8")
    pairs = [pair for line in text.splitlines() if not line.startswith("#") for pair in line.split()]
    forms = [form for form, _ in pairs]
    assert len(forms) == len(set(forms)) > 300
    assert all(unicodedata.normalize("NFKC", form) == form or form in "⺟⻳" for form in forms)
    radicals = {form for form in forms if "⺀" <= form <= "⻳"}
    assert len(radicals) == 114
