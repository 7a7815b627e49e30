"""How the program fares on a cluster of three nodes, beside the embedded engine on the same machine.

::

    python -m benchmarks.cluster PATH [--questions 200]

imports the posts of PATH, starts three real OpenSearch nodes as the tests do (three shards, one replica each), and
prints: articles a second and bytes an article of either engine; the time of a page of results through either, asked in
turns; what twenty searches a second see of a rebuild; and what a client and an indexer live through when a node is
killed, first the elected manager and later another one. At the end archive and index are compared article by article.
"""

from __future__ import annotations

import argparse
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory

from flask.testing import FlaskClient

from benchmarks.corpus import load, questions
from indexer import build
from indexer.archive import Archive
from indexer.article import Article
from indexer.config import Config
from indexer.engine.index import SearchIndex, SearchRequest
from indexer.errors import EngineUnavailable, IndexLocked
from indexer.installation import Installation
from indexer.sources import read
from indexer.text.analyser import Analyser
from search_app import create_app
from tests.indexer.engine.opensearch.cluster import LocalCluster

_SEED = 20200910
_LATE = 3000
"""How many of the posts arrive only while nodes are killed."""

_PART = 100
"""How many of them at once."""

_RATE = 20.0
"""Searches a second during a rebuild."""


def say(text: str) -> None:
    print(f"{datetime.now(UTC):%H:%M:%S}  {text}", flush=True)


@contextmanager
def timed(what: str, articles: int) -> Iterator[None]:
    started = time.perf_counter()
    yield
    seconds = time.perf_counter() - started
    say(f"{what}: {seconds:.1f} s, {articles / seconds:,.0f} articles a second")


def percentiles(seconds: list[float]) -> str:
    cuts = quantiles(seconds, n=20, method="inclusive")
    return f"p50 {cuts[9] * 1000:.0f} ms, p95 {cuts[18] * 1000:.0f} ms, longest {max(seconds) * 1000:.0f} ms"


@dataclass
class Bounds:
    """How many articles an answer must hold at least, and at most."""

    acknowledged: int
    sent: int


@dataclass
class Client:
    """Asks for all articles, again and again, and checks what comes."""

    index: SearchIndex
    bounds: Bounds
    pause: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unavailable: list[tuple[float, str]] = field(default_factory=list)

    @contextmanager
    def asking(self) -> Iterator[None]:
        done = threading.Event()
        thread = threading.Thread(target=self._ask, args=(done,))
        thread.start()
        try:
            yield
        finally:
            done.set()
            thread.join()
        away = f", unavailable {len(self.unavailable)}"
        if self.unavailable:
            away += f" within {self.unavailable[-1][0] - self.unavailable[0][0]:.1f} s ({self.unavailable[0][1]})"
        say(f"  client: {len(self.times)} answers, {percentiles(self.times)}, wrong {len(self.wrong)}{away}")
        for line in self.wrong[:5]:
            say(f"    {line}")

    def _ask(self, done: threading.Event) -> None:
        while not done.is_set():
            least, started = self.bounds.acknowledged, time.perf_counter()
            try:
                answer = self.index.search(SearchRequest(limit=10, facets=("source",), zone="Asia/Shanghai"))
            except EngineUnavailable as error:
                self.unavailable.append((started, str(error)))
                time.sleep(0.2)
                continue
            self.times.append(time.perf_counter() - started)
            counted = sum(count for _, count in answer.facets["source"])
            if not least <= answer.total <= self.bounds.sent or counted != answer.total or len(answer.hits) != 10:
                self.wrong.append(
                    f"{answer.total} articles and {counted} in the facet, not {least} to {self.bounds.sent}"
                )
            time.sleep(max(0.0, self.pause - (time.perf_counter() - started)))


def pages(clients: dict[str, FlaskClient], asked: list[str]) -> None:
    """A page of results for every question, through every engine in turns."""
    times: dict[str, list[float]] = {name: [] for name in clients}
    totals: dict[str, list[int]] = {name: [] for name in clients}
    for question in asked:
        for name, client in clients.items():
            started = time.perf_counter()
            answer = client.get("/", query_string={"q": question})
            assert answer.status_code == 200, answer.text
            times[name].append(time.perf_counter() - started)
            totals[name].append(client.get("/api/v1/search", query_string={"q": question}).json["total"])
    for name, seconds in times.items():
        say(f"page through {name}: {percentiles(seconds)}")
    first, second = totals.values()
    say(f"  same totals: {sum(a == b for a, b in zip(first, second, strict=True))} of {len(asked)}")


