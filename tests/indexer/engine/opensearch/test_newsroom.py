"""Four importers at once into PostgreSQL, one of them killed, and an indexer that catches up all the while."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Sequence

from indexer import build
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.installation import Installation
from tests.databases import postgresql  # noqa: F401
from tests.indexer.engine.opensearch.cluster import LocalCluster

ARTICLES = 400
EDITIONS = "早午晚夜"

IMPORTER = """
import sys
from indexer.archive import Archive
from indexer.article import Article
address, edition, first, articles = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
with Archive(address) as archive:
    for start in range(first, first + articles, 20):
        archive.put(
            Article(url=f"https://example.com/{n}", title=f"新闻{n}", text=f"这是{edition}版的正文。")
            for n in range(start, start + 20)
        )
        print(start + 20, flush=True)
"""
"""Says after each batch up to which article all are kept."""


def test_archive_and_index_agree_article_by_article(
    postgresql: Callable[[], str],  # noqa: F811
    opensearch_node: LocalCluster,
) -> None:
    opensearch_node.clear()
    address = postgresql()
    config = Config(archive=address, engine="opensearch", engine_url=opensearch_node.urls[0])
    with Installation(config) as installation:
        archive, index, analyser = installation.archive, installation.index, installation.analyser
        importers = [start(address, EDITIONS[n], 100 * n, ARTICLES) for n in range(4)]
        killed, others = importers[0], importers[1:]
        assert killed.stdout
        acknowledged = [int(killed.stdout.readline()) for _ in range(3)][-1]
        killed.kill()
        while any(importer.poll() is None for importer in importers):
            build.update(archive, index, analyser)
        assert [finished(importer) for importer in others] == [0, 0, 0]
        acknowledged = max([acknowledged, *(int(line) for line in killed.stdout.read().split())])
        killed.stdout.close()
        assert killed.wait() != 0
        build.update(archive, index, analyser)

        kept = list(archive.iterate())
        assert {f"https://example.com/{n}" for n in [*range(acknowledged), *range(100, 700)]} <= {a.url for a in kept}
        assert index.info().sequence == archive.last_sequence()
        assert index.search(SearchRequest()).total == index.info().documents == len(kept)
        for edition in EDITIONS:
            grams, prefix = analyser.phrase_tokens(f"这是{edition}版的正文")
            answer = index.search(SearchRequest(Phrase(grams, prefix), sort="newest", limit=1000))
            assert {hit.id for hit in answer.hits} == {a.id for a in kept if a.text == f"这是{edition}版的正文。"}


def start(address: str, edition: str, first: int, articles: int) -> subprocess.Popen[str]:
    command: Sequence[str] = [sys.executable, "-c", IMPORTER, address, edition, str(first), str(articles)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def finished(importer: subprocess.Popen[str]) -> int:
    assert importer.stdout
    with importer.stdout:
        importer.stdout.read()
    return importer.wait()
