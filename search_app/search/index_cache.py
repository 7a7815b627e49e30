"""What is the same for all readers until the index changes, made once for each state of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar, cast

from indexer.engine.index import SearchIndex

MOST = 64
"""Answers that are kept; the one unused for longest goes first."""

T = TypeVar("T")


class IndexCache:
    """Answers of one index. May be used from many threads: of those that ask at once one makes the answer, and the
    others wait for it."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index
        self._answers: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def remember(self, key: Hashable, make: Callable[[], T]) -> T:
        """What ``make`` returns for the present state of the index, made when it is asked for first."""
        info = self._index.info()
        whole = (key, info.generation, info.sequence, info.updated)
        with self._lock:
            if whole in self._answers:
                self._answers.move_to_end(whole)
                return cast(T, self._answers[whole])
            making = self._making.setdefault(whole, Lock())
        with making:
            try:
                return self._made(whole, make)
            finally:
                with self._lock:
                    self._making.pop(whole, None)

    def _made(self, whole: Hashable, make: Callable[[], T]) -> T:
        with self._lock:
            if whole in self._answers:
                return cast(T, self._answers[whole])
        made = make()
        with self._lock:
            self._answers[whole] = made
            while len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return made
