"""``kill -9`` at any moment of import, fetch, index, rebuild, learning and forgetting, while somebody searches.

Real processes are killed at random moments of their work; ``XUNWEN_KILLS`` sets how many of each (default 2). After
each kill nothing that was acknowledged is lost, and the next run completes. All along a search answers, never with an
error, and never with a half of anything.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest

from indexer import build
from indexer.archive import Archive, Subscription
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.installation import Installation

KILLS = int(os.environ.get("XUNWEN_KILLS", "2"))
OLD, ALL, FEEDS = 200, 800, 5
WORDS = "总统 经济 会议 表示 指出 美国 中国 台湾 欧洲 疫情 疫苗 市场 企业 政府 人民 问题 发展 国际 今天 周五".split()  # noqa: SIM905


def article(number: int) -> dict[str, str]:
    picked = random.Random(number).choices(WORDS, k=150)
    text = "，".join("".join(picked[i : i + 5]) for i in range(0, 150, 5))
    return {"url": f"https://example.com/{number}", "title": f"第{number}号{picked[0]}", "text": text + "。"}


def start(config: Config, *arguments: str) -> subprocess.Popen[bytes]:
    program = "from search_app.cli import main as program; program()"
    command = [sys.executable, "-c", program, "--data", str(config.data), *arguments]
    environment = os.environ | {"XUNWEN_FETCH_PRIVATE": "true"}
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=environment)


def run(config: Config, *arguments: str) -> str:
    with start(config, *arguments) as process:
        output = process.communicate()[0].decode()
    assert process.returncode == 0, output
    return output


class Feeds(BaseHTTPRequestHandler):
    """``/3.xml`` holds every fifth article, from number 3 on."""

    def do_GET(self) -> None:
        items = "".join(
            f"<item><title>{each['title']}</title><link>{each['url']}</link>"
            f"<description>{each['text']}</description></item>"
            for each in map(article, range(int(self.path[1]), ALL, FEEDS))
        )
        self.send_response(200)
        self.end_headers()
        with suppress(ConnectionError):
            self.wfile.write(f"<rss version='2.0'><channel><title>x</title>{items}</channel></rss>".encode())

    def log_message(self, format: str, *arguments: object) -> None:
        pass


class Inputs:
    """Files to import, and data folders as they are before each command."""

    def __init__(self, folder: Path, feeds: str) -> None:
        self.folder = folder
        for name, count in [("old.jsonl", OLD), ("all.jsonl", ALL)]:
            lines = (json.dumps(article(number), ensure_ascii=False) for number in range(count))
            (folder / name).write_text("\n".join(lines), "utf-8")
        config = Config(data=folder / "import")
        run(config, "import", str(folder / "old.jsonl"))
        run(config, "index")
        followed = [Subscription(f"{feeds}/{number}.xml") for number in range(FEEDS)]
        with Archive(self.copy("import", folder / "fetch").archive_location) as archive:
            archive.subscriptions.add(followed)
        config = self.copy("import", folder / "index")
        run(config, "import", str(folder / "all.jsonl"))
        run(self.copy("index", folder / "rebuild"), "index")
        self.copy("rebuild", folder / "learn-names")

    def copy(self, command: str, target: Path) -> Config:
        shutil.copytree(self.folder / command, target)
        return Config(data=target)

    def arguments(self, command: str) -> list[str]:
        return {"import": ["import", str(self.folder / "all.jsonl")], "fetch": ["fetch", "--all"]}.get(
            command, [command]
        )


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inputs]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Feeds) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Inputs(tmp_path_factory.mktemp("inputs"), f"http://127.0.0.1:{server.server_address[1]}")
        server.shutdown()
        thread.join()


def state(folder: Path) -> set[tuple[str, int]]:
    """Changes as soon as a command begins to write."""
    found = set()
    for path in folder.rglob("*"):
        try:
            found.add((str(path), path.stat().st_size))
        except FileNotFoundError:
            continue
    return found


def work(config: Config, *arguments: str, kill_after: float | None = None) -> float | None:
    """Run a command, and kill it so many seconds after its first write; how long it worked if it came to its end."""
    before, began = state(config.data), None
    with start(config, *arguments) as process:
        while process.poll() is None:
            if began is None and state(config.data) != before:
                began = time.monotonic()
            if began is not None and kill_after is not None and time.monotonic() - began >= kill_after:
                process.send_signal(signal.SIGKILL)
            time.sleep(0.02)
        output = process.communicate()[0].decode()
    if process.returncode == -signal.SIGKILL:
        return None
    assert process.returncode == 0, output
    return time.monotonic() - (began or time.monotonic())


def total_and_numbered(config: Config) -> Iterator[int]:
    """The totals of two questions that find every article, again and again, each answer looked at."""
    with Installation(config) as installation:
        index = installation.index
        grams, prefix = installation.analyser.phrase_tokens("第")
        while True:
            everything = index.search(SearchRequest(limit=10, facets=("source",), zone="UTC"))
            assert len(everything.hits) == 10
            assert sum(count for _, count in everything.facets["source"]) == everything.total
            yield everything.total
            yield index.search(SearchRequest(Phrase(grams, prefix, field="title"))).total


@contextmanager
def searching(config: Config, allowed: set[int]) -> Iterator[None]:
    """Somebody searches all the while, and gets nothing but these totals."""
    seen: set[int] = set()
    failures: list[BaseException] = []
    first, done = threading.Event(), threading.Event()

    def search() -> None:
        try:
            for total in total_and_numbered(config):
                seen.add(total)
                first.set()
                if done.wait(0.1):
                    return
        except BaseException as failure:  # raised again below
            failures.append(failure)
            first.set()

    thread = threading.Thread(target=search)
    thread.start()
    first.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()
    if failures:
        raise failures[0]
    assert seen <= allowed


@pytest.mark.parametrize(
    ("command", "totals"),
    [
        ("import", {OLD}),
        ("fetch", {OLD}),
        ("index", {OLD, ALL}),
        ("rebuild", {ALL}),
        ("learn-names", {ALL}),
    ],
    ids=["import", "fetch", "index", "rebuild", "learn-names"],
)
def test_a_kill_at_any_moment_loses_nothing(inputs: Inputs, tmp_path: Path, command: str, totals: set[int]) -> None:
    arguments = inputs.arguments(command)
    seconds = work(inputs.copy(command, tmp_path / "whole"), *arguments)
    assert seconds
    kills = attempt = 0
    while kills < KILLS:
        attempt += 1
        config = inputs.copy(command, tmp_path / str(attempt))
        with searching(config, totals):
            ended = work(config, *arguments, kill_after=random.uniform(0, seconds))
        kills += ended is None
        assert_nothing_is_lost(config, totals)
        with searching(config, totals):
            output = run(config, *arguments)
        if command == "import":
            assert f"read {ALL:,}: " in output
        assert_complete(config)
    # What the killed one left behind is cleaned up by the next that builds a generation.
    run(config, "rebuild")
    assert sum(path.name.startswith("gen-") for path in config.index_folder.iterdir()) == 1


def test_forgetting_that_is_killed_leaves_each_article_kept_or_forgotten(inputs: Inputs, tmp_path: Path) -> None:
    arguments = ["forget", "--yes", "--reason", "x", *(f"https://example.com/{number}" for number in range(OLD, ALL))]
    seconds = work(inputs.copy("rebuild", tmp_path / "whole"), *arguments)
    assert seconds
    kills = attempt = 0
    while kills < KILLS:
        attempt += 1
        config = inputs.copy("rebuild", tmp_path / str(attempt))
        with searching(config, {ALL}):
            kills += work(config, *arguments, kill_after=random.uniform(0, seconds)) is None
        with Archive(config.archive_location) as archive:
            kept, gone = {each.id for each in archive.iterate()}, {stone.id for stone in archive.tombstones.all()}
            assert not kept & gone and len(kept | gone) == ALL
            assert archive.damage() == ""
        run(config, *arguments)
        assert f"0 new, 0 updated, {OLD} unchanged, {ALL - OLD} forgotten" in run(config, *inputs.arguments("import"))
        run(config, "index")
        assert next(total_and_numbered(config)) == OLD


def assert_nothing_is_lost(config: Config, totals: set[int]) -> None:
    with Archive(config.archive_location) as archive:
        urls = {kept.url for kept in archive.iterate(html=False)}
        assert urls >= {f"https://example.com/{number}" for number in range(OLD)}
        assert len(archive.changes(0, 2 * ALL)) == len(urls)
        figures = archive.statistics()
        assert figures.sequence - figures.revisions == len(urls)
        assert archive.damage() == ""
    assert next(total_and_numbered(config)) in totals


def assert_complete(config: Config) -> None:
    """The archive holds everything once, and after an update the index does, too."""
    with Installation(config) as installation:
        archive, index, analyser = installation.archive, installation.index, installation.analyser
        figures = archive.statistics()
        # A feed has a name that the files do not have.
        assert (figures.articles, figures.sequence - figures.revisions) == (ALL, ALL)
        assert figures.revisions in (0, OLD)
        build.update(archive, index, analyser)
        assert (index.info().documents, index.info().sequence) == (ALL, figures.sequence)
        hits = index.search(SearchRequest(limit=ALL)).hits
        assert {kept.url for kept in archive.get((hit.id for hit in hits), html=False)} == {
            f"https://example.com/{number}" for number in range(ALL)
        }
        assert installation.knowledge().problems == ()
        for number in (0, OLD, ALL - 1):
            answer = index.search(SearchRequest(Phrase(*analyser.phrase_tokens(f"第{number}号"), "title")))
            assert [kept.title for kept in archive.get(hit.id for hit in answer.hits)] == [article(number)["title"]]


def test_a_server_that_is_killed_keeps_nobody_from_serving(inputs: Inputs, tmp_path: Path) -> None:
    config = inputs.copy("rebuild", tmp_path / "served")
    for _ in range(2):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with start(config, "serve", "--port", str(port)) as process:
            assert process.stdout is not None and b"Serving on" in process.stdout.readline()
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
                assert client.get("/api/v1/search?q=").json()["total"] == ALL
                assert client.get("/subscriptions").status_code == 200
            process.kill()
    assert_nothing_is_lost(config, {ALL})
    assert_complete(config)