def kill(nodes: LocalCluster, index: SearchIndex, archive: Archive, analyser: Analyser, late: list[Article]) -> None:
    """Kill a node while the last articles come in; ``index`` is also the indexer's."""
    documents = index.info().documents
    bounds = Bounds(documents, documents)
    victims: list[int] = []
    failures = 0
    for round_ in range(2):
        part = late[round_::2]
        client = Client(index, bounds)
        with client.asking():
            for start in range(0, len(part), _PART):
                if start == _PART * 3:
                    manager = nodes.manager()
                    victim = manager if not round_ else next(node for node in nodes.processes if node != manager)
                    killed = time.perf_counter()
                    nodes.kill(victim)
                    victims.append(victim)
                    say(f"killed node {victim}{'' if round_ else ', the elected manager'}")
                bounds.sent += archive.put(part[start : start + _PART]).new
                while True:
                    try:
                        build.update(archive, index, analyser)
                    except (EngineUnavailable, IndexLocked) as error:
                        failures += 1
                        say(f"  indexer, {time.perf_counter() - killed:.1f} s after: {error}")
                        continue
                    break
                bounds.acknowledged = bounds.sent
                if start == _PART * 3:
                    say(f"  indexer: committed {time.perf_counter() - killed:.1f} s after")
            started = time.perf_counter()
            nodes.start_node(victims[-1])
            nodes.wait(nodes=3, status="green")
            say(f"  green again {time.perf_counter() - started:.1f} s after the node's start")
    say(f"indexer: {failures} failed runs, each repeated")


def agree(archive: Archive, index: SearchIndex) -> None:
    """Every article of the archive is in the index once, and nothing else."""
    kept = {article.id: article for article in archive.iterate(html=False)}
    request = SearchRequest(sort="newest", limit=1000)
    held: list[str] = []
    while True:
        answer = index.search(request)
        held += [hit.id for hit in answer.hits]
        assert answer.total == len(kept)
        for hit in answer.hits:
            published = kept[hit.id].published
            assert hit.published == (published and int(published.timestamp())), hit
        if not answer.next:
            break
        request = replace(request, after=answer.next)
    assert sorted(held) == sorted(kept)
    assert index.info().sequence == archive.last_sequence()
    say(f"archive and index agree on {len(held):,} articles")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("path", type=Path)
    parser.add_argument("--questions", type=int, default=200)
    chosen = parser.parse_args()
    analyser = Analyser()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="xunwen-cluster-")))
        nodes = stack.enter_context(LocalCluster(size=3))
        embedded = Config(data=folder / "data")
        clustered = replace(
            embedded, engine="opensearch", engine_url=",".join(nodes.urls), engine_shards=3, engine_replicas=1
        )
        installation = stack.enter_context(Installation(embedded))
        archive, whoosh = installation.archive, installation.index
        index = stack.enter_context(Installation(clustered)).index
        found = read([chosen.path], zone=embedded.timezone, now=datetime.now(UTC))
        posts = [article for article in found if isinstance(article, Article)]
        archive.put(posts[:-_LATE])
        count = archive.count()
        say(f"{count:,} articles in the archive, {len(posts) - count:,} to come")
        for name, one in (("whoosh", whoosh), ("opensearch", index)):
            with timed(f"indexing with {name}", count):
                build.update(archive, one, analyser)
            say(f"  {one.info().size / count:,.0f} bytes an article")
        nodes.wait(nodes=3, status="green")
        asked = [
            " ".join(question.runs) for question in questions(load(chosen.path), chosen.questions, _SEED, analyser)
        ]
        clients = {
            name: create_app(each).test_client() for name, each in (("whoosh", embedded), ("opensearch", clustered))
        }
        for client in clients.values():
            client.get("/", query_string={"q": "中国"})
        pages(clients, asked)
        client = Client(index, Bounds(count, count), pause=1 / _RATE)
        with client.asking(), timed(f"rebuild under {_RATE:.0f} searches a second", count):
            build.rebuild(archive, index, analyser)
        kill(nodes, index, archive, analyser, posts[-_LATE:])
        agree(archive, index)


if __name__ == "__main__":
    main()
