"""Markdown, as posts and notes are written in it, to HTML (CommonMark and tables, by markdown-it-py).

Tags that HTML has not are words (``vector<int>``), and so is what site generators and Obsidian add: their tags and
short codes are left out, of ``[[links|like this]]`` the words remain.
"""

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from indexer.sources import markup

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
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


class _Renderer(RendererHTML):
    """HTML in which tags that are none are text."""

    def html_inline(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        content = tokens[index].content
        return content if content.startswith("<!--") or markup.is_markup(content) else escapeHtml(content)

    def html_block(self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType) -> str:
        return self.html_inline(tokens, index, options, env)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", renderer_cls=_Renderer).enable(["table", "strikethrough"])


_PARSER = _parser()


def to_html(source: str) -> str:
    """``source`` as HTML; what is HTML in it stays."""
    if len(source) > _LARGEST:
        return f"<pre>{escapeHtml(source)}</pre>"
    source = _WIKI_LINK.sub(r"\1", _EMBED.sub("", _GENERATOR.sub("", source)))
    return str(_PARSER.render(source))


def is_html(body: str) -> bool:
    """Whether the body of a post is a piece of a page rather than Markdown with a tag in it."""
    pieces = [piece for piece in re.split(r"\n\s*\n", _COMMENT.sub("", body)) if piece.strip()]
    tagged = sum(_BLOCK.match(piece) is not None for piece in pieces)
    return tagged * 2 > len(pieces) and not any(_MARKS.match(piece) for piece in pieces)
