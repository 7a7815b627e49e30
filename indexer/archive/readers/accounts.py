"""Who may change something: readers with a password, and keys for programs.

They are kept with the archive: all machines of a newsroom know them, and a key that is withdrawn ends everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Table, delete, insert, select, update

from indexer.archive.database import Database
from indexer.archive.readers.credentials import check_name, digest_key, hash_password, is_password, new_key, normal_name
from indexer.archive.schema import api_keys, users
from indexer.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Account:
    """A reader or a key, and since when (aware, UTC)."""

    name: str
    created: datetime


class Accounts:
    """Readers and keys by name. Every method is one transaction and raises ``ArchiveError``."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock

    def users(self) -> list[Account]:
        """In the order of their names."""
        return self._all(users)

    def set_password(self, name: str, password: str) -> bool:
        """Let a reader sign in; false when there was one of this name, whose password is this one from now on.

        Raises ``ConfigError`` for a name or password that is not allowed.
        """
        name, kept = check_name(name), hash_password(password)
        with self._database.writing() as connection:
            if connection.execute(update(users).where(users.c.name == name).values(hash=kept)).rowcount:
                return False
            connection.execute(insert(users).values(name=name, hash=kept, created=self._clock()))
        return True

    def is_password(self, name: str, password: str) -> bool:
        """Whether a reader of this name has this password; it takes as long when there is no such reader."""
        return is_password(password, self._hash(name))

    def mark(self, name: str) -> str:
        """What changes when the password does; ``""`` for a reader who is not there."""
        kept = self._hash(name)
        return hashlib.sha256(kept.encode()).hexdigest()[:16] if kept else ""

    def remove_user(self, name: str) -> bool:
        return self._remove(users, name)

    def keys(self) -> list[Account]:
        """In the order of their names."""
        return self._all(api_keys)

    def add_key(self, name: str) -> str:
        """A new key, which is not kept and cannot be told again. Raises ``ConfigError`` for a name that is taken."""
        name, key = check_name(name), new_key()
        with self._database.writing() as connection:
            if connection.scalar(select(api_keys.c.name).where(api_keys.c.name == name)):
                raise ConfigError(f"there is a key {name} already: remove it, or choose another name")
            connection.execute(insert(api_keys).values(name=name, digest=digest_key(key), created=self._clock()))
        return key

    def key_name(self, key: str) -> str:
        """The name of a key that is good, else ``""``."""
        with self._database.reading() as connection:
            return connection.scalar(select(api_keys.c.name).where(api_keys.c.digest == digest_key(key))) or ""

    def remove_key(self, name: str) -> bool:
        return self._remove(api_keys, name)

    def _hash(self, name: str) -> str:
        with self._database.reading() as connection:
            return connection.scalar(select(users.c.hash).where(users.c.name == normal_name(name))) or ""

    def _all(self, table: Table) -> list[Account]:
        with self._database.reading() as connection:
            rows = connection.execute(select(table.c.name, table.c.created).order_by(table.c.name))
            return [Account(row.name, row.created) for row in rows]

    def _remove(self, table: Table, name: str) -> bool:
        with self._database.writing() as connection:
            return bool(connection.execute(delete(table).where(table.c.name == normal_name(name))).rowcount)
