"""How long watches take to look at new articles: ``python -m benchmarks.watches DATA [--watches N] [--articles N]``.

``DATA`` is what ``xunwen import`` reads. All but the new articles come first, and the watches ask for one to three
words of their titles.
"""

from __future__ import annotations

import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import click

from indexer import build
from indexer.archive import Draft
from indexer.article import Article
from indexer.config import Config
from indexer.installation import Installation
from indexer.sources.detect import read
from search_app.desk.looking import look
from search_app.search.library import Library

_SEED = 20200910


@click.command(help=__doc__)
@click.argument("data", type=click.Path(exists=True, path_type=Path))
@click.option("--watches", default=10_000, show_default=True, type=click.IntRange(1))
@click.option("--articles", default=100, show_default=True, type=click.IntRange(1))
def main(data: Path, watches: int, articles: int) -> None:
    chosen = random.Random(_SEED)
    config = Config()
    items = [each for each in read([data], zone=config.timezone, now=datetime.now(UTC)) if isinstance(each, Article)]
    chosen.shuffle(items)
    new, old = items[:articles], items[articles:]
    with tempfile.TemporaryDirectory() as folder, Installation(Config(data=Path(folder))) as installation:
        archive, library = installation.archive, Library(installation)
        archive.put(old)
        build.update(archive, installation.index, installation.analyser)
        titles = [installation.analyser.cut(installation.analyser.fold(each.title)) for each in old]
        titles = [words for words in titles if words]
        asked = []
        for _ in range(watches):
            words = chosen.choice(titles)
            start = chosen.randrange(len(words))
            asked.append("".join(words[start : start + chosen.randint(1, 3)]))
        archive.watches.add([Draft(name=each, query=urlencode([("q", each)])) for each in asked])
        archive.put(new)
        build.update(archive, installation.index, installation.analyser)
        began = time.perf_counter()
        found = look(library)
        seconds = time.perf_counter() - began
    print(f"{watches:,} watches, {len(new):,} new articles of {len(items):,}: {seconds:.2f} s, {len(found):,} findings")


if __name__ == "__main__":
    main()
