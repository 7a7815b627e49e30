"""The group of all commands: settings and flags, and failures that end with one line."""

import errno
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from indexer import __version__, config
from indexer.errors import XunwenError, system_reason
from indexer.plain_text import plain_lines

COMMANDS: Mapping[str, str] = {
    "import": "indexer.commands.articles:import_",
    "subscribe": "indexer.commands.feeds:subscribe",
    "subscriptions": "indexer.commands.feeds:subscriptions",
    "fetch": "indexer.commands.feeds:fetch",
    "index": "indexer.commands.indexing:index",
    "rebuild": "indexer.commands.indexing:rebuild",
    "furniture": "indexer.commands.furniture:furniture",
    "learn-names": "indexer.commands.indexing:learn_names",
    "show": "indexer.commands.show:show",
    "stats": "indexer.commands.inspection:stats",
    "doctor": "indexer.commands.inspection:doctor",
    "export": "indexer.commands.articles:export_",
    "backup": "indexer.commands.backups:backup",
    "restore": "indexer.commands.backups:restore",
    "user": "indexer.commands.accounts:user",
    "key": "indexer.commands.accounts:key",
}
"""Each command and where it stands. Names alone: a command's module is imported when the command is called."""


class Program(click.Group):
    """A group whose commands end with one line and a non-zero status when they fail, never with a traceback.

    ``places`` are its commands and where they stand; others may be added.
    """

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.places = dict(COMMANDS)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.places:
            return None
        module, _, name = self.places[cmd_name].partition(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except XunwenError as error:
            raise click.ClickException(plain_lines(str(error))) from error
        except OSError as error:
            if error.errno == errno.EPIPE:  # whoever read our output went away; click ends quietly
                raise
            raise click.ClickException(plain_lines(system_reason(error))) from error


@click.group(cls=Program)
@click.option("--data", metavar="FOLDER", help="Folder of the archive and the index  [default: index_data]")
@click.option("--archive", metavar="PATH|ADDRESS", help="Where the articles are kept")
@click.option("--engine", metavar="NAME", help="whoosh or opensearch")
@click.option("--timezone", metavar="ZONE", help='Zone of days and of "today"  [default: Asia/Shanghai]')
@click.option("--user-dictionary", metavar="FILE", help="Words that jieba does not know")
@click.option("--synonyms", metavar="FILE", help="Spellings that mean the same")
@click.version_option(__version__, prog_name="xunwen")
@click.pass_context
def main(context: click.Context, /, **flags: str | None) -> None:
    """Full-text search for Chinese news.

    Settings come from xunwen.toml beside the data folder, from XUNWEN_… in the environment, and from these flags.
    """
    context.obj = config.load(flags)
