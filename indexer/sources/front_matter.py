"""What stands before the body of a post: titles, dates and addresses, as the programs that publish or clip write them.

- YAML between lines of ``---``, as Jekyll, Hexo, Hugo and Obsidian write it; Hexo's may lack the first line;
- TOML between lines of ``+++``, and JSON before the body, as Hugo writes them;
- lines ``Title: …``, ``Date: …`` up to the first blank one, as Pelican and MultiMarkdown have; ``title:: …`` in Logseq;
- the head of a post on a bulletin board (see ``indexer.sources.readers.board``).

Colons may be full-width, and the closing line may be missing. Values are strings as they are written; of a list the
first, unless the list is of authors.
"""

import json
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any

import yaml

from indexer.sources.encoding import storable
from indexer.sources.labels import DateKind, date_kind, read_line
from indexer.sources.readers import board
from indexer.urls import web_address

_YAML = re.compile(r"\A(?>(?:-{3,}[ \t]*\n)?)(.*?)^(?:-{3,}|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_TOML = re.compile(r"\A\+\+\+[ \t]*\n(.*?)^\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_LINE = r"(?>(?:- )?[A-Za-z\u4e00-\u9fff][\w\u3000 -]{0,30}(?:::?|：)[^\n]*\n)"
_LINES = re.compile(rf"\A((?:{_LINE})++)(?:[ \t]*\n|\Z)")
_UNCLOSED = re.compile(rf"\A-{{3,}}[ \t]*\n((?:{_LINE}|[ \t]+[^\n]*\n|- [^\n:]*\n)++)")
_OF_YAML = re.compile(r"[ \t#\-\]}\"'?|>]|\Z|[^\s:：=][^:：=]{0,60}(?:[:：=]|\Z(?<=[\w,\]]))")
_KEY_AND_VALUE = re.compile(r"(?:- )?([\w\u4e00-\u9fff][\w\u3000 -]*?)[ \t]*(?:::|[:=：])[ \t]*(.*)")
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
_AUTHOR = ("author", "authors", "byline", "creator", "作者")
_PUBLISHER = ("publisher", "source", "site", "sitename", "website", "media", "来源", "來源")
_OTHER = ("layout", "tags", "categories", "category", "slug", "draft", "description", "excerpt", "comments", "toc")
_KNOWN = frozenset((*_TITLE, *_URL, *_AUTHOR, *_PUBLISHER, *_OTHER))


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
    for read in (_read_yaml, _read_toml, _read_json, _read_lines, board.split):
        values, rest = read(text)
        known = {_plain_name(key): value for key, value in values.items()}
        if any(map(_is_known, known)):
            return _interpreted(known), rest
    fence = _YAML.match(text, 0, _LONGEST) if text.startswith("---") else None
    return None, text[fence.end() :] if fence else text


def _interpreted(values: dict[str, Any]) -> FrontMatter:
    def first(names: tuple[str, ...], between: str = "") -> str:
        return next(filter(None, (_string(values.get(name), between) for name in names)), "")

    urls = (web_address(_string(values.get(name))) for name in _URL)
    url = next(filter(None, urls), "")
    publishers = (_string(values.get(name)) for name in _PUBLISHER)
    found = ((date_kind(name), _string(value)) for name, value in values.items())
    dated = sorted((pair for pair in found if pair[0] < DateKind.NONE), key=lambda pair: pair[0])
    # A clipping's "created" is when it was clipped.
    if web_address(_string(values.get("source"))) or "published" in values:
        dated = [(kind, raw) for kind, raw in dated if kind < DateKind.CREATED]
    return FrontMatter(
        title=first(_TITLE),
        url=url,
        author=first(_AUTHOR, "、"),
        publisher=next((name for name in publishers if name and not web_address(name)), ""),
        dates=tuple(raw for _, raw in dated if raw),
    )


def _read_yaml(text: str) -> tuple[dict[str, Any], str]:
    """Titles are often quoted wrongly; then each line is read for itself."""
    match = _YAML.match(text, 0, _LONGEST)
    if text.startswith("---") and (not match or any(map(_is_prose, match[1].splitlines()))):
        match = _UNCLOSED.match(text, 0, _LONGEST) or match
    if not match or not (text.startswith("---") or _looks_like_pairs(match[1])):
        return {}, text
    try:
        loaded = yaml.load(match[1], Loader=_loader(match[1]))
    except (yaml.YAMLError, RecursionError, ValueError):
        loaded = None
    # A full-width colon parts a key and its value too, which YAML takes for a part of the words.
    pairs = _pairs(match[1]) if "：" in match[1] or not isinstance(loaded, dict) else {}
    return pairs | (loaded if isinstance(loaded, dict) else {}), text[match.end() :]


def _is_prose(line: str) -> bool:
    """Whether a line can't stand in front matter: the line that should close it is missing, and this is body."""
    return _OF_YAML.match(line) is None


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
    first = _KEY_AND_VALUE.match(block)
    if first is None or not _is_known(_plain_name(first[1])):
        return False
    names = {_plain_name(name) for name in _pairs(block)}
    return bool(names.intersection(_TITLE)) or any(date_kind(name) < DateKind.CREATED for name in names)


def _is_known(name: str) -> bool:
    return name in _KNOWN or date_kind(name) < DateKind.NONE


def _pairs(block: str) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for line in block.splitlines():
        if match := _KEY_AND_VALUE.match(line):
            # There may be several labels in one line.
            said = read_line(line, zone=UTC) if "：" in match[2] or ":" in match[2] else {}
            pairs |= said if len(said) > 1 else {match[1]: match[2].strip().strip("\"'")}
    return pairs


def _plain_name(name: object) -> str:
    return str(name).lower().replace("_", "").replace("-", "").replace(" ", "").replace("\u3000", "")


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
