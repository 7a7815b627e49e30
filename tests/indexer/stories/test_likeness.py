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


def test_an_item_of_a_digest_is_no_copy_of_it() -> None:
    digest = profile(2, "一周大事", "\n".join([ELECTION, *map(fixing, range(1, 9)), FLOOD]), source="海州时报")
    assert likeness(ORIGINAL, digest) is None


def test_a_brief_that_another_report_tells_as_background_is_no_copy_and_no_report_of_it() -> None:
    brief = profile(1, "汉水超警戒线", FLOOD.split("\n")[2], source="快讯社")
    background = "\n".join([ELECTION, "另外，" + FLOOD.split("\n")[2]])
    assert likeness(brief, profile(2, "温以宁连任海州市长", background, hours=2, source="海州时报")) is None


LONG = "\n".join([FLOOD, *(ELECTION.replace("海州", place) for place in ("南浦", "北浦", "西浦", "东浦", "中浦"))])


@pytest.mark.parametrize("title", ["江城日报｜江城暴雨 汉水超警戒线", "江城暴雨：汉水超警戒线"])
def test_who_shows_a_few_lines_of_a_text_under_its_title_has_copied_it(title: str) -> None:
    whole = profile(1, "江城暴雨 汉水超警戒线", LONG)
    lines = "铁路部门取消了十二趟列车，机场运作正常。气象台预计雨带将在周五向东移动。"
    assert likeness(whole, profile(2, title, lines, hours=1, source="文摘")) == Likeness.COPY
    assert likeness(whole, profile(2, "今日铁路消息", lines, hours=1, source="文摘")) is None


BOX = (
    "温以宁小档案：1968年3月生于海州，海州大学法学士、江城大学公共行政硕士，曾任海州市议员、水利局长、副市长，"
    "2019年当选市长，任内完成两座大桥和第三净水厂，著有《河边的城市》，已婚，有一子一女，喜欢长跑和下棋。"
)


def test_two_articles_with_a_box_about_one_person_are_no_copies() -> None:
    one = profile(1, "海州市长选举 温以宁连任", f"温以宁昨夜宣布胜选，得票率百分之五十三。\n{BOX}")
    lawsuit = "法院今天开庭审理第三净水厂的工程款纠纷，承包商要求赔偿四千万元，市政府派律师出庭。" * 2
    other = profile(2, "净水厂工程款案开庭 承包商求偿", f"{lawsuit}\n{BOX}\n双方将在下月再次出庭。", hours=6)
    assert likeness(one, other) is None


def test_what_a_publisher_writes_on_within_hours_under_the_same_title_is_one_text() -> None:
    lines = FLOOD.split("\n")
    news = (
        "海州派出两艘救援船，预计今晚抵达，船上载有帐篷、药品和三十名志愿者，江城市长到码头迎接并致谢，随后看望伤员。"
    )
    first = profile(1, "江城暴雨 汉水超警戒线", "\n".join([news, *lines[:3]]))
    second = "\n".join([*lines[:3], lines[3] + "居民把猫狗也带了出来，安置在体育馆的看台上。"])
    assert likeness(first, profile(2, "江城暴雨 汉水水位超警戒线", second, hours=3)) == Likeness.COPY
    assert likeness(first, profile(2, "江城暴雨 汉水水位超警戒线", second, hours=30)) is None


def test_who_cuts_a_text_keeps_its_beginning() -> None:
    cut = profile(2, "江城暴雨", "\n".join(FLOOD.split("\n")[:1]), hours=2, source="快讯社")
    assert likeness(ORIGINAL, cut) == Likeness.COPY


def test_a_long_piece_out_of_the_middle_is_a_copy() -> None:
    speech = "".join(chr(0x4E00 + place * 7919 % 15_000) for place in range(4800))
    whole = profile(1, "温以宁就职演说全文", speech, source="海州时报")
    piece = profile(2, "新市长谈住房", speech[900:2100], hours=30, source="江城日报")
    assert likeness(whole, piece) == Likeness.COPY
    assert likeness(whole, profile(2, "新市长谈住房", speech[900:1500], hours=30, source="江城日报")) is None


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


@pytest.mark.parametrize("hours", [3, 24 * 5])
@pytest.mark.parametrize("title", ["环保人士{}案情通报", ""])
def test_a_form_with_another_name_is_no_copy(title: str, hours: float) -> None:
    one = profile(1, title.format("温以宁"), FORM.format("温以宁", "江城"))
    other = profile(2, title.format("罗伯川"), FORM.format("罗伯川", "海州"), hours=hours)
    again = profile(3, title.format("温以宁"), FORM.format("温以宁", "江城"), hours=hours)
    assert likeness(one, other) is None
    assert likeness(one, again) == Likeness.COPY


def test_few_figures_written_otherwise_make_no_other_text() -> None:
    text = FORM.format("温以宁", "江城")
    one = profile(1, "温以宁案情通报", f"{text}案件始于2019年11月4日，共有3人。")
    other = profile(2, "温以宁案情通报", f"{text}案件始于二〇一九年十一月四日，共有三人。", hours=2, source="南洋新报")
    assert likeness(one, other) == Likeness.COPY


SHEET = (
    "海州交易所资金流向：截至5月{0}日收盘，{1}报收于{2}元，换手率{3}，成交量{4}手，成交额{5}元，"
    "主力资金净流入{6}元，占总成交额{7}，游资资金净流出{8}元，散户资金净流入{9}元。名词解释：指通过价格变化反推资金流向，"
    "股价处于上升状态时主动性买单形成的成交额是推动股价上涨的力量，这部分成交额被定义为资金流入，反之为资金流出。"
)


def test_two_sheets_of_one_form_by_whoever_are_no_reports_of_one_event() -> None:
    one = SHEET.format(3, "江城水务", "9.51", "1.47", 7134, 1063, 46, "3.27", 17, 84)
    other = SHEET.format(3, "汉水航运", "22.4", "0.92", 5045, 2879, 51, "9.18", 23, 67)
    first = profile(1, "资金流向：江城水务主力资金净流入", one, source="海州财经")
    second = profile(2, "资金流向：汉水航运主力资金净流入", other, hours=1, source="交易快报")
    assert likeness(first, second) is None


def test_a_name_counts_however_it_is_spelt() -> None:
    text = "{0}今天访问江城，会见局长陆望舒，{0}说两国将一起治理汉水，双方签署了渔业协议。"
    one = profile(1, "马克龙访问江城", text.format("马克龙"), source="海州时报")
    other = "{0}抵达后直接前往码头。渔民向{0}抱怨收成，{0}答应设立基金。"
    two = profile(2, "馬克宏訪問江城", other.format("馬克宏"), hours=2, source="南洋新报")
    assert likeness(one, two) == Likeness.REPORT
