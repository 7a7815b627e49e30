"""The articles and questions of a run: the same ones for every engine, and for every run with the same data."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from benchmarks.peers import ZONE, Item, Question
from indexer.article import Article
from indexer.sources import read
from indexer.text.analyser import Analyser

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_DAY = 86400


def load(data: Path) -> list[Item]:
    """Every dated article of a folder, file or archive."""
    return [
        Item(f"{number:016x}", found.source, found.url, int(found.published.timestamp()), found.title, found.text)
        for number, found in enumerate(read([data], zone=ZoneInfo(ZONE), now=datetime(2030, 1, 1, tzinfo=UTC)))
        if isinstance(found, Article) and found.published is not None
    ]


def of_size(items: Sequence[Item], size: int) -> Iterator[Item]:
    """So many articles: a fixed choice of them where there are more, the same again under new addresses where fewer."""
    chosen = items if size >= len(items) else random.Random(size).sample(items, size)
    for number in range(size):
        item = chosen[number % len(chosen)]
        copy = number // len(chosen)
        yield replace(item, id=f"{number:016x}", url=f"{item.url}#{copy}" if copy else item.url)


def questions(items: Sequence[Item], count: int, seed: int, analyser: Analyser) -> list[Question]:
    """Questions of every kind in equal numbers, drawn from titles; every other one has a range of dates.

    ``word``: one word of a title. ``common``: one of the words that stand in most titles. ``rare``: one that stands in
    no other title.
    ``words``: two or three words of one title. ``run``: three to eight characters of a title, whatever words they cut.
    """
    rng = random.Random(seed)
    titles = [_Title(item, analyser) for item in rng.sample(items, min(len(items), 4 * count + 1000))]
    titles = [title for title in titles if title.words and title.runs]
    frequency: dict[str, int] = {}
    for title in titles:
        for word in set(title.words):
            frequency[word] = frequency.get(word, 0) + 1
    ordered = sorted(frequency, key=lambda word: (frequency[word], word))
    common = ordered[-(count // 5) :]
    rare = [word for word in ordered if frequency[word] == 1]
    kinds = ("word", "common", "rare", "words", "run")
    asked: dict[Question, None] = {}
    while len(asked) < count:
        kind = kinds[len(asked) % len(kinds)]
        title = rng.choice(titles)
        match kind:
            case "word":
                runs = (rng.choice(title.words),)
            case "common":
                runs = (rng.choice(common),)
            case "rare":
                runs = (rng.choice(rare),)
            case "words":
                runs = tuple(dict.fromkeys(rng.choices(title.words, k=rng.choice((2, 3)))))
            case _:
                run = rng.choice(title.runs)
                width = min(len(run), rng.randint(3, 8))
                start = rng.randint(0, len(run) - width)
                runs = (run[start : start + width],)
        lo, hi = _range(title.item, rng) if (len(asked) // len(kinds)) % 2 else (None, None)
        grams = tuple(analyser.phrase_tokens(run)[0] for run in runs)
        words = tuple(dict.fromkeys(word for run in runs for word in analyser.words(run)))
        asked[Question(kind, runs, lo, hi, grams, words)] = None
    return list(asked)


class _Title:
    def __init__(self, item: Item, analyser: Analyser) -> None:
        self.item = item
        self.runs = [run for run in _HAN.findall(analyser.fold(item.title)) if len(run) >= 3]
        self.words = [word for run in self.runs for word in analyser.cut(run) if len(word) > 1]


def _range(item: Item, rng: random.Random) -> tuple[int | None, int | None]:
    """A range of 1, 7, 30 or 365 days around an article, or one that is open at an end."""
    width = rng.choice((1, 7, 30, 365, 0)) * _DAY
    start = item.published // _DAY * _DAY - rng.randint(0, max(width - _DAY, 0)) // _DAY * _DAY
    return (start, start + width) if width else rng.choice(((start, None), (None, start)))
