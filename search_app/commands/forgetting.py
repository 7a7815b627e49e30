"""The command that takes articles out for good: forget."""

import re
import sys
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, tzinfo

import click

from indexer.archive import Archive
from indexer.archive.tombstones import LONGEST_REASON
from indexer.config import Config
from indexer.errors import ArchiveError, QueryError
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from indexer.redaction import without_secrets
from indexer.urls import web_address
from search_app.presentation.messages import note_text, query_error_line, terminal_gettext
from search_app.query.parameters import SearchParameters

SHOWN = 10
"""Articles that are named before many are forgotten."""

_ID = re.compile("[0-9a-f]{16}")
_NEVER_MEANT = frozenset(("nothing_to_search", "excluding_only"))
"""Notes on questions that say nothing of what they are about."""


@click.command()
@click.argument("what", metavar="ID|URL...|QUERY", nargs=-1)
@click.option("--reason", default="", metavar="TEXT", help="Why, in one line; kept, and shown to those who may know.")
@click.option("--yes", is_flag=True, help="Forget without asking, however many there are.")
@click.option("--undo", is_flag=True, help="Let what was forgotten come again at the next fetch or import.")
@click.option("--list", "list_", is_flag=True, help="Print what was forgotten: id, day, reason.")
@click.pass_obj
def forget(config: Config, what: Sequence[str], reason: str, yes: bool, undo: bool, list_: bool) -> None:
    """Take articles out of the archive for good: none comes back by a fetch, an import or an export.

    Ids and addresses name articles; anything else is one QUERY, as for search, and stands for all that it finds. They
    and what they said before are gone from the archive at once, from search at the next “xunwen index”, from names and
    words at the next “xunwen learn-names”; backups made before hold them. Numbers stay by which each is known again.
    """
    reason = plain_line(reason, LONGEST_REASON + 1)
    _check(what, reason, undo=undo, list_=list_)
    with Installation(config) as installation:
        installation.must_exist()
        archive = installation.archive
        if list_:
            _print(archive, config.timezone)
        elif undo:
            _undo(archive, what)
        elif all(_ID.fullmatch(each) or web_address(each) for each in what):
            _forget(archive, _named(archive, what, config.timezone), reason, yes=yes, asks=False)
        else:
            _forget(archive, _found(installation, " ".join(what)), reason, yes=yes, asks=True)


def _check(what: Sequence[str], reason: str, *, undo: bool, list_: bool) -> None:
    if undo and list_:
        raise click.UsageError("--undo and --list are two commands.")
    if list_ and what:
        raise click.UsageError("--list takes no argument.")
    if not list_ and not any(map(str.strip, what)):
        raise click.UsageError("Missing argument 'ID|URL...|QUERY'.")
    if (undo or list_) and reason:
        raise click.UsageError("--reason belongs to forgetting alone.")
    if not (undo or list_ or reason):
        raise click.UsageError("Missing option '--reason': a line that says why.")
    if len(reason) > LONGEST_REASON:
        raise click.UsageError(f"--reason has at most {LONGEST_REASON} characters.")


def _named(archive: Archive, what: Iterable[str], zone: tzinfo) -> list[str]:
    """The ids of the articles that ids and addresses name; says which were forgotten already."""
    ids: list[str] = []
    for each in what:
        is_id = _ID.fullmatch(each) is not None
        kept = [article.id for article in archive.get([each], html=False, text=False)] if is_id else archive.at(each)
        ids += kept
        if kept:
            continue
        gone = [
            stone for id in ([each] if is_id else archive.tombstones.at(each)) if (stone := archive.tombstones.get(id))
        ]
        if not gone:
            raise ArchiveError(_nothing(each, is_id, "is kept"))
        for stone in gone:
            click.echo(f"{stone.id} was forgotten already, on {stone.forgotten.astimezone(zone):%Y-%m-%d}")
    return list(dict.fromkeys(ids))


def _found(installation: Installation, text: str) -> list[str]:
    """The ids of all articles that a question finds; says what was understood where that is not plain."""
    from indexer.archive.readers.marks import OWNER
    from search_app.api.export import pages
    from search_app.search.library import Library

    gettext = terminal_gettext()
    library = Library(installation, lambda: datetime.now(UTC))
    ids: list[str] = []
    try:
        for number, results in enumerate(pages(library, SearchParameters(text, sort="newest", hidden=True), OWNER)):
            notes = [] if number else results.query.notes
            for note in notes:
                click.echo(note_text(note, gettext), err=True)
            # What holds a part of the question, or all but something, was not asked for by anybody who forgets it.
            if results.partial or any(note.code in _NEVER_MEANT for note in notes):
                return []
            ids += [hit.id for hit in results.hits]
    except QueryError as error:
        raise click.ClickException(query_error_line(error, gettext)) from error
    if installation.index.info().sequence < installation.archive.last_sequence():
        click.echo("the index is behind the archive: “xunwen index”, then forget again, finds the rest", err=True)
    return ids


def _forget(archive: Archive, ids: Sequence[str], reason: str, *, yes: bool, asks: bool) -> None:
    if not ids:
        click.echo("nothing was forgotten")
        return
    if asks or len(ids) > 1:
        click.echo(f"{counted(len(ids), 'article')}, among them:" if len(ids) > SHOWN else "to be forgotten:")
        for article in archive.get(ids[:SHOWN], html=False, text=False):
            click.echo(f"  {article.id}  {plain_line(article.title, 60)}  {plain_line(article.url, 100)}".rstrip())
        if not yes and not sys.stdin.isatty():
            raise click.ClickException("nothing was forgotten: say --yes to forget these")
        if not yes:
            click.confirm("Forget them for good?", abort=True)
    count = archive.tombstones.forget(ids, reason)
    click.echo(f"{counted(count, 'article')} forgotten; “xunwen index” takes what is forgotten out of the search")


def _undo(archive: Archive, what: Iterable[str]) -> None:
    ids: list[str] = []
    for each in what:
        is_id = _ID.fullmatch(each) is not None
        if not is_id and not web_address(each):
            raise click.UsageError(f"{plain_line(each, 40)} is neither an id nor an address; allowed: those of --list.")
        some = [each] if is_id and archive.tombstones.get(each) else archive.tombstones.at(each)
        if not some:
            raise ArchiveError(_nothing(each, is_id, "was forgotten"))
        ids += some
    count = archive.tombstones.undo(ids)
    click.echo(f"{counted(count, 'article')} may come again")


def _print(archive: Archive, zone: tzinfo) -> None:
    empty = True
    for stone in archive.tombstones.all():
        empty = False
        click.echo(
            f"{stone.id}  {stone.forgotten.astimezone(zone):%Y-%m-%d}  {plain_line(stone.reason, LONGEST_REASON)}"
        )
    if empty:
        click.echo("nothing was forgotten")


def _nothing(what: str, is_id: bool, done: str) -> str:
    return f"no article with the id {what} {done}" if is_id else f"no article at {without_secrets(what)} {done}"
