"""Dates in the text of a question: 九月下旬, 2020年9月18日, 上周, September 10.

Whoever types one means articles that name it, and as much those that were published then. Only what can hardly be
anything else is a date: a month, a year, or a word like 上周 where it stands alone. 三月 in 三月女王 is a part of a
name.
``parse_days`` reads what stands behind ``date:``, where everything is a date.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from indexer.engine.query import PublishedBetween
from indexer.errors import QueryError
from search_app.query.dates import Days, number_in, parse_days
from search_app.query.interpretation import Dated
from search_app.query.tree import AllOf, AnyOf, Clause, Node, is_plain, spaced

AFTERWARDS = timedelta(days=1)
"""What happens on a day is in the papers of the next."""

_HAN = "[零〇一二三四五六七八九十]"
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" for name in _MONTHS) + "|sept"
_WRITTEN = re.compile(
    rf"(?<![\d零〇一二三四五六七八九十])"
    rf"(?:(?P<year>\d{{4}}|{_HAN}{{4}})年)?(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])月"
    rf"(?:(?P<day>\d{{1,2}}|{_HAN}{{1,3}})(?P<sign>[日号])|(?P<part>[上中下]旬|[初中底末份]))?",
    re.ASCII,
)
_YEAR = re.compile(rf"(\d{{4}}|{_HAN}{{4}})年", re.ASCII)
_NUMERIC = re.compile(r"\d{4}([-/.])\d{1,2}(?:\1\d{1,2})?|(?:19|20)\d{6}", re.ASCII)
_ENGLISH = re.compile(
    rf"(?P<month>{_MONTH})\.?(?: (?P<day>\d{{1,2}})(?:st|nd|rd|th)?)?(?:,? (?P<year>\d{{4}}))?"
    rf"|(?P<day_before>\d{{1,2}})(?:st|nd|rd|th)? (?P<month_behind>{_MONTH})\.?(?:,? (?P<year_behind>\d{{4}}))?",
    re.ASCII,
)
_RELATIVE = re.compile(
    r"[今昨前][天日]|[本这上]个?(?:周|星期|月)|[今去前]年|(?:最近|近|过去).{1,6}(?:天|日|周|星期|月|年)"
)
_HINT = re.compile(rf"[天日月年周週期]|\d[-/.]\d|\d{{8}}|(?:^|[^a-z])(?:{_MONTH})(?:[^a-z]|$)", re.IGNORECASE)
_GROUPS = ("year", "month", "day", "part")
_ENGLISH_WORDS = 3
_EARLY, _MIDDLE, _LATE = (1, 10), (11, 20), (21, 31)
_PARTS = {
    **dict.fromkeys(("初", "上旬"), _EARLY),
    **dict.fromkeys(("中", "中旬"), _MIDDLE),
    **dict.fromkeys(("底", "末", "下旬"), _LATE),
}


@dataclass(frozen=True, slots=True)
class DateWord:
    """The slice of a folded text that names ``days``; ``relative`` as in ``Dated``."""

    start: int
    end: int
    days: Days
    relative: bool = False

    def dated(self, zone: ZoneInfo) -> Dated:
        """The articles of these days, and of what comes out soon after."""
        afterwards = self.days.to + AFTERWARDS if self.days.to else None
        published = PublishedBetween(*replace(self.days, to=afterwards).utc(zone))
        return Dated(self.days, published, self.relative)


def may_hold_date(text: str) -> bool:
    """Whether it is worth looking for dates in a question as typed."""
    return _HINT.search(unicodedata.normalize("NFKC", text)) is not None


def date_words(folded: str, latest: date, is_word: Callable[[str], bool]) -> list[DateWord]:
    """The dates in a folded text, in order.

    ``latest`` is the day that 上周 is counted from, and the last on which a date without a year may begin. ``is_word``
    tells what is one word of the dictionary.
    """
    if whole := _whole(folded, latest):
        return [DateWord(0, len(folded), whole, relative=_RELATIVE.fullmatch(folded) is not None)]
    return [
        DateWord(match.start(), match.end(), days)
        for match in _WRITTEN.finditer(folded)
        if _is_certain(match, is_word) and (days := _days(*match.group(*_GROUPS), latest=latest))
    ]


def _whole(folded: str, latest: date) -> Days | None:
    """The days of a text that is a date and nothing else."""
    if match := _WRITTEN.fullmatch(folded):
        return _days(*match.group(*_GROUPS), latest=latest)
    if match := _ENGLISH.fullmatch(folded):
        month, day, year = (match[name] or match[other] for name, other in _EITHER)
        number = next(i for i, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
        return _days(year, str(number), day, None, latest=latest) if day or year else None
    if _YEAR.fullmatch(folded) or _NUMERIC.fullmatch(folded) or _RELATIVE.fullmatch(folded):
        try:
            return parse_days(folded, latest, "q")
        except QueryError:
            return None
    return None


_EITHER = (("month", "month_behind"), ("day", "day_before"), ("year", "year_behind"))


def _is_certain(match: re.Match[str], is_word: Callable[[str], bool]) -> bool:
    """Whether a date within a longer text is one: 9月10日本港 may be of 日本, 九月中国 is of 中国, 十月革命 is none."""
    if not match["day"] and not match["part"] and not match["year"]:
        return False
    end = match.end()
    last, following = match.string[end - 1], match.string[end : end + 3]
    return not any(is_word(last + following[:length]) for length in range(1, len(following) + 1))


def _days(year: str | None, month: str, day: str | None, part: str | None, *, latest: date) -> Days | None:
    """The days of a date; one without a year is the latest that does not begin after ``latest``. ``None`` for
    a date that no calendar has."""
    months, first_day, last_day = number_in(month), *_PARTS.get(part or "", (1, 31))
    if day:
        first_day = last_day = number_in(day)
    years = [number_in(year)] if year else range(latest.year, max(latest.year - 5, 1), -1)
    for each in years:
        try:
            first = date(each, months, first_day)
        except ValueError:  # 2月29日 of most years
            continue
        if year or first <= latest:
            return Days(first, first + timedelta(days=last_day - first_day) if day else _last(first, last_day))
    return None


def _last(first: date, day: int) -> date:
    """A day of the month of ``first``, or the last that it has."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(first + timedelta(days=day - first.day), following - timedelta(days=1))


def with_dates(node: Node) -> Node:
    """The tree, where words in a row that are an English date are one text: September 10 2020."""
    if isinstance(node, AnyOf):
        return AnyOf(tuple(map(with_dates, node.parts)))
    if not isinstance(node, AllOf):
        return node
    joined = tuple(_joined(node.parts))
    return joined[0] if len(joined) == 1 else AllOf(joined)


def _joined(parts: Sequence[Node]) -> Iterator[Node]:
    start = 0
    while start < len(parts):
        words = list(takewhile(is_plain, parts[start : start + _ENGLISH_WORDS]))
        length = next((n for n in range(len(words), 1, -1) if _ENGLISH.fullmatch(spaced(words[:n]).lower())), 1)
        yield Clause(spaced(parts[start : start + length])) if length > 1 else with_dates(parts[start])
        start += length
