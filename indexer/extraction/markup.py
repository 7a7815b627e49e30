"""HTML as publishers write it, to the text that a reader would call the article.

Three kinds of rules, from the safest to the boldest; the last two step back when they would leave (almost) nothing:

1. elements that never hold prose (scripts, navigation, embedded players);
2. elements that seldom do: forms, asides, and those whose class or id names a share bar, an advertisement, a newsletter
   box or a list of other articles; one that has about as much prose as all that is left is kept;
3. lines: a list of linked headlines, a feed's footer, a date that stands alone, a copyright notice.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

_SKIPPED = frozenset((
    "script", "style", "template", "head", "iframe", "object", "embed", "applet", "svg", "math", "canvas",
    "video", "audio", "map", "button", "input", "select", "textarea", "datalist", "progress", "nav", "footer",
    "dialog", "rt", "rp",
))  # fmt: skip
_SELDOM_PROSE = frozenset(("aside", "form", "noscript"))
_BLOCKS = frozenset((
    "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "dir", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "li",
    "legend", "main", "menu", "ol", "optgroup", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot",
    "thead", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))

# A start tag without the space after its name, ``<asidedata-org-name=""data-org-type="">``; the longest names first.
_GLUED_TAG = re.compile(
    r"<(blockquote|figcaption|section|article|figure|iframe|footer|header|aside|table|small|strong|span|main|div|img|nav|"
    r"ul|ol|li|td|tr|h[1-6]|p|a)(?=(?:data|aria|class|id|style|href|src|role)\b[a-z-]*(?:=|>))",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NOISE_NAME = re.compile(
    r"(?:^|[\s_-])(?:ads?|advert\w*|adslot|dfp|sponsor(?:ed)?|promo|banner|share|sharing|sharedaddy|addthis|"
    r"social[_-](?:share|sharing|media|links?|icons?|bar|buttons?|embed)|related(?:posts)?|recommend(?:ed|ations?)?|"
    r"more[_-](?:articles?|news|stories|link)|read[_-]?more|see[_-]?also|newsletter|subscri(?:be|ption)|donate|"
    r"interstitial|trust[_-]?badge|"
    r"breadcrumbs?|pagination|pager|navbar|sidebar|comments|"
    r"sr[_-]only|screen[_-]reader[_-]text|visually[_-]?hidden|skip[_-]?(?:link|twitter))(?=$|[\s_-])"
)

# Layouts that say what is or isn't beside the article, and names of the article itself.
_LAYOUT_NAME = re.compile(r"(?:no|has|with|without|is|not)-\S+|share-(?:article|content|body|text|story|post|page)")

_HEADLINE = 80  # characters
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[。；;]|\.(?=\s|$)")
_COMMA, _CALL = re.compile(r"[，,]"), re.compile(r"[！？…!?]")
_ENOUGH = 2 / 3  # of the prose that is left
_ROUNDS = 4  # of looking for elements that are prose after all

_SPACE = re.compile(r"[\s\u2028\u2029]+")
_INVISIBLE = re.compile(
    r"[\u00ad\u061c\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]"
)
# Han characters and the punctuation that is set between them without spaces (the ideographic space is none).
_HAN = (
    r"\u2014\u2018-\u201d\u2026\u2e80-\u2fdf\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uffef\U00020000-\U0003ffff"
)
_JOINER_IN_HAN = re.compile(rf"(?<!\u200d)\u200d++(?=[{_HAN}])|(?<=[{_HAN}])\u200d+")
_BREAK_IN_HAN = re.compile(rf"(?<=[{_HAN}])[ \t\r]*\n\s*(?=[{_HAN}])")
_COMMENT = re.compile(r"<!--.{0,2000}?-->", re.DOTALL)
# Only elements that HTML has, with attributes in ASCII: ``<Nature>``, ``vector<int>`` and ``a<b 且 c>d`` are words.
_NAME = (
    r"(?:[aipqsub]|h[1-6]|[bh]r|d[dlt]|em|[ou]l|li|t[dhrt]|rt|rp|abbr|address|article|aside|audio|big|blockquote|body|button|"
    r"caption|center|cite|code|data|del|details|dfn|div|embed|figcaption|figure|font|footer|form|header|hgroup|html|head|"
    r"iframe|img|input|ins|kbd|label|legend|link|main|mark|meta|nav|nobr|noscript|object|option|param|picture|pre|"
    r"ruby|samp|script|section|select|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|template|"
    r"textarea|tfoot|thead|time|title|video|wbr|o:p)"
)
_TAG = re.compile(
    rf"</{_NAME}\s*>|<{_NAME}(?:\s+[a-z_:@][\w:@.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'<>=]+))?)*\s*/?>",
    re.IGNORECASE | re.ASCII,
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-f]+|[a-z][a-z0-9]{1,30});", re.IGNORECASE)

_FOOTER = re.compile(r"获取更多RSS|The post .{1,300} (?:first )?appeared (?:first )?on ")
_RELATED = re.compile(
    r"[【\[（(]?(?:延伸[阅閱][读讀]|相[关關](?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章|[内內]容|[链連][接結])|推[荐薦][阅閱][读讀]|"
    r"更多(?:相[关關])?(?:[报報][道導]|新[闻聞]|[阅閱][读讀]|[文]章)|同一主[题題]|猜你喜[欢歡]|[热熱][门門](?:文章|新[闻聞]|[阅閱][读讀])|"
    r"related(?: (?:articles?|stories|news|posts|topics))?|read more|see also|more on this story)[】\]）)]?[:：]?",
    re.IGNORECASE,
)
_NOTICE = re.compile(
    r"(?:©|\(c\) ?(?=\d)|copyright ©?|版[权權]所有|post tags: |feed enhanced by ).{0,200}|"
    r"(?:点击查看本文英文版|使用浏览器播视频/view video in browser|阅读原文|閱讀原文|分享[到至]?)\s?[。：:]?",
    re.IGNORECASE,
)
_DATE_ALONE = re.compile(
    r"(?:最[近后後]更新|更新[时時][间間]|[发發][布佈][时時][间間])?[:：]?\s*"
    r"(?:\d{1,2} ?(?:分[钟鐘]|小[时時]|天)前|(?=.*\d{4})"
    r"(?>(?:mon|tue|wed|thu|fri|sat|sun|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*|"
    r"(?:st|nd|rd|th|gmt|utc|cst)\b|[星期周週]+[一二三四五六日天]|凌晨|[早晚]上|[上下]午|中午|傍晚|"
    r"\d+|[年月日号號时時点點分秒TZ:：/.,+-]|\s)++)",
    re.IGNORECASE,
)
_NULL_BYLINE = re.compile(r"null(?:\s|$)")


@dataclass(slots=True)
class _Line:
    text: str
    linked: bool
    """Whether (almost) all of it is the text of links."""


class _Page:
    """Collects the lines of a page while its tree is walked."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self._pieces: list[str] = []
        self._linked = 0

    def add(self, text: str, *, linked: bool) -> None:
        self._pieces.append(text)
        if linked:
            self._linked += len(text.strip())

    def add_lines(self, text: str, *, linked: bool) -> None:
        """``text`` whose line breaks are lines."""
        first, *rest = text.split("\n")
        self.add(first, linked=linked)
        for line in rest:
            self.end_line()
            self.add(line, linked=linked)

    def end_line(self) -> None:
        if self._pieces:
            text = squeeze("".join(self._pieces))
            if text:
                self.lines.append(_Line(text, self._linked >= 0.9 * len(text)))
            self._pieces.clear()
            self._linked = 0


