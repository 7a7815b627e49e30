"""What ``xunwen run`` does beside serving: fetch feeds that are due, bring the index up to date, let watches look,
back up at night.

Each task is a command of the program in a process of its own (``child``), one after another. So the server's threads
and its interpreter are left to readers, whatever a task does to memory, its process takes with it, and what a task says
in the terminal is what an operator reads here. Times are aware.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from threading import Event, Lock, Thread
from typing import Literal as OneOf

from indexer.archive import backup as backups
from indexer.errors import IndexFailure, XunwenError
from indexer.fetching import schedule as feeds
from indexer.installation import Installation
from indexer.plain_text import error_line, plain_line

Task = OneOf["fetch", "index", "watch", "backup"]
TASKS: tuple[Task, ...] = ("fetch", "index", "watch", "backup")

EXTENSION = "xunwen_schedule"
"""Where an application keeps its schedule, or ``None``."""

LOOK_SECONDS = 15.0
"""How often it is looked whether something is due."""

NIGHT = 3
"""The hour after which the backup of a day is made, in the configured zone."""

LONGEST_REST = timedelta(hours=1)
_SHORTEST_REST = timedelta(minutes=1)
"""A task that failed rests: a minute, then twice as long each time."""

_log = logging.getLogger(__name__)

_STOP_SECONDS = 5
_LINES = 20
_CHARACTERS = 500


@dataclass(frozen=True, slots=True)
class State:
    """How a task stands. ``said`` is the last line that it said, a failure's reason; ``failures`` are in a row."""

    began: datetime | None = None
    ended: datetime | None = None
    said: str = ""
    failures: int = 0

    @property
    def is_running(self) -> bool:
        return self.began is not None and self.ended is None


class Schedule:
    """The tasks of one data folder. ``flags`` are the options that every command is given, as on the command line.

    ``tell`` gets each task's name and its last line. May be asked from many threads.
    """

    def __init__(self, installation: Installation, flags: Sequence[str], clock: Callable[[], datetime]) -> None:
        self._installation = installation
        self._flags = flags
        self._clock = clock
        self._states: dict[Task, State] = dict.fromkeys(TASKS, State())
        self._asked: set[Task] = set()
        self._lock = Lock()
        self._wake, self._stopping = Event(), Event()
        self._child: subprocess.Popen[str] | None = None
        self._thread = Thread(target=self._run, daemon=True)
        self.tell: Callable[[Task, str], None] = lambda task, line: None

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End what runs, and the schedule. What was done by then is kept; the rest is done when it is next started."""
        self._stopping.set()
        self._wake.set()
        with self._lock:
            child = self._child
        if child is not None:
            _end(child)
        self._thread.join(2 * _STOP_SECONDS)

    @property
    def states(self) -> Mapping[Task, State]:
        with self._lock:
            return dict(self._states)

    def ask(self, task: Task) -> None:
        """Let a task run as soon as nothing else does, whether it is due or not."""
        with self._lock:
            self._asked.add(task)
        self._wake.set()

    def can(self, task: Task) -> bool:
        """Whether a task can be done at all: a backup needs a folder."""
        return task != "backup" or self._installation.config.backup is not None

    @property
    def warnings(self) -> list[str]:
        """What failed when it was last tried, a line each."""
        return [f"{task} failed: {state.said}" for task, state in self.states.items() if state.failures]

    def next_time(self, task: Task) -> datetime | None:
        """When a task is due next, now at the earliest; ``None`` where no time makes it so."""
        now = self._clock()
        due: datetime | None
        match task:
            case "fetch":
                followed = self._installation.archive.subscriptions.all()
                times = [feeds.next_fetch(feed, now) for feed in followed if not feed.paused]
                page = self._installation.archive.pages.next_due()
                due = min((*times, *([page] if page else [])), default=None)
            case "index":
                due = now if self._is_behind() else None
            case "watch":
                due = now if self._has_unseen() else self._installation.archive.outbox.next_due()
            case "backup":
                due = self._next_backup(now)
        return None if due is None else max(due, now, self._rested(task))

    def _is_behind(self) -> bool:
        try:
            info = self._installation.index.info()
        except IndexFailure:
            return True
        return self._installation.archive.last_sequence() > info.sequence

    def _has_unseen(self) -> bool:
        """Whether a watch has yet to look at what is indexed."""
        try:
            sequence = self._installation.index.info().sequence
        except IndexFailure:
            return False
        return self._installation.archive.watches.is_behind(sequence)

    def _next_backup(self, now: datetime) -> datetime | None:
        """The first night after the last backup; now when there is none, or when that night is over."""
        folder = self._installation.config.backup
        if folder is None or not self._installation.archive.last_sequence():
            return None
        last = backups.newest(folder)
        if last is None:
            return now
        local = last.astimezone(self._installation.config.timezone)
        night = local.replace(hour=NIGHT, minute=0, second=0, microsecond=0)
        return max(now, night if night > local else night + timedelta(days=1))

    def _rested(self, task: Task) -> datetime:
        state = self._states[task]
        if not state.failures or state.ended is None:
            return datetime.min.replace(tzinfo=UTC)
        rest: timedelta = _SHORTEST_REST * 2 ** min(state.failures - 1, 10)
        return state.ended + min(rest, LONGEST_REST)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                task = self._due()
                if task is not None:
                    self._do(task)
                    continue
            except Exception as error:  # nobody would start the schedule again
                _log.error("the schedule goes on after %s", error_line(error))
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _due(self) -> Task | None:
        with self._lock:
            asked = [task for task in TASKS if task in self._asked]
            self._asked -= set(asked[:1])
        if asked:
            return asked[0]
        for task in TASKS:
            # What cannot be looked up now, as while a database is away, is looked up again.
            with suppress(XunwenError):
                time = self.next_time(task)
                if time is not None and time <= self._clock():
                    return task
        return None

    def _do(self, task: Task) -> None:
        before = self._states[task]
        self._keep(task, State(began=self._clock()))
        try:
            status, said = self._wait_for(self.command(task))
        except OSError as error:
            status, said = 1, error.strerror or str(error)
        if self._stopping.is_set():
            return
        state = replace(
            self._states[task], ended=self._clock(), said=said, failures=before.failures + 1 if status else 0
        )
        self._keep(task, state)
        self.tell(task, said)

    def command(self, task: Task) -> list[str]:
        """How a task is started."""
        arguments = {"watch": ["run"], "backup": [str(self._installation.config.backup)]}.get(task, [])
        return [sys.executable, "-m", "search_app.child", *self._flags, task, *arguments]

    def _wait_for(self, command: list[str]) -> tuple[int, str]:
        """The exit status of a command and the last line that it said."""
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
        with subprocess.Popen(command, **pipes, text=True, errors="replace", start_new_session=True) as child:  # type: ignore[call-overload]
            with self._lock:
                self._child = child
            if self._stopping.is_set():
                _end(child)
            assert child.stdout is not None
            lines = deque((line for each in child.stdout if (line := plain_line(each, _CHARACTERS))), maxlen=_LINES)
            status = child.wait()
            with self._lock:
                self._child = None
        failures = [line for line in lines if line.startswith("Error: ")]
        line = (failures if status and failures else lines or [f"ended with status {status}"])[-1]
        return status, line.removeprefix("Error: ")

    def _keep(self, task: Task, state: State) -> None:
        with self._lock:
            self._states[task] = state


def _end(child: subprocess.Popen[str]) -> None:
    child.terminate()
    try:
        child.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
