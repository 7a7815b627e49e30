"""The commands that ask: search, serve. ``main`` is the whole command line, the indexer's commands included."""

import json
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

import click
from werkzeug.datastructures import MultiDict

from indexer import build
from indexer.cli import program as main
from indexer.config import Config
from indexer.errors import QueryError
from indexer.text.variants import Variants
from search_app.query.parameters import DEFAULT_LIMIT, MAX_LIMIT, SORTS, Question
from search_app.search.results import ResultHit, Results, Span
from search_app.search.searcher import Searcher

__all__ = ["main"]


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option(
    "--from", "first", default="", metavar="DATE", help="First day: 2020, 2020-09, 2020-09-15, 昨天, 近三天, 7d …"
)
@click.option("--to", "last", default="", metavar="DATE", help="Last day, included.")
@click.option("--source", "sources", multiple=True, metavar="NAME", help="Only this publisher; may be repeated.")
@click.option("--lang", "languages", multiple=True, metavar="TAG", help="Only this language: zh, zh-Hant, en …")
@click.option("--sort", type=click.Choice(SORTS), default=SORTS[0], show_default=True)
@click.option(
    "--limit", default=DEFAULT_LIMIT, show_default=True, metavar="N", help=f"Articles shown, up to {MAX_LIMIT}."
)
@click.option("--recency", default="", metavar="TIME", help="Half-life of a boost for new articles: 12h, 30d, 4w.")
@click.option("--no-variants", is_flag=True, help="Only the spelling that was typed.")
@click.option("--explain", is_flag=True, help="Show what each score is made of.")
@click.option("--json", "as_json", is_flag=True, help="The same object as /api/v1/search.")
@click.option("--export", "form", type=click.Choice(("csv", "jsonl")), help="Write all that matches, however many.")
@click.pass_obj
def search(
    config: Config,
    query: tuple[str, ...],
    first: str,
    last: str,
    sources: tuple[str, ...],
    languages: tuple[str, ...],
    sort: str,
    limit: int,
    recency: str,
    no_variants: bool,
    explain: bool,
    as_json: bool,
    form: str | None,
) -> None:
    """Search the archive.

    QUERY: words, "exact run", a OR b, -not, title:… source:… site:… lang:… before:… after:… date:A..B, pre*. Write --
    before a query that begins with a minus sign.
    """
    parameters = MultiDict[str, str](
        [
            ("q", " ".join(query)),
            ("from", first),
            ("to", last),
            *(("source", source) for source in sources),
            *(("lang", language) for language in languages),
            ("sort", sort),
            ("limit", str(limit)),
            ("recency", recency),
            ("variants", str(int(not no_variants))),
            ("explain", str(int(explain))),
        ]
    )
    analyser = build.open_analyser(config)
    variants = Variants.load(config.data, config.synonyms)
    with build.open_archive(config) as archive, closing(build.open_index(config, analyser)) as index:
        searcher = Searcher(index, archive, analyser, variants, config.timezone)
        try:
            question = Question.parse(parameters)
            if form:
                _export(lambda asked: searcher.search(asked, datetime.now(UTC)), question, form)
                return
            results = searcher.search(question, datetime.now(UTC))
        except QueryError as error:
            allowed = f"（{error.field}：{error.allowed}）" if error.allowed else ""
            raise click.ClickException(f"{error}{allowed}") from error
    if as_json:
        click.echo(json.dumps(results.to_json(), ensure_ascii=False, indent=2))
    else:
        _print(results, config)


def _export(search: Callable[[Question], Results], question: Question, form: str) -> None:
    from search_app.api.export import csv_lines, json_lines, pages

    hits = (hit for page in pages(search, question) for hit in page.hits)
    for line in (csv_lines if form == "csv" else json_lines)(hits, question.fields):
        click.echo(line, nl=False)


def _print(results: Results, config: Config) -> None:
    shown = f", {len(results.hits):,} shown" if len(results.hits) < results.total else ""
    click.secho(f"{results.total:,} articles{shown} ({results.took_ms:.0f} ms)", bold=True)
    for note in results.notes:
        click.secho(note.text, fg="yellow")
    for number, hit in enumerate(results.hits, 1):
        click.echo(f"\n{number:>3}  {marked(hit.title, hit.title_highlights)}")
        click.echo(f"     {_printable(hit.source) or '(unknown source)'}  {_when(hit, config)}  {_printable(hit.url)}")
        click.echo(f"     {marked(hit.snippet.text, hit.snippet.highlights)}")
        for part in hit.explanation:
            click.echo(f"     {part.score:>9.3f}  {part.feature}")


def _when(hit: ResultHit, config: Config) -> str:
    if hit.published is None:
        return f"found {hit.discovered.astimezone(config.timezone):%Y-%m-%d %H:%M}"
    return f"{hit.published.astimezone(config.timezone):%Y-%m-%d %H:%M}"


def marked(text: str, highlights: tuple[Span, ...]) -> str:
    """The text for a terminal, highlights in colour. Control characters in it could steer the terminal."""
    pieces, done = "", 0
    for start, end in highlights:
        pieces += _printable(text[done:start]) + click.style(_printable(text[start:end]), fg="red", bold=True)
        done = end
    return pieces + _printable(text[done:])


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
@click.option("--threads", default=8, show_default=True, type=click.IntRange(1, 128), help="Requests answered at once.")
@click.pass_obj
def serve(config: Config, host: str, port: int, threads: int) -> None:
    """Serve the search page and the API over HTTP."""
    from search_app import create_app
    from search_app.server import open_server

    server = open_server(create_app(config), host, port, threads)
    click.echo(f"Serving on http://{f'[{host}]' if ':' in host else host}:{server.getsockname()[1]}, Ctrl-C ends")
    server.run()
