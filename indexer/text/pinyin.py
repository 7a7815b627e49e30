"""Pinyin: how Han characters are read, without tones. Only for helping people type; nothing is ever found by sound.

Readings are pypinyin's (Unihan and dictionaries behind it), the usual one first. ü is v, as on keyboards.
"""

import unicodedata
from collections.abc import Mapping
from functools import cache

MOST_READINGS = 3
"""Readings of one character that count; rarer ones are of no use when typing."""

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcsyw")
"""The consonants that a syllable can begin with, the longer ones first."""


@cache
def _dictionary() -> Mapping[int, str]:
    # pypinyin also loads its phrases on import, a quarter of a second that only who needs readings should pay.
    from pypinyin.pinyin_dict import pinyin_dict

    return pinyin_dict


@cache
def readings(character: str) -> tuple[str, ...]:
    """The syllables that one character is read as (重: ``zhong``, ``chong``, ``tong``); none for anything but Han."""
    marked = unicodedata.normalize("NFD", _dictionary().get(ord(character), ""))
    plain = "".join(c for c in marked.replace("u\u0308", "v") if c.isascii())
    return tuple(dict.fromkeys(filter(str.isalpha, plain.split(","))))[:MOST_READINGS]


def parts(syllable: str) -> tuple[str, str]:
    """A syllable's initial and final (``zhong``: ``zh``, ``ong``); the initial may be empty."""
    initial = next((initial for initial in INITIALS if syllable.startswith(initial)), "")
    return initial, syllable[len(initial) :]
