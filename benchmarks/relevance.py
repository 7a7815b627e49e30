"""How good the order of articles is: judged questions through the program as it is.

Documents are analysed, indexed and searched as articles are, in a temporary index; questions go through the query
language, name variants and the features of ``search_app.query.ranking``. The one difference: an article need not hold
all of a question (``Asked.loose_request``), since questions in whole sentences say more than any article
repeats.

::

    python -m benchmarks.relevance FOLDER [--engine whoosh] [--results relevance.jsonl]

prints the metrics of ``ir-measures`` (nDCG@10, RR@10 whose mean is MRR@10, R@100) and the time of a question, and adds
them with the weights in force to the results file, one JSON object a line. For ``--engine opensearch`` the
cluster is the one that ``XUNWEN_ENGINE_URL`` and the like name; the index there has a name of its own and stays.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, NamedTuple

import ir_measures
from ir_measures import RR, R, nDCG

from benchmarks.judged import BadSet, Document, JudgedSet, read
from indexer import build, config
from indexer.article import Article
from indexer.engine import bm25
from indexer.engine.index import SearchIndex
from indexer.errors import QueryError, XunwenError
from indexer.installation import Installation
from indexer.text.analyser import TITLE_WEIGHT, Analyser
from search_app.query import ranking
from search_app.query.parameters import SearchParameters
from search_app.search.searcher import Searcher

DEPTH = 100
"""Hits of each question that are judged."""

METRICS = (nDCG @ 10, RR @ 10, R @ 100)

_BATCH = 500


class Run(NamedTuple):
    """``scores`` maps a question to its hits and their scores, ``times`` are seconds, one a question; ``refused`` is
    how many questions the query language did not accept."""

    scores: Mapping[str, Mapping[str, float]]
    times: Sequence[float]
    refused: int


class _NoArticles:
    """Nobody reads the hits."""

    def get(self, ids: Sequence[str], *, html: bool = True) -> list[Article]:
        return []


def index_documents(index: SearchIndex, documents: Sequence[Document], analyser: Analyser) -> None:
    """Build a new index; the number of a document, 16 hex digits, is its id there."""
    with index.rebuild() as generation:
        with generation.write(len(documents)) as writer:
            for start in range(0, len(documents), _BATCH):
                articles = [
                    Article(url="", title=document.title, text=document.text, id=f"{number:016x}")
                    for number, document in enumerate(documents[start : start + _BATCH], start)
                ]
                writer.put(build.analyse(articles, analyser, {}))
        generation.activate()


def run(judged: JudgedSet, index: SearchIndex, searcher: Searcher, now: datetime) -> Run:
    """Ask every question once, after one that only warms up."""
    scores: dict[str, dict[str, float]] = {}
    times: list[float] = []
    refused = 0
    index.search(searcher.ask(SearchParameters("中国"), now).loose_request())
    for id_, text in judged.questions.items():
        started = perf_counter()
        try:
            request = searcher.ask(SearchParameters(text), now).loose_request()
        except QueryError:
            refused += 1
            scores[id_] = {}
            continue
        hits = index.search(replace(request, limit=DEPTH)).hits
        times.append(perf_counter() - started)
        scores[id_] = {judged.documents[int(hit.id, 16)].id: hit.score for hit in hits}
    return Run(scores, times, refused)


def measure(judged: JudgedSet, found: Run) -> dict[str, float]:
    """The mean of each metric over all questions; one without hits counts 0."""
    of_question = ir_measures.iter_calc(METRICS, judged.grades, found.scores)
    sums = dict.fromkeys(map(str, METRICS), 0.0)
    for value in of_question:
        sums[str(value.measure)] += value.value
    return {metric: total / len(judged.questions) for metric, total in sums.items()}


def settings() -> dict[str, float]:
    """The weights in force."""
    weights = {name.lower(): value for name, value in vars(ranking).items() if name.isupper() and name[0] != "_"}
    return weights | {
        "title_weight": TITLE_WEIGHT,
        "words_k1": bm25.WORDS.k1,
        "words_b": bm25.WORDS.b,
        "grams_k1": bm25.GRAMS.k1,
        "grams_b": bm25.GRAMS.b,
    }


def evaluate(folder: Path, engine: str | None) -> dict[str, Any]:
    """Everything that is written down about one run over the set in ``folder``."""
    judged = read(folder)
    now = datetime.now(UTC)
    with TemporaryDirectory(prefix="xunwen-relevance-") as data:
        configured = config.load({"data": data, "engine": engine})
        configured = replace(configured, engine_prefix=configured.engine_prefix + "-relevance")
        with Installation(configured) as installation:
            index, analyser = installation.index, installation.analyser
            started = perf_counter()
            index_documents(index, judged.documents, analyser)
            indexing = perf_counter() - started
            variants = installation.knowledge().variants
            searcher = Searcher(index, _NoArticles(), analyser, variants, configured.timezone)
            found = run(judged, index, searcher, now)
    cuts = quantiles(found.times, n=20, method="inclusive") if len(found.times) > 1 else [*found.times] * 19
    return {
        "set": judged.name,
        "engine": configured.engine,
        "time": now.isoformat(timespec="seconds"),
        "documents": len(judged.documents),
        "questions": len(judged.questions),
        "refused": found.refused,
        "metrics": {metric: round(value, 4) for metric, value in measure(judged, found).items()},
        "ms": {"p50": round(cuts[9] * 1000, 2), "p95": round(cuts[18] * 1000, 2)} if cuts else {},
        "indexing_s": round(indexing, 2),
        "settings": settings(),
    }


def last_of(results: Path, entry: Mapping[str, Any]) -> dict[str, Any] | None:
    """The newest earlier entry of the same set and engine."""
    if not results.exists():
        return None
    earlier = [json.loads(line) for line in results.read_text("utf-8").splitlines() if line.strip()]
    same = [e for e in earlier if (e["set"], e["engine"]) == (entry["set"], entry["engine"])]
    return same[-1] if same else None


def report(entry: Mapping[str, Any], before: Mapping[str, Any] | None) -> str:
    """The entry in lines; with an earlier one, what changed since."""
    lines = [f"{entry['set']}: {entry['documents']:,} documents, {entry['questions']:,} questions, {entry['engine']}"]
    for metric, value in entry["metrics"].items():
        change = f"  {value - before['metrics'][metric]:+.4f}" if before and metric in before["metrics"] else ""
        lines.append(f"  {metric:10}{value:.4f}{change}")
    if entry["ms"]:
        lines.append(f"  a question {entry['ms']['p50']:.1f} ms (median), {entry['ms']['p95']:.1f} ms (95 %)")
    if entry["refused"]:
        lines.append(f"  {entry['refused']} questions are not of the query language and count 0")
    changed = {
        name: (before["settings"].get(name), value)
        for name, value in (entry["settings"].items() if before else ())
        if before and before["settings"].get(name) != value
    }
    lines += [f"  {name}: {old} before, {new} now" for name, (old, new) in changed.items()]
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.relevance", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path, help="corpus.jsonl, queries.jsonl and qrels.tsv")
    parser.add_argument("--engine", help="the configured one unless given")
    parser.add_argument("--results", type=Path, default=Path("relevance.jsonl"), help="default: %(default)s")
    chosen = parser.parse_args(arguments)
    try:
        entry = evaluate(chosen.folder, chosen.engine)
    except (BadSet, XunwenError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report(entry, last_of(chosen.results, entry)))
    with chosen.results.open("a", encoding="utf-8") as results:
        results.write(json.dumps(entry, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
