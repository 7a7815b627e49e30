"""The commands that keep articles, as a user types them."""

from __future__ import annotations

import gzip
import io
import json
import lzma
import os
import re
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_app.cli import main as program

Run = Callable[..., Result]

POST = """<!--1714521600000-->
[{title}](https://www.zaobao.com/realtime/{number})
------
<p>正文第{number}段，讲的是新闻。</p>
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATA", "ARCHIVE", "ENGINE", "TIMEZONE", "USER_DICTIONARY", "SYNONYMS"):
        monkeypatch.delenv(f"XUNWEN_{name}", raising=False)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def run(*arguments: str, status: int = 0, stdin: str | bytes | None = None) -> Result:
        result = CliRunner().invoke(program, arguments, input=stdin)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == status, result.output
        assert "Traceback" not in result.output
        return result

    return run


def write_posts(folder: Path, numbers: range, title: str = "新闻") -> Path:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        (folder / f"{number}.txt").write_text(POST.format(number=number, title=f"{title}{number}"), "utf-8")
    return folder


def test_an_import_says_what_became_of_the_articles(run: Run, folder: Path) -> None:
    posts = write_posts(folder / "posts", range(3))
    (posts / "broken.txt").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    summary = "rejected 1, see index_data/rejects.jsonl\n"
    assert run("import", "posts").stdout == f"read 3: 3 new, 0 updated, 0 unchanged; {summary}"
    (reject,) = [json.loads(line) for line in (folder / "index_data/rejects.jsonl").read_text("utf-8").splitlines()]
    assert reject["path"] == "posts/broken.txt"
    assert reject["reason"]
    write_posts(posts, range(1), title="改过的新闻")
    (posts / "broken.txt").unlink()
    assert run("import", "posts").stdout == "read 3: 0 new, 1 updated, 2 unchanged; rejected 0\n"
    assert not (folder / "index_data/rejects.jsonl").exists()


def test_an_import_of_nothing_readable_fails(run: Run, folder: Path) -> None:
    assert "Error: nothing could be read: nowhere: no such file" in run("import", "nowhere", status=1).stderr
    (folder / "empty").mkdir()
    assert "Error: nothing could be read\n" in run("import", "empty", status=1).stderr


def test_a_file_that_is_not_there_is_no_success_though_the_others_are_kept(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(2))
    ended = run("import", "posts", "nowhere.txt", status=1)
    assert "read 2: 2 new" in ended.stdout
    assert "not all of it could be read: nowhere.txt: no such file or folder" in ended.stderr


@pytest.mark.parametrize("suffix", ["", ".gz", ".xz"])
def test_an_archive_that_breaks_off_is_no_success_though_what_is_there_is_kept(
    run: Run, tmp_path: Path, suffix: str
) -> None:
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w") as archive:
        for number in range(60):
            # Letters that do not pack, so that something comes before the end.
            content = f"# 第{number}篇新闻\n\n江边的老码头改造完工。\n\n{os.urandom(6000).hex()}\n".encode()
            member = tarfile.TarInfo(f"{number}.md")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    packed = {"": bytes, ".gz": gzip.compress, ".xz": lambda data: lzma.compress(data, preset=0)}[suffix](
        whole.getvalue()
    )
    path = tmp_path / f"posts.tar{suffix}"
    path.write_bytes(packed[: len(packed) * 2 // 3])
    result = run("import", str(path), status=1)
    assert f"not all of it could be read: {path}" in result.output
    assert re.search(r"read \d+: \d+ new", result.output)
    assert "read 0" not in result.output


def test_standard_input_and_archives_are_read(run: Run, folder: Path) -> None:
    line = json.dumps({"url": "https://example.com/1", "title": "标题", "text": "正文"})
    assert run("import", "-", stdin=line).stdout.startswith("read 1: 1 new")
    write_posts(folder / "posts", range(2))
    with tarfile.open(folder / "posts.tar.xz", "w:xz") as archive:
        archive.add(folder / "posts", "posts")
    data = (folder / "posts.tar.xz").read_bytes()
    assert run("import", "posts.tar.xz").stdout.startswith("read 2: 2 new")
    assert run("import", "-", stdin=data).stdout.startswith("read 2: 0 new, 0 updated, 2 unchanged")


def test_the_sample_is_imported_into_an_empty_archive_alone(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(2))
    assert run("import", "--if-empty", "posts").stdout.startswith("read 2: 2 new")
    write_posts(folder / "posts", range(5))
    again = run("import", "--if-empty", "posts").stdout
    assert again == "the archive holds 2 articles already; nothing was imported\n"


def test_an_index_is_built_brought_up_to_date_and_built_anew(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    assert run("index").stdout == "indexed 3 articles, took out 0; the index holds 3 (generation 1)\n"
    write_posts(folder / "posts", range(5))
    run("import", "posts")
    assert run("index").stdout == "indexed 2 articles, took out 0; the index holds 5 (generation 1)\n"
    assert run("index").stdout == "indexed 0 articles, took out 0; the index holds 5 (generation 1)\n"
    assert run("rebuild").stdout == "indexed 5 articles, took out 0; the index holds 5 (generation 2)\n"


def test_another_dictionary_asks_for_a_rebuild(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    run("index")
    (folder / "words.txt").write_text("新闻讲 10\n", "utf-8")
    assert "xunwen rebuild" in run("--user-dictionary", "words.txt", "index", status=1).stderr
    run("--user-dictionary", "words.txt", "rebuild")
    run("--user-dictionary", "words.txt", "index")
    assert "user_dictionary" in run("--user-dictionary", "nowhere.txt", "index", status=1).stderr


def test_an_export_is_complete_and_can_be_imported(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(5))
    run("import", "posts")
    lines = run("export").stdout
    assert sorted(json.loads(line)["title"] for line in lines.splitlines()) == [f"新闻{n}" for n in range(5)]
    (folder / "all.jsonl").write_text(lines, "utf-8")
    assert run("import", "all.jsonl").stdout.startswith("read 5: 0 new, 0 updated, 5 unchanged")
    assert run("--data", "other/data", "import", "all.jsonl").stdout.startswith("read 5: 5 new")
    assert run("--data", "other/data", "export").stdout == lines


def test_stats_show_the_archive_and_the_index(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(3))
    assert "there is no index yet" in run("stats").stdout
    run("import", "posts")
    run("index")
    run("import", str(write_posts(folder / "more", range(3, 5))))
    text = run("stats").stdout
    assert "5 articles" in text
    assert "2024-05-01 to 2024-05-01" in text
    assert "2 changes behind" in text
    assert "5  联合早报" in text
    figures = json.loads(run("--timezone", "UTC", "stats", "--json").stdout)
    assert figures["archive"]["newest"] == "2024-05-01T00:00:00+00:00"
    assert figures["archive"]["sources"] == [{"value": "联合早报", "count": 5}]
    assert (figures["index"]["documents"], figures["index"]["sequence"]) == (3, 3)
    assert figures["subscriptions"] == {"count": 0, "failing": 0}


def test_the_doctor_says_what_to_do_next(run: Run, folder: Path) -> None:
    steps = [
        ("is empty\n", "import", "posts"),
        ("there is no index yet", "index"),
        ("index: up to date, 3 articles, generation 1", "import", "more"),
        ("index: 2 changes of the archive are not in it", "index"),
    ]
    write_posts(folder / "posts", range(3))
    write_posts(folder / "more", range(3, 5))
    for expected, *remedy in steps:
        result = run("doctor", status=0 if "up to date" in expected else 1)
        assert expected in result.stdout
        assert result.stdout.count("WRONG") == (0 if "up to date" in expected else 1 + ("is empty" in expected))
        run(*remedy)
    assert "WRONG" not in run("doctor").stdout


def test_the_doctor_finds_a_damaged_archive(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(30))
    run("import", "posts")
    run("index")
    path = folder / "index_data/archive.sqlite3"
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2 // 4096 * 4096)
        file.write(b"\xff" * 8192)
    assert "restore it from a backup" in run("doctor", status=1).stdout
    path.write_bytes(b"something else" * 1000)
    assert "file is not a database" in run("doctor", status=1).stdout


def test_the_doctor_finds_a_damaged_index(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    run("index")
    (folder / "index_data/index/CURRENT").write_text("gen-9\n")
    assert "run “xunwen rebuild”" in run("doctor", status=1).stdout
    run("rebuild")
    run("doctor")


def test_the_doctor_finds_a_byte_that_no_question_has_read(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(30))
    run("import", "posts")
    run("index")
    path = max((folder / "index_data/index").rglob("*.terms"), key=lambda found: found.stat().st_size)
    data = bytearray(path.read_bytes())
    for place in range(100, len(data) - 100, 997):
        data[place] ^= 1
        path.write_bytes(data)
        assert "run “xunwen rebuild”" in run("doctor", status=1).stdout
        data[place] ^= 1
        if place > 5_000:
            break
    run("rebuild")
    run("doctor")


def test_the_doctor_finds_an_index_of_another_archive(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    run("index")
    (folder / "index_data/archive.sqlite3").unlink()
    for name in ("-wal", "-shm"):
        (folder / f"index_data/archive.sqlite3{name}").unlink(missing_ok=True)
    run("import", "posts/1.txt")
    assert "made from another archive" in run("doctor", status=1).stdout
    assert "made from another archive; run “xunwen rebuild”" in run("index", status=1).stderr
    run("rebuild")
    run("doctor")


def test_the_doctor_finds_a_setting_that_leads_nowhere(run: Run, folder: Path) -> None:
    (folder / "xunwen.toml").write_text('synonyms = "nowhere.tsv"\nuser_dictionary = "none.txt"\n')
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    output = run("doctor", status=1).stdout
    assert "synonyms: " in output
    assert "none.txt" in output


def test_an_engine_that_cannot_be_reached_is_said_in_one_line(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XUNWEN_ENGINE_URL", "http://127.0.0.1:1")
    write_posts(folder / "posts", range(3))
    run("import", "posts")
    assert "cannot be reached" in run("--engine", "opensearch", "stats").stdout
    assert "cannot be reached" in run("--engine", "opensearch", "index", status=1).stderr
    assert "start the engine, or correct the settings" in run("--engine", "opensearch", "doctor", status=1).stdout


def test_a_wrong_setting_is_an_error_of_one_line(run: Run, folder: Path) -> None:
    (folder / "xunwen.toml").write_text("colour = 'red'\n")
    assert run("stats", status=1).stderr.count("\n") == 1
    (folder / "xunwen.toml").unlink()
    (folder / "index_data").write_text("in the way")
    assert "index_data" in run("import", "posts", status=1).stderr


def test_an_export_into_a_pipe_that_closes_ends_quietly(run: Run, folder: Path) -> None:
    write_posts(folder / "posts", range(300))
    run("import", "posts")
    command = [sys.executable, "-c", "from search_app.cli import main as program; program()", "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as export:
        assert export.stdout and export.stderr
        assert json.loads(export.stdout.readline())["title"]
        export.stdout.close()
        assert export.stderr.read() == b""


@pytest.mark.parametrize("command", [["search", "疫苗"], ["export"]])
def test_who_only_reads_makes_no_archive(tmp_path: Path, command: list[str]) -> None:
    result = CliRunner().invoke(program, ["--data", str(tmp_path / "typo"), *command])
    assert result.exit_code == 1
    assert "there is no archive at" in result.output
    assert not (tmp_path / "typo").exists()
