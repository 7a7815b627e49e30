"""The measuring itself: builds one after the other, questions in turns."""

from __future__ import annotations

import random
import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.corpus import of_size
from benchmarks.engines import NAMES, Engine
from benchmarks.peers import Item, Question, encode

WARM_UP = 100
"""Questions that are asked first."""

_COMMIT = 50
"""Articles in the small commit."""


@dataclass(slots=True)
class Figures:
    """One engine at one size. Seconds and bytes; ``pages`` holds the time of each question, in their order.

    ``processor`` is the time on all cores of the process that built, from its start.
    """

    engine: str
    articles: int
    build: float
    processor: float
    size: int
    memory: int
    commit: float = 0.0
    pages: list[float] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)

    def percentile(self, share: float) -> float:
        ordered = sorted(self.pages)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def measure(
    names: Sequence[str], items: Sequence[Item], size: int, questions: Sequence[Question], scratch: Path
) -> list[Figures]:
    """All engines at one size; the first ``WARM_UP`` questions are asked too, but not counted.

    Each builds in a fresh process. Then all stand side by side, freshly opened, and each question goes to every one of
    them in turn, in an order that changes, before the next question is asked: a busy moment of the machine hits all
    alike. No question is asked twice, so that nobody answers from memory.
    """
    articles, news = scratch / f"{size}.lines", scratch / f"{size}-news.lines"
    _write(articles, of_size(items, size))
    _write(news, [replace(item, id=f"news{i}") for i, item in enumerate(random.Random(7).sample(items, _COMMIT))])
    engines: list[Engine] = []
    figures: list[Figures] = []
    for name in names:
        folder = scratch / f"{name}-{size}"
        shutil.rmtree(folder, ignore_errors=True)
        builder = Engine(name, folder)
        build = builder.build(articles).seconds
        memory, processor = builder.peak_memory(), builder.processor_time()
        builder.stop()
        engines.append(Engine(name, folder))
        figures.append(Figures(name, size, build, processor, engines[-1].size(), memory))
        print(f"{size:>8,} {NAMES[name]}: built in {build:.1f} s", file=sys.stderr)
    order = list(range(len(engines)))
    for number, question in enumerate(questions):
        random.Random(number).shuffle(order)
        for i in order:
            answer = engines[i].page(question)
            if number >= WARM_UP:
                figures[i].pages.append(answer.seconds)
                figures[i].totals.append(answer.total)
    for engine, found in zip(engines, figures, strict=True):
        found.commit = engine.add(news).seconds + engine.page(questions[0]).seconds
        engine.stop()
        shutil.rmtree(engine.folder)
    articles.unlink()
    return figures


def _write(path: Path, items: Iterable[Item]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(map(encode, items))
