"""import, export: articles from files into the archive, and out of it again."""

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import chain, groupby
from typing import IO

import click

from indexer.archive import Archive, Counts, HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.article import Article
from indexer.commands.rejects import RejectList
from indexer.commands.terminal import progress, said
from indexer.config import Config
from indexer.fetching import pages
from indexer.installation import Installation
from indexer.plain_text import counted
from indexer.sources import Found, read
from indexer.sources.encoding import decode
from indexer.sources.readers import export


@click.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1)
@click.option("--urls", type=click.File("rb"), metavar="FILE", help="A list of addresses, one a line, to be fetched.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the archive holds articles already.")
@click.pass_obj
def import_(config: Config, paths: Sequence[str], urls: IO[bytes] | None, if_empty: bool) -> None:
    """Keep the articles of files, folders and archives in the archive.

    Reads posts, Markdown and text, saved pages, WARC, RSS, Atom, RDF and JSON feeds, what reading programs export, and
    JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard input. What cannot be read is counted, and listed
    with its reason in rejects.jsonl in the data folder.
    """
    if not paths and urls is None:
        raise click.UsageError("Missing argument 'PATH...' or option '--urls'.")
    with Installation(config) as installation:
        archive = installation.archive
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {counted(kept, 'article')} already; nothing was imported")
            return
        now = datetime.now(UTC)
        sources: list[Generator[Found, None, None]] = []
        if paths:
            sources.append(read(paths, zone=config.timezone, now=now, stdin=sys.stdin.buffer))
        if urls:
            sources.append(_fetched(urls, config, now))
        with ExitStack() as opened, RejectList(installation.rejects_file) as rejects:
            for source in sources:
                opened.enter_context(closing(source))
            items = opened.enter_context(progress(chain.from_iterable(sources), "Importing"))
            counts, others = _keep(archive, rejects.kept_out_of(items))
    click.echo(
        f"read {len(counts):,}: {said(counts)}; rejected {rejects.count:,}"
        + (f", see {rejects.path}" if rejects.count else "")
    )
    if not len(counts) and not others:
        raise click.ClickException("nothing could be read" + (f": {rejects.first}" if rejects.first else ""))


def _fetched(urls: IO[bytes], config: Config, now: datetime) -> Generator[Found, None, None]:
    """What the addresses of a list hold."""
    listed = pages.read_list(decode(urls.read()), urls.name)
    yield from listed.rejects
    with closing(
        pages.fetch_pages(listed.addresses, zone=config.timezone, now=now, private=config.fetch_private)
    ) as found:
        yield from found


def _keep(
    archive: Archive, items: Iterable[Article | Revision | Subscription | Tombstone | Mark | HiddenSource]
) -> tuple[Counts, bool]:
    """Each kind in its turn: an export has the articles first. What became of those, and whether there was more."""
    counts, others = Counts(), False
    for kind, some in groupby(items, type):
        others |= kind is not Article
        if kind is Article:
            counts += archive.put(item for item in some if isinstance(item, Article))
        elif kind is Revision:
            archive.history.add(item for item in some if isinstance(item, Revision))
        elif kind is Tombstone:
            archive.tombstones.add(item for item in some if isinstance(item, Tombstone))
        elif kind is Mark:
            archive.marks.add(item for item in some if isinstance(item, Mark))
        elif kind is HiddenSource:
            archive.marks.add_sources(item for item in some if isinstance(item, HiddenSource))
        else:
            archive.subscriptions.add(item for item in some if isinstance(item, Subscription))
    return counts, others


@click.command("export")
@click.pass_obj
def export_(config: Config) -> None:
    """Write all that the archive holds to standard output, a line of JSON each, which import reads again.

    Every article and what it said before, that others were forgotten, the feeds that are followed and what readers
    marked; not who may sign in.
    """
    output = sys.stdout.buffer  # UTF-8 in every locale
    with Installation(config) as installation:
        installation.must_exist()
        archive = installation.archive
        # A bar would stand among the lines where both go to the same terminal.
        hidden = output.isatty()
        with progress(export.lines(archive), "Exporting", hidden=hidden) as lines:
            output.writelines(line.encode() for line in lines)
        output.flush()
