"""Calls in a process of their own, within limits."""

import ctypes
import gc
import os
import pickle
import re
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from indexer.errors import CallFailed, FetchError
from indexer.fetching import worker as bounded
from indexer.fetching.worker import Limits, Worker, each

ENOUGH = Limits(seconds=60, cpu_seconds=60)
SHORT = Limits(seconds=0.5, cpu_seconds=60)
MB = 1024 * 1024


@pytest.fixture
def worker():
    with Worker() as worker:
        yield worker


# What a worker is asked to do; it finds these functions by their names.


def add(a, b=0):
    return a + b


def process_id():
    return os.getpid()


def wait_for_ever():
    threading.Event().wait()


def deaf():
    signal.pthread_sigmask(signal.SIG_BLOCK, set(signal.valid_signals()))
    threading.Event().wait()


def stopped():
    os.kill(os.getpid(), signal.SIGSTOP)


def backtrack():
    re.match("(a+)+$", "a" * 60 + "b")


def compute():
    while True:
        pass


def take(megabytes):
    return len(bytearray(megabytes * MB))


def keep(megabytes):
    KEPT.append(b"x" * megabytes * MB)


KEPT = []


def answer_of(megabytes):
    return bytes(megabytes * MB)


def refuse():
    raise FetchError("HTTP 503", retry_after=30.0)


def throw(error):
    raise error


def crash():
    ctypes.string_at(0)


def leave():
    os._exit(3)


def something_that_cannot_be_sent():
    return lambda: None


def recurse(depth=0):
    return recurse(depth + 1) + recurse(depth + 1)


def orphan(caller, occupation):
    os.kill(caller, signal.SIGKILL)
    occupation()


class Odd(BaseException):
    """No Exception, and nothing that anybody knows."""


def test_a_function_is_called_in_another_process_which_is_used_again(worker):
    assert worker.call(ENOUGH, add, 1, b=2) == 3
    first = worker.call(ENOUGH, process_id)
    assert first != os.getpid()
    assert worker.call(ENOUGH, process_id) == first
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    assert worker.call(ENOUGH, add, [moment], b=[None]) == [moment, None]


@pytest.mark.parametrize("hang", [wait_for_ever, deaf, stopped, backtrack])
def test_a_call_that_hangs_ends_at_its_time_whatever_it_waits_for(worker, hang):
    with pytest.raises(CallFailed, match="not complete after"):
        worker.call(SHORT, hang)
    assert worker.call(ENOUGH, add, 1) == 1


@pytest.mark.parametrize("busy", [compute, backtrack])
def test_a_call_that_computes_for_too_long_ends(worker, busy):
    with pytest.raises(CallFailed, match="took more than 1 seconds of computing"):
        worker.call(Limits(seconds=60, cpu_seconds=1), busy)
    assert worker.call(ENOUGH, add, 1) == 1


def test_computing_is_counted_for_each_call_anew(worker):
    for _ in range(4):
        worker.call(Limits(seconds=60, cpu_seconds=2), sum, range(10_000_000))


def test_memory_is_bounded_and_given_back(worker):
    limits = Limits(seconds=60, cpu_seconds=60, memory=512 * MB)
    with pytest.raises(CallFailed, match="needed more than 512 MB of memory"):
        worker.call(limits, take, 1000)
    first = worker.call(limits, process_id)
    for _ in range(3):
        assert worker.call(limits, take, 300) == 300 * MB
    assert worker.call(limits, process_id) == first
    worker.call(limits, keep, 300)
    assert worker.call(limits, process_id) != first, "a worker that stays large is replaced"


def test_a_caller_that_is_large_has_lean_workers(worker):
    """A process that is started begins with the peak of its caller, but not with its memory."""
    large = bytearray(500 * MB)
    first = worker.call(ENOUGH, process_id)
    assert worker.call(ENOUGH, process_id) == first
    del large


def test_an_answer_of_any_size_is_not_taken(worker, monkeypatch):
    assert len(worker.call(ENOUGH, answer_of, 20)) == 20 * MB
    with pytest.raises(CallFailed, match="it makes more than 128 MB"):
        worker.call(ENOUGH, answer_of, 200)


