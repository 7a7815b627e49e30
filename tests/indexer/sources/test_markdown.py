"""Markdown to the text that a reader sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction import parting
from indexer.sources import markdown


def text(source):
    return parting.prose(markdown.without_marks(markdown.to_html(source)))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("第一段。\n\n第二段：**重点**词*语*。\n\n第三段。", "第一段。\n第二段：重点词语。\n第三段。"),
        ("第一段\n接着。\n\n<!-- more -->\n\n第二段。", "第一段接着。\n第二段。"),
        ("## 小标题\n\n- 甲\n- 乙\n\n1. 丙", "小标题\n甲\n乙\n丙"),
        ("若 a<b 且 c>d，用 `vector<int>`。", "若 a<b 且 c>d，用 vector<int>。"),
        ("<Nature> 刊文", "<Nature> 刊文"),
        ("甲<br>乙&nbsp;丙", "甲\n乙 丙"),
        ("```c\nif (a<b)\n  x();\n```\n\n完", "if (a<b)\nx();\n完"),
        ("<div align=center>\n\n**居中**\n\n</div>\n\n下一段", "居中\n下一段"),
        ("[[人物/王毅|王毅]]见[[李强]]。![[图.png]]", "王毅见李强。"),
        ("[链接](https://a.example/) 和 ![图](x.png)", "链接 和"),
        ("{% highlight c %}\n甲\n{% endhighlight %}\n\n{{< figure src=x >}}\n\n乙\n{: .note}", "甲\n乙"),
        ("| 日期 | 水位 |\n|---|---|\n| 一日 | 三米 |", "日期 水位\n一日 三米"),
        ("> 引文\n> 续", "引文续"),
    ],
)
def test_markdown_becomes_paragraphs(source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("body", "is_page"),
    [
        ("<p>甲。</p><p>乙。</p>", True),
        ("<div>\n<p>甲。</p>\n\n<p>乙。</p></div>", True),
        ("<!-- x -->\n<img src=x>\n\n<p>甲</p>", True),
        ("甲。\n\n乙。<br>", False),
        ("<div>徽章</div>\n\n# 标题\n\n正文。", False),
        ("正文。\n\n<!--more-->\n\n更多。", False),
        ("", False),
    ],
)
def test_pieces_of_pages_are_told_from_markdown(body, is_page):
    assert markdown.is_html(body) == is_page


BULLETIN = """## 内容提要

1.甲；
2.乙

## 详细新闻

### 甲的标题

甲的正文。

### 乙的标题

#### 小节

乙的正文。
"""


def test_a_bulletin_is_cut_into_its_items():
    assert [(s.title, s.body) for s in markdown.sections("《新闻联播》 (20230808)", BULLETIN)] == [
        ("甲的标题", "甲的正文。"),
        ("乙的标题", "#### 小节\n\n乙的正文。"),
    ]


def test_what_stands_before_the_items_of_a_bulletin_is_kept():
    items = markdown.sections("江湾早报 2023-08-08", "今天是立秋。\n\n## 甲\n\n一。\n\n## 乙\n\n```\n## 丙\n```\n")
    assert [(item.title, item.body) for item in items] == [
        ("江湾早报 2023-08-08", "今天是立秋。"),
        ("甲", "一。"),
        ("乙", "```\n## 丙\n```"),
    ]


@pytest.mark.parametrize("title", ["我的一天 (20230808)", "早报", "读《日报》有感", ""])
def test_other_texts_with_headings_stay_whole(title):
    assert markdown.sections(title, BULLETIN) == []


@given(st.text(alphabet="甲乙 a1#*_`[]()<>!|-~\n{}%&\\", max_size=120))
def test_any_markdown_is_read(source):
    text(source)
    markdown.sections("新闻联播 20230808", source)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("老码头[^1]改造完工。\n\n[^1]: 建于一九二〇年。", "老码头改造完工。\n建于一九二〇年。"),
        ("甲[^注]。\n\n[^注]: 第一段\n\n    第二段\n\n乙。", "甲。\n乙。\n第一段\n第二段"),
        ("仓库^[即一号仓库。]改成书店。", "仓库改成书店。\n即一号仓库。"),
        ("甲。\n\n[^x]: 没有被引用的注释。", "甲。\n没有被引用的注释。"),
        ("没有[^定义]的注释。", "没有[^定义]的注释。"),
        ("`[^1]` 是代码", "[^1] 是代码"),
    ],
)
def test_footnotes_are_text_and_their_numbers_part_no_words(source, expected):
    assert text(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("![老码头全景](pier.jpg)", "老码头全景"),
        ("![甲地](a.jpg) ![乙地](b.jpg)\n\n正文。", "甲地\n乙地\n正文。"),
        ("文中有图![长江水位变化曲线](b.png)如上。", "文中有图如上。\n长江水位变化曲线"),
        ("- ![第一张照片](a.png)", "第一张照片"),
        ("[![新馆外景](a.png)](https://a.example)", "新馆外景"),
        (
            "![IMG_1234.jpg](a.jpg)![图片](b.jpg)![](c.jpg)![image-2](d.jpg)![在这里插入图片描述](e.png)\n\n正文。",
            "正文。",
        ),
    ],
)
def test_what_stands_for_a_picture_is_its_caption(source, expected):
    assert text(source) == expected
