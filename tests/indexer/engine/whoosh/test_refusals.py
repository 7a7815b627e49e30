"""What the system refuses: folders that may only be read, disks that are full."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.engine.whoosh.index import WhooshIndex
from indexer.errors import IndexFailure
from tests.indexer.engine.documents import STAMP, Doc, batch, build

ARTICLES = [Doc("1", "中美关系"), Doc("2", "", "美国")]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@pytest.fixture
def read_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From its call on the folder is on a disk mounted for reading. (Rights don't bind the administrator.)"""
    really_open = os.open

    def refusing(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & _WRITING and Path(os.fspath(path)).is_relative_to(tmp_path):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), os.fspath(path))
        return really_open(path, flags, *more, **options)

    return lambda: monkeypatch.setattr(os, "open", refusing)


def test_a_folder_that_may_only_be_read_is_searched(tmp_path: Path, read_only: Callable[[], None]) -> None:
    build(WhooshIndex(tmp_path, STAMP), ARTICLES)
    read_only()
    index = WhooshIndex(tmp_path, STAMP)
    assert index.info().documents == 2
    assert index.search(SearchRequest(Phrase(("中美",)))).total == 1
    index.verify()
    index.close()


def test_a_reader_without_rights_leaves_old_generations_alone(tmp_path: Path, read_only: Callable[[], None]) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, ARTICLES)
    assert index.info().generation == 1
    build(WhooshIndex(tmp_path, STAMP), ARTICLES[:1], 2)
    read_only()
    assert (index.info().generation, index.search(SearchRequest()).total) == (2, 1)
    index.close()


def test_to_write_there_is_refused_in_a_line(tmp_path: Path, read_only: Callable[[], None]) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, ARTICLES)
    read_only()
    with pytest.raises(IndexFailure, match=r"^cannot write to the index: Read-only file system"), index.write(2):
        pass
    with pytest.raises(IndexFailure, match=r"^cannot build a new index: Read-only file system"), index.rebuild():
        pass
    index.close()


@pytest.mark.parametrize("name", ["gen-1/readers", "CURRENT", "gen-1/commit-1.json"])
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    build(WhooshIndex(tmp_path, STAMP), ARTICLES)
    refused = tmp_path / name

    def refusing(really_open: Callable[..., Any]) -> Callable[..., Any]:
        def opened(path: Any, *more: Any, **options: Any) -> Any:
            if isinstance(path, str | Path) and Path(path) == refused:
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fspath(path))
            return really_open(path, *more, **options)

        return opened

    monkeypatch.setattr(os, "open", refusing(os.open))
    monkeypatch.setattr("io.open", refusing(open))
    index = WhooshIndex(tmp_path, STAMP)
    with pytest.raises(IndexFailure, match=f"^cannot read .*{Path(name).name}"):
        index.info()
    index.close()


def test_a_full_disk_is_named_and_the_next_change_succeeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, ARTICLES)

    def full(file: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(IndexFailure, match="No space left on device"), index.write(2) as writer:
            writer.put(batch([Doc("3")]))
        with pytest.raises(IndexFailure, match="No space left on device"):
            build(index, ARTICLES, 3)
    assert (index.info().sequence, index.info().documents) == (1, 2)
    with index.write(4) as writer:
        writer.put(batch([Doc("3")]))
    build(index, ARTICLES, 5)
    assert index.info().sequence == 5
    index.close()


def test_a_new_generation_stays_when_only_its_name_could_not_be_put_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, ARTICLES)

    def refuse(path: Path) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patched:
        patched.setattr("indexer.engine.whoosh.generations.sync_path", refuse)
        with pytest.raises(IndexFailure, match="make the new index live: Input/output error: look after the disk"):
            build(index, ARTICLES[:1], 2)
    assert index.search(SearchRequest()).total == 1
    assert WhooshIndex(tmp_path, STAMP).info().generation == 2
    index.close()


def test_a_folder_that_cannot_be_listed_is_no_empty_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    build(index, ARTICLES)

    def refuse(path: Any) -> Any:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), os.fspath(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", refuse)
        with pytest.raises(IndexFailure, match=r"Too many open files .*ulimit -n"):
            WhooshIndex(tmp_path, STAMP).info()
    index.verify()
    index.close()
