"""The commands that keep articles: import, subscribe, fetch, index, rebuild, learn-names, stats, doctor, export.

``program`` is the group of the whole command line; ``search_app.cli`` adds the commands that ask.
"""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, TypeVar
from zoneinfo import ZoneInfo

import click

from indexer import build, config, doctor, learning
from indexer.archive import Archive, Counts
from indexer.article import Article
from indexer.config import Config
from indexer.engine.index import SearchIndex
from indexer.errors import ConfigError, IndexFailure, SourceError, XunwenError
from indexer.fetch import Fetched, Outcome, fetch, make_client
from indexer.sources import Reject, Subscription, jsonl, read
from indexer.sources.opml import read_opml
from indexer.text import lexicon
from indexer.text.analyser import Analyser
from indexer.urls import web_address

_T = TypeVar("_T")

_Build = Callable[[Archive, SearchIndex, Analyser, build.Progress], build.Done]


class Program(click.Group):
    """A group whose commands end with one line and a non-zero status when they fail, never with a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XunwenError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output went away; click ends quietly
                raise
            where = f"{error.filename}: " if error.filename else ""
            raise click.ClickException(where + (error.strerror or str(error))) from error


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

    Reads posts, Markdown and text, saved pages, WARC, RSS, Atom, RDF and JSON feeds, what reading programs export, and
    JSON lines, also in .tar.gz, .tar.xz and .tar.zst; "-" is standard input. What cannot be read is counted, and listed
    with its reason in rejects.jsonl in the data folder.
    """
    with build.open_archive(config) as archive:
        if if_empty and (kept := archive.count()):
            click.echo(f"the archive holds {kept:,} articles already; nothing was imported")
            return
        found = read(paths, zone=config.timezone, now=_now(), stdin=sys.stdin.buffer)
        with _Rejects(config.data / "rejects.jsonl") as rejects, _progress(found, "Importing") as items:
            counts = archive.put(rejects.kept_out_of(items))
    click.echo(
        f"read {len(counts):,}: {counts.new:,} new, {counts.updated:,} updated, {counts.unchanged:,} unchanged; "
        f"rejected {rejects.count:,}" + (f", see {rejects.path}" if rejects.count else "")
    )
    if not len(counts):
        raise click.ClickException("nothing could be read" + (f": {rejects.first}" if rejects.first else ""))


class _Rejects:
    """The list of what the last import could not read, one JSON object a line: ``path`` and ``reason``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.count = 0
        self.first = ""
        self._file: IO[str] | None = None

    def __enter__(self) -> _Rejects:
        self.path.unlink(missing_ok=True)
        return self

    def __exit__(self, *failure: object) -> None:
        if self._file:
            self._file.close()

    def kept_out_of(self, items: Iterable[Article | Reject]) -> Iterator[Article]:
        for item in items:
            if isinstance(item, Article):
                yield item
            else:
                self._add(item)

    def _add(self, reject: Reject) -> None:
        self.count += 1
        self.first = self.first or f"{reject.path}: {reject.reason}"
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("w", encoding="utf-8")
        line = {"path": reject.path, "reason": reject.reason}
        self._file.write(json.dumps(line, ensure_ascii=False) + "\n")


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
            added = archive.subscriptions.add(subscriptions)
            click.echo(f"{added:,} feeds are new, {len(subscriptions) - added:,} were followed already")


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ConfigError(f"--zone is {name!r}; allowed: a name such as Asia/Shanghai, Asia/Taipei, UTC") from None


def _subscriptions(feed: str, zone: str) -> list[Subscription]:
    if url := web_address(feed):
        return [Subscription(url=url, zone=zone)]
    if not Path(feed).is_file():
        raise SourceError(f"{feed} is neither an http or https address nor an OPML file")
    try:
        outlines = read_opml(Path(feed).read_bytes())
    except SourceError as error:
        raise SourceError(f"{feed}: {error}") from error
    for outline in outlines.refused:
        click.echo(f"cannot be followed, neither http nor https: {outline.url}  {outline.title}".rstrip(), err=True)
    return [Subscription(url=outline.url, title=outline.title, zone=zone) for outline in outlines.feeds]


@program.command("fetch")
@click.option("--all", "all_", is_flag=True, help="Fetch also feeds that were fetched a short time ago.")
@click.pass_obj
def fetch_(config: Config, all_: bool) -> None:
    """Fetch the feeds that are followed, and keep their articles."""
    now = _now()
    with build.open_archive(config) as archive, make_client() as client:
        followed = archive.subscriptions.all()
        due = [feed for feed in followed if all_ or feed.next_fetch is None or feed.next_fetch <= now]
        total, failed = Counts(), 0
        results = fetch(due, client=client, zone=config.timezone, now=now)
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
        click.echo(f"{source['count']:>9,}  {source['value'] or '(unknown source)'}")


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
