"""Which characters are Han: one rule for all."""

import re

import pytest

from indexer.text.characters import HAN, HAN_CLASS, is_han, look_alikes
from indexer.text.units import CLASSES
from indexer.text.units import HAN as HAN_UNIT


@pytest.mark.parametrize("character", "中々〆〇㐀豈𠮷𰻞龥")
def test_han(character: str) -> None:
    assert is_han(character)
    assert re.fullmatch(f"[{HAN_CLASS}]", character)
    assert CLASSES[ord(character)] == HAN_UNIT


@pytest.mark.parametrize("character", "䷀䷿あア가aé7。　⻓⼾○😀")
def test_not_han(character: str) -> None:
    assert not is_han(character)
    assert not re.fullmatch(f"[{HAN_CLASS}]", character)
    assert CLASSES[ord(character)] != HAN_UNIT


def test_it_is_a_question_about_one_character() -> None:
    assert not is_han("")
    assert not is_han("中国")


def test_the_blocks_are_in_order() -> None:
    bounds = [bound for block in HAN for bound in (block.start, block.stop)]
    assert bounds == sorted(bounds)


def test_look_alikes_are_mutual() -> None:
    alike = look_alikes()
    assert "未" in alike["末"]
    for character, others in alike.items():
        assert character not in others
        assert all(character in alike[other] for other in others)
        assert is_han(character)
