"""The home page, at ``/`` when nothing is asked: how much there is, what is new, what is talked about."""

from dataclasses import dataclass

from search_app.presentation import links
from search_app.presentation.links import FeedLink
from search_app.presentation.page import Context, current_library, render
from search_app.query.parameters import SearchParameters
from search_app.search.front import Front, front
from search_app.views.saved_searches import SavedSearch, saved_here


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeContext(Context):
    """``feeds`` are those of all articles, ``saved`` this reader's searches."""

    feeds: list[FeedLink]
    front: Front
    saved: list[SavedSearch]


def page() -> str:
    library = current_library()
    return render(
        "home.html",
        HomeContext(
            carried=[],
            zone=library.zone,
            feeds=links.feed_links(SearchParameters(), "/feed"),
            front=front(library),
            saved=saved_here(),
        ),
    )
