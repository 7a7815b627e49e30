"""Backups: what comes back is what there was, and whatever interrupts one leaves no half of it."""

import json
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.archive import Archive, Subscription, backup
from indexer.archive.backup import ARCHIVE, KEPT, MANIFEST, back_up, restore
from indexer.article import Article
from indexer.errors import ArchiveError

NOW = datetime(2020, 9, 15, 3, 15, tzinfo=UTC)
CALLS = 16
"""More calls than a backup or a restoration makes of those that ``KILLED`` counts."""


def articles(numbers) -> list[Article]:
    return [Article(url=f"https://example.com/{n}", title=f"第{n}号", text=f"河湾大桥第{n}日通车。") for n in numbers]


def urls(archive_path: Path) -> set[str]:
    with Archive(archive_path) as archive:
        assert archive.damage() == ""
        return {each.url for each in archive.iterate()}


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """An archive of twenty articles."""
    path = tmp_path / "index_data" / ARCHIVE
    path.parent.mkdir()
    with Archive(path) as archive:
        archive.put(articles(range(20)))
    return path


def folders(tmp_path: Path, name: str = "new") -> dict[str, Path]:
    return {"data": tmp_path / name / "index_data", "beside": tmp_path / name}


def test_everything_comes_back(kept: Path, tmp_path: Path) -> None:
    with Archive(kept) as archive:
        archive.put([Article(url="https://example.com/1", title="第1号", text="改过的话。")])
        archive.delete([next(each.id for each in archive.iterate() if each.url.endswith("/2"))])
        archive.subscriptions.add([Subscription("https://example.com/feed.xml", title="江城日报")])
        archive.accounts.set_password("王记者", "long enough a password")
        before = (list(archive.iterate()), archive.statistics(), archive.subscriptions.all(), archive.accounts.users())
        changes = archive.changes(0, 100)
    own = tmp_path / "variants.tsv"
    own.write_text("特朗普\t川普\n", "utf-8")
    made = back_up(
        kept, {"data/variants.tsv": own, "beside/xunwen.toml": tmp_path / "xunwen.toml"}, tmp_path / "b", NOW
    )
    assert (made.folder, made.made, made.articles) == (tmp_path / "b" / "20200915T031500Z", NOW, 19)
    place = tmp_path / "new" / "index_data" / ARCHIVE
    assert restore(tmp_path / "b", place, folders(tmp_path)) == (made, [])
    with Archive(place) as archive:
        assert before == (
            list(archive.iterate()),
            archive.statistics(),
            archive.subscriptions.all(),
            archive.accounts.users(),
        )
        assert archive.changes(0, 100) == changes
    assert place.with_name("variants.tsv").read_text("utf-8") == "特朗普\t川普\n"
    assert sorted(each.name for each in place.parent.iterdir()) == [ARCHIVE, "variants.tsv"]


@settings(max_examples=10)
@given(st.lists(st.integers(0, 30), max_size=20))
def test_whatever_the_archive_holds_comes_back(tmp_path_factory: pytest.TempPathFactory, numbers: list[int]) -> None:
    folder = tmp_path_factory.mktemp("archive")
    with Archive(folder / "old" / ARCHIVE) as archive:
        archive.put(articles(numbers))
    back_up(folder / "old" / ARCHIVE, {}, folder / "backups", NOW)
    restore(folder / "backups", folder / "new" / ARCHIVE, {"data": folder / "new", "beside": folder})
    assert urls(folder / "new" / ARCHIVE) == {f"https://example.com/{n}" for n in numbers}


