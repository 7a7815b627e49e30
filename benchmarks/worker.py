"""One engine in a process of its own: ``python -m benchmarks.worker NAME FOLDER``.

It reads requests from standard input, a line each, members parted by tabs, and answers each with a line that begins
with the seconds that the work took, measured here:

    build PATH, add PATH        index the articles in a file of lines as ``peers.encode`` writes them
    page LO HI WORDS RUN...     answers  SECONDS TOTAL SOURCES DAYS ID,ID,...

Words are parted by spaces, and so is a run from its grams.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

from benchmarks.peers import Item, Peer, Question, decode


def _open(name: str, folder: Path) -> Peer:
    match name:
        case "xunwen":
            from benchmarks.peers.xunwen import Xunwen

            return Xunwen(folder)
        case "tantivy":
            from benchmarks.peers.tantivy import Tantivy

            return Tantivy(folder)
        case "fts5":
            from benchmarks.peers.fts5 import Fts5

            return Fts5(folder)
        case "stock":
            from benchmarks.peers.stock import Stock

            return Stock(folder)
    raise SystemExit(f"no such engine: {name}")


def _items(path: str) -> Iterator[Item]:
    with Path(path).open(encoding="utf-8", newline="\n") as file:
        yield from map(decode, file)


def _answer(peer: Peer, request: list[str]) -> str:
    match request:
        case ["build", path]:
            peer.build(_items(path))
            return ""
        case ["add", path]:
            peer.add(list(_items(path)))
            return ""
        case ["page", lo, hi, words, *rest]:
            runs = [run.split(" ") for run in rest]
            question = Question(
                kind="",
                runs=tuple(run[0] for run in runs),
                lo=int(lo) if lo else None,
                hi=int(hi) if hi else None,
                grams=tuple(tuple(run[1:]) for run in runs),
                words=tuple(words.split(" ")),
            )
            page = peer.page(question)
            return f"{page.total}\t{page.sources}\t{page.days}\t{','.join(page.hits)}"
    raise SystemExit(f"no such request: {request}")


def main() -> None:
    name, folder = sys.argv[1:]
    peer = _open(name, Path(folder))
    sys.stdin.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.reconfigure(encoding="utf-8")
    for line in sys.stdin:
        request = line.rstrip("\n").split("\t")
        started = perf_counter()
        answer = _answer(peer, request)
        print(f"{perf_counter() - started:.9f}\t{answer}", flush=True)


if __name__ == "__main__":
    main()
