"""Markdown, as posts and notes are written in it, to HTML (CommonMark, tables and footnotes, by markdown-it-py).

Tags that HTML has not are words (``vector<int>``), and so is what site generators and Obsidian add: their tags and
short codes are left out, of ``[[links|like this]]`` the words remain. What stands for a picture is its caption, unless
it is the name of a file or says no more than that there is a picture.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from mdit_py_plugins.footnote import footnote_plugin

from indexer.extraction import markup

_GENERATOR = re.compile(
    r"\{%.{0,500}?%\}|\{\{[<%].{0,500}?[%>]\}\}|^[ \t]*\{:?[.#:][^{}\n]{0,200}\}[ \t]*$", re.MULTILINE
)
_EMBED = re.compile(r"!\[\[[^\[\]\n]{0,500}\]\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{0,500}\|)?([^\[\]|\n]{1,500})\]\]")
_LARGEST = 2_000_000  # characters; what is larger is data, not prose
_BLOCK = re.compile(
    r"\s*<(?:!--|/?(?:address|article|blockquote|div|figure|h[1-6]|hr|img|ol|p|section|table|ul|span|a|strong|br)\b)",
    re.I,
)
_MARKS = re.compile(r"[ \t]{0,3}(?:#{1,6} |[-*+] |>|\d{1,9}[.)] |```|~~~|\|.*\|)")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)


_BULLETIN = re.compile(
    r"联播|聯播|[早晚午]间新闻|[早晚午日]报|[早晚午日]報|简报|簡報|快讯|快訊|要闻|要聞|头条|頭條|新闻摘要|新聞摘要|日刊"
)
BULLETIN_DAY = re.compile(r"(20\d\d)[-_./年]?(\d{1,2})[-_./月]?(\d{1,2})日?")
_CONTENTS = re.compile(r"摘要|目录|目錄|概要|提要|导读|導讀|内容|內容")
_ATX_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+([^\n]*)$", re.MULTILINE)
_BRACKETED_HEADING = re.compile(r"^[ \t\u3000]*(【)([^【】\n]{4,60})】[ \t\u3000]*$", re.MULTILINE)  # in plain text
_FENCE = re.compile(r"^ {0,3}(```|~~~).*?(?:^ {0,3}\1[^\n]*$|\Z)", re.MULTILINE | re.DOTALL)


_NO_CAPTION = re.compile(
    r"[\w.() -]*\.(?:jpe?g|png|gif|webp|svg|bmp|heic|avif)|[\W\d_]*|"
    r"[\W_]*(?:images?|img|pic(?:ture)?|photo|screen ?shot|cover|avatar|logo|icon|figure|fig|alt(?: text)?|"
    r"undefined|null|untitled|unnamed|图片?|圖片?|配图|配圖|插图|插圖|截图|截圖|封面|头图|照片|相片|图像|在这里插入图片描述|图片描述)[\W\d_]*|"
    r"(?:img|dsc|image|screenshot|wx|微信图片|屏幕截图|[0-9a-f]{8})[\d_ -]+[\w-]*",
    re.IGNORECASE,
)
_MARK = re.compile(r"\[\^([^\[\]\n]{1,100})\]")
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\[\]\n]{1,100})\]:[ \t]*", re.MULTILINE)
_FOOTNOTE_MARK = re.compile(
    r'<sup class="footnote-ref">.*?</sup>|<a href="#fnref[^"]*" class="footnote-backref">.*?</a>', re.DOTALL
)


class _Renderer(RendererHTML):
    """HTML in which tags that are none are text."""

    def html_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        content = tokens[index].content
        return content if content.startswith("<!--") or markup.is_markup(content) else escapeHtml(content)

    def html_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self.html_inline(tokens, index, options, env)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", renderer_cls=_Renderer).enable(["table", "strikethrough"]).use(footnote_plugin)


_PARSER = _parser()


def to_html(source: str) -> str:
    """``source`` as HTML; what is HTML in it stays."""
    if len(source) > _LARGEST or _is_made_of_links(source):
        return f"<pre>{escapeHtml(source)}</pre>"
    source = _WIKI_LINK.sub(r"\1", _EMBED.sub("", _GENERATOR.sub("", source)))
    marks = Counter(_MARK.findall(source))
    source = _FOOTNOTE.sub(lambda match: match[0] if marks[match[1]] > 1 else "\n", source)
    env: dict[str, Any] = {}
    return str(_PARSER.renderer.render(list(_with_captions(_PARSER.parse(source, env))), _PARSER.options, env))


def without_marks(html: str) -> str:
    """What ``to_html`` made, without the numbers that lead to footnotes and back: they stand in the middle of words."""
    return _FOOTNOTE_MARK.sub("", html)


def _with_captions(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens, with the captions of its pictures behind each paragraph."""
    captions: list[str] = []
    for token in tokens:
        for child in token.children or () if token.type == "inline" else ():
            if child.type == "image" and child.content.strip() and not _NO_CAPTION.fullmatch(child.content.strip()):
                captions.append(child.content.strip())
        yield token
        if captions and token.type in ("paragraph_close", "heading_close", "table_close"):
            figures = "".join(f"<figcaption>{escapeHtml(caption)}</figcaption>" for caption in captions)
            yield Token("html_block", "", 0, content=f"<figure>{figures}</figure>\n")
            captions.clear()


def _is_made_of_links(source: str) -> bool:
    """Whether there are so many beginnings of links, without a blank between them, that they are no prose: each is
    looked for its end up to the next blank."""
    return source.count("](") > _MOST_LINKS and max(map(len, source.split())) > _LONGEST_RUN


_MOST_LINKS, _LONGEST_RUN = 1_000, 20_000


def is_html(body: str) -> bool:
    """Whether the body of a post is a piece of a page rather than Markdown with a tag in it."""
    pieces = [piece for piece in re.split(r"\n\s*\n", _COMMENT.sub("", body)) if piece.strip()]
    tagged = sum(_BLOCK.match(piece) is not None for piece in pieces)
    return tagged * 2 > len(pieces) and not any(_MARKS.match(piece) for piece in pieces)


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of a bulletin, and the Markdown below it."""

    title: str
    body: str


def sections(title: str, body: str) -> list[Section]:
    """The items of a daily bulletin (``# 《新闻联播》 (20230808)``), or ``[]`` for any other text.

    A bulletin is known by its title, which names one and a day; its items are the sections of the commonest level of
    headings. What stands before them is kept as a section called like the bulletin, unless it is a table of contents.
    """
    if not (_BULLETIN.search(title) and BULLETIN_DAY.search(title)):
        return []
    headings = [match for match in _ATX_HEADING.finditer(_without_fences(body)) if match[2].strip()]
    headings = headings or [*_BRACKETED_HEADING.finditer(body)]
    levels = Counter(len(match[1]) for match in headings)
    if not levels:
        return []
    level = max(levels, key=lambda level: (levels[level], level))
    if levels[level] < 2:
        return []
    found: list[Section] = []
    current, begin, contents = title, 0, False
    for match in [*headings, None]:
        end = match.start() if match else len(body)
        if match and len(match[1]) > level:
            continue
        text = body[begin:end].strip()
        if (text or current != title) and not contents:
            found.append(Section(current, text))
        if match:
            is_item = len(match[1]) == level
            contents = not is_item and _CONTENTS.search(match[2]) is not None
            current, begin = match[2].strip(" #\t") if is_item else title, match.end()
    return [section for section in found if section.body or section.title != title]


def _without_fences(source: str) -> str:
    """``source`` with the lines of fenced code blanked, at the same places."""
    return _FENCE.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source)
