"""serve, run: pages and API over HTTP, and with them all that is to be done."""

import gc
from datetime import UTC, datetime
from typing import Any

import click

from indexer.config import Config
from indexer.errors import ConfigError
from indexer.files import Lock
from indexer.installation import Installation


def _server_options(command: Any) -> Any:
    host = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
    port = click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535))
    threads = click.option(
        "--threads", default=8, show_default=True, type=click.IntRange(1, 128), help="Requests answered at once."
    )
    return host(port(threads(command)))


@click.command()
@_server_options
@click.pass_obj
def serve(config: Config, host: str, port: int, threads: int) -> None:
    """Serve the search page and the API over HTTP.

    On a loopback address the people of this machine may change things, elsewhere those who sign in: see “xunwen user”.
    """
    _serve(config, host, port, threads)


@click.command()
@_server_options
@click.pass_context
def run(context: click.Context, host: str, port: int, threads: int) -> None:
    """Serve, and do all that is to be done: fetch feeds when due, index, let watches look, back up at night.

    The page /status shows what was done and when; the setting “backup” names the folder for backups.
    """
    config: Config = context.obj
    config.data.mkdir(parents=True, exist_ok=True)
    try:
        lock = Lock(config.data / "run.lock")
    except BlockingIOError as error:
        raise ConfigError(f"another “xunwen run” looks after {config.data}: end it, or use “xunwen serve”") from error
    given = context.parent.params if context.parent else {}
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in given.items() if value is not None]
    with lock:
        _serve(config, host, port, threads, flags)


def _serve(config: Config, host: str, port: int, threads: int, flags: list[str] | None = None) -> None:
    """Serve until somebody ends it; with the ``flags`` of other commands also run those when they are due."""
    from search_app.server import Signals, open_server

    signals = Signals()
    from search_app.app import build_app
    from search_app.schedule import Schedule
    from search_app.search.library import Library

    with Installation(config) as installation:
        schedule = None if flags is None else Schedule(installation, flags, lambda: datetime.now(UTC))
        # What is loaded by then stays: to look through all of it for garbage would stop a page for a tenth of a second.
        server = open_server(build_app(Library(installation), host, schedule), host, port, threads, gc.freeze)
        signals.server = server
        click.echo(f"Serving on http://{f'[{host}]' if ':' in host else host}:{server.port}, Ctrl-C ends")
        if remark := _read_only_remark(installation, host):
            click.echo(remark, err=True)
        if schedule is None:
            server.run()
            return
        schedule.tell = lambda task, line: click.echo(f"{task}: {line}")
        schedule.start()
        try:
            server.run()
        finally:
            schedule.stop()


def _read_only_remark(installation: Installation, host: str) -> str:
    """What to tell when nobody may change anything over the web."""
    from search_app.access.site import Site

    site, accounts = Site.of(installation.config, host), installation.archive.accounts
    if site.is_local or site.reader_header or accounts.users() or accounts.keys():
        return ""
    return "For reading only: nobody can sign in. “xunwen user add NAME” lets somebody in who may change things"
