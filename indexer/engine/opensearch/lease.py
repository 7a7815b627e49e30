"""One writer at a time: a document that its holder keeps renewing.

The document holds its owner and when it runs out. Taking and renewing it are compare-and-set by OpenSearch's sequence
numbers, so that of two contenders one wins. A holder that crashed is succeeded when its lease has run out. A holder
that slept through its lease can do no harm either: articles are written under the change sequence as their external
version, so what it still sends loses against what its successor wrote.
"""

import threading
import uuid
from collections.abc import Callable
from contextlib import suppress

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConflictError, NotFoundError

from indexer.engine.opensearch.client import translated
from indexer.errors import EngineUnavailable, IndexLocked, IndexMissing

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
        self._version = (0, 0)
        self._expires = 0.0
        self._stop = threading.Event()
        self._lost = threading.Event()
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)

    def acquire(self) -> None:
        """Take the lease or raise ``IndexLocked``."""
        with translated("take the writer's lease"):
            try:
                held = self._client.get(index=self._index, id=self._name)
            except NotFoundError:
                self._put({"op_type": "create"})
            else:
                if held["_source"]["expires"] > self._clock():
                    raise IndexLocked(f"another writer is at work ({held['_source']['owner'][:8]}); try again later")
                self._put({"if_seq_no": held["_seq_no"], "if_primary_term": held["_primary_term"]})
        self._thread.start()

    def check(self) -> None:
        """Raise if the lease was lost, or ran out since it could not be renewed: nothing more may be written."""
        if self._lost.is_set() or self._clock() > self._expires:
            raise EngineUnavailable("the writer's lease was lost; run the command again")

    def release(self) -> None:
        """Let the next writer in at once."""
        self._stop.set()
        self._thread.join()
        if not self._lost.is_set():
            # If that fails the next writer waits until it has run out.
            with suppress(EngineUnavailable, IndexLocked, IndexMissing), translated("release the writer's lease"):
                self._put(self._condition(), duration=0)

    def _keep(self) -> None:
        while not self._stop.wait(DURATION / 3):
            try:
                with translated("renew the writer's lease"):
                    self._put(self._condition())
            except IndexLocked:
                self._lost.set()
                return
            except (EngineUnavailable, IndexMissing):
                continue  # The next turn tries again; until the lease runs out nobody else takes it.

    def _condition(self) -> dict[str, int]:
        number, term = self._version
        return {"if_seq_no": number, "if_primary_term": term}

    def _put(self, condition: dict[str, int] | dict[str, str], duration: float = DURATION) -> None:
        expires = self._clock() + duration
        body = {"owner": self._owner, "expires": expires}
        try:
            done = self._client.index(index=self._index, id=self._name, body=body, params=dict(condition))
        except ConflictError as error:
            # A request whose answer was lost with a node is sent again by the client, and then conflicts with itself.
            done = self._client.get(index=self._index, id=self._name)
            if done["_source"] != body:
                raise IndexLocked("another writer is at work; try again later") from error
        self._version = (done["_seq_no"], done["_primary_term"])
        self._expires = expires
