"""Files, folders, archives and standard input, whole and damaged."""

import bz2
import gzip
import io
import lzma
import os
import tarfile
from pathlib import Path

import pytest
import zstandard

from indexer.sources.files import READ_ERRORS, Document, Reject, documents


def opened(*paths, stdin=None):
    """What ``documents`` yields, as (path, content) or the reject itself."""
    return [
        (item.path, item.stream.read()) if isinstance(item, Document) else item
        for item in documents(paths, stdin=stdin)
    ]


def tar_of(members, *, damage=False):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in members:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


MEMBERS = [("posts/1.txt", b"one"), ("posts/2.txt", b"two" * 5000), ("posts/\u65b0\u95fb.txt", b"three")]

COMPRESSIONS = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".zst": zstandard.ZstdCompressor().compress,
    ".two-zst-frames": lambda data: b"".join(
        zstandard.ZstdCompressor().compress(half) for half in (data[:99], data[99:])
    ),
}


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_archives_are_read_however_compressed_and_named(tmp_path, suffix):
    path = tmp_path / f"archive.dat{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](tar_of(MEMBERS)))
    assert opened(path) == [(f"{path}/{name}", content) for name, content in MEMBERS]


@pytest.mark.parametrize("suffix", COMPRESSIONS)
def test_single_compressed_files_are_read(tmp_path, suffix):
    path = tmp_path / f"one.txt{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](b"text" * 300))
    assert opened(path) == [(str(path), b"text" * 300)]


def test_folders_are_read_in_the_order_of_names_without_hidden_files(tmp_path):
    for name in ("b/2.txt", "b/1.txt", "a.txt", "c.txt", ".git/config", "b/.DS_Store"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    assert [content for _, content in opened(tmp_path)] == [b"a.txt", b"b/1.txt", b"b/2.txt", b"c.txt"]


def test_links_to_folders_are_not_followed(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "1.txt").write_bytes(b"one")
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "b.txt").symlink_to(tmp_path / "a" / "1.txt")
    assert [content for _, content in opened(tmp_path)] == [b"one", b"one"]


def test_standard_input_may_be_anything(tmp_path):
    assert opened("-", stdin=io.BytesIO(b"text")) == [("-", b"text")]
    assert opened("-", stdin=io.BytesIO(lzma.compress(tar_of(MEMBERS))))[0] == ("-/posts/1.txt", b"one")
    assert isinstance(opened("-")[0], Reject)


def test_a_pipe_that_trickles_is_read():
    reader, writer = os.pipe()
    data = tar_of(MEMBERS[:1])
    os.write(writer, data[:100])
    os.write(writer, data[100:])
    os.close(writer)
    with os.fdopen(reader, "rb") as pipe:
        assert opened("-", stdin=pipe) == [("-/posts/1.txt", b"one")]
        assert not pipe.closed


def test_standard_input_is_left_open():
    stream = io.BufferedReader(io.BytesIO(b"text"))
    opened("-", stdin=stream)
    assert not stream.closed


def test_missing_and_unreadable_inputs_are_rejects_and_the_rest_is_read(tmp_path):
    good = tmp_path / "good.txt"
    good.write_bytes(b"good")
    os.mkfifo(tmp_path / "fifo")
    missing, fifo, last = opened(tmp_path / "nothing", tmp_path / "fifo", good)
    assert missing == Reject(str(tmp_path / "nothing"), "no such file or folder", breaks_off=True)
    assert fifo == Reject(str(tmp_path / "fifo"), "not a file or folder")
    assert last == (str(good), b"good")


def test_nothing_is_written_wherever_members_point(tmp_path):
    path = tmp_path / "in" / "evil.tar"
    path.parent.mkdir()
    path.write_bytes(tar_of([("../../evil.txt", b"1"), ("/etc/evil", b"2"), ("a/../../b", b"3")]))
    assert [content for _, content in opened(path)] == [b"1", b"2", b"3"]
    assert sorted(tmp_path.rglob("*")) == [path.parent, path]


