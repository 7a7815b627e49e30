"""The publishers behind addresses."""

import pytest

from indexer.extraction.publishers import known_publisher, without_site_name


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
    ("title", "headline"),
    [
        ("日股收低 – 法国国际广播电台 - RFI", "日股收低"),
        ("日股收低 - 今日经济", "日股收低 - 今日经济"),
        ("RFI", "RFI"),
        ("日股收低", "日股收低"),
    ],
)
def test_site_names_are_no_part_of_a_headline(title, headline):
    assert without_site_name(title) == headline
