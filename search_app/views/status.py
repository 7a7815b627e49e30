"""What the archive and the index are in: the status page and the subscriptions."""

from datetime import UTC, datetime

from flask import Blueprint, render_template

from indexer.errors import IndexFailure
from indexer.fetching.schedule import next_fetch
from search_app.presentation.errors import problem_of
from search_app.search.library import current_service

status = Blueprint("status", __name__)


@status.get("/status")
def page() -> str:
    """Ages, sizes and generations. The page answers also when the index cannot."""
    service = current_service()
    info = problem = None
    try:
        info = service.index.info()
    except IndexFailure as error:
        problem = problem_of(error)
    statistics = service.archive.statistics()
    return render_template(
        "status.html",
        info=info,
        problem=problem,
        statistics=statistics,
        behind=statistics.sequence - info.sequence if info else None,
        engine=service.index.capabilities.name,
        zone=service.zone,
        now=datetime.now(UTC),
    )


@status.get("/subscriptions")
def subscriptions() -> str:
    """The feeds that are followed, those in trouble first."""
    feeds = current_service().archive.subscriptions.all()
    return render_template(
        "subscriptions.html",
        feeds=sorted(feeds, key=lambda feed: (not feed.last_error, feed.title or feed.url)),
        zone=current_service().zone,
        now=datetime.now(UTC),
        next_fetch=next_fetch,
    )
