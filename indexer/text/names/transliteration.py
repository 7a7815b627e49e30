"""How alike a Chinese transliteration and a Latin name sound, as a number.

Both are written in a few classes of sounds: Chinese transcribes by ear and by house style (Trump is 特朗普 and 川普),
so voiced and unvoiced, r and l, and all vowels are one class each, and the ends of syllables count little. Then a
weighted edit distance (Wagner and Fischer 1974) tells how much has to be changed to turn one into the other.
"""

import re
from functools import cache, lru_cache
from itertools import accumulate

from indexer.text.pinyin import parts, readings

LONGEST = 8
"""Han characters of the longest transliteration of one word."""

_VOWEL = "a"

_INITIALS = {
    "b": "P", "p": "P", "m": "M", "f": "F", "d": "T", "t": "T", "n": "N", "l": "L", "r": "L", "g": "K", "k": "K",
    "h": "H", "j": "J", "q": "J", "zh": "J", "ch": "J", "z": "J", "c": "J", "x": "S", "sh": "S", "s": "S", "y": "Y",
    "w": "W",
}  # fmt: skip

_LETTERS = {
    "tsch": "J", "ght": "T", "sch": "S", "tch": "J", "sh": "S", "ch": "J", "ck": "K", "kh": "H", "ph": "F", "th": "T",
    "tz": "J", "ts": "J", "dz": "J", "zh": "J", "gh": "K", "dj": "J", "ds": "J", "sz": "S", "cz": "J", "ng": "N",
    "qu": "KW", "x": "KS", "wh": "W", "ce": "Sa", "ci": "Sa", "cy": "Sa", "ge": "Ja", "gi": "Ja", "gy": "Ja",
    "b": "P", "p": "P", "m": "M", "f": "F", "d": "T", "t": "T", "n": "N", "l": "L", "r": "L", "g": "K", "k": "K",
    "q": "K", "c": "K", "h": "H", "j": "J", "z": "J", "s": "S", "v": "W", "w": "W", "y": "a", "a": "a", "e": "a",
    "i": "a", "o": "a", "u": "a",
}  # fmt: skip

_SPELLING = re.compile("^y|" + "|".join(_LETTERS))

_SWAP = {
    frozenset(pair): cost
    for cost, pairs in {
        0.2: "MN HX WX",
        0.3: "SJ YJ WF Ya Wa Xa",
        0.4: "KH WP TJ",
        0.5: "KJ FP Ha HJ HY FX KX",
        0.6: "La HS FH KY HW",
        0.7: "LN KW TS KS SY",
        0.9: "NT",
    }.items()
    for pair in pairs.split()
}
"""What it costs to hear one sound as another; all other pairs cost 1. ``X`` is the beginning of hua, hui, huo."""

_HAN_GAP = {"a": 0.12, "N": 0.35, "Y": 0.3, "W": 0.4, "H": 0.5, "X": 0.5, "L": 0.45}
"""What it costs when Chinese has a sound that Latin lacks; 0.8 for all others."""

_LATIN_GAP = {"a": 0.12, "H": 0.2, "Y": 0.2, "L": 0.4, "W": 0.4, "T": 0.5, "S": 0.5, "N": 0.5, "K": 0.6}
"""What it costs when Chinese leaves out a sound of Latin's; 0.75 for all others."""


@cache
def _han_sounds(character: str) -> str:
    """The sounds of a character in its usual reading; empty when it has none."""
    syllable = next(iter(readings(character)), "")
    if syllable == "er":
        return "L"
    initial, final = parts(syllable)
    if syllable.startswith(("yi", "yu")):
        initial = ""  # pinyin writes a consonant where only a vowel is spoken
    sound = "X" if initial == "h" and final[:1] == "u" and len(final) > 1 else _INITIALS.get(initial, "")
    return (sound + _VOWEL + ("N" if final.endswith(("n", "ng")) else "")) if syllable else ""


@cache
def _latin_sounds(word: str) -> str:
    """The sounds of a word in letters a to z, doubled ones once."""
    sounds = _SPELLING.sub(lambda match: _LETTERS[match[0]] if match[0] != "y" or match.start() else "Y", word)
    return re.sub(r"(.)\1+", r"\1", re.sub("[^a-zA-Z]", "", sounds))


def _weight(sounds: str) -> float:
    return sum(0.12 if sound == _VOWEL else 1.0 for sound in sounds)


@cache
def _costs(sound: str, latin: str) -> tuple[float, ...]:
    """What it costs to hear ``sound`` as each of ``latin``'s."""
    return tuple(0.0 if sound == other else _SWAP.get(frozenset((sound, other)), 1.0) for other in latin)


@lru_cache(1 << 16)
def similarities(han: str, word: str) -> tuple[float, ...]:
    """How alike each end of ``han`` sounds to ``word`` (lower-case a to z): item ``n`` is for its last ``n + 1``
    characters, at most ``LONGEST`` of them.

    1 is the same, below about 0.7 most pairs have nothing to do with each other; 0 stands for all that is hopeless.
    """
    latin = _latin_sounds(word)[::-1]
    latin_weight, weight = _weight(latin), 0.0
    gaps = [_LATIN_GAP.get(sound, 0.75) for sound in latin]
    row = list(accumulate(gaps, initial=0.0))
    scores: list[float] = []
    for character in han[: -LONGEST - 1 : -1]:
        sounds = _han_sounds(character)
        weight += _weight(sounds)
        # Each sound that Latin lacks costs, so what is much longer cannot be alike any more.
        if not sounds or not latin or weight > 2 * latin_weight + 2:
            break
        for sound in reversed(sounds):
            gap = _HAN_GAP.get(sound, 0.8)
            diagonal, cost = row[0], row[0] + gap
            following = [cost]
            for swap, up, latin_gap in zip(_costs(sound, latin), row[1:], gaps, strict=True):
                cost = min(diagonal + swap, up + gap, cost + latin_gap)
                following.append(cost)
                diagonal = up
            row = following
        scores.append(1 - row[-1] / max(weight, latin_weight))
    return (*scores, *[0.0] * (min(len(han), LONGEST) - len(scores)))


def similarity(han: str, word: str) -> float:
    """How alike the whole of ``han`` (its last ``LONGEST`` characters) sounds to ``word``."""
    return similarities(han, word)[-1] if han else 0.0
