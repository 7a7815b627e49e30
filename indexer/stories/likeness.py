"""Likeness: whether two articles are one text, or two reports of one event."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from indexer.stories.profile import Profile

DAY = 86_400
COPY_DAYS, REPORT_DAYS = 7, 1
"""How far apart copies and reports may be."""


class Likeness(StrEnum):
    """``COPY``: one text, edited, cut, or in the other script. ``REPORT``: two texts about one event."""

    COPY = "copy"
    REPORT = "report"


# Measured on judged pairs, see docs/stories.md.
_COPIED = 0.62
_COPIED_AT_HOME = 0.74
"""Containment from which an article is a copy: of another publisher's, of one of the same publisher, who has forms."""

_SURELY_COPIED = 0.9
"""Containment that is asked for where titles and leads say otherwise: two who quote one document at length, or a
publisher who fills in a form again some days later."""

_SAME_DAYS = 36 * 3600
"""Seconds after which a publisher's next article in the same words is a form rather than an edition."""

_EXCERPT = 0.1
"""A text that makes up less of the other must stand in it nearly whole."""

_PART = 0.5
_SAME_OPENING = 0.15
_PIECE = 500
"""A text that makes up less of another, whose opening it hardly has, is a part of that: an item of a digest, or what
another report tells of the background. Whoever cuts a text keeps its beginning. But no item and no background has so
many shingles: that is a piece out of the middle."""

_FEW_SHINGLES = 20
"""Texts with fewer are too short to tell."""

_FEW_NUMBERS = 4
_FORM_DENSITY = 1 / 30
"""Fewer figures, or fewer a shingle, say nothing: no form that is filled in has so few."""

_SAME_NUMBERS, _SAME_NUMBERS_AT_HOME = 0.5, 0.7
"""The share of the shorter text's figures that the other must have too: in a form that is filled in every day the
figures differ, in a copy they stay."""

_HALF_A_DAY = DAY // 2
"""Within this time another figure in a publisher's title is a correction; later it is the next of a row."""

_SAME_WORDS = 0.45
"""Cosine of the words of title and lead from which these don't speak against a copy."""

_SAME_EVENT, _SAME_EVENT_LATER = 0.46, 0.51
"""From how much on two publishers report one event: the cosine of the words of title and lead, and a part of what is
word for word in common. More than half a day later the same names are more often of the next event."""

_QUOTED, _MOST_QUOTED = 0.3, 0.5
"""How much containment counts there, and up to which: statements that both quote."""

_FORM = 0.3
"""Containment from which two texts that are no copies may be one form, filled in twice."""


def likeness(one: Profile, other: Profile) -> Likeness | None:
    """How two articles are alike; symmetric."""
    apart = abs(one.moment - other.moment)
    if apart > COPY_DAYS * DAY:
        return None
    shorter, longer = sorted((one, other), key=lambda profile: (len(profile.shingles), profile.id))
    shared = containment(shorter.shingles, longer.shingles)
    if shared >= _COPIED and len(shorter.shingles) >= _FEW_SHINGLES:
        # What has so much in common and is no copy is a form, a part or a quotation, and no report in other words.
        return Likeness.COPY if _is_copy(shorter, longer, shared) else None
    if one.publisher == other.publisher or apart > REPORT_DAYS * DAY or not (one.is_dated and other.is_dated):
        return None
    if shared >= _FORM and not _agree(shorter, longer, _SAME_NUMBERS):
        return None
    near = cosine(one.words, other.words) + _QUOTED * min(shared, _MOST_QUOTED)
    return Likeness.REPORT if near >= (_SAME_EVENT if apart <= _HALF_A_DAY else _SAME_EVENT_LATER) else None


def _is_copy(shorter: Profile, longer: Profile, shared: float) -> bool:
    at_home = shorter.publisher == longer.publisher
    if shared < _least_shared(shorter, longer, at_home=at_home):
        return False
    if at_home and _is_next_in_a_row(shorter, longer):
        return False
    copied = shared * len(shorter.shingles) / len(longer.shingles)
    if copied < _EXCERPT and shared < _SURELY_COPIED:
        return False
    may_be_part = copied < _PART and len(shorter.shingles) < _PIECE
    if may_be_part and containment(longer.opening, shorter.shingles) < _SAME_OPENING:
        return False
    return _agree(shorter, longer, _SAME_NUMBERS_AT_HOME if at_home else _SAME_NUMBERS)


def _agree(shorter: Profile, longer: Profile, least: float) -> bool:
    """Whether the shorter text's figures, if it has many, are the other's too."""
    figures = shorter.numbers.total()
    if figures < _FEW_NUMBERS or figures < _FORM_DENSITY * len(shorter.shingles):
        return True
    return (shorter.numbers & longer.numbers).total() >= least * figures


def _least_shared(one: Profile, other: Profile, *, at_home: bool) -> float:
    in_other_words = cosine(one.words, other.words) < _SAME_WORDS
    if in_other_words or (at_home and abs(one.moment - other.moment) > _SAME_DAYS):
        return _SURELY_COPIED
    return _COPIED_AT_HOME if at_home else _COPIED


def _is_next_in_a_row(one: Profile, other: Profile) -> bool:
    """Whether a publisher counts on: the 26th time, and two days later the 28th."""
    later = abs(one.moment - other.moment) > _HALF_A_DAY
    return later and bool(one.title_numbers and other.title_numbers) and one.title_numbers != other.title_numbers


def containment(shorter: npt.NDArray[np.uint32], longer: npt.NDArray[np.uint32]) -> float:
    """The share of the first set that the second holds, both ascending (Broder 1997, "On the resemblance")."""
    if not len(shorter) or not len(longer):
        return 0.0
    places = np.minimum(np.searchsorted(longer, shorter), len(longer) - 1)
    return int((longer[places] == shorter).sum()) / len(shorter)


def cosine(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    """The cosine of two vectors of length 1."""
    fewer, more = sorted((one, other), key=len)
    return sum(weight * more[word] for word, weight in fewer.items() if word in more)
