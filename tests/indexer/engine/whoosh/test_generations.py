"""Folders of the Whoosh engine: what rebuilds leave behind, and for how long."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase, TermScore
from indexer.engine.whoosh.generations import Generations, Lock
from indexer.engine.whoosh.index import SNAPSHOTS, WhooshIndex
from indexer.errors import IndexCorrupt, IndexLocked, StampMismatch
from tests.indexer.engine.documents import STAMP, Doc, batch


def rebuilt(index: WhooshIndex, sequence: int) -> None:
    with index.rebuild() as generation:
        with generation.write(sequence):
            pass
        generation.activate()


def folders(home: Path) -> set[str]:
    return {path.name for path in home.iterdir() if path.is_dir()}


def test_an_old_generation_goes_when_nobody_reads_it(tmp_path: Path) -> None:
    writer, reader = WhooshIndex(tmp_path, STAMP), WhooshIndex(tmp_path, STAMP)
    rebuilt(writer, 1)
    assert reader.info().generation == 1
    rebuilt(writer, 2)
    assert folders(tmp_path) == {"gen-1", "gen-2"}
    assert reader.search(SearchRequest()).total == 0
    reader.close()
    rebuilt(writer, 3)
    assert folders(tmp_path) == {"gen-3"}
    writer.close()


def test_a_reader_lets_go_of_old_generations_when_commits_push_them_out(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    rebuilt(index, 1)
    index.info()
    rebuilt(index, 2)
    index.info()
    assert folders(tmp_path) == {"gen-1", "gen-2"}
    for sequence in range(3, 3 + SNAPSHOTS):
        with index.write(sequence):
            pass
        index.info()
    assert folders(tmp_path) == {"gen-2"}
    index.close()


def test_what_a_killed_rebuild_left_is_removed_by_the_next_one(tmp_path: Path) -> None:
    rebuilt(WhooshIndex(tmp_path, STAMP), 1)
    (tmp_path / "gen-2").mkdir()
    (tmp_path / "gen-2" / "half a file").write_bytes(b"x")
    rebuilt(WhooshIndex(tmp_path, STAMP), 2)
    assert folders(tmp_path) == {"gen-2"}
    assert not (tmp_path / "gen-2" / "half a file").exists()


def test_two_rebuilds_at_once_are_one_too_many(tmp_path: Path) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    with index.rebuild(), pytest.raises(IndexLocked), WhooshIndex(tmp_path, STAMP).rebuild():
        pass
    assert not folders(tmp_path)


def test_locks_end_with_their_process(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    program = (
        "import os, sys; from pathlib import Path; from indexer.engine.whoosh.generations import Lock\n"
        "lock = Lock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=dict(os.environ)
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(BlockingIOError):
            Lock(path)
        holder.kill()
        holder.wait()
    with Lock(path):
        pass


@pytest.mark.parametrize("content", ["", "gen-0", "gen-9", "elsewhere\n", "gen-1/../..", "\xff"])
def test_a_pointer_to_nowhere_is_reported(tmp_path: Path, content: str) -> None:
    rebuilt(WhooshIndex(tmp_path, STAMP), 1)
    (tmp_path / "CURRENT").write_text(content, "latin-1")
    index = WhooshIndex(tmp_path, STAMP)
    with pytest.raises(IndexCorrupt):
        index.info()
    rebuilt(index, 2)
    assert index.info().sequence == 2
    index.close()


@pytest.mark.parametrize("suffix", [".terms", ".docs", ".toc"])
@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_damage_is_reported_and_a_rebuild_heals_it(tmp_path: Path, suffix: str, damage: str) -> None:
    index = WhooshIndex(tmp_path, STAMP)
    rebuilt(index, 1)
    with index.write(2) as writer:
        writer.put(batch([Doc(str(i), "中美关系", "香港与上海" * 20) for i in range(50)]))
    index.close()
    [path] = tmp_path.glob(f"gen-1/*{suffix}")
    data = bytearray(path.read_bytes())
    if damage == "cut":
        del data[len(data) // 2 :]
    else:
        data[len(data) // 4] ^= 0x10
    path.write_bytes(data)
    index = WhooshIndex(tmp_path, STAMP)
    with pytest.raises(IndexCorrupt, match="rebuild"):
        index.search(
            SearchRequest(
                match=Phrase(("香港",)), features=(TermScore("words", "上海"),), facets=("source", "language")
            )
        )
    rebuilt(index, 3)
    assert index.search(SearchRequest()).total == 0
    index.close()


def test_the_path_of_a_generation_is_below_the_folder(tmp_path: Path) -> None:
    assert Generations(tmp_path).path(7) == tmp_path / "gen-7"


def test_an_index_of_another_format_asks_for_a_rebuild(tmp_path: Path) -> None:
    """Its stamp is looked at first: the other files may be of another format, too."""
    index = WhooshIndex(tmp_path, replace(STAMP, schema=STAMP.schema + 1))
    rebuilt(index, 1)
    index.close()
    [path] = tmp_path.glob("gen-1/*.toc")
    path.write_bytes(b"as another version wrote it")
    index = WhooshIndex(tmp_path, STAMP)
    with pytest.raises(StampMismatch, match="another version of this program"):
        index.info()
    rebuilt(index, 2)
    assert index.info().sequence == 2
    index.close()
