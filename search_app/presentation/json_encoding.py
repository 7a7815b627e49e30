"""The dataclasses of answers as JSON: how a class is written is worked out once, then each value is written so.

Times are RFC 3339 in UTC, days ISO dates, tuples arrays. A float is rounded to the digits that its member names, a
``Note`` gets its ``text`` in the reader's language, and members without values that only some answers have (an
``explanation``) are left out.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from search_app.presentation.messages import Gettext, note_text
from search_app.query.notes import Note
from search_app.query.parameters import HIT_FIELDS
from search_app.search.results import ResultHit, Results, timestamp

OPTIONAL = frozenset(("explanation",))
"""Members that only some answers have."""

_PLAIN = frozenset((str, int, bool, None.__class__))
"""Classes whose values stand in JSON as they are; most are of these."""

_Encoder = Callable[[Any, Gettext], Any]


@cache
def members(kind: type) -> tuple[tuple[str, int | None], ...]:
    """The members of a dataclass that stand in its JSON, each with the digits that it is rounded to."""
    return tuple(
        (member.name, member.metadata.get("digits"))
        for member in dataclasses.fields(kind)
        if member.metadata.get("json", True)
    )


def encode(value: Any, gettext: Gettext) -> Any:
    """What ``json.dumps`` takes, for an answer and all in it."""
    return _encoder(value.__class__)(value, gettext)


def encode_hit(hit: ResultHit, fields: Sequence[str], gettext: Gettext) -> dict[str, Any]:
    """A hit with those of its members that were asked for, and its explanation if that was."""
    whole: dict[str, Any] = encode(hit, gettext)
    if fields == HIT_FIELDS:
        return whole
    return {name: member for name, member in whole.items() if name in fields or name in OPTIONAL}


def _list(values: Sequence[Any], gettext: Gettext) -> list[Any]:
    return [each if each.__class__ in _PLAIN else _encoder(each.__class__)(each, gettext) for each in values]


def _results(results: Results, gettext: Gettext) -> dict[str, Any]:
    encoded: dict[str, Any] = _members(Results)(results, gettext)
    if results.fields != HIT_FIELDS:
        encoded["hits"] = [encode_hit(hit, results.fields, gettext) for hit in results.hits]
    return encoded


@cache
def _encoder(kind: type) -> _Encoder:
    if issubclass(kind, str | int | float | None.__class__):
        return lambda value, _: value
    for base, encoder in _OF_KIND.items():
        if issubclass(kind, base):
            return encoder
    return _members(kind)


_OF_KIND: Mapping[type, _Encoder] = {
    datetime: lambda value, _: timestamp(value),
    date: lambda value, _: value.isoformat(),
    Mapping: lambda value, gettext: {name: encode(each, gettext) for name, each in value.items()},
    Sequence: _list,
    Note: lambda value, gettext: {"code": value.code, "text": note_text(value, gettext)},
    Results: _results,
}
"""The first that a class belongs to: a ``datetime`` is a ``date`` too."""


def _members(kind: type) -> _Encoder:
    """How a dataclass is written."""
    rounded = {name: digits for name, digits in members(kind) if digits is not None}
    names = tuple(name for name, _ in members(kind))

    def encoded(value: Any, gettext: Gettext) -> dict[str, Any]:
        object_ = {}
        for name in names:
            member = getattr(value, name)
            if name in rounded:
                object_[name] = round(member, rounded[name])
            elif member.__class__ in _PLAIN:
                object_[name] = member
            elif member or name not in OPTIONAL:
                object_[name] = _encoder(member.__class__)(member, gettext)
        return object_

    return encoded
