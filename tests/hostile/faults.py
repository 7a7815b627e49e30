"""The program while calls of the system fail: ``python -m tests.hostile.faults`` with ``faults.c`` preloaded.

One process loads the program once and forks for every trial, in which one call fails, or all from one on. It is told
what to try by JSON on its standard input and prints what it found wrong, a line each; see ``test_faults``.
"""

from __future__ import annotations

import ctypes
import errno
import gc
import json
import os
import random
import re
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import IO

from indexer import build, learning
from indexer import installation as installation_module
from indexer.archive import backup, database
from indexer.config import Config
from indexer.engine.index import SearchRequest
from indexer.engine.query import Phrase
from indexer.entities import update as entities
from indexer.errors import IndexMissing
from indexer.installation import Installation
from indexer.stories import update as stories
from indexer.text.analyser import Analyser
from search_app.app import create_app
from search_app.cli import main as program

OPEN, CREATE, READ, WRITE, SYNC, NAME, MAP, LOOK, LOCK, SOCKET = (1 << bit for bit in range(10))

ERRORS = {
    "EIO": (errno.EIO, OPEN | READ | WRITE | SYNC | NAME | MAP | LOOK),
    "EACCES": (errno.EACCES, OPEN | CREATE | NAME | LOOK),
    "EMFILE": (errno.EMFILE, OPEN | SOCKET),
    "ENOSPC": (errno.ENOSPC, CREATE | WRITE | SYNC),
    "BUSY": (errno.EAGAIN, LOCK),
}
"""Each error and the calls for which it is possible. A lock that others hold is SQLITE_BUSY."""

REASONS = re.compile(
    r"I/O|nput/output|[Pp]ermission|right|open files|[Ss]pace|full|other process|others|cannot be|could be|damaged"
)
"""What a line of error tells, at least."""


class Shim:
    """What was preloaded."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(None)
        self._library.faults_last.restype = ctypes.c_char_p
        self._library.faults_counted.restype = self._library.faults_failed.restype = ctypes.c_long

    def arm(self, folder: Path, trial: Trial) -> None:
        number, kinds = ERRORS[trial.error]
        self._library.faults_arm(os.fsencode(folder), number, kinds, ctypes.c_long(trial.nth), trial.lasting)

    def disarm(self) -> tuple[int, int, str]:
        """How many calls were counted, how many failed, and the first of these."""
        self._library.faults_disarm()
        return self._library.faults_counted(), self._library.faults_failed(), self._library.faults_last().decode()


@dataclass(frozen=True, slots=True)
class Trial:
    """Call number ``nth``, counted from 1, fails; ``lasting``: so do all after it."""

    error: str
    nth: int
    lasting: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """``command`` runs on a copy of the data folder ``before``, which it calls ``{data}``. ``old`` are addresses that
    are kept already, ``all`` those that are kept in the end, but for ``gone``. ``totals`` is what the index may hold
    meanwhile and ``most`` how many trials of a sort are made, the same for the same ``seed``; 0 makes them all."""

    command: list[str]
    before: str
    old: list[str]
    all: list[str]
    gone: list[str]
    totals: list[int]
    most: int
    seed: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a trial ended: with an exit status, what was said, and the calls counted and failed."""

    status: int
    output: str
    counted: int
    failed: int
    first: str


def in_child(work: Callable[[], int], shim: Shim) -> Ended:
    """``work`` in a fork of this process, with all that it says."""
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as figures:
        child = os.fork()
        if not child:
            _work(work, shim, said, figures)
        _, status = os.waitpid(child, 0)
        said.seek(0)
        figures.seek(0)
        counted, failed, first = json.loads(figures.read() or b'[0, 0, ""]')
        return Ended(os.waitstatus_to_exitcode(status), said.read().decode("utf-8", "replace"), counted, failed, first)


def _work(work: Callable[[], int], shim: Shim, said: IO[bytes], figures: IO[bytes]) -> None:
    status = 70
    try:
        os.dup2(said.fileno(), 1)
        os.dup2(said.fileno(), 2)
        status = work()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        shim.disarm()
        traceback.print_exc()
    finally:
        gc.collect()
        figures.write(json.dumps(shim.disarm()).encode())
        figures.flush()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def run(command: list[str], folder: Path) -> int:
    database._PATIENCE = backup.PATIENCE = 0  # waiting for others is tested elsewhere
    try:
        program.main(["--data", str(folder), *(each.format(data=folder) for each in command)], "xunwen")
    except SystemExit as end:
        if end.code:
            raise
    return 0


PAGES = (
    "/",
    "/?q=%E6%80%BB%E7%BB%9F",
    "/api/v1/search?q=",
    "/timeline",
    "/status",
    "/feed.atom",
    "/healthz",
    "/metrics",
)
BUSY = (429, 503)


def serve(folder: Path, totals: list[int], shim: Shim) -> int:
    """Ask a new application, and again when nothing fails any more: then it must answer."""
    database._PATIENCE = 0
    config = Config(data=folder, fetch_private=True)
    try:
        app = create_app(config, "127.0.0.1")
    except Exception as error:
        print(f"Error: {type(error).__name__}: {error}")
        return 1
    client = app.test_client()

    def ask(allowed: tuple[int, ...]) -> None:
        for page in PAGES:
            answer = client.get(page)
            body = answer.get_data(as_text=True)
            if answer.status_code not in allowed:
                print(f"WRONG: {page} is answered with {answer.status_code}: {body[:300]}")
            elif answer.status_code == 200 and "search" in page and answer.json["total"] not in totals:
                print(f"WRONG: {answer.json['total']} articles instead of {totals}")
            elif answer.status_code in BUSY and "Retry-After" not in answer.headers:
                print(f"WRONG: {page} puts off without Retry-After")

    ask((200, *BUSY))
    counted = shim.disarm()
    ask((200,))
    app.extensions["xunwen"].installation.close() if "xunwen" in app.extensions else None
    return 0 if counted else 1


