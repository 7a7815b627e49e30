"""What ``docs/names.md`` shows works as it says."""

import re
from pathlib import Path

import pytest

from indexer.text.groups import Group, read_groups
from indexer.text.variants import Variants
from search_app.cli import main as program

TEXT = (Path(__file__).parents[4] / "docs" / "names.md").read_text("utf-8")


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Variants:
    return Variants.load(tmp_path_factory.mktemp("empty"))


def test_the_example_lines_can_be_written() -> None:
    (lines,) = re.findall(r"```text\n(.*?)```", TEXT, re.DOTALL)
    entries = list(read_groups(lines, "user", "names.md"))
    assert len(entries) == 5
    table = Variants(entries)
    assert table.of("思必来") == ("思必来", "雪碧")
    assert table.of("tsmc") == ("tsmc", "台积电")
    assert table.of("台积电") == ("台积电",)
    assert table.of("詹森") == ("詹森",)
    assert table.of("强森") == ("强森", "约翰逊", "詹森")


def test_the_spellings_it_names_are_found(variants: Variants) -> None:
    assert "川普" in variants.of("特朗普")
    assert "视频会议" in variants.of("視訊會議")
    assert {"纳瓦尔尼", "纳瓦尼"} <= set(variants.of("Navalny"))
    assert {"约翰逊", "娇生"} <= set(variants.of("强生"))
    assert "约翰逊" not in variants.of("娇生")


def test_the_commands_exist() -> None:
    commands = re.findall(r"xunwen ([a-z-]+)", TEXT)
    assert commands
    assert set(commands) <= set(program.places)


def test_the_origins_are_those_of_the_table(variants: Variants) -> None:
    named = set(re.findall(r"^\| `([a-z]+)` \|", TEXT, re.MULTILINE))
    assert {group.origin for group in variants.groups} <= named
    assert all(isinstance(group, Group) for group in variants.groups)
