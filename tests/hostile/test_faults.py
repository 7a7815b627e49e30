"""A call of the system fails, whichever: one line says why, nothing that was kept is lost, nothing wrong is answered.

``faults.c`` makes calls fail and ``faults.py`` makes the trials; ``XUNWEN_FAULTS`` sets how many of each sort (default
1; 0 makes every call fail in turn, which takes an hour).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from indexer.config import Config
from tests.hostile.faults import Plan
from tests.indexer.test_kill import run
from tests.parts import is_left_out, is_required

COMPILER = shutil.which("cc") or shutil.which("gcc")
TRIALS = int(os.environ.get("XUNWEN_FAULTS", "1"))
SEED = 1 if os.environ.get("CI") else random.randrange(1_000_000)
OLD, ALL, GONE = range(12), range(20), (18, 19)

pytestmark = [
    pytest.mark.hostile,
    pytest.mark.skipif(
        is_left_out("faults") or not (is_required("faults") or (COMPILER and sys.platform == "linux")),
        reason="faults are made on Linux, with a C compiler",
    ),
]


def address(number: int) -> str:
    return f"https://example.com/{number}"


def article(number: int) -> dict[str, str]:
    text = f"总统在第{number}次会议上表示，经济正在发展。普京（Putin）和{'甲乙丙丁'[number % 4]}（Name）也到了。" * 5
    return {"url": address(number), "title": f"第{number}号文章", "text": text}


class Feed(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        items = "".join(
            f"<item><title>{each['title']}</title><link>{each['url']}</link>"
            f"<description>{each['text']}</description></item>"
            for each in map(article, ALL)
        )
        body = f"<rss version='2.0'><channel><title>江城</title>{items}</channel></rss>".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        pass


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert COMPILER, "XUNWEN_REQUIRE asks for faults, but there is no C compiler"
    library = tmp_path_factory.mktemp("shim") / "faults.so"
    source = Path(__file__).with_name("faults.c")
    command = [COMPILER, "-O1", "-Wall", "-Werror", "-shared", "-fPIC", "-o", library, source, "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return library


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Data folders as they are before each command, and what it reads."""
    folder = tmp_path_factory.mktemp("faults")
    for name, numbers in (("old", OLD), ("all", ALL)):
        lines = (json.dumps(article(number), ensure_ascii=False) for number in numbers)
        (folder / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    (folder / "nothing").mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Feed)
    thread = Thread(target=server.serve_forever)
    thread.start()
    old = Config(data=folder / "old")
    run(old, "import", str(folder / "old.jsonl"))
    run(old, "index")
    (folder / "feeds.opml").write_text(
        "<opml version='2.0'><body><outline type='rss' xmlUrl='http://127.0.0.1:"
        f"{server.server_address[1]}/feed'/></body></opml>"
    )
    run(old, "subscribe", str(folder / "feeds.opml"))
    shutil.copytree(old.data, folder / "behind")
    run(Config(data=folder / "behind"), "import", str(folder / "all.jsonl"))
    shutil.copytree(folder / "behind", folder / "current")
    run(Config(data=folder / "current"), "index")
    shutil.copytree(folder / "current", folder / "unindexed")
    shutil.rmtree(folder / "unindexed" / "index")
    yield folder
    server.shutdown()
    server.server_close()
    thread.join()


COMMANDS = {
    "import into a new archive": ("nothing", ["import", "all.jsonl"], 0, {0}),
    "import": ("old", ["import", "all.jsonl"], len(OLD), {len(OLD)}),
    "fetch": ("old", ["fetch", "--all"], len(OLD), {len(OLD)}),
    "index for the first time": ("unindexed", ["index"], len(ALL), {0, len(ALL)}),
    "index": ("behind", ["index"], len(ALL), {len(OLD), len(ALL)}),
    "rebuild": ("current", ["rebuild"], len(ALL), {len(ALL)}),
    "learn-names": ("current", ["learn-names"], len(ALL), {len(ALL)}),
    "forget": ("current", ["forget", *map(address, GONE), "--yes", "--reason", "x"], 18, {len(ALL)}),
    "backup": ("current", ["backup", "{data}/backups"], len(ALL), {len(ALL)}),
    "search": ("current", ["search", "总统"], len(ALL), {len(ALL)}),
    "doctor": ("current", ["doctor"], len(ALL), {len(ALL)}),
    "stats": ("current", ["stats"], len(ALL), {len(ALL)}),
    "serve": ("current", ["serve"], len(ALL), {len(ALL)}),
}
"""Each command with the folder it begins with, how many articles are kept in it, and what its index may hold."""


@pytest.mark.parametrize("name", COMMANDS)
def test_a_call_that_fails_loses_nothing(shim: Path, inputs: Path, name: str) -> None:
    before, command, kept, totals = COMMANDS[name]
    arguments = [str(inputs / each) if (inputs / each).is_file() else each for each in command]
    addresses = [address(number) for number in ALL]
    gone = [address(number) for number in GONE if address(number) in command]
    plan = Plan(arguments, str(inputs / before), addresses[:kept], addresses, gone, sorted(totals), TRIALS, SEED)
    ended = subprocess.run(
        [sys.executable, "-m", "tests.hostile.faults"],
        input=json.dumps({name: getattr(plan, name) for name in Plan.__slots__}),
        env=os.environ | {"LD_PRELOAD": str(shim), "XUNWEN_FETCH_PRIVATE": "true"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0 and not ended.stdout, f"seed {SEED}: {ended.stdout}{ended.stderr}"
    assert " 0 faults" in ended.stderr
