"""Labels and names that people and programs write before dates, sources and authors."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.labels import DateKind, date_kind, read_line
from indexer.sources.post import read_post

ZONE = ZoneInfo("Asia/Shanghai")
AT = "2023-05-01 10:00"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (f"发布时间：{AT} 来源：新华网 作者：张三 责编：李四", {"date": AT, "source": "新华网", "author": "张三"}),
        (f"发布时间:{AT}　来源:新华网　作者:张三", {"date": AT, "source": "新华网", "author": "张三"}),
        (f"{AT} 来源：新华网", {"date": AT, "source": "新华网"}),
        (f"{AT}:00来源：新华网|作者：张三|阅读：123", {"date": f"{AT}:00", "source": "新华网", "author": "张三"}),
        ("来源：新华社 | 2023年05月01日 10:00", {"date": "2023年05月01日 10:00", "source": "新华社"}),
        ("更新时间：2023-06-01 发布时间：2023-05-01", {"updated": "2023-06-01", "date": "2023-05-01"}),
        ("发布于2023-05-01 10:00", {"date": AT}),
        ("作　者：张三　　日　期：2023-05-01", {"author": "张三", "date": "2023-05-01"}),
        ("原文：<https://a.example/1?a=1> 作者：张三", {"url": "https://a.example/1?a=1", "author": "张三"}),
        ("时间:2023-05-01 来源:人民网-人民日报 【字体：大 小】", {"date": "2023-05-01", "source": "人民网-人民日报"}),
        ("发布日期: 2023-05-01 信息来源: 市政府办公室 浏览次数: ", {"date": "2023-05-01", "source": "市政府办公室"}),
        ("Source: Reuters | Date: 2023-05-01", {"source": "Reuters", "date": "2023-05-01"}),
        ("**作者**：张三", {"author": "张三"}),
        ("作者：王　毅　来源：江湾日报　2023-05-01", {"author": "王毅", "source": "江湾日报", "date": "2023-05-01"}),
        ("文 | 张三  编辑 | 李四", {"author": "张三"}),
        ("时间：不早了", {}),
        ("记者：你怎么看？他说不好。", {}),
        ("责任编辑：张三", {}),
        ("抓取时间：2024-01-01", {}),
        ("据新华社报道，来源：不详", {}),
        ("下雨。", {}),
        ("", {}),
    ],
)  # fmt: skip
def test_a_line_of_labels(line, said):
    assert read_line(line, zone=ZONE) == said


@given(
    st.text(max_size=80)
    | st.lists(st.sampled_from(["来源：", "时间", "：", "|", "2023-05-01", " ", "张三", "。"])).map("".join)
)
def test_any_line_has_an_answer(line):
    said = read_line(line, zone=ZONE)
    assert all(value in line.replace("于", "于：") or value in line for value in said.values())


@pytest.mark.parametrize(
    "text",
    [
        f"雨天\n发布时间：{AT} 来源：新华网 作者：张三 责编：李四\n\n下雨。",
        f"标题：雨天\n\n发布时间：{AT}　来源：新华网　作者：张三\n下雨。",
        f"雨天\n{AT} | 来源：新华网 | 作者：张三\n\n更新时间：2023-06-01\n下雨。",
        f"# 雨天\n\n更新时间：2023-06-01 发布时间：{AT} 来源：新华网\n作者：张三\n\n下雨。",
    ],
)
def test_the_head_of_a_text_gives_date_source_and_author(text, when):
    post = read_post(text, path="a.txt" if text[0] != "#" else "a.md", **when)
    assert (post.title, post.source, post.author, post.text) == ("雨天", "新华网", "张三", "下雨。")
    assert post.published.isoformat() == "2023-05-01T02:00:00+00:00"


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        ("pubdate pubtime publishedat 发布日期 首发时间 firstpublished posttime issuedate ptime", DateKind.PUBLISHED),
        ("date time timestamp newstime 日期 datetime", DateKind.DAY),
        ("created createdat ctime datecreated 创建时间", DateKind.CREATED),
        ("updated updatedat lastmod datemodified 更新时间", DateKind.UPDATED),
        ("crawltime fetchedat savedat expires startdate 抓取时间 title 来源", DateKind.NONE),
    ],
)
def test_names_tell_what_a_date_is_of(names, kind):
    assert {name: date_kind(name) for name in names.split()} == dict.fromkeys(names.split(), kind)
