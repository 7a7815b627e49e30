"""Dates as people ask for them: ``2020-09``, ``昨天``, ``近三天``. Calendar days in a zone, half-open ranges in UTC.

Pure functions: today and the zone are arguments. Publication dates in feeds are another matter: ``indexer.dates``.
"""

import re
import unicodedata
from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from indexer.errors import QueryError
from indexer.zones import zone_named

EXAMPLES = (
    "2020", "2020-09", "2020-09-15", "20200915", "2020年9月15日", "today", "yesterday", "7d", "3w", "今天", "昨天",
    "前天", "本周", "上周", "本月", "上个月", "今年", "去年", "近三天", "最近一周",
)  # fmt: skip
"""One date of each form, for messages and the help page."""

RANGES = ("2020-09..2020-10", "2020-09..", "..近三天")
"""Examples of ranges."""


@dataclass(frozen=True, slots=True)
class Days:
    """Calendar days from one to another, both included; ``None`` is open."""

    from_: date | None = None
    to: date | None = None

    def utc(self, zone: ZoneInfo) -> tuple[int | None, int | None]:
        """The half-open range of UTC epoch seconds in which it is one of these days in ``zone``."""
        return (
            None if self.from_ is None else day_start(self.from_, zone),
            None if self.to is None else day_start(self.to + timedelta(days=1), zone),
        )

    def __str__(self) -> str:
        from_, to = (day.isoformat() if day else "" for day in (self.from_, self.to))
        return from_ if from_ == to else f"{from_}..{to}"


ANY_DAYS = Days()


def day_start(day: date, zone: ZoneInfo) -> int:
    """The first UTC epoch second of a calendar day.

    Usually midnight. Where clocks jump over midnight (São Paulo, Beirut), the readings with and without ``fold`` are
    on both sides of the jump and the day begins between them; where midnight comes twice (Havana) the first counts.
    """
    early, late = sorted(int(datetime.combine(day, time(fold=fold), zone).timestamp()) for fold in (0, 1))
    return early + bisect_left(range(early, late), day, key=lambda second: datetime.fromtimestamp(second, zone).date())


def zone_asked(name: str) -> ZoneInfo:
    """The IANA zone of that name, else ``QueryError`` ``bad_zone``."""
    try:
        return zone_named(name)
    except ValueError as error:
        raise QueryError("bad_zone", field="tz", given=name, allowed=("Asia/Shanghai", "Asia/Taipei", "UTC")) from error


def parse_days(text: str, today: date, field: str) -> Days:
    """The days that one date expression names; ``today`` is the date now in the asker's zone.

    Weeks begin on Monday. ``7d`` and ``近7天`` are the last seven days, today included; ``近一个月`` begins on the day
    after this day of last month. Raises ``QueryError`` ``bad_date`` about ``field``.
    """
    plain = _plain(text) if len(text) <= _LONGEST else ""
    try:
        if named := _NAMED.get(plain):
            meaning, back = named
            return meaning(today, back)
        if match := _NUMERIC.fullmatch(plain):
            return _calendar(match[1], match[2] or match[5], match[3] or match[6])
        if match := _WRITTEN.fullmatch(plain):
            return _calendar(match[1], match[2], match[3])
        if (match := _RECENT.fullmatch(plain)) and (number := number_in(match[1] or match[3])):
            return Days(_back(today, number, _UNITS[match[2] or match[4]]) + timedelta(days=1), today)
    except (ValueError, OverflowError):  # 2020-13, 2021-02-29, 近九千年
        pass
    raise QueryError("bad_date", field=field, given=text, allowed=EXAMPLES)


def parse_range(text: str, today: date, field: str) -> Days:
    """``A``, ``A..B``, ``A..`` or ``..B``: from the first day of A to the last of B. Errors as for ``parse_days``."""
    left, dots, right = unicodedata.normalize("NFKC", text).partition("..")
    if not dots:
        return parse_days(text, today, field)
    if not left.strip() and not right.strip(" ."):
        raise QueryError("bad_date", field=field, given=text, allowed=(*RANGES, *EXAMPLES))
    return between(left.strip(), right.strip(), today, field, field)


def between(from_: str, to: str, today: date, from_field: str = "from", to_field: str = "to") -> Days:
    """From the first day of one expression to the last day of another; ``""`` is open.

    Raises ``QueryError`` ``bad_date``, and ``dates_reversed`` when the end is before the beginning.
    """
    begin = parse_days(from_, today, from_field).from_ if from_ else None
    end = parse_days(to, today, to_field).to if to else None
    if begin and end and end < begin:
        raise QueryError("dates_reversed", field=to_field, given=end.isoformat(), allowed=(f"{begin}..",))
    return Days(begin, end)


