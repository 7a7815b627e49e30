"""An export: all that an archive holds but its accounts, as lines of JSON that ``xunwen import`` reads again.

First the articles, with the field names of ``Article``. Then what they said before, oldest first, in the same fields:
``replaced`` tells until when, ``id`` of which article. Then what was forgotten, its id as ``tombstone``, with the other
fields of ``Tombstone``; a key is 16 hex digits, since others read numbers of JSON as floats. Then the feeds that are
followed, their address as ``subscription``, with the other fields of ``Subscription``. Last what readers marked: the
kind as ``mark``, with the other fields of ``Mark``; and the publishers that they hid, as ``hidden_source``, with the
other fields of ``HiddenSource``.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

from indexer.archive import Archive, HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.archive.identity import is_id
from indexer.archive.readers.marks import KINDS, LONGEST_READER, LONGEST_TAG, is_source
from indexer.archive.tombstones import LONGEST_REASON
from indexer.article import Article
from indexer.plain_text import plain_line, plain_lines
from indexer.sources import jsonl

_REPLACED, _TOMBSTONE, _SUBSCRIPTION, _MARK = "replaced", "tombstone", "subscription", "mark"
_HIDDEN = "hidden_source"
_KEY = re.compile("[0-9a-f]{16}")
_TIMES = ("last_fetched", "next_fetch")


def lines(archive: Archive) -> Iterator[str]:
    """The whole export."""
    yield from map(jsonl.write_line, archive.iterate())
    for old in archive.history.all():
        yield jsonl.line_of(jsonl.members_of(old.article) | {_REPLACED: old.replaced})
    for stone in archive.tombstones.all():
        told = {
            _TOMBSTONE: stone.id,
            "forgotten": stone.forgotten,
            "reason": stone.reason,
            "published": stone.published,
        }
        yield jsonl.line_of(told | {"keys": [f"{key % 2**64:016x}" for key in stone.keys]})
    for feed in archive.subscriptions.all():
        members = asdict(feed)
        yield jsonl.line_of({_SUBSCRIPTION: members.pop("url"), **members})
    for mark in archive.marks.all():
        members = asdict(mark)
        yield jsonl.line_of({_MARK: members.pop("kind"), **members})
    for hidden in archive.marks.sources():
        yield jsonl.line_of({_HIDDEN: hidden.source, "made": hidden.made, "reader": hidden.reader})


def read(value: object) -> Article | Revision | Subscription | Tombstone | Mark | HiddenSource | None:
    """What a decoded line of an export holds, word for word; ``None`` for any other."""
    if not isinstance(value, dict):
        return None
    if _TOMBSTONE in value:
        return _tombstone(value)
    if _SUBSCRIPTION in value:
        return _subscription(value)
    if _MARK in value:
        return _mark(value)
    if _HIDDEN in value:
        return _hidden(value)
    until = value.get(_REPLACED)
    article = jsonl.own_article({name: found for name, found in value.items() if name != _REPLACED})
    if article is None or (until is None and article.discovered):
        return article
    replaced = jsonl.moment(until)
    return Revision(article, replaced) if replaced else None


def _tombstone(value: dict[str, Any]) -> Tombstone | None:
    """``None`` for an object that is no tombstone."""
    id, keys, reason = value[_TOMBSTONE], value.get("keys"), value.get("reason", "")
    forgotten, published = jsonl.moment(value.get("forgotten")), jsonl.moment(value.get("published"))
    if not value.keys() <= {_TOMBSTONE, "forgotten", "reason", "published", "keys"} or forgotten is None:
        return None
    if not (isinstance(id, str) and _KEY.fullmatch(id) and isinstance(reason, str) and isinstance(keys, list)):
        return None
    if not all(isinstance(key, str) and _KEY.fullmatch(key) for key in keys):
        return None
    numbers = sorted({(int(key, 16) + 2**63) % 2**64 - 2**63 for key in keys})
    return Tombstone(id, forgotten, plain_line(reason, LONGEST_REASON), published, tuple(numbers))


def _subscription(value: dict[str, Any]) -> Subscription | None:
    """``None`` for an object that is no subscription: other programs have members of this name."""
    kinds = {field.name: type(getattr(Subscription(""), field.name)) for field in fields(Subscription)}
    members = {"url" if name == _SUBSCRIPTION else name: found for name, found in value.items()}
    times = {name: jsonl.moment(members.pop(name, None)) for name in _TIMES}
    if "failures" not in members or not all(type(found) is kinds.get(name) for name, found in members.items()):
        return None
    return Subscription(**members | times)


def _mark(value: dict[str, Any]) -> Mark | None:
    """``None`` for an object that is no mark of ours, or that could not be kept word for word."""
    kind = next((kind for kind in KINDS if kind == value[_MARK]), None)
    texts = {name: value.get(name, "") for name in ("id", "reader", "tag", "note")}
    made = jsonl.moment(value.get("made"))
    if kind is None or made is None or value.keys() - texts.keys() != {_MARK, "made"}:
        return None
    if not all(isinstance(text, str) for text in texts.values()) or not is_id(texts["id"]):
        return None
    mark = Mark(kind, made=made, **texts)
    says = (bool(mark.tag), bool(mark.note)) == (kind == "tagged", kind == "noted")
    plain = plain_line(mark.tag, LONGEST_TAG) == mark.tag and plain_lines(mark.note) == mark.note
    return mark if _is_reader(mark.reader) and says and plain else None


def _hidden(value: dict[str, Any]) -> HiddenSource | None:
    """``None`` for an object that is no hidden publisher of ours."""
    source, reader, made = value[_HIDDEN], value.get("reader", ""), jsonl.moment(value.get("made"))
    if value.keys() - {"reader"} != {_HIDDEN, "made"} or made is None:
        return None
    if not (isinstance(source, str) and is_source(source)):
        return None
    return HiddenSource(source, made, reader) if isinstance(reader, str) and _is_reader(reader) else None


def _is_reader(name: str) -> bool:
    """Whether somebody may be called so: a proxy tells names byte for byte, with anything that a header may hold."""
    return len(name) <= LONGEST_READER and re.search("[\0\ud800-\udfff]", name) is None
