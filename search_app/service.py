"""What the pages and interfaces ask: one archive, one index, one searcher, shared by all threads of the process."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from datetime import date
from threading import Lock
from typing import Any, TypeVar, cast

from flask import current_app

from indexer.archive import Archive
from indexer.engine.index import Request, SearchIndex
from indexer.text.analyser import Analyser

EXTENSION = "xunwen"
_REMEMBERED = 64

T = TypeVar("T")


class Service:
    """``zone`` is the configured IANA zone."""

    def __init__(self, archive: Archive, index: SearchIndex, analyser: Analyser, zone: str) -> None:
        self.archive = archive
        self.index = index
        self.analyser = analyser
        self.zone = zone
        self._remembered: OrderedDict[Hashable, Any] = OrderedDict()
        self._lock = Lock()

    def remembered(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns, made once for each state of the index. For answers that all readers share."""
        info = self.index.info()
        whole = (key, info.generation, info.sequence, info.updated)
        with self._lock:
            if whole in self._remembered:
                self._remembered.move_to_end(whole)
                return cast(T, self._remembered[whole])
        made = make()
        with self._lock:
            self._remembered[whole] = made
            while len(self._remembered) > _REMEMBERED:
                self._remembered.popitem(last=False)
        return made

    def articles_by_day(self, zone: str) -> Mapping[date, int]:
        """How many articles were published on each day of a zone."""

        def count() -> Mapping[date, int]:
            days = self.index.search(Request(limit=1, timeline_zone=zone)).timeline
            return {date.fromisoformat(day): number for day, number in days.items()}

        return self.remembered(("days", zone), count)


def current_service() -> Service:
    """The service of the application that handles this request."""
    return cast(Service, current_app.extensions[EXTENSION])


def open_service(config: object) -> Service:
    raise NotImplementedError
