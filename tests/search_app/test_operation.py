"""``docs/operation.md`` names commands, settings and limits that exist; nothing grows with what strangers send."""

import re
import shlex
from pathlib import Path

import pytest
from click import Context

from indexer.config import SETTINGS, load
from search_app import connections, create_app
from search_app import server as servers
from search_app.access import session
from search_app.access.budgets import Budgets
from search_app.cli import main
from tests.search_app import served
from tests.search_app.served import process

GUIDE = (Path(__file__).parents[2] / "docs" / "operation.md").read_text("utf-8")


def commands():
    for block in re.findall(r"```sh\n(.*?)```", GUIDE, re.DOTALL):
        yield from (line for line in block.splitlines() if line.startswith("xunwen "))
    yield from re.findall(r"`(xunwen (?:user|key) \w+ ?[A-Z]*)`", GUIDE)


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_exists_with_its_options(command):
    _, name, *arguments = shlex.split(command)
    found = main.get_command(Context(main), name)
    context = found.make_context(name, arguments)
    if sub := getattr(found, "get_command", None):
        assert sub(context, arguments[0]).make_context(arguments[0], arguments[1:])


def test_every_setting_exists_and_takes_what_is_set():
    given = dict(re.findall(r"export (XUNWEN_[A-Z_]+)=(\S+)", GUIDE))
    assert {name.removeprefix("XUNWEN_").lower() for name in given} <= set(SETTINGS)
    assert load(environment=given).trusted_proxy == "127.0.0.1/32"


@pytest.mark.parametrize(
    "row",
    [
        f"| a request, from the connection to its last byte | {connections.REQUEST_SECONDS:.0f} seconds |",
        f"| an idle connection | {connections.REQUEST_SECONDS:.0f} seconds |",
        f"at {connections.LEAST_RATE // 1024} KB/s, an export at {connections.LEAST_BUSY_RATE // 1024} KB/s,",
        f"over {connections.READING_SECONDS:.0f} seconds",
        f"| connections | {servers.CONNECTIONS};",
        f"lasts {session.SECONDS // 86_400} days",
    ],
)
def test_the_limits_are_those_of_the_program(row):
    assert row in GUIDE


def test_the_budgets_are_those_of_the_program():
    budgets = Budgets()
    assert (budgets.requests._most, budgets.requests._rate) == (120, 10)
    assert (budgets.work._most, budgets.work._rate) == (10, 0.5)
    assert (budgets.exports._most, budgets.exports._rate * 60) == (10, 1)
    assert (budgets.passwords._most, budgets.passwords_of_name._most) == (10, 30)


def remark(data, *arguments):
    """What ``xunwen serve`` says besides its address."""
    with process(data, *arguments) as server:
        served.port_of(server)
        server.terminate()
        assert server.wait(served.PATIENCE) == 0
        return server.stderr.read()


def test_for_reading_only_is_said_at_the_start(library, tmp_path):
    assert remark(library.data) == ""
    assert remark(library.data, "--host", "0.0.0.0").startswith("For reading only: nobody can sign in.")


def test_strangers_add_nothing_to_the_metrics(library):
    client = create_app(library).test_client()

    def labels():
        text = client.get("/metrics").get_data(as_text=True)
        return {line.rpartition(" ")[0] for line in text.splitlines() if line.startswith("xunwen_http")}

    def stray(number):
        client.get(f"/nowhere/{number}")
        client.get(f"/article/{number:016x}")
        client.open("/", method=f"M{number}")
        client.get("/", headers={"Host": f"h{number}.example"})
        client.get(f"/static/{number}.js")

    labels()
    stray(0)
    before = labels()
    for number in range(1, 30):
        stray(number)
    assert labels() == before
