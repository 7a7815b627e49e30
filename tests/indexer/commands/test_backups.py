"""``xunwen backup`` and ``restore``: what a person does who moves to another disk."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from search_app.cli import main

LINES = [
    {"url": "https://example.com/1", "title": "特朗普访问台北", "text": "川普昨天说，桥通车了。"},
    {"url": "https://example.com/2", "title": "河湾大桥通车", "text": "市民排队过桥。"},
]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    data = tmp_path / "old" / "index_data"
    source = tmp_path / "two.jsonl"
    source.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in LINES), "utf-8")
    data.mkdir(parents=True)
    (data / "variants.tsv").write_text("特朗普\t川普\n", "utf-8")
    (data.parent / "words.txt").write_text("河湾大桥\n", "utf-8")
    (data.parent / "xunwen.toml").write_text('timezone = "Asia/Taipei"\nuser_dictionary = "words.txt"\n', "utf-8")
    run(data, "import", str(source))
    run(data, "index")
    return data


def run(data: Path, *arguments: str, status: int = 0) -> Result:
    result = CliRunner().invoke(main, ["--data", str(data), *arguments], catch_exceptions=False)
    assert result.exit_code == status, result.output
    return result


def found(data: Path, question: str) -> list[str]:
    return [hit["url"] for hit in json.loads(run(data, "search", "--json", question).stdout)["hits"]]


def test_a_restored_archive_answers_as_the_old_one_did(old: Path, tmp_path: Path) -> None:
    assert "backed up 2 articles" in run(old, "backup", str(tmp_path / "disk")).stdout
    new = tmp_path / "new" / "index_data"
    assert "restored 2 articles" in run(new, "restore", str(tmp_path / "disk")).stdout
    run(new, "index")
    for question in ("特朗普", "川普", "河湾大桥", "title:台北"):
        assert found(new, question) == found(old, question) != []
    for name in ("index_data/variants.tsv", "words.txt", "xunwen.toml"):
        assert (new.parent / name).read_bytes() == (old.parent / name).read_bytes()


def test_a_single_backup_can_be_named(old: Path, tmp_path: Path) -> None:
    folder = run(old, "backup", str(tmp_path / "disk")).stdout.rpartition(" to ")[2].strip()
    run(old, "backup", str(tmp_path / "disk"))
    assert "restored 2" in run(tmp_path / "new" / "index_data", "restore", folder).stdout


def test_what_lies_elsewhere_is_told(old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere.txt"
    elsewhere.write_text("特朗普 川普\n", "utf-8")
    monkeypatch.setenv("XUNWEN_SYNONYMS", str(elsewhere))
    assert f"not in the backup, for it lies elsewhere: {elsewhere}" in run(old, "backup", str(tmp_path / "disk")).stderr


def test_mistakes_are_one_line(old: Path, tmp_path: Path) -> None:
    run(old, "backup", str(tmp_path / "disk"))
    for arguments, said in [
        (["restore", str(tmp_path / "disk")], "there is an archive already"),
        (["restore", str(tmp_path)], "there is no backup in"),
        (["backup", str(old / "variants.tsv")], "is a file"),
    ]:
        result = run(old, *arguments, status=2 if "is a file" in said else 1)
        assert said in result.stderr
        assert "Traceback" not in result.stderr
    result = run(tmp_path / "nothing", "backup", str(tmp_path / "disk"), status=1)
    assert "there is no archive at" in result.stderr
    assert not (tmp_path / "nothing").exists()


def test_where_the_system_has_no_locks_one_line_says_so(old: Path, tmp_path: Path) -> None:
    program = "import sys; sys.modules['fcntl'] = None; from search_app.cli import main; main()"
    for arguments, status in ((["--version"], 0), (["search", "台北"], 1), (["backup", str(tmp_path / "disk")], 1)):
        command = [sys.executable, "-c", program, "--data", str(old), *arguments]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
        assert ended.returncode == status
        if status:
            assert ended.stderr.startswith("Error: this system has no file locks (flock): use Linux, macOS, or")
            assert len(ended.stderr.splitlines()) == 1
