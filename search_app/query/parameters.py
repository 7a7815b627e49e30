"""What is asked, as it stands in an address: one table of parameters, read alike by pages, API, feeds and terminal.

From the table follow reading, links, the options of ``xunwen search``, the description in ``/openapi.json`` and the
check that the API's documentation names each of them.
"""

import dataclasses
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Self, get_args
from typing import Literal as OneOf
from urllib.parse import urlsplit

from indexer.engine.index import Sort, Unit
from indexer.errors import QueryError
from indexer.language import normalise_tag
from search_app.query.dates import zone_asked

SORTS: tuple[Sort, ...] = get_args(Sort)
UNITS: tuple[Unit, ...] = get_args(Unit)
DEFAULT_LIMIT = 10
MAX_LIMIT = 100
MAX_VALUES = 64
"""How often a parameter that repeats may do so."""

HIT_FIELDS = (
    *("id", "url", "title", "source", "author", "published", "discovered", "score", "title_highlights", "snippet"),
    *("story", "copies"),
)
"""The members of a hit in JSON, in order; ``fields=`` chooses among them."""

Given = Mapping[str, Sequence[str]]
"""Request parameters: each name with its values, in order."""

Kind = OneOf["text", "query", "choice", "switch", "number", "values"]

_SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}


@dataclasses.dataclass(frozen=True, slots=True)
class Parameter:
    """One request parameter. An empty value counts as none.

    ``kind``: ``text`` without the blanks around it; ``query`` as typed; one of ``choices``; a ``switch``, 1 or 0; a
    whole ``number`` from 1 to ``most``; or ``values``, a text that repeats. ``read`` makes the value of a text that
    was given and raises ``QueryError`` for one that is not allowed; ``write`` makes the text of a value.
    """

    name: str
    description: str
    example: str
    kind: Kind = "text"
    default: Any = ""
    choices: tuple[str, ...] = ()
    most: int = 0
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str

    def value(self, given: Given) -> Any:
        """What ``given`` says. Raises ``QueryError``: ``bad_choice``, ``bad_number``, ``too_many_values``."""
        values = given.get(self.name, ())
        if self.kind == "values":
            return self._repeated(values)
        text = values[0] if values else ""
        if self.kind == "query":
            return text
        text = text.strip()
        if not text:
            return self.default
        match self.kind:
            case "choice":
                return self._chosen(text, self.choices)
            case "switch":
                return self._chosen(text, ("1", "0")) == "1"
            case "number":
                return self._number(text)
        return self.read(text)

    def texts(self, value: Any) -> list[str]:
        """How ``value`` stands in an address; nothing for the default."""
        if value == self.default:
            return []
        if self.kind == "values":
            return list(value)
        return [self.written(value)]

    def written(self, value: Any) -> str:
        """A single value as it stands in an address."""
        return str(int(value)) if isinstance(value, bool) else self.write(value)

    def _repeated(self, values: Sequence[str]) -> tuple[str, ...]:
        """All values, each once, in order."""
        kept = dict.fromkeys(value.strip() for value in values if value.strip())
        if len(kept) > MAX_VALUES:
            raise QueryError("too_many_values", field=self.name, allowed=(str(MAX_VALUES),))
        return tuple(dict.fromkeys(map(self.read, kept)))

    def _chosen(self, text: str, choices: tuple[str, ...]) -> str:
        if text not in choices:
            raise QueryError("bad_choice", field=self.name, given=text, allowed=choices)
        return text

    def _number(self, text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= self.most:
            raise QueryError("bad_number", field=self.name, given=text, allowed=(f"1–{self.most}",))
        return int(text)


def half_life(text: str) -> float | None:
    """Seconds of ``12h``, ``30d`` or ``4w``; ``None`` for ``""``. Raises ``QueryError`` ``bad_duration``."""
    if not text:
        return None
    match = re.fullmatch(r"([1-9][0-9]{0,4})([hdw])", text)
    if not match:
        raise QueryError("bad_duration", field="recency", given=text, allowed=("12h", "30d", "4w"))
    return float(int(match[1]) * _SECONDS[match[2]])


def language_tag(value: str) -> str:
    """A BCP 47 tag as the archive writes it (see ``normalise_tag``). Raises ``QueryError`` ``bad_language``."""
    try:
        return normalise_tag(value)
    except ValueError as error:
        allowed = ("zh", "zh-Hans", "zh-Hant", "en", "ja", "ko", "und")
        raise QueryError("bad_language", field="lang", given=value, allowed=allowed) from error


def site_host(value: str) -> str:
    """The host of what may be a host or an address, in lower case. Raises ``QueryError`` ``bad_site``."""
    host = value.strip().lower().removeprefix("*.")
    try:
        host = urlsplit(host if "//" in host else "//" + host).hostname or ""
    except ValueError:  # brackets that hold no address
        host = ""
    if not re.fullmatch(r"[\w-]+(\.[\w-]+)*|[0-9a-f:.]+", host):
        raise QueryError("bad_site", field="site", given=value, allowed=("zaobao.com", "www.bbc.com"))
    return host


_LENGTH = re.compile(r"(>=?|<=?)?(\d{1,7})|(\d{0,7})\.\.(\d{0,7})", re.ASCII)


def length_range(value: str) -> tuple[int | None, int | None]:
    """The least and the most of ``>500``, ``<=300``, ``200..800``, ``200..`` or ``500``. Raises ``bad_number``."""
    found = _LENGTH.fullmatch(unicodedata.normalize("NFKC", value).replace(" ", ""))
    if not found or found[0] == "..":
        raise QueryError("bad_number", field="words", given=value, allowed=(">500", "<=300", "200..800"))
    sign, bound, least, most = found.groups()
    if bound is None:
        return int(least) if least else None, int(most) if most else None
    number = int(bound)
    match sign:
        case ">" | ">=":
            return number + (sign == ">"), None
        case "<" | "<=":
            return None, number - (sign == "<")
        case _:
            return number, number


def _zone(text: str) -> str:
    return zone_asked(text).key


def _recency(text: str) -> str:
    half_life(text.lower())
    return text.lower()


def _hit_fields(text: str) -> tuple[str, ...]:
    chosen = {name.strip() for name in text.split(",")} - {""}
    if unknown := sorted(chosen - set(HIT_FIELDS)):
        raise QueryError("bad_choice", field="fields", given=unknown[0], allowed=HIT_FIELDS)
    return tuple(name for name in HIT_FIELDS if name in chosen) or HIT_FIELDS


_FILTERS: Mapping[str, Parameter] = {
    "from_": Parameter("from", "First day, inclusive: 2020-09-15, 2020-09, 2020, 昨天, 近三天, 7d …", "2020-09-01"),
    "to": Parameter("to", "Last day, inclusive; forms as for `from`.", "2020-09-30"),
    "sources": Parameter("source", "Any of these publishers.", "联合早报", "values", ()),
    "authors": Parameter("author", "Any of these authors.", "储百亮", "values", ()),
    "languages": Parameter("lang", "Any of these BCP 47 tags.", "zh-Hans", "values", (), read=language_tag),
    "zone": Parameter("tz", "IANA zone of days; default is the configured one.", "Asia/Shanghai", read=_zone),
    "variants": Parameter(
        "variants", "1 searches all spellings of names, 0 only the one that was typed.", "1", "switch", True
    ),
    "hidden": Parameter("hidden", "1 finds what the reader hid, too.", "1", "switch", False),
    "without": Parameter("without", "Spellings that are not searched beside the typed one.", "川普", "values", ()),
}

_SEARCH: Mapping[str, Parameter] = {
    "text": Parameter("q", "The question, in the query language of /help.", "疫苗", "query"),
    **_FILTERS,
    "sort": Parameter("sort", "Order of the hits.", SORTS[0], "choice", SORTS[0], choices=SORTS),
    "collapse": Parameter(
        "collapse",
        "1 shows each story once, 0 every article; without it, 1 where the most relevant come first.",
        "1",
        "choice",
        choices=("1", "0"),
    ),
    "facets_of": Parameter("facets_of", "What facets count.", UNITS[0], "choice", UNITS[0], choices=UNITS),
    "partial": Parameter(
        "partial",
        "1 shows also articles that hold parts of the question where few hold all of it, 0 does not.",
        "1",
        "switch",
        True,
    ),
    "cursor": Parameter("cursor", "`next` of the page before.", ""),
    "limit": Parameter("limit", "Hits a page.", str(DEFAULT_LIMIT), "number", DEFAULT_LIMIT, most=MAX_LIMIT),
    "recency": Parameter("recency", "Half-life of a boost for new articles: 12h, 30d, 4w.", "30d", read=_recency),
    "explain": Parameter("explain", "1 tells for each hit what each part of the ranking added.", "0", "switch", False),
    "fields": Parameter(
        "fields",
        "Members of each hit, separated by commas.",
        "id,title,url",
        default=HIT_FIELDS,
        read=_hit_fields,
        write=",".join,
    ),
}
"""Each member of ``SearchParameters`` and the parameter that it is read from."""

FILTER_PARAMETERS = tuple(_FILTERS.values())
SEARCH_PARAMETERS = tuple(_SEARCH.values())


@dataclasses.dataclass(frozen=True, slots=True)
class SearchParameters:
    """A question as it is asked.

    ``text`` is in the query language. ``from_`` and ``to`` are dates as typed, both inclusive, in ``zone``: an IANA
    name, ``""`` for the configured one. ``sources``, ``authors`` and ``languages`` are what was selected.
    ``variants`` is off for exactly this spelling, ``without`` are others that are not wanted. ``hidden`` is on for what
    the reader hid, too. ``collapse`` is as given, ``""`` for the default (see ``is_collapsed``). ``facets_of`` is what
    facets count. ``partial`` lets articles be found that hold but parts of the text, where none or few hold all of it.
    ``recency`` is the half-life of the recency boost as typed (``12h``, ``30d``, ``4w``), ``""`` for none. ``fields``
    are the members of each hit in JSON.
    """

    text: str = ""
    from_: str = ""
    to: str = ""
    sources: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    zone: str = ""
    variants: bool = True
    hidden: bool = False
    without: tuple[str, ...] = ()
    sort: Sort = "relevance"
    collapse: str = ""
    facets_of: Unit = "articles"
    partial: bool = True
    cursor: str = ""
    limit: int = DEFAULT_LIMIT
    recency: str = ""
    explain: bool = False
    fields: tuple[str, ...] = HIT_FIELDS

    @classmethod
    def parse(cls, given: Given) -> Self:
        """Read request parameters; those with other names are ignored.

        Raises ``QueryError`` (``bad_choice``, ``bad_number``, ``bad_zone``, ``bad_duration``, ``bad_language``,
        ``too_many_values``). Dates, the cursor and the query text are read when searching.
        """
        return cls(**{member: parameter.value(given) for member, parameter in _SEARCH.items()})

    @property
    def is_collapsed(self) -> bool:
        """Whether a story has one hit."""
        return self.collapse == "1" or (not self.collapse and self.sort == "relevance")

    def pairs(self, **changes: Any) -> list[tuple[str, str]]:
        """The request parameters that ask this, with ``changes`` to its members; defaults are left out.

        A change of anything but the cursor drops the cursor, which belongs to one question. For links:
        ``urlencode(parameters.pairs(sort="newest"))``.
        """
        if changes:
            changes = {"cursor": ""} | changes
        return [
            (parameter.name, text)
            for member, parameter in _SEARCH.items()
            if (value := changes[member] if member in changes else getattr(self, member)) != parameter.default
            for text in parameter.texts(value)
        ]

    def pairs_around(self, member: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """The pairs before and behind those of one member when that changes: many links differ in it alone."""
        place = list(_SEARCH).index(member)
        before = [_SEARCH[each].name for each in list(_SEARCH)[:place]]
        pairs = self.pairs(**{member: _SEARCH[member].default})
        cut = sum(name in before for name, _ in pairs)
        return pairs[:cut], pairs[cut:]


NOTHING_ASKED = SearchParameters()


def given_by(pairs: Iterable[tuple[str, str]]) -> Given:
    """Pairs of name and value as ``parse`` takes them."""
    given: dict[str, list[str]] = {}
    for name, value in pairs:
        given.setdefault(name, []).append(value)
    return given
