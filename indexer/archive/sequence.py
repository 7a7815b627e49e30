"""The numbers of changes: every insert, update and delete gets the next one, and commits come in their order."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from indexer.archive.schema import changes, state


def lock(connection: Connection) -> int:
    """Keep other writers out until the end of the transaction; returns the last sequence number.

    The order of commits is the order of numbers only because this comes before anything else. SQLite's transactions
    for writing exclude each other by themselves.
    """
    return int(connection.scalars(select(state.c.sequence).with_for_update()).one())


def last_number(connection: Connection) -> int:
    return int(connection.scalars(select(state.c.sequence)).one())


def number(connection: Connection, sequence: int, ids: Collection[str], *, deleted: bool) -> None:
    """Give each article's change the next number after ``sequence``, the last one; what is here keeps when it came."""
    if ids:
        here = select(changes.c.id, changes.c.came).where(changes.c.id.in_(ids)).where(~changes.c.deleted)
        came = {row.id: row.came for row in connection.execute(here)}
        connection.execute(delete(changes).where(changes.c.id.in_(ids)))
        connection.execute(
            insert(changes),
            [
                {"id": id, "sequence": next_, "deleted": deleted, "came": came.get(id, next_)}
                for next_, id in enumerate(ids, sequence + 1)
            ],
        )
        connection.execute(update(state).values(sequence=sequence + len(ids)))
