"""Who stands with whom as a picture: names one below the other, and an arc from one to another. Pure functions.

Everything is in pixels, so that text keeps its size on a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from search_app.search.aggregations.entities import EntityPair

_ROW = 24
LABELS = 160
"""Pixels that the names have to themselves, at whose end they end."""

_GAP = 8

_NEAREST, _FARTHEST, _A_ROW = 24, 180, 14
"""How far an arc reaches: at least, at most, and for each row that it spans."""

_LONGEST = 11
"""Characters of a name that are drawn."""

_THINNEST, _THICKEST = 1.0, 6.0


@dataclass(frozen=True, slots=True)
class Arc:
    """A line's path, and how thick it is."""

    path: str
    width: float


@dataclass(frozen=True, slots=True)
class Arcs:
    """Everything the template draws. ``names`` have the pixels of their base lines."""

    height: int
    names: Sequence[tuple[int, str]]
    arcs: Sequence[Arc]


def draw(pairs: Sequence[EntityPair]) -> Arcs:
    """The picture of some pairs, the surest with the thickest lines."""
    rows = {name: row for row, name in enumerate(_in_order(pairs))}
    most = max((pair.score for pair in pairs), default=0) or 1
    arcs = []
    for pair in pairs:
        first, last = sorted((rows[pair.one.name], rows[pair.other.name]))
        reach = LABELS + _GAP + min(_NEAREST + _A_ROW * (last - first), _FARTHEST)
        top, bottom = _middle(first), _middle(last)
        width = _THINNEST + (_THICKEST - _THINNEST) * (pair.score / most) ** 0.5
        arcs.append(
            Arc(f"M{LABELS + _GAP},{top} C{reach},{top} {reach},{bottom} {LABELS + _GAP},{bottom}", round(width, 1))
        )
    return Arcs(_ROW * len(rows), [(_middle(row) + 5, _short(name)) for name, row in rows.items()], arcs)


def _in_order(pairs: Sequence[EntityPair]) -> list[str]:
    """The names, those that stand together near each other: each followed by its surest that is not there yet."""
    order: list[str] = []
    left = list(pairs)
    while left:
        near = next((pair for pair in left if order and order[-1] in (pair.one.name, pair.other.name)), left[0])
        left.remove(near)
        # The one that is there already stands first.
        for name in sorted((near.one.name, near.other.name), key=lambda each: each not in order):
            if name not in order:
                order.append(name)
    return order


def _middle(row: int) -> int:
    return _ROW * row + _ROW // 2


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1] + "…"
