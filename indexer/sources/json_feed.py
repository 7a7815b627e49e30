"""Lists of articles in JSON: feeds, what reading programs export in their place, arrays.

- JSON Feed 1 and 1.1 (https://jsonfeed.org/version/1.1), also without its version;
- the lists of Google Reader's API, which Inoreader, FreshRSS, The Old Reader and others export;
- an array of articles, alone or as the member of an object (``{"articles": […]}``), such as WordPress answers.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any

from indexer.errors import SourceError
from indexer.extraction import markup
from indexer.sources.draft import Draft
from indexer.sources.jsonl import has_body, read_members, text_of
from indexer.sources.readers.dumps import items_in
from indexer.urls import web_address

_NEXT_OBJECT = re.compile(r"[\s,]*(?=\{)")
_LISTS = (
    "items",
    "hits",
    "articles",
    "entries",
    "posts",
    "news",
    "data",
    "results",
    "list",
    "docs",
    "documents",
    "records",
    "rows",
)


@dataclass(frozen=True, slots=True)
class List:
    """What a list of articles holds. ``rejects`` says of each item that is no article which it is, from 1, and why."""

    title: str
    site: str
    drafts: tuple[Draft, ...]
    rejects: tuple[tuple[int, str], ...]


def is_feed(value: object) -> bool:
    """Whether a decoded JSON value is a feed, and not one article."""
    if not isinstance(value, dict) or not isinstance(value.get("items"), list):
        return False
    return "jsonfeed.org" in str(value.get("version", "")) or "title" in value


def is_list(value: object) -> bool:
    """Whether a decoded JSON value is a list of articles, feeds among them."""
    return is_feed(value) or items_of(value) is not None


def looks_like_json(text: str) -> bool:
    """Whether ``text`` begins as an object or a list of objects does, not as ``[a link](…)``."""
    return re.match(r"\s*(?:\{|\[\s*(?:\{|\]))", text) is not None


def decoded(text: str) -> object:
    """The value that ``text`` is in JSON. Raises ``SourceError``."""
    try:
        value: object = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        raise SourceError(f"not valid JSON ({error})") from error
    return value


_LIST_BEGINS = re.compile(rf'\s*(?:\[|\{{.{{0,20000}}?"({"|".join(_LISTS)})"\s*:\s*\[)', re.DOTALL)


def cut_off(text: str) -> tuple[object, int] | None:
    """What is whole of a list that ends before its end, and how many items that is; ``None`` for anything else."""
    begin = _LIST_BEGINS.match(text)
    if begin is None:
        return None
    decoder, position, items = json.JSONDecoder(strict=False), begin.end(), []
    while match := _NEXT_OBJECT.match(text, position):
        try:
            item, position = decoder.raw_decode(text, match.end())
        except (ValueError, RecursionError):
            break
        items.append(item)
    name = begin[1]
    if not items or not name:
        return (items, len(items)) if items else None
    try:
        head = json.loads(text[: text.rindex(f'"{name}"', 0, begin.end())].rstrip(" ,\r\n\t") + "}", strict=False)
    except (ValueError, RecursionError):
        head = {}
    return {**head, name: items}, len(items)


def items_of(value: object) -> list[Any] | None:
    """The items of a list of articles, or ``None`` when ``value`` is none: an article may have comments for items."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or has_body(value):
        return None
    if dumped := items_in(value):
        return dumped
    return _listed(value) or next(filter(None, map(_listed, value.values())), None)


def _listed(value: object) -> list[Any] | None:
    """The member of an object that is a list of objects."""
    if not isinstance(value, dict):
        return None
    lists = (value.get(name) for name in _LISTS)
    return next((found for found in lists if isinstance(found, list) and any(isinstance(i, dict) for i in found)), None)


def read_feed(value: object, *, zone: tzinfo, base: str = "") -> List:
    """The items of a decoded feed. Dates are read in ``zone``, relative addresses against ``base``.

    Raises ``SourceError`` when it is no feed.
    """
    if not isinstance(value, dict) or not is_feed(value):
        raise SourceError("not a feed")
    site = text_of(value.get("home_page_url")) or text_of(value.get("feed_url")) or base
    drafts, rejects = [], []
    for number, item in enumerate(value["items"], start=1):
        try:
            drafts.append(_item(item, site=site, tag=text_of(value.get("language")), zone=zone))
        except SourceError as error:
            rejects.append((number, str(error)))
    return List(markup.to_title(text_of(value.get("title"))), site, tuple(drafts), tuple(rejects))


def _item(item: object, *, site: str, tag: str, zone: tzinfo) -> Draft:
    """One item of a feed: an article whose ``id`` is its guid, unless a reading program gave it."""
    if not isinstance(item, dict):
        raise SourceError("the item is not a JSON object")
    draft = read_members(item, zone=zone, base=site)
    identifier = draft.guid or text_of(item.get("id"))
    # A reading program's own number, which no feed repeats.
    guid = "" if draft.url and "tag:google.com" in identifier else identifier
    return replace(draft, guid=guid, url=draft.url or web_address(identifier), language=draft.language or tag)
