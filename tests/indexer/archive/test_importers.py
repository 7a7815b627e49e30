"""Many importers at once, one of them killed, and a reader who catches up all the while."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer.archive import Archive, Counts
from indexer.article import Article

ARTICLES = 900


def _article(number: int, edition: str) -> Article:
    return Article(url=f"https://example.com/{number}", title=f"新闻{number}", text=f"{edition} {'正文' * 50}")


def test_a_reader_who_catches_up_misses_nothing_of_four_importers(location: str | Path) -> None:
    """Overlapping halves, every one in several editions, so that inserts and updates meet."""
    copy: dict[str, str] = {}
    done = threading.Event()

    def import_some(importer: int) -> Counts:
        counts = Counts()
        with Archive(location) as archive:
            for start in range(0, ARTICLES, 60):
                numbers = range(start, start + 60) if importer % 2 else range(start + 59, start - 1, -1)
                counts += archive.put(_article(number, f"第{importer // 2}版") for number in numbers)
        return counts

    def follow() -> None:
        sequence = 0
        with Archive(location) as archive:
            while True:
                last_look = done.wait(0.01)
                while page := archive.changes(sequence, 100):
                    assert page[0].sequence > sequence
                    copy.update({kept.id: kept.text for kept in archive.get(change.id for change in page)})
                    sequence = page[-1].sequence
                if last_look:
                    return

    Archive(location).close()
    follower = threading.Thread(target=follow)
    follower.start()
    with ThreadPoolExecutor(4) as pool:
        counts = sum(pool.map(import_some, range(4)), Counts())
    done.set()
    follower.join()
    with Archive(location) as archive:
        assert copy == {kept.id: kept.text for kept in archive.iterate()}
        assert len(copy) == ARTICLES
        assert counts.new == ARTICLES
        assert archive.last_sequence() == counts.new + counts.updated
        assert archive.statistics().revisions == counts.updated


def test_a_killed_importer_loses_no_more_than_its_batch_and_blocks_nobody(location: str | Path) -> None:
    program = """
import sys
from indexer.archive import Archive
from indexer.article import Article
with Archive(sys.argv[1]) as archive:
    for start in range(0, 10**9, 50):
        archive.put(
            Article(url=f"https://example.com/{n}", title="标题", text="正文" * 500) for n in range(start, start + 50)
        )
        print(start + 50, flush=True)
"""
    command = [sys.executable, "-c", program, str(location)]
    importer = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert importer.stdout
    acknowledged = [int(importer.stdout.readline()) for _ in range(5)][-1]
    importer.kill()
    acknowledged = max([acknowledged, *(int(line) for line in importer.stdout.read().split())])
    importer.wait()
    importer.stdout.close()
    with Archive(location) as archive:
        kept = {article.url for article in archive.iterate()}
        assert kept >= {f"https://example.com/{n}" for n in range(acknowledged)}
        assert len(kept) in (acknowledged, acknowledged + 50)
        assert archive.last_sequence() == len(kept)
        assert archive.put([_article(-1, "之后")]) == Counts(new=1)
