"""What a reader would call the article, out of what publishers call a page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extraction import markup, parting

BODY = (
    "<p>議會今天表決通過預算案，教育支出增加百分之三，為五年來最高。</p>"
    "<p>執政黨表示將盡快公布細節，在野黨則要求重審。</p>"
)
TEXT = "議會今天表決通過預算案，教育支出增加百分之三，為五年來最高。\n執政黨表示將盡快公布細節，在野黨則要求重審。"


def to_text(page, *, title=""):
    return parting.part_markup(page, title=title).text


def plain_text(text, *, title=""):
    return parting.part_text(text, title=title).text


def any_text(text, *, title=""):
    return parting.part_any(text, title=title).text


def test_paragraphs_become_lines():
    assert to_text(BODY) == TEXT


def test_inline_tags_join_without_a_space():
    assert (
        to_text("<p>台<b>積</b>電<a href='/x'>股價</a><span>上漲</span><wbr>百分之二</p>") == "台積電股價上漲百分之二"
    )


def test_source_line_breaks_between_han_characters_vanish():
    assert to_text("<p>台北市\n    今天\r\n\t下雨，\n“很大”</p>") == "台北市今天下雨，“很大”"


def test_source_line_breaks_between_words_are_spaces():
    assert to_text("<p>Taipei\n  today\n下雨</p>") == "Taipei today 下雨"


def test_written_line_breaks_stay():
    assert to_text("第一行<br>第二行<br/><br/>第三行") == "第一行\n第二行\n第三行"


def test_blanks_of_all_kinds_are_one_space_and_indents_are_none():
    assert to_text("<p>\u3000\u3000记者\u3000\xa0 张三&nbsp;&nbsp;报道</p>") == "记者 张三 报道"


def test_invisible_characters_do_not_split_words():
    assert to_text("<p>商\u200b业\u00ad贸\ufeff易</p>") == "商业贸易"


def test_table_cells_are_apart_and_rows_are_lines():
    page = "<table><tr><td>收盘</td><td>6.77</td></tr><tr><td>开盘</td><td>6.80</td></tr></table>"
    assert to_text(page) == "收盘 6.77\n开盘 6.80"


def test_entities_are_characters():
    assert to_text("<p>AT&amp;T &lt;b&gt; &#20013;&hellip;</p>") == "AT&T <b> 中…"


@pytest.mark.parametrize(
    "noise",
    [
        "<script>document.write('多余')</script>",
        "<style>.多余 { color: red }</style>",
        "<noscript><p>多余</p></noscript>",
        "<iframe src='https://example.org/v'>多余</iframe>",
        "<form><label>多余</label><input value='多余'><button>多余</button></form>",
        "<nav><a href='/'>多余</a></nav>",
        "<footer>多余</footer>",
        "<aside><h2>多余</h2></aside>",
        "<svg><text>多余</text></svg>",
        "<!-- 多余 -->",
        "<div class='share-bar'><a href='#'>多余</a></div>",
        "<div class='paragraph moreArticle'><a href='/1'>多余</a></div>",
        "<div class='o-self-promo o-self-promo--nl'>多余</div>",
        "<div id='related-posts'>多余</div>",
        "<div class='mySubscriptionInner'>多余</div>",
        "<section class='newsletter'>多余</section>",
        "<p class='sr-only'>多余</p>",
        "<p style='display: none'>多余</p>",
        "<p hidden>多余</p>",
        "<div>分享 :</div>",
        "<div aria-hidden='true'>多余</div>",
    ],
)
def test_what_surrounds_an_article_is_left_out(noise):
    assert to_text(BODY + noise + "<p>完</p>") == TEXT + "\n完"


@pytest.mark.parametrize(
    "name",
    [
        "article-body",
        "post category-social",
        "elementor-widget-text-editor",
        "overflow-hidden",
        "adoption",
        "shareholder-news",
        "no-sidebar",
        "post-content has-related",
        "without-comments",
        "share-article",
        "is-newsletter",
    ],
)
def test_names_that_only_resemble_noise_are_kept(name):
    assert to_text(f"<div class='{name}'>{BODY}</div>") == TEXT


def test_a_page_that_is_all_noise_by_its_names_is_kept():
    assert to_text(f"<div class='related'>{BODY}</div>") == TEXT


@pytest.mark.parametrize(
    "wrapped",
    [
        "<form id='aspnetForm'><div>{}</div></form>",
        "<aside>{}</aside>",
        "<noscript>{}</noscript>",
        "<div id='js_content' style='visibility: hidden; opacity: 0'>{}</div>",
        "<div class='newsletter'><div class='share'>{}</div></div>",
        "<div hidden>{}</div>",
        "<form><aside><div class='promo'>{}</div></aside></form>",
    ],
)
def test_an_element_that_has_the_article_is_no_noise_whatever_it_is_called(wrapped):
    byline = "<p>江湾小记 2024-01-05 发布于江苏，本号欢迎转载，转载请联系后台。</p>"
    assert to_text(byline + wrapped.format(BODY)).endswith(TEXT)


@pytest.mark.parametrize(
    "wrapped",
    [
        "<form><p>{}</p></form>",
        "<aside><p>{}</p></aside>",
        "<div class='newsletter'>{}</div>",
        "<div class='post-sidebar'>{}</div>",
    ],
)
def test_a_box_beside_the_article_is_left_out(wrapped):
    assert to_text(BODY + wrapped.format("订阅我们的每日快报，不错过任何消息。")) == TEXT
    assert to_text("<p>号外号外号外</p>" + wrapped.format("另一条新闻的标题会是怎样？")) == "号外号外号外"


def test_preformatted_lines_are_lines():
    assert to_text("<pre>第一行 甲\n第二行 乙\n\n  第三行</pre>完") == "第一行 甲\n第二行 乙\n第三行\n完"


def test_joiners_split_no_words_and_join_emoji():
    assert to_text("<p>中\u00ad文\u200b断&zwj;词 👩\u200d🚀</p>") == "中文断词 👩\u200d🚀"


@pytest.mark.parametrize(
    "text", ["若 a<b 且 list<string> 则成立。", "<Nature>：新发现", "x <y> z", "1 < 2 > 0", "&lt;Science&gt; 周刊"]
)
def test_words_in_angle_brackets_are_no_tags(text):
    expected = text.replace("&lt;", "<").replace("&gt;", ">")
    assert any_text(text) == expected
    assert markup.to_title(text) == expected


def test_an_aside_whose_start_tag_lacks_its_space_is_left_out():
    broken = (
        '<div><asidedata-org-name=""data-org-type=""><div><div role="heading"><span>同一主题</span></div></div>'
        "<div><divdata-article-list><div><span>制裁</span><a href='/2'><h2>另一条新闻的标题</h2></a></div></div></div>"
        "</aside></div>"
    )
    assert to_text(BODY + broken) == TEXT


def test_a_run_of_linked_headlines_is_left_out():
    links = "".join(f"<ul><li><b><a href='/{n}'>另一条新闻的标题第{n}条</a></b></li></ul>" for n in range(3))
    assert to_text(BODY + links + "<p>完</p>") == TEXT + "\n完"


def test_one_linked_paragraph_is_prose_unless_a_heading_says_otherwise():
    link = "<p><a href='/1'>点此查看完整名单</a></p>"
    assert to_text(BODY + link) == TEXT + "\n点此查看完整名单"
    assert to_text(BODY + "<h3>相关阅读：</h3>" + link) == TEXT


def test_links_within_a_sentence_stay():
    page = "<p>据<a href='/a'>中央社</a>报道，<a href='/b'>气象局</a>发布警报。</p>"
    assert to_text(page) == "据中央社报道，气象局发布警报。"


def test_an_article_that_is_a_list_of_links_keeps_them():
    page = "".join(f"<li><a href='/{n}'>今日联播头条第{n}条</a></li>" for n in range(4))
    assert to_text(page) == "\n".join(f"今日联播头条第{n}条" for n in range(4))


def test_a_feed_footer_and_what_follows_is_left_out():
    footer = "<br><hr><div>获取更多RSS：<br><a href='https://example.org'>https://example.org</a><br></div>"
    assert to_text(BODY + footer) == TEXT
    appeared = "<p>The post <a href='/1'>預算案</a> first appeared on <a href='/'>Example</a>.</p>"
    assert to_text(BODY + appeared) == TEXT


@pytest.mark.parametrize(
    "line",
    [
        "06/12/2023 - 23:32",
        "2020-10-20T00:48:38Z",
        "Fri, 30 Oct 2020 21:15:58 GMT",
        "2020年10月31日凌晨4点58分",
        "2020年10月31日 星期日 上午10時",
        "Thu, 30 Oct 2020 21:15:58 +0800",
        "Sep 26th 2020",
        "Tuesday 1st September 2020",
        "最近更新： 41 分钟前",
    ],
)
def test_a_date_line_above_the_article_is_left_out(line):
    assert to_text(f"<div><i>{line}</i></div>{BODY}") == TEXT


def test_a_date_inside_the_article_stays():
    page = BODY * 3 + "<p>2020年10月22日</p>"
    assert to_text(page).endswith("\n2020年10月22日")


def test_copyright_lines_are_left_out():
    assert to_text(BODY + "<p class='t-copyright'>© 2020 AFP</p>") == TEXT


def test_a_first_line_that_repeats_the_title_is_left_out():
    assert to_text("<h1>预算案  通过</h1>" + BODY, title="预算案 通过") == TEXT


def test_a_first_line_that_is_the_title_behind_its_section_is_left_out():
    assert to_text("<h1>预算案三读通过</h1>" + BODY, title="[01版] 预算案三读通过") == TEXT
    assert to_text("<p>通过</p>" + BODY, title="预算案通过") == "通过\n" + TEXT


def test_plain_text_keeps_its_lines():
    assert any_text("第一段。\r\n\r\n　　第二段 < 三。\n") == "第一段。\n第二段 < 三。"


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        ("<b>台积电</b>上涨 &amp; 下跌", "台积电上涨 & 下跌"),
        ("AT&amp;amp;T", "AT&T"),
        ("  多行\n 标题\t x ", "多行标题 x"),
        ("如果 a < b 且 c > d", "如果 a < b 且 c > d"),
        ("【图】<img src=x onerror=alert(1)>现场", "【图】现场"),
        ("&lt;i&gt;斜体&lt;/i&gt;", "斜体"),
    ],
)
def test_titles_have_neither_tags_nor_entities(raw, title):
    assert markup.to_title(raw) == title


@pytest.mark.parametrize(
    "line", ["2020" + "1" * 60 + "x", "2020" + "mon" * 40 + "!", "2020" + "星期" * 40, "<!--" * 50_000, "[" * 50_000]
)
def test_lines_made_to_keep_a_pattern_busy_are_read_at_once(line):
    assert any_text(line + " 新闻").endswith("新闻")
    markup.to_title(line)


def test_deep_nesting_is_read_and_absurd_nesting_does_no_harm():
    assert to_text("<p>前</p>" + "<div>" * 1_000 + "深处" + "</div>" * 1_000) == "前\n深处"
    assert to_text("<p>前</p>" + "<div>" * 100_000 + "深处").startswith("前")


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            "<p>",
            "</p>",
            "<div class='share'>",
            "</div>",
            "<a href='x'>",
            "</a>",
            "<ul><li>",
            "</li></ul>",
            "<br>",
            "<table><tr><td>",
            "<aside",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "&amp",
            "&#0;",
            "\x00",
            "新闻",
            "a b",
            "\n",
            "　",
            "<",
            ">",
            "\"'",
        ]
    ),
    max_size=40,
).map("".join)


@given(st.one_of(st.text(), FRAGMENTS))
def test_no_markup_raises_and_every_text_has_its_shape(page):
    text = any_text(page, title="新闻")
    lines = text.split("\n") if text else []
    assert all(line == line.strip() and line for line in lines)
    assert not set(text) & set("\r\t\x00\u200b\ufeff")
    text.encode()


@given(st.text(alphabet="新闻，。报道abc 12", min_size=1).filter(lambda text: text.strip()))
def test_prose_in_a_paragraph_comes_out_whole(prose):
    assert "".join(to_text(f"<p>{prose}</p><p>完</p>").split()) == "".join(f"{prose}完".split())


@given(st.text())
def test_titles_of_any_kind_are_one_line(raw):
    assert "\n" not in markup.to_title(raw)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("<p>　　今日王　毅出席。</p>", "今日王　毅出席。"),
        ("<p>今日王&emsp;毅出席。</p>", "今日王　毅出席。"),
        ("<p>甲　　乙 丙　。a　b</p>", "甲 乙 丙 。a b"),
        ("<table><tr><td>日期</td><td>水位</td></tr></table>", "日期 水位"),
    ],
)
def test_a_blank_that_may_pad_a_name_stays(source, text):
    assert parting.prose(source) == text


def test_a_padded_name_stays_in_a_title():
    assert markup.to_title("王　毅会见　外宾 ") == "王　毅会见　外宾"
