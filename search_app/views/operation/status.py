"""``/status``: ages, sizes and generations of the archive and the index, and what is done when.

It answers also when the index cannot.
"""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, current_app, redirect, request, url_for
from flask_babel import gettext as _

from indexer.archive import Statistics
from indexer.engine.index import IndexInfo
from indexer.errors import IndexFailure
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.page import Context, current_library, render
from search_app.schedule import EXTENSION, TASKS, Schedule, State, Task

blueprint = Blueprint("status", __name__)


@dataclass(frozen=True, slots=True)
class ScheduledTask:
    """A line of the schedule. ``next`` is ``None`` where no time makes it due; ``when`` then says what does."""

    name: Task
    label: str
    state: State
    next: datetime | None
    when: str
    can_run: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusContext(Context):
    """``info`` is ``None`` when the index cannot tell, as ``problem`` says; ``behind`` counts changes not indexed.

    ``warnings`` are what was left out of the files that help: names, spellings, words. ``tasks`` are those of
    “xunwen run”; none where the pages are served alone. ``pages_waiting`` and ``pages_given_up`` count articles' pages,
    ``unnamed`` the articles that were not looked at for names.
    """

    info: IndexInfo | None
    problem: Problem | None
    statistics: Statistics
    behind: int
    engine: str
    now: datetime
    warnings: list[str]
    tasks: list[ScheduledTask]
    pages_waiting: int
    pages_given_up: int
    unnamed: int


@blueprint.get("/status")
def page() -> str:
    library = current_library()
    info = problem = None
    try:
        info = library.index.info()
    except IndexFailure as error:
        problem = problem_of(error)
    statistics = library.archive.statistics()
    pages = library.archive.pages.counts().values()
    return render(
        "status.html",
        StatusContext(
            carried=[],
            zone=library.zone,
            info=info,
            problem=problem,
            statistics=statistics,
            behind=statistics.sequence - info.sequence if info else 0,
            engine=library.index.name,
            now=library.clock(),
            warnings=[str(problem) for problem in library.installation.knowledge().problems],
            tasks=_tasks(),
            pages_waiting=sum(feed.waiting for feed in pages),
            pages_given_up=sum(feed.given_up for feed in pages),
            unnamed=library.archive.entities.missing(),
        ),
    )


@blueprint.post("/status/run")
def run_now() -> Response:
    """Let a task run at once. The form names it: ``task``."""
    schedule = _schedule()
    name = request.form.get("task", "")
    for task in TASKS:
        if schedule is not None and name == task and schedule.can(task):
            schedule.ask(task)
            return redirect(url_for("status.page", _anchor="schedule"), 303)  # type: ignore[return-value]
    abort(404)


def _schedule() -> Schedule | None:
    found: Schedule | None = current_app.extensions[EXTENSION]
    return found


def _tasks() -> list[ScheduledTask]:
    schedule = _schedule()
    if schedule is None:
        return []
    labels = {
        "fetch": _("Fetch feeds"),
        "index": _("Bring the index up to date"),
        "watch": _("Let watches look, and deliver"),
        "backup": _("Back up"),
    }
    otherwise = {
        "fetch": _("when feeds are followed"),
        "index": _("when something is new"),
        "watch": _("when something new is indexed"),
        "backup": _("when the setting “backup” names a folder"),
    }
    states = schedule.states
    return [
        ScheduledTask(task, labels[task], states[task], schedule.next_time(task), otherwise[task], schedule.can(task))
        for task in TASKS
    ]
