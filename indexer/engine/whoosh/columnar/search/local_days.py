"""Which day it is, in a named zone, for many instants at once."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

_FIRST = int(datetime(1, 1, 3, tzinfo=UTC).timestamp())
_LAST = int(datetime(9999, 12, 29, tzinfo=UTC).timestamp())
"""Instants outside are clipped: they are mistakes, and ``datetime`` knows no others."""

_EPOCH = date(1970, 1, 1).toordinal()


def local_days(instants: NDArray[np.integer], zone: str) -> NDArray[np.int64]:
    """Days since 1970-01-01 in an IANA zone at instants given in UTC epoch seconds."""
    if not len(instants):
        return np.empty(0, np.int64)
    clipped = np.clip(instants.astype(np.int64), _FIRST, _LAST)
    first, last = (datetime.fromtimestamp(int(f(clipped)), UTC).year for f in (np.min, np.max))
    starts, offsets = _offsets(zone, first, last)
    return (clipped + offsets[starts.searchsorted(clipped, side="right") - 1]) // 86400


@lru_cache(maxsize=1 << 14)
def iso_date(day: int) -> str:
    """``2020-09-15`` for a day number of ``local_days``."""
    return date.fromordinal(day + _EPOCH).isoformat()


@lru_cache(maxsize=256)
def _offsets(zone: str, first: int, last: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """When each UTC offset of the zone begins, from year ``first`` to ``last``, and the offset in seconds.

    Offsets are compared once a day; where they differ, bisection finds the second.
    """
    info = ZoneInfo(zone)

    def offset(instant: int) -> int:
        delta = datetime.fromtimestamp(instant, info).utcoffset()
        assert delta is not None
        return int(delta.total_seconds())

    begin = max(_FIRST, int(datetime(first, 1, 1, tzinfo=UTC).timestamp()) - 86400)
    end = min(_LAST, int((datetime(last, 12, 31, tzinfo=UTC) + timedelta(days=2)).timestamp()))
    known = offset(begin)
    starts, offsets = [begin - 86400], [known]
    for day in range(begin, end, 86400):
        new = offset(day + 86400)
        if new == known:
            continue
        lo, hi = day, day + 86400
        while hi - lo > 1:
            middle = (lo + hi) // 2
            lo, hi = (middle, hi) if offset(middle) == known else (lo, middle)
        starts.append(hi)
        offsets.append(new)
        known = new
    return np.array(starts), np.array(offsets)
