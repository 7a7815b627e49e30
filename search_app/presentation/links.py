"""Every state of the search page is an address: facet values, chips, shortcuts and orders carry their own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask_babel import lazy_gettext as _l

from indexer.engine.index import Facet
from search_app.presentation.locales import language_name
from search_app.query.parameters import SORTS, Question
from search_app.search.results import FacetValue, Filter, Results

VISIBLE_VALUES = 8
"""Facet values shown before "more"."""


@dataclass(frozen=True, slots=True)
class Link:
    """Something to click. ``count`` is how many articles it leads to, when that is known."""

    label: Any
    url: str
    selected: bool = False
    count: int | None = None
    lang: str | None = None


@dataclass(frozen=True, slots=True)
class Chip:
    """A restriction in force. Without ``url`` it stands in the query text and is changed there."""

    field: Any
    value: str
    excluded: bool = False
    url: str | None = None


SHORTCUTS: Sequence[tuple[Any, str, str]] = (
    (_l("Any time"), "", ""),
    (_l("Today"), "today", ""),
    (_l("Last 7 days"), "7d", ""),
    (_l("This month"), "本月", ""),
    (_l("Last month"), "上个月", "上个月"),
    (_l("This year"), "今年", ""),
)
"""What they are called, from and to. Relative dates stay relative in the address, so that a bookmark or a feed of "this
month" moves with the calendar."""

_SORT_LABELS = {"relevance": _l("Most relevant"), "newest": _l("Newest"), "oldest": _l("Oldest")}
_FIELD_LABELS = {
    "title": _l("Title"),
    "source": _l("Source"),
    "site": _l("Site"),
    "lang": _l("Language"),
    "before": _l("Before"),
    "after": _l("After"),
    "date": _l("Date"),
}


def address(path: str, question: Question, **changes: Any) -> str:
    """The address under ``path`` that asks ``question`` with these members changed."""
    pairs = question.parameters(**changes)
    return f"{path}?{urlencode(pairs)}" if pairs else path


def sort_links(path: str, question: Question) -> list[Link]:
    return [
        Link(_SORT_LABELS[sort], address(path, question, sort=sort), selected=question.sort == sort) for sort in SORTS
    ]


def date_links(path: str, question: Question) -> list[Link]:
    asked = (question.first, question.last)
    return [
        Link(label, address(path, question, first=first, last=last), selected=asked == (first, last))
        for label, first, last in SHORTCUTS
    ]


def facet_links(path: str, question: Question, facet: Facet, values: Iterable[FacetValue]) -> list[Link]:
    """One link a value: it ticks the value, or unticks it when it is ticked."""
    member = "sources" if facet == "source" else "languages"
    ticked: tuple[str, ...] = getattr(question, member)
    links = []
    for value in values:
        rest = tuple(each for each in ticked if each != value.value)
        changed = {member: rest if value.selected else (*ticked, value.value)}
        label = language_name(value.value) if facet == "language" else value.value
        links.append(Link(label, address(path, question, **changed), value.selected, value.count))
    # Ticked values first, so that they never hide behind "more".
    return sorted(links, key=lambda link: not link.selected)


def chips(path: str, question: Question, filters: Iterable[Filter]) -> list[Chip]:
    return [
        Chip(_FIELD_LABELS.get(each.field, each.field), _shown(each), each.excluded, _without(path, question, each))
        for each in filters
    ]


def _shown(chip: Filter) -> str:
    if chip.field == "lang":
        return language_name(chip.value)
    if chip.field == "date":
        first, dots, last = chip.value.partition("..")
        return f"{first or '…'} – {last or '…'}" if dots else first
    return chip.value


def _without(path: str, question: Question, chip: Filter) -> str | None:
    """The address without this restriction; ``None`` for one that was typed into the query."""
    match chip.parameter:
        case "source":
            return address(path, question, sources=tuple(s for s in question.sources if s != chip.value))
        case "lang":
            return address(path, question, languages=tuple(tag for tag in question.languages if tag != chip.value))
        case "from":
            return address(path, question, first="")
        case "to":
            return address(path, question, last="")
        case _:
            return None


def hidden(question: Question, *names: str) -> list[tuple[str, str]]:
    """The parameters that a form must carry along, without those that it asks for itself (``names``)."""
    return [(name, value) for name, value in question.parameters(cursor="") if name not in names]


def asked_days(results: Results | None) -> tuple[date | None, date | None]:
    """The first and the last day that the parameters from and to came down to; ``None`` where open."""
    first = last = None
    for chip in results.filters if results else ():
        if chip.parameter in ("from", "to"):
            begin, dots, end = chip.value.partition("..")
            first = date.fromisoformat(begin) if begin else first
            last = date.fromisoformat(end if dots else begin) if end or not dots else last
    return first, last
