"""Addresses: what may be followed, whose they are, and which lead to the same article."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.urls import fold, fragment_of, host_of, normalise, public, site_of, web_address


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
    assert normalise(read) == normal


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
    normal = normalise(url)
    assert normalise(normal) == normal


def test_other_hosts_stand_for_themselves():
    assert site_of("https://www.example.org/1") == "example.org"
    assert site_of("https://news.example.org/1") == "news.example.org"


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
        ("N/A", "https://example.org/list/", ""),
        ("null", "https://example.org/", ""),
        (" # ", "https://example.org/", ""),
    ],
)
def test_only_web_addresses_are_kept(raw, base, address):
    assert web_address(raw, base) == address


@given(st.text(), st.text())
def test_no_address_raises(raw, base):
    address = web_address(raw, base)
    assert address == "" or address.lower().startswith(("http://", "https://"))
    host_of(raw)


WECHAT = "https://mp.weixin.qq.com/s?__biz=MzA1TEST&mid=2650000001&idx=1&sn=0123456789abcdef"


@pytest.mark.parametrize(
    "urls",
    [
        (WECHAT, WECHAT.replace("https", "http") + "&chksm=f00d&scene=27#wechat_redirect", WECHAT + "&lang=zh_CN#rd"),
        (
            WECHAT,
            "https://mp.weixin.qq.com/s?scene=1&sn=0123456789abcdef&idx=1&mid=2650000001&__biz=MzA1TEST&sessionid=7",
        ),
        ("https://mp.weixin.qq.com/s/AbC_d-1", "https://mp.weixin.qq.com/s/AbC_d-1?scene=25&key=x#rd"),
        (
            "https://www.bilibili.com/video/BV1xx411c7mD",
            "https://www.bilibili.com/video/BV1xx411c7mD/?spm_id_from=333.1007&vd_source=0f",
            "https://bilibili.com/video/BV1xx411c7mD?share_source=copy_web&share_medium=android&buvid=Z#reply114",
        ),
        ("https://weibo.com/1234567890/Mabc?from=page_100&wvr=6&mod=weibotime", "http://weibo.com/1234567890/Mabc"),
        ("https://m.weibo.cn/status/4900?sourceType=weixin&wm=9", "https://m.weibo.cn/status/4900"),
        (
            "https://www.zhihu.com/question/12/answer/34?utm_psn=1&share_code=k",
            "https://zhihu.com/question/12/answer/34/",
        ),
        ("https://zhuanlan.zhihu.com/p/99?utm_id=0", "https://zhuanlan.zhihu.com/p/99"),
        (
            "https://new.qq.com/rain/a/20240105A01",
            "https://new.qq.com/rain/a/20240105A01?suid=8&media_id=5&web_channel=x",
        ),
        ("https://view.inews.qq.com/a/NEW20240105?shareto=wx", "https://view.inews.qq.com/a/NEW20240105"),
        ("https://www.toutiao.com/article/7320/?log_from=a&wid=2", "https://www.toutiao.com/article/7320"),
        ("https://www.sohu.com/a/749_120?scm=10&spm=smpc", "http://sohu.com/a/749_120"),
        ("https://baijiahao.baidu.com/s?id=17&wfr=spider&for=pc", "https://baijiahao.baidu.com/s?for=pc&id=17"),
        ("https://news.example.cn/a.html?from=timeline&isappinstalled=0", "https://news.example.cn/a.html"),
        ("https://blog.example/posts/001", "http://blog.example/posts/001/", "https://www.blog.example/posts/001"),
        ("https://news.example/1?id=3", "https://news.example/1/?id=3&at_medium=RSS&ocid=wsnews#comments"),
    ],
    ids=lambda urls: urls[0],
)
def test_all_ways_to_an_article_are_one(urls):
    assert len(set(map(fold, urls))) == 1
    assert fold(urls[0])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (WECHAT, WECHAT.replace("mid=2650000001", "mid=2650000002")),
        (WECHAT, WECHAT.replace("idx=1", "idx=2")),
        ("https://mp.weixin.qq.com/s?src=11&signature=a", "https://mp.weixin.qq.com/s?src=11&signature=b"),
        ("https://www.bilibili.com/video/BV1xx?p=1", "https://www.bilibili.com/video/BV1xx?p=2"),
        ("https://weibo.com/1/A", "https://weibo.com/2/A"),
        ("https://news.example/?id=1", "https://news.example/?id=2"),
        ("https://news.example/show?from=a", "https://news.example/show?from=b"),
        ("https://news.example/a", "https://m.news.example/a"),
        ("https://news.example/#!/a", "https://news.example/#!/b"),
        ("https://news.example/A", "https://news.example/a"),
    ],
)
def test_other_articles_have_other_addresses(one, other):
    assert fold(one) != fold(other)


@given(
    st.builds(
        "{}{}{}?{}#{}".format,
        st.sampled_from(["http://", "https://", "//", "ftp://", "https://www."]),
        st.sampled_from(["mp.weixin.qq.com/s", "例子.中国/", "www.a.example/x/", "bilibili.com/video/BV1", "[::1]/"]),
        st.text("ab/é新 ", max_size=6),
        st.text("ab&=?__biz mid idx=1%新p", max_size=30),
        st.text("!/ab#", max_size=4),
    )
    | st.text()
)
def test_a_folded_address_stays_as_it_is_and_is_that_of_its_normal_form(url):
    assert fold(fold(url)) == fold(url)
    assert fold(normalise(url)) == fold(url)


@pytest.mark.parametrize(
    ("url", "fragment"),
    [
        ("https://example.org/a#item-2", "item-2"),
        ("https://example.org/a#wechat_redirect", ""),
        ("https://example.org/a#rd", ""),
        ("https://example.org/a#comments", ""),
        ("https://example.org/a#xtor=RSS-1", ""),
        ("https://example.org/#!/a", ""),
        ("https://example.org/a#", ""),
        ("", ""),
    ],
)
def test_fragments_that_name_an_item(url, fragment):
    assert fragment_of(url) == fragment


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://例子.测试/a", "https://xn--fsqu00a.xn--0zwm56d/a/"),
        ("http://www.例子.测试:8080/a?b=1", "https://xn--fsqu00a.xn--0zwm56d:8080/a?b=1"),
        ("https://bücher.example/x", "https://xn--bcher-kva.example/x"),
        ("https://user@例子.测试/x", "https://user@xn--fsqu00a.xn--0zwm56d/x"),
    ],
)
def test_an_international_name_is_the_same_in_both_spellings(one, other):
    assert fold(one) == fold(other)


def test_a_name_that_has_no_other_spelling_stays():
    assert fold(f"https://{'例' * 80}.example/a") == f"https://{'例' * 80}.example/a"


@pytest.mark.parametrize(
    ("raw", "base", "found"),
    [
        ("/a/1", "https://usr:secretpw@news.example/feed.xml?token=T", "https://news.example/a/1"),
        ("art2", "https://usr@news.example/in/feed.xml", "https://news.example/in/art2"),
        ("#3", "https://news.example/feed.xml?token=T", "https://news.example/feed.xml#3"),
        ("#3", "https://news.example/feed.xml?channel=7", "https://news.example/feed.xml?channel=7#3"),
        ("?id=3", "https://u:p@news.example/feed?key=T", "https://news.example/feed?id=3"),
    ],
)
def test_what_is_secret_in_the_address_of_a_feed_stays_there(raw: str, base: str, found: str) -> None:
    assert web_address(raw, base) == found


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://bob:pw@news.example/s?a=1", "https://news.example/s?a=1"),
        ("HTTPS://bob@news.example", "HTTPS://news.example"),
        ("https://bank.example@evil.example/", "https://evil.example/"),
        ("https://news.example/@bob/1?mail=a@b", "https://news.example/@bob/1?mail=a@b"),
        ("https://news.example?x=a@b", "https://news.example?x=a@b"),
        ("tag:news.example,2020:a@b", "tag:news.example,2020:a@b"),
        ("", ""),
    ],
)
def test_nobody_is_named_before_the_host(address: str, shown: str) -> None:
    assert public(address) == shown
