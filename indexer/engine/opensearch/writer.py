"""Changing a generation: spooled here, sent in bulk, made visible in one step."""

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import IO, Any, Self

from opensearchpy import OpenSearch
from opensearchpy.exceptions import TransportError

from indexer.engine.document import Batch
from indexer.engine.index import IndexInfo
from indexer.engine.opensearch.client import is_read_only, read_only, reason_of, translated
from indexer.engine.opensearch.lease import Lease
from indexer.engine.opensearch.mapping import documents, meta_of
from indexer.errors import EngineUnavailable, IndexLocked, IndexMissing

_IN_MEMORY = 32 << 20
"""Bytes of a change that are kept in memory; the rest waits in a temporary file."""

_CHUNK_BYTES = 8 << 20
_CHUNK_ARTICLES = 500
"""The bounds of one bulk request; an article larger than the first goes alone."""

_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
"""Seconds before what a busy cluster (429) or one that chooses new primaries (503) refused is sent again."""

_Action = tuple[str, bytes]
"""An article's id, and its lines of a bulk request."""


class OpenSearchWriter:
    """A ``Writer``. Nothing is sent before the commit, so an exception discards everything.

    OpenSearch has no transactions over many documents. What the commit sends becomes visible in one refresh at its end;
    if the commit fails midway, ``sequence`` stays as it was, and the next run sends the same changes again. Only a copy
    of a shard that is made anew meanwhile, since a node was lost, may show some of the articles early.

    ``alias`` is the generation's name for writing: ``client`` may send everything twice without harm.
    """

    def __init__(
        self,
        client: OpenSearch,
        alias: str,
        sequence: int,
        lease: Lease | None,
        state: Callable[[], IndexInfo],
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._alias = alias
        self._sequence = sequence
        self._lease = lease
        self._state = state
        self._clock = clock
        self._spool: IO[bytes]

    def __enter__(self) -> Self:
        if self._lease:
            self._lease.acquire()
        self._spool = tempfile.SpooledTemporaryFile(_IN_MEMORY)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._commit()
        finally:
            self._spool.close()
            if self._lease:
                self._lease.release()

    def put(self, batch: Batch) -> None:
        for document in documents(batch):
            self._add("index", document["id"], document)

    def delete(self, ids: Sequence[str]) -> None:
        for article_id in ids:
            self._add("delete", article_id)

    def _add(self, operation: str, article_id: str, document: dict[str, Any] | None = None) -> None:
        # The external version makes the later writer win, whatever an earlier one still sends.
        target = {"_id": article_id, "version": max(1, self._sequence), "version_type": "external_gte"}
        lines = [{operation: target}] if document is None else [{operation: target}, document]
        payload = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()
        self._spool.write(json.dumps([article_id, len(payload)]).encode() + b"\n" + payload)

    def _commit(self) -> None:
        try:
            self._send()
            self._publish()
        except IndexMissing as error:
            raise IndexLocked("the index was rebuilt meanwhile; run the command again") from error

    def _publish(self) -> None:
        if self._lease:
            self._lease.check()
        with translated("commit the index"):
            _complete(self._client.indices.refresh(index=self._alias))
            counted = self._client.count(index=self._alias)
            _complete(counted)
            stats = self._client.indices.stats(index=self._alias, metric="store")
            before = self._state()
            after = IndexInfo(
                stamp=before.stamp,
                sequence=self._sequence,
                generation=before.generation,
                documents=counted["count"],
                updated=int(self._clock()),
                size=stats["_all"]["primaries"]["store"]["size_in_bytes"],
            )
            self._client.indices.put_mapping(index=self._alias, body={"_meta": meta_of(after)})

    def _send(self) -> None:
        refused: list[str] = []
        for chunk in self._chunks():
            if self._lease:
                self._lease.check()
            refused += self._send_chunk(chunk)
        if refused:
            raise EngineUnavailable(f"OpenSearch refused {len(refused)} articles, the first: {refused[0]}")

    def _send_chunk(self, chunk: list[_Action]) -> list[str]:
        """Send until nothing is left that a later time may mend; returns what was refused for good."""
        refused: list[str] = []
        for pause in (*_PAUSES, None):
            chunk, reason = self._try(chunk, refused)
            if not chunk:
                break
            if pause is None:
                raise EngineUnavailable(f"cannot write to the index: OpenSearch is too busy ({reason})", retry_after=60)
            time.sleep(pause)
        return refused

    def _try(self, chunk: list[_Action], refused: list[str]) -> tuple[list[_Action], str]:
        """Send once; returns what should be sent again, and why."""
        body = b"".join(payload for _, payload in chunk)
        with translated("write to the index"):
            try:
                answer = self._client.bulk(body=body, index=self._alias, params={"require_alias": "true"})
            except TransportError as error:
                if error.status_code in (429, 503) and not is_read_only(why := reason_of(error.info)):
                    return chunk, why
                raise
        again, reason = [], ""
        for action, item in zip(chunk, answer["items"], strict=True):
            [result] = item.values()
            # An item without error may have status 404: deleting what is not there is no failure, and neither is losing
            # against a later writer.
            if "error" not in result or result["status"] == 409:
                continue
            why = f"{result['status']} {reason_of(result)}"
            if "index_not_found" in why:
                raise IndexMissing("this generation is gone")
            if is_read_only(why):
                raise read_only("write to the index", why)
            if result["status"] in (429, 503):
                again.append(action)
                reason = why
            else:
                refused.append(f"{action[0]}: {why}")
        return again, reason

    def _chunks(self) -> Iterator[list[_Action]]:
        """What was spooled, in order; within a chunk an article's last action alone, so that any may come again."""
        self._spool.seek(0)
        chunk: dict[str, bytes] = {}
        size = 0
        for header in self._spool:
            article_id, length = json.loads(header)
            if chunk and (len(chunk) == _CHUNK_ARTICLES or size + length > _CHUNK_BYTES):
                yield list(chunk.items())
                chunk, size = {}, 0
            chunk[article_id] = self._spool.read(length)
            size += length
        if chunk:
            yield list(chunk.items())


def _complete(answer: dict[str, Any]) -> None:
    """Raise if a shard did not take part."""
    if answer["_shards"]["failed"]:
        raise EngineUnavailable("cannot commit the index: a shard is not available")
