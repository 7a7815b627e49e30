"""What the archive teaches about names."""

import re
from cProfile import Profile
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import ArchiveError
from indexer.text.groups import MOST, read_file
from indexer.text.names.mining import ORIGIN, LearnedName, learn, save_learned
from indexer.text.names.transliteration import LONGEST, similarities, similarity
from indexer.text.variants import LEARNED_FILE, USER_FILE, Variants


def spellings(names: list[LearnedName], latin: str) -> set[str]:
    return {spelling for name in names if latin in name.asked for spelling, _ in name.spellings}


ARTICLES = [
    "里加市长贝尔津什（Janis Berzins）周一说，预算够用。贝尔津什还说，桥会修好。",
    "拉脱维亚首都里加市长伯尔津斯（Jānis Bērziņš）说，桥今年修好。伯尔津斯去年上任。",
    "記者會上，市長伯爾津斯（Janis Berzins）没有露面。伯爾津斯的发言人说他病了。",
    "昨天，贝尔津什（Janis Berzins）回到办公室。市议会欢迎贝尔津什。",
    "据里加市长雅尼斯·贝尔津什（Janis Berzins）介绍，电车会更多。",
    "画家何蓝田（Marta Veldkamp）的展览周五开幕。何蓝田生于阿姆斯特丹。",
    "美术馆长说，何蓝田（Marta Veldkamp）画了三十年。馆里有何蓝田的十幅画。",
    "与何蓝田（Marta Veldkamp）合作的印社说，画册卖完了。读者排队等何蓝田签名。",
    "拍卖行把何蓝田（Marta Veldkamp）的《风车》卖给了一位收藏家，何蓝田没有到场。",
    "画家费尔德坎普（Marta Veldkamp）说她爱画风车。费尔德坎普明年来访。",
    "荷兰画家费尔德坎普（Marta Veldkamp）的画展延期，费尔德坎普表示遗憾。",
    "世界卫生组织（WHO）说，疫苗够用。世界卫生组织（WHO）又说，要有耐心。",
]


def test_spellings_of_one_name_are_put_together() -> None:
    names = learn(ARTICLES)
    assert spellings(names, "janis berzins") == {"贝尔津什", "伯尔津斯"}
    assert spellings(names, "berzins") == {"贝尔津什", "伯尔津斯"}
    assert next(name for name in names if name.latin == "janis berzins").spellings == (("贝尔津什", 3), ("伯尔津斯", 2))


def test_a_name_that_sounds_like_nothing_is_learned_from_its_company() -> None:
    assert spellings(learn(ARTICLES), "marta veldkamp") == {"何蓝田", "费尔德坎普"}


def test_titles_are_no_part_of_a_name() -> None:
    for name in learn(ARTICLES):
        for spelling, _ in name.spellings:
            assert not spelling.startswith(("市长", "长", "画家", "与", "总统"))


def test_abbreviations_are_not_learned() -> None:
    assert not spellings(learn(ARTICLES), "who")


def test_a_name_seen_once_is_not_learned() -> None:
    assert not learn(["司机奥佐林什（Karlis Ozolins）获救。"])


def test_a_first_name_is_not_a_spelling_of_the_family_name() -> None:
    names = learn(
        [
            "总理之子托马（Toma Radev）在布拉格读书。托马喜欢下棋。",
            "他的儿子托马（Toma Radev）毕业了。托马要当医生。",
            "大学说，拉德夫（Toma Radev）成绩很好。拉德夫没有回应。",
            "记者采访了拉德夫（Toma Radev）。拉德夫说他很高兴。",
        ]
    )
    assert all(len(name.spellings) == 1 for name in names)


def glossed(han: str, latin: str, before: str = "新任") -> list[str]:
    return [
        f"{start}{before}{han}（{latin}）说了话。{end}{han}没有多说。"
        for start, end in (("昨天", "晚上"), ("今天", "但"), ("据", "记者问"))
    ]


@pytest.mark.parametrize(
    ("han", "latin", "word"),
    [
        ("波普", "Kentavious Pope", "pope"),
        ("弗罗斯特", "David Frost", "frost"),
        ("艾许球场", "Arthur Ashe Stadium", "stadium"),
        ("朱峰", "Zhu Feng", "feng"),
        ("陆克文", "Kevin Rudd", "kevin"),
        ("乌尔马学院", "Urma Academy", "urma"),
    ],
)
def test_a_word_that_means_more_than_the_name_is_not_the_name(han: str, latin: str, word: str) -> None:
    names = learn(glossed(han, latin))
    assert spellings(names, latin.lower()) <= {han}
    assert not spellings(names, word)


def test_an_english_word_that_is_glossed_is_no_name() -> None:
    assert not spellings(learn(glossed("路特斯", "Lotus")), "lotus")
    assert spellings(learn(glossed("路特斯", "Lotes")), "lotes") == {"路特斯"}


def test_what_an_institution_is_called_is_no_name_by_itself() -> None:
    for name in learn(glossed("集团", "Gitan Aviation") + glossed("技术公司", "Kungze")):
        assert name.spellings[0][0] not in ("集团", "公司", "技术公司")


@pytest.mark.parametrize("title", ["主席", "参议院主席", "总理", "上将", "博士", "部长", "教练"])
def test_a_title_before_a_name_is_no_part_of_it(title: str) -> None:
    assert spellings(learn(glossed("艾萨丁", "Karim Esadin", title)), "esadin") == {"艾萨丁"}


