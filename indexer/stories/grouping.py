"""Grouping: from pairs that are alike to stories.

A story is its first article and all that are like that one. So it cannot grow by chaining: an article that resembles
only a later member begins a story of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping


def group(moments: Mapping[str, int], alike: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The story of each article: the id of the story's first article.

    ``moments`` are the articles' epoch seconds by id, ``alike`` the pairs of them that are. The result depends on
    nothing else; articles that are connected by no pairs don't influence each other.
    """
    neighbours: dict[str, list[str]] = {id: [] for id in moments}
    for one, other in alike:
        neighbours[one].append(other)
        neighbours[other].append(one)
    stories: dict[str, str] = {}
    for id in sorted(moments, key=lambda id: (moments[id], id)):
        firsts = [other for other in neighbours[id] if stories.get(other) == other]
        stories[id] = min(firsts, key=lambda other: (moments[other], other), default=id)
    return stories
