from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.archive import article_id, normalise_url
from indexer.article import Article


@pytest.mark.parametrize(
    ("read", "normal"),
    [
        ("https://www.example.com/a/1.html", "https://www.example.com/a/1.html"),
        ("HTTPS://WWW.Example.COM/A", "https://www.example.com/A"),
        ("http://example.com/a", "https://example.com/a"),
        ("//example.com/a", "https://example.com/a"),
        (" https://example.com/a\n", "https://example.com/a"),
        ("https://example.com./a", "https://example.com/a"),
        ("http://example.com:80/a", "https://example.com/a"),
        ("https://example.com:443/a", "https://example.com/a"),
        ("http://example.com:443/a", "https://example.com:443/a"),
        ("http://[2001:db8::1]:8080/a", "https://[2001:db8::1]:8080/a"),
        ("https://example.com/a#comments", "https://example.com/a"),
        ("https://example.com/#!/news/1", "https://example.com/#!/news/1"),
        ("https://example.com/a?utm_source=rss&id=7&fbclid=x", "https://example.com/a?id=7"),
        ("https://example.com/a?UTM_Medium=x", "https://example.com/a"),
        ("https://example.com/a?utmost=1", "https://example.com/a?utmost=1"),
        ("https://example.com/a?b=2&a=1&&", "https://example.com/a?b=2&a=1"),
        ("https://example.com/新闻", "https://example.com/%E6%96%B0%E9%97%BB"),
        ("https://example.com/%e6%96%b0%e9%97%bb", "https://example.com/%E6%96%B0%E9%97%BB"),
        ("https://example.com/%7Ea%2Fb", "https://example.com/~a%2Fb"),
        ("https://example.com/100%", "https://example.com/100%25"),
        ("https://example.com/a(b)", "https://example.com/a(b)"),
        ("https://me:pw@example.com/a", "https://me:pw@example.com/a"),
        ("https://example.com", ""),
        ("https://example.com/?utm_source=rss", ""),
        ("", ""),
        ("tag:example.com,2024:1", "tag:example.com,2024:1"),
        ("http://[broken/a", "http://[broken/a"),
        ("http://example.com:99999/a", "http://example.com:99999/a"),
    ],
)
def test_addresses_of_one_article_are_one(read: str, normal: str) -> None:
    assert normalise_url(read) == normal


@given(
    st.text()
    | st.builds(
        "{}{}/{}?{}#{}".format,
        st.sampled_from(["http://", "https://", "//", "ftp://", ""]),
        st.sampled_from(["例子.中国", "EXAMPLE.com:80", "user@example.com:8080", "[::1]"]),
        *[st.text("ab%41zZ/é新~&=?#! +\\", max_size=12)] * 3,
    )
)
def test_a_normal_address_stays_as_it_is(url: str) -> None:
    normal = normalise_url(url)
    assert normalise_url(normal) == normal


@given(st.builds(Article, url=st.text(), title=st.text(), text=st.text(), guid=st.text(), source=st.text()))
def test_ids_are_sixteen_hex_digits(article: Article) -> None:
    assert re.fullmatch("[0-9a-f]{16}", article_id(article))


def test_the_same_article_has_the_same_id_whatever_it_says_now() -> None:
    first = Article(url="http://example.com/1", title="旧标题", text="旧文", guid="a")
    later = Article(url="https://EXAMPLE.com/1#top", title="新标题", text="新文", guid="b")
    assert article_id(first) == article_id(later)


def test_a_guid_counts_within_its_source_when_there_is_no_address() -> None:
    one = Article(url="", title="甲", text="", guid="17", source="联合早报")
    assert article_id(one) == article_id(Article(url="", title="乙", text="", guid="17", source="联合早报"))
    assert article_id(one) != article_id(Article(url="", title="甲", text="", guid="17", source="中央社"))


def test_without_address_and_guid_the_words_are_the_identity() -> None:
    one = Article(url="", title="标题", text="正文")
    assert article_id(one) == article_id(Article(url="https://example.com/", title="标题", text="正文"))
    assert article_id(one) != article_id(Article(url="", title="标题", text="正文。"))
    assert article_id(one) != article_id(Article(url="", title="标", text="题正文"))
