"""``compose.yaml`` and ``docs/cluster.md`` say nothing that this program does not know."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml
from click import Context

from indexer import config
from indexer.installation import Installation
from search_app.cli import main
from tests.indexer.engine.opensearch.cluster import HERE

ROOT = Path(__file__).parents[4]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
GUIDE = (ROOT / "docs" / "cluster.md").read_text("utf-8")


def commands() -> Iterator[str]:
    """Every ``xunwen …`` of both files."""
    for service in SERVICES.values():
        yield from re.findall(r"xunwen [^;]+", " ".join(service.get("command", ())))
    for block in re.findall(r"```(?:sh)?\n(.*?)```", GUIDE, re.DOTALL):
        for line in block.splitlines():
            yield from re.findall(r"\bxunwen [a-z-]+[^;|#\n]*", line)


@pytest.mark.parametrize("command", sorted(set(commands())))
def test_every_command_exists_with_its_options(command: str) -> None:
    _, name, *arguments = shlex.split(command)
    found = main.get_command(Context(main), name)
    assert found, command
    found.make_context(name, arguments, resilient_parsing=False)


def test_the_settings_open_the_cluster() -> None:
    xunwen = [service["environment"] for service in SERVICES.values() if service["image"] == "xunwen"]
    assert len(xunwen) == 4
    for environment in xunwen:
        given = {name: value.replace("${POSTGRES_PASSWORD:?}", "secret") for name, value in environment.items()}
        assert {name.removeprefix("XUNWEN_").lower() for name in given} <= set(config.SETTINGS)
        settings = config.load(environment=given)
        assert settings.archive_location == "postgresql+psycopg://xunwen:secret@postgresql/xunwen"
        assert Installation(settings).index.name == "opensearch"
        assert (settings.engine_shards, settings.engine_replicas) == (3, 1)
        urls = settings.engine_url.split(",")
        assert [url.split("//")[1].split(":")[0] for url in urls] == [name for name in SERVICES if "search" in name]


def test_the_guide_names_settings_that_exist() -> None:
    named = set(re.findall(r"XUNWEN_([A-Z_]+)", GUIDE))
    assert {"ENGINE_PASSWORD", "ENGINE_CA", "ARCHIVE"} <= named <= {name.upper() for name in config.SETTINGS}


def test_services_and_volumes_refer_to_each_other() -> None:
    for service in SERVICES.values():
        assert set(service.get("depends_on", ())) <= set(SERVICES)
        assert {volume.split(":")[0] for volume in service.get("volumes", ())} <= set(COMPOSE["volumes"])
    proxy = COMPOSE["configs"]["proxy"]["content"]
    assert re.findall(r"server ([\w-]+):8000", proxy) == [name for name in SERVICES if name.startswith("web")]


def test_what_is_tested_is_what_is_run() -> None:
    [version] = set(re.findall(r"<version>(2\.\d+\.\d+)</version>", (HERE / "pom.xml").read_text("utf-8"))) - {"2.21.0"}
    assert {service["image"] for name, service in SERVICES.items() if name.startswith("search")} == {
        f"opensearchproject/opensearch:{version}"
    }
    assert isinstance(main, click.Group)
