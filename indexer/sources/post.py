"""Posts and notes: one article a file.

::

    ---                                        optional front matter (see ``front_matter``)
    title: "…"
    ---
    <!--1599400614000-->                       when it was published: milliseconds or seconds since 1970
    [title](https://www.example.org/story)     the title may hold brackets, the address parentheses
    ------
    日期：Tue, 30 Jun 2020 15:04:14 +0000       or 发布时间：…, 来源：…, 作者：…, 原文：https://…

    <p>…</p>                                   the body: HTML, Markdown below front matter, or text

Each part may be missing. A file that is called Markdown or text may have none of them: its first heading, else its
first line, is the title. What shows no date has that of its file's name: ``2019-03-02-title.md``,
``2019/03/02/title.md``.
"""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from indexer.article import Article
from indexer.errors import SourceError
from indexer.extraction import bylines, markup, parting
from indexer.extraction.publishers import known_publisher
from indexer.sources import front_matter, labels, markdown
from indexer.sources.draft import Draft, Found, finish
from indexer.sources.front_matter import FrontMatter
from indexer.sources.markdown import Section
from indexer.urls import site_of, web_address

_PUBLISHED = re.compile(r"<!--\s*(\d{9,13})\s*-->\s*")
# Titles may hold "](" and so may addresses; what begins with a scheme is the address.
_LINKS = (
    re.compile(r"\[(.*)\]\([ \t]*(https?://.*?)[ \t]*\)[ \t]*(?:\n|\Z)"),
    re.compile(r"\[(.*)\]\((.*)\)[ \t]*(?:\n|\Z)"),
)
_RULE = re.compile(r"\s*^[-—]{2,}[ \t]*(?:\n|\Z)", re.MULTILINE)
_HEAD = 10_000  # characters; the marks of a post stand in its first lines
_MARKDOWN, _TEXT = (".md", ".markdown", ".mdown", ".mkd"), (".txt", ".text")

_SIMPREAD = re.compile(
    r">[ \t]*本文由[^\n]{0,200}转码[^\n]{0,100}原文地址[^\n]{0,20}?\[[^\]\n]*\]\((https?://[^\s)]+)\)[^\n]*\n"
)
_SENTENCE = re.compile(r"[\w”」』）)][。！？!?…]|\w{3}[.](?:\s|\Z)")
_COMMENTS = re.compile(r"\A(?>\s*<!--.{0,2000}?-->)*+\n*", re.DOTALL)
_HEADING = re.compile(r"#[ \t]+(.*?)[ \t]*#*[ \t]*(?:\n|\Z)|([^\n]{1,200})\n={3,}[ \t]*(?:\n|\Z)")
_DATE_IN_NAME = re.compile(
    r"(?<![0-9A-Za-z])((?:19|20)\d\d)(?:([-_.]?)([01]\d)\2([0-3]\d)|[年 ]+(\d{1,2})[月 ]+(\d{1,2})[日号 ]?)"
    r"(?:(?:T|_(?=\d{4})|[_ ]+(?=\d\d[-_:.时：点]\d))"
    r"([01]\d|2[0-3])([-_:.时：点]?)([0-5]\d)(?:\8[0-5]\d)?分?(Z|[+-]\d{4})?)?"
    r"(?![0-9A-Za-z])"
)
_DATE_IN_PATH = re.compile(r"/((?:19|20)\d\d)[-_/]([01]?\d)[-_/]([0-3]?\d)/[^/]*\Z")


_LINK_TO_ITEM = re.compile(
    r"^\[(?:查看原文|阅读原文|閱讀原文|原文(?:链接|鏈接)?|来源|來源|链接|鏈接|source|link)\]\((https?://[^\s()]+)\)\s*\Z",
    re.IGNORECASE | re.MULTILINE,
)
_TITLE_LABEL = re.compile(r"(?:标题|標題|题目|題目|title)\s*[:：]\s*", re.IGNORECASE)
_BULLETIN_NAME = re.compile(r"《([^《》]{2,20})》")
_AIRED = re.compile(r"(20\d\d)(\d\d)(\d\d)\s+(\d{1,2}:\d\d)")


@dataclass(frozen=True, slots=True)
class _Parts:
    front: FrontMatter
    published: str
    title: str
    url: str
    body: str
    labelled: dict[str, str] = field(default_factory=dict)


def read_posts(text: str, *, zone: tzinfo, now: datetime, path: str = "") -> list[Article]:
    """The article of one post, or those of a bulletin: one an item. The arguments and errors are ``read_post``'s."""
    parts = _parts(_unbroken(text), path, zone)
    sections = markdown.sections(parts.title or parts.front.title, parts.body)
    if not sections:
        return [_article(parts, path, zone, now)]
    return [article for section in sections if (article := finish(_item(section, parts, path), zone=zone, now=now))]


def read_post(text: str, *, zone: tzinfo, now: datetime, path: str = "") -> Article:
    """The article of one post. Dates without a zone are read in ``zone``; ``now`` becomes ``discovered``.

    ``path`` names the file. Raises ``SourceError`` when ``text`` is no post or holds neither a title nor a text.
    """
    return _article(_parts(_unbroken(text), path, zone), path, zone, now)


