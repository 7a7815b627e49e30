"""The way on from an article: to the hits beside it in the results that it was opened from, and back to them."""

from dataclasses import dataclass, replace

from flask import url_for

from indexer.errors import IndexFailure, QueryError
from search_app.access.permission import keeper
from search_app.presentation import links
from search_app.query.parameters import SearchParameters
from search_app.search.library import Library


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Addresses: of the results, at the hit's own place (``#hit-<id>``) if it is among them, and of the hits beside it.

    Before the first hit of a later page is ``None``: a cursor leads one way.
    """

    results: str
    previous: str | None = None
    next: str | None = None


def article_url(article_id: str, parameters: SearchParameters) -> str:
    """The address of an article that was found by these parameters, so that it leads on and back."""
    return links.address(url_for("article.page", article_id=article_id), parameters)


def neighbours(library: Library, parameters: SearchParameters, article_id: str) -> Neighbours | None:
    """The way on from an article, ``None`` where its address tells of no search.

    Only the way back where the results cannot be had, or do not hold the article any more: an article is read anyway.
    """
    if not replace(parameters, zone="").pairs():
        return None
    results = links.address(url_for("search.page"), parameters)
    try:
        return _beside(library, parameters, article_id, results)
    except (QueryError, IndexFailure):
        return Neighbours(links.address(url_for("search.page"), parameters, cursor=""))


def _beside(library: Library, parameters: SearchParameters, article_id: str, results: str) -> Neighbours:
    order = library.order(library.ask(parameters, keeper()))
    if article_id not in order.ids:
        return Neighbours(results)
    place = order.ids.index(article_id)
    previous = article_url(order.ids[place - 1], parameters) if place else None
    following = None
    if place + 1 < len(order.ids):
        following = article_url(order.ids[place + 1], parameters)
    elif order.next:
        page = replace(parameters, cursor=order.next)
        if ids := library.order(library.ask(page, keeper())).ids:
            following = article_url(ids[0], page)
    return Neighbours(f"{results}#hit-{article_id}", previous, following)
