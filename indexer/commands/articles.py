"""import, export: articles from files into the archive, and out of it again."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Self

import click

from indexer.article import Article
from indexer.commands.terminal import progress
from indexer.config import Config
from indexer.installation import Installation
from indexer.sources import Reject, jsonl, read


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the archive holds articles already.")
@click.pass_obj
def import_(config: Config, paths: Sequence[str], if_empty: bool) -> None:
    """Keep the articles of files, folders and archives in the archive.

    Reads posts, RSS, Atom, RDF and JSON feeds, and JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard
    input. What cannot be read is counted, and listed with its reason in rejects.jsonl in the data folder.
    """
    with Installation(config) as installation:
        archive = installation.archive
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {kept:,} articles already; nothing was imported")
            return
        found = read(paths, zone=config.timezone, now=datetime.now(UTC), stdin=sys.stdin.buffer)
        with _Rejects(installation.rejects_file) as rejects, progress(found, "Importing") as items:
            counts = archive.put(rejects.kept_out_of(items))
    click.echo(
        f"read {len(counts):,}: {counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged; "
        f"rejected {rejects.count:,}" + (f", see {rejects.path}" if rejects.count else "")
    )
    if not len(counts):
        raise click.ClickException("nothing could be read" + (f": {rejects.first}" if rejects.first else ""))


class _Rejects:
    """The list of what the last import could not read, one JSON object a line: ``path`` and ``reason``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.first = ""
        self._file: IO[str] | None = None

    def __enter__(self) -> Self:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._file:
            self._file.close()

    def kept_out_of(self, items: Iterable[Article | Reject]) -> Iterator[Article]:
        for item in items:
            if isinstance(item, Article):
                yield item
            else:
                self._add(item)

    def _add(self, reject: Reject) -> None:
        self.count += 1
        self.first = self.first or f"{reject.path}: {reject.reason}"
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8")
        line = {"path": reject.path, "reason": reject.reason}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


@click.command()
@click.pass_obj
def export(config: Config) -> None:
    """Write every article to standard output, a line of JSON each, which import reads again."""
    output = sys.stdout.buffer  # UTF-8 in every locale
    with Installation(config) as installation:
        archive = installation.archive
        # A bar would stand among the lines where both go to the same terminal.
        hidden = output.isatty()
        with progress(archive.iterate(), "Exporting", archive.count(), hidden=hidden) as articles:
            output.writelines(line.encode() for line in jsonl.write(articles))
        output.flush()
