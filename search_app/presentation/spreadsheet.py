"""CSV as spreadsheets read it."""

import re
import unicodedata
from typing import Any

MARK = "\ufeff"
"""A byte order mark at the beginning, by which spreadsheets know UTF-8."""

_FORMULA = ("=", "+", "-", "@")
_UNSEEN = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]*")
"""Blanks, controls and marks without width: spreadsheets may skip them before a formula."""


def cell(value: Any) -> Any:
    """A value as a cell: a snippet is its text, and what a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, dict):
        value = value["text"]
    if isinstance(value, str) and _is_formula(value):
        return "'" + value
    return value


def _is_formula(text: str) -> bool:
    """Whether a spreadsheet may run a cell: also in full width, and behind what cannot be seen."""
    seen = _UNSEEN.sub("", text, count=1)
    return unicodedata.normalize("NFKC", seen[:1]).startswith(_FORMULA) or text.startswith(("\t", "\r"))
