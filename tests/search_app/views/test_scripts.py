"""Showing text in the other script."""

import pytest

from search_app.scripts import convert, other_script


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("皇后和以后", "皇后和以後"),
        ("头发发展", "頭髮發展"),
        ("干杯的干部", "乾杯的幹部"),
        ("里面的公里", "裡面的公里"),
        ("English 123", "English 123"),
    ],
)
def test_phrases_decide_which_character_is_meant(simplified, traditional):
    assert convert(simplified, "Hant") == traditional
    assert convert(traditional, "Hans") == simplified


def test_markup_stays_as_it_is():
    assert convert('<a href="https://e.com/%E5">后来</a>', "Hant") == '<a href="https://e.com/%E5">後來</a>'


@pytest.mark.parametrize(
    ("language", "other"),
    [("zh-Hans", "Hant"), ("zh-Hant", "Hans"), ("zh-TW", "Hans"), ("zh", "Hant"), ("und", "Hant"), ("en", None)],
)
def test_only_chinese_has_another_script(language, other):
    assert other_script(language) == other
