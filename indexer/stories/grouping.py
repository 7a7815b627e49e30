"""Grouping: from pairs that are alike to stories.

Copies come first: an article belongs to the earliest one that it is a copy of, where that is a copy of none itself.
So there are texts, each with its copies. Two texts report one event where half of the pairs between their articles do;
one short copy does not speak for all. A text joins the story that it is like in the largest part, more than half, or
begins one: no story grows by chaining, whichever of its articles came first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from indexer.stories.likeness import Likeness


def group(moments: Mapping[str, int], alike: Iterable[tuple[str, str, str]]) -> dict[str, str]:
    """The story of each article: the id of the story's first article.

    ``moments`` are the articles' epoch seconds by id, ``alike`` the pairs of them that are, with their ``Likeness``.
    The result depends on nothing else; articles that are connected by no pairs don't influence each other.
    """
    copies: dict[str, list[str]] = {id: [] for id in moments}
    reports = []
    for one, other, kind in alike:
        if kind == Likeness.COPY:
            copies[one].append(other)
            copies[other].append(one)
        else:
            reports.append((one, other))
    in_order = sorted(moments, key=lambda id: (moments[id], id))
    texts = _texts(in_order, copies)
    stories = _stories([id for id in in_order if texts[id] == id], _one_event(texts, reports))
    return {id: stories[texts[id]] for id in in_order}


def _texts(in_order: Sequence[str], copies: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each is of the first text in the order that it is a copy of and that is a copy of none, or its own."""
    places = {id: place for place, id in enumerate(in_order)}
    firsts: dict[str, str] = {}
    for id in in_order:
        earlier = (other for other in copies[id] if firsts.get(other) == other)
        firsts[id] = min(earlier, key=places.__getitem__, default=id)
    return firsts


def _one_event(texts: Mapping[str, str], reports: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """For each text those that report the same event: half at least of their articles' pairs do."""
    sizes = Counter(texts.values())
    pairs = Counter((texts[id], texts[other]) for one, two in reports for id, other in ((one, two), (two, one)))
    near: dict[str, list[str]] = {}
    for (one, other), count in pairs.items():
        if one != other and 2 * count >= sizes[one] * sizes[other]:
            near.setdefault(one, []).append(other)
    return near


def _stories(in_order: Sequence[str], near: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each text joins the earlier story of which it is near the largest share, more than half; else it begins one."""
    sizes: Counter[str] = Counter()
    places = {id: place for place, id in enumerate(in_order)}
    firsts: dict[str, str] = {}
    for id in in_order:
        shares = Counter(firsts[other] for other in near.get(id, ()) if other in firsts)
        enough = [first for first, count in shares.items() if 2 * count > sizes[first]]
        best = min(enough, key=lambda first: (-shares[first] / sizes[first], places[first]), default=id)
        firsts[id] = best
        sizes[best] += 1
    return firsts
