"""Feeds in all their versions, encodings and states of repair."""

import json
from contextlib import suppress
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.errors import SourceError
from indexer.sources.feed import looks_like_feed, read_feed
from indexer.sources.json_feed import is_feed
from indexer.sources.readers.entries import mended_entries

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel>
  <title>江城晚报 - 全文订阅</title>
  <link>https://news.example.org/</link>
  <item>
    <title>台北下雨 &amp;amp; 降温</title>
    <link>/2024/1</link>
    <guid isPermaLink="false">no-1</guid>
    <pubDate>Fri, 05 Jan 2024 08:00:00 CST</pubDate>
    <description>这是摘要</description>
    <content:encoded><![CDATA[<p>这是全文的第一段，说的是今天的天气。</p><p>第二段。</p>]]></content:encoded>
  </item>
  <item>
    <title>无日期的新闻</title>
    <link>https://news.example.org/2024/2</link>
    <pubDate>昨天</pubDate>
    <description>只有摘要，没有全文。</description>
  </item>
</channel>
</rss>
"""


@pytest.fixture
def rss():
    return RSS.format(encoding="utf-8").encode()


def test_full_content_comes_before_the_summary(rss, when, now):
    first, second = read_feed(rss, **when).articles
    assert first.text == "这是全文的第一段，说的是今天的天气。\n第二段。"
    assert (first.title, first.url, first.guid) == ("台北下雨 & 降温", "https://news.example.org/2024/1", "no-1")
    assert first.published == datetime(2024, 1, 5, 0, 0, tzinfo=UTC)
    assert (first.discovered, first.language, first.source) == (now, "zh-Hans", "江城晚报 - 全文订阅")
    assert (second.text, second.published) == ("只有摘要，没有全文。", None)


@pytest.mark.parametrize("encoding", ["utf-8", "gb2312", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "GBK", "big5", "iso-8859-1", "no-such-thing"])
@pytest.mark.parametrize("header", [None, "utf-8", "gbk"])
def test_wrong_encoding_declarations_do_no_harm(encoding, declared, header, when):
    feed = read_feed(RSS.format(encoding=declared).encode(encoding), encoding=header, **when)
    assert feed.title == "江城晚报 - 全文订阅"
    assert [article.title for article in feed.articles] == ["台北下雨 & 降温", "无日期的新闻"]


def test_big5_without_any_declaration_is_read(when):
    text = "<rss><channel><title>東岸新聞</title><item><title>颱風登陸，學校停課一天</title></item></channel></rss>"
    feed = read_feed(text.encode("big5"), **when)
    assert (feed.title, feed.articles[0].title) == ("東岸新聞", "颱風登陸，學校停課一天")


def test_atom_is_read(when):
    atom = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh-TW"><title>財經</title><link href="https://econ.example.net/"/>
    <entry><title type="html">&lt;b&gt;央行&lt;/b&gt;升息</title><link rel="alternate" href="a/1"/><id>tag:1</id>
    <updated>2024-01-06T00:00:00Z</updated><published>2024-01-05T08:00:00+08:00</published><author><name>王小明</name></author>
    <summary>摘要</summary><content type="html">&lt;p&gt;全文在此。&lt;/p&gt;</content></entry></feed>"""
    (article,) = read_feed(atom.encode(), **when).articles
    assert (article.title, article.text, article.author) == ("央行升息", "全文在此。", "王小明")
    assert (article.url, article.guid) == ("https://econ.example.net/a/1", "tag:1")
    assert article.published == datetime(2024, 1, 5, tzinfo=UTC)


