"""When findings are sent: at once, or together at an hour of the day; never in the quiet hours."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from indexer.archive import Draft


def due(draft: Draft, now: datetime, zone: ZoneInfo) -> datetime:
    """When what is found ``now`` (aware) is to be sent, not before now. Hours are those of a clock in ``zone``."""
    when = now if draft.digest is None else _next(now, draft.digest, zone)
    if draft.quiet_from is None or draft.quiet_to is None:
        return when
    hour = when.astimezone(zone).hour
    if draft.quiet_from < draft.quiet_to:
        is_quiet = draft.quiet_from <= hour < draft.quiet_to
    else:
        is_quiet = hour >= draft.quiet_from or hour < draft.quiet_to
    return _next(when, draft.quiet_to, zone) if is_quiet else when


def _next(now: datetime, hour: int, zone: ZoneInfo) -> datetime:
    """The next moment at which a clock in the zone shows the full hour."""
    local = now.astimezone(zone)
    for days in range(3):
        day = (local + timedelta(days=days)).date()
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=zone)
        if moment.timestamp() > now.timestamp():
            return moment
    raise AssertionError("an hour comes every day")
