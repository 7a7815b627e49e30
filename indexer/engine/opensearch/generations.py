"""Generations: indices ``PREFIX-gen-N``, of which the live one has the alias ``PREFIX``."""

import re
from collections.abc import Callable, Iterable
from contextlib import ExitStack, suppress
from dataclasses import replace
from typing import Any, Self

from opensearchpy.exceptions import NotFoundError, RequestError

from indexer.engine.index import IndexInfo, Stamp
from indexer.engine.opensearch.client import Cluster, check_version, connect, translated
from indexer.engine.opensearch.lease import DURATION, Lease
from indexer.engine.opensearch.mapping import empty, index_body, info_of, writing_alias
from indexer.engine.opensearch.points import Commit
from indexer.engine.opensearch.writer import OpenSearchWriter
from indexer.errors import EngineUnavailable, IndexCorrupt, StampMismatch

_UNKNOWN = "the index does not say how it was made; run “xunwen rebuild”"


class Generations:
    """The generations on a cluster under one prefix."""

    def __init__(self, cluster: Cluster, stamp: Stamp, clock: Callable[[], float]) -> None:
        self.client = connect(cluster, wait=cluster.timeout)
        self._patient = connect(cluster, wait=cluster.patience, insist=True)
        self._leasing = connect(cluster, wait=DURATION / 3, insist=True)
        self._cluster = cluster
        self._stamp = stamp
        self._clock = clock
        self._known_version = False

    @property
    def alias(self) -> str:
        return self._cluster.prefix

    def live(self) -> tuple[Commit, IndexInfo]:
        """The live generation's last commit, and its account of itself."""
        self.check_version()
        with translated("read the index's state"):
            # Every node knows; asking this one alone works also while a cluster manager is being elected.
            found = self.client.indices.get(index=self.alias, params={"local": "true"})
        if len(found) != 1:
            raise IndexCorrupt(f"the alias {self.alias} names {len(found)} indices; run “xunwen rebuild”")
        [(name, description)] = found.items()
        commit, info = _account(name, description)
        if info.stamp != self._stamp:
            raise StampMismatch("the index was built with other analysis; run “xunwen rebuild”")
        return commit, info

    def health(self) -> tuple[str, ...]:
        """What an operator should mend."""
        with translated("read the cluster's health"):
            health = self.client.cluster.health(index=self.alias, params={"local": "true"})
        missing = health["unassigned_shards"] + health["initializing_shards"]
        match health["status"]:
            case "red":
                return (f"OpenSearch is red: {missing} shards are missing, and articles with them",)
            case "yellow":
                return (f"OpenSearch is yellow: {missing} copies of shards are missing",)
        return ()

    def write_live(self, sequence: int) -> OpenSearchWriter:
        _, info = self.live()
        return self.write(info.generation, sequence, self.lease("writer"))

    def write(self, generation: int, sequence: int, lease: Lease | None) -> OpenSearchWriter:
        alias = writing_alias(self._cluster.prefix, generation)

        def state() -> IndexInfo:
            [(name, description)] = self._patient.indices.get(index=alias).items()
            return _account(name, description)[1]

        return OpenSearchWriter(self._patient, alias, sequence, lease, state, self._clock)

    def lease(self, name: str) -> Lease:
        """The right to write (``writer``) or to rebuild (``rebuild``), not yet taken."""
        self.check_version()
        index = f"{self._cluster.prefix}-leases"
        with translated("prepare the leases"):
            if not self._patient.indices.exists(index=index):
                body = {
                    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
                    "mappings": {"enabled": False},
                }
                # 400: another process has created it meanwhile.
                self._patient.indices.create(index=index, body=body, params={"ignore": 400})
        return Lease(self._leasing, index, name, self._clock)

    def check_version(self) -> None:
        """Refuse a server that this program does not know; asked once."""
        if not self._known_version:
            check_version(self.client)
            self._known_version = True

    def names(self) -> dict[int, str]:
        """All generations, also those that a crash left behind."""
        with translated("list the generations"):
            found = self._patient.indices.get(index=f"{self.alias}-gen-*", params={"allow_no_indices": "true"})
        pattern = re.compile(re.escape(self.alias) + r"-gen-(\d+)")
        return {int(match[1]): name for name in found if (match := pattern.fullmatch(name))}

    def create(self, generation: int) -> str:
        name = f"{self.alias}-gen-{generation}"
        with translated("create a generation"):
            try:
                self._patient.indices.create(index=name, body=index_body(self._cluster, empty(self._stamp, generation)))
            except RequestError as error:
                # Only the holder of the lease creates: the first try succeeded, but its answer was lost.
                if error.error != "resource_already_exists_exception":
                    raise
        return name

    def activate(self, name: str) -> set[str]:
        """Move the alias in one step; returns the generations that had it."""
        before = self.aliased() - {name}
        actions: list[dict[str, Any]] = [{"remove": {"index": old, "alias": self.alias}} for old in before]
        actions.append({"add": {"index": name, "alias": self.alias}})
        with translated("make the new generation live"):
            try:
                self._patient.indices.update_aliases(body={"actions": actions})
            except NotFoundError:
                # The first try succeeded, but its answer was lost.
                if self.aliased() != {name}:
                    raise
        return before

    def aliased(self) -> set[str]:
        with translated("read the alias"):
            try:
                return set(self._patient.indices.get_alias(name=self.alias))
            except NotFoundError:
                return set()

    def drop(self, names: Iterable[str]) -> None:
        for name in sorted(names):
            with translated("remove an old generation"):
                self._patient.indices.delete(index=name, params={"ignore_unavailable": "true"})

    def close(self) -> None:
        self.client.close()
        self._patient.close()
        self._leasing.close()


class OpenSearchRebuild:
    """A generation that nobody sees yet. Only one is built at a time."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._lease: Lease | None = None
        self._number = 0
        self._name = ""

    def __enter__(self) -> Self:
        generations = self._generations
        lease = generations.lease("rebuild")
        lease.acquire()
        with ExitStack() as failing:
            failing.callback(lease.release)
            existing = generations.names()
            self._number = max(existing, default=0) + 1
            generations.drop(set(existing.values()) - generations.aliased())
            self._name = generations.create(self._number)
            failing.pop_all()
        self._lease = lease
        return self

    def __exit__(self, *failure: object) -> None:
        # What cannot be removed now is removed by the next rebuild.
        with suppress(EngineUnavailable):
            if self._name not in self._generations.aliased():
                self._generations.drop({self._name})
        if self._lease:
            self._lease.release()

    def write(self, sequence: int) -> OpenSearchWriter:
        return self._generations.write(self._number, sequence, None)

    def activate(self) -> None:
        if self._lease:
            self._lease.check()
        before = self._generations.activate(self._name)
        with suppress(EngineUnavailable):  # as above
            self._generations.drop(before)


def _account(name: str, description: dict[str, Any]) -> tuple[Commit, IndexInfo]:
    try:
        meta = description["mappings"]["_meta"]
        info, commit = info_of(meta), Commit(name, meta["commit"])
    except (KeyError, TypeError) as error:
        raise IndexCorrupt(_UNKNOWN) from error
    blocks = description.get("settings", {}).get("index", {}).get("blocks", {})
    blocked = sorted(block for block, value in blocks.items() if value == "true")
    if blocked:
        info = replace(info, warnings=(f"OpenSearch blocks the index ({', '.join(blocked)}); is a disk full?",))
    return commit, info
