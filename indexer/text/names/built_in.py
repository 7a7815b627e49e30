"""The project's own tables: ``names.tsv`` and ``nouns.tsv``, whose headers tell where their facts come from."""

from importlib import resources

from indexer.text.groups import Group, read_groups

ORIGIN = "names"
TRANSLATED = "nouns"


def name_groups() -> list[Group]:
    """The groups of ``names.tsv``, in its order."""
    return _read("names.tsv", ORIGIN)


def noun_groups() -> list[Group]:
    """The groups of ``nouns.tsv``: English nouns that lead to Chinese ones."""
    return _read("nouns.tsv", TRANSLATED)


def _read(name: str, origin: str) -> list[Group]:
    text = resources.files("indexer.text.names").joinpath(name).read_text("utf-8")
    return [entry for entry in read_groups(text, origin, name) if isinstance(entry, Group)]
