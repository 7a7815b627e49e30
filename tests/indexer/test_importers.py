"""Four importers at once, one of them killed, and an indexer that catches up all the while."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path

from indexer import build
from indexer.archive import Archive
from indexer.engine.index import SearchRequest, Stamp
from indexer.engine.query import Phrase
from indexer.engine.whoosh.index import WhooshIndex
from indexer.text.analyser import Analyser

ARTICLES = 1200
STAMP = Stamp(1, 1, "test")


def write_input(path: Path, importer: int) -> Path:
    """Three quarters of all articles, so that every article has three importers; each tells it in its own words."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(ARTICLES):
            if number % 4 != importer:
                text = f"第{'甲乙丙丁'[importer]}版第{number}号。" + "正文很长。" * 200
                line = {"url": f"https://example.com/{number}", "title": f"新闻{number}", "text": text}
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
    return path


def start(location: str | Path, data: Path, source: Path) -> subprocess.Popen[bytes]:
    program = "from search_app.cli import main as program; program()"
    flags = ["--data", str(data), "--archive", str(location)]
    return subprocess.Popen(
        [sys.executable, "-c", program, *flags, "import", str(source)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def test_archive_and_index_agree_article_by_article(location: str | Path, tmp_path: Path) -> None:
    analyser = Analyser()
    inputs = [write_input(tmp_path / f"{importer}.jsonl", importer) for importer in range(4)]
    index = WhooshIndex(tmp_path / "index", STAMP)
    done = threading.Event()
    failures: list[BaseException] = []

    def keep_up() -> None:
        try:
            with Archive(location) as archive:
                while not done.wait(0.02):
                    build.update(archive, index, analyser)
        except BaseException as failure:  # raised again below
            failures.append(failure)

    with Archive(location) as archive:
        indexer = threading.Thread(target=keep_up)
        indexer.start()
        importers = [start(location, tmp_path / str(n), path) for n, path in enumerate(inputs)]
        while archive.last_sequence() < ARTICLES // 4:
            assert any(importer.poll() is None for importer in importers)
            done.wait(0.01)
        importers[0].kill()
        outputs = [importer.communicate()[0].decode() for importer in importers]
        assert [importer.returncode for importer in importers[1:]] == [0, 0, 0], outputs
        again = start(location, tmp_path / "again", inputs[0])
        assert again.communicate()[0].startswith(f"read {ARTICLES * 3 // 4}: ".encode())
        done.set()
        indexer.join()
        if failures:
            raise failures[0]

        build.update(archive, index, analyser)
        kept = {article.id: article for article in archive.iterate(html=False)}
        figures = archive.statistics()
        assert len(kept) == ARTICLES
        assert figures.sequence == ARTICLES + figures.revisions
        assert (index.info().documents, index.info().sequence) == (ARTICLES, figures.sequence)
        assert {hit.id for hit in index.search(SearchRequest(limit=2 * ARTICLES)).hits} == kept.keys()
        for article in list(kept.values())[::7]:
            first = article.text.split("。")[0]
            grams, prefix = analyser.phrase_tokens(first)
            assert [hit.id for hit in index.search(SearchRequest(Phrase(grams, prefix))).hits] == [article.id]
    index.close()


FAILING = """
import multiprocessing, sys
from click.testing import CliRunner
from indexer.archive import Archive
from indexer.errors import ArchiveError
from search_app.cli import main

def put(archive, items):
    for _ in range(500):
        next(items)
    raise ArchiveError("the disk is full")

Archive.put = put
result = CliRunner().invoke(main, ["--data", *sys.argv[1:2], "import", *sys.argv[2:]])
print(result.output, multiprocessing.active_children())
"""


def test_an_import_that_fails_ends_the_processes_that_read(tmp_path: Path) -> None:
    """Its traceback would keep them, until they were ended by a thread that waits for them."""
    for number in range(900):
        (tmp_path / f"{number:04}.txt").write_text(f"第{number}号\n\n河湾大桥今晨通车。\n", "utf-8")
    command = [sys.executable, "-c", FAILING, str(tmp_path / "data"), str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert ended.stdout == "Error: the disk is full\n []\n"
    assert ended.stderr == ""