def test_a_name_that_begins_like_a_title_is_whole() -> None:
    assert spellings(learn(glossed("将军", "Chankun")), "chankun") <= {"将军"}


def test_everything_learned_is_found_through_the_table(tmp_path: Path) -> None:
    save_learned(learn(ARTICLES), tmp_path / LEARNED_FILE)
    variants = Variants.load(tmp_path)
    assert set(variants.of("贝尔津什")) == {"贝尔津什", "伯尔津斯"}
    assert set(variants.of("Veldkamp")) == {"veldkamp", "何蓝田", "费尔德坎普"}
    (tmp_path / USER_FILE).write_text("!贝尔津什,伯尔津斯\n", "utf-8")
    assert Variants.load(tmp_path).of("贝尔津什") == ("贝尔津什",)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="learned names"):
        save_learned([], tmp_path / "missing" / LEARNED_FILE)


@pytest.mark.parametrize(
    ("han", "word"),
    [("特朗普", "trump"), ("川普", "trump"), ("蓬佩奥", "pompeo"), ("纳瓦利内", "navalny"), ("强生", "johnson")],
)
def test_a_transliteration_sounds_like_its_name(han: str, word: str) -> None:
    assert similarity(han, word) > 0.7
    assert similarity(han, word) > similarity("总统" + han, word)
    assert similarity(han, "biden") < similarity(han, word)


@given(st.text("特朗普川佩奥尔里abc·", max_size=12), st.text("trumpeoxyz'", max_size=12))
def test_similarities_are_those_of_each_ending(han: str, word: str) -> None:
    scores = similarities(han, word)
    assert len(scores) == min(len(han), LONGEST)
    for size, score in enumerate(scores, 1):
        assert score <= 1
        assert similarity(han[-size:], word) == score


GLOSSED = st.lists(
    st.text("总统市长川普特朗贝尔津什 ，。·", max_size=8).flatmap(
        lambda before: st.sampled_from(["", "（Donald Trump）", "(Janis Berzins)", "（Trump，", "（WHO）"]).map(
            lambda gloss: before + gloss
        )
    ),
    max_size=12,
).map(lambda parts: ["".join(parts[:4]), *parts[4:]])


@given(GLOSSED)
def test_what_is_learned_stands_before_its_gloss(texts: list[str]) -> None:
    for name in learn(texts):
        assert len({spelling for spelling, _ in name.spellings}) == len(name.spellings)
        assert all(2 <= len(spelling) <= 10 for spelling, _ in name.spellings)
        for spelling, articles in name.spellings:
            assert sum(re.search(spelling + r"\s?[（(]", text) is not None for text in texts) >= articles >= 1


LATIN = st.text(st.sampled_from("ABDonaldTrumpé’'` -\u00a0\t\n"), min_size=1, max_size=120)
BEFORE = st.text(st.sampled_from("总统市长川普特朗贝尔·‧々〇𠮷豈\t\x1c\x85\u2028\0\x1b\ud800#!<>，"), max_size=14)
HOSTILE = st.lists(
    st.lists(st.tuples(BEFORE, st.sampled_from("（("), LATIN, st.sampled_from("）),，")).map("".join), max_size=4).map(
        "".join
    ),
    max_size=6,
)


@given(HOSTILE)
@example(["总统特朗普（" + "A" * 31 + " " + "B" * 31 + "）"] * 3)
@example([f"总统川{c}普（Trump）说" for c in map(chr, range(0x4E00, 0x4E80))] * 2)
def test_whatever_is_learned_reads_back_equal(texts: list[str]) -> None:
    names = learn(texts * 2)
    with TemporaryDirectory() as folder:
        path = Path(folder) / LEARNED_FILE
        save_learned(names, path)
        entries, problems = read_file(path, ORIGIN)
    assert entries == [group for name in names if (group := name.group())]
    assert problems == []


def test_a_name_with_more_spellings_than_a_group_may_have_keeps_the_commonest() -> None:
    name = LearnedName("trump", tuple((f"川普{n}", 90 - n) for n in range(80)), ("trump",), "")
    group = name.group()
    assert group is not None
    assert group.spellings == tuple(spelling for spelling, _ in name.spellings[:MOST])


@pytest.mark.parametrize("shape", ["one name", "many names", "one article"])
def test_the_work_grows_with_the_archive_and_no_faster(shape: str) -> None:
    """Counted in calls of functions, which no load of the machine changes."""
    few, many = (calls_of_learning(shape, size) for size in (500, 2_000))
    assert many < 5 * few


def calls_of_learning(shape: str, size: int) -> int:
    random = Random(5)

    def written(letters: str, length: int) -> str:
        return "".join(random.choice(letters) for _ in range(length))

    texts = []
    for _ in range(size):
        name, latin = written("特朗普川埃尔多安马克龙比里", 4), written("abcdefg", 6).title()
        texts.append(f"总统{name}（{'Donald Trump' if shape == 'one name' else latin}）。{name}")
    learn(ARTICLES)
    profile = Profile()
    profile.runcall(learn, ["".join(texts)] if shape == "one article" else texts)
    return sum(entry.callcount for entry in profile.getstats())
