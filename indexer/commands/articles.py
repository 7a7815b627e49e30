"""import, export: articles from files into the archive, and out of it again."""

import sys
from collections.abc import Generator, Iterable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from itertools import chain, groupby
from pathlib import Path
from typing import IO

import click

from indexer.archive import Archive, Counts, HiddenSource, Mark, Revision, Subscription, Tombstone
from indexer.article import Article
from indexer.commands.rejects import RejectList
from indexer.commands.terminal import progress, said
from indexer.config import Config
from indexer.fetching import address_list, pages
from indexer.fetching.address_list import AddressList
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from indexer.redaction import without_secrets
from indexer.sources import Found, read
from indexer.sources.files import Reject
from indexer.sources.readers import export
from indexer.urls import web_address


@click.command("import")
@click.argument("paths", metavar="PATH|URL...", nargs=-1)
@click.option("--urls", type=click.File("rb"), metavar="FILE", help="A list of addresses, each to be fetched once.")
@click.option("--if-empty", is_flag=True, help="Do nothing when the archive holds articles already.")
@click.pass_obj
def import_(config: Config, paths: Sequence[str], urls: IO[bytes] | None, if_empty: bool) -> None:
    """Keep the articles of files, folders and archives in the archive.

    Reads posts, Markdown and text, saved pages, WARC, RSS, Atom, RDF and JSON feeds, what reading programs export, and
    JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard input. An address is fetched once, and what it
    holds is read like a file: an article's page, or all that a feed has today; "subscribe" follows a feed. --urls takes
    lists of addresses: a line for each, Markdown, a page of links or bookmarks, OPML, CSV. What cannot be read is
    counted, and listed with its reason in rejects.jsonl in the data folder.
    """
    if not paths and urls is None:
        raise click.UsageError("Missing argument 'PATH|URL...' or option '--urls'.")
    named = {path: web_address(path) for path in paths if _looks_like_address(path)}
    if wrong := next((path for path, address in named.items() if not address), None):
        raise click.UsageError(f"{plain_line(without_secrets(wrong))} is neither a file nor an http or https address.")
    paths = [path for path in paths if path not in named]
    listed = address_list.read_list(urls.read(), urls.name) if urls else AddressList((), ())
    with Installation(config) as installation:
        archive = installation.archive
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {counted(kept, 'article')} already; nothing was imported")
            return
        now = datetime.now(UTC)
        sources: list[Generator[Found, None, None]] = []
        if paths:
            sources.append(read(paths, zone=config.timezone, now=now, stdin=sys.stdin.buffer))
        if named or urls:
            sources.append(_fetched((*named.values(), *listed.addresses), listed.rejects, config, now))
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
    if rejects.broken_off:
        raise click.ClickException(f"not all of it could be read: {rejects.broken_off}")


def _looks_like_address(path: str) -> bool:
    """Whether a person meant an address: a file of such a name would be a strange one, but comes first."""
    return "://" in path and not Path(path).exists()


def _fetched(
    addresses: Iterable[str], rejects: Iterable[Reject], config: Config, now: datetime
) -> Generator[Found, None, None]:
    """What each address holds, after what was listed and is none."""
    yield from rejects
    pages_of = pages.fetch_pages(dict.fromkeys(addresses), zone=config.timezone, now=now, private=config.fetch_private)
    with closing(pages_of) as found:
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
