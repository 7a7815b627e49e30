"""A damaged index says so, or answers as the whole one does. It never answers wrongly or fails in another way."""

import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from whoosh import query

from indexer.engine.whoosh import columnar
from tests.indexer.engine.whoosh.columnar.model import SCHEMA, Doc, add_batch, read_back, whoosh_fields

#: Two hundred in every run of the suite; see docs for the figure of a longer one.
MUTATIONS = 200


def build(folder: Path) -> None:
    """A few segments, one of several pages, with deletions, in an index that has been committed to more than once."""
    rng = random.Random(7)
    vocabulary = [f"word{k}" for k in range(3000)] + ["罕见"]
    index = columnar.create_in(folder, SCHEMA)
    docs = [
        Doc(
            f"d{k}",
            tuple(rng.choices(vocabulary, k=rng.randrange(60))),
            tuple(rng.choices(vocabulary[:30], k=rng.randrange(5))),
            rng.choice([None, 1, 2, 3]),
            rng.choice([None, "bbc", "zaobao"]),
        )
        for k in range(1500)
    ]
    with index.writer() as writer:
        add_batch(writer, docs[:1300])
    with index.writer() as writer:
        add_batch(writer, docs[1300:1400])
    writer = index.writer()
    for doc in docs[1400:1410]:
        writer.add_document(**whoosh_fields(doc))
    writer.delete_by_terms("id", ["d1", "d77", "d1333"])
    writer.commit(merge=False)


def answers(folder: Path) -> list[Any]:
    """What a few searches and a look at everything find."""
    index = columnar.open_dir(folder)
    with index.searcher() as searcher:
        found: list[Any] = []
        for question in (
            query.Term("body", "word5"),
            query.Phrase("body", ["word1", "word2"]),
            query.Prefix("tags", "word1"),
            query.NumericRange("rank", 1, 2),
            query.Term("id", "d1301"),
        ):
            hits = searcher.search(question, limit=None, sortedby="rank")
            found.append([(hit["id"], hit.rank) for hit in hits])
    return found


def everything(folder: Path) -> list[Any]:
    return [answers(folder), read_back(columnar.open_dir(folder))]


def mutate(path: Path, rng: random.Random) -> str:
    """Change one file at a random place; returns what was done."""
    data = bytearray(path.read_bytes())
    kind = rng.choice(["truncate", "flip", "flip", "insert", "zero", "append"])
    at = rng.randrange(len(data) + 1)
    if kind == "truncate":
        del data[at:]
    elif kind == "flip" and data:
        at = min(at, len(data) - 1)
        data[at] ^= 1 << rng.randrange(8)
    elif kind == "insert":
        data[at:at] = rng.randbytes(rng.choice([1, 8, 4096]))
    elif kind == "zero":
        stop = min(len(data), at + rng.choice([1, 16, 5000]))
        data[at:stop] = bytes(stop - at)
    else:
        data += rng.randbytes(rng.choice([1, 40]))
    path.write_bytes(data)
    return f"{kind} at {at} of {path.name}"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Any], list[Any]]:
    folder = tmp_path_factory.mktemp("whole")
    build(folder)
    return folder, answers(folder), everything(folder)


@pytest.mark.parametrize("seed", range(4))
def test_damage_is_named_or_does_no_harm(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path, seed: int) -> None:
    folder, right, all_right = whole
    rng = random.Random(seed)
    # Every file as often as the next, however small it is; the lock alone has nothing in it.
    names = sorted(path.name for path in folder.iterdir() if path.stat().st_size)
    noticed = 0
    for number in range(MUTATIONS // 4):
        copy = tmp_path / f"{number}"
        shutil.copytree(folder, copy)
        what = mutate(copy / names[number % len(names)], rng)
        try:
            # Reading everything leaves no page unread; a few searches do.
            if number % 5:
                assert answers(copy) == right, what
            else:
                assert everything(copy) == all_right, what
        except columnar.CorruptIndex as error:
            noticed += 1
            assert "\n" not in str(error)
        shutil.rmtree(copy)
    assert noticed > MUTATIONS // 16


def test_verify_finds_every_flipped_bit(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path) -> None:
    folder = whole[0]
    columnar.open_dir(folder).verify()
    rng = random.Random(1)
    for path in folder.iterdir():
        if path.stat().st_size == 0:
            continue
        for _ in range(8):
            copy = tmp_path / "copy"
            shutil.copytree(folder, copy)
            data = bytearray(path.read_bytes())
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
            (copy / path.name).write_bytes(data)
            with pytest.raises(columnar.CorruptIndex):
                columnar.open_dir(copy).verify()
            shutil.rmtree(copy)


def test_damage_is_not_merged_into_a_sound_segment(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole[0], copy)
    path = max(copy.glob("*.terms"), key=lambda path: path.stat().st_size)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    index = columnar.open_dir(copy)
    with pytest.raises(columnar.CorruptIndex, match=path.name):
        index.optimize()
    # The commit before stands, and the lock is free.
    assert columnar.open_dir(copy).latest_generation() == index.latest_generation()
    index.writer().cancel()


def test_a_file_of_another_segment_is_foreign(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path) -> None:
    folder = whole[0]
    first, second = sorted(folder.glob("*.docs"))[:2]
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    shutil.copy(first, copy / second.name)
    with pytest.raises(columnar.CorruptIndex, match="belongs elsewhere"):
        answers(copy)


def test_a_missing_file_is_named(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path) -> None:
    folder = whole[0]
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    gone = sorted(copy.glob("*.terms"))[0]
    gone.unlink()
    with pytest.raises(columnar.CorruptIndex, match=gone.name):
        answers(copy)


def test_another_format_version_is_named(whole: tuple[Path, list[Any], list[Any]], tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(whole[0], copy)
    path = sorted(copy.glob("*.terms"))[0]
    data = bytearray(path.read_bytes())
    data[-12] = 99
    path.write_bytes(data)
    with pytest.raises(columnar.CorruptIndex, match="format version 99"):
        answers(copy)
