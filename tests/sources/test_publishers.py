"""Addresses and the publishers behind them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.publishers import host_of, known_publisher, web_address, without_site_name


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


def test_other_hosts_stand_for_themselves():
    assert host_of("https://www.example.org/1") == "example.org"
    assert host_of("https://news.example.org/1") == "news.example.org"


@pytest.mark.parametrize(
    ("raw", "base", "address"),
    [
        (" https://example.org/a b\n", "", "https://example.org/ab"),
        ("/1", "https://example.org/feed/", "https://example.org/1"),
        ("//cdn.example.org/1", "https://example.org/", "https://cdn.example.org/1"),
        ("/1", "", ""),
        ("java\tscript:alert(1)", "https://example.org/", ""),
        ("data:text/html,x", "", ""),
        ("ftp://example.org/1", "", ""),
        ("https://", "", ""),
        ("https://[::1", "", ""),
        ("", "https://example.org/", ""),
    ],
)
def test_only_web_addresses_are_kept(raw, base, address):
    assert web_address(raw, base) == address


@given(st.text(), st.text())
def test_no_address_raises(raw, base):
    address = web_address(raw, base)
    assert address == "" or address.lower().startswith(("http://", "https://"))
    host_of(raw)


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
