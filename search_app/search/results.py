"""What a search answers: data for the page, the API and the terminal alike. HTML is made in templates only.

Texts of notes are Chinese, as the page is; programs go by their ``code``. All offsets are half-open and count code
points of the string that they belong to (a Python slice; JavaScript counts UTF-16 units instead).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from typing import Literal as OneOf

from indexer.engine.index import Facet

Span = tuple[int, int]

HIT_FIELDS = ("id", "url", "title", "source", "published", "discovered", "score", "title_highlights", "snippet")
"""The members of a hit in JSON, in order; ``fields=`` chooses among them."""

NoteCode = OneOf[
    "variants",  # other spellings of a name were searched as well
    "partial",  # nothing matched all of it: these articles match parts of it
    "dropped_words",  # function words were left out of an unspaced run
    "excluding_only",  # only excluding clauses: everything else was found
    "nothing_to_search",  # the text holds no letter, digit or symbol that could be searched
    "unbalanced_quote",  # an opening quote without a closing one: it runs to the end
    "unbalanced_parenthesis",  # a parenthesis was ignored
    "dangling_operator",  # OR, NOT or - without an operand was ignored
    "too_long",  # the text was cut
    "too_many_terms",  # further terms were ignored
    "vanished",  # articles that the index still holds were deleted meanwhile
]


@dataclass(frozen=True, slots=True)
class Note:
    """How the question was understood, or what was done about it. ``terms`` are the parts of it that are meant."""

    code: NoteCode
    text: str
    terms: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "text": self.text}


@dataclass(frozen=True, slots=True)
class Included:
    """Spellings that were searched because ``term`` stands in the question, ``term`` itself left out."""

    term: str
    spellings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        return {"term": self.term, "spellings": list(self.spellings)}


@dataclass(frozen=True, slots=True)
class Filter:
    """A restriction that was understood, from the query text (``source:联合早报``) or a parameter.

    ``field`` is ``title``, ``source``, ``site``, ``lang``, ``before``, ``after`` or ``date``. Dates are ISO days, both
    ends inclusive: ``2020-09-01..2020-09-30``, ``2020-09-01..``, ``..2020-09-30``. ``parameter`` names the parameter
    that it came from (``from``, ``to``, ``source``, ``lang``), ``""`` for the query text.
    """

    field: str
    value: str
    excluded: bool = False
    parameter: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"field": self.field, "value": self.value, "excluded": self.excluded}


@dataclass(frozen=True, slots=True)
class Snippet:
    """One or more windows of an article's text, joined by an ellipsis, and the slices of it that matched, in order."""

    text: str
    highlights: tuple[Span, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"text": self.text, "highlights": [list(span) for span in self.highlights]}


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one feature added to a score, e.g. ``run 冠病``: 3.1. The parts' sum is the score."""

    feature: str
    score: float

    def to_json(self) -> dict[str, Any]:
        return {"feature": self.feature, "score": round(self.score, 6)}


@dataclass(frozen=True, slots=True)
class ResultHit:
    """One article found. ``published`` (unknown is ``None``) and ``discovered`` are aware and in UTC.

    ``explanation`` is filled when it was asked for. ``language`` is a BCP 47 tag, for the page's ``lang`` attribute.
    """

    id: str
    url: str
    title: str
    source: str
    published: datetime | None
    discovered: datetime
    score: float
    language: str
    title_highlights: tuple[Span, ...]
    snippet: Snippet
    explanation: tuple[ScorePart, ...] = ()

    def to_json(self, fields: Sequence[str] = HIT_FIELDS) -> dict[str, Any]:
        whole: dict[str, Any] = {
            "id": self.id,
            "url": self.url,
            "title": self.title,
            "source": self.source,
            "published": timestamp(self.published) if self.published else None,
            "discovered": timestamp(self.discovered),
            "score": round(self.score, 6),
            "title_highlights": [list(span) for span in self.title_highlights],
            "snippet": self.snippet.to_json(),
        }
        chosen = {name: whole[name] for name in HIT_FIELDS if name in fields}
        if self.explanation:
            chosen["explanation"] = [part.to_json() for part in self.explanation]
        return chosen


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet and how many articles have it. ``selected`` when the question asked for it."""

    value: str
    count: int
    selected: bool = False

    def to_json(self) -> dict[str, Any]:
        return {"value": self.value, "count": self.count}


@dataclass(frozen=True, slots=True)
class TimelineDay:
    """The hits of one calendar day in the question's zone; ``share`` of all articles of that day, from 0 to 1."""

    date: date
    count: int
    share: float

    def to_json(self) -> dict[str, Any]:
        return {"date": self.date.isoformat(), "count": self.count, "share": round(self.share, 6)}


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one question.

    ``total`` counts all hits, not the page alone (with ``partial``, the articles that match enough parts). ``facets``
    are counted without their own filter, largest first. ``timeline`` is in order and leaves out days without hits.
    ``next`` is the cursor of the next page, ``None`` on the last. ``zone`` is the IANA name of the zone of all days.
    ``fields`` are the members of each hit in JSON.
    """

    text: str
    zone: str
    total: int
    took_ms: float
    hits: tuple[ResultHit, ...] = ()
    total_is_exact: bool = True
    notes: tuple[Note, ...] = ()
    included: tuple[Included, ...] = ()
    filters: tuple[Filter, ...] = ()
    partial: bool = False
    facets: Mapping[Facet, tuple[FacetValue, ...]] = field(default_factory=dict)
    timeline: tuple[TimelineDay, ...] = ()
    next: str | None = None
    fields: tuple[str, ...] = HIT_FIELDS

    def to_json(self) -> dict[str, Any]:
        """The object that ``/api/v1/search`` and ``xunwen search --json`` return."""
        return {
            "query": {
                "text": self.text,
                "notes": [note.to_json() for note in self.notes],
                "variants": [included.to_json() for included in self.included],
                "filters": [chip.to_json() for chip in self.filters],
            },
            "total": self.total,
            "total_is_exact": self.total_is_exact,
            "took_ms": round(self.took_ms, 1),
            "hits": [hit.to_json(self.fields) for hit in self.hits],
            "facets": {name: [value.to_json() for value in values] for name, values in self.facets.items()},
            "timeline": [day.to_json() for day in self.timeline],
            "next": self.next,
        }


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the second: ``2020-09-15T08:00:00Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
