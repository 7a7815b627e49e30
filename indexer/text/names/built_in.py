"""The project's own tables: ``names.tsv``, ``nouns.tsv`` and ``synonyms.tsv``, whose headers tell what is in them.

Each is read once a process: what comes with the program stays as it is.
"""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal as OneOf
from typing import cast

from indexer.text.groups import Group, read_groups, read_line

ORIGIN = "names"
TRANSLATED = "nouns"
SYNONYMS = "synonyms"

Kind = OneOf["person", "organisation", "place", "none"]
_KIND = "# kind:"


def name_groups() -> tuple[Group, ...]:
    """The groups of ``names.tsv``, in its order."""
    return _read("names.tsv", ORIGIN)


@cache
def name_kinds() -> Mapping[str, Kind]:
    """Whose names the spellings of ``names.tsv`` are, as the lines “# kind:” say; of words of the news, ``none``."""
    text = resources.files("indexer.text.names").joinpath("names.tsv").read_text("utf-8")
    kind: Kind = "none"
    kinds: dict[str, Kind] = {}
    for line in text.splitlines():
        if line.startswith(_KIND):
            kind = cast(Kind, line.removeprefix(_KIND).strip())
        elif isinstance(group := read_line(line, ORIGIN), Group):
            for spelling in group.members:
                kinds.setdefault(spelling, kind)
    return kinds


def noun_groups() -> tuple[Group, ...]:
    """The groups of ``nouns.tsv``: English nouns that lead to Chinese ones."""
    return _read("nouns.tsv", TRANSLATED)


def synonym_groups() -> tuple[Group, ...]:
    """The groups of ``synonyms.tsv``: words for one thing."""
    return _read("synonyms.tsv", SYNONYMS)


@cache
def _read(name: str, origin: str) -> tuple[Group, ...]:
    text = resources.files("indexer.text.names").joinpath(name).read_text("utf-8")
    return tuple(entry for entry in read_groups(text, origin, name) if isinstance(entry, Group))
