"""``make soak [MINUTES=2]``: an archive that grows, is damaged and killed, while ten readers ask.

Feeds come from a server on this machine: good, failing, slow, broken, hostile and endless ones. Two keepers run the
commands against one data folder and kill every other one of them at a random moment (SIGKILL); files that are derived
from the archive are overwritten with random bytes; readers search, page, export and open articles of the shipped
server. At the end archive and index must agree article by article, nothing that was acknowledged may be missing, no
answer may have been wrong or an error but 429 and 503, no command may have ended with a traceback, and the server's
memory must have stopped to grow. The exit status is 1 when one of these is not so.

Only loopback addresses are asked; every process that is started is ended by its handle.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import random
import re
import resource
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import click
import httpx

from indexer.archive import Archive
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.installation import Installation
from indexer.sources.opml import Outline, write_opml

READERS = 10
KEEPERS = 2
MOST_REQUESTS = 100_000
LONGEST_COMMAND = 180
"""Seconds after which a command counts as hanging; a fetch alone may take a minute a feed."""

MOST_GROWTH = 1.25
"""What the server's memory may have grown by between the middle and the end of the time, as a factor."""

ALLOWED = (200, 429, 503)
WORDS = "总统 经济 会议 表示 指出 美国 中国 欧洲 疫情 疫苗 市场 企业 政府 人民 问题 发展 国际 今天 周五".split()  # noqa: SIM905
LOCKED = "another process is"
"""What the second of two indexers may say."""

DERIVED = ("learned_names.tsv", "lexicon.tsv", "variants.tsv")


