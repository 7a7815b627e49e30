"""index, rebuild, learn-names: what is derived from the archive."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

import click

from indexer import build, learning
from indexer.archive import Archive
from indexer.commands.terminal import bar
from indexer.config import Config
from indexer.engine.index import SearchIndex
from indexer.entities import update as entities
from indexer.installation import Installation
from indexer.plain_text import counted
from indexer.stories import update as stories
from indexer.text.analyser import Analyser


@click.command()
@click.pass_obj
def index(config: Config) -> None:
    """Bring the index up to date with the archive; build it if there is none."""
    with Installation(config) as installation:
        if not installation.learned_furniture_file.exists():
            _learn("Furniture was", learning.learn_furniture, installation)
        _find_stories(installation)
        with _bar("Indexing", installation) as progress:
            result = build.update(*_parts(installation), progress, _articles(installation))
        _tell(result, installation)
        if not installation.knowledge().lexicon.counts:
            _learn("Names and words were", learning.learn_everything, installation)
        _find_entities(installation)


@click.command()
@click.pass_obj
def rebuild(config: Config) -> None:
    """Build the index anew, then swap; searches go on meanwhile."""
    with Installation(config) as installation:
        _learn("Furniture was", learning.learn_furniture, installation)
        installation.archive.stories.forget_all()
        _find_stories(installation)
        with _bar("Rebuilding", installation) as progress:
            result = build.rebuild(*_parts(installation), progress, _articles(installation))
        _tell(result, installation)
        _learn("Names and words were", learning.learn_everything, installation)
        installation.archive.entities.forget_all()
        _find_entities(installation)


@contextmanager
def _bar(label: str, installation: Installation) -> Iterator[build.Progress]:
    with bar(None, label, installation.archive.last_sequence()) as shown:
        yield lambda sequence: shown.update(sequence - shown.pos)


def _tell(result: build.BuildResult, installation: Installation) -> None:
    info = installation.index.info()
    click.echo(
        f"indexed {counted(result.put, 'article')}, took out {result.deleted:,}; "
        f"the index holds {info.documents:,} (generation {info.generation})"
    )


def _parts(installation: Installation) -> tuple[Archive, SearchIndex, Analyser]:
    return installation.archive, installation.index, installation.analyser


def _articles(installation: Installation) -> build.Articles:
    return partial(installation.articles.get, html=False)


def _find_stories(installation: Installation) -> None:
    """Find out which articles are one story, before the index is told. That only helps: else each is a story alone."""
    try:
        stories.update(installation.archive, installation.analyser, _articles(installation))
    except Exception as error:
        click.echo(
            f"Stories were not brought up to date: {_reason(error)}. What was found before stays; “xunwen rebuild” "
            "begins anew.",
            err=True,
        )


def _find_entities(installation: Installation) -> None:
    """Find the people, organisations and places in articles, after the index has them: it needs none of these."""
    try:
        names = installation.knowledge().variants.groups
        entities.update(installation.archive, installation.analyser, names, _articles(installation))
    except Exception as error:
        click.echo(
            f"People, organisations and places were not brought up to date: {_reason(error)}. What was found before "
            "stays; “xunwen index” goes on.",
            err=True,
        )


def _learn(what: str, learn: Callable[[Installation], None], installation: Installation) -> None:
    """Learn something. It only helps: articles are indexed and questions answered without it all the same."""
    try:
        learn(installation)
    except Exception as error:
        click.echo(
            f"{what} not learned: {_reason(error)}. What was learned before stays; “xunwen rebuild” tries again.",
            err=True,
        )


def _reason(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@click.command("learn-names")
@click.option("--limit", default=100, show_default=True, metavar="N", help="Names to show; 0 shows all.")
@click.pass_obj
def learn_names(config: Config, limit: int) -> None:
    """Learn from the archive which spellings are the same name, and show them.

    Articles gloss foreign names as 译名（Latin）; spellings of the same Latin name belong together. A line in the file
    variants.tsv in the data folder adds a group (特朗普, 川普) or parts one (!哈里, 哈利).
    """
    with Installation(config) as installation:
        names = learning.learn_names(installation.articles, installation.learned_names_file)
    several = [name for name in names if len(name.spellings) > 1]
    for name in several[: limit or None]:
        spellings = ", ".join(f"{spelling} {articles:,}" for spelling, articles in name.spellings)
        click.echo(f"{name.latin}: {spellings}\n    {name.example}")
    click.echo(f"learned {counted(len(names), 'name')}, {len(several):,} of them with several spellings")
