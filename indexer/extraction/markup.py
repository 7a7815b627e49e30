"""Markup and strings: what is a tag and what a word, one line of text, and the tree of a page."""

import html
import re

from lxml import etree

# A start tag without the space after its name, ``<asidedata-org-name=""data-org-type="">``; the longest names first.
_GLUED_TAG = re.compile(
    r"<(blockquote|figcaption|section|article|figure|iframe|footer|header|aside|table|small|strong|span|main|div|img|nav|"
    r"ul|ol|li|td|tr|h[1-6]|p|a)(?=(?:data|aria|class|id|style|href|src|role)\b[a-z-]*(?:=|>))",
    re.IGNORECASE,
)
_HEADLINE = 80  # characters
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
_PADDING = re.compile(
    r"(?<=[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])[\u3000\u2003]"
    r"(?=[\u3005-\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])"
)
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


def without_comments(text: str) -> str:
    return _COMMENT.sub("", text) if "-->" in text else text


def _without_tags(text: str) -> str:
    text = without_comments(text)
    return _TAG.sub("", text) if "<" in text else text


def squeeze(text: str) -> str:
    """``text`` on one line, each run of blanks one space, and no break between Han characters.

    One blank as wide as a character between two Han characters stays: it may pad a name (王　毅).
    """
    if text.isprintable():
        return " ".join(text.split())
    text = _BREAK_IN_HAN.sub("", _JOINER_IN_HAN.sub("", _INVISIBLE.sub("", text)))
    return "\u3000".join(_SPACE.sub(" ", piece) for piece in _PADDING.split(text)).strip()


def text_lines(text: str) -> str:
    """Text without markup, each of its lines on one line."""
    return "\n".join(filter(None, map(squeeze, text.splitlines())))


def without_endless_tags(markup: str) -> str:
    """Without tags of hundreds of attributes: the parser compares each with all others."""
    return _TAG_AS_PARSED.sub(_unless_endless, markup)


# Any tag, so that one is looked at once. A name may begin with "=":
# https://html.spec.whatwg.org/multipage/parsing.html#before-attribute-name-state
_TAG_AS_PARSED = re.compile(
    r"""<[a-z][^\s>]*+(?:[\s/]*+[^\s>/][^\s>=/]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+){0,300}+"""
    r"""(?:[\s/]*+[^\s>/](?P<endless>)[^\s>=/]*+(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+)*+""",
    re.IGNORECASE,
)


def _unless_endless(tag: re.Match[str]) -> str:
    return tag[0] if tag["endless"] is None else "<"


def parse(markup: str) -> etree._Element | None:
    """The root of a page, read as browsers do; ``None`` when nothing is in it."""
    source = _GLUED_TAG.sub(r"<\1 ", without_endless_tags(markup.replace("\x00", ""))).encode("utf-8", "replace")
    return root_of(source, etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True))


def root_of(source: bytes, parser: etree.HTMLParser) -> etree._Element | None:
    """What the parser makes of a page; ``None`` when nothing is in it. Raises ``MemoryError``."""
    if not source.strip():
        return None
    try:
        return etree.fromstring(source, parser)
    except etree.XMLSyntaxError as error:
        if error.code == etree.ErrorTypes.ERR_NO_MEMORY:  # type: ignore[attr-defined]
            raise MemoryError from error
        return None  # nothing but comments: there is no document
