"""Article markup: what is safe stays, what is not goes, matches are marked."""

import html.parser

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search_app.presentation.html.article_html import LONGEST, MOST_TAGS, Shown, article_html
from search_app.presentation.html.marking import marked, paragraphs

BASE = "https://news.example/2020/09/story.html"


def shown(markup, highlight=lambda text: (), **rest):
    return str(article_html(markup, BASE, "Picture", highlight, **rest).markup)


def finds(word):
    def highlight(text):
        spans, start = [], text.find(word)
        while start >= 0:
            spans.append((start, start + len(word)))
            start = text.find(word, start + len(word))
        return spans

    return highlight


class Elements(html.parser.HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.found = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<a href='java\nscript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
        "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
        "<math><mtext><script>alert(1)</script></mtext></math>",
        "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<p style='background:url(https://evil.example/x)'>x</p>",
        "<form action=https://evil.example><input name=q></form>",
        "<base href=https://evil.example>",
        "<meta http-equiv=refresh content='0;url=https://evil.example'>",
        '<img alt="</a><script>alert(1)</script>" src=/x.png>',
        "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    ],
)
def test_nothing_that_runs_or_loads_survives(attack):
    for tag, attributes in Elements(shown(f"<p>before</p>{attack}<p>after</p>")).found:
        assert tag not in ("script", "style", "iframe", "img", "svg", "form", "input", "base", "meta", "object")
        assert not any(name.startswith("on") or name in ("style", "srcdoc", "src") for name in attributes)
        assert not attributes.get("href", "").lower().strip().startswith(("javascript", "data"))


@given(st.text(alphabet=st.sampled_from("<>/\"'=&;! abpimgscrtonyle#x:-\n中国"), max_size=200))
def test_whatever_the_markup_the_sanitiser_has_the_last_word(markup):
    cleaned = shown(markup, finds("中"))
    assert "<script" not in cleaned
    assert nh3.is_html(cleaned) or "<" not in cleaned


def test_pictures_become_links_that_name_them():
    assert shown('<p>x<img src="/a.jpg" alt="The bridge"></p>') == (
        '<p>x<a class="picture" href="https://news.example/a.jpg" rel="noopener noreferrer nofollow">The bridge</a></p>'
    )


def test_pictures_that_load_late_are_found():
    assert 'href="https://cdn.example/b.jpg"' in shown(
        '<img src="data:image/gif;base64,R0" data-src="//cdn.example/b.jpg">'
    )


def test_a_picture_inside_a_link_makes_no_link_in_a_link():
    assert shown('<a href="/x"><img src="/a.jpg" alt="Photo"></a>').count("<a ") == 1


def test_headings_stand_below_the_page_title():
    assert shown("<h1>Part</h1>") == "<h2>Part</h2>"


def test_glued_start_tags_are_read_as_tags():
    assert (
        shown('<p>Text</p><asidedata-org-name="" data-org-type=""><ul><li>Headline</li></ul></aside>') == "<p>Text</p>"
    )


def test_matches_are_marked_across_tags():
    assert shown("<p>前<b>特朗</b>普后</p>", finds("特朗普")) == "<p>前<b><mark>特朗</mark></b><mark>普</mark>后</p>"


def test_a_match_does_not_reach_over_paragraphs():
    assert "<mark>" not in shown("<p>特朗</p><p>普</p>", finds("特朗普"))


def test_lines_that_are_not_the_article_are_left_out():
    page = "<p>The article’s  own\nwords.</p><ul><li><a href=/o>Other headline</a></li></ul><div>Share</div>"
    assert shown(page, shown=Shown("The article’s own words.")) == "<p>The article’s  own\nwords.</p>"


def test_lines_are_found_in_the_text_wherever_they_stand():
    page = "<p>二</p><p>一</p><p>三，</p><p>四</p><p>五</p>"
    assert shown(page, shown=Shown("一\n三，四 五。\n二")) == page


def test_elements_that_hold_nothing_go_with_those_that_hold_them():
    assert shown("<div><ul><li> <b></b></li></ul></div><p>x<i></i></p>") == "<p>x</p>"


