"""Every state of a page is an address: facet values, active filters, shortcuts and orders carry their own."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus

from flask_babel import lazy_gettext as _l

from indexer.engine.index import Facet
from search_app.presentation.locales import language_name
from search_app.presentation.periods import in_words, month_days, month_in_words, year_in_words
from search_app.query.dates import Days
from search_app.query.notes import ActiveFilter
from search_app.query.parameters import SORTS, SearchParameters
from search_app.query.syntax import parse
from search_app.query.tree import Clause
from search_app.search.aggregations.bins import Point
from search_app.search.results import FacetValue, TimelineDay

_LONGEST_VALUE = 300
"""Characters of a facet's value; a longer one would be asked for by an address that servers refuse."""

VISIBLE_VALUES = 8
"""Facet values shown before "more"."""

_MOST_VALUES = 48
"""Values of a facet that have a link; whoever looks for one of the others narrows first, or types it."""

FEEDS = (
    ("Atom", "atom", "application/atom+xml"),
    ("RSS", "rss", "application/rss+xml"),
    ("JSON Feed", "json", "application/feed+json"),
)
"""The formats of a search as a feed: label, suffix of the address, media type."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click. ``count`` is how many articles it leads to, when that is known."""

    label: Any
    url: str
    selected: bool = False
    count: int | None = None


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A search to subscribe to."""

    label: str
    url: str
    media: str


@dataclass(frozen=True, slots=True)
class FilterChip:
    """A restriction in force. Without ``url`` it stands in the query text and is changed there."""

    field: Any
    value: str
    excluded: bool = False
    url: str | None = None


DATE_SHORTCUTS: Sequence[tuple[Any, str, str]] = (
    (_l("Any time"), "", ""),
    (_l("Today"), "today", ""),
    (_l("Last 7 days"), "7d", ""),
    (_l("This month"), "本月", ""),
    (_l("Last month"), "上个月", "上个月"),
    (_l("This year"), "今年", ""),
)
"""What they are called, from and to. Relative dates stay relative in the address, so that a bookmark or a feed of "this
month" moves with the calendar."""

SORT_LABELS = {"relevance": _l("Most relevant"), "newest": _l("Newest"), "oldest": _l("Oldest")}
_FIELD_LABELS = {
    "title": _l("Title"),
    "source": _l("Source"),
    "publisher": _l("Publishers"),
    "author": _l("Author"),
    "site": _l("Site"),
    "lang": _l("Language"),
    "before": _l("Before"),
    "after": _l("After"),
    "date": _l("Date"),
    "is": _l("Mark"),
    "tag": _l("Tag"),
    "note": _l("Note"),
    "without": _l("Spelling"),
}


_FACETS: Mapping[Facet, tuple[str, str]] = {
    "source": ("sources", "source"),
    "author": ("authors", "author"),
    "language": ("languages", "lang"),
}
"""The member of the parameters that selects values of a facet, and its name in addresses."""


_quoted = lru_cache(maxsize=1024)(quote_plus)
"""A page of results has a hundred addresses, which say the same but for one value."""


def query_string(pairs: Iterable[tuple[str, str]]) -> str:
    """What ``urllib.parse.urlencode`` makes of the pairs."""
    return "&".join([f"{_quoted(name)}={_quoted(value)}" for name, value in pairs])


def address(path: str, parameters: SearchParameters, **changes: Any) -> str:
    """The address under ``path`` that asks ``parameters`` with these members changed."""
    return with_query(path, parameters.pairs(**changes))


def with_query(path: str, pairs: Iterable[tuple[str, str]]) -> str:
    query = query_string(pairs)
    return f"{path}?{query}" if query else path


def sort_links(path: str, parameters: SearchParameters) -> list[Link]:
    return [
        Link(SORT_LABELS[sort], address(path, parameters, sort=sort), selected=parameters.sort == sort)
        for sort in SORTS
    ]


def date_links(path: str, parameters: SearchParameters) -> list[Link]:
    asked = (parameters.from_, parameters.to)
    return [
        Link(label, address(path, parameters, from_=from_, to=to), selected=asked == (from_, to))
        for label, from_, to in DATE_SHORTCUTS
    ]


def feed_links(parameters: SearchParameters, path: str) -> list[FeedLink]:
    """The search as feeds; ``path`` is that of feeds without their suffix. Their length is their own."""
    pairs = [pair for pair in parameters.pairs(cursor="") if pair[0] != "limit"]
    return [FeedLink(label, with_query(f"{path}.{suffix}", pairs), media) for label, suffix, media in FEEDS]


