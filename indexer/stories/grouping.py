"""Grouping: from pairs that are alike to stories.

Copies come first: an article belongs to the earliest one that it is a copy of, where that is a copy of none itself.
What is left over are texts, each with its copies; a text belongs to the earliest text that it reports the same event
as, where that belongs to none itself. So copies of one text are one story whatever else they resemble, and no story can
grow by chaining: between an article and the first of its story are at most one copy and one report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from indexer.stories.likeness import Likeness


def group(moments: Mapping[str, int], alike: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The story of each article: the id of the story's first article.

    ``moments`` are the articles' epoch seconds by id, ``alike`` the pairs of them that are, with their ``Likeness``.
    The result depends on nothing else; articles that are connected by no pairs don't influence each other.
    """
    neighbours: dict[str, dict[str, list[str]]] = {kind.value: {id: [] for id in moments} for kind in Likeness}
    for one, other, kind in alike:
        neighbours[kind][one].append(other)
        neighbours[kind][other].append(one)
    in_order = sorted(moments, key=lambda id: (moments[id], id))
    texts = _stars(in_order, neighbours[Likeness.COPY])
    stories = _stars([id for id in in_order if texts[id] == id], neighbours[Likeness.REPORT])
    return {id: stories[texts[id]] for id in in_order}


def _stars(in_order: Sequence[str], neighbours: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each belongs to the first in the order that is its neighbour and belongs to none itself, or to itself."""
    places = {id: place for place, id in enumerate(in_order)}
    firsts: dict[str, str] = {}
    for id in in_order:
        earlier = (other for other in neighbours[id] if firsts.get(other) == other)
        firsts[id] = min(earlier, key=places.__getitem__, default=id)
    return firsts
