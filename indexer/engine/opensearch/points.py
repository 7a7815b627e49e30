"""Points in time: searches see one committed state, and the pages of a question stay on theirs."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as Unreachable
from opensearchpy.exceptions import ConnectionTimeout, RequestError, TransportError

from indexer.engine.opensearch.client import is_read_only, reason_of, translated
from indexer.errors import EngineUnavailable, IndexMissing

KEEP_ALIVE = "5m"
"""How long after its last use a point in time, and so a cursor's stable view, lives."""

_HELD = 8
"""How many points in time a process holds open. A node allows 300 shards' points by default, to all processes."""

_ATTEMPTS = 3
"""A point goes with the node that it lies on and with its generation; then one of the newest state is asked."""

_PAUSE = 0.2
"""Seconds after which a busy cluster (429) is asked again, twice as many the second time."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A committed state: the generation's index, and what tells its commits apart."""

    index: str
    name: str


class Points:
    """The points in time of one process, one for each state, shared by its threads."""

    def __init__(self, client: OpenSearch, newest: Callable[[], Commit]) -> None:
        self._client = client
        self._newest = newest
        self._held: dict[Commit, str] = {}
        self._lock = threading.Lock()

    def ask(self, question: Callable[[str], Any], point: str | None = None) -> tuple[str, Any]:
        """What ``question`` answers about a point, and which that was: the given one if it still lives, else a new one.

        A question that fails is asked again about a new point, since a client cannot tell all the ways in which
        OpenSearch reports that a part of one is gone; a busy cluster after a moment about the same point.
        """
        for attempt in range(1, _ATTEMPTS + 1):
            with translated("search"):
                try:
                    point = point or self._of_newest()
                    return point, question(point)
                except TransportError as error:
                    busy = error.status_code == 429 and not is_read_only(reason_of(error.info))
                    if attempt == _ATTEMPTS or not (busy or _may_be_gone(error)):
                        raise
            if busy:
                time.sleep(_PAUSE * attempt)
            elif point:
                self._forget(point)
                point = None
        raise AssertionError("the last attempt raises")

    def close(self) -> None:
        """Give all back. Those that cannot be given back expire."""
        with self._lock:
            held = list(self._held.values())
            self._held.clear()
        self._give_back(held)

    def _of_newest(self) -> str:
        commit = self._newest()
        with self._lock:
            if commit in self._held:
                return self._held[commit]
        # Without the lock: while the cluster is away a thread should wait for its own question alone.
        options = {"keep_alive": KEEP_ALIVE, "allow_partial_pit_creation": "false"}
        opened: str = self._client.create_pit(index=commit.index, params=options)["pit_id"]
        with self._lock:
            point = self._held.setdefault(commit, opened)
            surplus = [] if point == opened else [opened]
            while len(self._held) > _HELD:
                surplus.append(self._held.pop(next(iter(self._held))))
        self._give_back(surplus)
        return point

    def _forget(self, point: str) -> None:
        with self._lock:
            for commit in [commit for commit, held in self._held.items() if held == point]:
                del self._held[commit]

    def _give_back(self, points: list[str]) -> None:
        if points:
            with suppress(EngineUnavailable, IndexMissing), translated("close a point in time"):
                self._client.delete_pit(body={"pit_id": points}, params={"ignore": 404})


def _may_be_gone(error: TransportError) -> bool:
    """Whether a new point may help. It does not against silence, or a question that is wrong."""
    if isinstance(error, (ConnectionTimeout, Unreachable)):
        return False
    return not isinstance(error, RequestError) or "invalid id" in str(error)
