"""The ``whoosh`` engine: an index in a folder on the local disk, searched in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from threading import RLock

from indexer.engine.index import After, IndexInfo, Request, Response, Stamp
from indexer.engine.query import Query
from indexer.engine.whoosh.answer import answer
from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.errors import CorruptIndex
from indexer.engine.whoosh.generations import Generations
from indexer.engine.whoosh.match import Matcher
from indexer.engine.whoosh.schema import WORDS
from indexer.engine.whoosh.state import State, corruption_told, open_state, told
from indexer.engine.whoosh.writing import GenerationWriter, WhooshRebuild
from indexer.errors import IndexFailure, StampMismatch

SNAPSHOTS = 6
"""How many states of the index stay open, so that a reader's next page continues where the last one ended."""


class WhooshIndex:
    """A ``SearchIndex`` over the generations in ``folder``. Safe to use from many threads and many processes.

    ``clock`` gives UTC epoch seconds; it is only used to write down when a commit was made.
    """

    def __init__(self, folder: Path, stamp: Stamp, clock: Callable[[], float] = time.time) -> None:
        self._generations = Generations(folder)
        self._stamp = stamp
        self._clock = clock
        self._states: OrderedDict[str, State] = OrderedDict()
        self._live: State | None = None
        self._closed = False
        self._lock = RLock()

    @property
    def name(self) -> str:
        return "whoosh"

    def info(self) -> IndexInfo:
        return self._state().info

    def write(self, sequence: int) -> GenerationWriter:
        number, hold = self._state().generation
        return GenerationWriter(self._generations.path(number), hold, self._stamp, sequence, self._clock)

    def rebuild(self) -> WhooshRebuild:
        return WhooshRebuild(self._generations, self._stamp, self._clock)

    def search(self, request: Request) -> Response:
        state = self._state(request.after)
        if not state.is_checked:
            state.check_ahead()
        try:
            return answer(state.view, request, state.name)
        except CorruptIndex as error:
            raise told(error) from error

    def frequencies(self, words: Sequence[str], within: Query | None = None) -> Sequence[int]:
        view = self._state().view
        with corruption_told():
            found = [view.postings(WORDS, word.encode()).docs for word in words]
            if within is not None:
                docs = Matcher(view).docs(within)
                found = [docsets.intersect(held, docs, view.size) for held in found]
        return [len(held) for held in found]

    def verify(self) -> None:
        state = self._state()
        with corruption_told():
            for segment in state.segments:
                segment.verify()

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._states.clear()
            self._live = None

    def _state(self, after: After | None = None) -> State:
        """The newest state; the one that ``after`` began on if that is still open."""
        with self._lock:
            if self._closed:
                raise IndexFailure("this index was closed")
            live = self._live
            if live is None or not live.is_newest(self._generations):
                live = self._reopened()
            if after is not None and after.snapshot in self._states:
                self._states.move_to_end(after.snapshot)
                return self._states[after.snapshot]
            return live

    def _reopened(self) -> State:
        old = self._live
        live = open_state(self._generations, old)
        if live.info.stamp != self._stamp:
            raise StampMismatch(_difference(live.info.stamp, self._stamp))
        self._live = live
        self._states[live.name] = live
        left = {live.info.generation if old is None else old.info.generation}
        while len(self._states) > SNAPSHOTS:
            left.add(self._states.popitem(last=False)[1].info.generation)
        del old
        if left != {live.info.generation}:
            self._generations.collect()
        return live


def _difference(found: Stamp, wanted: Stamp) -> str:
    if found.schema != wanted.schema:
        what = "by another version of this program"
    elif found.analyser != wanted.analyser:
        what = "with other rules of text analysis"
    else:
        what = "with another dictionary"
    return f"the index was built {what}; run “xunwen rebuild”"
