"""Scripts and languages, told by characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.language_identification import identify


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("美国总统特朗普发表讲话，经济是第一要务", "zh-Hans"),
        ("美國總統川普發表談話，經濟是首要任務", "zh-Hant"),
        ("他引用「臺灣」的說法，但报道全文用简体字写成，还有许多这样的词语。", "zh-Hans"),
        ("The House of Commons has voted for the bill, and it is now law", "en"),
        ("COVID-19 疫苗今天開放預約，G7 領袖表示歡迎", "zh-Hant"),
        ("台風が上陸し、交通機関に影響が出ています。", "ja"),
        ("정부는 오늘 새로운 정책을 발표했다", "ko"),
        ("佛山出现一条山寨版的“一番街の”，网友热议", "zh-Hans"),
        ("Der Bundestag stimmt heute ab", "und"),
        ("", "und"),
        ("12345 !!!", "und"),
    ],
)
def test_texts_are_sorted_by_what_most_of_them_is(text, tag):
    assert identify(text) == tag


@pytest.mark.parametrize(
    ("hint", "tag"),
    [("zh-TW", "zh-Hant"), ("zh_CN", "zh-Hans"), ("zh-Hant-HK", "zh-Hant"), ("zh", "zh"), ("en-US", "zh"), ("", "zh")],
)
def test_a_hint_decides_only_what_the_characters_do_not(hint, tag):
    assert identify("上海今日大雨", hint=hint) == tag
    assert identify("这里下雨了吗", hint=hint) == "zh-Hans"


def test_a_hint_names_the_language_of_a_text_without_words():
    assert identify("123", hint="ja-JP") == "ja"


@given(st.text(), st.text(max_size=10))
def test_every_text_has_a_tag(text, hint):
    assert identify(text, hint=hint) in {"zh-Hans", "zh-Hant", "zh", "en", "ja", "ko", "und"}
