"""The secret that signs what readers carry: made once, kept in the data folder for nobody else to read."""

import logging
import os
import secrets
import threading
from pathlib import Path

FILE = "session.key"
_BYTES = 32

_log = logging.getLogger(__name__)


class Secret:
    """The secret of one installation, the same for all its processes; read, or made, when it is first used.

    Where it cannot be kept, as in a folder that may only be read, it lasts as long as the process: readers then sign in
    again after a restart. May be used from many threads.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._lock = threading.Lock()
        self._value = b""

    def value(self) -> bytes:
        with self._lock:
            if not self._value:
                self._value = self._kept()
            return self._value

    def _kept(self) -> bytes:
        try:
            return _read(self._path) or _make(self._path)
        except OSError as error:
            _log.warning("%s cannot be kept, readers sign in again after a restart: %s", self._path, error.strerror)
            return secrets.token_bytes(_BYTES)


def _read(path: Path) -> bytes:
    """What is kept; nothing when there is nothing, or not all of it."""
    try:
        value = path.read_bytes()
    except FileNotFoundError:
        return b""
    return value if len(value) >= _BYTES else b""


def _make(path: Path) -> bytes:
    """A new secret, whole and on disk before it gets its name. Whoever comes second takes the first one's."""
    new = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)
    except FileExistsError:
        if not _read(path):  # damaged: worth nothing to anybody
            new.replace(path)
    finally:
        new.unlink(missing_ok=True)
    return _read(path)
