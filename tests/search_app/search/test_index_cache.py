"""What all readers share is made once, however many ask for it at the same time."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace
from typing import Any, cast

import pytest

from search_app.search.index_cache import IndexCache

READERS = 4


def cache() -> IndexCache:
    info = SimpleNamespace(generation=1, sequence=1, updated=0.0)
    return IndexCache(cast(Any, SimpleNamespace(info=lambda: info)))


def test_readers_who_ask_at_once_wait_for_the_one_answer() -> None:
    answers, made, together = cache(), [], Barrier(READERS)

    def make() -> int:
        made.append(1)
        return len(made)

    def ask(_: int) -> int:
        together.wait(60)
        return answers.remember("front", make)

    with ThreadPoolExecutor(READERS) as readers:
        assert list(readers.map(ask, range(READERS))) == [1] * READERS
    assert made == [1]


def test_an_answer_that_could_not_be_made_is_made_for_the_next_who_asks() -> None:
    answers = cache()
    with pytest.raises(ZeroDivisionError):
        answers.remember("front", lambda: 1 // 0)
    assert answers.remember("front", lambda: 5) == 5
    assert answers.remember("front", lambda: 6) == 5
