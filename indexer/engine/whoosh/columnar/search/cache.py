"""A cache of arrays that is bounded in bytes."""

from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

_OVERHEAD = 500
"""What an entry costs besides its arrays: keys, tuples and array headers."""


class ArrayCache(Generic[Value]):
    """What was used lately, at most ``limit`` bytes of arrays.

    There are two generations: what is asked for goes to the young one, and when that holds half the limit it becomes
    the old one and what was old is forgotten. So a look-up takes no lock and costs as much as one in a dictionary;
    keeping an exact order of use would take ten times as long.

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
            self.put(key, *entry)
        return entry[0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keep ``value``, whose arrays hold ``nbytes``."""
        if nbytes > self.limit // 8:
            return
        with self._lock:
            # What another thread has put meanwhile is counted twice, until this generation is forgotten.
            self._size += nbytes + _OVERHEAD
            if self._size > self.limit // 2:
                self._old, self._young, self._size = self._young, {}, nbytes + _OVERHEAD
            self._young[key] = value, nbytes
