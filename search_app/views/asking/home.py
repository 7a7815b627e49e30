"""The home page, at ``/`` when nothing is asked: how much there is, what is new, what is talked about."""

from dataclasses import dataclass, replace

from flask import url_for

from search_app.desk.reports import Item, items_of
from search_app.presentation import links
from search_app.presentation.links import FeedLink, Link
from search_app.presentation.page import Context, current_library, render
from search_app.query.parameters import SearchParameters
from search_app.search.front import Front, front
from search_app.search.library import Library
from search_app.views.keeping.marks import hidden_here

_WATCHES, _STORIES = 12, 3
"""Watches that the page names, and new stories of each."""


@dataclass(frozen=True, slots=True)
class WatchNews:
    """A watch, to where the desk shows it, with how many stories are new; the first of them."""

    link: Link
    items: list[Item]


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeContext(Context):
    """``feeds`` are those of all articles.

    ``news`` are the watches that found what nobody has seen, with how much, those with the most first.
    """

    feeds: list[FeedLink]
    front: Front
    news: list[WatchNews]


def page() -> str:
    library = current_library()
    return render(
        "home.html",
        HomeContext(
            carried=[],
            zone=library.zone,
            feeds=links.feed_links(SearchParameters(), "/feed"),
            front=_front(library),
            news=_news(library),
        ),
    )


def _front(library: Library) -> Front:
    """What all readers see, without what this one hid."""
    shown = front(library)
    hidden = hidden_here()
    if not hidden:
        return shown
    newest = [
        replace(each, articles=[one for one in each.articles if one.id not in hidden.ids])
        for each in shown.newest
        if each.source not in hidden.sources
    ]
    return replace(shown, newest=newest)


def _news(library: Library) -> list[WatchNews]:
    unseen = {id: new for id, (_, new) in library.archive.watches.counts().items() if new}
    if not unseen:
        return []
    most = sorted(
        (watch for watch in library.archive.watches.all() if watch.id in unseen), key=lambda watch: -unseen[watch.id]
    )
    desk = url_for("desk.page")
    return [
        WatchNews(
            Link(each.name, f"{desk}#watch-{each.id}", count=unseen[each.id]),
            items_of(library, library.archive.watches.findings(each.id, first=each.seen + 1, limit=_STORIES)),
        )
        for each in most[:_WATCHES]
    ]