def test_rdf_and_rss_091_are_read(when):
    rdf = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
    xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>新闻</title></channel>
    <item rdf:about="https://example.org/1"><title>标题一</title><link>https://example.org/1</link>
    <dc:date>2024年1月5日 08:00</dc:date></item></rdf:RDF>"""
    (article,) = read_feed(rdf.encode(), **when).articles
    assert (article.title, article.published) == ("标题一", datetime(2024, 1, 5, tzinfo=UTC))
    old = "<rss version='0.91'><channel><title>旧</title><item><title>标题</title><link>https://example.org/2</link></item></channel></rss>"
    assert read_feed(old.encode(), **when).articles[0].url == "https://example.org/2"


def test_malformed_xml_is_read_as_far_as_it_goes(when):
    broken = (
        "\n\n  <?xml version='1.0'?><rss version='2.0'><channel><title>新闻 & 评论</title>"
        "<item><title>第一条 <未完</title><link>https://example.org/1?a=1&b=2</link><description>正文\x0b甲&nbsp;乙</description></item>"
        "<item><title>第二条</title><link>https://example.org/2</link>"
    )
    titles = [article.title for article in read_feed(broken.encode(), **when).articles]
    assert titles[-1] == "第二条"
    assert len(titles) == 2


def test_an_entity_bomb_does_not_explode(when):
    bomb = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
    <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><rss version="2.0"><channel><title>x</title>
    <item><title>标题</title><description>&c;</description></item></channel></rss>"""
    (article,) = read_feed(bomb.encode(), **when).articles
    assert len(article.text) < 1000


