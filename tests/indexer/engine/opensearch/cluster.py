"""Real OpenSearch nodes for tests: from Maven Central's jars, on loopback, stopped by process id."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.parts import is_left_out

HERE = Path(__file__).parent
HEAP = "384m"
ROOM = 2 << 30
"""Bytes that nodes need for their data."""

PATIENCE = 180.0
"""Seconds that nodes may take to find each other on a busy machine."""


def missing() -> str | None:
    """Why no node can be started here, or ``None``."""
    if is_left_out("opensearch"):
        return "it is left out"
    lacking = [tool for tool in ("java", "javac", "mvn") if not shutil.which(tool)]
    return f"OpenSearch needs {', '.join(lacking)}" if lacking else None


def prepare() -> Path:
    """The folder with the jars and the launcher; downloaded and compiled once, outside the repository."""
    sources = (HERE / "pom.xml").read_bytes() + (HERE / "LocalNode.java").read_bytes()
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "xunwen-tests"
    folder = cache / f"opensearch-{hashlib.sha256(sources).hexdigest()[:12]}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests run in several processes
        _fill(folder)
    return folder


def _fill(folder: Path) -> None:
    """Download and compile what is not there yet."""
    if not (folder / "ready").exists():
        copy = [
            "mvn",
            "-q",
            "-B",
            "-f",
            HERE / "pom.xml",
            "dependency:copy-dependencies",
            f"-DoutputDirectory={folder}",
        ]
        subprocess.run(copy, check=True, stdin=subprocess.DEVNULL)
        subprocess.run(["javac", "-cp", f"{folder}/*", "-d", folder, HERE / "LocalNode.java"], check=True)
        (folder / "ready").touch()


@dataclass
class LocalCluster:
    """Some nodes of one cluster. A context manager: it runs within, and leaves nothing behind."""

    size: int = 1
    settings: tuple[str, ...] = ()
    processes: dict[int, subprocess.Popen[bytes]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        ports = _free_ports(2 * self.size)
        self.http, self.transport = ports[: self.size], ports[self.size :]

    def __enter__(self) -> LocalCluster:
        self.home = Path(tempfile.mkdtemp(prefix="xunwen-opensearch-", dir=_scratch()))
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *failure: object) -> None:
        self.stop()

    @property
    def urls(self) -> tuple[str, ...]:
        return tuple(f"http://127.0.0.1:{port}" for port in self.http)

    def start(self) -> None:
        for node in range(self.size):
            self.start_node(node)
        self.wait(nodes=self.size)

    def start_node(self, node: int) -> None:
        """Start one node, or start it again after a kill: it finds its data where it left it."""
        folder = prepare()
        (self.home / f"n{node}" / "config").mkdir(parents=True, exist_ok=True)
        settings = [
            f"path.home={self.home / f'n{node}'}",
            f"node.name=n{node}",
            "cluster.name=xunwen-tests",
            "network.host=127.0.0.1",
            f"http.port={self.http[node]}",
            f"transport.port={self.transport[node]}",
            "http.type=netty4",
            "transport.type=netty4",
            "cluster.initial_cluster_manager_nodes=" + ",".join(f"n{i}" for i in range(self.size)),
            "discovery.seed_hosts=" + ",".join(f"127.0.0.1:{port}" for port in self.transport),
            # The disk of a test machine is not the cluster's to judge.
            "cluster.routing.allocation.disk.threshold_enabled=false",
            # A small heap is full of what the next collection frees: that is no reason to refuse work.
            "indices.breaker.total.use_real_memory=false",
            *self.settings,
        ]
        command = ["java", f"-Xms{HEAP}", f"-Xmx{HEAP}", "-XX:+UseSerialGC", "-cp", f"{folder}:{folder}/*", "LocalNode"]
        log = (self.home / f"n{node}.log").open("ab")
        with log:
            self.processes[node] = subprocess.Popen(
                [*command, *settings], stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.PIPE
            )

    def kill(self, node: int) -> None:
        """As a power cut would."""
        process = self.processes.pop(node)
        process.kill()
        assert process.stdin
        process.stdin.close()
        process.wait()

    def stop(self) -> None:
        for node in list(self.processes):
            self.kill(node)
        shutil.rmtree(self.home)

    def clear(self) -> None:
        """Forget all indices: a node has room for a thousand shards, and is slow long before."""
        names = self.get(next(iter(self.processes)), "/_cluster/state/metadata?filter_path=metadata.indices.*.state")
        metadata = names.get("metadata", {})
        assert isinstance(metadata, dict)
        for name in metadata.get("indices", {}):
            self.send(next(iter(self.processes)), "DELETE", f"/{name}")

    def wait(self, nodes: int, status: str = "yellow") -> None:
        """Until so many nodes form a cluster of that colour."""
        deadline = time.monotonic() + PATIENCE
        path = f"/_cluster/health?wait_for_nodes={nodes}&wait_for_status={status}&timeout=5s"
        while time.monotonic() < deadline:
            for node in self.processes:
                if self.processes[node].poll() is not None:
                    raise RuntimeError(f"node {node} ended: {(self.home / f'n{node}.log').read_text()[-2000:]}")
            try:
                health = self.get(next(iter(self.processes)), path)
                if not health["timed_out"]:
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(0.3)
        raise RuntimeError(f"no cluster of {nodes} nodes within {PATIENCE:.0f} s")

    def get(self, node: int, path: str) -> dict[str, object]:
        return self.send(node, "GET", path)

    def send(self, node: int, method: str, path: str, body: object = None) -> dict[str, object]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.http[node]}{path}", method=method)
        if body is not None:
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, object] = json.load(answer)
            return found

    def manager(self) -> int:
        """The elected cluster manager's number."""
        node = next(iter(self.processes))
        state = self.get(node, "/_cluster/state/master_node,nodes")
        nodes = state["nodes"]
        assert isinstance(nodes, dict)
        return int(nodes[state["master_node"]]["name"][1:])


def _scratch() -> Path | None:
    """Where nodes keep their data: in memory if there is room, since a commit on a busy disk waits for its turn."""
    memory = Path("/dev/shm")
    roomy = memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > ROOM
    return memory if roomy else None


def _free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()
