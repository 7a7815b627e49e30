"""hide: what its owner does not want to see."""

from collections.abc import Iterator
from contextlib import contextmanager

import click

from indexer.archive import Archive, MarkKind
from indexer.archive.readers.marks import OWNER
from indexer.config import Config
from indexer.errors import ConfigError, QueryError
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from search_app.presentation.messages import query_error_line, terminal_gettext


@click.command()
@click.argument("what", metavar="ID|SOURCE...", nargs=-1)
@click.option("--story", is_flag=True, help="Hide all articles of the stories that these articles are of.")
@click.option("--source", is_flag=True, help="Hide all articles of the publishers SOURCE.")
@click.option("--undo", is_flag=True, help="Show them again.")
@click.option("--list", "list_", is_flag=True, help="Print what is hidden.")
@click.pass_obj
def hide(config: Config, what: tuple[str, ...], story: bool, source: bool, undo: bool, list_: bool) -> None:
    """Keep articles out of all results, by their ids, or all of a story or a publisher.

    They stay in the archive: the question is:hidden finds them, and the option --hidden of search.
    """
    if story and source:
        raise click.UsageError("--story and --source are two commands.")
    if list_ and (what or story or source or undo):
        raise click.UsageError("--list takes nothing else.")
    if not list_ and not what:
        raise click.UsageError("Missing argument 'ID|SOURCE...'.")
    with _archive(config) as archive:
        if list_:
            _print(archive)
        elif source:
            _sources(archive, what, undo=undo)
        else:
            _articles(archive, what, story=story, undo=undo)


def _articles(archive: Archive, ids: tuple[str, ...], *, story: bool, undo: bool) -> None:
    kept = {article.id for article in archive.get(ids, html=False, text=False)}
    if not undo and (missing := [id for id in ids if id not in kept]):
        raise ConfigError(f"no article with the id {plain_line(missing[0], 40)} is kept")
    done = 0
    for id in dict.fromkeys(ids):
        kind: MarkKind = "muted" if story else "hidden"
        if undo:
            done += archive.marks.remove(OWNER, kind, id)
        else:
            archive.marks.set(OWNER, kind, id)
            done += 1
    noun = counted(done, "story", "stories") if story else counted(done, "article")
    click.echo(f"{noun} {'shown again' if undo else 'hidden'}")


def _sources(archive: Archive, names: tuple[str, ...], *, undo: bool) -> None:
    from search_app.desk.marks import hide_source

    done = 0
    for name in dict.fromkeys(names):
        if undo:
            done += archive.marks.show_source(OWNER, name)
            continue
        try:
            hide_source(archive, OWNER, name)
        except QueryError as error:
            raise click.ClickException(query_error_line(error, terminal_gettext())) from error
        done += 1
    click.echo(f"{counted(done, 'publisher')} {'shown again' if undo else 'hidden'}")


def _print(archive: Archive) -> None:
    lines = [f"source\t{plain_line(name)}" for name in archive.marks.hidden(OWNER).sources]
    kinds: dict[MarkKind, str] = {"muted": "story", "hidden": "article"}
    for kind, called in kinds.items():
        ids = archive.marks.ids(OWNER, kind=kind)
        titles = {each.id: each.title for each in archive.get(ids, html=False, text=False)}
        lines += [f"{called}\t{id}\t{plain_line(titles.get(id, ''))}".rstrip() for id in ids]
    for line in lines:
        click.echo(line)
    if not lines:
        click.echo("nothing is hidden", err=True)


@contextmanager
def _archive(config: Config) -> Iterator[Archive]:
    with Installation(config) as installation:
        installation.must_exist()
        yield installation.archive