@dataclass
class Record:
    """What was seen, by all threads. ``acknowledged`` are addresses that a command said it kept."""

    until: float
    counts: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    acknowledged: set[str] = field(default_factory=set)
    memory: list[tuple[float, int]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: int = 0

    @property
    def over(self) -> bool:
        return time.monotonic() >= self.until

    def count(self, what: str, by: int = 1) -> None:
        with self.lock:
            self.counts[what] += by

    def fault(self, what: str) -> None:
        """Numbers are left out, so that the same fault is counted and not listed."""
        with self.lock:
            self.faults[re.sub(r"[0-9a-f]{16}|\d+", "N", what)[:400]] += 1

    def number(self) -> int:
        """The number of the next article that is made."""
        with self.lock:
            self.made += 1
            return self.made


def article(number: int, site: str) -> dict[str, str]:
    """An article whose title tells its number, and whose text is of its number too."""
    picked = random.Random(number).choices(WORDS, k=80)
    text = "，".join("".join(picked[start : start + 4]) for start in range(0, 80, 4))
    return {"url": f"https://{site}/{number}", "title": f"第{number}号{picked[0]}", "text": f"{text}。"}


# -- feeds -------------------------------------------------------------------------------------------------------------


class Feeds(ThreadingHTTPServer):
    """Feeds of every sort. Each request of a good one brings new articles."""

    daemon_threads = True
    record: Record

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients are killed here: connections that break are no news."""


class Feed(BaseHTTPRequestHandler):
    server: Feeds

    def do_GET(self) -> None:
        kinds: dict[str, Callable[[], None]] = {
            "failing": lambda: self._send(b"no", 500),
            "gone": lambda: self._send(b"", 410),
            "broken": lambda: self._send(b"<rss><channel><item><title>" + os.urandom(500)),
            "empty": lambda: self._send(b""),
            "redirect": lambda: self._send(b"", 302, Location=f"http://{'a' * 80}.example/"),
            "circle": lambda: self._send(b"", 302, Location=self.path),
            "bomb": lambda: self._send(gzip.compress(bytes(40_000_000)), Content_Encoding="gzip"),
            "hostile": lambda: self._send(_rss(self._hostile())),
            "slow": self._trickle,
            "huge": self._endless,
        }
        kind = self.path.strip("/").split(".")[0]
        kinds.get(kind, lambda: self._send(_rss([article(self.server.record.number(), kind) for _ in range(8)])))()

    def _hostile(self) -> list[dict[str, str]]:
        made = article(self.server.record.number(), "hostile.example")
        nested = "<div>" * 3000 + "</div>" * 3000 + "e" + "\u0301\u0323" * 3000
        return [
            made | {"text": made["text"] + nested},
            {"url": "javascript:alert(1)", "title": "<b>" * 500, "text": "x"},
        ]

    def _send(self, body: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _trickle(self) -> None:
        self.send_response(200)
        self.end_headers()
        while not self.server.record.over:
            self.wfile.write(b" ")
            time.sleep(1)

    def _endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        for _ in range(64):
            self.wfile.write(b"<rss>" + b"<item><title>x</title>" * 50_000)

    def log_message(self, format: str, *arguments: object) -> None:
        """The report tells enough."""


def _rss(items: list[dict[str, str]]) -> bytes:
    def escaped(text: str) -> str:
        return text.replace("&", "&amp;").replace("<", "&lt;")

    entries = "".join(
        f"<item><title>{escaped(each['title'])}</title><link>{escaped(each['url'])}</link>"
        f"<description>{escaped(each['text'])}</description></item>"
        for each in items
    )
    return f"<rss version='2.0'><channel><title>江城</title>{entries}</channel></rss>".encode()


KINDS = ("one.example", "two.example", "failing", "gone", "broken", "empty", "redirect", "circle", "bomb", "hostile",
         "slow", "huge")  # fmt: skip


# -- keepers -----------------------------------------------------------------------------------------------------------


@dataclass
class Keeper:
    """Runs the commands on one data folder."""

    config: Config
    record: Record
    folder: Path

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(self.config.data)]
        environment = os.environ | {"XUNWEN_FETCH_PRIVATE": "true"}
        return subprocess.Popen(
            [*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
        )

    def run(self, *arguments: str, kill_after: float | None = None, expected: str = "") -> tuple[int, str]:
        """The exit status and what was said; a status below zero is that of a signal.

        A failure whose line holds ``expected`` is none.
        """
        with self.start(*arguments) as process:
            try:
                output = process.communicate(timeout=kill_after or LONGEST_COMMAND)[0]
            except subprocess.TimeoutExpired:
                process.kill()
                output = process.communicate()[0]
                if kill_after is None:
                    self.record.fault(f"{arguments[0]} did not end in {LONGEST_COMMAND} s")
                    return process.returncode, output
        self._judge(arguments[0], process.returncode, output, expected)
        return process.returncode, output

    def _judge(self, command: str, status: int, output: str, expected: str) -> None:
        """A command that fails says one line of what is wrong, after what it did."""
        outcome = "done" if not status else "killed" if status == -9 else "failed"
        self.record.count(f"{command} {outcome}")
        if "Traceback" in output:
            self.record.fault(f"{command}: traceback: {output.strip().splitlines()[-1]}")
        elif outcome == "failed":
            said = [line for line in output.splitlines() if line.startswith("Error: ")]
            if len(said) != 1:
                self.record.fault(f"{command}: {status}, {len(said)} lines of error: {output.strip()[-200:]}")
            elif not expected or expected not in said[0]:
                self.record.fault(f"{command}: {said[0]}")

    def work(self, seed: int) -> None:
        """One command after the other, until it is time."""
        dice = random.Random(seed)
        while not self.record.over:
            kill_after = dice.uniform(0.3, 6) if dice.random() < 0.5 else None
            match dice.choice(("import", "import", "fetch", "index", "index", "rebuild")):
                case "import":
                    self._import(kill_after)
                case "fetch":
                    self.run("fetch", "--all", kill_after=kill_after)
                case command:
                    self.run(command, kill_after=kill_after, expected=LOCKED)

    def _import(self, kill_after: float | None) -> None:
        items = [article(self.record.number(), "files.example") for _ in range(200)]
        path = self.folder / f"{items[0]['title']}.jsonl"
        path.write_text("".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items), "utf-8")
        status, _ = self.run("import", str(path), kill_after=kill_after)
        if status == 0:
            with self.record.lock:
                self.record.acknowledged |= {item["url"] for item in items}


def damage(config: Config, record: Record, seed: int) -> None:
    """Overwrite what is derived with random bytes, now and then; take a person's file away again."""
    dice = random.Random(seed)
    while not record.over:
        path = config.data / dice.choice(DERIVED)
        path.write_bytes(dice.randbytes(dice.choice((0, 1, 100, 10_000))))
        record.count("damaged files")
        time.sleep(dice.uniform(1, 4))
        if path.name == "variants.tsv":
            path.unlink(missing_ok=True)


# -- readers -----------------------------------------------------------------------------------------------------------


class Reader:
    """Asks what a person or a program asks, and looks at every answer."""

    def __init__(self, address: str, record: Record, seed: int) -> None:
        self._client = httpx.Client(base_url=address, timeout=60)
        self._record = record
        self._dice = random.Random(seed)

    def work(self) -> None:
        with self._client:
            while not self._record.over and self._record.counts["requests"] < MOST_REQUESTS:
                try:
                    self._dice.choice(
                        (self._search, self._number, self._pages, self._export, self._article, self._page)
                    )()
                except httpx.HTTPError as error:
                    if not self._record.over:
                        self._record.fault(f"the server gave no answer: {type(error).__name__}")
                time.sleep(self._dice.uniform(0, 0.3))

    def _get(self, path: str, **parameters: str) -> httpx.Response | None:
        """The answer, ``None`` for one that puts us off."""
        response = self._client.get(path, params=parameters)
        self._record.count("requests")
        self._record.count(f"answers {response.status_code}")
        if response.status_code not in ALLOWED:
            self._record.fault(f"{path}: error {_spelled(response.status_code)}")
        elif response.status_code != 200 and "Retry-After" not in response.headers:
            self._record.fault(f"{path}: {_spelled(response.status_code)} without Retry-After")
        return response if response.status_code == 200 else None

    def _check(self, right: bool, what: str) -> None:
        if not right:
            self._record.fault(f"wrong answer: {what}")

    def _search(self) -> None:
        word = self._dice.choice(WORDS)
        if response := self._get("/api/v1/search", q=word, limit="20"):
            answer = response.json()
            self._check(len(answer["hits"]) == min(20, answer["total"]), "hits do not add up to the total")
            for hit in answer["hits"]:
                self._check(word in hit["title"] + hit["snippet"]["text"], "a hit without what was asked for")

    def _number(self) -> None:
        number = self._dice.randint(1, max(self._record.made, 1))
        if response := self._get("/api/v1/search", q=f'"第{number}号"'):
            hits = response.json()["hits"]
            self._check(
                all(hit["title"].startswith(f"第{number}号") for hit in hits), "a number that was not asked for"
            )
            self._check(len(hits) <= 1, "one article stands twice in the index")

    def _pages(self) -> None:
        cursor, seen = "", set[str]()
        for _ in range(5):
            response = self._get("/api/v1/search", q="", sort="oldest", limit="50", cursor=cursor)
            if not response:
                return
            ids = [hit["id"] for hit in response.json()["hits"]]
            self._check(not seen & set(ids), "paging shows an article twice")
            seen |= set(ids)
            cursor = response.json()["next"] or ""
            if not cursor:
                return

    def _export(self) -> None:
        if response := self._get("/api/v1/search", q=self._dice.choice(WORDS), format="jsonl"):
            lines = [json.loads(line) for line in response.text.splitlines()]
            self._check(len(lines) == int(response.headers["X-Total-Count"]), "an export is not complete")

    def _article(self) -> None:
        if (response := self._get("/api/v1/search", q=self._dice.choice(WORDS), limit="5")) and response.json()["hits"]:
            hit = self._dice.choice(response.json()["hits"])
            if page := self._get(f"/article/{hit['id']}", q="疫苗"):
                self._check(hit["title"] in re.sub("</?mark>", "", page.text), "an article's page without its title")

    def _page(self) -> None:
        path = self._dice.choice(("/", "/timeline", "/status", "/feed.atom", "/healthz", "/subscriptions", "/metrics"))
        self._get(path, **({"q": self._dice.choice(WORDS)} if path in ("/", "/timeline", "/feed.atom") else {}))


def _spelled(status: int) -> str:
    """A status that keeps its figures where faults of a kind are counted together."""
    return HTTPStatus(status).phrase


# -- all of it ---------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def serving(keeper: Keeper) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The shipped server on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (keeper.folder / "server.log").open("w") as log:
        command = [sys.executable, "-c", "from search_app.cli import main; main()", "--data", str(keeper.config.data)]
        process = subprocess.Popen([*command, "serve", "--port", str(port)], stdout=log, stderr=log, text=True)
        try:
            yield f"http://127.0.0.1:{port}", process
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                keeper.record.fault("the server did not end 30 s after SIGTERM")
                process.kill()
                process.wait()


def watch(process: subprocess.Popen[str], record: Record) -> None:
    """Resident memory in MB once a second, as Linux tells it."""
    began = time.monotonic()
    while not record.over and process.poll() is None:
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{process.pid}/status").read_text()
            record.memory.append((time.monotonic() - began, int(status.split("VmRSS:")[1].split()[0]) // 1024))
        time.sleep(1)
    if not record.over:
        record.fault(f"the server ended by itself with status {process.returncode}")


def compare(keeper: Keeper) -> None:
    """Archive and index, article by article, after one undisturbed update."""
    for name in DERIVED:
        (keeper.config.data / name).unlink(missing_ok=True)
    status, output = keeper.run("index")
    if status:
        keeper.record.fault(f"the last update failed: {output.strip()[-200:]}")
        return
    with Installation(keeper.config) as installation:
        kept = {each.id: each for each in installation.archive.iterate(html=False)}
        index, analyser = installation.index, installation.analyser
        held = {hit.id for hit in index.search(SearchRequest(limit=len(kept) + 1_000)).hits}
        keeper.record.count("articles", len(kept))
        for what, ids in (("in the archive alone", kept.keys() - held), ("in the index alone", held - kept.keys())):
            if ids:
                keeper.record.fault(f"articles {what}: {sorted(ids)[:3]} of {len(ids)}")
        for each in random.sample(sorted(kept), min(300, len(kept))):
            title = kept[each].title
            found = index.search(SearchRequest(Phrase(*analyser.phrase_tokens(title[:20])), limit=1_000))
            if analyser.phrase_tokens(title[:20])[0] and each not in {hit.id for hit in found.hits}:
                keeper.record.fault(f"not found by its title: {title[:20]}")
        lost = keeper.record.acknowledged - {each.url for each in kept.values()}
        if lost:
            keeper.record.fault(f"acknowledged and lost: {len(lost)}, {sorted(lost)[:3]}")
        if said := installation.archive.damage():
            keeper.record.fault(f"the archive is damaged: {said}")


def fill_a_disk(keeper: Keeper) -> None:
    """Import into a small file system until it is full: one line says so, and what was kept is whole."""
    place = keeper.folder / "small"
    place.mkdir()
    mounted = os.geteuid() == 0 and not subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True, check=False
    ).returncode  # fmt: skip
    if not mounted:
        click.echo("no full disk was tried: that needs root and mount")
        return
    try:
        small = Keeper(Config(data=place / "data"), keeper.record, keeper.folder)
        status, output = small.run(
            "import", *map(str, sorted(keeper.folder.glob("*.jsonl"))), *_large(keeper.folder), expected="full"
        )
        keeper.record.count("full disks")
        if status != 1:
            keeper.record.fault(f"a full disk: status {status}: {output.strip()[-200:]}")
        with Archive(small.config.archive_location) as archive:
            if said := archive.damage():
                keeper.record.fault(f"a full disk damages the archive: {said}")
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)


def _large(folder: Path) -> list[str]:
    path = folder / "large.jsonl"
    texts = (
        {"url": f"https://large.example/{i}", "title": str(i), "text": os.urandom(50_000).hex()} for i in range(100)
    )
    path.write_text("".join(json.dumps(each) + "\n" for each in texts))
    return [str(path)]


def soak(minutes: float, folder: Path, seed: int) -> Record:
    record = Record(time.monotonic() + minutes * 60)
    keeper = Keeper(Config(data=folder / "data"), record, folder)
    feeds = Feeds(("127.0.0.1", 0), Feed)
    feeds.record = record
    threading.Thread(target=feeds.serve_forever, daemon=True).start()
    addresses = [f"http://127.0.0.1:{feeds.server_address[1]}/{kind}.xml" for kind in KINDS]
    keeper._import(None)
    listed = folder / "feeds.opml"  # a list is followed as it is; an address alone would be looked at first
    listed.write_text(write_opml(Outline(each, "") for each in addresses), "utf-8")
    keeper.run("subscribe", str(listed))
    keeper.run("index")
    with serving(keeper) as (address, process):
        _wait_for(address, process)
        threads = [threading.Thread(target=keeper.work, args=(seed + i,)) for i in range(KEEPERS)]
        threads += [threading.Thread(target=Reader(address, record, seed + i).work) for i in range(READERS)]
        threads += [threading.Thread(target=damage, args=(keeper.config, record, seed))]
        threads += [threading.Thread(target=watch, args=(process, record))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    feeds.shutdown()
    feeds.server_close()
    compare(keeper)
    fill_a_disk(keeper)
    log = (folder / "server.log").read_text("utf-8", "replace")
    if "Traceback" in log:
        record.fault(f"tracebacks in the server's log: {log.count('Traceback')}, the last:\n{_last_traceback(log)}")
    return record


def _last_traceback(log: str) -> str:
    """The last one, and the error below it."""
    lines = log[log.rindex("Traceback") :].splitlines()
    end = next((number for number, line in enumerate(lines[1:], 1) if line and not line.startswith(" ")), len(lines))
    return "\n".join(lines[max(0, end - 12) : end + 1])


def _wait_for(address: str, process: subprocess.Popen[str]) -> None:
    for _ in range(300):
        with contextlib.suppress(httpx.HTTPError):
            httpx.get(f"{address}/healthz", timeout=10)
            return
        if process.poll() is not None:
            break
        time.sleep(0.2)
    raise click.ClickException("the server did not come up")


def flatness(record: Record) -> str:
    """The server's memory: at first, in the middle and at the end (medians of a tenth of the time)."""
    sizes = [size for _, size in record.memory]
    if len(sizes) < 20:
        return "memory: too few measurements"
    tenth = len(sizes) // 10
    first, middle, last = (
        sorted(sizes[start : start + tenth])[tenth // 2] for start in (0, len(sizes) // 2, len(sizes) - tenth)
    )
    if last > MOST_GROWTH * middle:
        record.fault("the server's memory grows")
    return f"memory of the server: {first} MB at first, {middle} MB in the middle, {last} MB at the end"


@click.command(help=__doc__)
@click.option("--minutes", default=2.0, show_default=True, type=click.FloatRange(0.1, 60))
@click.option("--seed", default=0, help="For the same dice again; 0 throws new ones.")
def main(minutes: float, seed: int) -> None:
    seed = seed or random.SystemRandom().randrange(1, 1_000_000)
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        record = soak(minutes, Path(folder), seed)
    click.echo(f"seed {seed}, {minutes:g} minutes; {flatness(record)}")
    for what, count in sorted(record.counts.items()):
        click.echo(f"{count:>8,}  {what}")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    click.echo(f"{children.ru_utime + children.ru_stime:>8,.0f}  seconds of CPU of commands and server")
    for what, count in record.faults.most_common():
        click.secho(f"{count:>6} x  {what}", fg="red")
    if record.faults:
        raise click.exceptions.Exit(1)
    click.secho("no fault was found", fg="green")


if __name__ == "__main__":
    main()
