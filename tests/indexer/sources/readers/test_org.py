"""Notes in Org mode."""

import pytest


@pytest.mark.parametrize(
    "note",
    [
        "#+TITLE: 老码头\n#+DATE: <2024-01-05 Fri 08:00>\n#+AUTHOR: 张三\n\n"
        "江边的老码头\n改造完工。\n\n* 书店\n仓库改成了书店。\n",
        "#+title: 老码头\n#+date: [2024-01-05 五 08:00]\n#+author: 张三\n#+OPTIONS: toc:nil\n"
        "# 备注\n江边的老码头改造完工。\n"
        "* DONE 书店 :甲:乙:\nCLOSED: [2024-02-01]\n仓库改成了[[https://a.example][书店]]。\n",
        "* 老码头\n:PROPERTIES:\n:CREATED: [2024-01-05 周五 08:00]\n:AUTHOR: 张三\n:END:\n"
        "江边的老码头改造完工。\n** 书店\n- 仓库改成了书店。\n",
    ],
)
def test_a_note_is_an_article(read_file, note):
    (article,) = read_file("note.org", note)
    assert (article.title, article.author) == ("老码头", "张三")
    assert article.text == "江边的老码头改造完工。\n书店\n仓库改成了书店。"
    assert article.published.isoformat() == "2024-01-05T00:00:00+00:00"


def test_a_clipping_has_its_address(read_file):
    (article,) = read_file("note.org", "#+TITLE: 老码头\n#+SOURCE: https://a.example/1\n\n改造完工。\n")
    assert (article.url, article.source) == ("https://a.example/1", "a.example")
