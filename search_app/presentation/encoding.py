"""The dataclasses of answers as JSON: each class is read once, then written member by member.

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
    match value:
        case None | bool() | int() | float() | str():
            return value
        case datetime():
            return timestamp(value)
        case date():
            return value.isoformat()
        case Mapping():
            return {name: encode(each, gettext) for name, each in value.items()}
        case Sequence():
            return [encode(each, gettext) for each in value]
        case Note():
            return {"code": value.code, "text": note_text(value, gettext)}
        case Results():
            return _members(value, gettext) | {"hits": [encode_hit(hit, value.fields, gettext) for hit in value.hits]}
        case _:
            return _members(value, gettext)


def encode_hit(hit: ResultHit, fields: Sequence[str], gettext: Gettext) -> dict[str, Any]:
    """A hit with those of its members that were asked for, and its explanation if that was."""
    if fields == HIT_FIELDS:
        return _members(hit, gettext)
    return _members(hit, gettext, lambda name: name in fields or name in OPTIONAL)


def _members(value: Any, gettext: Gettext, chosen: Callable[[str], bool] = lambda _: True) -> dict[str, Any]:
    encoded: dict[str, Any] = {}
    for name, digits in members(value.__class__):
        member = getattr(value, name)
        if chosen(name) and (member or name not in OPTIONAL):
            encoded[name] = round(member, digits) if digits is not None else encode(member, gettext)
    return encoded