def test_a_backup_made_while_others_write_is_of_one_moment(kept: Path, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> None:
        with Archive(kept) as archive:
            number = 100
            while not done.is_set():
                archive.put(articles(range(number, number + 10)))
                number += 10

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for attempt in range(5):
            made = back_up(kept, {}, tmp_path / "b", NOW + timedelta(hours=attempt))
            found = urls(made.folder / ARCHIVE)
            assert len(found) == made.articles
            assert made.articles % 10 == 0  # transactions are whole
    finally:
        done.set()
        thread.join()


def test_the_newest_few_stay(kept: Path, tmp_path: Path) -> None:
    made = [back_up(kept, {}, tmp_path / "b", NOW).folder for _ in range(KEPT + 2)]  # all in one second
    assert len(set(made)) == KEPT + 2
    assert sorted((tmp_path / "b").iterdir()) == made[-KEPT:]


def test_a_clock_that_is_set_back_takes_no_backup_away(kept: Path, tmp_path: Path) -> None:
    made = [back_up(kept, {}, tmp_path / "b", NOW - timedelta(days=number)).folder for number in range(KEPT + 1)]
    assert sorted((tmp_path / "b").iterdir()) == made[-KEPT:]


def test_a_backup_is_for_its_owner_alone(kept: Path, tmp_path: Path) -> None:
    assert back_up(kept, {}, tmp_path / "b", NOW).folder.stat().st_mode & 0o077 == 0


def test_nothing_is_overwritten(kept: Path, tmp_path: Path) -> None:
    own = tmp_path / "xunwen.toml"
    own.write_text('timezone = "Asia/Taipei"\n')
    back_up(kept, {"beside/xunwen.toml": own}, tmp_path / "b", NOW)
    place = tmp_path / "new" / "index_data" / ARCHIVE
    place.parent.mkdir(parents=True)
    other = tmp_path / "new" / "xunwen.toml"
    other.write_text('timezone = "UTC"\n')
    assert restore(tmp_path / "b", place, folders(tmp_path))[1] == [other]
    assert other.read_text() == 'timezone = "UTC"\n'
    with pytest.raises(ArchiveError, match="there is an archive already"):
        restore(tmp_path / "b", place, folders(tmp_path))
    # What is left of a log would be taken for that of the restored one.
    place.rename(place.with_name(ARCHIVE + "-wal"))
    with pytest.raises(ArchiveError, match="-wal: restore into another"):
        restore(tmp_path / "b", place, folders(tmp_path))


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        (ARCHIVE, lambda data: data[:-1], "damaged: archive.sqlite3"),
        (ARCHIVE, lambda data: data[:5000] + b"x" + data[5001:], "damaged: archive.sqlite3"),
        ("data/variants.tsv", lambda data: b"", "damaged: data/variants.tsv"),
        (MANIFEST, lambda data: b"{}", "is no backup"),
        (MANIFEST, lambda data: b"[1]", "is no backup"),
        (MANIFEST, lambda data: data[:20], "is no backup"),
        (MANIFEST, lambda data: data.replace(b'"format": 1', b'"format": 9'), "another version"),
        (MANIFEST, lambda data: data.replace(b"data/variants.tsv", b"data/../variants."), "is no backup"),
        (MANIFEST, lambda data: data.replace(b"data/variants.tsv", b"/etc/variants.tsv"), "is no backup"),
    ],
)
def test_a_damaged_backup_is_not_restored(kept: Path, tmp_path: Path, name: str, change, said: str) -> None:
    own = tmp_path / "variants.tsv"
    own.write_text("特朗普\t川普\n", "utf-8")
    folder = back_up(kept, {"data/variants.tsv": own}, tmp_path / "b", NOW).folder
    (folder / name).write_bytes(change((folder / name).read_bytes()))
    place = tmp_path / "new" / "index_data" / ARCHIVE
    with pytest.raises(ArchiveError, match=said):
        restore(tmp_path / "b", place, folders(tmp_path))
    assert not place.parent.exists()


def test_a_damaged_archive_makes_no_backup(kept: Path, tmp_path: Path) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
    with kept.open("r+b") as file:
        for page in range(2, pages):
            file.seek(page * 4096)
            file.write(b"\xff" * 64)
    with pytest.raises(ArchiveError, match="no backup"):
        back_up(kept, {}, tmp_path / "b", NOW)
    with pytest.raises(ArchiveError, match="there is no backup"):
        restore(tmp_path / "b", tmp_path / "new" / ARCHIVE, folders(tmp_path))


