"""Where tests keep articles: SQLite, and a real PostgreSQL server where its programs are installed.

A ``conftest.py`` imports the fixtures that its folder needs.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

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


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """A server of its own on a loopback port; gives the address of a new database at every call."""
    assert PROGRAMS, "XUNWEN_REQUIRE asks for PostgreSQL, but initdb or psycopg is not installed"
    # The server refuses to run as root, as which tests run in most containers.
    user = "nobody" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="xunwen-postgresql-"))
    owner = {"user": user} if os.getuid() == 0 else {}
    if owner:
        shutil.chown(folder, user)
    initdb = [PROGRAMS / "initdb", "-D", folder / "data", "-U", "xunwen", "-A", "trust", "-E", "UTF8", "--no-sync"]
    subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **owner)  # type: ignore[call-overload]
    settings = {
        "listen_addresses": "127.0.0.1",
        "port": port,
        "unix_socket_directories": "",
        "fsync": "off",
        "log_min_messages": "fatal",
    }
    command = [PROGRAMS / "postgres", "-D", folder / "data"]
    command += [f"--{name}={value}" for name, value in settings.items()]
    server = subprocess.Popen(command, cwd=folder, stderr=subprocess.DEVNULL, **owner)  # type: ignore[call-overload]
    address = f"postgresql+psycopg://xunwen@127.0.0.1:{port}/"
    admin = create_engine(address + "postgres", isolation_level="AUTOCOMMIT")
    numbers = count()

    def new_database() -> str:
        name = f"test_{next(numbers)}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        return address + name

    try:
        _wait_until_up(new_database, server)
        yield new_database
    finally:
        admin.dispose()
        server.terminate()
        server.wait()
        shutil.rmtree(folder)


def _wait_until_up(try_it: Callable[[], str], server: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            try_it()
        except OperationalError:
            assert server.poll() is None, "the PostgreSQL server did not start"
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the PostgreSQL server did not answer within a minute")


@pytest.fixture(params=DATABASES)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> str | Path:
    """Where a new archive can be opened."""
    if request.param == "sqlite":
        return tmp_path / "data" / "archive.sqlite3"
    new_database: Callable[[], str] = request.getfixturevalue("postgresql")
    return new_database()
