"""Showing an article in the other script, when the reader asks for it. What is searched is never converted this way.

OpenCC's method (github.com/BYVoid/OpenCC): at each place the longest entry of the phrase table, else of the character
table, its first choice; Traditional characters then take the forms that Taiwan prints (裡, not 裏).
"""

from collections.abc import Mapping
from functools import cache

from indexer.language import Script, script_of
from indexer.text import opencc

_TABLES: Mapping[Script, tuple[str, str]] = {
    "Hans": ("TSCharacters.txt", "TSPhrases.txt"),
    "Hant": ("STCharacters.txt", "STPhrases.txt"),
}


def other_script(language: str) -> Script | None:
    """The script that a text in this language can be switched to; ``None`` when it isn't Chinese."""
    if language.lower().partition("-")[0] not in ("zh", "und", ""):
        return None
    return "Hans" if script_of(language) == "Hant" else "Hant"


def convert(text: str, script: Script) -> str:
    """``text`` in that script. Markup stays intact: entries hold Han characters only."""
    table, longest = _table(script)
    output: list[str] = []
    position = 0
    while position < len(text):
        for length in range(longest.get(text[position], 0), 0, -1):
            replacement = table.get(text[position : position + length])
            if replacement is not None:
                output.append(replacement)
                position += length
                break
        else:
            output.append(text[position])
            position += 1
    joined = "".join(output)
    return joined.translate(_printed_in_taiwan()) if script == "Hant" else joined


@cache
def _printed_in_taiwan() -> Mapping[int, str]:
    return {ord(entry): choices[0] for entry, choices in opencc.table("TWVariants.txt")}


@cache
def _table(script: Script) -> tuple[Mapping[str, str], Mapping[str, int]]:
    """Entry -> replacement, and first character -> the longest entry that begins with it."""
    table: dict[str, str] = {}
    longest: dict[str, int] = {}
    for name in _TABLES[script]:
        for entry, choices in opencc.table(name):
            table[entry] = choices[0]
            longest[entry[0]] = max(longest.get(entry[0], 0), len(entry))
    return table, longest
