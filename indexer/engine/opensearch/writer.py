"""Changing a generation: spooled here, sent in bulk, made visible in one step."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import IO, Any

from opensearchpy import OpenSearch
from opensearchpy.helpers import streaming_bulk

from indexer.engine.document import Batch
from indexer.engine.index import IndexInfo, Stamp
from indexer.engine.opensearch.client import translated
from indexer.engine.opensearch.lease import Lease
from indexer.engine.opensearch.mapping import documents, meta_of
from indexer.errors import EngineUnavailable

_IN_MEMORY = 32 << 20
"""Bytes of a change that are kept in memory; the rest waits in a temporary file."""

_CHUNK_BYTES = 8 << 20
_CHUNK_DOCUMENTS = 500
"""The bounds of one bulk request."""

_RETRIES = 8
"""A node that is busy (429) is asked again after 1, 2, 4, … seconds, so many times."""


class OpenSearchWriter:
    """A ``Writer``. Nothing is sent before the commit, so an exception discards everything.

    OpenSearch has no transactions over many documents. What the commit sends becomes visible in one refresh at its end;
    if the commit fails midway, ``sequence`` stays as it was, and the next run sends the same changes again.
    """

    def __init__(
        self,
        client: OpenSearch,
        index: str,
        info: Callable[[], IndexInfo],
        sequence: int,
        lease: Lease | None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._client = client
        self._index = index
        self._info = info
        self._sequence = sequence
        self._lease = lease
        self._clock = clock
        self._spool: IO[bytes]

    def __enter__(self) -> OpenSearchWriter:
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
            self._add({"_op_type": "index", "_id": document["id"], "_source": document})

    def delete(self, ids: Sequence[str]) -> None:
        for article_id in ids:
            self._add({"_op_type": "delete", "_id": article_id})

    def _add(self, action: dict[str, Any]) -> None:
        # The external version makes the later writer win, whatever an earlier one still sends.
        action |= {"version": max(1, self._sequence), "version_type": "external_gte"}
        self._spool.write(json.dumps(action, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")

    def _commit(self) -> None:
        self._send()
        if self._lease:
            self._lease.check()
        with translated("commit the index"):
            before = self._info()
            self._client.indices.refresh(index=self._index)
            count = self._client.count(index=self._index)["count"]
            size = self._client.indices.stats(index=self._index, metric="store")["_all"]["primaries"]["store"]
            after = IndexInfo(
                stamp=before.stamp,
                sequence=self._sequence,
                generation=before.generation,
                documents=count,
                updated=int(self._clock()),
                size=size["size_in_bytes"],
            )
            self._client.indices.put_mapping(index=self._index, body={"_meta": meta_of(after)})

    def _send(self) -> None:
        refused = []
        with translated("write to the index"):
            for done, item in streaming_bulk(
                self._client,
                self._actions(),
                index=self._index,
                chunk_size=_CHUNK_DOCUMENTS,
                max_chunk_bytes=_CHUNK_BYTES,
                max_retries=_RETRIES,
                initial_backoff=1,
                max_backoff=60,
                raise_on_error=False,
                # To forget what is not there is no failure, nor to lose against a later writer.
                ignore_status=(404, 409),
            ):
                [(action, result)] = item.items()
                if not done and not (result["status"] == 409 or (action == "delete" and result["status"] == 404)):
                    refused.append(f"{result['_id']}: {result['status']} {result.get('error', '')}")
        if refused:
            raise EngineUnavailable(f"OpenSearch refused {len(refused)} articles, the first: {refused[0][:300]}")

    def _actions(self) -> Iterator[dict[str, Any]]:
        self._spool.seek(0)
        for line in self._spool:
            yield json.loads(line)


def empty(stamp: Stamp, generation: int) -> IndexInfo:
    """What a new generation says of itself."""
    return IndexInfo(stamp=stamp, sequence=0, generation=generation, documents=0, updated=0, size=0)
