"""watch: questions that are asked of everything new, and what they found delivered."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from indexer.archive import Watch
from indexer.config import Config
from indexer.errors import ConfigError, QueryError
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from search_app.presentation.messages import query_error_line, terminal_gettext, title_of


@click.group()
def watch() -> None:
    """Questions that are asked of everything new."""


def _options(command: Any) -> Any:
    """The members of a watch but its question, which is an argument."""
    from search_app.desk.watches import WISHES

    for wish in reversed(WISHES):
        if wish.name == "paused":
            command = click.option("--paused", is_flag=True, help="It does not look for now.")(command)
        elif wish.name != "query":
            command = click.option(f"--{wish.name}", default="", metavar="TEXT", help=wish.description)(command)
    return command


@watch.command("add")
@click.argument("query")
@_options
@click.pass_obj
def add(config: Config, /, query: str, paused: bool, **wishes: str) -> None:
    """Watch for QUERY: what stands behind the ? in the address of a search, or only words.

    What is in the archive by now is not news to it.
    """
    from search_app.desk.watches import add_watch, as_address, parameters_of

    with _library(config) as library:
        try:
            asked = as_address(query)
            given = {**wishes, "query": asked, "paused": "1" if paused else ""}
            added = add_watch(given, library, title_of(parameters_of(asked), "*"))
        except QueryError as error:
            raise click.ClickException(query_error_line(error, terminal_gettext())) from error
    click.echo(f"{added.id}  {added.name}")


@watch.command("list")
@click.pass_obj
def list_(config: Config) -> None:
    """All watches: id, name, what they ask, how many stories they found, and how many of them nobody has seen."""
    with _library(config) as library:
        counts = library.archive.watches.counts()
        watches = library.archive.watches.all()
    for each in watches:
        found, new = counts.get(each.id, (0, 0))
        remark = f"  ({each.problem})" if each.problem else "  (paused)" if each.paused else ""
        where = f"{each.folder}/" if each.folder else ""
        click.echo(f"{each.id}\t{plain_line(where + each.name)}\t{each.query}\t{found:,}\t{new:,}{remark}")
    if not watches:
        click.echo("nothing is watched", err=True)


@watch.command("remove")
@click.argument("id")
@click.pass_obj
def remove(config: Config, id: str) -> None:
    """Remove the watch ID, and what it found."""
    with _library(config) as library:
        if not library.archive.watches.remove(id):
            raise ConfigError(f"there is no watch {plain_line(id)}; “xunwen watch list” shows them")
    click.echo(f"{id} is watched no longer")


@watch.command("run")
@click.pass_obj
def run(config: Config) -> None:
    """Let all watches look at what is new in the index, and deliver what is due."""
    from search_app.desk.delivery import Outcome, deliver
    from search_app.desk.looking import look

    def tell(outcome: Outcome) -> None:
        if outcome.error:
            click.echo(f"{plain_line(outcome.watch.name)}: {outcome.delivery.channel} failed: {outcome.error}")

    with _library(config) as library:
        found = look(library)
        sent, failed = deliver(library, tell)
    stories = counted(len(found), "story is", "stories are")
    watches = counted(len({each.watch for each in found}), "watch", "watches")
    click.echo(f"{stories} new in {watches}; {counted(sent, 'delivery', 'deliveries')} arrived, {failed:,} failed")


@watch.command("test")
@click.argument("id")
@click.pass_obj
def test(config: Config, id: str) -> None:
    """Send the newest that the watch ID finds, over each of its channels, to see whether it arrives."""
    from search_app.desk.delivery import try_out

    with _library(config) as library:
        channels = try_out(library, _found(library, id), secrets.token_hex(16))
    click.echo(f"sent by {' and '.join(channels)}" if channels else "it has neither email nor webhook nor notify")


@watch.command("retry")
@click.pass_obj
def retry(config: Config) -> None:
    """Let what could not be delivered be tried again at the next run, also what was given up."""
    with _library(config) as library:
        count = library.archive.outbox.retry(library.clock())
    click.echo(f"{counted(count, 'delivery', 'deliveries')} will be tried again")


def _found(library: Any, id: str) -> Watch:
    found: Watch | None = library.archive.watches.get(id)
    if found is None:
        raise ConfigError(f"there is no watch {plain_line(id)}; “xunwen watch list” shows them")
    return found


@contextmanager
def _library(config: Config) -> Iterator[Any]:
    from search_app.search.library import Library

    with Installation(config) as installation:
        installation.must_exist()
        yield Library(installation)
