"""Subscription lists, in and out."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources.opml import Outline, read_opml, write_opml

titles = st.text(alphabet="新闻&<>\"' ab", max_size=12).map(lambda text: " ".join(text.split()))
outlines = st.lists(
    st.builds(
        Outline, url=st.text(alphabet="ab&=?;\"'<", max_size=10).map("https://example.org/{}".format), title=titles
    ),
    max_size=6,
    unique_by=lambda outline: outline.url,
)


@given(outlines)
def test_a_written_list_is_read_again(feeds):
    read = read_opml(write_opml(feeds).encode())
    assert read.feeds == tuple(Outline(feed.url, feed.title or feed.url) for feed in feeds)
    assert not read.refused


@given(outlines, st.lists(st.sampled_from(("", "健康", '<"早&晚">')), min_size=6, max_size=6))
def test_a_written_list_keeps_its_folders(feeds, folders):
    filed = [replace(feed, folder=folder) for feed, folder in zip(feeds, folders, strict=False)]
    read = read_opml(write_opml(filed).encode())
    assert {feed.url: feed.folder for feed in read.feeds} == {feed.url: feed.folder for feed in filed}


def test_feeds_stand_in_their_innermost_folder_and_repeated_ones_come_once():
    text = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>列表</title></head><body>
    <outline text="新闻"><outline type="rss" text="早报" xmlUrl="https://example.org/1"/>
    <outline title="晚报" text="x" xmlurl="https://example.org/2?a=1&b=2"/></outline>
    <outline text="城市"><outline text="江城"><outline text="午报" xmlUrl="https://example.org/3"></outline></outline>
    <outline text="夜报" xmlUrl="https://example.org/4"/></outline><outline text="周报" xmlUrl="https://example.org/5"/>
    <outline text="又是早报" xmlUrl="https://example.org/1"/><outline text="没有地址"/>
    <outline text="坏" xmlUrl="javascript:alert(1)"/></body></opml>"""
    read = read_opml(text.encode())
    assert read.feeds == (
        Outline("https://example.org/1", "早报", folder="新闻"),
        Outline("https://example.org/2?a=1&b=2", "晚报", folder="新闻"),
        Outline("https://example.org/3", "午报", folder="江城"),
        Outline("https://example.org/4", "夜报", folder="城市"),
        Outline("https://example.org/5", "周报"),
    )
    assert read.refused == (Outline("javascript:alert(1)", "坏"),)


def test_a_list_in_another_encoding_is_read():
    text = '<?xml version="1.0" encoding="gb2312"?><opml><body><outline text="江城日报的新闻" xmlUrl="http://example.org/"/></body></opml>'
    assert read_opml(text.encode("gb2312")).feeds == (Outline("http://example.org/", "江城日报的新闻"),)


@pytest.mark.parametrize(
    ("outline", "url", "title"),
    [
        ('text="x" xmlUrl="https://a.example/rss?a=1&b=2"', "https://a.example/rss?a=1&b=2", "x"),
        ('text="x" xmlUrl="https://a.example/rss?a=1&amp;copy=2&lt=3"', "https://a.example/rss?a=1&copy=2&lt=3", "x"),
        ('text="他说"好"了" xmlUrl="https://a.example/"', "https://a.example/", '他说"好"了'),
        ("text='a > b' xmlUrl='https://a.example/'", "https://a.example/", "a > b"),
        ('title="x" xmlUrl=https://a.example/rss', "https://a.example/rss", "x"),
        ('title="x" xmlUrl = "https://a.example/"', "https://a.example/", "x"),
        ('title="x" url="https://a.example/"', "https://a.example/", "x"),
        ('title="x"xmlURL="https://a.example/"', "https://a.example/", "x"),
        ('title="x" xmlUrl="feed:https://a.example/"', "https://a.example/", "x"),
        ('title="x" xmlUrl="feed://https://a.example/"', "https://a.example/", "x"),
        ('title="x" xmlUrl="feed://a.example/"', "http://a.example/", "x"),
        ('title="&#26032;闻" xmlUrl="https://a.example/"', "https://a.example/", "新闻"),
    ],
)
@pytest.mark.parametrize(
    "prologue",
    ["", "<?xml version='1.0'?>\n<?xml-stylesheet href='a.xsl'?>", "<!-- x --><!DOCTYPE opml SYSTEM 'opml.dtd'>"],
)
@pytest.mark.parametrize("end", ["/>", ">", "></outline>"])
def test_lists_written_by_hand_are_read(outline, url, title, prologue, end):
    read = read_opml(f"{prologue}<opml><body><outline {outline}{end}</body></opml>".encode())
    assert (read.feeds, read.refused) == ((Outline(url, title),), ())


@pytest.mark.parametrize("address", ["rsshub://weibo/user/1", "ftp://a.example/", "x", "https://[::1"])
def test_an_address_that_cannot_be_followed_is_told(address):
    read = read_opml(f'<opml><outline title="甲" xmlUrl="{address}"/><outline xmlUrl="https://b.example/"/>'.encode())
    assert read.refused == (Outline(address, "甲"),)
    assert [feed.url for feed in read.feeds] == ["https://b.example/"]


def test_an_outline_whose_address_cannot_be_read_is_told():
    read = read_opml(b'<opml><outline title="x" xmlUrl="https://a.example/>')
    assert read.feeds == ()
    assert "a.example" in read.refused[0].url


def test_links_to_pages_are_no_feeds():
    assert not read_opml(b'<opml><outline type="link" text="x" url="https://a.example/"/>').feeds


@given(st.text(alphabet="<>outline xmlUrl='\"=&!-[]/ a新\n", max_size=200))
def test_any_list_is_read_as_far_as_it_goes(text):
    read_opml(f"<opml>{text}".encode())


@pytest.mark.parametrize("data", [b"", b"<!-- x -->" * 2_000, b"<rss/>", b"text", b"<html><opml/></html>"])
def test_what_is_no_list_is_refused(data):
    with pytest.raises(SourceError):
        read_opml(data)


def test_outside_entities_are_not_opened(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    text = """<opml><body><outline text="x" xmlUrl="https://example.org/"/></body></opml>"""
    bomb = f'<?xml version="1.0"?><!DOCTYPE opml [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + text.replace(
        '"x"', '"&x;"'
    )
    try:
        feeds = read_opml(bomb.encode())
    except SourceError:
        return
    assert "机密" not in str(feeds)
