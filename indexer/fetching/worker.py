"""Calling a function in a process of its own, bounded in time and memory.

What strangers send is read by libraries whose worst case nobody knows: a regular expression, a name look-up or a packed
byte may take all the time and memory there is, and nothing inside a process can stop them. So such calls happen in
a worker, a plain Python process that is ended when a call goes beyond its limits, and replaced. A worker that keeps its
limits is used again: only the first call costs the start of a process (about a quarter of a second).

Time on the clock is kept from outside, and needs nothing to happen inside. A worker whose caller was killed ends at
once, or by an alarm where it is too busy to notice. Computing time and memory are the system's resource limits, where
it has them.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from itertools import islice
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from queue import LifoQueue
from threading import Event, Lock, Thread, Timer
from types import TracebackType
from typing import Any, ParamSpec, Protocol, Self, TypeVar

from indexer.errors import CallFailed, XunwenError
from indexer.plain_text import error_line

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

_P = ParamSpec("_P")
_T = TypeVar("_T")
_Item = TypeVar("_Item")

LARGEST_ANSWER = 128 * 1024 * 1024
"""Bytes of the largest answer, pickled."""

_LEAN = 256 * 1024 * 1024  # bytes; a worker that holds more after a call is replaced
_ORPHANED = 5.0  # seconds beyond its time after which a worker without a caller ends itself
_GOODBYE = 5.0  # seconds that a worker which closed its connection has for ending
_STOPPED = "it was stopped"


class Outcome(Enum):
    """How a call ended: with a value, with an error meant for the caller, or with one that nobody expected."""

    RETURNED = "returned"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one call may take: ``seconds`` on the clock, ``cpu_seconds`` of computing, ``memory`` in bytes."""

    seconds: float
    cpu_seconds: int
    memory: int = 1024 * 1024 * 1024


