"""``make bench DATA=path [SIZES=2000,20000,60000]``: measure, and write ``docs/performance.*``."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

import click

from benchmarks.corpus import load, questions
from benchmarks.engines import NAMES, missing
from benchmarks.measure import WARM_UP, measure
from benchmarks.report import plot, put_between_marks, table
from indexer.text.analyser import Analyser

_DOCS = Path(__file__).parent.parent / "docs"
_SEED = 20200910

_LARGEST_STOCK = 20_000
"""Articles: stock Whoosh takes minutes for what the others do in seconds."""


def _sizes(_context: click.Context, _parameter: click.Parameter, value: str) -> list[int]:
    try:
        sizes = sorted({int(part) for part in value.split(",")})
    except ValueError:
        raise click.BadParameter("numbers parted by commas, as in 2000,20000") from None
    if sizes[0] < 1000:
        raise click.BadParameter("sizes are 1000 or more")
    return sizes


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--sizes", default="2000,20000,60000", show_default=True, callback=_sizes)
@click.option(
    "--questions", "count", default=500, show_default=True, type=click.IntRange(200), help="Counted questions."
)
@click.option("--engine", "only", multiple=True, type=click.Choice(list(NAMES)), help="Repeat it; all by default.")
@click.option("--output", default=_DOCS, type=click.Path(file_okay=False, path_type=Path), show_default=True)
def main(data: Path, sizes: list[int], count: int, only: tuple[str, ...], output: Path) -> None:
    names = [name for name in NAMES if not only or name in only]
    for name in list(names):
        if (reason := missing(name)) is not None:
            print(f"{NAMES[name]} is left out: it {reason}", file=sys.stderr)
            names.remove(name)
    items = load(data)
    asked = questions(items, count + WARM_UP, _SEED, Analyser())
    results = []
    with tempfile.TemporaryDirectory() as scratch:
        for size in sizes:
            present = [name for name in names if name != "stock" or size <= max(sizes[0], _LARGEST_STOCK)]
            results += measure(present, items, size, asked, Path(scratch))
    output.mkdir(exist_ok=True)
    found = table(results)
    (output / "performance.json").write_text(json.dumps([asdict(figures) for figures in results]) + "\n", "utf-8")
    (output / "performance.svg").write_text(plot(results), "utf-8")
    put_between_marks(output / "performance.md", found)
    print(found)


if __name__ == "__main__":
    main()
