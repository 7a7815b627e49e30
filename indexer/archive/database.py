"""Connections and transactions: SQLite in one file, or PostgreSQL for many machines."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from indexer.archive.schema import is_current, migrate
from indexer.errors import (
    GIVE_RIGHTS,
    LOOK_AFTER_DISK,
    MAKE_ROOM,
    WAIT_FOR_OTHERS,
    ArchiveError,
    system_reason,
)
from indexer.plain_text import plain_line
from indexer.redaction import without_secrets

# Seconds that a writer waits for others. A batch takes well under one.
_PATIENCE = 60

_POSTGRESQL_OPTIONS = (
    f"-c lock_timeout={_PATIENCE}s "
    # A machine that vanished in mid-transaction must not keep all others from writing.
    f"-c idle_in_transaction_session_timeout={_PATIENCE}s"
)


class Database:
    """An engine whose transactions are either for reading or for writing. May be used from many threads.

    ``is_read_only`` for an SQLite file that this user cannot write, or in such a folder: it can be read all the same.
    """

    def __init__(self, location: str | Path) -> None:
        url = _url(location)
        self.where = (url.database or "") if url.get_backend_name() == "sqlite" else _shown(url)
        with self._errors():
            self.is_read_only = _is_read_only(url)
            self._engine = _read_only_engine(url) if self.is_read_only else _engine(url)
            self._writer = self._engine.execution_options(begin="BEGIN IMMEDIATE")
        try:
            with self.reading() as connection:
                current = is_current(connection)
            if not current and self.is_read_only:
                raise ArchiveError(
                    f"The archive {self.where} is of an older version: open it once where it can be written"
                )
            if not current:
                with self.writing() as connection:
                    migrate(connection)
        except ArchiveError:
            self.close()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the archive (on PostgreSQL: one per statement)."""
        with self._errors(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that commits at the end of the block; after that the change survives a loss of power."""
        with self._errors(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            cause = error.orig if isinstance(error, DBAPIError) else error
            raise ArchiveError(f"The archive {self.where} cannot be used: {reason(cause, self.where)}") from error
        except ModuleNotFoundError as error:
            raise ArchiveError(f"PostgreSQL needs {error.name}: pip install 'xunwen[cluster]'") from error


def reason(error: BaseException | None, where: str) -> str:
    """What is wrong and what to do about it, in one line."""
    if isinstance(error, OSError):
        return system_reason(error)
    said = plain_line(without_secrets(str(error)), 1000)
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # the rest tells one I/O error from another
    if code == sqlite3.SQLITE_IOERR and _is_full(Path(where).parent):
        return f"the disk is full: {MAKE_ROOM}"
    remedy = _SQLITE_REMEDIES.get(code)
    return f"{said}: {remedy}" if remedy else said


_SQLITE_REMEDIES = {
    sqlite3.SQLITE_FULL: MAKE_ROOM,
    sqlite3.SQLITE_IOERR: LOOK_AFTER_DISK,
    sqlite3.SQLITE_CANTOPEN: f"{GIVE_RIGHTS}, make room, or let it open more files (ulimit -n)",
    sqlite3.SQLITE_PERM: GIVE_RIGHTS,
    sqlite3.SQLITE_READONLY: GIVE_RIGHTS,
    sqlite3.SQLITE_BUSY: WAIT_FOR_OTHERS,
    sqlite3.SQLITE_LOCKED: WAIT_FOR_OTHERS,
    sqlite3.SQLITE_PROTOCOL: WAIT_FOR_OTHERS,
    sqlite3.SQLITE_CORRUPT: "restore it from a backup",
    sqlite3.SQLITE_NOTADB: "restore it from a backup",
}
"""By the error's class (sqlite.org/rescode.html)."""


def _is_full(folder: Path) -> bool:
    """SQLite calls it an I/O error when its shared memory finds no room."""
    try:
        return shutil.disk_usage(folder).free < _LEAST_ROOM
    except OSError:
        return False


_LEAST_ROOM = 1 << 20


def _shown(url: URL) -> str:
    return without_secrets(url.render_as_string(hide_password=False))


def _url(location: str | Path) -> URL:
    if isinstance(location, Path) or "://" not in location:
        return URL.create("sqlite", database=str(location))
    try:
        url = make_url(location)
    except (ArgumentError, ValueError):  # ValueError: a port that is no number
        raise ArchiveError(
            f"The archive's address {without_secrets(location)} cannot be read; allowed: a path, sqlite:///path, "
            "postgresql+psycopg://user:password@host:5432/database"
        ) from None
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername not in ("sqlite", "postgresql+psycopg") or not url.database:
        raise ArchiveError(
            f"{_shown(url)} cannot be an archive; allowed: a path, sqlite:///path, "
            "postgresql+psycopg://user:password@host/database"
        )
    return url


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url,
            # Each statement after the wait for the lock must see what the former holder wrote.
            isolation_level="READ COMMITTED",
            pool_pre_ping=True,
            connect_args={"connect_timeout": 10, "options": _POSTGRESQL_OPTIONS},
        )
    Path(url.database or "").parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": _PATIENCE})
    event.listen(engine, "connect", _configure_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _is_read_only(url: URL) -> bool:
    if url.get_backend_name() != "sqlite" or not Path(url.database or "").is_file():
        return False
    path = Path(url.database or "")
    return not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK))


def _read_only_engine(url: URL) -> Engine:
    path = Path(url.database or "").absolute()
    # Each transaction opens the file anew: what ``_open_read_only`` finds holds only for now.
    engine = create_engine("sqlite://", creator=partial(_open_read_only, path), poolclass=NullPool)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_read_only(path: Path) -> sqlite3.Connection:
    """A file in WAL mode can be read with its ``-shm`` file, which only a process that may write can make.

    Where there is none and no ``-wal`` file, nobody writes, and the file may be read as it is (sqlite.org/wal.html,
    "Read-Only Databases").
    """
    try:
        return _connect(path, "mode=ro")
    except sqlite3.OperationalError:
        if path.with_name(f"{path.name}-wal").exists():
            raise
        return _connect(path, "immutable=1")


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path))}?{mode}", timeout=_PATIENCE, isolation_level=None, check_same_thread=False, uri=True
    )
    try:
        connection.execute("PRAGMA schema_version").close()
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _configure_sqlite(connection: sqlite3.Connection, record: Any) -> None:
    # The driver would begin transactions late and commit them before DDL; ``_begin_sqlite`` begins them instead.
    connection.isolation_level = None
    # Readers go on while one process writes, and a kill at any moment leaves whole transactions only.
    _begin_log(connection)
    # A batch that was reported as kept survives a power failure, for one fsync a batch.
    connection.execute("PRAGMA synchronous = FULL").close()
    connection.execute(f"PRAGMA journal_size_limit = {64 << 20}").close()


def _begin_log(connection: sqlite3.Connection) -> None:
    """Put the file into WAL mode. For this alone SQLite doesn't wait while others do the same to a new file."""
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            return connection.execute("PRAGMA journal_mode = WAL").close()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= end:
                raise
        time.sleep(0.05)


def _begin_sqlite(connection: Connection) -> None:
    # To the driver itself: what SQLAlchemy does around a statement takes as long as reading an article.
    driver: Any = connection.connection.dbapi_connection
    driver.execute(connection.get_execution_options().get("begin", "BEGIN")).close()
