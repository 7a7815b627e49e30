"""The commands that keep articles: import, subscribe, fetch, index, rebuild, learn-names, stats, doctor, export.

``program`` is the group of the whole command line; ``search_app.cli`` adds the commands that ask.
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import click

from indexer import build, config, doctor, learning
from indexer.archive import Archive, Counts
from indexer.config import Config
from indexer.engine.index import SearchIndex
from indexer.errors import ConfigError, IndexFailure, SourceError, XunwenError
from indexer.fetching import Fetched, Outcome, discover, fetch, keep
from indexer.fetching.schedule import in_turn, is_due
from indexer.plain import plain_line, plain_lines
from indexer.redaction import without_secrets
from indexer.rejects import RejectList
from indexer.sources import Subscription, jsonl, read
from indexer.sources.opml import read_opml
from indexer.sources.publishers import web_address
from indexer.text import lexicon
from indexer.text.analyser import Analyser

_T = TypeVar("_T")

_Build = Callable[[Archive, SearchIndex, Analyser, build.Progress], build.Done]


class Program(click.Group):
    """A group whose commands end with one line and a non-zero status when they fail, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XunwenError as error:
            raise click.ClickException(plain_lines(str(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output went away; click ends quietly
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(plain_lines(where + (error.strerror or str(error)))) from error


@click.group(cls=Program)
@click.option("--data", metavar="FOLDER", help="Folder of the archive and the index  [default: index_data]")
@click.option("--archive", metavar="PATH|ADDRESS", help="Where the articles are kept")
@click.option("--engine", metavar="NAME", help="whoosh or opensearch")
@click.option("--timezone", metavar="ZONE", help='Zone of days and of "today"  [default: Asia/Shanghai]')
@click.option("--user-dictionary", metavar="FILE", help="Words that jieba does not know")
@click.option("--synonyms", metavar="FILE", help="Spellings that mean the same")
@click.version_option(package_name="xunwen", prog_name="xunwen")
@click.pass_context
def program(context: click.Context, /, **flags: str | None) -> None:
    """Full-text search for Chinese news.

    Settings come from xunwen.toml beside the data folder, from XUNWEN_… in the environment, and from these flags.
    """
    context.obj = config.load(flags)


# -- reading in --------------------------------------------------------------------------------------------------------


@program.command("import")
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@click.option("--if-empty", is_flag=True, help="Do nothing when the archive holds articles already.")
@click.pass_obj
def import_(config: Config, paths: Sequence[str], if_empty: bool) -> None:
    """Keep the articles of files, folders and archives in the archive.

    Reads posts, RSS, Atom, RDF and JSON feeds, and JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard
    input. What cannot be read is counted, and listed with its reason in rejects.jsonl in the data folder.
    """
    with build.open_archive(config) as archive:
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {kept:,} articles already; nothing was imported")
            return
        found = read(paths, zone=config.timezone, now=_now(), stdin=sys.stdin.buffer)
        with RejectList(config.data / "rejects.jsonl") as rejects, _progress(found, "Importing") as items:
            counts = archive.put(rejects.kept_out_of(items))
    click.echo(
        f"read {len(counts):,}: {counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged; "
        f"rejected {rejects.count:,}" + (f", see {rejects.path}" if rejects.count else "")
    )
    if not len(counts):
        raise click.ClickException("nothing could be read" + (f": {rejects.first}" if rejects.first else ""))


@program.command()
@click.argument("feeds", metavar="URL|OPML...", nargs=-1, required=True)
@click.option("--zone", default="", metavar="ZONE", help="Zone of the feeds' dates that name none.")
@click.option("--remove", is_flag=True, help="Follow these feeds no longer.")
@click.pass_obj
def subscribe(config: Config, feeds: Sequence[str], zone: str, remove: bool) -> None:
    """Follow feeds: addresses, or OPML lists of them."""
    if zone:
        _check_zone(zone)
    subscriptions = [subscription for feed in feeds for subscription in _subscriptions(feed, zone)]
    with build.open_archive(config) as archive:
        if remove:
            removed = archive.subscriptions.remove(subscription.url for subscription in subscriptions)
            click.echo(f"{removed:,} feeds are followed no longer")
        else:
            named = {url for feed in feeds if (url := web_address(feed))}
            known = {subscription.url for subscription in archive.subscriptions.all()}
            feed_of = _discovered(named - known, config)
            wanted = [replace(feed, url=feed_of.get(feed.url, feed.url)) for feed in subscriptions]
            added = archive.subscriptions.add(wanted)
            click.echo(f"{added:,} feeds are new, {len(subscriptions) - added:,} were followed already")


def _discovered(addresses: Iterable[str], config: Config) -> dict[str, str]:
    """The feed behind each address: itself, or the one that a page names."""
    found = {}
    for page in discover(addresses, now=_now(), private=config.fetch_private):
        found[page.asked] = page.feed
        if page.problem:
            click.echo(f"{without_secrets(page.asked)} is followed, but does not answer: {page.problem}", err=True)
        elif page.feed != page.asked:
            click.echo(f"{without_secrets(page.asked)} is a page; its feed is {without_secrets(page.feed)}")
    return found


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(f"--zone is {name!r}; allowed: a name such as Asia/Shanghai, Asia/Taipei, UTC") from None


def _subscriptions(feed: str, zone: str) -> list[Subscription]:
    if url := web_address(feed):
        return [Subscription(url=url, zone=zone)]
    if not Path(feed).is_file():
        raise SourceError(f"{plain_line(without_secrets(feed))} is neither an http or https address nor an OPML file")
    try:
        outlines = read_opml(Path(feed).read_bytes())
    except SourceError as error:
        raise SourceError(f"{feed}: {error}") from error
    return [Subscription(url=outline.url, title=outline.title, zone=zone) for outline in outlines]


@program.command("fetch")
@click.option("--all", "all_", is_flag=True, help="Fetch also feeds that were fetched a short time ago.")
@click.pass_obj
def fetch_(config: Config, all_: bool) -> None:
    """Fetch the feeds that are followed, and keep their articles."""
    now = _now()
    with build.open_archive(config) as archive:
        followed = archive.subscriptions.all()
        due = in_turn(feed for feed in followed if all_ or is_due(feed, now))
        total, failed = Counts(), 0
        with closing(fetch(due, zone=config.timezone, now=now, private=config.fetch_private)) as results:
            for result, counts in keep(archive, results, now):
                name = plain_line(result.before.title or without_secrets(result.before.url))
                click.echo(f"{name}: {_outcome(result, counts)}")
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
            return f"failed: {plain_line(result.subscription.last_error)}"


# -- the index ---------------------------------------------------------------------------------------------------------


@program.command("index")
@click.pass_obj
def index_(config: Config) -> None:
    """Bring the index up to date with the archive; build it if there is none."""
    _build(config, build.update, "Indexing")


@program.command()
@click.pass_obj
def rebuild(config: Config) -> None:
    """Build the index anew, then swap; searches go on meanwhile."""
    _build(config, build.rebuild, "Rebuilding")


@program.command("learn-names")
@click.option("--limit", default=100, show_default=True, metavar="N", help="Names to show; 0 shows all.")
@click.pass_obj
def learn_names(config: Config, limit: int) -> None:
    """Learn from the archive which spellings are the same name, and show them.

    Articles gloss foreign names as 译名（Latin）; spellings of the same Latin name belong together. A line in the file
    variants.tsv in the data folder adds a group (特朗普, 川普) or parts one (!哈里, 哈利).
    """
    with build.open_archive(config) as archive:
        names = learning.learn_names(archive, config.data)
    several = [name for name in names if len(name.spellings) > 1]
    for name in several[: limit or None]:
        spellings = ", ".join(f"{spelling} {articles:,}" for spelling, articles in name.spellings)
        click.echo(f"{name.latin}: {spellings}\n    {name.example}")
    click.echo(f"learned {len(names):,} names, {len(several):,} of them with several spellings")


def _build(config: Config, way: _Build, label: str) -> None:
    analyser = build.open_analyser(config)
    with build.open_archive(config) as archive, closing(build.open_index(config, analyser)) as index:
        with _bar(None, label, archive.last_sequence()) as bar:
            done = way(archive, index, analyser, lambda sequence: bar.update(sequence - bar.pos))
        info = index.info()
        if way is build.rebuild or not (config.data / lexicon.FILE).exists():
            learning.learn_everything(archive, config.data)
    click.echo(
        f"indexed {done.put:,} articles, took out {done.deleted:,}; "
        f"the index holds {info.documents:,} (generation {info.generation})"
    )


# -- looking -----------------------------------------------------------------------------------------------------------


@program.command()
@click.option("--json", "as_json", is_flag=True, help="As a JSON object.")
@click.pass_obj
def stats(config: Config, as_json: bool) -> None:
    """Show the archive and the index in figures."""
    with build.open_archive(config) as archive:
        figures = _figures(config, archive)
    if as_json:
        click.echo(json.dumps(figures, ensure_ascii=False, indent=2))
        return
    kept, held, feeds = figures["archive"], figures["index"], figures["subscriptions"]
    click.echo(f"archive    {kept['articles']:,} articles, {_megabytes(kept['size'])}, {kept['location']}")
    if kept["oldest"]:
        click.echo(f"published  {kept['oldest'][:10]} to {kept['newest'][:10]}, {kept['undated']:,} at unknown times")
    click.echo(f"revisions  {kept['revisions']:,}")
    if "error" in held:
        click.echo(f"index      {held['error']}")
    else:
        behind = kept["sequence"] - held["sequence"]
        click.echo(
            f"index      {held['documents']:,} articles, {_megabytes(held['size'])}, {config.engine}, generation "
            f"{held['generation']}, " + (f"{behind:,} changes behind" if behind else "up to date")
        )
    click.echo(f"feeds      {feeds['count']:,}, {feeds['failing']:,} failing")
    for source in kept["sources"]:
        click.echo(f"{source['count']:>9,}  {plain_line(source['value'], 100) or '(unknown source)'}")


def _figures(config: Config, archive: Archive) -> dict[str, Any]:
    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(config.timezone).isoformat() if moment else None

    kept = archive.statistics()
    try:
        with closing(build.open_index(config, build.open_analyser(config))) as index:
            info = index.info()
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


@program.command("doctor")
@click.pass_obj
def doctor_(config: Config) -> None:
    """Look for what is wrong, and say what to do; the exit status is 1 if something is."""
    healthy = True
    for finding in doctor.examine(config):
        healthy &= finding.good
        click.echo(f"{'ok   ' if finding.good else 'WRONG'}  {finding.what}")
        if finding.remedy:
            click.echo(f"       {finding.remedy}")
    if not healthy:
        raise click.exceptions.Exit(1)


@program.command()
@click.pass_obj
def export(config: Config) -> None:
    """Write every article to standard output, a line of JSON each, which import reads again."""
    output = sys.stdout.buffer  # UTF-8 in every locale
    with build.open_archive(config) as archive:
        # A bar would stand among the lines where both go to the same terminal.
        hidden = output.isatty()
        with _progress(archive.iterate(), "Exporting", archive.count(), hidden=hidden) as articles:
            output.writelines(line.encode() for line in jsonl.write(articles))
        output.flush()


# -- shared ------------------------------------------------------------------------------------------------------------


def _now() -> datetime:
    return datetime.now(UTC)


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"


def _bar(items: Iterable[_T] | None, label: str, length: int | None, *, hidden: bool = False) -> Any:
    return click.progressbar(
        items,
        length,
        label,
        hidden=hidden or not sys.stderr.isatty(),
        show_pos=True,
        bar_template="%(label)s  [%(bar)s]  %(info)s" if length else "%(label)s  %(info)s",
        file=sys.stderr,
        update_min_steps=1 if length and length < 1000 else 100,
    )


@contextmanager
def _progress(
    items: Iterable[_T], label: str, length: int | None = None, *, hidden: bool = False
) -> Iterator[Iterator[_T]]:
    """The items, counted before the user's eyes when a terminal is there."""
    with _bar(items, label, length, hidden=hidden) as bar:
        yield iter(bar)
