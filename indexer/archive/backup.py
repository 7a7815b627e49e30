"""Backups: folders that each hold all that cannot be made again, and are whole or not there at all.

In the folder that a person names, each backup is one more folder, named by its moment (``20261126T031500Z``). It is
written under another name, flushed to the disk and then renamed, so that whatever interrupts it leaves no half of one.
``backup.json`` in it names every file with its size and its hash. The newest few are kept.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import quote

from indexer.archive.database import reason
from indexer.errors import WAIT_FOR_OTHERS, ArchiveError
from indexer.files import Lock, flush, replace_file

KEPT = 3
"""Backups that stay when a further one is made."""

PATIENCE = 60.0
"""Seconds to wait for others who have locked the archive."""

ARCHIVE = "archive.sqlite3"
MANIFEST = "backup.json"

_FORMAT = 1
_MOMENT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"\d{8}T\d{6}Z")
_FILE = re.compile(r"(?:data|beside)/(?!\.\.?$)[^/\0]+")
_UNFINISHED = ".part"
_LOCK = "lock"
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup: its folder, when it was begun (aware, UTC), how many articles it has, and its bytes."""

    folder: Path
    made: datetime
    articles: int
    size: int


def back_up(location: str | Path, others: Mapping[str, Path], target: Path, now: datetime) -> Backup:
    """Copy an archive as it is at one moment, while it is read and written, and those of some other files that exist.

    ``others`` has each one's name in the backup, a folder's and its own: ``data/variants.tsv``. Raises ``ArchiveError``
    when it cannot be done; then there is no new backup, and the older ones are as they were.
    """
    path = _file(location)
    if not path.is_file():
        raise ArchiveError(f"there is no archive at {path}")
    with _errors(f"no backup could be made in {target}", target):
        target.mkdir(parents=True, exist_ok=True)
        _clear(target)
        folder, unfinished = _new(target, now)
        with Lock(unfinished / _LOCK):
            articles = _copy_archive(path, unfinished / ARCHIVE)
            files = {ARCHIVE: _described(unfinished / ARCHIVE)}
            for name, other in others.items():
                if other.is_file():
                    (unfinished / name).parent.mkdir(exist_ok=True)
                    replace_file(unfinished / name, other.read_bytes())
                    files[name] = _described(unfinished / name)
            manifest = {"format": _FORMAT, "articles": articles, "files": files}
            replace_file(unfinished / MANIFEST, json.dumps(manifest, indent=1).encode())
            unfinished.rename(folder)
            flush(target)
        for older in _finished(target)[:-KEPT]:
            shutil.rmtree(older)
    return _read(folder)[0]


def restore(source: Path, location: str | Path, folders: Mapping[str, Path]) -> tuple[Backup, list[Path]]:
    """Put the newest backup of a folder, or the one that it is, where there is no archive yet.

    ``folders`` says by name where the folders of the other files are now. Nothing is ever overwritten: a file that is
    there and says something else stays, and is in the list that comes back. The archive comes last and in one step.
    Raises ``ArchiveError`` for what is no whole backup, and where there is an archive.
    """
    path = _file(location)
    folder = _chosen(source)
    backup, files = _read(folder)
    for remains in (path, *(path.with_name(path.name + end) for end in ("-wal", "-journal", "-shm"))):
        if remains.exists():
            raise ArchiveError(f"there is an archive already, {remains}: restore into another data folder, by --data")
    places = {name: folders[name.partition("/")[0]] / Path(name).name for name in files if name != ARCHIVE}
    for name, described in files.items():
        if not (folder / name).is_file() or _described(folder / name) != described:
            raise ArchiveError(f"the backup {folder} is damaged: {name} is not what was written")
    kept = []
    with _errors(f"the backup {folder} could not be restored", path.parent):
        for name, place in places.items():
            data = (folder / name).read_bytes()
            if not place.exists():
                place.parent.mkdir(parents=True, exist_ok=True)
                replace_file(place, data)
            elif place.read_bytes() != data:
                kept.append(place)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(path.name + _UNFINISHED)
        shutil.copyfile(folder / ARCHIVE, unfinished)
        flush(unfinished)
        unfinished.rename(path)
        flush(path.parent)
    return backup, sorted(kept)


