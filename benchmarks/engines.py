"""Engines as processes: started, asked and stopped; see ``worker``."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.peers import Question

HERE = Path(__file__).parent

NAMES = {
    "xunwen": "Xunwen",
    "tantivy": "Tantivy",
    "lucene": "Lucene + SmartCN",
    "fts5": "SQLite FTS5",
    "stock": "Whoosh + ChineseAnalyzer",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """``seconds`` as the engine's own process measured them."""

    seconds: float
    total: int = 0
    sources: int = 0
    days: int = 0
    hits: tuple[str, ...] = ()


class Engine:
    """One engine at work on an index in ``folder``."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        command = _java(folder) if name == "lucene" else [sys.executable, "-m", "benchmarks.worker", name, str(folder)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8", cwd=HERE.parent
        )

    def build(self, articles: Path) -> Answer:
        return self._ask("build", str(articles))

    def add(self, articles: Path) -> Answer:
        return self._ask("add", str(articles))

    def page(self, question: Question) -> Answer:
        lo, hi = ("" if end is None else str(end) for end in (question.lo, question.hi))
        runs = (" ".join((run, *grams)) for run, grams in zip(question.runs, question.grams, strict=True))
        return self._ask("page", lo, hi, " ".join(question.words), *runs)

    def peak_memory(self) -> int:
        """The most bytes of memory that the process ever had."""
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return next(int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM"))

    def processor_time(self) -> float:
        """Seconds that the process has had, on all cores together: what a busy machine does not change."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def size(self) -> int:
        """Bytes of the index on the disk."""
        return sum(path.stat().st_size for path in self.folder.rglob("*") if path.is_file())

    def stop(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait(60)
        self._process.stdout.close()

    def _ask(self, *request: str) -> Answer:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write("\t".join(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline().rstrip("\n")
        if not line:
            raise RuntimeError(f"{self.name} has ended: {self._process.poll()}")
        seconds, *rest = line.split("\t")
        if len(rest) < 4:
            return Answer(float(seconds))
        total, sources, days, hits = rest
        return Answer(float(seconds), int(total), int(sources), int(days), tuple(hits.split(",")) if hits else ())


def missing(name: str) -> str | None:
    """Why an engine can't be measured here, or ``None``."""
    if name != "lucene":
        return None
    lacking = [tool for tool in ("java", "javac", "mvn") if not shutil.which(tool)]
    return f"needs {', '.join(lacking)}" if lacking else None


def _java(folder: Path) -> Sequence[str]:
    """Lucene's jars come from Maven Central, once, into the user's cache."""
    sources = [HERE / "lucene" / "pom.xml", HERE / "lucene" / "Peer.java"]
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / f"xunwen-benchmarks/lucene-{digest}"
    if not (cache / "Peer.class").exists():
        goal = ["dependency:copy-dependencies", f"-DoutputDirectory={cache}"]
        subprocess.run(["mvn", "-q", "-B", "-f", sources[0], *goal], check=True, stdin=subprocess.DEVNULL)
        subprocess.run(["javac", "-cp", f"{cache}/*", "-d", cache, sources[1]], check=True)
    folder.mkdir(exist_ok=True)
    return ["java", "-Xmx2g", "-cp", f"{cache}/*:{cache}", "Peer", str(folder)]
