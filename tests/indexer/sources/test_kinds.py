"""What people keep, kind by kind: small inputs made up by a stranger, and what their owner would expect."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest

from indexer.archive import Archive
from indexer.sources import read

WATER = "青浦区水务局昨日通知，因老旧管网改造，白鹤镇三个村将于本周五夜间停水六小时，居民可提前储水备用。"
RAIN = "施工单位表示，若遇降雨将顺延一天，届时通过村广播和短信另行告知，请大家相互转告。"
PIPES = "据了解，这段管网铺设于一九八八年，已多次爆裂，去年冬天曾造成学校停课两日。"
TWO, PARAGRAPHS = f"{WATER}\n{RAIN}", f"{WATER}\n\n{RAIN}\n"
TITLE, MOMENT = "白鹤镇停水通知", datetime(2021, 3, 3, 1, 0, tzinfo=UTC)
DAY = datetime(2021, 3, 3, tzinfo=timezone(timedelta(hours=8)))
MENU = "<nav><a href='/'>首页</a> <a href='/news'>新闻</a> <a href='/x'>财经</a></nav>"
FOOT = "<footer>版权所有 白鹤晨报 沪ICP备00000000号 <a href='/about'>关于我们</a></footer>"
ARTICLE = f"<article><h1>{TITLE}</h1><p>{WATER}</p><p>{RAIN}</p><p>{PIPES}</p></article>"


@pytest.fixture
def found(tmp_path, when):
    """The articles that are found in files: of each the name, and a text or bytes."""

    def find(files):
        for name, data in files.items():
            path = tmp_path / "in" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return list(read([tmp_path / "in"], **when))

    return find


@pytest.fixture
def kept(tmp_path, found):
    """Those that an archive has after their import."""

    def keep(files):
        with Archive(tmp_path / "archive.sqlite3") as archive:
            archive.put(found(files))
            return list(archive.iterate())

    return keep


def feed(*items):
    whole = "".join(f"<item>{item}</item>" for item in items)
    return (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>白鹤晨报</title><link>https://baihe.example/</link>{whole}</channel></rss>"
    )


def item(title=TITLE, body=WATER, more=""):
    return f"<title>{title}</title><description><![CDATA[{body}]]></description>{more}"


def page(head="", body=ARTICLE):
    return (
        f"<!DOCTYPE html><html lang='zh-CN'><head><meta charset='utf-8'><title>{TITLE} - 白鹤晨报</title>{head}</head>"
        f"<body>{MENU}{body}{FOOT}</body></html>"
    )


def front(lines, body=PARAGRAPHS):
    return f"---\n{lines}\n---\n\n{body}"


def line(**members):
    return json.dumps(members, ensure_ascii=False)


@pytest.mark.parametrize(
    "items",
    [
        [item(f"第{n}期", f"{WATER}{n}", f"<link>https://b.example/show</link><guid>ep-{n}</guid>") for n in range(3)],
        [item(f"快讯{n}", f"{WATER}{n}", "<link>https://b.example/flash.html</link>") for n in range(3)],
        [item(f"公告{n}", f"{WATER}{n}", f"<link>https://b.example/day?d=1#item-{n}</link>") for n in range(3)],
    ],
)
def test_items_that_share_a_link_are_articles_each(items, kept):
    assert len(kept({"feed.xml": feed(*items)})) == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        (
            "starred.json",
            line(
                id="user/-/state/com.google/starred",
                title="Starred",
                items=[
                    {
                        "id": "tag:google.com,2005:reader/item/0001",
                        "title": TITLE,
                        "published": 1614733200,
                        "canonical": [{"href": "https://baihe.example/1"}],
                        "summary": {"direction": "ltr", "content": f"<p>{WATER}</p><p>{RAIN}</p>"},
                        "author": "沈小芸",
                        "origin": {"title": "白鹤晨报", "htmlUrl": "https://baihe.example/"},
                    }
                ],
            ),
        ),
        (
            "array.json",
            json.dumps(
                [
                    {
                        "标题": TITLE,
                        "正文": TWO,
                        "发布时间": "2021-03-03 09:00:00",
                        "链接": "https://baihe.example/1",
                        "来源": "白鹤晨报",
                        "作者": "沈小芸",
                    }
                ]
            ),
        ),
        (
            "nested.json",
            line(
                code=0,
                data={
                    "list": [
                        {
                            "news_title": TITLE,
                            "news_content": TWO,
                            "publish_time": "2021-03-03T09:00:00+08:00",
                            "news_url": "https://baihe.example/1",
                            "media_name": "白鹤晨报",
                            "author_name": "沈小芸",
                        }
                    ]
                },
            ),
        ),
        (
            "lines.jsonl",
            line(
                headline=TITLE,
                body=TWO,
                timestamp=1614733200000,
                permalink="https://baihe.example/1",
                byline="记者 沈小芸",
                publisher="白鹤晨报",
            ),
        ),
        (
            "table.csv",
            "\ufeff标题,链接,发布时间,来源,作者,内容\r\n"
            f'{TITLE},https://baihe.example/1,2021/3/3 09:00,白鹤晨报,沈小芸,"{WATER}\n{RAIN}"\r\n',
        ),
    ],
)
def test_what_other_programs_write_is_read_with_all_its_members(name, data, found):
    (article,) = found({name: data})
    assert (article.title, article.text) == (TITLE, TWO)
    assert (article.published, article.url) == (MOMENT, "https://baihe.example/1")
    assert (article.source, article.author) == ("白鹤晨报", "沈小芸")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("posts/2021/03/03/tongzhi.md", f"# {TITLE}\n\n{WATER}\n"),
        ("20210303-停水.txt", f"{TITLE}\n\n{WATER}\n"),
        ("2021年3月3日 停水.md", f"# {TITLE}\n\n{WATER}\n"),
        ("_posts/2021-03-03-water.markdown", front(f'layout: post\ntitle: "{TITLE}"\ncategories: news')),
        ("a.md", front(f"标题: {TITLE}\n日期: 2021-03-03\n链接: https://baihe.example/1")),
        ("a.md", f"title:: {TITLE}\ndate:: [[2021-03-03]]\n\n- {WATER}\n- {RAIN}\n"),
        ("a.html", page('<meta name="publishdate" content="2021-03-03">')),
        ("a.jsonl", line(title=TITLE, content_html=f"<p>{WATER}</p>", date_published="2021-03-03")),
        ("a.org", f"#+TITLE: {TITLE}\n#+DATE: <2021-03-03 三>\n\n{WATER}\n"),
    ],
)
def test_a_day_is_found_wherever_it_stands(name, data, found):
    (article,) = found({name: data})
    assert (article.title, article.published) == (TITLE, DAY)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", f"{TITLE}\n发布日期：2021年3月3日 09:00\n来源：白鹤晨报\n作者：沈小芸\n\n{PARAGRAPHS}"),
        (
            "a.md",
            f"# {TITLE}\n\nURL: https://baihe.example/1\n作者: 沈小芸\n发布时间: 2021年3月3日 09:00\n\n{PARAGRAPHS}",
        ),
        ("a.md", front(f"title: {TITLE}\ndate: 2021-03-03 09:00:00\nupdated: 2021-04-01\nauthor: 沈小芸")),
        (
            "a.md",
            f'+++\ntitle = "{TITLE}"\ndate = 2021-03-03T09:00:00+08:00\nauthors = ["沈小芸"]\n+++\n{PARAGRAPHS}',
        ),
        (
            "a.md",
            f'{{\n"title": "{TITLE}",\n"date": "2021-03-03T09:00:00+08:00",\n"author": "沈小芸"\n}}\n\n{PARAGRAPHS}',
        ),
        ("a.md", f"Title: {TITLE}\nDate: 2021-03-03 09:00\nAuthor: 沈小芸\n\n{PARAGRAPHS}"),
        (
            "a.md",
            front(f'title: {TITLE}\npublished: 2021-03-03T01:00:00Z\ncreated: 2024-07-01\nauthor:\n  - "[[沈小芸]]"'),
        ),
        ("a.md", front(f"title: {TITLE}\ndate: 2021-03-03 09:00\nauthors:\n  - name: 沈小芸\n    title: 记者")),
    ],
)
def test_who_wrote_it_is_the_author_and_no_publisher(name, data, found):
    (article,) = found({name: data})
    assert (article.title, article.published, article.text) == (TITLE, MOMENT, TWO)
    assert (article.author, article.source) in (("沈小芸", "白鹤晨报"), ("沈小芸", "baihe.example"), ("沈小芸", ""))


@pytest.mark.parametrize("author", ["江湾日报", "白鹤网", "金融时报", "方圆网", "文汇报", "walter", "时间", "温州台"])
def test_a_publisher_may_stand_where_the_author_does(author, found):
    (article,) = found({"a.md": front(f"title: {TITLE}\nauthor: {author}")})
    assert article.source in (author, "FT中文网") and not article.author


@pytest.mark.parametrize(
    "raw",
    [
        "2021-03-03 01:00:00 (GMT)",
        "2021-03-03T10:00[Asia/Tokyo]",
        "星期三, 03 三月 2021 01:00:00 +0000",
        "2021年3月3日(水) 上午9:00",
        "2021年3月3日水曜日 9:00",
        "2021-03-03 09:00 北京时间",
        "Mar 3, 2021 9:00 AM GMT+8",
        "二〇二一年三月三日 九时整",
        "民國110年3月3日 09:00",
    ],
)
def test_a_date_of_a_feed_is_read_as_it_was_meant(raw, found):
    (article,) = found({"feed.xml": feed(item(more=f"<pubDate>{raw}</pubDate>"))})
    assert article.published == MOMENT


@pytest.mark.parametrize("raw", ["昨天", "03/04", "2021-13-45", "0000-00-00 00:00:00"])
def test_what_is_no_date_stays_unknown(raw, found):
    (article,) = found({"feed.xml": feed(item(more=f"<pubDate>{raw}</pubDate>"))})
    assert article.published is None


@pytest.mark.parametrize(
    "addresses",
    [
        (
            "https://mp.weixin.qq.com/s?__biz=MzA&mid=22&idx=1&sn=abc&chksm=1#rd",
            "http://mp.weixin.qq.com/s?sn=abc&idx=1&mid=22&__biz=MzA&scene=21&subscene=0&key=z#wechat_redirect",
        ),
        (
            "https://www.bilibili.com/read/cv123/",
            "https://www.bilibili.com/read/cv123?from=search&spm_id_from=333.1007.0",
        ),
        ("https://zhuanlan.zhihu.com/p/123", "http://zhuanlan.zhihu.com/p/123/?utm_id=0&share_code=abc"),
        ("https://new.qq.com/rain/a/20210303A01", "https://new.qq.com/rain/a/20210303A01?suid=1&shareto=wx&devid=3"),
        ("https://www.baihe.example/n/1.html", "HTTP://BAIHE.example:80/n/1.html?fbclid=1&_ga=3&mc_cid=1#top"),
        (
            "https://weibo.com/ttarticle/p/show?id=23",
            "https://weibo.com/ttarticle/p/show?id=23&mod=zwenzhang&from=page",
        ),
        (
            "https://www.163.com/dy/article/G44.html",
            "https://www.163.com/dy/article/G44.html?spss=adap_pc&clickfrom=w_x",
        ),
        (
            "https://www.toutiao.com/article/693/",
            "https://www.toutiao.com/article/693/?channel=&tt_from=weixin&app=news",
        ),
    ],
)
def test_addresses_with_trackers_are_one_article_s(addresses, kept):
    files = {f"{n}.jsonl": line(title=TITLE, url=url, text=WATER) for n, url in enumerate(addresses)}
    assert len(kept(files)) == 1


@pytest.mark.parametrize(
    "before",
    [
        "\ufeff\ufeff\ufeff",
        "<br />\n<b>Warning</b>:  session_start(): Cannot send in <b>/var/www/a.php</b> on line <b>3</b><br />\n",
        "Deprecated: Function create_function() is deprecated in /www/x.php on line 12\n\n",
    ],
)
def test_marks_and_notices_before_a_feed_are_passed_over(before, found):
    (article,) = found({"feed.xml": before + feed(item())})
    assert (article.title, article.text) == (TITLE, WATER)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "gb18030"])
def test_a_feed_is_read_in_the_encoding_that_it_has(encoding, found):
    (article,) = found({"feed.xml": feed(item()).encode(encoding)})
    assert (article.title, article.text) == (TITLE, WATER)


@pytest.mark.parametrize(
    ("head", "body"),
    [
        (
            '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",'
            '"datePublished":"2021-03-03T09:00:00+08:00","author":{"@type":"Person","name":"沈小芸"}}</script>',
            ARTICLE,
        ),
        (
            '<script type="application/ld+json">{"@graph":[{"@type":["Article","NewsArticle"],'
            '"datePublished":"2021-03-03T01:00:00Z","author":[{"@id":"#p"}]},'
            '{"@type":"Person","@id":"#p","name":"沈小芸"}]}</script>',
            ARTICLE,
        ),
        (
            '<meta property="article:published_time" content="2021-03-03T09:00+08:00">'
            '<meta name="author" content="沈小芸">',
            ARTICLE,
        ),
        (
            "",
            f"<div class='main'><h1>{TITLE}</h1><div>2021-03-03 09:00　来源：白鹤晨报　作者：沈小芸　<a>字号</a></div>"
            f"<div class='content'><p>{WATER}</p><p>{RAIN}</p><p>{PIPES}</p></div></div>",
        ),
        (
            "",
            ARTICLE.replace(
                "</h1>", "</h1><time datetime='2021-03-03T01:00Z'>三月三日</time> <a rel='author'>沈小芸</a>"
            ).replace(
                "</article>", "<aside><h3>相关新闻</h3><ul><li><a href='/9'>旧桥翻新</a></li></ul></aside></article>"
            ),
        ),
    ],
)
def test_a_saved_page_says_when_and_by_whom(head, body, found):
    (article,) = found({"a.html": page(head, body)})
    assert (article.title, article.published, article.author) == (TITLE, MOMENT, "沈小芸")
    assert article.text.split("\n")[-3:] == [WATER, RAIN, PIPES]


def test_a_page_of_wechat_has_its_account_and_is_the_article_alone(found):
    (article,) = found(
        {
            "a.html": page(
                '<meta property="og:title" content="白鹤镇停水通知">',
                f"<h1>{TITLE}</h1><a id='js_name'>白鹤发布</a><div id='js_content' style='visibility: hidden'>"
                f"<p>点击上方蓝字关注我们</p><p>{WATER}</p><p>{RAIN}</p><p>{PIPES}</p>"
                "<p>编辑 | 顾一鸣</p><p>审核 | 王二</p>"
                "</div><script>var ct = '1614733200';</script>",
            )
        }
    )
    assert (article.source, article.published) == ("白鹤发布", MOMENT)
    assert article.text == f"{WATER}\n{RAIN}\n{PIPES}"


def test_what_leads_through_a_site_is_not_the_article(found):
    body = (
        f"<div class='crumbs'>当前位置：<a href='/'>首页</a> &gt; 正文</div><h1>{TITLE}</h1><div>　　{WATER}"
        f"<br><br>　　{RAIN}<br><br>　　{PIPES}<br><br>（责任编辑：顾一鸣）</div>"
        "<div>分享到：<a>微信</a><a>微博</a></div>"
        "<div>上一篇：<a href='/2'>旧桥翻新</a></div><div>下一篇：<a href='/3'>校舍验收</a></div>"
    )
    (article,) = found({"a.html": page("", body)})
    assert article.text == f"{WATER}\n{RAIN}\n{PIPES}"


@pytest.mark.parametrize(
    "title", [f"{TITLE} - 白鹤晨报", f"{TITLE} | 白鹤晨报", f"{TITLE}_白鹤晨报", f"{TITLE}——白鹤晨报"]
)
def test_a_feed_s_own_name_is_no_part_of_its_headlines(title, found):
    (article,) = found({"feed.xml": feed(item(title))})
    assert article.title == TITLE


def test_a_body_that_was_escaped_twice_has_no_tags_in_it(found):
    (article,) = found({"feed.xml": feed(item(body=f"&lt;p&gt;{WATER}&lt;/p&gt;&lt;p&gt;{RAIN}&lt;/p&gt;"))})
    assert article.text == TWO


def test_words_about_tags_are_kept_as_they_are(found):
    said = "他写道：&lt;p&gt; 是段落，vector&lt;int&gt; 不是。"
    (article,) = found({"feed.xml": feed(item(body=said))})
    assert article.text == "他写道：<p> 是段落，vector<int> 不是。"


def test_a_bulletin_of_plain_text_gives_one_article_an_item(found):
    items = f"【老街管网今夜施工】\n{WATER}\n\n【小学校舍通过验收】\n{RAIN}\n\n【渡口恢复夜航】\n{PIPES}\n"
    articles = found({"20210303.txt": f"新闻联播 20210303\n\n{items}"})
    assert {article.title: article.text for article in articles} == {
        "老街管网今夜施工": WATER, "小学校舍通过验收": RAIN, "渡口恢复夜航": PIPES
    }  # fmt: skip
    assert {article.published for article in articles} == {DAY}


def test_every_letter_of_a_bare_mailbox_is_read(found):
    letters = "".join(
        f"From x@y Wed Mar  3 09:00:00 2021\nFrom: news@baihe.example\nSubject: notice {n}\n"
        f"Date: Wed, 03 Mar 2021 09:00:00 +0800\nContent-Type: text/plain; charset=utf-8\n\n{WATER}{n}\n\n"
        for n in range(2)
    )
    assert sorted(article.title for article in found({"a.mbox": letters})) == ["notice 0", "notice 1"]
