"""A crash at any moment of a commit leaves the index as it was before or as it is after; the next writer cleans up."""

import os
import shutil
from pathlib import Path
from threading import Event, Timer
from typing import Any

import pytest
from whoosh.filedb.filestore import FileStorage
from whoosh.index import LockError

from indexer.engine.whoosh import columnar
from tests.indexer.engine.whoosh.columnar.model import SCHEMA, Doc, Seen, add_batch, expected, read_back

OLD = [Doc(f"old{k}", ("x", f"w{k}"), ("t",), k, "bbc") for k in range(30)]
NEW = [Doc(f"new{k}", ("y", f"w{k}"), (), k, "zaobao") for k in range(20)]


class Snapshots(FileStorage):  # type: ignore[misc]
    """A folder that is copied before every change to it: each copy is what a crash at that moment would leave."""

    def __init__(self, path: str, copies: Path) -> None:
        super().__init__(path)
        self._copies = copies
        self.taken: list[Path] = []

    def snapshot(self) -> None:
        copy = self._copies / str(len(self.taken))
        shutil.copytree(self.folder, copy)
        self.taken.append(copy)

    def create_file(self, name: str, *args: Any, **options: Any) -> Any:
        self.snapshot()
        return super().create_file(name, *args, **options)

    def rename_file(self, *args: Any, **options: Any) -> None:
        self.snapshot()
        super().rename_file(*args, **options)

    def delete_file(self, name: str) -> None:
        self.snapshot()
        super().delete_file(name)


class Failing(Snapshots):
    """A disk that fails at a certain change."""

    fail_at = 10**9

    def snapshot(self) -> None:
        self.taken.append(Path())
        if len(self.taken) == self.fail_at:
            raise OSError("no space left on device")


def start(folder: Path) -> list[Seen]:
    """An index of two segments; returns what it holds."""
    index = columnar.create_in(folder, SCHEMA)
    for part in (OLD[:20], OLD[20:]):
        writer = index.writer()
        add_batch(writer, part)
        writer.commit(merge=False)
    return [expected(doc) for doc in OLD]


def change(index: columnar.ColumnarIndex) -> None:
    """Two runs, deletions and a merge of everything."""
    writer = index.writer()
    try:
        writer.delete_by_terms("id", ["old3", "old25"])
        add_batch(writer, NEW[:10])
        writer.flush()
        add_batch(writer, NEW[10:])
        writer.commit(optimize=True)
    finally:
        if not writer.is_closed:
            writer.cancel()


def after() -> list[Seen]:
    return [expected(doc) for doc in OLD if doc.id not in ("old3", "old25")] + [expected(doc) for doc in NEW]


def test_a_crash_leaves_the_last_commit_or_this_one(tmp_path: Path) -> None:
    folder, copies = tmp_path / "index", tmp_path / "copies"
    folder.mkdir()
    copies.mkdir()
    before = start(folder)
    storage = Snapshots(str(folder), copies)
    change(columnar.ColumnarIndex(storage))
    storage.snapshot()
    assert len(storage.taken) > 12
    seen = [read_back(columnar.open_dir(copy)) for copy in storage.taken]
    assert all(state in (before, after()) for state in seen)
    # The change shows at one moment and stays.
    assert seen == sorted(seen, key=lambda state: state == after())
    assert seen[0] == before and seen[-1] == after()
    for copy, state in zip(storage.taken, seen, strict=True):
        writer = columnar.open_dir(copy).writer()
        writer.add_document(id="last")
        writer.commit(optimize=True)
        assert read_back(columnar.open_dir(copy)) == [*state, expected(Doc("last"))]
        left = sorted(path.suffix for path in copy.iterdir())
        assert left == ["", ".docs", ".terms", ".toc"]  # The first is the write lock.


def test_a_failing_disk_loses_nothing_and_releases_the_lock(tmp_path: Path) -> None:
    step = 0
    while True:
        step += 1
        folder = tmp_path / str(step)
        folder.mkdir()
        before = start(folder)
        storage = Failing(str(folder), tmp_path)
        storage.fail_at = step
        try:
            change(columnar.ColumnarIndex(storage))
            break
        except OSError:
            pass
        assert read_back(columnar.open_dir(folder)) in (before, after())
        change(columnar.open_dir(folder))
        assert read_back(columnar.open_dir(folder))[-1] == after()[-1]
    assert step > 7


