"""One module an engine, all with the same four operations, so that one loop measures them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

ZONE = "Asia/Shanghai"
_OFFSET = 8 * 3600
"""Of ``ZONE``, which has had no other since 1991: peers that know no zones count days with it."""


@dataclass(frozen=True, slots=True)
class Item:
    """An article. ``published`` is in UTC epoch seconds."""

    id: str
    source: str
    url: str
    published: int
    title: str
    text: str

    @property
    def day(self) -> int:
        """Days since 1970-01-01 in ``ZONE``."""
        return (self.published + _OFFSET) // 86400


@dataclass(frozen=True, slots=True)
class Question:
    """Articles that hold all runs letter for letter, published in ``[lo, hi)``; None leaves an end open."""

    kind: str
    runs: tuple[str, ...]
    lo: int | None = None
    hi: int | None = None
    grams: tuple[tuple[str, ...], ...] = ()
    """Of each run, for engines that take tokens."""

    words: tuple[str, ...] = ()
    """The distinct words of all runs, for the same."""

    @property
    def distinct_grams(self) -> list[str]:
        return list(dict.fromkeys(gram for run in self.grams for gram in run))


@dataclass(frozen=True, slots=True)
class Page:
    """What a result page shows: ids of the ten best, the exact total, counts by source and by day."""

    hits: Sequence[str]
    total: int
    sources: int
    days: int


class Peer(Protocol):
    """An engine with its index in one folder."""

    def __init__(self, folder: Path) -> None: ...

    def build(self, items: Iterable[Item]) -> None:
        """Make the index, committed and as the engine likes to have it for searching."""

    def add(self, items: Sequence[Item]) -> None:
        """One small commit; searches see it when this returns."""

    def page(self, question: Question) -> Page: ...


def encode(item: Item) -> str:
    """A line of text: tabs part the members, a vertical tab stands for a newline."""
    fields = (item.id, item.source, item.url, str(item.published), item.title, item.text)
    return "\t".join(field.replace("\t", " ").replace("\n", "\v").replace("\r", " ") for field in fields) + "\n"


def decode(line: str) -> Item:
    id_, source, url, published, title, text = line.rstrip("\n").split("\t")
    return Item(id_, source, url, int(published), title.replace("\v", "\n"), text.replace("\v", "\n"))
