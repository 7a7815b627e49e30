"""Run Whoosh's own tests with the columnar codec as the default: ``python tests/whoosh_suite/run.py [pytest options]``.

The tests come in Whoosh's source distribution, which is downloaded once into the user's cache folder; none of them is
part of this repository. They run twice, under Whoosh's own writer and under the columnar one. What is left out, and
why, stands in ``left_out.txt``.
"""

import importlib.util
import os
import subprocess
import sys
import tarfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "xunwen" / "whoosh-suite"


def fetch(folder: Path) -> Path:
    """The unpacked source distribution."""
    name, version = (HERE / "requirements.txt").read_text().split()[0].split("==")
    unpacked = folder / f"{name}-{version}"
    if not unpacked.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        pip = [sys.executable, "-m", "pip"] if importlib.util.find_spec("pip") else ["pip"]
        options = ["--no-deps", "--no-binary", ":all:", "--require-hashes", "-r", str(HERE / "requirements.txt")]
        subprocess.run([*pip, "download", "-q", *options, "-d", str(folder)], check=True)
        with tarfile.open(folder / f"{name}-{version}.tar.gz") as archive:
            archive.extractall(folder, filter="data")
    return unpacked


def left_out(mode: str) -> list[str]:
    """The tests and files that ``left_out.txt`` names for a mode."""
    lines = (HERE / "left_out.txt").read_text().splitlines()
    named = [line.removeprefix(f"{mode}:").strip() for line in lines if line and not line.startswith("#")]
    return [name for name in named if ": " not in name]


def run(suite: Path, mode: str, options: list[str]) -> int:
    names = left_out(mode)
    environment = dict(
        os.environ,
        PYTHONPATH=os.pathsep.join([str(HERE / "site"), str(ROOT)]),
        WHOOSH_SUITE=mode,
        WHOOSH_SUITE_LEFT_OUT=" ".join(name for name in names if "::" in name),
    )
    files = [f"--ignore={name}" for name in names if "::" not in name]
    plugins = ["-p", "leave_out", "-p", "no:randomly", "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "tests", "-q", *plugins, *files, *options]
    print(f"\nWhoosh's tests, columnar {mode}", flush=True)
    return subprocess.run(command, cwd=suite, env=environment).returncode


def main() -> int:
    suite = fetch(cache_folder())
    return max(run(suite, mode, sys.argv[1:]) for mode in ("codec", "writer"))


if __name__ == "__main__":
    sys.exit(main())
