"""subscribe, subscriptions, fetch: the feeds that are followed, and what is new in them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click

from indexer import zones
from indexer.archive import Archive, Counts, Subscription
from indexer.commands.terminal import said
from indexer.config import Config
from indexer.errors import ConfigError, SourceError
from indexer.fetching import discovery, fetcher, schedule, storing
from indexer.fetching import full_text as full_texts
from indexer.fetching.fetcher import Fetched, Outcome
from indexer.installation import Installation
from indexer.plain_text import counted, plain_line
from indexer.redaction import without_secrets
from indexer.sources.opml import Outline, read_opml, write_opml
from indexer.urls import web_address


@click.command()
@click.argument("feeds", metavar="URL|OPML...", nargs=-1, required=True)
@click.option("--zone", default="", metavar="ZONE", help="Zone of the feeds' dates that name none.")
@click.option("--folder", default="", metavar="NAME", help="The folder that they stand in.")
@click.option(
    "--full-text/--no-full-text",
    default=None,
    help="Fetch the pages of new articles, where the feeds give less; also for feeds that are followed already.",
)
@click.option("--remove", is_flag=True, help="Follow these feeds no longer; their articles stay.")
@click.option("--pause/--resume", "paused", default=None, help="Do not fetch these feeds for now; fetch them again.")
@click.pass_obj
def subscribe(
    config: Config,
    feeds: Sequence[str],
    zone: str,
    folder: str,
    full_text: bool | None,
    remove: bool,
    paused: bool | None,
) -> None:
    """Follow feeds: addresses of feeds or of pages that name one, or OPML lists."""
    if zone:
        _check_zone(zone)
    subscriptions = [subscription for feed in feeds for subscription in _subscriptions(feed, zone)]
    if folder:
        subscriptions = [replace(subscription, folder=plain_line(folder, 100)) for subscription in subscriptions]
    with Installation(config) as installation:
        archive = installation.archive
        if remove:
            removed = archive.subscriptions.remove(subscription.url for subscription in subscriptions)
            click.echo(f"{counted(removed, 'feed is', 'feeds are')} followed no longer")
        elif paused is not None:
            followed = {subscription.url for subscription in archive.subscriptions.all()}
            there = [subscription.url for subscription in subscriptions if subscription.url in followed]
            for url in there:
                archive.subscriptions.pause(url, paused)
            click.echo(f"{counted(len(there), 'feed is', 'feeds are')} {'paused' if paused else 'fetched again'}")
        else:
            named = {url for feed in feeds if (url := web_address(feed))}
            known = {subscription.url for subscription in archive.subscriptions.all()}
            feed_of = _discovered(named - known, config)
            wanted = [replace(feed, url=feed_of.get(feed.url, feed.url)) for feed in subscriptions]
            added = archive.subscriptions.add(wanted)
            if full_text is not None:
                archive.subscriptions.set_full_text((feed.url for feed in wanted), full_text)
            click.echo(f"{counted(added, 'feed is', 'feeds are')} new, {len(subscriptions) - added:,} followed already")


def _discovered(addresses: Iterable[str], config: Config) -> dict[str, str]:
    """The feed behind each address: itself, or the one that a page names."""
    found = {}
    for page in discovery.discover(addresses, now=datetime.now(UTC), private=config.fetch_private):
        found[page.asked] = page.feed
        if page.problem:
            click.echo(f"{without_secrets(page.asked)} is followed, but does not answer: {page.problem}", err=True)
        elif page.feed != page.asked:
            click.echo(f"{without_secrets(page.asked)} is a page; its feed is {without_secrets(page.feed)}")
    return found


def _check_zone(name: str) -> None:
    try:
        zones.zone_named(name)
    except ValueError:
        raise ConfigError(f"--zone is {name!r}; allowed: {zones.ALLOWED}") from None


def _subscriptions(feed: str, zone: str) -> list[Subscription]:
    if url := web_address(feed):
        return [Subscription(url=url, zone=zone)]
    if not Path(feed).is_file():
        raise SourceError(f"{without_secrets(feed)} is neither an http or https address nor an OPML file")
    try:
        outlines = read_opml(Path(feed).read_bytes())
    except SourceError as error:
        raise SourceError(f"{feed}: {error}") from error
    for outline in outlines.refused:
        told = f"{plain_line(without_secrets(outline.url))}  {plain_line(outline.title)}".rstrip()
        click.echo(f"cannot be followed, neither http nor https: {told}", err=True)
    return [
        Subscription(
            url=outline.url,
            title=_title(outline),
            zone=zone,
            folder=plain_line(outline.folder, 100),
            full_text=outline.full_text,
        )
        for outline in outlines.feeds
    ]


def _title(outline: Outline) -> str:
    """The title that a list gives; ``""`` where that is the address, for want of one: then the feed's own will do."""
    return "" if outline.title == outline.url else outline.title


