"""One document that takes all the time and memory there is costs only itself."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from indexer.errors import SourceError
from indexer.sources import Reject, post, processes, read

POST = "[第{0}号](https://a.example/{0})\n------\n<p>正文一句。</p>"
NUMBER = 450


def endless() -> None:
    while True:
        try:
            while True:
                pass
        except Exception:
            pass


def greedy() -> None:
    hoard = []
    while True:
        hoard.append(bytes(50_000_000))


def fatal() -> None:
    os.kill(os.getpid(), signal.SIGXCPU)


def crash() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "SECONDS", 1)
    monkeypatch.setattr(processes, "MEMORY", 400_000_000)
    processes._room.cache_clear()


@pytest.mark.parametrize(("fault", "reason"), [(endless, "seconds of computing"), (greedy, "MB of memory")])
def test_what_goes_beyond_the_bounds_is_given_up(small: None, fault: Callable[[], None], reason: str) -> None:
    for _ in range(2):
        with pytest.raises(SourceError, match=reason), processes.bounded():
            fault()
    with processes.bounded():
        pass


@pytest.mark.parametrize(
    ("fault", "reason"),
    [(endless, "seconds of computing"), (greedy, "MB of memory"), (fatal, "SIGXCPU"), (crash, "SIGSEGV")],
)
def test_the_other_documents_are_read(
    small: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: Any, fault: Callable[[], None], reason: str
) -> None:
    for number in range(500):
        (tmp_path / f"{number:04}.txt").write_text(POST.format(number))
    whole = post.read_posts

    def poisoned(text: str, **arguments: Any) -> Any:
        if f"第{NUMBER}号" in text:
            fault()
        return whole(text, **arguments)

    monkeypatch.setattr(post, "read_posts", poisoned)
    found = list(read([tmp_path], **when))
    rejects = [each for each in found if isinstance(each, Reject)]
    assert [(Path(each.path).name, reason in each.reason) for each in rejects] == [(f"{NUMBER:04}.txt", True)]
    assert [each.title for each in found if not isinstance(each, Reject)] == [
        f"第{number}号" for number in range(500) if number != NUMBER
    ]


def test_results_come_in_the_order_of_the_tasks() -> None:
    tasks: Iterator[list[int]] = iter([[n, n + 1] for n in range(0, 40, 2)])
    assert list(processes.on_all_cores(tasks, list, lambda part, reason: part)) == list(range(40))
