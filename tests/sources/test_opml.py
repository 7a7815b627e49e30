"""Subscription lists, in and out."""

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
    assert read_opml(write_opml(feeds).encode()) == [Outline(feed.url, feed.title or feed.url) for feed in feeds]


def test_folders_are_flattened_and_repeated_feeds_come_once():
    text = """<?xml version="1.0" encoding="UTF-8"?><opml version="1.0"><head><title>列表</title></head><body>
    <outline text="新闻"><outline type="rss" text="早报" xmlUrl="https://example.org/1"/>
    <outline title="晚报" text="x" xmlurl="https://example.org/2?a=1&b=2"/></outline>
    <outline text="又是早报" xmlUrl="https://example.org/1"/><outline text="没有地址"/>
    <outline text="坏" xmlUrl="javascript:alert(1)"/></body></opml>"""
    feeds = read_opml(text.encode())
    assert feeds[0] == Outline("https://example.org/1", "早报")
    assert [feed.title for feed in feeds] == ["早报", "晚报"]


def test_a_list_in_another_encoding_is_read():
    text = '<?xml version="1.0" encoding="gb2312"?><opml><body><outline text="江城日报的新闻" xmlUrl="http://example.org/"/></body></opml>'
    assert read_opml(text.encode("gb2312")) == [Outline("http://example.org/", "江城日报的新闻")]


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
