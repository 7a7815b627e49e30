"""A cache of arrays that is bounded in bytes."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

#: What an entry costs besides its arrays: keys, tuples and array headers.
_OVERHEAD = 500


class ArrayCache(Generic[Value]):
    """What was used lately, at most ``limit`` bytes of arrays.

    There are two generations: what is asked for goes to the young one, and when that holds half the limit it becomes
    the old one and what was old is forgotten. So a look-up is one of a dictionary, without a lock, where an exact order
    of use would take ten times as long.

    An entry larger than an eighth of the limit is never kept: one huge term must not push out everything else. Safe to
    use from many threads; two that miss the same key at once both compute it, and one result stays.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._size = 0
        self._young: dict[Hashable, tuple[Value, int]] = {}
        self._old: dict[Hashable, tuple[Value, int]] = {}
        self._lock = Lock()

    def get(self, key: Hashable) -> Value | None:
        entry = self._young.get(key)
        if entry is None:
            entry = self._old.get(key)
            if entry is None:
                return None
            self._put(key, entry)
        return entry[0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keep ``value``, whose arrays hold ``nbytes``."""
        nbytes += _OVERHEAD
        if nbytes <= self.limit // 8:
            self._put(key, (value, nbytes))

    def _put(self, key: Hashable, entry: tuple[Value, int]) -> None:
        with self._lock:
            if self._size + entry[1] > self.limit // 2:
                self._old, self._young, self._size = self._young, {}, 0
            before = self._young.get(key)
            self._young[key] = entry
            self._size += entry[1] - (before[1] if before is not None else 0)
