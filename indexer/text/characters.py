"""Which characters are Han, and which of them are taken for one another."""

import re
from functools import cache
from importlib import resources

HAN = (
    range(0x3005, 0x3008),  # 々〆〇
    range(0x3400, 0x4DC0),
    range(0x4E00, 0xA000),  # the hexagrams lie between
    range(0xF900, 0xFB00),
    range(0x20000, 0x40000),
)
"""The code points of Han characters, with those that stand for one (々, 〇), in order."""

HAN_CLASS = "".join(f"\\U{block.start:08x}-\\U{block.stop - 1:08x}" for block in HAN)
"""The same as the inside of a regular expression's character class."""

_ONE_HAN = re.compile(f"[{HAN_CLASS}]")


def is_han(character: str) -> bool:
    """Whether it is one Han character."""
    return _ONE_HAN.fullmatch(character) is not None


@cache
def look_alikes() -> dict[str, frozenset[str]]:
    """Each character -> those that look like it, for proposing what was meant: the sets of ``look_alikes.txt`` and, of
    characters that share a part, of ``shared_parts.txt``."""
    alike: dict[str, frozenset[str]] = {}
    for name in ("look_alikes.txt", "shared_parts.txt"):
        for line in resources.files("indexer.text").joinpath(name).read_text("utf-8").splitlines():
            if not line.startswith("#"):
                for character in line:
                    alike[character] = alike.get(character, frozenset()) | (frozenset(line) - {character})
    return alike