class Caller(Protocol):
    """Who calls functions within limits: a ``Worker``, or the calling process itself where a test wants that."""

    def call(self, limits: Limits, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T: ...


class Worker:
    """One process that is called again and again, by one thread at a time. It starts at its first call."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._closed = False
        self._starting, self._calling = Lock(), Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the process, from any thread, also in the middle of a call, which then raises ``CallFailed``."""
        with self._starting:
            self._closed = True
            if self._process:
                self._process.kill()
        with self._calling:
            self._end()

    def call(self, limits: Limits, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """What ``function``, which a module has by its name, returns. All that goes in and out is pickled.

        Raises the function's own ``XunwenError``, and ``CallFailed`` for anything else that keeps it from returning.
        """
        with self._calling:
            outcome, answer = self._ask(limits, pickle.dumps((limits, function, arguments, named)))
        if outcome is Outcome.RETURNED:
            return answer  # type: ignore[no-any-return]
        raise answer if isinstance(answer, XunwenError) else CallFailed(answer)

    def _ask(self, limits: Limits, request: bytes) -> tuple[Outcome, Any]:
        process, connection = self._started()
        expired = Event()

        def expire() -> None:
            expired.set()
            process.kill()

        watch = Timer(limits.seconds, expire)
        watch.daemon = True
        watch.start()
        keep = False
        try:
            connection.send_bytes(request)
            outcome, answer, keep = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            return Outcome.FAILED, self._last_words(limits, expired)
        finally:
            watch.cancel()
            watch.join()
            if expired.is_set() or not keep:
                self._end()
        return outcome, answer

    def _started(self) -> tuple[subprocess.Popen[bytes], Connection]:
        with self._starting:
            if self._closed:
                raise CallFailed(_STOPPED)
            if self._process is None or self._connection is None:
                here, there = Pipe()
                with there:
                    try:
                        self._process = _spawn(there.fileno())
                    except BaseException:
                        here.close()
                        raise
                self._connection = here
            return self._process, self._connection

    def _last_words(self, limits: Limits, expired: Event) -> str:
        """Why the process is gone."""
        status = self._end(patience=_GOODBYE)
        if self._closed:
            return _STOPPED
        if expired.is_set() or status == -signal.SIGALRM:
            return f"not complete after {limits.seconds:.0f} seconds"
        if status == -signal.SIGXCPU:
            return f"took more than {limits.cpu_seconds} seconds of computing"
        return f"its process ended unexpectedly (status {status})"

    def _end(self, patience: float = 0.0) -> int:
        """End the process and forget it; returns its exit status. One that is dying has ``patience`` seconds for it."""
        with self._starting:
            process, self._process = self._process, None
            connection, self._connection = self._connection, None
        if connection:
            connection.close()
        if process is None:
            return 0
        with suppress(subprocess.TimeoutExpired):
            process.wait(patience)
        process.kill()
        return process.wait()


def each(items: Iterable[_Item], work: Callable[[Worker, _Item], _T], *, workers: int) -> Iterator[_T]:
    """``work`` done on each item with a worker of its own, ``workers`` at a time, in the order in which they end.

    Never more than ``2 * workers`` results wait to be taken, so memory is bounded however many items there are. What
    ``work`` raises is raised here and ends the rest.
    """
    waiting = iter(items)
    crew = [Worker() for _ in range(workers)]
    spare: LifoQueue[Worker] = LifoQueue()  # the last one first: what has been started is used before what has not
    for worker in crew:
        spare.put(worker)

    def run(item: _Item) -> _T:
        worker = spare.get()
        try:
            return work(worker, item)
        finally:
            spare.put(worker)

    pool = ThreadPoolExecutor(workers, thread_name_prefix="bounded")
    try:
        running = {pool.submit(run, item) for item in islice(waiting, 2 * workers)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                running |= {pool.submit(run, item) for item in islice(waiting, 1)}
                yield future.result()
    finally:
        for worker in crew:
            worker.close()
        pool.shutdown(cancel_futures=True)


# -- inside the worker -------------------------------------------------------------------------------------------------


def _spawn(descriptor: int) -> subprocess.Popen[bytes]:
    """Start a worker that talks over ``descriptor``, in a session that the terminal's Ctrl-C does not reach."""
    program = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import serve; serve({descriptor})"
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=True,
    )


def serve(descriptor: int) -> None:
    """A worker's life: answer each call, until the caller hangs up or a call left this process unfit for another."""
    Thread(target=_leave_with_caller, args=(descriptor,), daemon=True).start()
    with Connection(descriptor) as connection, suppress(EOFError, BrokenPipeError, ConnectionResetError):
        keep = True
        while keep:
            answer, keep = _answer(connection.recv_bytes())
            connection.send_bytes(answer)


def _leave_with_caller(descriptor: int) -> None:
    """End the process when the caller is gone, also in the middle of a call: nobody waits for the answer."""
    watch = select.poll()
    watch.register(descriptor, 0)  # hanging up is always told
    watch.poll()
    os._exit(0)


def _answer(request: bytes) -> tuple[bytes, bool]:
    """The pickled outcome of one call, and whether this process can take another."""
    outcome, answer, keep = Outcome.FAILED, b"", False
    try:
        limits, function, arguments, named = pickle.loads(request)
        with _limited(limits):
            try:
                outcome, value = Outcome.RETURNED, function(*arguments, **named)
            except XunwenError as error:
                outcome, value = Outcome.REFUSED, error
            keep = _resident() < _LEAN
            answer = pickle.dumps((outcome, value, keep))
            del value
        if len(answer) <= LARGEST_ANSWER:
            return answer, keep
        reason = f"it makes more than {LARGEST_ANSWER // 2**20} MB"
    except MemoryError:
        reason = f"needed more than {limits.memory // 2**20:,} MB of memory"
    except BaseException as error:  # whatever it is, it ends here: the caller has other things to do
        reason = error_line(error)
    return pickle.dumps((Outcome.FAILED, reason, False)), False


@contextmanager
def _limited(limits: Limits) -> Iterator[None]:
    signal.setitimer(signal.ITIMER_REAL, limits.seconds + _ORPHANED)
    if resource:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime) + limits.cpu_seconds + 1)
        _limit(resource.RLIMIT_AS, limits.memory)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        if resource:
            _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)


def _limit(kind: int, soft: int) -> None:
    """Set a soft limit as far as the hard one allows. Where the system has none, the clock still ends the call."""
    _, hard = resource.getrlimit(kind)
    if hard != resource.RLIM_INFINITY:
        soft = hard if soft == resource.RLIM_INFINITY else min(soft, hard)
    with suppress(ValueError, OSError):
        resource.setrlimit(kind, (soft, hard))


def _resident() -> int:
    """The bytes of memory that this process holds now, 0 where the system doesn't tell.

    The peak that every system tells is no measure: a process that is started begins with that of its caller.
    """
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    return 0