def test_a_disk_that_fails_to_sync_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when that is known only after the commit has its name."""
    real = os.fsync
    calls = {"left": 0}

    def sync(handle: int) -> None:
        calls["left"] -= 1
        if calls["left"] == 0:
            raise OSError("input/output error")
        real(handle)

    states = []
    for step in range(1, 5):
        folder = tmp_path / str(step)
        folder.mkdir()
        before = start(folder)
        with monkeypatch.context() as patched:
            calls["left"] = step
            patched.setattr(os, "fsync", sync)
            with pytest.raises(OSError, match="input/output"):
                change(columnar.open_dir(folder))
        index = columnar.open_dir(folder)
        index.verify()
        states.append(read_back(index) == after())
        assert states[-1] or read_back(index) == before
        index.writer().cancel()
    assert states == [False, False, False, True]


def test_files_are_on_the_disk_before_the_commit_names_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events: list[tuple[str, str]] = []
    real_sync, real_rename = os.fsync, os.rename

    def inodes() -> dict[int, str]:
        return {path.stat().st_ino: path.name for path in tmp_path.iterdir()} | {tmp_path.stat().st_ino: "folder"}

    def sync(handle: int) -> None:
        events.append(("sync", inodes().get(os.fstat(handle).st_ino, "?")))
        real_sync(handle)

    def rename(source: str, target: str) -> None:
        events.append(("rename", Path(target).name))
        real_rename(source, target)

    index = columnar.create_in(tmp_path, SCHEMA)
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    with index.writer() as writer:
        add_batch(writer, NEW)
    renamed = events.index(("rename", "_MAIN_1.toc"))
    synced = {name for kind, name in events[:renamed] if kind == "sync"}
    segment = index._segments()[0].segment_id()
    assert {f"{segment}.docs", f"{segment}.terms", "_MAIN_1.toc.tmp"} <= synced
    assert ("sync", "folder") in events[renamed:]


def test_a_reader_goes_on_while_writers_merge_its_segments_away(tmp_path: Path) -> None:
    before = start(tmp_path)
    index = columnar.open_dir(tmp_path)
    reader = index.reader()
    change(columnar.open_dir(tmp_path))
    held = [reader.stored_fields(doc)["id"] for doc in reader.all_doc_ids()]
    assert held == [seen.stored["id"] for seen in before]
    assert sorted(reader.postings("body", "x").all_ids()) == list(range(30))
    reader.close()
    assert read_back(index) == after()


def test_a_cancelled_writer_leaves_nothing(tmp_path: Path) -> None:
    before = start(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    writer = columnar.open_dir(tmp_path).writer()
    writer.delete_by_terms("id", ["old1"])
    add_batch(writer, NEW)
    writer.flush()
    add_batch(writer, [Doc("more")])
    writer.cancel()
    assert read_back(columnar.open_dir(tmp_path)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


class Waiting(FileStorage):  # type: ignore[misc]
    """A disk that does nothing until it is let."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.let = Event()

    def create_file(self, name: str, *args: Any, **options: Any) -> Any:
        self.let.wait()
        return super().create_file(name, *args, **options)


def test_what_is_still_being_written_is_cancelled_found_and_deleted(tmp_path: Path) -> None:
    before = start(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    storage = Waiting(str(tmp_path))
    writer = columnar.ColumnarIndex(storage).writer()
    add_batch(writer, NEW[:10])
    writer.flush()
    add_batch(writer, NEW[10:])
    assert writer.delete_by_terms("id", ["old2"]) == 1  # Nothing that waits for the disk has it.
    Timer(0.05, storage.let.set).start()
    assert writer.delete_by_terms("id", ["new5", "new15"]) == 2
    storage.let.clear()
    add_batch(writer, [Doc("more")])
    writer.flush()
    Timer(0.05, storage.let.set).start()
    writer.cancel()
    assert read_back(columnar.open_dir(tmp_path)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_a_run_that_could_not_be_written_is_never_left_out(tmp_path: Path) -> None:
    before = start(tmp_path)
    names = sorted(path.name for path in tmp_path.iterdir())
    storage = Failing(str(tmp_path), tmp_path)
    storage.fail_at = 2
    writer = columnar.ColumnarIndex(storage).writer()
    add_batch(writer, NEW[:10])
    writer.flush()
    add_batch(writer, NEW[10:])
    for step in (writer.flush, writer.flush, writer.commit):
        with pytest.raises(OSError, match="no space left"):
            step()
    assert read_back(columnar.open_dir(tmp_path)) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == names


def test_a_damaged_index_does_not_stay_locked(tmp_path: Path) -> None:
    start(tmp_path)
    index = columnar.open_dir(tmp_path)
    toc = next(tmp_path.glob("*.toc"))
    whole = toc.read_bytes()
    toc.write_bytes(whole[:-1])
    with pytest.raises(columnar.CorruptIndex) as failure:
        index.writer()
    toc.write_bytes(whole)
    index.writer().cancel()
    assert toc.name in str(failure.value)


def test_two_writers_do_not_mix(tmp_path: Path) -> None:
    start(tmp_path)
    index = columnar.open_dir(tmp_path)
    writer = index.writer()
    with pytest.raises(LockError):
        columnar.open_dir(tmp_path).writer()
    writer.cancel()
    columnar.open_dir(tmp_path).writer().cancel()
