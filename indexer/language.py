"""Tags of languages (BCP 47): how the archive writes them, and which script of Chinese they name."""

import re
from collections.abc import Callable, Mapping
from typing import Literal as OneOf

Script = OneOf["Hans", "Hant"]

_SCRIPTS: Mapping[str, Script] = {
    "hans": "Hans", "chs": "Hans", "cn": "Hans", "sg": "Hans", "my": "Hans",
    "hant": "Hant", "cht": "Hant", "tw": "Hant", "hk": "Hant", "mo": "Hant",
}  # fmt: skip
"""What Chinese is written in, by a subtag: the script itself, or the region that prints it. The script comes first."""

_SUBTAG: Mapping[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
"""How a subtag of so many characters is written: regions and scripts; all others in small letters."""


def script_of(tag: str) -> Script | None:
    """The script that a tag names, itself or by a region (``zh-Hant-HK``, ``zh_TW``, ``zh-CHT``), if it does."""
    named = [subtag.lower() for subtag in _subtags(tag)[1:]]
    return next((_SCRIPTS[subtag] for subtag in sorted(named, key=len, reverse=True) if subtag in _SCRIPTS), None)


def normalise_tag(value: str) -> str:
    """A BCP 47 tag as the archive writes it; Chinese of a region becomes Chinese in its script (``zh-TW``, ``zh_cn``).

    Raises ``ValueError`` for what cannot be a tag.
    """
    language, *rest = _subtags(value)
    if not re.fullmatch("[A-Za-z]{2,8}", language) or not all(re.fullmatch("[A-Za-z0-9]{2,8}", part) for part in rest):
        raise ValueError(f"not the tag of a language: {value[:40]!r}")
    language = language.lower()
    if language == "zh" and (script := script_of(value)):
        return f"zh-{script}"
    return "-".join([language, *(_SUBTAG.get(len(part), str.lower)(part) for part in rest)])


def _subtags(tag: str) -> list[str]:
    return tag.strip().replace("_", "-").split("-")
