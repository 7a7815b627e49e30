"""What is answered where an article is not: that it was forgotten, or that there never was one."""

from typing import NoReturn
from zoneinfo import ZoneInfo

from werkzeug.exceptions import NotFound

from search_app.access.permission import knows_reasons
from search_app.presentation.forgotten import Forgotten
from search_app.presentation.page import current_library


def raise_absent(article_id: str) -> NoReturn:
    """Raises ``Forgotten`` with its day in the configured zone, and to those who may know with its reason; else
    ``NotFound``."""
    library = current_library()
    stone = library.archive.tombstones.get(article_id)
    if stone is None:
        raise NotFound
    day = stone.forgotten.astimezone(ZoneInfo(library.zone))
    raise Forgotten(f"{day:%Y-%m-%d}", stone.reason if knows_reasons() else "")