def to_text(markup: str, *, title: str = "") -> str:
    """The article's text: one paragraph a line, blanks squeezed, without what surrounds an article on its page.

    Inline tags join without a space, and a line break of the source between two Han characters is none in the text. A
    first line that only repeats ``title`` is left out. Any string has an answer; broken markup is read as browsers do.
    """
    root = parse(markup)
    if root is None:
        return ""
    return "\n".join(_article_lines(_without_noise(root), title))


def prose(markup: str, *, title: str = "") -> str:
    """``to_text`` of markup that is nothing but the article, such as Markdown makes: only a repeated title goes."""
    root = parse(markup)
    if root is None:
        return ""
    texts = [line.text for line in _lines(root, None)[0]]
    return "\n".join(texts[1:] if texts and _repeats(texts[0], title) else texts)


def shown(root: etree._Element) -> str:
    """All that a page shows, on one line."""
    return " ".join(line.text for line in _lines(root, None)[0])


def plain_text(text: str, *, title: str = "") -> str:
    """Text without markup in the shape of ``to_text``, each of its lines a paragraph."""
    lines = [_Line(line, linked=False) for line in map(squeeze, text.splitlines()) if line]
    return "\n".join(_article_lines(lines, title))


def any_text(text: str, *, title: str = "") -> str:
    """``to_text`` of what has tags, ``plain_text`` of what has none; entities are characters in both."""
    if is_markup(text):
        return to_text(text, title=title)
    return plain_text(html.unescape(_COMMENT.sub("", text)), title=title)