def test_an_archive_that_others_lock_is_not_waited_for_without_end(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "PATIENCE", 0.1)
    with closing(sqlite3.connect(kept)) as other:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveError, match="others use the archive"):
            back_up(kept, {}, tmp_path / "b", NOW)
    assert back_up(kept, {}, tmp_path / "b", NOW).articles == 20


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="there is no archive at"):
        back_up(tmp_path / ARCHIVE, {}, tmp_path / "b", NOW)
    with pytest.raises(ArchiveError, match="pg_dump"):
        back_up("postgresql+psycopg://localhost/x", {}, tmp_path / "b", NOW)
    with pytest.raises(ArchiveError, match="there is no backup in"):
        restore(tmp_path, tmp_path / "new" / ARCHIVE, folders(tmp_path))


KILLED = """
import json, os, pathlib, shutil, signal, sys
from datetime import datetime
from indexer.archive import backup, database
after, (what, *paths) = int(sys.argv[1]), sys.argv[2:]

def dying(call):
    def counted(*arguments, **settings):
        global after
        after -= 1
        if after < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return call(*arguments, **settings)
    return counted

os.fsync = dying(os.fsync)
shutil.copyfile, shutil.rmtree = dying(shutil.copyfile), dying(shutil.rmtree)
for name in ("mkdir", "rename", "replace", "iterdir"):
    setattr(pathlib.Path, name, dying(getattr(pathlib.Path, name)))
place, folder, now = pathlib.Path(paths[0]), pathlib.Path(paths[1]), datetime.fromisoformat(paths[2])
if what == "back up":
    backup.back_up(place, {"beside/xunwen.toml": place.parent.parent / "xunwen.toml"}, folder, now)
else:
    backup.restore(folder, place, {"data": place.parent, "beside": place.parent.parent})
"""


def killed(after: int, *arguments: object) -> bool:
    """Whether it was killed before its end, at call number ``after`` of those that change something."""
    command = [sys.executable, "-c", KILLED, str(after), *map(str, arguments)]
    status = subprocess.run(command, cwd=Path(__file__).parents[3], check=False).returncode
    assert status in (0, -signal.SIGKILL)
    return status != 0


def test_a_backup_that_is_killed_is_none_and_the_next_is_whole(kept: Path, tmp_path: Path) -> None:
    (kept.parent.parent / "xunwen.toml").write_text('timezone = "UTC"\n')
    target = tmp_path / "b"
    first = back_up(kept, {}, target, NOW - timedelta(days=1)).folder
    number = 0
    while killed(number, "back up", kept, target, NOW.isoformat()):
        number += 1
        finished = [each for each in target.iterdir() if each.suffix != ".part"]
        assert first in finished
        for each in finished:
            assert len(urls(each / ARCHIVE)) == 20
        assert urls(kept) == {f"https://example.com/{n}" for n in range(20)}
    assert 5 < number < CALLS
    assert not list(target.glob("*.part"))


def test_a_restoration_that_is_killed_can_be_made_again(kept: Path, tmp_path: Path) -> None:
    (kept.parent.parent / "xunwen.toml").write_text('timezone = "UTC"\n')
    target = tmp_path / "b"
    back_up(kept, {"beside/xunwen.toml": kept.parent.parent / "xunwen.toml"}, target, NOW)
    number, attempts = 0, 0
    while True:
        place = tmp_path / f"new{number}" / "index_data" / ARCHIVE
        attempts += 1
        if not killed(number, "restore", place, target, NOW.isoformat()):
            break
        number += 1
        if not place.exists():
            restore(target, place, {"data": place.parent, "beside": place.parent.parent})
        assert len(urls(place)) == 20
        assert (place.parent.parent / "xunwen.toml").read_text() == 'timezone = "UTC"\n'
    assert 3 < number < CALLS


def test_the_manifest_names_every_file(kept: Path, tmp_path: Path) -> None:
    made = back_up(kept, {}, tmp_path / "b", NOW)
    manifest = json.loads((made.folder / MANIFEST).read_bytes())
    assert manifest["files"].keys() == {ARCHIVE}
    assert made.size == (made.folder / ARCHIVE).stat().st_size
