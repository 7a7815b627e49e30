"""The commands that ask."""

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result

from indexer.installation import Installation
from search_app.cli import main
from search_app.commands.searching import marked
from tests.search_app.corpus import analyser, article


@pytest.fixture(autouse=True)
def one_analyser(monkeypatch: pytest.MonkeyPatch) -> None:
    """All commands of a test run share the one that has its dictionary loaded."""
    monkeypatch.setattr(Installation, "analyser", analyser())


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with three articles, indexed."""
    folder = tmp_path_factory.mktemp("archive")
    lines = [
        {"url": each.url, "title": each.title, "text": each.text, "source": each.source, "published": each.published}
        for each in (
            article(1, "疫苗接种开始", "昨天，疫苗接种在各地开始了。"),
            article(2, "疫苗到货", "第二批疫苗到货。", source="晚报"),
            article(3, "熊猫归来", "两只熊猫回到故乡。", published=None),
        )
    ]
    (folder / "articles.jsonl").write_text("\n".join(json.dumps(line, default=str) for line in lines), "utf-8")
    data = folder / "data"
    for command in (["import", str(folder / "articles.jsonl")], ["index"]):
        assert run(data, *command).exit_code == 0
    return data


def run(data: Path, *arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments], color=color)


def test_the_terminal_shows_what_was_found(data: Path) -> None:
    result = run(data, "search", "疫苗", "接种")
    assert result.exit_code == 0
    assert result.output.startswith("1 article (")
    assert "  1  疫苗接种开始\n     早报  2020-09-16 12:00  https://www.example.com/1\n" in result.output
    assert "昨天，疫苗接种在各地开始了。" in result.output


def test_highlights_are_coloured(data: Path) -> None:
    assert "\x1b[31m\x1b[1m疫苗\x1b[0m到货" in run(data, "search", "疫苗", color=True).output


def test_control_characters_do_not_reach_the_terminal() -> None:
    assert marked("\x1b[2J疫苗\x07\n好", ((4, 6),)) == " [2J\x1b[31m\x1b[1m疫苗\x1b[0m  好"


def test_options_narrow_and_order(data: Path) -> None:
    assert run(data, "search", "疫苗", "--source", "晚报").output.startswith("1 article")
    assert run(data, "search", "疫苗", "--from", "2020-09-17").output.startswith("0 articles")
    assert run(data, "search", "疫苗", "--from", "2020-09", "--to", "2020-09-16").output.startswith("2 articles")
    assert run(data, "search", "疫苗", "--limit", "1", "--sort", "oldest").output.startswith("2 articles, 1 shown")
    assert run(data, "search", "--", "-疫苗").output.count("熊猫归来") == 1
    assert "found 20" in run(data, "search", "熊猫").output
    assert "word 疫苗" in run(data, "search", "疫苗", "--explain", "--no-variants", "--recency", "30d").output


@pytest.mark.parametrize(
    ("language", "note", "error"),
    [
        ("en_GB.UTF-8", "hold at least 1 of its 2 words", "is not a date"),
        ("zh_CN.UTF-8", "以下文章含 2 个词中的至少 1 个", "看不懂的日期"),
        ("zh_TW.UTF-8", "以下文章含 2 個詞中的至少 1 個", "看不懂的日期"),
        ("C.UTF-8", "hold at least 1 of its 2 words", "is not a date"),
    ],
)
def test_notes_and_errors_are_in_the_language_of_the_terminal(
    data: Path, monkeypatch: pytest.MonkeyPatch, language: str, note: str, error: str
) -> None:
    monkeypatch.setenv("LC_ALL", language)
    assert note in run(data, "search", "疫苗 覆巢").output
    wrong = run(data, "search", "疫苗", "--from", "soon")
    assert wrong.exit_code == 1
    assert error in wrong.output


def test_json_is_the_object_of_the_api(data: Path) -> None:
    answer = json.loads(run(data, "search", "疫苗", "--json").output)
    assert list(answer) == [
        "query",
        "total",
        "stories",
        "hidden",
        "total_is_exact",
        "took_ms",
        "hits",
        "facets",
        "timeline",
        "next",
        "suggestions",
    ]
    assert answer["total"] == len(answer["hits"]) == 2


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["foo:bar"], "title, lead, source, publisher, author, site"),
        (["疫苗", "--from", "soon"], "2020-09-15"),
        (["疫苗", "--limit", "1000"], "1–100"),
        (["疫苗", "--lang", "?"], "zh-Hant"),
    ],
)
def test_a_wrong_question_ends_with_one_line_that_says_what_is_allowed(
    data: Path, arguments: list[str], message: str
) -> None:
    result = run(data, "search", *arguments)
    assert result.exit_code == 1
    assert message in result.output
    assert len(result.output.splitlines()) == 1


def test_searching_without_an_index_says_what_to_do(tmp_path: Path) -> None:
    result = run(tmp_path / "data", "search", "疫苗")
    assert result.exit_code == 1
    assert result.output.startswith("Error: ")


def test_every_command_is_in_the_help(data: Path) -> None:
    output = run(data, "--help").output
    asked, kept = ("search", "serve"), ("import", "subscribe", "fetch", "index", "rebuild", "stats", "doctor", "export")
    for command in (*asked, *kept, "user", "key"):
        assert f"\n  {command} " in output


def test_serve_tells_its_address_and_answers(data: Path) -> None:
    command = [
        sys.executable,
        "-c",
        "from search_app.cli import main; main()",
        "--data",
        str(data),
        "serve",
        "--port",
        "0",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout
            announced = server.stdout.readline()
            address = re.fullmatch(r"Serving on (http://127\.0\.0\.1:\d+), Ctrl-C ends\n", announced)
            assert address, announced
            with urlopen(f"{address[1]}/api/v1/search?q={quote('疫苗')}&sort=oldest") as response:
                answer = json.load(response)
        finally:
            server.terminate()
            assert server.wait(60) == 0
    command_line = json.loads(run(data, "search", "疫苗", "--sort", "oldest", "--json").output)
    assert answer | {"took_ms": 0} == command_line | {"took_ms": 0}
