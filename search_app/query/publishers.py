"""Groups of publishers in a question: ``publisher:台湾``.

Who belongs to a group stands in tables and not in the index, so such a clause is told
which publishers it means before it is read.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from indexer.errors import QueryError
from search_app.query.tree import Clause, Node, with_clauses

MOST_SOURCES = 500
"""Publishers that the groups of a question have together: OpenSearch takes 1,024 clauses in all."""


class Publishers(Protocol):
    """The groups there are; asked for by whoever reads a question that names one."""

    def groups(self) -> Sequence[str]:
        """The name of each."""
        ...

    def named(self, name: str) -> str | None:
        """The name of the group that also goes by this one, ``None`` for no group."""
        ...

    def of(self, group: str) -> Sequence[str]:
        """The publishers of a group that have articles."""
        ...


def with_publishers(node: Node, publishers: Publishers | None) -> Node:
    """The tree with what clauses of that field mean. Raises ``QueryError``: ``unknown_group``, ``large_groups``."""
    named = 0

    def told(clause: Clause) -> Clause:
        nonlocal named
        if clause.field != "publisher":
            return clause
        meant = _told(clause, publishers)
        named += len(meant.sources)
        if named > MOST_SOURCES:
            allowed = (f"≤ {MOST_SOURCES:,}",)
            raise QueryError(
                "large_groups", field="publisher", given=meant.text, allowed=allowed, position=clause.start
            )
        return meant

    return with_clauses(node, told)


def _told(clause: Clause, publishers: Publishers | None) -> Clause:
    group = publishers.named(clause.text) if publishers else None
    if publishers is None or group is None:
        allowed = tuple(publishers.groups()) if publishers else ()
        given = clause.text.strip()
        raise QueryError("unknown_group", field="publisher", given=given, allowed=allowed, position=clause.start)
    return replace(clause, text=group, sources=tuple(publishers.of(group)))
