"""One writer at a time: a document that its holder keeps renewing.

The document holds its owner and when it runs out. Taking and renewing it are compare-and-set by OpenSearch's sequence
numbers, so that of two contenders one wins. A holder that crashed is succeeded when its lease has run out. A holder
that slept through its lease can do no harm either: articles are written under the change sequence as their external
version, so what it still sends loses against what its successor wrote.
"""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from indexer.engine.opensearch.client import translated
from indexer.errors import EngineUnavailable, IndexLocked

DURATION = 30.0
"""Seconds until an unrenewed lease runs out. The writers' clocks must agree much better than that."""


class Lease:
    """The right to do what ``name`` says, kept by a thread until released."""

    def __init__(self, client: OpenSearch, index: str, name: str, clock: Callable[[], float]) -> None:
        self._client = client
        self._index = index
        self._name = name
        self._clock = clock
        self._owner = uuid.uuid4().hex
        self._version: tuple[int, int] | None = None
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def acquire(self) -> None:
        """Take the lease or raise ``IndexLocked``."""
        with translated("take the writer's lease"):
            try:
                held = self._client.get(index=self._index, id=self._name, params={"realtime": "true"})
            except NotFoundError:
                held = None
            if held and held["_source"]["expires"] > self._clock():
                raise IndexLocked(f"another writer is at work ({held['_source']['owner'][:8]}); try again later")
            condition = (
                {"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]}
                if held
                else {"op_type": "create"}
            )
            self._put(condition)
        self._thread.start()

    def check(self) -> None:
        """Raise if the lease was lost since: what was written may not be committed."""
        if self._lost.is_set():
            raise EngineUnavailable("the writer's lease was lost to another writer; run the command again")

    def release(self) -> None:
        """Let the next writer in at once."""
        self._stop.set()
        self._thread.join()
        if self._version and not self._lost.is_set():
            with translated("release the writer's lease"):
                self._put(self._condition(), duration=0)

    def _keep(self) -> None:
        while not self._stop.wait(DURATION / 3):
            try:
                with translated("renew the writer's lease"):
                    self._put(self._condition())
            except IndexLocked:
                self._lost.set()
                return
            except EngineUnavailable:
                continue  # The next turn tries again; until the lease runs out nobody else takes it.

    def _condition(self) -> dict[str, int]:
        number, term = self._version or (0, 0)
        return {"if_seq_no": number, "if_primary_term": term}

    def _put(self, condition: dict[str, int] | dict[str, str], duration: float = DURATION) -> None:
        body = {"owner": self._owner, "expires": self._clock() + duration}
        try:
            done = self._client.index(index=self._index, id=self._name, body=body, params=dict(condition))
        except ConflictError as error:
            raise IndexLocked("another writer is at work; try again later") from error
        self._version = (done["_seq_no"], done["_primary_term"])
