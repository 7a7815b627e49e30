"""A question as it is asked: the request parameters, read by one function for the page, the API and the terminal."""

import dataclasses
import re
from collections.abc import Callable, Mapping
from typing import Any, Self, cast, get_args

from werkzeug.datastructures import MultiDict

from indexer.engine.index import Sort
from indexer.errors import QueryError
from search_app.query.dates import zone_named
from search_app.search.results import HIT_FIELDS

SORTS: tuple[Sort, ...] = get_args(Sort)
DEFAULT_LIMIT = 10
MAX_LIMIT = 100
MAX_VALUES = 64
"""How often ``source`` and ``lang`` may repeat."""

_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}


@dataclasses.dataclass(frozen=True, slots=True)
class Question:
    """What is asked. The names in parentheses are those of the request parameters.

    ``text`` (q) is in the query language. ``first`` and ``last`` (from, to) are dates as typed, both inclusive, in
    ``zone`` (tz): an IANA name, ``""`` for the configured one. ``sources`` and ``languages`` (source, lang; they
    repeat) are what was ticked. ``variants`` is off for exactly this spelling. ``recency`` is the half-life of the
    recency boost as typed (``12h``, ``30d``, ``4w``), ``""`` for none. ``fields`` are the members of each hit in JSON.
    """

    text: str = ""
    first: str = ""
    last: str = ""
    sources: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sort: Sort = "relevance"
    zone: str = ""
    variants: bool = True
    cursor: str = ""
    limit: int = DEFAULT_LIMIT
    recency: str = ""
    explain: bool = False
    fields: tuple[str, ...] = HIT_FIELDS

    @classmethod
    def parse(cls, parameters: MultiDict[str, str]) -> Self:
        """Read request parameters; those with other names are ignored, empty ones count as missing.

        Raises ``QueryError`` (``bad_choice``, ``bad_number``, ``bad_zone``, ``bad_duration``, ``bad_language``,
        ``too_many_values``).
        Dates, the cursor and the query text are read when searching.
        """
        single = {name: (parameters.get(name) or "").strip() for name in _SINGLE}
        question = cls(
            text=parameters.get("q") or "",
            first=single["from"],
            last=single["to"],
            sources=_repeated(parameters, "source"),
            languages=tuple(language_tag(value, "lang") for value in _repeated(parameters, "lang")),
            sort=cast(Sort, _choice("sort", single["sort"], SORTS)),
            zone=single["tz"],
            variants=_choice("variants", single["variants"], ("1", "0")) == "1",
            cursor=single["cursor"],
            limit=_limit(single["limit"]),
            recency=single["recency"].lower(),
            explain=_choice("explain", single["explain"], ("0", "1")) == "1",
            fields=_fields(single["fields"]),
        )
        if question.zone:
            zone_named(question.zone)
        half_life(question.recency)
        return question

    def parameters(self, **changes: Any) -> list[tuple[str, str]]:
        """The request parameters that ask this question, with ``changes`` to its members; defaults are left out.

        A change of anything but the cursor drops the cursor, which belongs to one question. For links:
        ``urlencode(question.parameters(sort="newest"))``.
        """
        changed = dataclasses.replace(self, **({"cursor": ""} | changes)) if changes else self
        pairs: list[tuple[str, str]] = []
        for member in dataclasses.fields(self):
            value = getattr(changed, member.name)
            if value == member.default:
                continue
            name = _PARAMETER[member.name]
            if member.name in ("sources", "languages"):
                pairs += [(name, each) for each in value]
            elif member.name == "fields":
                pairs.append((name, ",".join(value)))
            else:
                pairs.append((name, str(int(value)) if isinstance(value, bool) else str(value)))
        return pairs


_PARAMETER: Mapping[str, str] = {
    "text": "q",
    "first": "from",
    "last": "to",
    "sources": "source",
    "languages": "lang",
    "sort": "sort",
    "zone": "tz",
    "variants": "variants",
    "cursor": "cursor",
    "limit": "limit",
    "recency": "recency",
    "explain": "explain",
    "fields": "fields",
}
_SINGLE = tuple(name for name in _PARAMETER.values() if name not in ("q", "source", "lang"))


def half_life(text: str) -> float | None:
    """Seconds of ``12h``, ``30d`` or ``4w``; ``None`` for ``""``."""
    if not text:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,4})([hdw])", text)
    if not match:
        raise QueryError(
            "bad_duration", f"不是半衰期：{_quoted(text)}", field="recency", allowed="12h（小时）、30d（天）、4w（周）"
        )
    return float(int(match[1]) * _SECONDS[match[2]])


def language_tag(value: str, field: str) -> str:
    """A BCP 47 tag as the archive writes it; Chinese of a region becomes Chinese in its script (``zh-TW``, ``zh_cn``).

    Raises ``QueryError`` ``bad_language`` about ``field``.
    """
    parts = value.strip().replace("_", "-").split("-")
    if not all(re.fullmatch(r"[A-Za-z0-9]{2,8}", part) for part in parts) or not re.fullmatch(r"[A-Za-z]+", parts[0]):
        raise QueryError(
            "bad_language",
            f"不是语言代码：{_quoted(value)}",
            field=field,
            allowed="zh、zh-Hans、zh-Hant、en、ja、ko、und",
        )
    language, *rest = parts[0].lower(), *(_SUBTAG.get(len(part), str.lower)(part) for part in parts[1:])
    if language == "zh" and rest and (script := _SCRIPTS.get(rest[-1])):
        rest = [script]
    return "-".join([language, *rest])


_SUBTAG: Mapping[int, Callable[[str], str]] = {2: str.upper, 4: str.title}
_SCRIPTS = {"CN": "Hans", "SG": "Hans", "MY": "Hans", "TW": "Hant", "HK": "Hant", "MO": "Hant"}


def _choice(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """``value``, or the first of ``allowed`` when it is missing."""
    if value and value not in allowed:
        raise QueryError("bad_choice", f"{name} 不能是{_quoted(value)}", field=name, allowed=", ".join(allowed))
    return value or allowed[0]


def _limit(value: str) -> int:
    if not value:
        return DEFAULT_LIMIT
    if not re.fullmatch(r"[0-9]{1,4}", value) or not 1 <= int(value) <= MAX_LIMIT:
        raise QueryError("bad_number", f"limit 不能是{_quoted(value)}", field="limit", allowed=f"1–{MAX_LIMIT}")
    return int(value)


def _fields(value: str) -> tuple[str, ...]:
    chosen = {name.strip() for name in value.split(",")} - {""}
    if unknown := sorted(chosen - set(HIT_FIELDS)):
        raise QueryError(
            "bad_choice", f"没有这样的字段：{_quoted(unknown[0])}", field="fields", allowed=", ".join(HIT_FIELDS)
        )
    return tuple(name for name in HIT_FIELDS if name in chosen) or HIT_FIELDS


def _repeated(parameters: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """All values of a parameter that repeats, each once, in order."""
    values = tuple(dict.fromkeys(value.strip() for value in parameters.getlist(name) if value.strip()))
    if len(values) > MAX_VALUES:
        raise QueryError("too_many_values", f"{name} 太多", field=name, allowed=f"最多 {MAX_VALUES} 个")
    return values


def _quoted(value: str) -> str:
    """What was typed, short enough for a message."""
    return f"“{value if len(value) <= 40 else value[:40] + '…'}”"