_LONGEST = 64
"""Characters of the longest expression."""

_FORMS = str.maketrans("週個號兩過這〇", "周个号两过这零")
_UNITS = {
    **dict.fromkeys(("d", "天", "日"), "day"),
    **dict.fromkeys(("w", "周", "星期", "个星期"), "week"),
    **dict.fromkeys(("m", "月", "个月"), "month"),
    **dict.fromkeys(("y", "年"), "year"),
}
_DIGITS = "零一二三四五六七八九"
_HAN = f"[{_DIGITS}两十百]"
_NUMERIC = re.compile(r"(\d{4})(?:(\d{2})(\d{2})?|([-/.])(\d{1,2})(?:\4(\d{1,2}))?)?", re.ASCII)
_WRITTEN = re.compile(rf"(\d{{4}}|{_HAN}{{4}})年(?:(\d\d?|{_HAN}{{1,2}})月(?:(\d\d?|{_HAN}{{1,3}})[日号])?)?", re.ASCII)
_RECENT = re.compile(
    rf"(\d{{1,4}})([dwmy])|(?:最近|近|过去)(\d{{1,4}}|{_HAN}{{1,5}})(天|日|周|个?星期|个?月|年)", re.ASCII
)


def _plain(text: str) -> str:
    """One form for each expression: half-width, lower case, Simplified, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split()).translate(_FORMS)


def number_in(text: str) -> int:
    """The number of ``15``, ``十五`` or ``二零二零``; ``ValueError`` for what is none, such as ``十十``."""
    if text.isascii():
        return int(text)
    if not set(text) & set("十百"):
        return int("".join(str(_DIGITS.index("二" if char == "两" else char)) for char in text))
    hundreds, _, rest = text.rpartition("百")
    tens, ten, ones = rest.rpartition("十")
    return (
        100 * (_digit(hundreds, 1) if "百" in text else 0)
        + 10 * (_digit(tens.removeprefix("零"), 1) if ten else 0)
        + _digit(ones.removeprefix("零") if hundreds or "百" in text else ones, 0)
    )


def _digit(text: str, missing: int) -> int:
    return _DIGITS.index("二" if text == "两" else text) if text else missing


def _calendar(year: str, month: str | None, day: str | None) -> Days:
    """A whole year, month or day; ``ValueError`` when it does not exist or is out of ``datetime``'s reach."""
    if not 1000 <= number_in(year) <= 9998:
        raise ValueError(year)
    if day:
        exactly = date(number_in(year), number_in(month or ""), number_in(day))
        return Days(exactly, exactly)
    first = date(number_in(year), number_in(month) if month else 1, 1)
    following = _back(first, -1, "month" if month else "year")
    return Days(first, following - timedelta(days=1))


def _back(day: date, number: int, unit: str) -> date:
    """``number`` units before a day; the last day of a shorter month stands for those that it lacks."""
    if unit in ("day", "week"):
        return day - timedelta(days=number * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 - number * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(today: date, weeks: int) -> Days:
    monday = today - timedelta(days=today.weekday() + 7 * weeks)
    return Days(monday, monday + timedelta(days=6))


def _day(today: date, days: int) -> Days:
    return Days(today - timedelta(days=days), today - timedelta(days=days))


def _month(today: date, months: int) -> Days:
    first = _back(today.replace(day=1), months, "month")
    return Days(first, first.replace(day=monthrange(first.year, first.month)[1]))


def _year(today: date, years: int) -> Days:
    return Days(date(today.year - years, 1, 1), date(today.year - years, 12, 31))


_NAMED: Mapping[str, tuple[Callable[[date, int], Days], int]] = {
    **dict.fromkeys(("today", "今天", "今日"), (_day, 0)),
    **dict.fromkeys(("yesterday", "昨天", "昨日"), (_day, 1)),
    **dict.fromkeys(("前天", "前日"), (_day, 2)),
    **dict.fromkeys(("本周", "这周", "本星期", "这星期", "这个星期"), (_week, 0)),
    **dict.fromkeys(("上周", "上星期", "上个星期"), (_week, 1)),
    **dict.fromkeys(("本月", "这个月", "这月"), (_month, 0)),
    **dict.fromkeys(("上个月", "上月"), (_month, 1)),
    **dict.fromkeys(("今年", "本年"), (_year, 0)),
    "去年": (_year, 1),
    "前年": (_year, 2),
}
