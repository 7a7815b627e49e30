"""The ``whoosh`` engine: an index in a folder on the local disk, searched in this process."""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock

from indexer.engine.index import After, IndexInfo, Request, Response, Stamp
from indexer.engine.query import Query
from indexer.engine.whoosh.collector import answer
from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.commit import Commit, TranslatingErrors, open_commit
from indexer.engine.whoosh.generations import Generations
from indexer.engine.whoosh.query_evaluator import QueryEvaluator
from indexer.engine.whoosh.schema import WORDS
from indexer.engine.whoosh.writer import GenerationWriter, WhooshRebuild
from indexer.errors import IndexFailure

SNAPSHOTS = 6
"""How many commits stay open, so that a reader's next page continues where the last one ended."""


class WhooshIndex:
    """A ``SearchIndex`` over the generations in ``folder``. Safe to use from many threads and many processes.

    ``clock`` gives UTC epoch seconds; it is only used to write down when a commit was made.
    """

    def __init__(self, folder: Path, stamp: Stamp, clock: Callable[[], float] = time.time) -> None:
        self._generations = Generations(folder)
        self._stamp = stamp
        self._clock = clock
        self._open: OrderedDict[str, Commit] = OrderedDict()
        self._live: Commit | None = None
        self._closed = False
        self._lock = RLock()

    @property
    def name(self) -> str:
        return "whoosh"

    def info(self) -> IndexInfo:
        return self._commit().info

    def write(self, sequence: int) -> GenerationWriter:
        number, hold = self._commit().generation
        return GenerationWriter(self._generations.path(number), hold, self._stamp, sequence, self._clock)

    def rebuild(self) -> WhooshRebuild:
        return WhooshRebuild(self._generations, self._stamp, self._clock)

    def search(self, request: Request) -> Response:
        commit = self._commit(request.after)
        if not commit.is_checked:
            commit.check_ahead()
        with TranslatingErrors("search the index"):
            return answer(commit.snapshot, request, commit.name)

    def frequencies(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        snapshot = self._commit().snapshot
        with TranslatingErrors("read the index"):
            found = [snapshot.postings(WORDS, word.encode()).docs for word in words]
            if within is not None:
                docs = QueryEvaluator(snapshot).docs(within)
                found = [doc_sets.intersect(held, docs, snapshot.size) for held in found]
        return [len(held) for held in found]

    def verify(self) -> None:
        commit = self._commit()
        with TranslatingErrors("read the index"):
            for segment in commit.segments:
                segment.verify()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._open.clear()
            self._live = None

    def _commit(self, after: After | None = None) -> Commit:
        """The newest commit, or the one that ``after`` began on if that is still open."""
        with self._lock, TranslatingErrors("read the index"):
            if self._closed:
                raise IndexFailure("this index was closed")
            live = self._live
            if live is None or not live.is_newest(self._generations):
                live = self._reopened()
            if after is not None and after.snapshot in self._open:
                self._open.move_to_end(after.snapshot)
                return self._open[after.snapshot]
            return live

    def _reopened(self) -> Commit:
        old = self._live
        live = open_commit(self._generations, self._stamp, old)
        self._live = live
        self._open[live.name] = live
        left = {live.info.generation if old is None else old.info.generation}
        while len(self._open) > SNAPSHOTS:
            left.add(self._open.popitem(last=False)[1].info.generation)
        del old
        if left != {live.info.generation}:
            self._generations.collect()
        return live
