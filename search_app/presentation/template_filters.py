"""What templates call: values as a reader sees them, in the interface's language."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import format_timedelta, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from indexer.plain_text import plain_line
from indexer.redaction import without_secrets
from indexer.urls import LONGEST_ADDRESS
from search_app.presentation import messages
from search_app.presentation.chart import sparkline
from search_app.presentation.errors import Problem
from search_app.presentation.html.marking import marked
from search_app.query.notes import Note
from search_app.search.aggregations.bins import Measure, Point
from search_app.search.results import Span, timestamp

LONGEST_NAME = 300
"""Characters of a title, author or source that are shown; the API gives all of them."""

_TITLES = {
    400: _l("That question cannot be answered"),
    404: _l("Not found"),
    410: _l("Forgotten"),
    503: _l("Not available now"),
}


def note_text(note: Note) -> str:
    """A note in the interface's language."""
    return messages.note_text(note, _)


def problem_title(problem: Problem) -> str:
    return str(_TITLES.get(problem.status) or _("That did not work"))


def local(moment: datetime, zone: str, with_time: bool = True) -> str:
    """``2020-09-15 08:00`` in the named zone; the time is left out when it is midnight, which feeds write for a day."""
    there = moment.astimezone(ZoneInfo(zone))
    if with_time and (there.hour or there.minute or there.second):
        return there.strftime("%Y-%m-%d %H:%M")
    return there.date().isoformat()


def grouped(number: int) -> str:
    """``12,345``: all three languages of the interface group digits so."""
    return f"{number:,}"


def value(point: Point, measure: Measure) -> str:
    """A bin's figure: a count, or a percentage of all articles."""
    if measure != "share":
        return grouped(int(point.value(measure)))
    return f"{point.share * 100:.2f}".rstrip("0").rstrip(".") + "%"


def span(point: Point) -> str:
    """A bin's days: one date, a whole month, or two dates without saying the year twice."""
    first, last = point.first, point.last
    if first == last:
        return first.isoformat()
    if first.day == 1 and last.month == first.month and last.day == monthrange(last.year, last.month)[1]:
        return first.isoformat()[:7]
    return f"{first} – {last.isoformat()[5 if first.year == last.year else 0 :]}"


def far_off(count: int) -> str:
    """How many articles a chart leaves out."""
    return str(
        ngettext(
            "%(count)s article lies far off and is not drawn.",
            "%(count)s articles lie far off and are not drawn.",
            count,
            count=grouped(count),
        )
    )


def size(count: int) -> str:
    """Bytes as people read them: ``38.2 MB``."""
    amount = float(count)
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000:
            return f"{amount:.3g} {unit}"
        amount /= 1000
    return f"{amount:.3g} TB"


def host(url: str) -> str:
    """``www.zaobao.com`` without the www."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def short(text: str) -> str:
    """A title, author or source as lists show it: a page stays small whatever a feed calls its articles."""
    return text if len(text) <= LONGEST_NAME else text[:LONGEST_NAME] + "…"


def marked_name(text: str, spans: Sequence[Span]) -> Markup:
    """The same with ``<mark>`` around the slices."""
    shown = [(start, min(end, LONGEST_NAME)) for start, end in spans if start < LONGEST_NAME]
    return marked(short(text), shown)


def web_address(url: str) -> str:
    """The address if a browser may follow it, else nothing: feeds are free to say ``javascript:``, or a megabyte."""
    try:
        return url if len(url) <= LONGEST_ADDRESS and urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""


def text_language(tag: str) -> str:
    """The ``lang`` attribute of an article's text: unknown texts of this archive are most likely Chinese."""
    return "zh" if tag in ("", "und") else tag


def ago(seconds: float) -> str:
    """How long ago, in the largest unit that fits: ``3 hours ago``."""
    return str(format_timedelta(-max(seconds, 0), granularity="second", add_direction=True))


def rfc3339(moment: datetime) -> str:
    return timestamp(moment)


def moment_of(epoch: int) -> datetime:
    """UTC epoch seconds as an aware datetime."""
    return datetime.fromtimestamp(epoch, UTC)


FILTERS: tuple[Callable[..., Any], ...] = (
    *(
        ago,
        far_off,
        grouped,
        host,
        local,
        marked,
        marked_name,
        moment_of,
        note_text,
        plain_line,
        problem_title,
        rfc3339,
        short,
    ),
    *(size, span, sparkline, text_language, value, web_address, without_secrets),
)


def register(app: Flask) -> None:
    """Every filter of every template."""
    for function in FILTERS:
        app.add_template_filter(function)
