"""What a robots.txt asks of programs, by the examples of RFC 9309 and as sites write them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fetching.robots import NOTHING_ALLOWED, read_rules

AGENT = "Xunwen/1.0"


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow: /", "/robots.txt", True),
        ("User-agent: *\nDisallow: /\nUser-agent: xunwen\nDisallow: /b", "/a", True),
        ("User-agent: XUNWEN/2\nDisallow: /a\nUser-agent: *\nDisallow:", "/a", False),
        ("User-agent: xunwen\n\nUser-agent: *\nDisallow: /a", "/a", False),
        ("User-agent: xunwen\nAllow: /\n\nUser-agent: xunwen\nDisallow: /a", "/a", False),
        ("User-agent: other\nDisallow: /", "/a", True),
        ("User-agent: *\nDisallow: /example/page/\nAllow: /example/page/ok.html", "/example/page/ok.html", True),
        ("User-agent: *\nAllow: /a\nDisallow: /a", "/a", True),
        ("User-agent: *\nDisallow: /*.gif$", "/b/a.gif", False),
        ("User-agent: *\nDisallow: /*.gif$", "/b/a.gif.html", True),
        ("User-agent: *\nDisallow: /*?share=", "/a?share=1", False),
        ("User-agent: *\nDisallow: /a*b*c", "/axxbxxc/d", False),
        ("User-agent: *\nDisallow: /%E6%96%B0", "/新闻", False),
        ("User-agent: *\nDisallow: /新", "/%e6%96%b0%e9%97%bb", False),
        ("User-agent: *\nDisallow: /a # nobody\nDisallow: /c", "/a", False),
        ("\ufeffUser-agent: *\r\nDisallow: /a", "/a", False),
        ("Disallow: /a", "/a", True),
        ("<!doctype html><title>404</title>", "/a", True),
    ],
)
def test_the_longest_rule_of_the_group_decides(rules: str, path: str, allowed: bool) -> None:
    assert read_rules(rules.encode(), AGENT).allow(f"https://a.example{path}") is allowed


def test_the_pause_is_that_of_the_group() -> None:
    assert read_rules(b"User-agent: *\nCrawl-delay: 2.5\nDisallow:", AGENT).delay == 2.5
    assert read_rules(b"User-agent: other\nCrawl-delay: 9\nUser-agent: *\nDisallow:", AGENT).delay == 0
    assert read_rules(b"User-agent: *\nCrawl-delay: soon", AGENT).delay == 0


def test_nothing_is_allowed_where_nobody_knows() -> None:
    assert not NOTHING_ALLOWED.allow("https://a.example/a?b") and not NOTHING_ALLOWED.allow("https://a.example")


@given(st.binary(), st.text())
def test_anything_is_read(data: bytes, path: str) -> None:
    read_rules(b"User-agent: *\nDisallow: " + data, AGENT).allow(f"https://a.example/{path}")


@given(st.text("ab*$", max_size=8), st.text("ab", max_size=12))
def test_a_path_means_what_its_pattern_means(path: str, address: str) -> None:
    path = path.replace("$", "") + "$" * path.endswith("$")
    pattern = re.escape("/" + path.removesuffix("$")).replace(re.escape("*"), ".*") + (
        "$" if path.endswith("$") else ""
    )
    rules = read_rules(f"User-agent: *\nDisallow: /{path}".encode(), AGENT)
    assert rules.allow(f"https://a.example/{address}") is (re.match(pattern, "/" + address) is None)
