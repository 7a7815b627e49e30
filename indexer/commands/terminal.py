"""What commands show while they work, and figures as they write them."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import click

from indexer.archive import Counts

_T = TypeVar("_T")


def megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def said(counts: Counts) -> str:
    """What became of articles; of those that were forgotten only where there are some."""
    forgotten = f", {counts.forgotten:,} forgotten" if counts.forgotten else ""
    return f"{counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged{forgotten}"


def bar(items: Iterable[_T] | None, label: str, length: int | None, *, hidden: bool = False) -> Any:
    return click.progressbar(
        items,
        length,
        label,
        hidden=hidden or not sys.stderr.isatty(),
        show_pos=True,
        bar_template="%(label)s  [%(bar)s]  %(info)s" if length else "%(label)s  %(info)s",
        file=sys.stderr,
        update_min_steps=1 if length and length < 1000 else 100,
    )


@contextmanager
def progress(
    items: Iterable[_T], label: str, length: int | None = None, *, hidden: bool = False
) -> Iterator[Iterator[_T]]:
    """The items, counted before the user's eyes when a terminal is there."""
    with bar(items, label, length, hidden=hidden) as shown:
        yield iter(shown)
