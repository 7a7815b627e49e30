"""Whatever was opened is closed: files, connections and threads after many searches, imports and starts."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from indexer import build
from indexer.config import Config
from indexer.installation import Installation
from indexer.sources import read
from indexer.text.analyser import Analyser
from search_app import create_app
from search_app.server import open_server
from tests.search_app.library import DISCOVERED, fill

TIMES = 100


def open_now() -> list[str]:
    """What this process has open; on Linux with its name."""
    gc.collect()
    names = []
    for file in Path("/dev/fd").iterdir():
        try:
            names.append(str(file.readlink()))
        except OSError:  # the folder itself, which is read here
            continue
    return sorted(name for name in names if not name.startswith("anon_inode"))


def assert_nothing_stays_open(work: Callable[[], object], times: int = TIMES) -> None:
    """The first time may open what stays for the process."""
    work()
    files, threads = open_now(), threading.active_count()
    for _ in range(times):
        work()
    assert open_now() == files
    assert threading.active_count() == threads


@pytest.fixture(autouse=True)
def one_dictionary(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its loading takes most of a second."""
    monkeypatch.setattr("indexer.installation.Analyser", cache(Analyser))


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    return fill(tmp_path_factory.mktemp("counted"))


def test_of_searches(config: Config) -> None:
    app = create_app(config, "127.0.0.1")
    client = app.test_client()
    paths = ("/?q=疫苗", "/api/v1/search?q=江城", "/api/v1/search?q=江城&format=csv", "/status", "/no/such/page")

    def search() -> None:
        for path in paths:
            client.get(path).close()

    assert_nothing_stays_open(search)
    app.extensions["xunwen"].installation.close()


def test_of_imports_and_indexing(tmp_path: Path) -> None:
    config = Config(data=tmp_path / "data")
    path = tmp_path / "articles.jsonl"
    numbers = iter(range(10_000))

    def keep() -> None:
        lines = [{"url": f"https://example.com/{next(numbers)}", "title": "标题", "text": "正文"}, {}]
        path.write_text("\n".join(map(json.dumps, lines)), "utf-8")
        with Installation(config) as installation:
            found = read([str(path), str(tmp_path / "missing")], zone=config.timezone, now=DISCOVERED)
            installation.archive.put(item for item in found if hasattr(item, "url"))
            build.update(installation.archive, installation.index, installation.analyser)

    assert_nothing_stays_open(keep)


def test_of_starts_of_the_application(config: Config) -> None:
    def start() -> None:
        app = create_app(config, "127.0.0.1")
        assert app.test_client().get("/healthz").status_code == 200
        app.extensions["xunwen"].installation.close()

    assert_nothing_stays_open(start)


def test_of_applications_that_nobody_closed(config: Config) -> None:
    def start() -> None:
        assert create_app(config, "127.0.0.1").test_client().get("/healthz").status_code == 200

    assert_nothing_stays_open(start)


def test_of_servers(config: Config) -> None:
    def serve() -> None:
        app = create_app(config, "127.0.0.1")
        server = open_server(app, "127.0.0.1", 0, threads=2)
        thread = threading.Thread(target=server.run)
        thread.start()
        server.stop()
        thread.join()
        server._warming.join()
        app.extensions["xunwen"].installation.close()

    assert_nothing_stays_open(serve, times=20)
