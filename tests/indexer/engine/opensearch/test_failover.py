"""Three nodes, three shards, one replica: one node is killed while a client searches and an indexer writes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest

from indexer.engine.index import SearchIndex, SearchRequest
from indexer.engine.opensearch import OpenSearchIndex
from indexer.engine.opensearch.client import Cluster
from indexer.errors import EngineUnavailable, IndexLocked
from tests.indexer.engine.documents import STAMP, Doc, build, found, put
from tests.indexer.engine.opensearch.cluster import LocalCluster

AT_ONCE = 25


@pytest.fixture(scope="module")
def three_nodes() -> Iterator[LocalCluster]:
    with LocalCluster(size=3) as nodes:
        yield nodes


def docs(commit: int) -> list[Doc]:
    return [Doc(f"{commit:03}.{n:02}", "中美关系", "国关", source=f"{n % 2}报") for n in range(AT_ONCE)]


def write(index: SearchIndex, commit: int) -> None:
    """One commit, as an indexer does that is run again after every failure."""
    while True:
        try:
            put(index, docs(commit), commit)
        except (EngineUnavailable, IndexLocked):
            continue
        return


def test_the_elected_manager_is_killed_while_a_client_searches_and_an_indexer_writes(three_nodes: LocalCluster) -> None:
    cluster = Cluster(three_nodes.urls, shards=3, replicas=1)
    done = threading.Event()
    sent = acknowledged = 0

    def search() -> tuple[int, int]:
        """Every answer holds all that was acknowledged before, and nothing that was not sent."""
        right = unavailable = 0
        with closing(OpenSearchIndex(cluster, STAMP)) as index:
            while not done.is_set():
                least = acknowledged
                try:
                    answer = index.search(SearchRequest(limit=3, facets=("source",)))
                except EngineUnavailable:
                    unavailable += 1
                    continue
                assert least <= answer.total <= sent
                assert sum(count for _, count in answer.facets["source"]) == answer.total
                assert len(answer.hits) == 3
                right += 1
        return right, unavailable

    with closing(OpenSearchIndex(cluster, STAMP)) as index:
        sent = acknowledged = AT_ONCE
        build(index, docs(1))
        three_nodes.wait(nodes=3, status="green")
        with ThreadPoolExecutor(1) as pool:
            client = pool.submit(search)
            try:
                for commit in range(2, 10):
                    if commit == 4:
                        victim = three_nodes.manager()
                        three_nodes.kill(victim)
                    sent += AT_ONCE
                    write(index, commit)
                    acknowledged = sent
                assert three_nodes.manager() != victim
                three_nodes.start_node(victim)
                three_nodes.wait(nodes=3, status="green")
                sent += AT_ONCE
                write(index, 10)
                acknowledged = sent
            finally:
                done.set()
            right, _ = client.result()
        assert right > 0
        expected = [doc.id for commit in range(1, 11) for doc in docs(commit)]
        with closing(OpenSearchIndex(cluster, STAMP)) as fresh:
            for reader in (index, fresh):
                assert found(reader, sort="newest") == expected
                assert (reader.info().documents, reader.info().sequence) == (len(expected), 10)
                assert reader.info().warnings == ()
