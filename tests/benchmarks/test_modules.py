"""The benchmarks use the program as it is: each module of theirs can be imported."""

from importlib import import_module

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "soak.__main__",
        "cluster",
        "relevance",
        "corpus",
        "measure",
        "report",
        "worker",
        "peers.xunwen",
        "peers.fts5",
        "peers.analysed",
    ],
)
def test_a_benchmark_can_be_imported(name: str) -> None:
    assert import_module(f"benchmarks.{name}").__doc__