def _article(parts: _Parts, path: str, zone: tzinfo, now: datetime) -> Article:
    front, labelled = parts.front, parts.labelled
    url = web_address(parts.url) or front.url or web_address(labelled.get("url", ""))
    publisher = known_publisher(url) or labelled.get("source", "") or front.publisher
    author = front.author or labelled.get("author", "")
    # Archives write the publisher where the author stands.
    is_publisher = not publisher and not bylines.are_persons(author)
    draft = Draft(
        title=markup.to_title(parts.title) or markup.to_title(front.title),
        url=url,
        source=publisher or (author if is_publisher else "") or site_of(url),
        author="" if is_publisher or (publisher and (publisher in author or author in publisher)) else author,
        dates=(
            Found(parts.published, "the time above the title"),
            *(Found(date, "front matter") for date in front.dates),
            Found(labelled.get("date", ""), "a line above the text"),
            Found(date_of(path), "the file's name"),
            Found(labelled.get("updated", ""), "a line above the text, the last change"),
        ),
    )
    is_markdown = not (parts.published or parts.url) and not markdown.is_html(parts.body)
    if is_markdown and not path.lower().endswith(_TEXT):
        draft = _markdown(draft, parts.body)
    else:
        draft = replace(draft, html=parts.body)
    article = finish(draft, zone=zone, now=now)
    if article is None:
        raise SourceError("the post has neither a title nor a text")
    if not article.text and not parts.url:
        raise SourceError("the post has a title alone, no text")
    return article


def _item(section: Section, parts: _Parts, path: str) -> Draft:
    """One item of a bulletin. Its last line may be the link to it; the bulletin says when it was broadcast."""
    bulletin = markup.to_title(parts.title or parts.front.title)
    body, url = section.body, ""
    if match := _LINK_TO_ITEM.search(body):
        body, url = body[: match.start()], web_address(match[1])
    name = _BULLETIN_NAME.search(bulletin)
    aired = _AIRED.search(parts.body)
    draft = Draft(
        title=markup.to_title(section.title),
        url=url,
        guid="" if url else f"{bulletin} {section.title}",
        source=name[1] if name else parts.front.publisher or known_publisher(url) or site_of(url),
        dates=(
            "-".join(aired.groups()[:3]) + " " + aired[4] if aired else "",
            *parts.front.dates,
            _day(bulletin),
            date_of(path),
        ),
    )
    return replace(draft, html=body) if markdown.is_html(body) else _markdown(draft, body)


def _day(text: str) -> str:
    found = markdown.BULLETIN_DAY.search(text)
    return "-".join(found.groups()) if found else ""


def _unbroken(text: str) -> str:
    return text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")


def date_of(path: str) -> str:
    """The day in a file's name, with its time (``2019-03-02T08-30 title.md``), or that its folders make, or ``""``."""
    folders, _, name = path.rpartition("/")
    if found := _DATE_IN_NAME.search(name):
        day = f"{found[1]}-{found[3] or found[5]}-{found[4] or found[6]}"
        return f"{day} {found[7]}:{found[9]}{found[10] or ''}" if found[7] else day
    if found := _DATE_IN_PATH.search(f"/{folders}/{name}"):
        return "-".join(found.groups())
    return ""


def _markdown(draft: Draft, body: str) -> Draft:
    """``draft`` with the text of a body in Markdown."""
    html = markdown.to_html(body)
    return replace(draft, html=html, text=parting.prose(markdown.without_marks(html), title=draft.title))


def _parts(text: str, path: str, zone: tzinfo) -> _Parts:
    """Cut a post into its parts, whichever of them are there."""
    front, rest = front_matter.split(text)
    rest = rest.lstrip()
    published = title = url = ""
    if match := _PUBLISHED.match(rest):
        published, rest = match[1], rest[match.end() :]
    if match := _link(rest):
        title, url, rest = match[1], match[2], rest[match.end() :]
    has_marks = bool(front or published or title or url)
    if not has_marks and not _is_prose(text, path):
        raise SourceError("this text has none of a post's marks: front matter, <!--time--> or [title](address)")
    if match := _RULE.match(rest) if has_marks else None:
        rest = rest[match.end() :]
    if match := None if has_marks else _SIMPREAD.match(rest):
        url, rest = match[1], rest[match.end() :].lstrip()
    if not title and not (front and front.title) and not published:
        title, rest = _heading(rest, is_text=path.lower().endswith(_TEXT))
    labelled, rest = _labelled(rest, zone)
    return _Parts(front or FrontMatter(), published, title, url, rest, labelled)


def _is_prose(text: str, path: str) -> bool:
    """Whether a file without any marks is Markdown or text: more than one line, or one of a sentence."""
    start = text[:_HEAD]
    if not path.lower().endswith((*_MARKDOWN, *_TEXT)) or "\0" in start:
        return False
    return len(start.split("\n", 2)) > 1 or _SENTENCE.search(start) is not None


def _heading(text: str, *, is_text: bool) -> tuple[str, str]:
    """The first heading and what follows it; of plain text the first line."""
    text = _COMMENTS.sub("", text)
    if match := _HEADING.match(text):
        return markup.to_title(match[1] or match[2] or ""), text[match.end() :]
    if is_text and not markup.is_markup(text):
        first, _, rest = text.partition("\n")
        if rest.strip() and len(first) <= 200:
            return _TITLE_LABEL.sub("", markup.squeeze(first)), rest
    return "", text


def _labelled(body: str, zone: tzinfo) -> tuple[dict[str, str], str]:
    """What lines such as ``日期：…`` at the top of a body say, and the body without them."""
    found: dict[str, str] = {}
    rest = body.lstrip("\n")
    while said := labels.read_line(rest.partition("\n")[0], zone=zone):
        found = said | found
        rest = rest.partition("\n")[2].lstrip("\n")
    return (found, rest) if found else ({}, body)


def _link(text: str) -> re.Match[str] | None:
    """The ``[title](address)`` that ``text`` starts with."""
    if not text.startswith("["):
        return None
    return next(filter(None, (link.match(text, 0, _HEAD) for link in _LINKS)), None)
