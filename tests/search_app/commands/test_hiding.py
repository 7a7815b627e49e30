"""``xunwen hide``: out of the results, told, and back."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from indexer.installation import Installation
from search_app.cli import main
from tests.search_app.corpus import analyser
from tests.search_app.library import put


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(Installation, "analyser", analyser())
    return tmp_path / "index_data"


def xunwen(data: Path, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *arguments])


def test_an_article_and_a_source_are_hidden_and_shown_again(data: Path, small) -> None:
    put(small.installation, 1, "河湾大桥通车")
    found = xunwen(data, "search", "大桥", "--json")
    assert found.exit_code == 0, found.output
    [id] = [each.id for each in small.archive.iterate() if each.title == "河湾大桥通车"]
    assert xunwen(data, "hide", id).output == "1 article hidden\n"
    told = xunwen(data, "search", "大桥").output
    assert told.startswith("1 article (")
    assert "1 more that you hid" in told
    assert xunwen(data, "search", "大桥", "--hidden").output.startswith("2 articles")
    assert xunwen(data, "hide", "--source", "甲报").output == "1 publisher hidden\n"
    assert xunwen(data, "hide", "--list").output == f"source\t甲报\narticle\t{id}\t河湾大桥通车\n"
    assert xunwen(data, "hide", "--undo", id).output == "1 article shown again\n"
    assert xunwen(data, "hide", "--undo", "--source", "甲报").output == "1 publisher shown again\n"
    assert xunwen(data, "hide", "--list").stdout == ""
    assert xunwen(data, "hide", "--story", id).output == "1 story hidden\n"


@pytest.mark.parametrize(
    "arguments",
    [
        *((), ("--list", "x"), ("--story", "--source", "x"), ("0000000000000000",)),
        *(("--source", ""), ("--source", "长" * 600), ("--source", "a\x00b")),
    ],
)
def test_what_is_wrong_is_told(data: Path, small, arguments: tuple[str, ...]) -> None:
    refused = xunwen(data, "hide", *arguments)
    assert "Traceback" not in refused.output
    assert refused.exit_code != 0
