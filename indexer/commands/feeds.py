"""subscribe, fetch: the feeds that are followed, and what is new in them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from indexer import zones
from indexer.archive import Counts
from indexer.config import Config
from indexer.errors import ConfigError, SourceError
from indexer.fetch import Fetched, Outcome, make_client
from indexer.fetch import fetch as fetch_feeds
from indexer.installation import Installation
from indexer.sources import Subscription
from indexer.sources.opml import read_opml
from indexer.sources.publishers import web_address


@click.command()
@click.argument("feeds", metavar="URL|OPML...", nargs=-1, required=True)
@click.option("--zone", default="", metavar="ZONE", help="Zone of the feeds' dates that name none.")
@click.option("--remove", is_flag=True, help="Follow these feeds no longer.")
@click.pass_obj
def subscribe(config: Config, feeds: Sequence[str], zone: str, remove: bool) -> None:
    """Follow feeds: addresses, or OPML lists of them."""
    if zone:
        _check_zone(zone)
    subscriptions = [subscription for feed in feeds for subscription in _subscriptions(feed, zone)]
    with Installation(config) as installation:
        archive = installation.archive
        if remove:
            removed = archive.subscriptions.remove(subscription.url for subscription in subscriptions)
            click.echo(f"{removed:,} feeds are followed no longer")
        else:
            added = archive.subscriptions.add(subscriptions)
            click.echo(f"{added:,} feeds are new, {len(subscriptions) - added:,} were followed already")


def _check_zone(name: str) -> None:
    try:
        zones.zone_named(name)
    except ValueError:
        raise ConfigError(f"--zone is {name!r}; allowed: {zones.ALLOWED}") from None


def _subscriptions(feed: str, zone: str) -> list[Subscription]:
    if url := web_address(feed):
        return [Subscription(url=url, zone=zone)]
    if not Path(feed).is_file():
        raise SourceError(f"{feed} is neither an http or https address nor an OPML file")
    try:
        outlines = read_opml(Path(feed).read_bytes())
    except SourceError as error:
        raise SourceError(f"{feed}: {error}") from error
    return [Subscription(url=outline.url, title=outline.title, zone=zone) for outline in outlines]


@click.command()
@click.option("--all", "all_", is_flag=True, help="Fetch also feeds that were fetched a short time ago.")
@click.pass_obj
def fetch(config: Config, all_: bool) -> None:
    """Fetch the feeds that are followed, and keep their articles."""
    now = datetime.now(UTC)
    with Installation(config) as installation, make_client() as client:
        archive = installation.archive
        followed = archive.subscriptions.all()
        due = [feed for feed in followed if all_ or feed.next_fetch is None or feed.next_fetch <= now]
        total, failed = Counts(), 0
        results = fetch_feeds(due, client=client, zone=config.timezone, now=now)
        for before, result in zip(due, results, strict=True):
            counts = archive.put(result.articles)
            # Only now: articles that a crash kept out must come again.
            archive.subscriptions.update(before.url, result.subscription)
            click.echo(f"{before.title or before.url}: {_outcome(result, counts)}")
            total += counts
            failed += result.outcome is Outcome.FAILED
    click.echo(
        f"{len(due):,} of {len(followed):,} feeds were due, {failed:,} failed; "
        f"{total.new:,} articles are new, {total.updated:,} updated, {total.unchanged:,} unchanged"
    )
    if due and failed == len(due):
        raise click.ClickException("no feed could be fetched")


def _outcome(result: Fetched, counts: Counts) -> str:
    match result.outcome:
        case Outcome.FETCHED:
            return f"{counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged"
        case Outcome.UNCHANGED:
            return "nothing new"
        case Outcome.FAILED:
            return f"failed: {result.subscription.last_error}"
