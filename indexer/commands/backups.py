"""backup, restore: all that cannot be made again, in a folder and back."""

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from indexer import config as settings
from indexer.archive import backup as backups
from indexer.config import Config
from indexer.extraction import learned, own_publishers, publisher_groups
from indexer.plain_text import counted
from indexer.text import variants

_WRITTEN_BY_PEOPLE = (variants.USER_FILE, learned.USER_FILE, own_publishers.USER_FILE, publisher_groups.USER_FILE)
"""In the data folder."""

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@click.pass_obj
def backup(config: Config, folder: Path) -> None:
    """Copy the archive, the settings and what you wrote into FOLDER, while everything goes on.

    Each backup is a folder in FOLDER, named by its time; the newest three stay. The index is not copied: it is made
    again from the archive.
    """
    files, outside = _files(config)
    made = backups.back_up(config.archive_location, files, folder, datetime.now(UTC))
    for path in outside:
        click.echo(f"not in the backup, for it lies elsewhere: {path}", err=True)
    click.echo(f"backed up {counted(made.articles, 'article')}, {made.size / 1e6:,.1f} MB, to {made.folder}")


@click.command()
@click.argument("folder", type=_FOLDER)
@click.pass_obj
def restore(config: Config, folder: Path) -> None:
    """Put the newest backup in FOLDER into a data folder that has no archive yet.

    FOLDER may also be a single backup. Files that are there already are left as they are.
    """
    places = {"data": config.data, "beside": _beside(config)}
    made, kept = backups.restore(folder, config.archive_location, places)
    for path in kept:
        click.echo(f"left as it was, for it says something else than the backup: {path}", err=True)
    click.echo(
        f"restored {counted(made.articles, 'article')} of {made.made.astimezone(config.timezone):%Y-%m-%d %H:%M}; "
        "“xunwen index” makes their index"
    )


def _files(config: Config) -> tuple[Mapping[str, Path], list[Path]]:
    """What belongs into a backup beside the archive, by its name there, and what the settings name elsewhere."""
    beside = _beside(config)
    files = {f"data/{name}": config.data / name for name in _WRITTEN_BY_PEOPLE}
    files[f"beside/{settings.FILE_NAME}"] = beside / settings.FILE_NAME
    outside = []
    for path in filter(None, (config.user_dictionary, config.synonyms)):
        folder = path.absolute().parent
        if folder == beside or folder == config.data.absolute():
            files[f"{'beside' if folder == beside else 'data'}/{path.name}"] = path
        else:
            outside.append(path)
    return files, outside


def _beside(config: Config) -> Path:
    return config.data.absolute().parent
