"""Where tests keep articles: SQLite, and a real PostgreSQL server where its programs are installed.

A ``conftest.py`` imports the fixtures that its folder needs.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.parts import is_left_out, is_required


def _postgresql_programs() -> Path | None:
    if importlib.util.find_spec("psycopg") is None:
        return None
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if on_path := shutil.which("initdb"):
        candidates.append(Path(on_path).resolve().parent)
    return candidates[-1] if candidates else None


PROGRAMS = None if is_left_out("postgresql") else _postgresql_programs()
REQUIRED = is_required("postgresql")
DATABASES = ["sqlite", "postgresql"] if PROGRAMS or REQUIRED else ["sqlite"]


class Server:
    """A PostgreSQL server of its own on a loopback port, in a folder."""

    def __init__(self, programs: Path, folder: Path) -> None:
        # The server refuses to run as root, as which tests run in most containers.
        user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._options: Any = {"cwd": folder} | ({"user": user} if os.getuid() == 0 else {})
        if os.getuid() == 0:
            shutil.chown(folder, user)
        initdb = [programs / "initdb", "-D", folder / "data", "-U", "xunwen", "-A", "trust", "-E", "UTF8", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **self._options)
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": port,
            "unix_socket_directories": "",
            "fsync": "off",
            "log_min_messages": "panic",
        }
        self._command = [programs / "postgres", "-D", folder / "data"]
        self._command += [f"--{name}={value}" for name, value in settings.items()]
        self._address = f"postgresql+psycopg://xunwen@127.0.0.1:{port}/"
        self._admin = create_engine(self._address + "postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
        self._numbers = count()
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL, **self._options)
        for _ in range(600):
            try:
                self._admin.connect().close()
            except OperationalError:
                assert self._process.poll() is None, "the PostgreSQL server did not start"
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the PostgreSQL server did not answer within a minute")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection ("fast shutdown"), SIGQUIT is like a crash."""
        self._process.send_signal(how)
        self._process.wait()

    def new_database(self) -> str:
        """The address of a database of its own."""
        name = f"test_{next(self._numbers)}"
        with self._admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return self._address + name


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Server]:
    assert PROGRAMS, "XUNWEN_REQUIRE asks for PostgreSQL, but initdb or psycopg is not installed"
    with tempfile.TemporaryDirectory(prefix="xunwen-postgresql-") as folder:
        server = Server(PROGRAMS, Path(folder))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql(postgresql_server: Server) -> Callable[[], str]:
    """Gives the address of a new database at every call."""
    return postgresql_server.new_database


@pytest.fixture(params=DATABASES)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a new archive can be opened."""
    if request.param == "sqlite":
        return tmp_path / "data" / "archive.sqlite3"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()
