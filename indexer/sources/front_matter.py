"""What stands before the body of a post: titles, dates and addresses, as the programs that publish or clip write them.

- YAML between lines of ``---``, as Jekyll, Hexo, Hugo and Obsidian write it; Hexo's may lack the first line;
- TOML between lines of ``+++``, and JSON before the body, as Hugo writes them;
- lines ``Title: …``, ``Date: …`` up to the first blank one, as Pelican and MultiMarkdown have.

Values are strings as they are written; of a list the first, unless the list is of authors.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

import yaml

from indexer.sources.encoding import storable
from indexer.urls import web_address

_YAML = re.compile(r"\A(?>(?:-{3,}[ \t]*\n)?)(.*?)^(?:-{3,}|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LINES = re.compile(r"\A((?:[A-Za-z][\w -]{0,30}:[^\n]*\n)+)(?:[ \t]*\n|\Z)")
_KEY_AND_VALUE = re.compile(r"([\w\u4e00-\u9fff][\w -]*?)[ \t]*[:=][ \t]*(.*)")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_MOST = 20  # authors
_LONGEST = 20_000  # characters of what is looked through for an end

# C's parser is ten times as fast, but what is nested thousands deep ends the process. Both make only strings.
_FastLoader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_NESTED = re.compile(r"^[ \t]*(?:[-?:][ \t]+){9}", re.MULTILINE)
_DEEPEST = 100

_TITLE = ("title", "标题", "標題")
_URL = (
    "from", "link", "url", "source", "originalurl", "original", "sourceurl", "canonical", "canonicalurl", "href",
    "permalink", "原文", "链接", "原文链接",
)  # fmt: skip
_DATE = (
    "date", "published", "publishdate", "pubdate", "datepublished", "publisheddate", "publishedat", "publishtime",
    "published time", "posted", "pubtime", "发布时间", "日期", "时间", "發布時間", "時間",
)  # fmt: skip
_CREATED = ("created", "createdat", "datecreated", "createtime", "createdtime")
_UPDATED = ("updated", "lastmod", "modified", "lastmodified", "lastmodifiedat", "updatedat")
_AUTHOR = ("author", "authors", "byline", "creator", "作者")
_PUBLISHER = ("publisher", "source", "site", "sitename", "website", "media", "来源", "來源")
_OTHER = ("layout", "tags", "categories", "category", "slug", "draft", "description", "excerpt", "comments", "toc")
_KNOWN = frozenset((*_TITLE, *_URL, *_DATE, *_CREATED, *_UPDATED, *_AUTHOR, *_PUBLISHER, *_OTHER))


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The members of an article that stand before its body, ``""`` for what is not there. ``dates`` are best first."""

    title: str = ""
    url: str = ""
    author: str = ""
    publisher: str = ""
    dates: tuple[str, ...] = ()


def split(text: str) -> tuple[FrontMatter | None, str]:
    """The front matter that ``text`` begins with, or ``None``, and what follows it.

    Only what has a key that posts have is front matter: other programs begin their settings in the same way.
    """
    for read in (_read_yaml, _read_toml, _read_json, _read_lines):
        values, rest = read(text)
        known = {_plain_name(key): value for key, value in values.items()}
        if known.keys() & _KNOWN:
            return _interpreted(known), rest
    fence = _YAML.match(text, 0, _LONGEST) if text.startswith("---") else None
    return None, text[fence.end() :] if fence else text


def _interpreted(values: dict[str, Any]) -> FrontMatter:
    def first(names: tuple[str, ...], between: str = "") -> str:
        return next(filter(None, (_string(values.get(name), between) for name in names)), "")

    urls = (web_address(_string(values.get(name))) for name in _URL)
    url = next(filter(None, urls), "")
    publishers = (_string(values.get(name)) for name in _PUBLISHER)
    dated = [_string(values.get(name)) for name in _DATE]
    # A clipping's "created" is when it was clipped.
    is_clipping = web_address(_string(values.get("source"))) or "published" in values
    others = _UPDATED if is_clipping else (*_CREATED, *_UPDATED)
    return FrontMatter(
        title=first(_TITLE),
        url=url,
        author=first(_AUTHOR, "、"),
        publisher=next((name for name in publishers if name and not web_address(name)), ""),
        dates=tuple(filter(None, [*dated, *(() if is_clipping else [_string(values.get(name)) for name in others])])),
    )


def _read_yaml(text: str) -> tuple[dict[str, Any], str]:
    """Titles are often quoted wrongly; then each line is read for itself."""
    match = _YAML.match(text, 0, _LONGEST)
    if not match or not (text.startswith("---") or _looks_like_pairs(match[1])):
        return {}, text
    try:
        loaded = yaml.load(match[1], Loader=_loader(match[1]))
    except (yaml.YAMLError, RecursionError, ValueError):
        loaded = _pairs(match[1])
    return loaded if isinstance(loaded, dict) else {}, text[match.end() :]


def _loader(block: str) -> Any:
    if block.count("[") + block.count("{") > _DEEPEST or _NESTED.search(block):
        return yaml.BaseLoader
    return _FastLoader


def _read_toml(text: str) -> tuple[dict[str, Any], str]:
    match = _TOML.match(text, 0, _LONGEST)
    if not match:
        return {}, text
    try:
        loaded = tomllib.loads(match[1])
    except (tomllib.TOMLDecodeError, RecursionError):
        loaded = _pairs(match[1])
    return loaded, text[match.end() :]


def _read_json(text: str) -> tuple[dict[str, Any], str]:
    if not text.startswith("{"):
        return {}, text
    try:
        loaded, end = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):
        return {}, text
    rest = text[end:]
    # Another object on the next line: lines of JSON, of which each is an article.
    return (loaded, rest) if rest.strip() and not rest.lstrip().startswith("{") else ({}, text)


def _read_lines(text: str) -> tuple[dict[str, Any], str]:
    match = _LINES.match(text, 0, _LONGEST)
    return (_pairs(match[1]), text[match.end() :]) if match and _looks_like_pairs(match[1]) else ({}, text)


def _looks_like_pairs(block: str) -> bool:
    """Whether a block without its opening line is front matter: it begins with a key, and names title or date."""
    names = {_plain_name(name) for name in _pairs(block)}
    first = _KEY_AND_VALUE.match(block)
    return first is not None and _plain_name(first[1]) in _KNOWN and bool(names.intersection(_TITLE + _DATE))


def _pairs(block: str) -> dict[str, Any]:
    return {match[1]: match[2].strip().strip("\"'") for match in map(_KEY_AND_VALUE.match, block.splitlines()) if match}


def _plain_name(name: object) -> str:
    return str(name).lower().replace("_", "").replace("-", "").replace(" ", "")


def _string(value: object, between: str = "") -> str:
    """A value as one string; ``between`` joins those of a list, without it the first stands for all."""
    if isinstance(value, str):
        return _WIKI_LINK.sub(r"\1", storable(value)).strip()
    if isinstance(value, list):
        # Aliases make lists of lists with more parts than there is memory.
        parts = list(filter(None, (_string(part) for part in value[:_MOST] if not isinstance(part, list))))
        return between.join(parts) if between else next(iter(parts), "")
    if isinstance(value, dict):
        return _string(value.get("name"), between)
    if isinstance(value, date):  # and datetime: TOML has both
        return value.isoformat()
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""
