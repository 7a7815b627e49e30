"""One document that takes all the time and memory there is costs only itself."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from indexer.article import Article
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
def test_the_other_documents_are_read(tmp_path: Path, when: Any, fault: Callable[[], None], reason: str) -> None:
    for number in range(500):
        (tmp_path / f"{number:04}.txt").write_text(POST.format(number))
    # In a program of its own: where other threads run, as a server's of other tests may here, nothing is forked.
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as alone:
        rejects, titles = alone.submit(read_poisoned, tmp_path, fault, when).result()
    assert [(name, reason in why) for name, why in rejects] == [(f"{NUMBER:04}.txt", True)]
    assert titles == [f"第{number}号" for number in range(500) if number != NUMBER]


def test_a_process_that_has_grown_reads_on(small: None) -> None:
    with processes.bounded():
        pass
    grown = bytes(2 * processes.MEMORY)
    with processes.bounded():
        assert len(grown) > len(bytes(processes.MEMORY // 2))


def read_poisoned(
    folder: Path, fault: Callable[[], None], when: dict[str, Any]
) -> tuple[list[tuple[str, str]], list[str]]:
    """What is rejected of a folder and why, and the titles of the others, where one document is at fault."""
    whole = post.read_posts

    def poisoned(text: str, **arguments: Any) -> Any:
        if f"第{NUMBER}号" in text:
            fault()
        return whole(text, **arguments)

    post.read_posts = poisoned  # type: ignore[assignment]
    processes.SECONDS, processes.MEMORY = 1, 400_000_000
    found = list(read([folder], **when))
    rejects = [(Path(each.path).name, each.reason) for each in found if isinstance(each, Reject)]
    return rejects, [each.title for each in found if isinstance(each, Article)]


def test_results_come_in_the_order_of_the_tasks() -> None:
    tasks: Iterator[list[int]] = iter([[n, n + 1] for n in range(0, 40, 2)])
    assert list(processes.on_all_cores(tasks, list, lambda part, reason: part)) == list(range(40))
