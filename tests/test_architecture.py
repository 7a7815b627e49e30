"""The walls of the house: who may import whom, no circles, no drawer with too much in it."""

import ast
import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for package in ("indexer", "search_app")
    for path in sorted((ROOT / package).rglob("*.py"))
}
MOST_MODULES, MOST_LINES = 16, 400

NEVER = [
    ("indexer", "search_app"),
    ("indexer.text", "indexer.archive"),
    ("indexer.text", "indexer.engine"),
    ("indexer.archive", "indexer.text"),
    ("indexer.archive", "indexer.engine"),
    ("indexer.engine", "indexer.text"),
    ("indexer.engine", "indexer.archive"),
    ("search_app.query", "flask"),
    ("search_app.query", "werkzeug"),
    ("search_app.query", "search_app.search"),
    ("search_app.search", "flask"),
    ("search_app.search", "werkzeug"),
    ("search_app.search", "search_app.presentation"),
    ("search_app.desk", "flask"),
    ("search_app.desk", "werkzeug"),
    ("search_app.desk", "search_app.presentation"),
    ("search_app.search", "search_app.desk"),
    ("search_app.query", "search_app.desk"),
    ("search_app.presentation", "search_app.views"),
    ("search_app.presentation", "search_app.api"),
    ("search_app.api", "search_app.views"),
    ("search_app.views", "search_app.api"),
]
"""What the first must not import of the second."""

OVER_THE_ROOMS = {"build", "doctor", "installation", "learning"}
"""Modules of ``indexer`` itself that put its rooms together; the others are what the rooms stand on."""


def imports(name: str) -> Iterator[str]:
    """Every module that a module imports, also inside functions but not for type checkers alone."""
    tree = ast.parse(MODULES[name].read_text("utf-8"))
    for_types = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and isinstance(block.test, ast.Name) and block.test.id == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if node in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (each if each in MODULES else node.module for each in names)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize(("room", "other"), NEVER, ids=lambda each: each)
def test_a_room_does_not_look_into_another(room: str, other: str) -> None:
    inside = [name for name in MODULES if is_within(name, room)]
    assert inside
    assert [(name, each) for name in inside for each in imports(name) if is_within(each, other)] == []


def test_what_the_rooms_stand_on_imports_none_of_them() -> None:
    shared = {path.stem for path in (ROOT / "indexer").glob("*.py")} - OVER_THE_ROOMS - {"__init__"}
    below = {f"indexer.{name}" for name in shared}
    climbing = {name: [each for each in imports(name) if is_within(each, "indexer")] for name in below}
    assert {name: up for name, each in climbing.items() if (up := set(each) - below - {"indexer"})} == {}


def test_no_imports_run_in_a_circle() -> None:
    waiting = {name: {each for each in imports(name) if each in MODULES and each != name} for name in MODULES}
    while free := [name for name, needed in waiting.items() if not needed & waiting.keys()]:
        for name in free:
            del waiting[name]
    assert waiting == {}


def test_no_folder_is_a_drawer() -> None:
    folders = groupby(sorted(path.parent for path in MODULES.values()))
    sizes = {str(folder.relative_to(ROOT)): len(list(group)) for folder, group in folders}
    assert {folder: size for folder, size in sizes.items() if size - 1 > MOST_MODULES} == {}


def test_no_module_is_too_long() -> None:
    lengths = {name: len(path.read_text("utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


@pytest.mark.parametrize("document", ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md"])
def test_the_maps_name_what_is_there(document: str) -> None:
    named = re.findall(r"`((?:indexer|search_app|tests|docs|benchmarks)/[^` ]*)`", (ROOT / document).read_text("utf-8"))
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_package_says_what_is_in_it() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in MODULES.values()
        if path.name == "__init__.py" and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert silent == []