def look(plan: Plan, folder: Path, must: set[str], *, ended: bool) -> None:
    """Whether archive and index are whole, and with ``ended`` all is done; each fault is a line."""
    with Installation(Config(data=folder)) as installation:
        archive = installation.archive
        kept = {each.url for each in archive.iterate()}
        if lost := must - kept:
            print(f"WRONG: {len(lost)} articles are lost that were kept, {min(lost)}")
        stones = list(archive.tombstones.all())
        if len(kept) + len(stones) > len(plan.all) or (
            ended and (kept & set(plan.gone) or len(stones) != len(plan.gone))
        ):
            print(f"WRONG: {len(kept)} articles are kept and {len(stones)} forgotten, instead of {plan.gone}")
        if strange := kept - set(plan.all):
            print(f"WRONG: {len(strange)} articles came from nowhere, {min(strange)}")
        if damage := archive.damage():
            print(f"WRONG: the archive is damaged: {damage}")
        try:
            found = installation.index.search(SearchRequest(limit=1_000, facets=("source",)))
        except IndexMissing:
            if 0 not in plan.totals:
                print("WRONG: the index is gone")
            return
        installation.index.verify()
        if found.total not in plan.totals or len(found.hits) != found.total:
            print(f"WRONG: the index has {found.total} articles, {len(found.hits)} shown, instead of {plan.totals}")
        tokens = installation.analyser.phrase_tokens("号文章")
        named = installation.index.search(SearchRequest(Phrase(*tokens, "title"), limit=1_000))
        if named.total != found.total:
            print(f"WRONG: {named.total} of {found.total} articles are found by their title")


def judge(ended: Ended, what: str, fails: bool) -> Iterator[str]:
    """What is wrong with how a command ended."""
    told = f"{what} ({ended.first}): {ended.output.strip()[-1500:]}"
    said = [line for line in ended.output.splitlines() if line.startswith(("Error: ", "WRONG  "))]
    errors = [line for line in said if line.startswith("Error: ")]
    for sign in ("Traceback", "Exception ignored", "Exception in thread", "WRONG:"):
        if sign in ended.output:
            yield f"{sign}: {told}"
            return
    if ended.status not in ((0, 1) if fails else (0,)):
        yield f"status {ended.status}: {told}"
    elif ended.status and (not said or len(errors) > 1 or not REASONS.search(said[0])):
        yield f"no line that tells why: {told}"


def attempt(plan: Plan, folder: Path, trial: Trial, shim: Shim) -> tuple[Ended, list[str]]:
    """One trial: the command with a fault, a look at what it left, and the command again."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(plan.before, folder)
    serves = plan.command == ["serve"]

    def act() -> int:
        shim.arm(folder, trial)
        return serve(folder, plan.totals, shim) if serves else run(plan.command, folder)

    ended = in_child(act, shim)
    keeps = plan.command[0] in ("import", "fetch", "forget") and not ended.status
    left = set(plan.all) - set(plan.gone)
    must = left if keeps else set(plan.old)

    def check() -> int:
        look(plan, folder, must, ended=keeps)
        if not serves:
            run(plan.command, folder)
        look(plan, folder, left, ended=True)
        return 0

    name = f"{' '.join(plan.command)[:40]}, {trial.error} at call {trial.nth}{' and after' if trial.lasting else ''}"
    faults = list(judge(ended, name, fails=True))
    if ended.failed:
        faults += judge(in_child(check, shim), f"after {name}: {ended.first}", fails=False)
    return ended, faults


def some(count: int, most: int, dice: random.Random) -> list[int]:
    """Numbers of calls to fail: all of them, or any few."""
    numbers = range(1, count + 1)
    return sorted(dice.sample(numbers, min(count, most))) if most else list(numbers)


def warm_up(plan: Plan, folder: Path) -> None:
    """Load what every child would load, the dictionary too, and do all the work once."""
    installation_module.Analyser = cache(Analyser)  # type: ignore[misc]
    shutil.copytree(plan.before, folder)
    with Installation(Config(data=folder)) as installation:
        learning.learn_everything(installation)
        build.rebuild(installation.archive, installation.index, installation.analyser)
        installation.index.search(SearchRequest(limit=10, facets=("source",)))
        stories.update(installation.archive, installation.analyser)
        entities.update(installation.archive, installation.analyser, installation.knowledge().variants.groups)
    gc.collect()
    gc.freeze()  # no child goes through what all of them have


def main() -> None:
    shim = Shim()
    plan = Plan(**json.load(sys.stdin))
    dice = random.Random(plan.seed)
    trials = found = 0
    with tempfile.TemporaryDirectory(prefix="faults-") as place:
        folder = Path(place) / "data"
        warm_up(plan, folder)
        for error in ERRORS:
            ended, faults = attempt(plan, folder, Trial(error, 10**9, False), shim)
            if ended.status or faults:
                print(f"without a fault: {ended} {faults}")
                return
            for nth in some(ended.counted, plan.most, dice):
                for lasting in (False, True):
                    _, faults = attempt(plan, folder, Trial(error, nth, lasting), shim)
                    trials += 1
                    for fault in faults:
                        found += 1
                        print(fault.replace("\n", "\n    "), flush=True)
    print(f"{plan.command[0]}: {trials} trials, {found} faults", file=sys.stderr)


if __name__ == "__main__":
    main()
