"""Watches in the API: what they are, what they found; with a key also made, changed and removed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from flask_babel import gettext as _
from werkzeug.exceptions import NotFound

from indexer.archive import Watch
from indexer.urls import web_address
from search_app.api.endpoints import Endpoints
from search_app.desk.reports import items_of
from search_app.desk.watches import WISHES, add_watch, draft_of, parameters_of, wishes_of
from search_app.presentation.messages import title_of
from search_app.presentation.page import current_library
from search_app.query.parameters import Given, Parameter
from search_app.search.results import described

endpoint = Endpoints()

_NO_WATCH = "No watch has this id."
_STORIES = Parameter("limit", "How many stories.", "20", "number", 20, most=100)


@dataclass(frozen=True, slots=True)
class WatchAnswer:
    """A search that is asked of all that is new. Where its findings are sent is not told."""

    id: str
    name: str
    folder: str
    query: str = field(metadata=described("The question as it stands in an address."))
    paused: bool
    created: datetime
    found: int = field(metadata=described("How many stories it found."))
    unseen: int = field(metadata=described("How many of them nobody has seen."))


@dataclass(frozen=True, slots=True)
class WatchesAnswer:
    """All watches, by folder, and in each in the order that people gave them."""

    watches: Sequence[WatchAnswer]


@dataclass(frozen=True, slots=True)
class FoundStory:
    """A story that a watch found, by the article that it found."""

    story: str
    article: str
    title: str
    url: str
    source: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class FindingsAnswer:
    """A watch and what it found, the newest first."""

    watch: WatchAnswer
    stories: Sequence[FoundStory]


@endpoint("/watches", WatchesAnswer, ())
def watches(asked: Given) -> WatchesAnswer:
    """All watches"""
    counts = current_library().archive.watches.counts()
    return WatchesAnswer(
        [_told(each, *counts.get(each.id, (0, 0))) for each in current_library().archive.watches.all()]
    )


@endpoint("/watches/<watch_id>", FindingsAnswer, (_STORIES,), missing=_NO_WATCH)
def watch(asked: Given, watch_id: str) -> FindingsAnswer:
    """One watch, and the stories that it found"""
    library, found = current_library(), _watch(watch_id)
    items = items_of(library, library.archive.watches.findings(found.id, limit=_STORIES.value(asked)))
    stories = [
        FoundStory(item.story, each.id, each.title, web_address(each.url), each.source, each.published)
        for item in items
        for each in [item.article]
    ]
    return FindingsAnswer(_counted(found), stories)


@endpoint("/watches", WatchAnswer, WISHES, method="POST")
def make_watch(asked: Given) -> WatchAnswer:
    """Watch a search

    What is in the archive by now is not news to it.
    """
    return _told(add_watch(_texts(asked), current_library(), _title(_texts(asked))), 0, 0)


@endpoint("/watches/<watch_id>", WatchAnswer, WISHES, method="POST", missing=_NO_WATCH)
def change_watch(asked: Given, watch_id: str) -> WatchAnswer:
    """Change a watch

    Members that are not given stay as they are.
    """
    library, found = current_library(), _watch(watch_id)
    wishes = wishes_of(found) | _texts(asked)
    library.archive.watches.change(found.id, draft_of(wishes, library, _title(wishes)))
    return _counted(_watch(watch_id))


@endpoint("/watches/<watch_id>", WatchAnswer, (), method="DELETE", missing=_NO_WATCH)
def remove_watch(asked: Given, watch_id: str) -> WatchAnswer:
    """Remove a watch, and what it found"""
    told = _counted(_watch(watch_id))
    current_library().archive.watches.remove(watch_id)
    return told


def _watch(id: str) -> Watch:
    found = current_library().archive.watches.get(id)
    if found is None:
        raise NotFound(_NO_WATCH)
    return found


def _counted(watch: Watch) -> WatchAnswer:
    return _told(watch, *current_library().archive.watches.counts().get(watch.id, (0, 0)))


def _told(watch: Watch, found: int, unseen: int) -> WatchAnswer:
    return WatchAnswer(watch.id, watch.name, watch.folder, watch.query, watch.paused, watch.created, found, unseen)


def _texts(asked: Given) -> dict[str, str]:
    return {name: values[0] for name, values in asked.items()}


def _title(wishes: dict[str, str]) -> str:
    return title_of(parameters_of(wishes.get("query", "")), _("All articles"))
