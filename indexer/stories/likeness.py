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
"""Containment from which an article is a copy: of another publisher's, or of the same one's, who has forms, unless that
wrote on under the same title within hours."""

_SURELY_COPIED = 0.9
"""Containment that is asked for where titles and leads say otherwise: two who quote one document at length, who fill in
one form with other names, or a publisher who fills it in again some days later."""

_SAME_DAYS = 36 * 3600
"""Seconds after which a publisher's next article in the same words is a form rather than an edition."""

_PART, _EXCERPT = 0.5, 0.1
_PER_PART = 0.9
_PIECE, _WORK = 500, 1_000
"""A text that makes up less of another is a part of that unless both are about one thing, the more surely the less it
makes up: it may be an item of a digest, what another report tells of the background, a box about a person. Of so many
shingles this is less likely, of twice as many it is none of these but a piece out of the middle. An excerpt must stand
in the other nearly whole, or under the same title."""

_FEW_SHINGLES = 20
"""Texts with fewer are too short to tell."""

_FEW_NUMBERS = 4
_FORM_DENSITY = 1 / 30
"""Fewer figures, or fewer a shingle, say nothing: no form that is filled in has so few."""

_SAME_NUMBERS, _SAME_NUMBERS_AT_HOME = 0.5, 0.7
"""The share of the shorter text's figures that the other must have too: in a form that is filled in every day the
figures differ, in a copy they stay."""

_HALF_A_DAY = DAY // 2
"""Within this time another figure in a publisher's title is a correction and other words are an edition; later it is
the next of a row."""

_IN_TITLE, _SHORT_TITLE = 0.35, 8
_OTHER_THING, _ONE_THING, _ONE_TITLE = 0.55, 0.74, 0.85
"""How much what the titles share counts beside the cosine of the words of title and lead, less where a title has fewer
pairs of characters; up to which sum they speak against a copy, and from which on two articles are surely about one
thing."""

_SAME_EVENT, _SAME_EVENT_LATER = 0.57, 0.65
"""From how much on two publishers report one event: what titles and leads say, and a part of what is word for word in
common. More than half a day later the same names are more often of the next event."""

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
    is_report = one.publisher != other.publisher and apart <= REPORT_DAYS * DAY and one.is_dated and other.is_dated
    if shared < _COPIED and not is_report:
        return None
    near = _nearness(one, other)
    if shared >= _COPIED and len(shorter.shingles) >= _FEW_SHINGLES and _is_copy(shorter, longer, shared, near):
        return Likeness.COPY
    if not is_report or (shared >= _FORM and not _agree(shorter, longer, _SAME_NUMBERS)):
        return None
    near += _QUOTED * min(shared, _MOST_QUOTED)
    return Likeness.REPORT if near >= (_SAME_EVENT if apart <= _HALF_A_DAY else _SAME_EVENT_LATER) else None


def _is_copy(shorter: Profile, longer: Profile, shared: float, near: float) -> bool:
    at_home = shorter.publisher == longer.publisher
    if shared < _least_shared(shorter, longer, near, at_home=at_home):
        return False
    if at_home and _is_next_in_a_row(shorter, longer):
        return False
    copied = shared * len(shorter.shingles) / len(longer.shingles)
    if near < _least_near(copied, len(shorter.shingles)):
        return False
    if copied < _EXCERPT and shared < _SURELY_COPIED and near < _ONE_TITLE:
        return False
    return _agree(shorter, longer, _SAME_NUMBERS_AT_HOME if at_home else _SAME_NUMBERS)


def _nearness(one: Profile, other: Profile) -> float:
    """How much titles and leads say that two articles are about one thing; without a title, the leads alone."""
    words = cosine(one.words, other.words)
    if not one.title or not other.title:
        return (1 + _IN_TITLE) * words
    shorter = max(_SHORT_TITLE, min(len(one.title), len(other.title)))
    return words + _IN_TITLE * len(one.title & other.title) / shorter


def _least_near(copied: float, length: int) -> float:
    """How near a text must be of which another has so much, the nearer the less that is; ``length`` in shingles."""
    if copied >= _PART or length >= _WORK:
        return 0.0
    return _OTHER_THING if length >= _PIECE else min(_ONE_THING, _OTHER_THING + _PER_PART * (_PART - copied))


def _agree(shorter: Profile, longer: Profile, least: float) -> bool:
    """Whether the shorter text's figures, if it has many, are the other's too."""
    figures = shorter.numbers.total()
    if figures < _FEW_NUMBERS or figures < _FORM_DENSITY * len(shorter.shingles):
        return True
    return (shorter.numbers & longer.numbers).total() >= least * figures


def _least_shared(one: Profile, other: Profile, near: float, *, at_home: bool) -> float:
    apart = abs(one.moment - other.moment)
    if near < _OTHER_THING or _name_others(one, other) or (at_home and apart > _SAME_DAYS):
        return _SURELY_COPIED
    is_edition = apart <= _HALF_A_DAY and near >= _ONE_TITLE
    return _COPIED_AT_HOME if at_home and not is_edition else _COPIED


def _name_others(one: Profile, other: Profile) -> bool:
    """Whether each lacks what the other is about: a form that is filled in with another name."""
    return bool(one.words and other.words) and one.subject not in other.words and other.subject not in one.words


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
