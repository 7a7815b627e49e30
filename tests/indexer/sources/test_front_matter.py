"""What stands before a post, as the programs that publish and clip write it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.front_matter import FrontMatter, split


@pytest.mark.parametrize(
    ("text", "front"),
    [
        ('---\ntitle: "雨"\ndate: 2024-01-05 08:00\n---\n正文', FrontMatter("雨", dates=("2024-01-05 08:00",))),
        ("---\ntitle: 观察: 雨\nauthor: 王\n---\n正文", FrontMatter("观察: 雨", author="王")),
        ("----\ntitle: 雨\n----\n正文", FrontMatter("雨")),
        ("title: 雨\ndate: 2024-01-05\ntags: [a]\n---\n正文", FrontMatter("雨", dates=("2024-01-05",))),
        ('+++\ntitle = "雨"\ndate = 2024-01-05T08:00:00+08:00\n+++\n正文', FrontMatter("雨", dates=("2024-01-05T08:00:00+08:00",))),  # noqa: E501
        ('+++\ntitle = "雨" 大\ndate = "2024-01-05"\n+++\n正文', FrontMatter('雨" 大', dates=("2024-01-05",))),
        ('{\n  "title": "雨",\n  "date": "2024-01-05"\n}\n\n正文', FrontMatter("雨", dates=("2024-01-05",))),
        ("Title: 雨\nDate: 2024-01-05\nAuthor: 王\n\n正文", FrontMatter("雨", author="王", dates=("2024-01-05",))),
        ("---\ntitle: 雨\npublishDate: 2024-01-05\nlastmod: 2024-02-01\n---\n正文", FrontMatter("雨", dates=("2024-01-05", "2024-02-01"))),  # noqa: E501
        ("---\ntitle: 雨\nauthors: [王, 李]\n---\n正文", FrontMatter("雨", author="王、李")),
        ("---\ntitle: 雨\nauthor: {name: 王, mail: x}\n---\n正文", FrontMatter("雨", author="王")),
        (
            '---\ntitle: "雨"\nsource: "https://a.example/1"\nauthor:\n  - "[[江湾日报]]"\n  - "[[人物/王|王]]"\n'
            "published: 2024-01-05\ncreated: 2024-01-09\ntags:\n  - clippings\n---\n正文",
            FrontMatter("雨", "https://a.example/1", "江湾日报、王", dates=("2024-01-05",)),
        ),
        ("---\ntitle: 雨\nsource: https://a.example/1\npublished:\ncreated: 2024-01-09\n---\n正文", FrontMatter("雨", "https://a.example/1")),
        ("---\ntitle: 雨\nsource: 江湾日报\ncreated: 2024-01-05\n---\n正文", FrontMatter("雨", publisher="江湾日报", dates=("2024-01-05",))),  # noqa: E501
        ("---\ntitle: 雨\nurl: /posts/rain/\n---\n正文", FrontMatter("雨")),
    ],
)  # fmt: skip
def test_every_program_s_way_is_read(text, front):
    assert split(text) == (front, split(text)[1])
    assert split(text)[1].strip() == "正文"


@pytest.mark.parametrize(
    "text",
    [
        "正文",
        "---\n正文",
        "时间: 很久以前\n正文",
        "他说: 下雨\n---\n正文",
        "+++\n正文",
        "{} 正文",
        '{"a": 1}\n{"title": "雨"}',
        "",
    ],
)
def test_other_texts_have_none(text):
    assert split(text) == (None, text)


def test_the_settings_of_other_programs_are_none():
    front, rest = split("---\npassword: hunter2\n---\n正文")
    assert front is None
    assert "hunter2" not in rest


@pytest.mark.parametrize(
    "block",
    [
        "a: " + "[" * 9_000,
        "a: " + "{" * 9_000,
        "- " * 9_000,
        "? " * 9_000,
        "a: &a [x,x]\n" + "".join(f"{b}: &{b} [{','.join(['*' + a] * 9)}]\n" for a, b in pairwise("abcdefghijk")),
    ],
)
def test_what_was_made_to_break_the_parser_breaks_nothing(block):
    front, _ = split(f"---\ntitle: 雨\n{block}\nauthor: *k\n---\n正文")
    assert front is None or front.title in ("雨", "")


@given(st.text(), st.sampled_from(["---\n", "+++\n", "{", "title: x\n", "---\ntitle: "]))
def test_any_text_is_split(text, start):
    _, rest = split(start + text)
    assert rest in start + text


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("---\ntitle：雨\ndate：2024-03-05\nauthor：张三\n---\n下雨。", "下雨。"),
        ("---\n标题： 雨\n日期：2024-03-05\n作者: 张三\n---\n下雨。", "下雨。"),
        ("---\ntitle: 雨\ndate: 2024-03-05\nauthor: 张三\n\n下雨：很大。", "下雨：很大。"),
        ("---\ntitle: 雨\ndate: 2024-03-05\nauthor:\n  - 张三\n下雨。\n\n---\n\n刮风。", "下雨。\n\n---\n\n刮风。"),
        ("title:: 雨\ndate:: [[2024-03-05]]\nauthor:: [[张三]]\n\n- 下雨。", "- 下雨。"),
        ("- title:: 雨\n- date:: 2024-03-05\n- author:: 张三\n\n下雨。", "下雨。"),
        ("标题：雨\n发布时间：2024-03-05 作者：张三\n\n下雨。", "下雨。"),
    ],
)
def test_colons_and_closing_lines_as_people_type_them(text, rest):
    front, body = split(text)
    assert (front.title, front.dates, front.author, body.lstrip()) == ("雨", ("2024-03-05",), "张三", rest)


@pytest.mark.parametrize(
    "block",
    [
        "created: 2024-05-01\nupdated: 2024-06-01\n发布日期: 2023-01-02",
        "lastmod: 2024-06-01\npublish_time: 2023-01-02\ncreated_at: 2024-05-01",
        "crawl_time: 2024-01-01\npubDate: 2023-01-02\ndate: 2024-05-01",
    ],
)
def test_the_date_of_publication_comes_first(block):
    assert split(f"---\ntitle: 雨\n{block}\n---\n下雨。")[0].dates[0] == "2023-01-02"
