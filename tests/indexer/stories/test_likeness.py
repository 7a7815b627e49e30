"""Copies, reports and forms, told from each other."""

import pytest

from indexer.stories.likeness import Likeness, likeness
from indexer.stories.profile import Profile, Profiler
from indexer.text.analyser import Analyser
from tests.indexer.stories.articles import ELECTION, FLOOD, FLOOD_ELSEWHERE, FLOOD_IN_OTHER_WORDS, article, fixing

PROFILER = Profiler(Analyser())


def profile(number: int, title: str, text: str, *, hours: float = 0, source: str = "江城日报") -> Profile:
    return PROFILER.profile(article(number, title, text, hours=hours, source=source))


ORIGINAL = profile(1, "江城暴雨 汉水超警戒线", FLOOD)


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (profile(2, "汉水水位超警戒", FLOOD, hours=20, source="海州时报"), Likeness.COPY),
        (profile(2, "江城暴雨 四千人轉移", FLOOD_ELSEWHERE, hours=3, source="南洋新报"), Likeness.COPY),
        (profile(2, "快讯：汉水超警戒线", FLOOD.split("\n")[0], hours=1, source="快讯社"), Likeness.COPY),
        (profile(2, "江城暴雨 汉水超警戒线（更新）", FLOOD, hours=5), Likeness.COPY),
        (
            profile(2, "江城暴雨：汉水水位超过警戒线 居民连夜转移", FLOOD_IN_OTHER_WORDS, hours=6, source="海州时报"),
            Likeness.REPORT,
        ),
        (
            profile(2, "江城暴雨：汉水水位超过警戒线 居民连夜转移", FLOOD_IN_OTHER_WORDS, hours=60, source="海州时报"),
            None,
        ),
        (profile(2, "汉水水位超警戒", FLOOD, hours=24 * 9, source="海州时报"), None),
        (profile(2, "温以宁连任海州市长", ELECTION, source="海州时报"), None),
        (profile(2, "江城暴雨", "", source="海州时报"), None),
    ],
)
def test_what_is_the_same_story(other: Profile, kind: Likeness | None) -> None:
    assert likeness(ORIGINAL, other) == kind
    assert likeness(other, ORIGINAL) == kind


@pytest.mark.parametrize("source", ["海州财经", "交易快报"])
def test_a_form_that_is_filled_in_every_day_is_no_copy(source: str) -> None:
    days = [
        profile(day, f"5月{day}日基准价报{6800 + day * 17}元", fixing(day), hours=24 * day, source="海州财经")
        for day in range(1, 5)
    ]
    other = profile(9, "5月6日基准价报6902元", fixing(6), hours=24 * 6, source=source)
    assert [likeness(day, other) for day in days] == [None] * 4
    assert likeness(days[0], days[1]) is None


@pytest.mark.parametrize(("hours", "kind"), [(1, Likeness.COPY), (48, None)])
def test_another_figure_in_a_title_is_a_correction_soon_and_the_next_of_a_row_later(
    hours: float, kind: Likeness | None
) -> None:
    again = profile(2, "江城第28次暴雨", FLOOD, hours=hours)
    assert likeness(profile(1, "江城第26次暴雨", FLOOD), again) == kind
    assert likeness(profile(1, "江城暴雨", FLOOD), again) == Likeness.COPY


def test_a_copy_of_a_form_is_a_copy() -> None:
    one = profile(1, "5月3日基准价报6851元", fixing(3), hours=72, source="海州财经")
    other = profile(2, "海州基准价6851元", fixing(3), hours=74, source="交易快报")
    assert likeness(one, other) == Likeness.COPY


def test_an_item_of_a_digest_is_its_copy_only_when_it_stands_there_whole() -> None:
    digest = profile(2, "一周大事", "\n".join([ELECTION, *map(fixing, range(1, 9)), FLOOD]), source="海州时报")
    assert likeness(ORIGINAL, digest) == Likeness.COPY
    torn = "\n".join([ELECTION, *map(fixing, range(1, 25)), FLOOD.split("\n")[2], FLOOD.split("\n")[0]])
    assert likeness(ORIGINAL, profile(2, "一周大事", torn, source="海州时报")) is None


DOCUMENT = "《海州公约》规定，签署各方不得在共同水域修建拦河坝，已经建成的须在十年内开放鱼道，由共同委员会逐年检查。"
BEFORE = [
    "三位渔民昨天在码头上说起他们的父辈，那时候一网能捞上来的比现在一季还多。",
    "老陈的船停了两年，油漆剥落，孩子去了南方的电子厂。",
    "码头的冰库改成了咖啡馆，周末有城里人来拍照，没有人再问鱼价。",
    "他记得上一次看见鲟鱼还是在学校门前的河湾里，水清得可以数石头。",
]


def test_two_who_quote_one_document_are_no_copies() -> None:
    short = profile(1, "总统签署海州公约", f"总统今天上午签字。{DOCUMENT}", source="海州时报")
    long = profile(2, "渔民的河", "\n".join([*BEFORE, DOCUMENT]), hours=5, source="南洋新报")
    assert likeness(short, long) is None


FORM = (
    "本网获悉{0}一案的情况，现通报如下。{0}是{1}人，职业不详，长期参与保护江边的森林。当局在当地勘探矿产，"
    "为防止居民抗议，曾经宣布只修道路。居民发现以后聚集起来，要求停工。警察随后带走了参加的人，"
    "法院不公开地审理了这些案件，判决书至今没有交给家属，律师也没有得到会见的许可。"
)


@pytest.mark.parametrize(("hours", "kind"), [(3, Likeness.COPY), (24 * 5, None)])
def test_a_form_with_another_name_days_later_is_no_copy(hours: float, kind: Likeness | None) -> None:
    one = profile(1, "环保人士温以宁案情通报", FORM.format("温以宁", "江城"))
    other = profile(2, "环保人士罗伯川案情通报", FORM.format("罗伯川", "海州"), hours=hours)
    assert likeness(one, other) == kind


def test_few_figures_written_otherwise_make_no_other_text() -> None:
    text = FORM.format("温以宁", "江城")
    one = profile(1, "温以宁案情通报", f"{text}案件始于2019年11月4日，共有3人。")
    other = profile(2, "温以宁案情通报", f"{text}案件始于二〇一九年十一月四日，共有三人。", hours=2, source="南洋新报")
    assert likeness(one, other) == Likeness.COPY
