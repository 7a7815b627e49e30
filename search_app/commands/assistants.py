"""``xunwen mcp``: the archive for assistants."""

from datetime import UTC, datetime

import click

from indexer.config import Config
from indexer.errors import ConfigError
from indexer.installation import Installation


@click.command()
@click.option("--http", is_flag=True, help="Over HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, with --http.")
@click.option("--port", default=8001, show_default=True, type=click.IntRange(1, 65535), help="With --http.")
@click.pass_obj
def mcp(config: Config, http: bool, host: str, port: int) -> None:
    """Let assistants read the archive, by the Model Context Protocol.

    Tools: search, article, story, sentences, timeline, terms, suggest. They only read. Over HTTP nobody signs in:
    whoever reaches the address may ask, under it or a name in the setting “hosts”.
    """
    from search_app.presentation.messages import terminal_gettext
    from search_app.search.library import Library

    try:
        from search_app.api.mcp import build_server, run_http
    except ModuleNotFoundError as error:
        if error.name not in ("mcp", "mcp_types"):
            raise
        raise ConfigError("“xunwen mcp” needs the package mcp: pip install 'xunwen[mcp]'") from error
    with Installation(config) as installation:
        installation.must_exist()
        server = build_server(Library(installation, lambda: datetime.now(UTC)), terminal_gettext())
        if http:
            click.echo(f"Serving on http://{f'[{host}]' if ':' in host else host}:{port}/mcp, Ctrl-C ends", err=True)
            run_http(server, host, port, [name for name in config.hosts.split(",") if name])
        else:
            server.run("stdio")
