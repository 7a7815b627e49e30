"""Archived posts: one article a file.

::

    ---                                        optional YAML front matter
    title: "…"                                 title, date, author, from, tags, categories
    ---
    <!--1599400614000-->                       when it was published: milliseconds or seconds since 1970
    [title](https://www.example.org/story)     the title may hold brackets, the address parentheses
    ------

    <p>…</p>                                   the body: HTML, or text without any tag

Each part may be missing; a text in which there is neither front matter, date nor link is no post.
"""

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

import yaml

from indexer import dates, language
from indexer.article import Article
from indexer.errors import SourceError
from indexer.sources import markup
from indexer.sources.publishers import known_publisher, without_site_name
from indexer.urls import site_of, web_address

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_KEY_AND_VALUE = re.compile(r"([A-Za-z][\w-]*)[ \t]*:[ \t]*(.*)")
_PUBLISHED = re.compile(r"<!--\s*(\d{9,13})\s*-->\s*")
# Titles may hold "](" and so may addresses; what begins with a scheme is the address.
_LINKS = (
    re.compile(r"\[(.*)\]\([ \t]*(https?://.*?)[ \t]*\)[ \t]*(?:\n|\Z)"),
    re.compile(r"\[(.*)\]\((.*)\)[ \t]*(?:\n|\Z)"),
)
_RULE = re.compile(r"\s*^[-—]{2,}[ \t]*(?:\n|\Z)", re.MULTILINE)
_HEAD = 10_000  # characters; the marks of a post stand in its first lines


@dataclass(frozen=True, slots=True)
class _Parts:
    front: dict[str, str]
    published: str
    title: str
    url: str
    body: str


def looks_like_post(text: str) -> bool:
    """Whether ``text`` begins as a post does."""
    start = text[:_HEAD].lstrip("\ufeff \t\r\n")
    return bool(_PUBLISHED.match(start) or start.startswith(("---\n", "---\r\n")) or _link(start.replace("\r\n", "\n")))


def read_post(text: str, *, zone: tzinfo, now: datetime) -> Article:
    """The article of one post. Dates without a zone are read in ``zone``; ``now`` becomes ``discovered``.

    Raises ``SourceError`` when ``text`` is no post or holds neither a title nor a text.
    """
    parts = _parts(text)
    front = parts.front
    title = without_site_name(markup.to_title(parts.title) or markup.to_title(front.get("title", "")))
    url = web_address(parts.url or front.get("from") or front.get("link") or front.get("url") or "")
    body = markup.any_text(parts.body, title=title)
    title = title or markup.headline_from(body)
    if not title:
        raise SourceError("the post has neither a title nor a text")
    published = dates.parse(parts.published, zone=zone) or dates.parse(front.get("date", ""), zone=zone)
    return Article(
        url=url,
        title=title,
        text=body,
        html=parts.body.strip(),
        source=markup.to_title(front.get("author", "")) or known_publisher(url) or site_of(url),
        published=published,
        discovered=now,
        language=language.detect(f"{title}\n{body}"),
    )


def _parts(text: str) -> _Parts:
    """Cut a post into its parts, whichever of them are there."""
    if not looks_like_post(text):
        raise SourceError("this text has none of a post's marks: front matter, <!--time--> or [title](address)")
    rest = text.lstrip("\ufeff \t\r\n").replace("\r\n", "\n")
    front: dict[str, str] = {}
    published = title = url = ""
    if match := _FRONT_MATTER.match(rest):
        front, rest = _front_matter(match[1]), rest[match.end() :].lstrip()
    if match := _PUBLISHED.match(rest):
        published, rest = match[1], rest[match.end() :]
    if match := _link(rest):
        title, url, rest = match[1], match[2], rest[match.end() :]
    if match := _RULE.match(rest):
        rest = rest[match.end() :]
    return _Parts(front, published, title, url, rest)


def _link(text: str) -> re.Match[str] | None:
    """The ``[title](address)`` that ``text`` starts with."""
    if not text.startswith("["):
        return None
    return next(filter(None, (link.match(text, 0, _HEAD) for link in _LINKS)), None)


def _front_matter(block: str) -> dict[str, str]:
    """The scalar values of the front matter as they are written, and the first item of each list.

    Titles are often quoted wrongly; then each line is read for itself.
    """
    try:
        loaded = yaml.load(block, Loader=yaml.BaseLoader)  # only makes strings
    except (yaml.YAMLError, RecursionError):
        loaded = {
            match[1]: match[2].strip().strip("\"'") for match in map(_KEY_AND_VALUE.match, block.splitlines()) if match
        }
    if not isinstance(loaded, dict):
        return {}
    values = {
        str(key).lower(): value[0] if isinstance(value, list) and value else value for key, value in loaded.items()
    }
    return {key: value for key, value in values.items() if isinstance(value, str)}