def test_members_that_are_no_files_are_passed_over(tmp_path):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, kind in (
            ("folder", tarfile.DIRTYPE),
            ("link", tarfile.SYMTYPE),
            ("device", tarfile.CHRTYPE),
            ("._fork", tarfile.REGTYPE),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
    path = tmp_path / "odd.tar"
    path.write_bytes(buffer.getvalue())
    assert opened(path) == []


def test_names_that_are_not_utf8_survive(tmp_path):
    name = os.fsencode(tmp_path) + b"/\xd0\xc2\xce\xc5.txt"
    with open(name, "wb") as file:  # noqa: PTH123
        file.write(b"gbk name")
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w", encoding="gbk", format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo("新闻.txt")
        archive.addfile(info)
    found = opened(tmp_path)
    assert len(found) == 2
    for item_path, _ in found:
        assert item_path.encode()


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_cut_off_archive_gives_what_is_there_and_a_reject(tmp_path, suffix):
    members = [(f"{number}.txt", os.urandom(60_000)) for number in range(40)]
    path = tmp_path / f"cut.tar{suffix}"
    whole = COMPRESSIONS[suffix](tar_of(members))
    path.write_bytes(whole[: len(whole) * 2 // 3])
    after = tmp_path / "fine.txt"
    after.write_bytes(b"fine")

    contents, rejected = [], []
    for item in documents([path, after]):
        if isinstance(item, Reject):
            rejected.append(item.path)
            continue
        try:
            contents.append(item.stream.read())
        except READ_ERRORS:
            rejected.append(item.path)
    assert contents[-1] == b"fine"
    assert len(contents) > 10
    assert contents[:-1] == [content for _, content in members][: len(contents) - 1]
    assert str(path) in rejected


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_a_cut_off_file_is_not_taken_for_a_whole_one(tmp_path, suffix):
    path = tmp_path / f"cut.txt{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](os.urandom(300_000))[:-1])
    contents = [item.stream.read() if isinstance(item, Document) else item for item in documents([path])]
    assert isinstance(contents[-1], Reject) and "damaged or incomplete" in contents[-1].reason


def test_a_damaged_header_in_the_middle_is_told(tmp_path):
    data = bytearray(tar_of([(f"{number}.txt", b"x" * 20_000) for number in range(4)]))
    second = data.index(b"1.txt")
    data[second : second + 400] = b"\xff" * 400
    path = tmp_path / "damaged.tar"
    path.write_bytes(data)
    first, reject = opened(path)
    assert first[1] == b"x" * 20_000
    assert "damaged" in reject.reason


def test_a_member_name_of_gigabytes_is_refused(tmp_path):
    path = tmp_path / "long.tar.gz"
    path.write_bytes(gzip.compress(tar_of([("fine.txt", b"fine"), ("n" * 5_000_000, b"long")])))
    fine, reject = opened(path)
    assert fine == (f"{path}/fine.txt", b"fine")
    assert "too long" in reject.reason


def test_long_member_names_are_read(tmp_path):
    path = tmp_path / "long.tar"
    path.write_bytes(tar_of([("名" * 300 + ".txt", b"fine")]))
    assert opened(path) == [(f"{path}/{'名' * 300}.txt", b"fine")]


def test_archives_in_archives_and_zip_files_are_refused_with_a_reason(tmp_path):
    inner = gzip.compress(tar_of(MEMBERS))
    path = tmp_path / "outer.tar"
    path.write_bytes(tar_of([("inner.tar.gz", inner), ("after.txt", b"after")]))
    reject, after = opened(path)
    assert "inside an archive" in reject.reason
    assert after == (f"{path}/after.txt", b"after")
    thrice = tmp_path / "thrice.gz"
    thrice.write_bytes(gzip.compress(gzip.compress(gzip.compress(b"text"))))
    assert "inside an archive" in opened(thrice)[0].reason
    zipped = tmp_path / "a.zip"
    zipped.write_bytes(b"PK\x03\x04" + bytes(100))
    assert "zip" in opened(zipped)[0].reason


def test_links_in_a_circle_take_nothing_with_them(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(name)
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    (tmp_path / "nowhere").symlink_to(tmp_path / "missing")
    (tmp_path / "up").symlink_to(tmp_path)
    found = list(documents([tmp_path]))
    assert [Path(item.path).name for item in found if isinstance(item, Document)] == ["a.txt", "b.txt"]
    assert [Path(item.path).name for item in found if isinstance(item, Reject)] == ["circle", "nowhere"]


def test_a_link_to_a_file_outside_the_folder_is_not_followed(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("机密")
    folder = tmp_path / "folder"
    (folder / "below").mkdir(parents=True)
    (folder / "below" / "own.txt").write_text("自己的")
    (folder / "below" / "inside").symlink_to(folder / "below" / "own.txt")
    (folder / "outside").symlink_to(secret)
    (folder / "below" / "far").symlink_to("../../secret.txt")
    found = list(documents([folder]))
    assert [Path(item.path).name for item in found if isinstance(item, Document)] == ["inside", "own.txt"]
    assert {item.reason for item in found if isinstance(item, Reject)} == {"a link to a file outside the folder"}
    (given,) = documents([folder / "outside"])
    assert isinstance(given, Document)


@pytest.mark.parametrize(
    "headers",
    [
        {"GNU.sparse.map": "1,x,2", "GNU.sparse.major": "1", "GNU.sparse.minor": "0"},
        {"GNU.sparse.map": "1,x", "GNU.sparse.size": "many"},
        {"GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": "-"},
        {"size": "-5"},
    ],
)
def test_a_header_that_says_nonsense_damages_that_archive_alone(tmp_path, headers):
    member = tarfile.TarInfo("x.txt")
    member.pax_headers = headers
    with tarfile.open(tmp_path / "bad.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(member)
    (tmp_path / "good.txt").write_text("x")
    found = list(documents([tmp_path / "bad.tar", tmp_path / "good.txt"]))
    assert found[-1].path == str(tmp_path / "good.txt")
    assert isinstance(found[-1], Document)


@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz", ".zst"])
def test_what_cannot_be_unpacked_at_all_is_called_damaged_not_empty(tmp_path, suffix):
    path = tmp_path / f"posts.tar{suffix}"
    path.write_bytes(COMPRESSIONS[suffix](tar_of(MEMBERS))[:20])
    [reject] = opened(path)
    assert "damaged or incomplete" in reject.reason
    assert "nothing of it could be read" in reject.reason
    assert reject.breaks_off
