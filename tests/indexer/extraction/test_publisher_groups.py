"""Which publishers belong together: the program's table, and what a user adds."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction.own_publishers import OwnPublishers
from indexer.extraction.publisher_groups import USER_FILE, PublisherGroups, built_in
from indexer.extraction.publishers import canonical
from indexer.text.fold import fold

TABLE = PublisherGroups(built_in())


def groups_of(source: str, groups: PublisherGroups = TABLE) -> list[str]:
    return [name for name in groups.names if groups.of(name, [source])]


def test_the_table_has_each_publisher_and_each_name_of_a_group_once() -> None:
    publishers = Counter(fold(canonical(each)) for group in built_in() for each in group.publishers)
    names = Counter(fold(each) for group in built_in() for each in group.names)
    assert [each for each, times in (publishers | names).items() if times > 1] == []
    assert {"大陆", "台湾", "港澳", "外媒"} <= set(TABLE.names)


@pytest.mark.parametrize(
    ("source", "group"),
    [
        ("中央社CNA", ["台湾"]),
        ("自由時報", ["台湾"]),
        ("news.example.com.tw", ["台湾"]),
        ("Reuters", ["外媒"]),
        ("sputniknews.cn", ["外媒"]),
        ("明报", ["港澳"]),
        ("新華網", ["大陆"]),
        ("河湾日报", []),
        ("example.com", []),
        ("twtw", []),
        ("", []),
    ],
)
def test_a_publisher_is_known_by_its_names_in_either_script_and_by_its_host(source: str, group: list[str]) -> None:
    assert groups_of(source) == group


@pytest.mark.parametrize("name", ["台湾", "臺灣", "taiwan", "ＴＡＩＷＡＮ", "  Taiwan "])
def test_a_group_goes_by_several_names(name: str) -> None:
    assert TABLE.named(name) == "台湾"


def load(folder: Path, text: str, own: str = "") -> PublisherGroups:
    (folder / USER_FILE).write_text(text, encoding="utf-8")
    (folder / "publishers.tsv").write_text(own, encoding="utf-8")
    return PublisherGroups.load(folder, OwnPublishers.load(folder))


def test_a_user_adds_to_groups_and_makes_others(tmp_path: Path) -> None:
    groups = load(
        tmp_path, "# mine\n\n臺灣\t河湾日報网\n通讯社 | agencies\t路透社\tnews.example\n", "河湾日报\t河湾日报网\n"
    )
    assert groups.problems == ()
    assert groups_of("河湾日报", groups) == ["台湾"]
    assert groups_of("路透", groups) == ["外媒", "通讯社"]
    assert groups_of("world.news.example", groups) == ["通讯社"]
    assert groups_of("badnews.example", groups) == []
    assert groups.named("AGENCIES") == "通讯社"


def test_the_host_of_a_publisher_means_the_publisher(tmp_path: Path) -> None:
    groups = load(tmp_path, "电台\twww.DW.com\t新聞.example\n")
    assert groups_of("德国之声", groups) == ["外媒", "电台"]
    assert groups_of("DW", groups) == ["外媒", "电台"]
    assert groups_of("早.新聞.example", groups) == ["电台"]


def test_a_line_that_cannot_be_used_is_told_and_the_others_count(tmp_path: Path) -> None:
    groups = load(tmp_path, "只有一栏\n台湾|大陆\t甲报\n|\t乙报\n组\t\n好\t丙报\n")
    assert [problem.line for problem in groups.problems] == [1, 2, 3, 4]
    assert "大陆" in str(groups.problems[1])
    assert groups_of("甲报", groups) == []
    assert groups_of("丙报", groups) == ["好"]


def test_a_file_that_is_not_there_or_no_text_leaves_the_table(tmp_path: Path) -> None:
    assert PublisherGroups.load(tmp_path, OwnPublishers()).names == TABLE.names
    (tmp_path / USER_FILE).write_bytes(b"\x00\xff\xfe" * 9)
    groups = PublisherGroups.load(tmp_path, OwnPublishers())
    assert groups.names == TABLE.names
    assert groups.problems


@given(st.text("甲乙.|｜\t a组#[:]/@", max_size=12), st.text("甲乙. a组[:]/@", max_size=6))
def test_no_line_and_no_source_fails(tmp_path_factory: pytest.TempPathFactory, line: str, source: str) -> None:
    groups = load(tmp_path_factory.mktemp("data"), line)
    for name in groups.names:
        assert groups.named(name) == name
        groups.of(name, [source])
