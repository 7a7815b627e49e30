"""Publication dates as feeds and pages really write them.

``parse`` reads a raw string or answers ``None``: an unreadable, impossible or ambiguous date is unknown, never a guess.
Understood, also in full-width digits, with a weekday in English or Chinese, and behind a label (``发布时间：``):

- RFC 822 and RFC 2822: ``Fri, 30 Oct 2020 21:15:58 GMT``, ``5 Jan 24 08:00 +0800``, and asctime, date(1), JavaScript,
  with the months in English or as programs under a Chinese locale write them: ``星期四, 29 六月 2023``;
- ISO 8601 and its relatives: ``2024-01-05T08:00:00.000Z``, ``2024/1/5 8:00``, ``2024.01.05``, ``20240105``;
- Chinese: ``2024年1月5日 下午3点05分``, ``二〇二四年一月五日``, ``民國113年1月5日``, ``令和6年1月5日``;
- seconds or milliseconds since 1970, as a bare number of 9 to 13 digits;
- day and month by number (``30/10/2020``) only when no other reading is possible.

A zone may follow as an offset (``+08:00``, ``GMT+8``), an IANA name, or one of the abbreviations below, also in
brackets: ``(UTC)``, ``[Asia/Shanghai]``, ``(China Standard Time)``. Behind an offset what stands in brackets is a
comment; elsewhere brackets that name no known zone make the date unknown. ``CST`` is China Standard Time: in the feeds
that this program reads it never is the American one.
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Dates outside ``EARLIEST <= date < LATEST`` are mistakes (year 1, year 9999) and count as unknown."""

_LONGEST = 100  # characters; no date is longer, and no pattern below shall see a page

_ZONE_HOURS = {
    "Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0, "BST": 1, "CET": 1, "WEST": 1, "CEST": 2, "EET": 2, "EEST": 3,
    "MSK": 3, "CST": 8, "HKT": 8, "SGT": 8, "PHT": 8, "MYT": 8, "AWST": 8, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
    "NZST": 12, "EST": -5, "EDT": -4, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "北京时间": 8, "北京時間": 8, "台北时间": 8, "台北時間": 8, "臺北時間": 8, "香港时间": 8, "香港時間": 8,
}  # fmt: skip

_MONTH_NAMES = (
    ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",), ("jun", "june"),
    ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"), ("oct", "october"), ("nov", "november"),
    ("dec", "december"),
)  # fmt: skip
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names}

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
_OTHER_WEEKDAY = re.compile(
    r"\s*(?:\(?(?:星期|周|週|礼拜|禮拜)[一二三四五六日天]\)?|\([一二三四五六日天月火水木金土]\)|"
    r"\(?[日月火水木金土]曜日?\)?|"
    r"\((?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\))[,，]?\s*",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:[发發][布佈表稿]|更新|刊[登发發]|出版|新[闻聞]|修改|最[后後近]更新|文章)?(?:[时時][间間]|日期)|[发發刊][布佈表登]于?|"
    r"(?:last )?(?:published|posted|updated|modified|date)(?: (?:on|at))?)\s*[:\s]\s*",
    re.IGNORECASE,
)
_NUMBERED_MONTH = re.compile(r"(?:^|(?<=[\s,-]))(1[0-2]|0?[1-9])月(?=[\s,-])")
_COMMENT = re.compile(r"(?<=[+-]\d{4})\s+[A-Z]{2,5}$")  # ``+0800 CST``
_BRACKETS = re.compile(r"\s*[(\[]\s*([^()\[\]]*?)\s*[)\]]$")
_OFFSET_AT_END = re.compile(r"(?:\d\d:\d\d\S*|\d{6}|[a-z]{2,4})\s*(?:[+-]\d{1,2}(?::?\d\d)?|(?<=\d)z)$", re.IGNORECASE)
_ZONE_ALONE = re.compile(r"(?:[a-z]{1,5}|[一-龥]{2}[時时][间间])?(?:[+-]\d{1,2}(?::?\d{2})?)?|\S+/\S+", re.IGNORECASE)
# As JavaScript and Windows name zones in brackets; those of summer and winter alike only where they are one offset.
_LONG_ZONES = {
    "china standard time": "CST", "中国标准时间": "CST", "中國標準時間": "CST", "hong kong standard time": "HKT",
    "香港标准时间": "HKT", "香港標準時間": "HKT", "taipei standard time": "CST", "台北標準時間": "CST",
    "台北标准时间": "CST", "singapore standard time": "SGT", "japan standard time": "JST",
    "korean standard time": "KST", "coordinated universal time": "UTC", "协调世界时": "UTC", "世界协调时间": "UTC",
    "greenwich mean time": "GMT",
    "格林尼治标准时间": "GMT", "eastern standard time": "EST", "eastern daylight time": "EDT",
    "pacific standard time": "PST", "pacific daylight time": "PDT", "central european standard time": "CET",
    "central european summer time": "CEST",
}  # fmt: skip
_MONTH = r"(?P<month_name>[a-z]{3,9})\.?"
_HALF = r"(?P<half>上午|下午|凌晨|清晨|早上|早晨|中午|傍晚|晚上|晚间|晚間)?"
_TIME = (
    r"(?:" + _HALF + r"\s*(?P<hour>\d{1,2})\s*(?:[:时時点點]\s*(?P<minute>\d{1,2})?整?)"
    r"(?:\s*[:分]\s*(?:(?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?\s*秒?)?)?"
    r"(?:\s*(?P<meridiem>[ap])\.?m\b\.?)?)"
)
_ZONE = r"(?:\s*(?P<zone>[^\s\d+-]+/\S+|[a-z]{1,5}|[一-龥]{2}[时時][间間])?\s*(?P<offset>[+-]\d{1,2}(?::?\d{2})?)?)"
_TAIL = r"(?:[\s,t-]*" + _TIME + _ZONE + r")?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.ASCII)