@pytest.mark.parametrize(
    ("markup", "written"),
    [
        ("<p>一<p>二", "<p>一</p><p>二</p>"),
        ("<ul><li>一<li>二</ul>三", "<ul><li>一</li><li>二</li></ul>三"),
        ("<b><ul><li>一</b></li><li>二</li></ul>", "<ul><li><b>一</b></li><li>二</li></ul>"),
        ("<b>一<i>二</b>三</i>", "<b>一<i>二</i></b><i>三</i>"),
        (
            "<table><tr><td>一<td>二<tr><td>三</table>四",
            "<table><tbody><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></tbody></table>四",
        ),
        ("<table>一<tr><td>二</table>", "<table><tbody><tr><td>一</td></tr><tr><td>二</td></tr></tbody></table>"),
        ("<td>一</td>二", "一二"),
        ("<p>一<script>if (a<b) '</p>'</script>二</p>", "<p>一二</p>"),
        ("<aside>一<div>二</aside><p>三", "<p>三</p>"),
        ("<div><nav>一</div>二", "二"),
        ("一<!-- <b> -->二<!-->三<!x>四", "一二三四"),
        ("1 < 2 <3 & 4 &lt;5&gt;", "1 &lt; 2 &lt;3 &amp; 4 &lt;5&gt;"),
        ("<p title=\"a>b\" class='x>'>一</p>", "<p>一</p>"),
        ("<ruby>漢<rt>hàn<rt>字</ruby>", "<ruby>漢<rt>hàn</rt><rt>字</rt></ruby>"),
        ("<h1>一<h2>二</h2>", "<h2>一</h2><h2>二</h2>"),
        ("&#" + "9" * 10_000 + ";&#x" + "f" * 10_000 + ";", "��"),
    ],
)
def test_markup_is_read_as_browsers_read_it(markup, written):
    assert shown(markup) == written


def test_a_link_around_blocks_is_a_link_in_each():
    assert shown("<a href=/x><div>一</div><div>二</div></a>三").count("<a href") == 2


NESTED = st.recursive(
    st.sampled_from(["一", "二 ", "&amp;", "<br>"]),
    lambda inner: st.tuples(
        st.sampled_from("div p b a i ul li table tr td h2 span blockquote section aside pre".split()),  # noqa: SIM905
        st.lists(inner, max_size=4).map("".join),
        st.booleans(),
    ).map(lambda made: f"<{made[0]} href=/x>{made[1]}" + (f"</{made[0]}>" if made[2] else "")),
    max_leaves=30,
)


@given(NESTED)
def test_what_is_written_is_well_formed_and_reads_the_same_again(markup):
    once = shown(markup)
    assert shown(once) == once
    assert shown(once, lambda text: [(0, len(text))]).replace("<mark>", "").replace("</mark>", "") == once


def test_markup_that_is_too_large_is_not_read():
    assert shown("<p>一</p>" + " " * LONGEST) == ""
    assert shown("<b>一</b>" * MOST_TAGS) == ""


@given(st.text(max_size=60), st.lists(st.integers(0, 60), max_size=6))
def test_marking_changes_nothing_but_adds_marks(text, edges):
    cuts = sorted({min(edge, len(text)) for edge in edges})
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    assert marked(text, spans).replace("<mark>", "").replace("</mark>", "") == marked(text, [])
    assert marked(text, spans).striptags() == marked(text, []).striptags()


def test_plain_text_becomes_paragraphs():
    assert paragraphs("一<二\n\n三", finds("三")) == "<p>一&lt;二</p>\n<p><mark>三</mark></p>"


def test_furniture_at_the_edges_of_a_line_is_not_shown_in_it():
    page = "<p>（<b>江湾</b>社台北16日电）大桥<i>今晨</i>通车。（编辑：甲）1090916</p><p>延伸阅读</p>"
    parts = Shown("大桥今晨通车。", furniture="（江湾社台北16日电）\n（编辑：甲）1090916\n延伸阅读")
    assert shown(page, shown=parts) == "<p>大桥<i>今晨</i>通车。</p>"


def test_a_caption_is_shown_once_below_its_picture():
    page = '<figure><img src="/a.jpg" alt="大桥北端"><figcaption>大桥北端</figcaption></figure><p>通车。</p>'
    text = shown(page, shown=Shown("通车。", "大桥北端"))
    assert text.count("大桥北端") == 1
    assert ">Picture</a>" in text
    assert "<figcaption>大桥北端</figcaption>" in text
