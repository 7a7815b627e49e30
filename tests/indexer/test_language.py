"""Tags of languages, as the archive writes them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import language


@pytest.mark.parametrize(
    ("tag", "normal"),
    [
        *(("zh", "zh"), ("ZH", "zh"), ("zh-TW", "zh-Hant"), ("zh_cn", "zh-Hans"), ("zh-hant", "zh-Hant")),
        *(("zh-Hant-HK", "zh-Hant"), ("zh-Hans-HK", "zh-Hans"), ("zh-CHT", "zh-Hant"), ("zh-cmn-Hans-CN", "zh-Hans")),
        *(("en-us", "en-US"), ("sr-latn-rs", "sr-Latn-RS"), ("und", "und"), (" ja ", "ja"), ("yue-HK", "yue-HK")),
    ],
)
def test_tags_as_the_archive_writes_them(tag, normal):
    assert language.normalise_tag(tag) == normal


@pytest.mark.parametrize("tag", ["", "!!", "z", "zh-", "123", "zh--TW", "中文", "x" * 99, "zh-" + "a" * 9])
def test_what_is_no_tag(tag):
    with pytest.raises(ValueError, match="not the tag of a language"):
        language.normalise_tag(tag)


@pytest.mark.parametrize(
    ("tag", "script"),
    [("zh-Hant", "Hant"), ("zh_TW", "Hant"), ("zh-Hans-TW", "Hans"), ("zh-SG", "Hans"), ("zh", None), ("tw", None)],
)
def test_the_script_that_a_tag_names(tag, script):
    assert language.script_of(tag) == script


@given(st.text(st.sampled_from("zhantswkcEN-_ 1!"), max_size=12))
def test_a_normal_tag_stays_as_it_is(tag):
    try:
        normal = language.normalise_tag(tag)
    except ValueError:
        return
    assert language.normalise_tag(normal) == normal
