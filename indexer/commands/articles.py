"""import, export: articles from files into the archive, and out of it again."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime

import click

from indexer.commands.rejects import RejectList
from indexer.commands.terminal import progress
from indexer.config import Config
from indexer.installation import Installation
from indexer.sources import jsonl, read


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the archive holds articles already.")
@click.pass_obj
def import_(config: Config, paths: Sequence[str], if_empty: bool) -> None:
    """Keep the articles of files, folders and archives in the archive.

    Reads posts, Markdown and text, saved pages, WARC, RSS, Atom, RDF and JSON feeds, what reading programs export, and
    JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard input. What cannot be read is counted, and listed
    with its reason in rejects.jsonl in the data folder.
    """
    with Installation(config) as installation:
        archive = installation.archive
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {kept:,} articles already; nothing was imported")
            return
        found = read(paths, zone=config.timezone, now=datetime.now(UTC), stdin=sys.stdin.buffer)
        with RejectList(installation.rejects_file) as rejects, progress(found, "Importing") as items:
            counts = archive.put(rejects.kept_out_of(items))
    click.echo(
        f"read {len(counts):,}: {counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged; "
        f"rejected {rejects.count:,}" + (f", see {rejects.path}" if rejects.count else "")
    )
    if not len(counts):
        raise click.ClickException("nothing could be read" + (f": {rejects.first}" if rejects.first else ""))


@click.command()
@click.pass_obj
def export(config: Config) -> None:
    """Write every article to standard output, a line of JSON each, which import reads again."""
    output = sys.stdout.buffer  # UTF-8 in every locale
    with Installation(config) as installation:
        installation.must_exist()
        archive = installation.archive
        # A bar would stand among the lines where both go to the same terminal.
        hidden = output.isatty()
        with progress(archive.iterate(), "Exporting", archive.count(), hidden=hidden) as articles:
            output.writelines(line.encode() for line in jsonl.write(articles))
        output.flush()
