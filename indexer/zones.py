"""Time zones by their IANA names."""

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ALLOWED = "a name such as Asia/Shanghai, Asia/Taipei, UTC"

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+/-]{0,63}")


def zone_named(name: str) -> ZoneInfo:
    """The zone of that name. Raises ``ValueError``, whose message says what is allowed."""
    try:
        if _NAME.fullmatch(name):
            return ZoneInfo(name)
    # OSError: a folder of the zone database, such as "America". ValueError: a file in it that holds no zone.
    except (ZoneInfoNotFoundError, ValueError, OSError):
        pass
    raise ValueError(f"there is no time zone {name[:64]!r}; allowed: {ALLOWED}")
