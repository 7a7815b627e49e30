"""Days in the reader's words: 2020年9月, Sep 3 – 15, 2020."""

from calendar import monthrange
from datetime import date

from babel.dates import format_interval, format_skeleton
from flask_babel import get_locale

from search_app.query.dates import Days

_YEAR, _MONTH, _DAY = "y", "yMMMM", "yMMMd"
"""Skeletons of CLDR (unicode.org/reports/tr35/tr35-dates.html#availableFormats_appendItems)."""


def in_words(days: Days) -> str:
    """A year, a month, a day or a range as one; an open end is three dots."""
    first, last = days.from_, days.to
    if first is None or last is None:
        return " – ".join(_format(day, _DAY) if day else "…" for day in (first, last))
    if first == last:
        return _format(first, _DAY)
    if first == date(last.year, 1, 1) and last == date(first.year, 12, 31):
        return year_in_words(first.year)
    if (first, last) == month_days(last.year, last.month):
        return month_in_words(last.year, last.month)
    return str(format_interval(first, last, _DAY, locale=get_locale()))


def month_days(year: int, month: int) -> tuple[date, date]:
    """Its first and its last day."""
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def year_in_words(year: int) -> str:
    return _format(date(year, 1, 1), _YEAR)


def month_in_words(year: int, month: int) -> str:
    return _format(date(year, month, 1), _MONTH)


def _format(day: date, skeleton: str) -> str:
    return str(format_skeleton(skeleton, day, locale=get_locale()))
