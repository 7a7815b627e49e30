"""The list of what an import could not read, ``rejects.jsonl``: bounded, however much of it there is."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Self

from indexer.archive import HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.article import Article
from indexer.plain_text import plain_line
from indexer.sources import Found
from indexer.sources.files import Reject

LARGEST = 4 * 1024 * 1024
"""Bytes of the list, but for its last line."""

_LONGEST_PATH = 1000  # characters


class RejectList:
    """``first`` and ``broken_off`` tell of the first reject, and of the first input that broke off.

    One JSON object a line with ``path`` and ``reason``; a last one with ``left_out`` tells how many found no room.

    The file is written anew at every import, and is not there when everything could be read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.first = self.broken_off = ""
        self._left_out = 0
        self._room = LARGEST
        self._file: IO[bytes] | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._file is None:
            return
        with self._file:
            if self._left_out:
                reason = f"{self._left_out:,} more could not be read; there is no room for them here"
                self._file.write(_line(path="", reason=reason, left_out=self._left_out))

    def kept_out_of(
        self, items: Iterable[Found]
    ) -> Iterator[Article | Revision | Subscription | Tombstone | Mark | HiddenSource]:
        """What could be read of ``items``; the rest goes on the list."""
        for item in items:
            if isinstance(item, Reject):
                self._add(item)
            else:
                yield item

    def _add(self, reject: Reject) -> None:
        path, reason = plain_line(reject.path, _LONGEST_PATH), plain_line(reject.reason)
        self.count += 1
        self.first = self.first or f"{path}: {reason}"
        if reject.breaks_off:
            self.broken_off = self.broken_off or f"{path}: {reason}"
        line = _line(path=path, reason=reason)
        if self._left_out or len(line) > self._room:
            self._left_out += 1
            return
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("wb")
        self._file.write(line)
        self._room -= len(line)


def _line(**members: object) -> bytes:
    return json.dumps(members, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
