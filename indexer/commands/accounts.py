"""The commands about who may change something over the web: user, key."""

import sys

import click

from indexer.archive import Account
from indexer.config import Config
from indexer.errors import ConfigError
from indexer.installation import Installation


@click.group()
def user() -> None:
    """Readers who may sign in and change something."""


@user.command("add")
@click.argument("name")
@click.pass_obj
def add_user(config: Config, name: str) -> None:
    """Let NAME sign in, or give NAME another password.

    The password is asked for twice; where there is no terminal it is the first line of the standard input.
    """
    password = _password()
    with Installation(config) as installation:
        is_new = installation.archive.accounts.set_password(name, password)
    click.echo(f"{name} may sign in" if is_new else f"{name} has a new password, and signs in again with it")


@user.command("list")
@click.pass_obj
def list_users(config: Config) -> None:
    """Who may sign in, and since when."""
    with Installation(config) as installation:
        _print(installation.archive.accounts.users(), config, "nobody may sign in")


@user.command("remove")
@click.argument("name")
@click.pass_obj
def remove_user(config: Config, name: str) -> None:
    """Let NAME sign in no longer; where NAME has signed in, that ends too."""
    with Installation(config) as installation:
        if not installation.archive.accounts.remove_user(name):
            raise ConfigError(f"there is no user {name}")
    click.echo(f"{name} may no longer sign in")


@click.group()
def key() -> None:
    """Keys with which programs may change something."""


@key.command("add")
@click.argument("name")
@click.pass_obj
def add_key(config: Config, name: str) -> None:
    """Make a key for the program NAME and show it, this once.

    Programs send it as “Authorization: Bearer KEY”.
    """
    with Installation(config) as installation:
        click.echo(installation.archive.accounts.add_key(name))
    click.echo("This key is shown only now. “xunwen key remove” withdraws it.", err=True)


@key.command("list")
@click.pass_obj
def list_keys(config: Config) -> None:
    """The names of the keys, and since when they are good."""
    with Installation(config) as installation:
        _print(installation.archive.accounts.keys(), config, "there are no keys")


@key.command("remove")
@click.argument("name")
@click.pass_obj
def remove_key(config: Config, name: str) -> None:
    """Withdraw the key NAME."""
    with Installation(config) as installation:
        if not installation.archive.accounts.remove_key(name):
            raise ConfigError(f"there is no key {name}")
    click.echo(f"the key {name} is good no longer")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt="The same again"))
    return sys.stdin.readline().rstrip("\r\n")


def _print(accounts: list[Account], config: Config, nobody: str) -> None:
    for account in accounts:
        click.echo(f"{account.name}\t{account.created.astimezone(config.timezone):%Y-%m-%d %H:%M}")
    if not accounts:
        click.echo(nobody, err=True)
