"""Showing text in the other script."""

import pytest

from indexer.text import opencc
from indexer.text.script_conversion import convert, other_script


@pytest.mark.parametrize(
    ("simplified", "traditional"),
    [
        ("皇后的头发", "皇后的頭髮"),
        ("乾隆皇帝干杯", "乾隆皇帝乾杯"),
        ("这里", "這裡"),
        ("<b>发展</b> &amp; G7", "<b>發展</b> &amp; G7"),
        ("", ""),
    ],
)
def test_both_ways(simplified: str, traditional: str) -> None:
    assert convert(simplified, "Hant") == traditional
    assert convert(traditional, "Hans") == simplified


@pytest.mark.parametrize(
    ("language", "other"),
    [
        *(("zh-Hans", "Hant"), ("zh", "Hant"), ("und", "Hant"), ("", "Hant"), ("zh-Hans-HK", "Hant")),
        *(("zh-Hant", "Hans"), ("zh-TW", "Hans"), ("en", None), ("ja", None)),
    ],
)
def test_what_a_text_can_be_switched_to(language: str, other: str | None) -> None:
    assert other_script(language) == other


def test_a_table_lists_every_choice_and_no_comment() -> None:
    choices = dict(opencc.table("STCharacters.txt"))
    assert choices["发"] == ("發", "髮")
    assert not any(entry.startswith("#") for entry in choices)