_YEAR_FIRST = _pattern(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})" + _TAIL)
_CHINESE = _pattern(
    r"(?P<era>民国|民國|中华民国|中華民國|令和|平成|昭和|大正)?\s*(?P<year>\d{1,4}|元)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号號]"
    + _TAIL
)
_REPUBLIC = _pattern(
    r"(?P<era>(?:中华|中華)?(?:民国|民國))\s*(?P<year>\d{2,3})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"
    + _TAIL
)
_DAY_FIRST = _pattern(_WEEKDAY + r"(?P<day>\d{1,2})[\s-]+" + _MONTH + r",?[\s-]+(?P<year>\d{4}|\d{2})" + _TAIL)
_MONTH_FIRST = _pattern(
    _WEEKDAY + _MONTH + r"\s+(?P<day>\d{1,2})(?:st|nd|rd|th)?,?\s+(?P<year>\d{4})(?:,?\s+at)?" + _TAIL
)
_ASCTIME = _pattern(_WEEKDAY + _MONTH + r"\s+(?P<day>\d{1,2})\s+" + _TIME + _ZONE + r"\s+(?P<year>\d{4})")
_COMPACT = _pattern(
    r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[t\s]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?" + _ZONE + r")?"
)
_NUMBERS = _pattern(r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second_number>\d{1,2})(?P=sep)(?P<year>\d{4})" + _TAIL)
_EPOCH = re.compile(r"[0-9]{9,13}|[0-9]{9,10}\.[0-9]{1,9}")
_LOST_PLUS = re.compile(r"(T\d\d:\d\d:\d\d(?:\.\d+)?) (\d\d:\d\d)\Z")  # as forms and addresses write a plus
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")
_DATED_PATTERNS = (_YEAR_FIRST, _CHINESE, _REPUBLIC, _DAY_FIRST, _MONTH_FIRST, _ASCTIME)

_YEAR_BEFORE = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "民国": 1911, "民國": 1911}
"""The year before the first of an era."""

_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_HAN_NUMBER = re.compile(r"[〇零○一二三四五六七八九十]+(?=[年月日号號时時点點分秒])")


def parse(raw: str, *, zone: tzinfo) -> datetime | None:
    """The moment that ``raw`` names, aware and in UTC, or ``None``.

    Where ``raw`` has no zone, ``zone`` is meant; where it has no time, midnight in its zone.
    """
    if len(raw) > _LONGEST:
        return None
    text = _LOST_PLUS.sub(r"\1+\2", unicodedata.normalize("NFKC", raw).strip())
    if _EPOCH.fullmatch(text):
        return _epoch(text)
    if compact := _COMPACT.fullmatch(text):
        return _moment(compact, zone)
    text = _LABEL.sub("", text) if _LABEL.match(text) else text
    text = _OTHER_WEEKDAY.sub(" ", _HAN_NUMBER.sub(_arabic, text)).strip()
    bracketed = _with_zone_of_brackets(" ".join(text.split()))
    if bracketed is None:
        return None
    text = _COMMENT.sub("", bracketed)
    if "年" not in text:
        text = _NUMBERED_MONTH.sub(lambda match: _MONTH_NAMES[int(match[1]) - 1][0], text)
    for pattern in _DATED_PATTERNS:
        if match := pattern.fullmatch(text):
            return _moment(match, zone)
    if match := _NUMBERS.fullmatch(text):
        return _day_and_month_by_number(match, zone)
    return None


def _moment(match: re.Match[str], zone: tzinfo, *, month: int | None = None, day: int | None = None) -> datetime | None:
    """The moment of a match with the groups year, month or month_name, day and, when a time is there, the rest."""
    found = match.groupdict()
    year = _year(found["year"], found.get("era") or "")
    if month is None:
        month = _MONTHS.get(found["month_name"].lower()) if found.get("month_name") else int(found["month"])
    if day is None:
        day = int(found["day"])
    hour, minute, second = _hour(found), int(found.get("minute") or 0), int(found.get("second") or 0)
    where = _zone(found.get("zone"), found.get("offset"), zone)
    if year is None or month is None or hour is None or where is None:
        return None
    microsecond = int((found.get("fraction") or "").ljust(6, "0")[:6])
    # A leap second and the hour 24 (ISO 8601: the end of the day) are right, and datetime has neither.
    leap, over = second == 60, hour == 24
    if over and (minute or second):
        return None
    try:
        local = datetime(year, month, day, hour % 24, minute, 59 if leap else second, microsecond, tzinfo=where)
        return _plausible((local + timedelta(days=over)).astimezone(UTC) + timedelta(seconds=leap))
    except (ValueError, OverflowError):
        return None


