"""Names that are found in a text, whose they are, and what only looks like one."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.entities.known import KINDS, known
from indexer.entities.recognition import Recogniser
from indexer.text.fold import fold
from indexer.text.groups import Group
from indexer.text.names.built_in import name_groups

LEARNED = Group(("贝拉米诺", "贝拉明诺"), ("lucio bellamino", "bellamino"), (), "learned")
RECOGNISER = Recogniser(known([*name_groups(), LEARNED]))


def names(text: str) -> str:
    """Each name in a text with its kind."""
    folded = fold(text)
    return " ".join(f"{folded[each.start : each.end]}/{each.kind}" for each in RECOGNISER.mentions(folded))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("特朗普在白宫会见默克尔", "特朗普/person 白宫/organisation 默克尔/person"),
        ("川普與梅克爾在華盛頓", "川普/person 梅克尔/person 华盛顿/place"),
        ("Biden met reporters in Beijing", "biden/person beijing/place"),
        ("他们见到贝拉明诺", "贝拉明诺/person"),
        ("厄利垂亞與寮國", "厄利垂亚/place 寮国/place"),
    ],
    ids=str,
)
def test_what_is_known_is_found_in_every_spelling(text: str, found: str) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("国务院任命局长陈望舒", "国务院/organisation 陈望舒/person"),
        ("学者查建国说，市长温宁表示", "查建国/person 温宁/person"),
        ("外长陈一新表示，陈一新不知情", "陈一新/person 陈一新/person"),
        ("日本外相茂木敏充", "日本/place 茂木敏充/person"),
        ("总统埃德加·兰沙耶夫斯基表示", "埃德加·兰沙耶夫斯基/person"),
        ("歌手莎拉‧貝絲‧科曼", "莎拉‧贝丝‧科曼/person"),
        ("作家古斯塔维诺（Gustavino）", "古斯塔维诺/person"),
        ("今天苏颖没有来。市长苏颖表示欢迎", "苏颖/person 苏颖/person"),
    ],
    ids=str,
)
def test_people_whom_nobody_knew(text: str, found: str) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("申请人凭许可证入场，高水平的公开赛在幼儿园旁举行", ""),
        ("他发布了白皮书和安全法，季后赛延期", ""),
        ("名单：吾麻尔（哈）", ""),
        ("王先生和李女士、陈姓男子、小张都在", ""),
        ("“阿特米斯”计划将重返月球", ""),
        ("（记者陈望舒）", ""),
        ("编辑：温宁", ""),
        ("中国人说英国话，吃法国菜，北京时间八点", ""),
        ("一家上市公司、一个委员会、某大学和两国政府", ""),
        ("美国公司与华盛顿智库", "美国/place 华盛顿/place"),
        ("大城市的山区，东西南北", ""),
        ("新冠肺炎又称武汉肺炎", ""),
        ("", ""),
        ("·", ""),
        ("  \n·特·", ""),
    ],
    ids=str,
)
def test_what_is_nobodys_name(text: str, found: str) -> None:
    assert names(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("华侨大学与柏林应用科学大学合作", "华侨大学|柏林应用科学大学"),
        ("美国国务院和印度外交部", "美国国务院|印度外交部"),
        ("大阪监狱、许昌中院", "大阪监狱|许昌中院"),
        ("欧盟委员会与欧洲央行", "欧盟委员会|欧洲央行"),
        ("OpenPOWER 基金會", "openpower 基金会"),
        ("香港警方", "香港警方"),
        ("中共中央国务院发布", "中共中央|国务院"),
        ("法国防疫与卫生委员会", "法国防疫与卫生委员会"),
    ],
    ids=str,
)
def test_organisations_have_the_name_that_they_begin_with(text: str, found: str) -> None:
    assert names(text) == " ".join(f"{name}/organisation" for name in found.split("|"))


def test_what_is_called_after_a_person_is_an_organisation_and_the_person_is_not_named() -> None:
    assert names("美国关闭了孔子学院") == "美国/place 孔子学院/organisation"
    assert names("特朗普基金会在纽约") == "特朗普基金会/organisation 纽约/place"
    assert names("特朗普政府") == "特朗普/person"


def test_a_place_that_is_part_of_an_organisations_name_is_no_place_there() -> None:
    assert names("大阪监狱在大阪") == "大阪监狱/organisation 大阪/place"
    assert names("台灣民進黨") == "台湾/place 民进党/organisation"


PIECES = st.sampled_from(
    [
        *"陈王欧阳·‧，。（(\n ）的说",
        "特朗普",
        "川普",
        "总统",
        "表示",
        "记者",
        "大学",
        "海州",
        "美国",
        "Biden",
        "x",
        "一新",
        "𠮷",
    ]
)


@given(st.lists(PIECES | st.text(max_size=3), max_size=20).map("".join))
def test_any_text_gives_names_that_stand_in_it_one_behind_the_other(text: str) -> None:
    folded = fold(text)
    mentions = RECOGNISER.mentions(folded)
    assert all(each.kind in KINDS and 0 <= each.start < each.end <= len(folded) for each in mentions)
    assert all(one.end <= other.start for one, other in pairwise(mentions))
    assert not any(re.search(r"[，。(（、\n]", folded[each.start : each.end]) for each in mentions)
