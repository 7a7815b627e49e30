"""The publishers behind addresses."""

import pytest

from indexer.extraction.publishers import canonical, headline, known_publisher


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.zaobao.com/realtime/1", "联合早报"),
        ("http://ZAOBAO.com.sg:8080/1", "联合早报"),
        ("https://www.zaobao.com./1", "联合早报"),
        ("https://paper.people.com.cn/rmrb/1", "人民日报"),
        ("http://world.people.com.cn/1", "人民网"),
        ("https://notzaobao.com/1", ""),
        ("https://zaobao.com.evil.example/1", ""),
        ("https://example.org/", ""),
        ("not an address", ""),
        ("https://[::1", ""),
        ("", ""),
    ],
)
def test_hosts_and_their_subdomains_have_the_publishers_name(url, name):
    assert known_publisher(url) == name


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("金价下跌 | 路透", "金价下跌"),
        ("金价下跌 - BBC News 中文", "金价下跌"),
        ("法国罢工 - 要闻解说", "法国罢工"),
        ("法国罢工[国际]", "法国罢工"),
        ("[03版：要闻] 春耕开始了", "春耕开始了"),
        ("川普 - 拜登辩论", "川普 - 拜登辩论"),
        ("【一线采访】学生喊楼", "【一线采访】学生喊楼"),
        ("国际 - 要闻", "国际 - 要闻"),
        ("日股收低 – 法国国际广播电台 - RFI", "日股收低"),
        ("日股收低 - 今日经济", "日股收低 - 今日经济"),
        ("RFI", "RFI"),
        ("日股收低", "日股收低"),
    ],
)
def test_site_names_are_no_part_of_a_headline(title, expected):
    assert headline(title) == expected


@pytest.mark.parametrize(
    ("name", "one"),
    [("(臺)中央社CNA", "中央社"), ("经济学人en", "经济学人"), ("REUTERS", "路透"), ("河湾晚报", "河湾晚报"), ("", "")],
)
def test_a_publisher_of_many_names_has_one(name, one):
    assert canonical(name) == one