def _plausible(moment: datetime) -> datetime | None:
    return moment if EARLIEST <= moment < LATEST else None


def _year(digits: str, era: str) -> int | None:
    if era:
        return _YEAR_BEFORE[era[-2:]] + (1 if digits == "元" else int(digits))
    if len(digits) == 2:  # RFC 2822, section 4.3
        return int(digits) + (2000 if int(digits) < 50 else 1900)
    return int(digits) if len(digits) == 4 else None


def _hour(found: dict[str, str | None]) -> int | None:
    """The hour of the day from 0 to 24, ``None`` when the words around it contradict it or leave two readings."""
    hour = int(found.get("hour") or 0)
    half, meridiem = found.get("half"), (found.get("meridiem") or "").lower()
    if meridiem:
        return hour % 12 + (12 if meridiem == "p" else 0) if 1 <= hour <= 12 and not half else None
    if half is None:
        return hour if hour <= 24 else None
    if half in ("上午", "早上", "早晨", "清晨"):
        return hour if hour < 12 else None
    if half == "凌晨":
        return hour % 12 if hour < 7 or hour == 12 else None
    if half == "中午":
        return {11: 11, 12: 12, 13: 13, 1: 13, 2: 14}.get(hour)
    if half == "下午":
        return hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 20 else None
    return hour + 12 if 4 <= hour < 12 else hour if 16 <= hour < 24 else None  # 傍晚 and 晚上


def _zone(name: str | None, offset: str | None, default: tzinfo) -> tzinfo | None:
    """The zone of an abbreviation, an IANA name or an offset; ``None`` when it is unknown or says two things."""
    if name and "/" in name:
        try:
            return ZoneInfo(name + (offset or ""))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return None
    if name and name.upper() not in _ZONE_HOURS:
        return None
    if offset and (match := _OFFSET.fullmatch(offset)):
        if name and _ZONE_HOURS[name.upper()]:
            return None
        ahead = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
        if ahead > timedelta(hours=14) or int(match[3] or 0) > 59:
            return None
        return timezone(-ahead if match[1] == "-" else ahead)
    return timezone(timedelta(hours=_ZONE_HOURS[name.upper()])) if name else default


def _with_zone_of_brackets(text: str) -> str | None:
    """``text`` with the zone in brackets at its end as it is written without them; ``None`` for an unknown one."""
    match = _BRACKETS.search(text)
    if not match:
        return text
    before, name = text[: match.start()], match[1]
    if _OFFSET_AT_END.search(before):
        return before
    name = _LONG_ZONES.get(name.lower(), name)
    if not name or not _ZONE_ALONE.fullmatch(name):
        return None
    return f"{before} {name}" if re.search(r"[:时時点點]", before) else f"{before} 0:00 {name}"


def _day_and_month_by_number(match: re.Match[str], zone: tzinfo) -> datetime | None:
    """``30/10/2020`` is the 30th of October, ``05/05/2020`` the 5th of May, and ``01/02/2020`` nobody can tell."""
    first, second = int(match["first"]), int(match["second_number"])
    readings = {(month, day) for month, day in ((first, second), (second, first)) if month <= 12}
    if len(readings) != 1:
        return None
    ((month, day),) = readings
    return _moment(match, zone, month=month, day=day)


def _epoch(text: str) -> datetime | None:
    """Seconds (9 or 10 digits) or milliseconds (12 or 13) since 1970, unless the digits are also a calendar's.

    ``202001051230`` is both half past twelve on a day of 2020 and a millisecond of 1976.
    """
    digits = text.partition(".")[0]
    if len(digits) == 11 or (len(text) in (10, 12) and _reads_as_calendar(text)):
        return None
    seconds = int(digits) / 1000 if len(digits) > 10 else float(text)
    return _plausible(datetime.fromtimestamp(seconds, UTC))


def _reads_as_calendar(digits: str) -> bool:
    try:
        datetime.strptime(digits.ljust(12, "0"), "%Y%m%d%H%M").replace(tzinfo=UTC)
    except ValueError:
        return False
    return 1900 <= int(digits[:4]) < 2100


def _arabic(match: re.Match[str]) -> str:
    """``二〇二四`` as ``2024`` and ``二十九`` as ``29``."""
    number = match[0]
    if "十" not in number:
        return number.translate(_HAN_DIGITS)
    tens, _, ones = number.partition("十")
    return (tens or "一").translate(_HAN_DIGITS) + (ones or "〇").translate(_HAN_DIGITS)
