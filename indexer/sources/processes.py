"""Reading on all cores, and what reading one document may take.

What strangers wrote is read by libraries whose worst case nobody knows. A document that takes too much computing or
memory is given up with the reason, where that can be done from inside; where it can't, since a library doesn't come
back, the system ends the process, and the documents that it had are read once more, each in a process of its own.
"""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from types import FrameType
from typing import Generic, Self, TypeVar

from indexer.errors import SourceError

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_Part = TypeVar("_Part")
_Result = TypeVar("_Result")

SECONDS = 120
"""Of computing, for one document. The largest feed takes a third of it."""
MEMORY = 2 * 1024**3
"""Bytes that a process may take for one document besides those that it has when it begins to read it."""

_PATIENCE = 10  # seconds of computing that a document has for giving up by itself
_may_be_killed = _listens = False


class _TooLong(BaseException):
    """Not an ``Exception``, of which libraries catch all."""


@contextmanager
def bounded() -> Iterator[None]:
    """Read one document within bounds. Raises ``SourceError`` where it goes beyond them.

    Only the main thread of a process can be told that its time is over.
    """
    is_watched = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    before = _limit_memory()
    if is_watched:
        _listen()
        # Once more each second: some library may have swallowed the first.
        signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS, 1.0)
        if _may_be_killed and resource:
            used = resource.getrusage(resource.RUSAGE_SELF)
            _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + SECONDS + _PATIENCE)
    try:
        yield
    except _TooLong:
        raise SourceError(f"reading it takes more than {SECONDS} seconds of computing") from None
    except MemoryError:
        raise SourceError(f"reading it takes more than {MEMORY // 2**20:,} MB of memory") from None
    finally:
        if is_watched:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        if before is not None:
            _limit(resource.RLIMIT_DATA, before)


def _listen() -> None:
    """Hear that time is over: once is enough for a process, and for those that it starts."""
    global _listens
    if not _listens:
        signal.signal(signal.SIGVTALRM, _expire)
        _listens = True


def _expire(number: int, frame: FrameType | None) -> None:
    raise _TooLong


def _limit_memory() -> int | None:
    """Limit what this process may still allocate; returns the limit that there was, if that is known.

    Its data alone: where address space were limited, a stack that could not grow would end the process.
    """
    if not resource:
        return None
    try:
        # https://man7.org/linux/man-pages/man5/proc_pid_statm.5.html: the sixth number is data and stack, in pages.
        with open("/proc/self/statm", "rb", buffering=0) as sizes:  # noqa: PTH123  (half as long as with a Path)
            pages = int(sizes.read().split()[5])
    except OSError:  # the system tells nothing
        return None
    room = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    before = resource.getrlimit(resource.RLIMIT_DATA)[0]
    if before == resource.RLIM_INFINITY or before > room:
        _limit(resource.RLIMIT_DATA, room)
    return before


def _limit(kind: int, soft: int) -> None:
    _, hard = resource.getrlimit(kind)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))


def on_all_cores(
    tasks: Iterator[list[_Part]],
    reader: Callable[[list[_Part]], list[_Result]],
    given_up: Callable[[_Part, str], _Result],
) -> Iterator[_Result]:
    """What ``reader`` makes of the tasks, in their order; ``given_up`` says of a part that it ended the process.

    The first task is read here: most inputs have no other.
    """
    for first in tasks:
        yield from reader(first)
        break
    cores = os.cpu_count() or 1
    # A fork copies only its own thread: what others hold at that moment would be held for ever.
    if cores == 1 or "fork" not in multiprocessing.get_all_start_methods() or threading.active_count() > 1:
        for task in tasks:
            yield from reader(task)
        return
    waiting: deque[tuple[list[_Part], Future[list[_Result]]]] = deque()
    with _Processes(cores, reader, given_up) as processes:
        for task in tasks:
            waiting.append((task, processes.read(task)))
            if len(waiting) > 2 * cores:
                yield from processes.result(*waiting.popleft())
        while waiting:
            yield from processes.result(*waiting.popleft())


class _Processes(Generic[_Part, _Result]):
    """Processes that read tasks, started with the first of them."""

    def __init__(
        self,
        number: int,
        reader: Callable[[list[_Part]], list[_Result]],
        given_up: Callable[[_Part, str], _Result],
    ) -> None:
        self._number, self._reader, self._given_up = number, reader, given_up
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failure: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)

    def read(self, task: list[_Part]) -> Future[list[_Result]]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self._number, mp_context=multiprocessing.get_context("fork"), initializer=_begin
            )
        try:
            return self._pool.submit(self._reader, task)
        except BrokenProcessPool as error:
            self._pool = None  # the next task has new processes
            broken: Future[list[_Result]] = Future()
            broken.set_exception(error)
            return broken

    def result(self, task: list[_Part], reading: Future[list[_Result]]) -> list[_Result]:
        try:
            return reading.result()
        except BrokenProcessPool:
            return [found for part in task for found in self._alone(part)]

    def _alone(self, part: _Part) -> list[_Result]:
        """What a part gives that is read in a process of its own; here, where that one ended for no fault of it."""
        here, there = multiprocessing.Pipe(duplex=False)
        process = multiprocessing.get_context("fork").Process(target=_answer, args=(there, self._reader, part))
        process.start()
        there.close()
        try:
            found: list[_Result] = here.recv()
            return found
        except EOFError:
            process.join()
        finally:
            here.close()
            process.join()
        status = process.exitcode or 0
        if status < 0:
            return [self._given_up(part, f"reading it ended the process ({signal.Signals(-status).name})")]
        return self._reader([part])


def _answer(connection: Connection, reader: Callable[[list[_Part]], list[_Result]], part: _Part) -> None:
    _begin()
    connection.send(reader([part]))
    connection.close()


def _begin() -> None:
    """Leave ^C to the process that started this one, and end with it, however it ends; end at the limits too."""
    global _may_be_killed
    _may_be_killed = True
    gc.freeze()  # what was there before the fork is never garbage here: looking at it would copy it
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if resource:
        _limit(resource.RLIMIT_CORE, 0)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := multiprocessing.parent_process():
        parent.join()
    os._exit(1)
