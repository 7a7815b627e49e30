"""stats, doctor: how the archive and the index are."""

import json
from datetime import UTC, datetime
from typing import Any

import click

from indexer.commands.terminal import megabytes
from indexer.config import Config
from indexer.doctor import examine
from indexer.errors import IndexFailure
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line


@click.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@click.pass_obj
def stats(config: Config, as_json: bool) -> None:
    """Show the archive and the index in figures."""
    with Installation(config) as installation:
        figures = _figures(installation)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    kept, held, feeds = figures["archive"], figures["index"], figures["subscriptions"]
    click.echo(f"archive    {counted(kept['articles'], 'article')}, {megabytes(kept['size'])}, {kept['location']}")
    if kept["oldest"]:
        click.echo(f"published  {kept['oldest'][:10]} to {kept['newest'][:10]}, {kept['undated']:,} at unknown times")
    click.echo(f"revisions  {kept['revisions']:,}")
    if "error" in held:
        click.echo(f"index      {held['error']}")
    else:
        behind = kept["sequence"] - held["sequence"]
        documents = counted(held["documents"], "article")
        click.echo(
            f"index      {documents}, {megabytes(held['size'])}, {config.engine}, generation "
            f"{held['generation']}, " + (f"{counted(behind, 'change')} behind" if behind else "up to date")
        )
    click.echo(f"feeds      {feeds['count']:,}, {feeds['failing']:,} failing")
    for source in kept["sources"]:
        click.echo(f"{source['count']:>9,}  {plain_line(source['value'], 100) or '(unknown source)'}")


def _figures(installation: Installation) -> dict[str, Any]:
    config, archive = installation.config, installation.archive

    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(config.timezone).isoformat() if moment else None

    kept = archive.statistics()
    try:
        info = installation.index.info()
        held: dict[str, Any] = {
            "engine": config.engine,
            "generation": info.generation,
            "documents": info.documents,
            "sequence": info.sequence,
            "updated": local(datetime.fromtimestamp(info.updated, UTC)),
            "size": info.size,
        }
    except IndexFailure as error:
        held = {"engine": config.engine, "error": str(error)}
    feeds = archive.subscriptions.all()
    return {
        "archive": {
            "location": archive.where,
            "articles": kept.articles,
            "undated": kept.undated,
            "revisions": kept.revisions,
            "sequence": kept.sequence,
            "oldest": local(kept.oldest),
            "newest": local(kept.newest),
            "size": kept.size,
            "sources": [{"value": source, "count": count} for source, count in kept.sources],
        },
        "index": held,
        "subscriptions": {"count": len(feeds), "failing": sum(feed.failures > 0 for feed in feeds)},
    }


@click.command()
@click.pass_obj
def doctor(config: Config) -> None:
    """Look for what is wrong, and say what to do; the exit status is 1 if something is."""
    healthy = True
    for finding in examine(config):
        healthy &= finding.good
        click.echo(f"{'ok   ' if finding.good else 'WRONG'}  {finding.what}")
        if finding.remedy:
            click.echo(f"       {finding.remedy}")
    if not healthy:
        raise click.exceptions.Exit(1)
