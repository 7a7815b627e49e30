"""The lists of ``words.txt``, each a set of folded words by its heading."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def listed(heading: str) -> frozenset[str]:
    """The words under a heading. Raises ``KeyError`` where there is none of that name."""
    return _lists()[heading]


@cache
def _lists() -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    heading = ""
    for line in resources.files("indexer.entities").joinpath("words.txt").read_text("utf-8").splitlines():
        if line.startswith("["):
            heading = line.strip("[]")
            lists[heading] = set()
        elif line and not line.startswith("#"):
            lists[heading].update(line.casefold().split())
    return {heading: frozenset(words) for heading, words in lists.items()}
