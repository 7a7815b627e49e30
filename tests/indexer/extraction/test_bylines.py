"""Who wrote it, out of what bylines, datelines and credits say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction.bylines import credited, joined, names_in, parted
from indexer.extraction.parting import part_text

BODY = "河湾大桥今晨通车，两岸居民排队步行过桥。\n市长说，这座桥等了二十年。"


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("（中央社記者吳家豪台北16日電）", ["吳家豪"]),
        ("中央社記者林育立柏林20日專電", ["林育立"]),
        ("（中央社台北8日電）", []),
        ("大江报记者顾晓华、凌云采访报导", ["顾晓华", "凌云"]),
        ("自由江湾电台记者蔡凌巴黎报导", ["蔡凌"]),
        ("自由江湾电台记者 夏小华 台北报导", ["夏小华"]),
        ("作者：露絲·英格拉姆（Ruth Ingram）", ["露絲·英格拉姆"]),
        ("null 李澄欣", ["李澄欣"]),
        ("李鱼 综合报导", ["李鱼"]),
        ("文木（摘编）", ["文木"]),
        ("文｜王五", ["王五"]),
        ("张平/ 达扬 （德新社）", ["张平", "达扬"]),
        ("KONEY BAI,KONEY BAI", ["Koney Bai"]),
        ("By DAVID McCABE and MÓNICA R. GOYA", ["David McCabe", "Mónica R. Goya"]),
        ("William Yang", ["William Yang"]),
        ("《纽约时报》", []),
        ("德国之声中文网", []),
        ("本报讯", []),
        ("他说的是真话", []),
        ("他说：作者：这是我写的。", []),
        ("特约评论员：江小风", ["江小风"]),
        ("作者：本报评论员", []),
        ("作者：网友", []),
        ("作者：不想早起的猫", ["不想早起的猫"]),
        ("记者：唐就成、白小都", ["唐就成", "白小都"]),
        ("作者：林斯影 大江报记者", ["林斯影"]),
        ("文：鄭小雯／攝影：徐大昌／影音：黃維", ["鄭小雯"]),
        ("", []),
        ("作者：露絲\u0387英格拉姆（Ruth Ingram）", ["露絲\u0387英格拉姆"]),
        ("作者：杜 虎", ["杜虎"]),
        ("发稿 沈小鱼", ["沈小鱼"]),
        ("记者 沈小鱼编辑", ["沈小鱼"]),
        ("（江湾特区报记者 沈小鱼、江湾特区报）", ["沈小鱼"]),
        ("记者 影像", []),
        ("江湾之声记者冯小音从华盛顿报道", ["冯小音"]),
        ("江湾驻北美记者冯小音从纽约、华盛顿发回报道。", ["冯小音"]),
        ("本台记者王允的专题报道", ["王允"]),
        ("（英文大江报记者IVAN PETROV和SEAN BRUNER报导／李言编译）", ["Ivan Petrov", "Sean Bruner", "李言"]),
        ("本报记者 沈小鱼 通讯员 顾一鸣", ["沈小鱼", "顾一鸣"]),
        ("采写 江湾社北岸部；撰写 沈小鱼", ["沈小鱼"]),
    ],
)
def test_names_are_cut_out_of_bylines(byline, names):
    assert list(names_in(byline)) == names


@pytest.mark.parametrize(
    ("text", "author"),
    [
        (f"李澄欣\n2020-09-07T05:11:59.319Z\n{BODY}", "李澄欣"),
        (f"BBC中文记者的观察\n{BODY}", ""),
        (f"实习生 刘小云 大江报记者 任雾\n{BODY}", "任雾"),
        (f"大江报记者 任雾 实习生 刘小云\n{BODY}", "任雾、刘小云"),
        (f"文 | 王五 编辑 | 李明\n{BODY}", "王五"),
        (f"来源：大江报 作者：张伟\n{BODY}", "张伟"),
        (f"作者：张伟 李明 来源：大江报\n{BODY}", "张伟、李明"),
        (f"冯小音\nBBC中文驻美记者 发自华盛顿\n{BODY}", "冯小音"),
        (f"（江湾社記者吳家豪台北16日電）{BODY}", "吳家豪"),
        (f"{BODY}\n记者：高锋  责编：胡力 许书  网编：瑞哲", "高锋"),
        (f"{BODY}\n责任编辑：孙芸", ""),
        (f"文：鄭小雯／攝影：徐大昌、賴岫／影音：黃維\n{BODY}", "鄭小雯"),
        (f"{BODY}\n记者：张三 摄影：李四", "张三"),
        (f"特约评论员：周小青\n{BODY}", "周小青"),
        (f"{BODY}（编辑：周慧盈）1090908", ""),
    ],
)
def test_the_author_is_whom_the_text_names(text, author):
    assert joined(part_text(text).authors) == author


@pytest.mark.parametrize(
    ("source", "author", "named", "expected"),
    [
        ("外媒报道", "路透", [], ("路透", "")),
        ("外媒报道", "路透社", ["李四"], ("路透", "李四")),
        ("中央社", "中央社", [], ("中央社", "")),
        ("(臺)中央社CNA", "", [], ("中央社", "")),
        ("江湾日报", "记者 张三、李四", ["王五"], ("江湾日报", "张三、李四")),
        ("江湾日报", "a@b.example (张三)", [], ("江湾日报", "张三")),
        ("江湾日报", "小城故事编辑组", [], ("江湾日报", "小城故事编辑组")),
        ("江湾日报", "", ["王五"], ("江湾日报", "王五")),
    ],
)
def test_what_came_with_the_article_goes_before_what_its_text_says(source, author, named, expected):
    assert credited(source, author, named) == expected


@given(st.text(max_size=80))
def test_whatever_stands_there_names_are_short_and_parted_again(raw):
    names = names_in(raw)
    assert all(name and len(name) <= 40 and "、" not in name for name in names)
    assert parted(joined(names)) == names


@pytest.mark.parametrize(
    "line",
    [
        "文：鄭小雯／攝影：徐大昌、賴岫／影音：黃維",
        "文字：张三 摄影：李四",
        "制图：张三 / 撰稿：李四",
        "图片：张三 剪辑：李四",
    ],
)
def test_a_line_of_credits_is_not_the_article(line):
    assert part_text(f"{BODY}\n{line}").text == BODY


@pytest.mark.parametrize(
    "line", ["记者：你好 他说：你好", "主持：他来了。剪辑：还没有好", "主持人：你怎么看剪辑：这一行？"]
)
def test_a_line_that_says_something_is_the_article(line):
    assert part_text(f"{BODY}\n{line}").text.endswith(line)