def test_an_error_meant_for_the_caller_arrives_whole(worker):
    first = worker.call(ENOUGH, process_id)
    with pytest.raises(FetchError, match="HTTP 503") as caught:
        worker.call(ENOUGH, refuse)
    assert caught.value.retry_after == 30
    assert worker.call(ENOUGH, process_id) == first


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("no\nnumber"), "ValueError: no number"),
        (OSError(28, "No space left on device"), "OSError: [Errno 28] No space left on device"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
        (SystemExit(7), "SystemExit: 7"),
        (GeneratorExit(), "GeneratorExit"),
        (Odd("odd"), "Odd: odd"),
        (ExceptionGroup("both", [ValueError(), OSError()]), "ExceptionGroup: both (2 sub-exceptions)"),
        (MemoryError(), "needed more than 1,024 MB of memory"),
    ],
)
def test_whatever_else_is_raised_is_a_failed_call(worker, error, reason):
    with pytest.raises(CallFailed) as caught:
        worker.call(ENOUGH, throw, error)
    assert str(caught.value) == reason
    assert worker.call(ENOUGH, add, 1) == 1


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (crash, f"its process ended unexpectedly .status {-signal.SIGSEGV}."),
        (leave, "its process ended unexpectedly .status 3."),
        (something_that_cannot_be_sent, "pickle|local object"),
        (recurse, "RecursionError"),
    ],
)
def test_a_call_that_takes_its_process_along_is_a_failed_call(worker, function, reason):
    with pytest.raises(CallFailed, match=reason):
        worker.call(ENOUGH, function)
    assert worker.call(ENOUGH, add, 1) == 1


def test_what_cannot_be_sent_is_the_callers_mistake(worker):
    with pytest.raises((pickle.PicklingError, AttributeError, TypeError)):
        worker.call(ENOUGH, lambda: None)


def test_a_worker_that_was_killed_meanwhile_is_replaced_at_the_next_call_but_one(worker):
    os.kill(worker.call(ENOUGH, process_id), signal.SIGKILL)
    with pytest.raises(CallFailed, match="ended unexpectedly"):
        worker.call(ENOUGH, add, 1)
    assert worker.call(ENOUGH, add, 1) == 1


def test_closing_ends_a_call_that_is_under_way(worker):
    started = threading.Timer(0.3, worker.close)
    started.start()
    with pytest.raises(CallFailed, match="it was stopped"):
        worker.call(ENOUGH, wait_for_ever)
    started.join()
    with pytest.raises(CallFailed, match="it was stopped"):
        worker.call(ENOUGH, add, 1)
    worker.close()


def test_without_resource_limits_the_clock_still_ends_a_call(worker):
    with pytest.raises(CallFailed, match="not complete after"):
        worker.call(SHORT, without_resource_limits)


def without_resource_limits():
    bounded.resource = None
    with bounded._limited(SHORT):
        compute()


@pytest.mark.parametrize("occupation", ["wait_for_ever", "backtrack"])
def test_a_worker_without_its_caller_ends_itself(occupation):
    program = (
        "from indexer.fetching.worker import Limits, Worker; import tests.indexer.fetching.test_worker as test, os\n"
        "worker = Worker(); print(worker.call(Limits(5, 60), test.process_id), flush=True)\n"
        f"worker.call(Limits(0.5, 60), test.orphan, os.getpid(), test.{occupation})\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as caller:
        assert caller.stdout
        worker = int(caller.stdout.readline())
        assert caller.wait() == -signal.SIGKILL
    for _ in range(600):
        if not is_alive(worker):
            return
        time.sleep(0.05)
    raise AssertionError("the worker is still there")


def is_alive(process):
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    status = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False)
    return not status.stdout.startswith("Z") and bool(status.stdout)


def test_each_item_is_worked_on_and_the_slow_one_keeps_nobody_waiting():
    def work(worker, item):
        if item == 0:
            with pytest.raises(CallFailed):
                worker.call(Limits(2, 60), wait_for_ever)
        return worker.call(ENOUGH, add, item)

    assert list(each(range(8), work, workers=2))[-1] == 0
    assert sorted(each(range(8), work, workers=3)) == list(range(8))
    assert list(each([], work, workers=3)) == []


def test_items_are_taken_only_as_results_are():
    taken = []
    results = each(iter(taken.append(number) or number for number in range(1000)), lambda _, item: item, workers=2)
    assert len([next(results) for _ in range(5)]) == 5
    results.close()
    assert len(taken) <= 5 + 4


def test_who_stops_in_between_waits_for_nobody():
    results = each(range(8), lambda worker, item: worker.call(ENOUGH, wait_for_ever) if item else 0, workers=2)
    assert next(results) == 0
    results.close()
    gc.collect()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("bounded")]


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_what_the_work_raises_ends_it(error):
    def work(worker, item):
        if item == 1:
            raise error
        worker.call(ENOUGH, wait_for_ever)

    with pytest.raises(error):
        list(each(range(8), work, workers=2))
