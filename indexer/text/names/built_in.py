"""The project's own table of names: ``names.tsv``, whose header tells where its facts come from."""

from importlib import resources

from indexer.text.groups import Group, read_groups

ORIGIN = "names"


def name_groups() -> list[Group]:
    """The groups of ``names.tsv``, in its order."""
    text = resources.files("indexer.text.names").joinpath("names.tsv").read_text("utf-8")
    return [entry for entry in read_groups(text, ORIGIN, "names.tsv") if isinstance(entry, Group)]