def newest(target: Path) -> datetime | None:
    """When the newest backup in a folder was begun (aware, UTC); ``None`` where there is none."""
    finished = _finished(target)
    return _moment(finished[-1]) if finished else None


def _file(location: str | Path) -> Path:
    if isinstance(location, Path) or "://" not in location:
        return Path(location)
    raise ArchiveError("the archive is in PostgreSQL, whose own tools copy it: pg_dump and pg_restore")


def _new(target: Path, now: datetime) -> tuple[Path, Path]:
    """The name of a new backup, and the folder in which it is made; its owner's alone, since it tells who signs in.

    It is named after all that are there, also when the clock was set back: those that sort first are removed first.
    """
    if finished := _finished(target):
        now = max(now.astimezone(UTC), _moment(finished[-1]) + timedelta(seconds=1))
    while True:
        folder = target / now.astimezone(UTC).strftime(_MOMENT)
        unfinished = folder.with_name(folder.name + _UNFINISHED)
        try:
            unfinished.mkdir(mode=0o700)
            return folder, unfinished
        except FileExistsError:
            now += timedelta(seconds=1)  # somebody makes one at the same time


def _moment(folder: Path) -> datetime:
    return datetime.strptime(folder.name, _MOMENT).replace(tzinfo=UTC)


def _chosen(source: Path) -> Path:
    """The backup that a folder is, or the newest that it holds."""
    if (source / MANIFEST).is_file():
        return source
    finished = _finished(source)
    if not finished:
        raise ArchiveError(f"there is no backup in {source}")
    return finished[-1]


def _finished(target: Path) -> list[Path]:
    """The backups in a folder, the oldest first."""
    if not target.is_dir():
        return []
    return sorted(each for each in target.iterdir() if _NAME.fullmatch(each.name) and (each / MANIFEST).is_file())


def _clear(target: Path) -> None:
    """Remove what interrupted backups left; one that is being made holds its lock."""
    for each in target.glob("*" + _UNFINISHED):
        if not _NAME.fullmatch(each.name.removesuffix(_UNFINISHED)):
            continue
        try:
            with Lock(each / _LOCK):
                shutil.rmtree(each)
        except BlockingIOError:
            continue


def _copy_archive(path: Path, copy: Path) -> int:
    """SQLite's online backup, in one step so that writers never make it begin anew; checked. How many articles."""
    with (
        closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(copy)) as target,
    ):
        source.backup(target, progress=_Patience())
        target.execute("PRAGMA journal_mode = DELETE")
        damage = target.execute("PRAGMA quick_check(1)").fetchone()[0]
        if damage != "ok":
            raise ArchiveError(f"the archive {path} is damaged ({' '.join(damage.split())}): no backup was made")
        articles = int(target.execute("SELECT count(*) FROM articles").fetchone()[0])
    flush(copy)
    return articles


class _Patience:
    """Ends the waiting for others, which ``sqlite3.Connection.backup`` would do for ever."""

    def __init__(self) -> None:
        self._until = monotonic() + PATIENCE

    def __call__(self, status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and monotonic() > self._until:
            raise ArchiveError(f"no backup was made, for others use the archive: {WAIT_FOR_OTHERS}")


def _described(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}


def _read(folder: Path) -> tuple[Backup, Mapping[str, Any]]:
    """What a backup says of itself. Raises ``ArchiveError`` for what is none."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise ArchiveError(f"the backup {folder} was made by another version of Xunwen")
        files = {str(name): dict(described) for name, described in manifest["files"].items()}
        size = sum(int(described["bytes"]) for described in files.values())
        made = datetime.fromtimestamp((folder / MANIFEST).stat().st_mtime, UTC)
        if _NAME.fullmatch(folder.name):
            made = datetime.strptime(folder.name, _MOMENT).replace(tzinfo=UTC)
        if ARCHIVE not in files or not all(map(_FILE.fullmatch, files.keys() - {ARCHIVE})):
            raise ValueError("its files")
        return Backup(folder, made, int(manifest["articles"]), size), files
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ArchiveError(f"{folder} is no backup: {MANIFEST} cannot be read ({type(error).__name__})") from error


@contextmanager
def _errors(what: str, folder: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        raise ArchiveError(f"{what}: {reason(error, str(folder / ARCHIVE))}") from error
