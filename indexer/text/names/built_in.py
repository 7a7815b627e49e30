"""The project's own tables: ``names.tsv``, ``nouns.tsv`` and ``synonyms.tsv``, whose headers tell what is in them."""

from importlib import resources

from indexer.text.groups import Group, read_groups

ORIGIN = "names"
TRANSLATED = "nouns"
SYNONYMS = "synonyms"


def name_groups() -> list[Group]:
    """The groups of ``names.tsv``, in its order."""
    return _read("names.tsv", ORIGIN)


def noun_groups() -> list[Group]:
    """The groups of ``nouns.tsv``: English nouns that lead to Chinese ones."""
    return _read("nouns.tsv", TRANSLATED)


def synonym_groups() -> list[Group]:
    """The groups of ``synonyms.tsv``: words for one thing."""
    return _read("synonyms.tsv", SYNONYMS)


def _read(name: str, origin: str) -> list[Group]:
    text = resources.files("indexer.text.names").joinpath(name).read_text("utf-8")
    return [entry for entry in read_groups(text, origin, name) if isinstance(entry, Group)]