@click.command()
@click.option("--with-secrets", is_flag=True, help="Also the feeds whose addresses hold a password or a token.")
@click.pass_obj
def subscriptions(config: Config, with_secrets: bool) -> None:
    """Print the feeds that are followed, as OPML 2.0, which "subscribe" and other readers take.

    A feed whose address holds a password or a token is left out, and named: without it nobody could follow the feed.
    """
    with Installation(config) as installation:
        installation.must_exist()
        followed = installation.archive.subscriptions.all()
    told = [feed for feed in followed if with_secrets or without_secrets(feed.url) == feed.url]
    for feed in followed:
        if feed not in told:
            click.echo(f"left out without --with-secrets: {plain_line(without_secrets(feed.url))}", err=True)
    document = write_opml(Outline(feed.url, feed.title, folder=feed.folder, full_text=feed.full_text) for feed in told)
    click.echo(document.encode(), nl=False)  # UTF-8 in every locale


@click.command()
@click.option("--all", "all_", is_flag=True, help="Fetch also feeds that were fetched a short time ago.")
@click.pass_obj
def fetch(config: Config, all_: bool) -> None:
    """Fetch the feeds that are followed, and keep their articles; then the pages of those that feeds give in part."""
    now = datetime.now(UTC)
    with Installation(config) as installation:
        archive = installation.archive
        followed = archive.subscriptions.all()
        due = schedule.in_turn(feed for feed in followed if (all_ and not feed.paused) or schedule.is_due(feed, now))
        total, failed = Counts(), 0
        with closing(fetcher.fetch(due, zone=config.timezone, now=now, private=config.fetch_private)) as results:
            for result, counts in storing.store(archive, results, now):
                name = plain_line(result.before.title or without_secrets(result.before.url))
                click.echo(f"{name}: {_outcome(result, counts)}")
                total += counts
                failed += result.outcome is Outcome.FAILED
        _complete(archive, config, now)
    click.echo(
        f"{len(due):,} of {counted(len(followed), 'feed')} due, {failed:,} failed; "
        f"{counted(total.new, 'article is', 'articles are')} new, {total.updated:,} updated, "
        f"{total.unchanged:,} unchanged" + (f", {total.forgotten:,} forgotten" if total.forgotten else "")
    )
    if due and failed == len(due):
        raise click.ClickException("no feed could be fetched")


def _complete(archive: Archive, config: Config, now: datetime) -> None:
    """Fetch the pages that are due, and tell those that failed."""
    outcomes: Counter[full_texts.Outcome] = Counter()
    pages = full_texts.complete(archive, zone=config.timezone, now=now, private=config.fetch_private)
    with closing(pages) as results:
        for result in results:
            outcomes[result.outcome] += 1
            if result.outcome is full_texts.Outcome.FAILED:
                where = plain_line(without_secrets(result.article.url))
                click.echo(f"{where}: failed: {plain_line(result.page.error)}", err=True)
    if outcomes:
        click.echo("pages of articles: " + ", ".join(f"{outcomes[each]:,} {each.value}" for each in full_texts.Outcome))


def _outcome(result: Fetched, counts: Counts) -> str:
    match result.outcome:
        case Outcome.FETCHED:
            return said(counts)
        case Outcome.UNCHANGED:
            return "nothing new"
        case Outcome.FAILED:
            return f"failed: {plain_line(result.subscription.last_error)}"