def is_markup(text: str) -> bool:
    """Whether ``text`` has a tag of HTML."""
    return _TAG.search(text) is not None or _GLUED_TAG.search(text) is not None


def headline_from(text: str) -> str:
    """What serves as the title of an article that has none: the start of its first line."""
    return text.partition("\n")[0][:_HEADLINE]


def to_title(raw: str) -> str:
    """A headline on one line, without tags, and without entities even where they were escaped twice."""
    text = html.unescape(_without_tags(raw))
    if _ENTITY.search(text):
        text = html.unescape(text)
    return squeeze(_without_tags(text))


def _without_tags(text: str) -> str:
    if "-->" in text:
        text = _COMMENT.sub("", text)
    return _TAG.sub("", text) if "<" in text else text


def squeeze(text: str) -> str:
    """``text`` on one line, each run of blanks one space, and no break between Han characters."""
    if not text.isprintable():
        text = _BREAK_IN_HAN.sub("", _JOINER_IN_HAN.sub("", _INVISIBLE.sub("", text)))
    return _SPACE.sub(" ", text).strip()


def parse(markup: str) -> etree._Element | None:
    """The root of a page, read as browsers do; ``None`` when nothing is in it."""
    source = _GLUED_TAG.sub(r"<\1 ", markup.replace("\x00", "")).encode("utf-8", "replace")
    if not source.strip():
        return None
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        return etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]
            raise MemoryError from error
        return None  # nothing but comments: there is no document


def _without_noise(root: etree._Element) -> list[_Line]:
    """The lines of a page without the elements that are not the article."""
    wanted: set[etree._Element] = set()
    for _ in range(_ROUNDS):
        lines, taken = _lines(root, wanted)
        if not taken:
            return lines
        left = sum(len(line.text) for line in lines)
        prose = _prose(lines)
        found = {element for element in taken if (own := _prose_of(element)) and own >= _ENOUGH * prose}
        if not found:
            break
        wanted |= found
    if sum(sum(map(len, element.itertext())) for element in taken) > 4 * left:
        lines, _ = _lines(root, None)
    return lines


def _prose_of(element: etree._Element) -> int:
    """Characters of prose in an element, that of noise in it included."""
    return _prose(_lines(element, None)[0])


def _prose(lines: Iterable[_Line]) -> int:
    """Characters of the lines that are sentences, not links, headlines or labels."""
    return sum(len(line.text) for line in lines if not line.linked and _is_sentence(line.text))


def _is_sentence(text: str) -> bool:
    """Whether a line ends a sentence somewhere; headlines have question marks too, but seldom a comma as well."""
    return _SENTENCE_END.search(text) is not None or (
        _COMMA.search(text) is not None and _CALL.search(text) is not None
    )


