"""A cache of arrays that is bounded in bytes."""

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")

#: What an entry costs besides its arrays: keys, tuples and array headers.
_OVERHEAD = 500


class ArrayCache(Generic[Value]):
    """The least recently used entries go when the arrays of all entries exceed ``limit`` bytes.

    An entry larger than an eighth of the limit is never kept: one huge term must not push out everything else. Safe to
    use from many threads; two that miss the same key at once both compute it, and one result stays.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = 0
        self._entries: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: Hashable) -> Value | None:
        with self._lock:
            entry = self._entries.get(key)
            if entry is None:
                return None
            self._entries.move_to_end(key)
            return entry[0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keep ``value``, whose arrays hold ``nbytes``."""
        nbytes += _OVERHEAD
        if nbytes > self.limit // 8:
            return
        with self._lock:
            old = self._entries.pop(key, None)
            if old is not None:
                self.size -= old[1]
            self._entries[key] = value, nbytes
            self.size += nbytes
            while self.size > self.limit:
                self.size -= self._entries.popitem(last=False)[1][1]