def facet_links(path: str, parameters: SearchParameters, facet: Facet, values: Iterable[FacetValue]) -> list[Link]:
    """One link a value: it selects the value, or takes it back when it is selected."""
    member, name = _FACETS[facet]
    selected: tuple[str, ...] = getattr(parameters, member)
    before, behind = map(query_string, parameters.pairs_around(member))
    links: list[Link] = []
    for value in values:
        if len(value.value) > _LONGEST_VALUE or (len(links) >= _MOST_VALUES and not value.selected):
            continue
        rest = tuple(each for each in selected if each != value.value)
        chosen = query_string((name, each) for each in (rest if value.selected else (*selected, value.value)))
        query = "&".join(filter(None, (before, chosen, behind)))
        label = language_name(value.value) if facet == "language" else value.value
        links.append(Link(label, f"{path}?{query}" if query else path, value.selected, value.count))
    # Selected values first, so that they never hide behind "more".
    return sorted(links, key=lambda link: not link.selected)


def period_links(path: str, parameters: SearchParameters, timeline: Iterable[TimelineDay], asked: Days) -> list[Link]:
    """One link a year, the latest first; a month, where there is one year. None where there is nothing to choose. Each
    leads to its part of the days that were ``asked`` for."""
    years: Counter[int] = Counter()
    months: Counter[tuple[int, int]] = Counter()
    for day in timeline:
        years[day.date.year] += day.count
        months[day.date.year, day.date.month] += day.count
    periods: Iterable[tuple[str, date, date, int]]
    if len(years) > 1:
        periods = ((year_in_words(year), date(year, 1, 1), date(year, 12, 31), n) for year, n in years.items())
    else:
        periods = ((month_in_words(*month), *month_days(*month), n) for month, n in months.items())
    links = []
    for label, first, last, count in sorted(periods, key=lambda period: period[1], reverse=True):
        begin, end = max(first, asked.from_ or first), min(last, asked.to or last)
        links.append(Link(label, address(path, parameters, from_=str(begin), to=str(end)), count=count))
    return links if len(links) > 1 else []


def filter_chips(path: str, parameters: SearchParameters, filters: Iterable[ActiveFilter]) -> list[FilterChip]:
    """One chip a restriction; the two ends of the dates are one."""
    filters = list(filters)
    ends = [each for each in filters if each.parameter in ("from", "to")]
    chips = []
    for each in filters:
        label, url = _FIELD_LABELS.get(each.field, each.field), _without(path, parameters, each)
        if len(ends) == 2 and each in ends:
            if each is ends[0]:
                first, last = ends
                value = _shown(replace(first, value=first.value.removesuffix("..") + last.value))
                chips.append(FilterChip(label, value, url=address(path, parameters, from_="", to="")))
        else:
            chips.append(FilterChip(label, _shown(each), each.excluded, url))
    return chips


def spelling_links(path: str, parameters: SearchParameters, spellings: Iterable[str]) -> list[Link]:
    """One link a spelling that was searched too: it takes the spelling away."""
    return [Link(each, address(path, parameters, without=(*parameters.without, each))) for each in spellings]


def literal_url(path: str, parameters: SearchParameters) -> str | None:
    """The address that asks for just the characters that were typed; ``None`` if operators are among them."""
    text = parameters.text.strip()
    plain = parse(text).tree == Clause(text)
    return address(path, parameters, text=f'"{text}"') if plain else None


def _shown(active: ActiveFilter) -> str:
    if active.field == "lang":
        return language_name(active.value)
    if active.field == "date":
        first, dots, last = active.value.partition("..")
        ends = (date.fromisoformat(end) if end else None for end in (first, last if dots else first))
        return in_words(Days(*ends))
    return active.value


def _without(path: str, parameters: SearchParameters, active: ActiveFilter) -> str | None:
    """The address without this restriction; ``None`` for one that was typed into the query."""
    match active.parameter:
        case "source":
            return address(path, parameters, sources=tuple(s for s in parameters.sources if s != active.value))
        case "author":
            return address(path, parameters, authors=tuple(a for a in parameters.authors if a != active.value))
        case "lang":
            rest = tuple(tag for tag in parameters.languages if tag != active.value)
            return address(path, parameters, languages=rest)
        case "without":
            return address(path, parameters, without=tuple(s for s in parameters.without if s != active.value))
        case "from":
            return address(path, parameters, from_="")
        case "to":
            return address(path, parameters, to="")
        case _:
            return None


def hidden_fields(parameters: SearchParameters, *names: str) -> list[tuple[str, str]]:
    """The parameters that a form must carry along, without those that it asks for itself (``names``)."""
    return [(name, value) for name, value in parameters.pairs(cursor="") if name not in names]


class BinAddresses:
    """Addresses of the same question within the days of a bin; relative ones, for there are many on a page."""

    def __init__(self, parameters: SearchParameters) -> None:
        rest = query_string(parameters.pairs(from_="", to=""))
        self._start = f"?{rest}&" if rest else "?"

    def __call__(self, point: Point) -> str:
        return f"{self._start}from={point.first}&to={point.last}"