def _lines(root: etree._Element, wanted: set[etree._Element] | None) -> tuple[list[_Line], list[etree._Element]]:
    """The lines below ``root``, and the elements of noise that were left out.

    ``wanted`` elements are not noise whatever they are called; with ``None`` none is.
    """
    page, links, preformatted = _Page(), 0, 0
    taken: list[etree._Element] = []
    skipped: etree._Element | None = None
    walker = etree.iterwalk(root, events=("start", "end"))
    for event, element in walker:
        tag = element.tag
        if event == "start":
            if tag in _SKIPPED or (wanted is not None and element is not root and _is_noise(element, wanted)):
                if tag not in _SKIPPED:
                    taken.append(element)
                skipped = element
                walker.skip_subtree()
            else:
                links += tag == "a"
                preformatted += tag == "pre"
                if element.text:
                    if tag in _BLOCKS:
                        page.end_line()
                    (page.add_lines if preformatted else page.add)(element.text, linked=links > 0)
                elif tag in _BLOCKS:
                    page.end_line()
            continue
        if element is skipped:
            skipped = None
        else:
            links -= tag == "a"
            preformatted -= tag == "pre"
        if tag in _BLOCKS:
            page.end_line()
        elif tag in _CELLS:
            page.add("\u3000", linked=False)  # a blank that no line break of the source takes along
        if element.tail and element is not root:
            (page.add_lines if preformatted else page.add)(element.tail, linked=links > 0)
    page.end_line()
    return page.lines, taken


def _is_noise(element: etree._Element, wanted: set[etree._Element]) -> bool:
    attributes = element.attrib
    if element.tag in _SELDOM_PROSE:
        return element not in wanted
    if not attributes:
        return False
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    names = attributes.get("class", ""), attributes.get("id", "")
    if hidden or (_HIDDEN_STYLE.search(attributes.get("style", "")) and names[1] != "js_content"):
        return element not in wanted
    return _names_noise(*names) and element not in wanted


@lru_cache(maxsize=8192)
def _names_noise(classes: str, id: str) -> bool:
    names = (_CAMEL.sub("-", name).lower() for name in f"{classes} {id}".split())
    return any(_NOISE_NAME.search(name) and not _LAYOUT_NAME.fullmatch(name) for name in names)


def _article_lines(lines: list[_Line], title: str) -> list[str]:
    """The lines that are the article."""
    for number, line in enumerate(lines):
        if _FOOTER.match(line.text):
            lines = lines[:number]
            break
    prose = _without_headline_lists(lines)
    if sum(len(line.text) for line in prose) * 4 >= sum(len(line.text) for line in lines):
        lines = prose
    texts = [line.text for line in lines if not _NOTICE.fullmatch(line.text)]
    start = [_NULL_BYLINE.sub("", text) for text in texts[:4] if not _DATE_ALONE.fullmatch(text)]
    if start and _repeats(start[0].rstrip(" —-"), title):
        del start[0]
    return [text for text in start + texts[4:] if text]


def _repeats(line: str, title: str) -> bool:
    """Whether ``line`` is ``title``, or its greater part where a section stands before it (``[01版：要闻] …``)."""
    return bool(title) and title.endswith(line) and len(line) * 2 >= len(title)


def _without_headline_lists(lines: list[_Line]) -> list[_Line]:
    """``lines`` without runs of two or more linked ones, and without linked ones below a "related articles"."""
    kept: list[_Line] = []
    run: list[_Line] = []
    below_heading = False
    for line in [*lines, _Line("", linked=False)]:
        heading = len(line.text) < 20 and _RELATED.fullmatch(line.text) is not None
        if line.linked and not heading:
            run.append(line)
            continue
        if len(run) == 1 and not below_heading:
            kept += run
        run.clear()
        below_heading = heading
        if line.text and not heading:
            kept.append(line)
    return kept
