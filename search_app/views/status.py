"""``/status``: ages, sizes and generations of the archive and the index. It answers also when the index cannot."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint

from indexer.archive import Statistics
from indexer.engine.index import IndexInfo
from indexer.errors import IndexFailure
from search_app.presentation.errors import Problem, problem_of
from search_app.presentation.page import Context, current_library, render

blueprint = Blueprint("status", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusContext(Context):
    """``info`` is ``None`` when the index cannot tell, as ``problem`` says; ``behind`` counts changes not indexed.

    ``warnings`` are what was left out of the files that help: names, spellings, words.
    """

    info: IndexInfo | None
    problem: Problem | None
    statistics: Statistics
    behind: int
    engine: str
    now: datetime
    warnings: list[str]


@blueprint.get("/status")
def page() -> str:
    library = current_library()
    info = problem = None
    try:
        info = library.index.info()
    except IndexFailure as error:
        problem = problem_of(error)
    statistics = library.archive.statistics()
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
        ),
    )
