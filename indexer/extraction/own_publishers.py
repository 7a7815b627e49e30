"""A user's own table of publishers: which names are one publisher's, and which hosts are theirs."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from indexer import files
from indexer.article import Article
from indexer.files import Problem
from indexer.urls import host_of

USER_FILE = "publishers.tsv"
"""In the data folder: a publisher a line, its name first, then other names of it and its hosts, between tabs."""


class OwnPublishers:
    """The table. Immutable. ``problems``: what had to be left out of it."""

    def __init__(self, rows: Iterable[tuple[str, ...]] = (), problems: Iterable[Problem] = ()) -> None:
        self._names: dict[str, str] = {}
        self.problems = tuple(problems)
        for name, *others in rows:
            for other in (name, *others):
                self._names.setdefault(other.casefold(), name)
        self._others: dict[str, list[str]] = {}
        for other, name in self._names.items():
            self._others.setdefault(name, []).append(other)

    @classmethod
    def load(cls, folder: Path) -> "OwnPublishers":
        """The table of a data folder, as far as it can be read."""
        path = folder / USER_FILE
        lines, problems = files.read_lines(path, optional=True)
        rows: list[tuple[str, ...]] = []
        for number, line in lines:
            cells = tuple(filter(None, (" ".join(cell.split()) for cell in line.split("\t"))))
            if not cells or line.startswith("#"):
                continue
            if len(cells) < 2:
                problems.append(Problem(path, number, "needs a publisher and another name or host, between tabs"))
            else:
                rows.append(cells)
        return cls(rows, files.shortened(problems))

    def name(self, article: Article) -> Article:
        """The article under its publisher's one name: that of its source, else that of its host."""
        if not self._names:
            return article
        name = self._names.get(article.source.casefold()) or self._of_host(host_of(article.url))
        return replace(article, source=name) if name and name != article.source else article

    def others(self, name: str) -> Sequence[str]:
        """The other names and the hosts of a publisher, without their case; none where the table does not have it."""
        return self._others.get(name, ())

    def _of_host(self, host: str) -> str:
        labels = host.split(".")
        found = (self._names.get(".".join(labels[start:])) for start in range(len(labels) - 1))
        return next(filter(None, found), "")
