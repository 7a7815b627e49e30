"""The project's own tables: ``names.tsv``, ``nouns.tsv`` and ``synonyms.tsv``, whose headers tell what is in them.

Each is read once a process: what comes with the program stays as it is.
"""

from functools import cache
from importlib import resources

from indexer.text.groups import Group, read_groups

ORIGIN = "names"
TRANSLATED = "nouns"
SYNONYMS = "synonyms"


def name_groups() -> tuple[Group, ...]:
    """The groups of ``names.tsv``, in its order."""
    return _read("names.tsv", ORIGIN)


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
