"""Lists of addresses as people keep them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.fetching.address_list import read_list

A, B = "https://a.example/1", "https://b.example/2?x=1&y=2"


@pytest.mark.parametrize(
    "text",
    [
        f"{A}\n{B}\n",
        f"\ufeff# 新闻\r\n{A}\r\n\r\n{A}\r\n{B}",
        f"{A} {B}",
        f"# 今天\n\n- [甲]({A})\n- 乙：<{B}>。\n",
        f"读了{A}，还有（{B}）。",
        f'[甲][1] 和 [乙][2]\n\n[1]: {A} "甲"\n[2]: {B}\n',
        f"- [x] {A}\n- [ ] [{B}]({B})",
        f"<p><a href='{A}'>甲</a> <a href='mailto:x@a.example'>信</a> <a href='{B.replace('&', '&amp;')}'>乙</a>",
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV='Content-Type' CONTENT='text/html; charset=UTF-8'>\n"
        f"<DL><p><DT><H3>新闻</H3><DL><p><DT><A HREF='{A}' ADD_DATE='1'>甲</A>"
        f"<DT><A HREF='javascript:void(0)'>脚本</A><DT><A HREF='{B.replace('&', '&amp;')}'>乙</A></DL></DL>",
        f"<opml version='2.0'><body><outline text='甲' htmlUrl='x' xmlUrl='{A}'/>"
        f"<outline text='乙' xmlUrl='{B.replace('&', '&amp;')}'/></body></opml>",
        f'title,url,time_added\n甲,{A},1\n"乙, 丙",{B},2\n',
        f"标题;链接\n甲;{A}\n乙;{B}\n",
        f"Name\tPage URL\n甲\t{A}\n乙\t{B}\n",
        f"url\n{A}\n{B}\n",
        f'[{{"title": "甲", "url": "{A}"}}, {{"url": "{B}"}}]',
    ],
)
def test_every_address_of_a_list_is_taken_once_in_order(text: str) -> None:
    found = read_list(text.encode(), "list")
    assert found.addresses == (A, B)
    assert found.rejects == ()


def test_a_bare_list_names_its_other_lines() -> None:
    found = read_list(f"# 新闻\n\n{A}\n{A}\nftp://b.example\n随便\n".encode(), "list.txt")
    assert found.addresses == (A,)
    assert [each.path for each in found.rejects] == ["list.txt:5", "list.txt:6"]


def test_a_table_names_its_cells_that_are_no_addresses() -> None:
    found = read_list(f"url,title\n{A},甲\nfile:///etc/passwd,乙\n,丙\n".encode(), "list.csv")
    assert found.addresses == (A,)
    assert [each.path for each in found.rejects] == ["list.csv:3"]


def test_a_list_in_another_encoding_is_read() -> None:
    assert read_list(f"标题,网址\n江边的老码头,{A}\n".encode("gb18030"), "list").addresses == (A,)


@pytest.mark.parametrize("text", ["", "\n", "没有地址", "<html><p>没有</p></html>", "url,title\n,甲\n", "ftp://a"])
def test_a_list_without_addresses_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="allowed: a line for each address"):
        read_list(text.encode(), "list.txt")


@given(st.text(), st.sampled_from(["", "url,a\n", "<a href='", "[x](", "# "]))
def test_any_text_is_a_list_or_is_refused(text: str, before: str) -> None:
    try:
        found = read_list((before + text).encode("utf-8", "replace"), "list")
    except SourceError:
        return
    assert found.addresses and all(url.lower().startswith("http") for url in found.addresses)