def test_outside_entities_are_not_opened(tmp_path, when):
    secret = tmp_path / "secret"
    secret.write_text("机密")
    text = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "{secret.as_uri()}">]>
    <rss version="2.0"><channel><title>x</title>
    <item><title>标题</title><description>&x;</description></item></channel></rss>"""
    assert "机密" not in read_feed(text.encode(), **when).articles[0].text


def test_the_publisher_is_known_by_its_host_before_the_feeds_title(when):
    text = RSS.format(encoding="utf-8").replace("https://news.example.org/2024/2", "https://www.rfi.fr/cn/2")
    assert [article.source for article in read_feed(text.encode(), **when).articles] == ["江城晚报 - 全文订阅", "法广"]


def test_the_readers_own_title_names_the_source(rss, when):
    assert read_feed(rss, title="我的晚报", **when).articles[0].source == "我的晚报"


def test_dates_without_a_zone_are_in_the_feeds_own(now):
    text = RSS.format(encoding="utf-8").replace("08:00:00 CST", "08:00:00")
    (first, _) = read_feed(text.encode(), zone=ZoneInfo("Europe/Paris"), now=now).articles
    assert first.published == datetime(2024, 1, 5, 7, 0, tzinfo=UTC)


def test_dangerous_addresses_are_dropped(when):
    text = RSS.format(encoding="utf-8").replace("https://news.example.org/2024/2", "javascript:alert(1)")
    assert read_feed(text.encode(), **when).articles[1].url == ""


def test_entries_with_nothing_in_them_are_counted(when):
    text = "<rss version='2.0'><channel><title>x</title><item><link>https://example.org/1</link></item></channel></rss>"
    feed = read_feed(text.encode(), **when)
    assert (feed.articles, feed.empty) == ((), 1)


def test_json_feed_is_read(when):
    value = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "《南洋新报》",
        "home_page_url": "https://nanyang.example.org/",
        "items": [
            {
                "id": 7,
                "url": "/story/7",
                "title": "冠病病例回升",
                "content_html": "<p>医院提醒年长者补打疫苗。</p>",
                "content_text": "不用这个",
                "date_published": "2024-12-09T11:40:00+08:00",
                "authors": [{"name": "陈"}, {"name": "李"}],
            },
            {"id": "8", "content_text": "只有文字。\n第二段。", "summary": "摘要"},
            "not an item",
        ],
    }
    first, second = read_feed(json.dumps(value).encode(), **when).articles
    assert (first.url, first.guid, first.text, first.author) == (
        "https://nanyang.example.org/story/7",
        "7",
        "医院提醒年长者补打疫苗。",
        "陈、李",
    )
    assert (first.source, first.published) == ("《南洋新报》", datetime(2024, 12, 9, 3, 40, tzinfo=UTC))
    assert (second.title, second.text) == ("只有文字。", "只有文字。\n第二段。")


@pytest.mark.parametrize(
    "data", [b"", b"<html><body>404</body></html>", b"plain", b"{}", b"{", b'{"items": 3}', b"[1]", b"\x00\x01\x02"]
)
def test_what_is_no_feed_is_refused(data, when):
    with pytest.raises(SourceError):
        read_feed(data, **when)


def test_feeds_are_recognised_behind_what_may_stand_before_them():
    assert looks_like_feed(
        "\n<?xml version='1.0'?>\n<!-- x --><!DOCTYPE rss>\n<?xml-stylesheet href='a'?><rss version='2.0'>"
    )
    assert looks_like_feed("<atom:feed xmlns:atom='http://www.w3.org/2005/Atom'>")
    assert not looks_like_feed("<html><rss>")
    assert not is_feed({"title": "x"})


chunks = st.lists(
    st.sampled_from(
        [
            "<rss version='2.0'>",
            "<channel>",
            "<item>",
            "</item>",
            "<title>",
            "</title>",
            "<link>",
            "https://[::1",
            "<guid>",
            "&#xd800;",
            "<pubDate>2024年1月5日</pubDate>",
            "<![CDATA[",
            "]]>",
            "<description>",
            "&lt;p",
            "新闻",
            "\x00",
            "<!DOCTYPE",
            "<?",
            "xmlns:a='",
        ]
    ),
    max_size=30,
).map("".join)


@settings(max_examples=60)
@given(chunks)
def test_no_feed_raises_anything_but_a_source_error(text):
    with suppress(SourceError):
        read_feed(f"<rss>{text}".encode(), zone=ZoneInfo("Asia/Shanghai"), now=datetime(2026, 1, 1, tzinfo=UTC))


def feed_of(*items, link="https://kx.example/list/"):
    return (
        f"<rss version='2.0'><channel><title>快讯</title><link>{link}</link>{''.join(items)}</channel></rss>".encode()
    )


@pytest.mark.parametrize(
    ("item", "url", "guid"),
    [
        ("<guid isPermaLink='false'>3832800</guid>", "", "3832800"),
        ("<guid>3832800</guid>", "", "3832800"),
        ("<guid>快讯-5</guid>", "", "快讯-5"),
        ("<link>N/A</link><guid isPermaLink='false'>n3</guid>", "", "n3"),
        ("<link>null</link><guid>N/A</guid>", "", ""),
        ("<guid>https://kx.example/1</guid>", "https://kx.example/1", "https://kx.example/1"),
        ("<link>1</link><guid isPermaLink='false'>x</guid>", "https://kx.example/list/1", "x"),
        ("<link>/1</link><guid>/1</guid>", "https://kx.example/1", "/1"),
    ],
)
def test_a_guid_is_an_address_only_where_it_is_one(item, url, guid, when):
    (article,) = read_feed(feed_of(f"<item><title>雨</title>{item}</item>"), **when).articles
    assert (article.url, article.guid) == (url, guid)


def test_items_that_share_a_link_have_parts(when):
    show = "<item><title>{0}</title><link>https://kx.example/show</link><guid isPermaLink='false'>{0}</guid></item>"
    feed = read_feed(feed_of(show.format("甲"), show.format("乙")), **when)
    assert [article.part for article in feed.articles] == ["甲", "乙"]
    anchors = "<item><title>{0}</title><link>https://kx.example/day#{0}</link></item>"
    feed = read_feed(feed_of(anchors.format("a"), anchors.format("b")), **when)
    assert [article.part for article in feed.articles] == ["a", "b"]


def test_text_of_atom_is_text(when):
    atom = """<feed xmlns="http://www.w3.org/2005/Atom"><title>博客</title><entry>
    <title>读 &lt;Nature&gt; 与 &lt;b&gt;</title><id>urn:1</id>
    <content type="text">若 a&lt;b&gt; 且 list&lt;string&gt; 则。\n&lt;p&gt; 是标签。</content></entry></feed>"""
    (article,) = read_feed(atom.encode(), **when).articles
    assert (article.title, article.text) == ("读 <Nature> 与 <b>", "若 a<b> 且 list<string> 则。\n<p> 是标签。")


@pytest.mark.parametrize("content", ["<p></p>", "<img src='x.png'>", "<iframe src='x'></iframe>", "  "])
def test_the_body_with_text_wins(content, when):
    encoded = f"<content:encoded><![CDATA[{content}]]></content:encoded>"
    data = feed_of(f"<item><title>雨</title><description>今天下雨。</description>{encoded}</item>")
    data = data.replace(b"<rss", b"<rss xmlns:content='http://purl.org/rss/1.0/modules/content/'")
    assert read_feed(data, **when).articles[0].text == "今天下雨。"


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff\ufeff",
        "\n \ufeff\n",
        "<br />\n<b>Notice</b>:  Undefined index: id in <b>/www/rss.php</b> on line <b>12</b><br />\n",
        "PHP Warning:  mysql_connect(): too old in /www/a.php on line 3\n\n",
        "\nDeprecated: Function split() is deprecated in /a.php on line 9\n<?xml version='1.0'?>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_what_a_server_says_before_its_feed_does_no_harm(before, encoding, when):
    text = f"<?xml version='1.0' encoding='{encoding}'?>" if "<?xml" not in before else ""
    data = (before + text + feed_of("<item><title>今天下雨</title></item>").decode()).encode(encoding, "ignore")
    assert [article.title for article in read_feed(data, **when).articles] == ["今天下雨"]


def test_an_author_without_end_is_cut(when):
    data = feed_of(f"<item><title>雨</title><author>{'a.b@' * 100_000}</author></item>")
    assert len(read_feed(data, **when).articles[0].author) <= 200


ITEM = "<item><title>第{0}条</title><link>https://a.example/{0}</link><description>{1}</description></item>"
TWO = "<rss version='2.0'><channel><title>早报</title>" + ITEM.format(1, "正文一句。") + ITEM.format(2, "{}")
ATOM = (
    "<feed xmlns='http://www.w3.org/2005/Atom'><title>早报</title><entry><title>第1条</title><link href='https://a.example/1'/>"
    "<summary>正文一句。</summary></entry><entry><title>第2条</title><link href='https://a.example/2'/>"
    "<content type='html'>{}</content></entry>"
)


@pytest.mark.parametrize("feed", [TWO, ATOM])
@pytest.mark.parametrize(
    "body", ["写到一半，还有", "<![CDATA[<p>写到一半，</p><p>还有", "&lt;p&gt;写到一半，&lt;/p&gt;还有&am"]
)
def test_a_feed_that_breaks_off_is_read_as_far_as_it_goes_and_that_is_told(feed, body, when):
    start = feed[: feed.index("{}")] + body
    found = read_feed(start.encode(), **when)
    assert [article.title for article in found.articles] == ["第1条", "第2条"]
    assert found.articles[0].text == "正文一句。"
    assert "".join(found.articles[1].text.split()).startswith("写到一半，还有")
    ((number, reason),) = found.rejects
    assert number == 2 and "ends before its end" in reason and found.is_cut_off


@given(st.integers(60, len(TWO)))
def test_wherever_a_feed_is_cut_it_is_told(cut):
    found = read_feed(TWO.format("正文二句。")[:cut].encode(), zone=ZoneInfo("Asia/Shanghai"), now=datetime.now(UTC))
    assert found.is_cut_off


def test_a_whole_feed_is_not_told_to_be_cut(when):
    for end in ("</channel></rss>", "</channel></rss>\n<!-- 0.2 s -->", "</channel></RSS>\n\n"):
        assert not read_feed((TWO.format("完") + end).encode(), **when).rejects


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("AT&T 与 R&D", "AT&T 与 R&D"),
        ("AT&amp;T", "AT&T"),
        ("B&B；A & B", "B&B；A & B"),
        ("Johnson&Johnson;", "Johnson&Johnson;"),
    ],
)
def test_a_bare_ampersand_is_one(written, read, when):
    feed = TWO.replace("第2条", written).format("正文：" + written) + "</channel></rss>"
    article = read_feed(feed.encode(), **when).articles[1]
    assert (article.title, article.text) == (read, "正文：" + read)


def test_what_a_feed_burner_leads_through_is_not_the_address(when):
    feed = (
        "<rss version='2.0' xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><channel><title>早报</title><item>"
        "<title>雨</title><link>https://feeds.burner.example/~r/x/~3/abc/</link><description>下雨。</description>"
        "<feedburner:origLink>https://a.example/1</feedburner:origLink></item></channel></rss>"
    )
    (article,) = read_feed(feed.encode(), **when).articles
    assert article.url == "https://a.example/1"


def test_when_an_entry_was_updated_is_not_when_it_was_published(when):
    entry = "<entry><title>雨</title><id>urn:1</id>{}<updated>2024-02-01T00:00:00Z</updated></entry>"
    for published, expected in [
        ("<published>2024-01-05T08:00:00 08:00</published>", datetime(2024, 1, 5, tzinfo=UTC)),
        ("<published>昨天</published>", None),
        ("", datetime(2024, 2, 1, tzinfo=UTC)),
    ]:
        feed = f"<feed xmlns='http://www.w3.org/2005/Atom'><title>源</title>{entry.format(published)}</feed>"
        assert read_feed(feed.encode(), **when).articles[0].published == expected


def _entry(number):
    return (
        f"<item><title><![CDATA[新闻{number}]]></title><link>https://a.example/{number}</link>"
        f"<description>江边的老码头第{number}次改造完工。</description><guid>n{number}</guid></item>"
    )


NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAMAGE = {
    "a text that is left open": lambda entry: entry.replace("</description>", ""),
    "an entry that is left open": lambda entry: entry.replace("</item>", ""),
    "an entry without its beginning": lambda entry: entry.replace("<item>", ""),
    "a section that is left open": lambda entry: entry.replace("完工。", "<![CDATA[完工。"),
    "a title that is left open": lambda entry: entry.replace("]]></title>", "</title>"),
    "a comment that is left open": lambda entry: entry.replace("<guid>", "<!-- <guid>"),
    "half a tag": lambda entry: entry[: entry.index("<description>") + 5],
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_entry_takes_no_others_with_it_and_is_told(kind):
    entries = [DAMAGE[kind](_entry(n)) if n == 7 else _entry(n) for n in range(1, 21)]
    feed = f"<rss version='2.0'><channel><title>江城</title>{''.join(entries)}</channel></rss>"
    read = read_feed(feed.encode(), zone=UTC, now=NOW)
    whole = [(each.title, each.url, each.text) for each in read.articles if each.guid != "n7" and "7" not in each.title]
    expected = [(f"新闻{n}", f"https://a.example/{n}", f"江边的老码头第{n}次改造完工。") for n in range(1, 21)]
    assert [each for each in whole if each in expected] == [each for each in expected if "7" not in each[0]]
    assert [number for number, _ in read.rejects] == [7]
    assert not read.is_cut_off


@pytest.mark.parametrize(
    "between",
    ["", "<!-- <item><title>x</title></item> -->", "<!-- -- ", "\n<link href='x'>\n"],
)
def test_what_stands_between_entries_damages_none(between):
    feed = f"<rss><channel><title>江城</title>{between.join(map(_entry, range(1, 6)))}</channel></rss>"
    read = read_feed(feed.encode(), zone=UTC, now=NOW)
    assert [each.title for each in read.articles] == [f"新闻{n}" for n in range(1, 6)]
    assert read.rejects == ()


def test_entries_in_a_section_are_its_text():
    entry = (
        "<item><title>一</title><description><![CDATA[<p>写作 &lt;item> 或 </item><item> 。</p>]]></description></item>"
    )
    read = read_feed(f"<rss><channel>{entry}</channel></rss>".encode(), zone=UTC, now=NOW)
    assert [each.title for each in read.articles] == ["一"]
    assert read.rejects == ()


@given(
    st.lists(
        st.sampled_from(["<item>", "</item>", "<title>", "</title>", "<![CDATA[", "]]>", "<!--", "-->", "<", "新"])
    )
)
def test_mending_ends_and_changes_no_whole_entry(tokens):
    whole = "".join(map(_entry, range(3)))
    assert mended_entries(whole) == (whole, [])
    text, damaged = mended_entries(whole + "".join(tokens))
    assert text.startswith(whole[: whole.rindex("</item>")])
    assert damaged == sorted(set(damaged))
