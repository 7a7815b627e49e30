"""Which part of the codec may know which: what a newcomer reads in the folders' names holds."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

from indexer.engine.whoosh import columnar

HOME = Path(columnar.__file__).parent
PACKAGE = columnar.__name__
MODULES = {path.relative_to(HOME).with_suffix("").as_posix(): path for path in HOME.rglob("*.py")}


def imported(path: Path) -> set[str]:
    """Every module that a file imports, also inside functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def test_only_the_codec_the_writer_and_the_index_know_whoosh() -> None:
    knowing = {
        name for name, path in MODULES.items() if any(found.split(".")[0] == "whoosh" for found in imported(path))
    }
    assert {name for name in knowing if not name.startswith("codec/")} == {"indexing/writer", "index"}


def test_folders_use_those_below_alone() -> None:
    allowed = {
        "storage": {"storage"},
        "search": {"storage", "search"},
        "codec": {"storage", "codec"},
        "indexing": {"storage", "codec", "indexing"},
    }
    for name, path in MODULES.items():
        folder = name.split("/")[0]
        if folder in allowed:
            used = {found.split(".")[len(PACKAGE.split("."))] for found in imported(path) if f"{PACKAGE}." in found}
            assert used <= allowed[folder], name


def test_no_import_goes_in_a_circle() -> None:
    graph = {
        name: {other for other in MODULES if f"{PACKAGE}.{other.replace('/', '.')}" in imported(path)}
        for name, path in MODULES.items()
    }
    assert len(list(TopologicalSorter(graph).static_order())) == len(MODULES) > 25


def test_folders_and_modules_stay_small() -> None:
    engine = HOME.parent.parent
    for folder in [engine, *(path for path in engine.rglob("*") if path.is_dir())]:
        modules = list(folder.glob("*.py"))
        assert len(modules) <= 16, folder
        assert all(len(path.read_text(encoding="utf-8").splitlines()) <= 400 for path in modules)
