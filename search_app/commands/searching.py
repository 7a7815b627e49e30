"""search: a question asked in the terminal."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import click

from indexer.archive.readers.marks import OWNER
from indexer.config import Config
from indexer.errors import QueryError
from indexer.installation import Installation
from indexer.plain_text import counted
from search_app.presentation.json_encoding import encode
from search_app.presentation.messages import Gettext, note_text, query_error_line, terminal_gettext
from search_app.query.parameters import SEARCH_PARAMETERS, Parameter, SearchParameters
from search_app.search.results import ResultHit, Results, Span

_OPTIONS: Mapping[str, str] = {
    "from": "DATE",
    "to": "DATE",
    "source": "NAME",
    "author": "NAME",
    "lang": "TAG",
    "sort": "ORDER",
    "limit": "N",
    "collapse": "",
    "recency": "TIME",
    "variants": "",
    "hidden": "",
    "without": "SPELLING",
    "explain": "",
}
"""The parameters of a search that are options here, each with what its value is called in the help."""

_SWITCHES: Mapping[str, str] = {
    "variants": "Only the spelling that was typed.",
    "hidden": "Also what was hidden.",
    "explain": "Show what each score is made of.",
}
"""What those do that are on or off."""


def _option(parameter: Parameter) -> Callable[[Any], Any]:
    """``--name VALUE``; a switch is ``--name`` or, when it is on anyway, ``--no-name``."""
    help_ = parameter.description.replace("`", "")
    if parameter.kind == "switch":
        flag = f"--no-{parameter.name}" if parameter.default else f"--{parameter.name}"
        return click.option(flag, f"parameter_{parameter.name}", is_flag=True, help=_SWITCHES[parameter.name])
    kind = click.Choice(parameter.choices) if parameter.choices else str
    return click.option(
        f"--{parameter.name}",
        f"parameter_{parameter.name}",
        metavar=None if parameter.choices else _OPTIONS[parameter.name],
        type=kind,
        multiple=parameter.kind == "values",
        help=help_,
    )


def _search_options(command: Any) -> Any:
    for parameter in reversed(SEARCH_PARAMETERS):
        if parameter.name in _OPTIONS:
            command = _option(parameter)(command)
    return command


@click.command()
@click.argument("query", nargs=-1, required=True)
@_search_options
@click.option("--json", "as_json", is_flag=True, help="The same object as /api/v1/search.")
@click.option("--export", "form", type=click.Choice(("csv", "jsonl")), help="Write all that matches, however many.")
@click.pass_obj
def search(config: Config, /, query: tuple[str, ...], as_json: bool, form: str | None, **options: Any) -> None:
    """Search the archive.

    QUERY: words, "exact run", a OR b, -not, title:… source:… author:… site:… lang:… before:… after:… date:A..B,
    pre*. Write -- before a query that begins with a minus sign.
    """
    from search_app.search.library import Library

    gettext = terminal_gettext()
    try:
        parameters = SearchParameters.parse({"q": [" ".join(query)], **_given(options)})
        with Installation(config) as installation:
            installation.must_exist()
            library = Library(installation, lambda: datetime.now(UTC))
            if form:
                _export(library, parameters, form)
                return
            asked = library.ask(parameters, OWNER)
            results = library.search(asked)
            if not as_json:
                results = library.corrected(asked, results)
    except QueryError as error:
        raise click.ClickException(query_error_line(error, gettext)) from error
    if as_json:
        click.echo(json.dumps(encode(results, gettext), ensure_ascii=False, indent=2))
    else:
        _print(results, config, gettext)


def _given(options: Mapping[str, Any]) -> dict[str, list[str]]:
    """Request parameters of what was given on the command line."""
    given: dict[str, list[str]] = {}
    for parameter in SEARCH_PARAMETERS:
        value = options.get(f"parameter_{parameter.name}")
        if isinstance(value, tuple):
            given[parameter.name] = list(value)
        elif isinstance(value, bool):
            given[parameter.name] = [str(int(value != parameter.default))]
        elif value:
            given[parameter.name] = [value]
    return given


def _export(library: Any, parameters: SearchParameters, form: str) -> None:
    from search_app.api.export import WRITERS, hit_rows, pages

    rows = hit_rows(pages(library, parameters, OWNER), parameters.fields)
    for line in WRITERS[form](rows, parameters.fields):
        click.echo(line, nl=False)


def _print(results: Results, config: Config, gettext: Gettext) -> None:
    most = results.stories if results.collapsed else results.total
    shown = f", {len(results.hits):,} shown" if len(results.hits) < most else ""
    stories = "" if results.stories == results.total else f" in {counted(results.stories, 'story', 'stories')}"
    click.secho(f"{counted(results.total, 'article')}{stories}{shown} ({results.took_ms:.0f} ms)", bold=True)
    for note in results.query.notes:
        click.secho(note_text(note, gettext), fg="yellow")
    if results.hidden:
        click.secho(f"{results.hidden:,} more that you hid: --hidden shows them", fg="yellow")
    for meant in results.suggestions:
        click.secho(f"{gettext('Did you mean')} {meant.text} ({meant.count:,})", fg="yellow")
    for number, hit in enumerate(results.hits, 1):
        click.echo(f"\n{number:>3}  {marked(hit.title, hit.title_highlights)}")
        click.echo(f"     {_printable(hit.source) or '(unknown source)'}  {_when(hit, config)}  {_printable(hit.url)}")
        click.echo(f"     {marked(hit.snippet.text, hit.snippet.highlights)}")
        if hit.copies:
            click.echo(f"     and {hit.copies:,} more of this story")
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
