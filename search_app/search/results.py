"""What a search answers: data for the page, the API and the terminal alike. HTML is made in templates only.

These classes are the shape of the JSON too, member by member; ``presentation.json_encoding`` writes it and
``api.openapi`` describes it. Members marked ``HIDDEN`` are for the pages alone. All offsets are half-open and count
code points of the string that they belong to (a Python slice; JavaScript counts UTF-16 units instead).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from indexer.engine.index import Facet
from search_app.query.dates import ANY_DAYS, Days
from search_app.query.notes import ActiveFilter, Included, Note
from search_app.query.parameters import HIT_FIELDS
from search_app.query.words.completion import Suggestion

Span = tuple[int, int]

HIDDEN: Mapping[str, Any] = {"json": False}
"""Metadata of a member that is no part of the JSON."""


def described(text: str, digits: int | None = None) -> Mapping[str, Any]:
    """Metadata of a member: what the API's description says of it, and to how many digits JSON rounds it."""
    return {"description": text, "digits": digits}


@dataclass(frozen=True, slots=True)
class Snippet:
    """One or more windows of an article's text, joined by an ellipsis, and the slices of it that matched, in order."""

    text: str
    highlights: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one feature added to a score, e.g. ``run 冠病``: 3.1. The parts' sum is the score."""

    feature: str
    score: float = field(metadata=described("", 6))


@dataclass(frozen=True, slots=True)
class ResultHit:
    """One article found. ``published`` (unknown is ``None``) and ``discovered`` are aware and in UTC.

    ``explanation`` is filled when it was asked for. ``language`` is a BCP 47 tag, for the page's ``lang`` attribute.
    """

    id: str
    url: str
    title: str
    source: str
    author: str
    published: datetime | None
    discovered: datetime
    score: float = field(metadata=described("", 6))
    title_highlights: tuple[Span, ...]
    snippet: Snippet
    story: str = field(default="", metadata=described("The id of the article that its story began with."))
    copies: int = field(
        default=0, metadata=described("Other articles of its story that match, where a story has one hit.")
    )
    explanation: tuple[ScorePart, ...] = ()
    language: str = field(default="", metadata=HIDDEN)


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many articles, or stories, have it. ``selected`` when the question asked for it."""

    value: str
    count: int
    selected: bool = field(default=False, metadata=HIDDEN)


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The hits of one calendar day in the question's zone; ``share`` of all articles of that day, from 0 to 1."""

    date: date
    count: int
    share: float = field(metadata=described("Of all articles of the day, 0 to 1.", 6))


@dataclass(frozen=True, slots=True)
class UnderstoodQuery:
    """How the question was understood."""

    text: str
    notes: tuple[Note, ...] = ()
    variants: tuple[Included, ...] = ()
    filters: tuple[ActiveFilter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The answer to one question.

    ``total`` counts all articles that match, not the page alone (with ``partial``, those that match enough parts; with
    or without, ``whole`` match all), and ``stories`` the stories that they belong to; ``collapsed`` tells that each of
    these has one hit. ``facets`` are counted without their own filter, largest first. ``timeline`` is in order and
    leaves out days without hits.
    ``next`` is the cursor of the next page, ``None`` on the last. ``zone`` is the IANA name of the zone of all days,
    ``days`` are those that the parameters from and to came down to. ``fields`` are the members of each hit in JSON.
    """

    query: UnderstoodQuery
    total: int
    stories: int
    hidden: int = field(
        default=0, metadata=described("Articles that match and are in neither figure, because the reader hid them.")
    )
    total_is_exact: bool = True
    took_ms: float = field(metadata=described("", 1))
    hits: tuple[ResultHit, ...] = ()
    facets: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)
    timeline: tuple[TimelineDay, ...] = ()
    next: str | None = field(default=None, metadata=described("`cursor` of the next page."))
    suggestions: tuple[Suggestion, ...] = field(
        default=(), metadata=described("Other ways to write a question that found little, with what they find.")
    )
    zone: str = field(default="", metadata=HIDDEN)
    days: Days = field(default=ANY_DAYS, metadata=HIDDEN)
    partial: bool = field(default=False, metadata=HIDDEN)
    whole: int = field(default=0, metadata=HIDDEN)
    collapsed: bool = field(default=False, metadata=HIDDEN)
    fields: tuple[str, ...] = field(default=HIT_FIELDS, metadata=HIDDEN)


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second: ``2020-09-15T08:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
