"""Words and grams of this project's analyser, made on all cores, for every engine that takes tokens."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from itertools import islice

from benchmarks.peers import Item
from indexer.article import Article
from indexer.build import analyse
from indexer.engine.document import Batch
from indexer.text.analyser import Analyser

_BATCH = 500


def open_analyser() -> Analyser:
    """An analyser that has read its dictionary: otherwise the first article would pay for that."""
    analyser = Analyser()
    analyser.words("中国")
    return analyser


def batches(items: Iterable[Item], analyser: Analyser) -> Iterator[tuple[list[Item], Batch]]:
    """The items and what is stored of them, some hundred at a time, a few batches ahead of the consumer."""
    cores = os.cpu_count() or 1
    rest = iter(items)
    waiting: deque[tuple[list[Item], Future[Batch]]] = deque()
    with ThreadPoolExecutor(cores) as pool:
        while part := list(islice(rest, _BATCH)):
            if len(waiting) > cores:
                done, batch = waiting.popleft()
                yield done, batch.result()
            waiting.append((part, pool.submit(analyse, [_article(item) for item in part], analyser)))
        while waiting:
            done, batch = waiting.popleft()
            yield done, batch.result()


def _article(item: Item) -> Article:
    return Article(
        url=item.url,
        title=item.title,
        text=item.text,
        source=item.source,
        published=datetime.fromtimestamp(item.published, UTC),
        language="zh-Hans",
        id=item.id,
    )
