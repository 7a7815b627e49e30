"""Highlights and snippets, as data: which slices of the original text show why an article was found.

Matching is done on folded text, in the units that phrases count in, and carried back to the original through the
fold's offsets. So 視訊 is marked where 视频 was asked for and 视讯 is one of its spellings, and ``covid-19`` marks
``COVID 19``.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from indexer.text.analyser import Analyser
from indexer.text.characters import HAN_CLASS
from indexer.text.fold import Folded
from indexer.text.units import DIGIT, HAN, LETTER, units
from search_app.query.interpretation import Spelling, TextClause
from search_app.search.results import Snippet, Span

WIDTH = 150
"""Characters of a snippet, about."""

_LONGEST = 200_000
"""Characters of a text that are looked at: the longest of 22,000 news articles had a quarter of it."""

_LEAD = 40
"""Characters before the first match, at most."""

_MOST = 200
"""Occurrences of one spelling that are looked at, in one text."""

_CLUSTER = 32
"""Characters of the longest cluster that is kept whole: emoji of a family have up to 11."""

_ELLIPSIS = "…"
_SENTENCE_END = re.compile("[。！？!?；\n]")


@dataclass(frozen=True, slots=True)
class _Match:
    """An occurrence in folded text. ``weight`` tells how much it says: the length of what was looked for."""

    start: int
    end: int
    needle: int
    weight: int


class Highlighter:
    """Finds what the clauses of a question look for; made once for a page of hits."""

    def __init__(self, clauses: Sequence[TextClause], analyser: Analyser) -> None:
        self._analyser = analyser
        self._text = _needles(clause for clause in clauses if clause.field == "anywhere")
        self._title = _needles(clauses)

    def title(self, title: str) -> tuple[Span, ...]:
        """The slices of a title that match."""
        folded = self._analyser.fold_with_offsets(title)
        return merged(original(title, folded, match.start, match.end) for match in _matches(folded.text, self._title))

    def snippet(self, text: str, captions: str = "") -> Snippet:
        """The windows of a text that show most of what was looked for; its beginning if nothing is in it.

        Of the captions instead, where that is in them alone.
        """
        folded, matches = self._found(text)
        if captions and not matches:
            in_captions, found = self._found(captions)
            if found or not text:
                text, folded, matches = captions, in_captions, found
        rest, text = text[_LONGEST : _LONGEST + WIDTH], text[:_LONGEST]
        parts: list[str] = []
        highlights: list[Span] = []
        length, previous = 0, 0
        for start, end in _windows(folded.text, matches):
            begin, stop = original(text, folded, start, end)
            stop = min(stop, begin + 2 * WIDTH)  # of a text that is mostly combining marks
            if text[previous:begin].strip():
                parts.append(_ELLIPSIS)
                length += 1
            spans = (original(text, folded, m.start, m.end) for m in matches if start <= m.start and m.end <= end)
            highlights += ((a - begin + length, min(b, stop) - begin + length) for a, b in spans if a < stop)
            parts.append(text[begin:stop].translate(_ONE_LINE))
            length += stop - begin
            previous = stop
        if rest or text[previous:].strip():
            parts.append(_ELLIPSIS)
        return Snippet("".join(parts), merged(highlights))

    def _found(self, text: str) -> tuple[Folded, list[_Match]]:
        """A text folded, as far as it is looked at, and what of the question stands in it, in order."""
        folded = self._analyser.fold_with_offsets(text[:_LONGEST])
        return folded, sorted(_matches(folded.text, self._text), key=lambda match: (match.start, -match.end))


_ONE_LINE = dict.fromkeys(map(ord, "\n\r\t\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


@dataclass(frozen=True, slots=True)
class _Needle:
    """``probe`` stands in every text that ``pattern`` is found in: a test that is much faster.

    Without a pattern it is all that is looked for.
    """

    probe: str
    pattern: re.Pattern[str] | None
    weight: int

    def found(self, folded: str) -> Iterator[Span]:
        """Where it stands, from first to last, apart."""
        if self.probe not in folded:
            return
        if self.pattern is not None:
            for match in self.pattern.finditer(folded):
                yield match.span()
            return
        start, length = folded.find(self.probe), len(self.probe)
        while start >= 0:
            yield start, start + length
            start = folded.find(self.probe, start + length)


def _needles(clauses: Iterable[TextClause]) -> list[_Needle]:
    spellings: dict[Spelling, None] = {}
    for clause in clauses:
        spellings[clause.whole] = None
        spellings |= dict.fromkeys(spelling for concept in clause.concepts for spelling in concept.spellings)
    return [_needle(spelling) for spelling in spellings]


_GAP = r"(?:[^\w#%&@+$<=>^`|~]|_)"
"""What may stand between units without being one."""

_OTHER_LETTER = rf"[^\W\d_{HAN_CLASS}]"
_HAN_RUN = re.compile(f"[{HAN_CLASS}]+")
_EDGE = {LETTER: _OTHER_LETTER, DIGIT: r"\d"}
"""What a unit of a class must not touch, since it would be longer then."""


def _needle(spelling: Spelling) -> _Needle:
    text = spelling.text
    if _HAN_RUN.fullmatch(text):
        return _Needle(text, None, len(text))
    found = units(text)
    pattern = ""
    for (kind, start, end), (next_kind, next_start, _) in pairwise([*found, (-1, len(text), len(text))]):
        edge = _EDGE.get(kind)
        last = next_kind == -1
        before = f"(?<!{edge})" if edge else ""
        after = f"(?!{edge})" if edge and not (last and spelling.phrase.prefix) else ""
        pattern += before + re.escape(text[start:end]) + after
        if not last and not (kind == next_kind == HAN and end == next_start):
            pattern += _GAP + ("{1,8}" if kind == next_kind == HAN else "{0,8}")
    _, start, end = max(found, key=lambda unit: unit[2] - unit[1])
    return _Needle(text[start:end], re.compile(pattern), sum(end - start for _, start, end in found))


def _matches(folded: str, needles: Sequence[_Needle]) -> Iterator[_Match]:
    for number, needle in enumerate(needles):
        for start, end in islice(needle.found(folded), _MOST):
            yield _Match(start, end, number, needle.weight)


def _windows(folded: str, matches: Sequence[_Match]) -> list[Span]:
    """One window that holds all that was found, or else the two that say most, in order."""
    if not matches:
        beginning = len(folded) - len(folded.lstrip())
        return [_framed(folded, beginning, beginning, WIDTH)]
    first, last = _best(matches, WIDTH - _LEAD // 2)
    found = {match.needle for match in matches}
    if found == {match.needle for match in matches[first:last]}:
        return [_framed(folded, matches[first].start, matches[last - 1].end, WIDTH)]
    half = WIDTH // 2
    first, last = _best(matches, half - _LEAD // 4)
    shown = {match.needle for match in matches[first:last]}
    rest = [match for match in matches if match.needle not in shown]
    frames = [_framed(folded, matches[first].start, matches[last - 1].end, half)]
    if rest:
        first, last = _best(rest, half - _LEAD // 4)
        frames.append(_framed(folded, rest[first].start, rest[last - 1].end, half))
    (a, b), *others = sorted(frames)
    return [(a, b), *others] if others and others[0][0] > b else [(a, max(b, *(end for _, end in others), b))]


def _best(matches: Sequence[_Match], width: int) -> tuple[int, int]:
    """The slice of the matches, in order, that says most within a width: different things first, then more of them."""
    best, choice = (-1, -1), (0, 1)
    held: Counter[int] = Counter()
    weight = first = 0
    for last, match in enumerate(matches):
        weight += match.weight * (not held[match.needle])
        held[match.needle] += 1
        while first < last and match.end - matches[first].start > width:
            gone = matches[first]
            held[gone.needle] -= 1
            weight -= gone.weight * (not held[gone.needle])
            first += 1
        if (weight, last - first) > best:
            best, choice = (weight, last - first), (first, last + 1)
    return choice


def _framed(folded: str, start: int, end: int, width: int) -> Span:
    """A window of about a width around a slice, from the beginning of a sentence if one begins near."""
    lead = max(0, min(_LEAD, (width - (end - start)) // 2))
    begin = max(0, min(start - lead, len(folded) - width))
    if begin and (sentence := _SENTENCE_END.search(folded, begin - 1, start)):
        begin = sentence.end()
    while begin < start and folded[begin].isspace():
        begin += 1
    return begin, min(len(folded), max(end, begin + width))


def original(text: str, folded: Folded, start: int, end: int) -> Span:
    """The slice of the original, widened so that it cuts no character from its marks."""
    begin, stop = folded.original(start, end)
    first, last = max(0, begin - _CLUSTER), min(len(text), stop + _CLUSTER)
    while first < begin < len(text) and _continues(text, begin):
        begin -= 1
    while 0 < stop < last and _continues(text, stop):
        stop += 1
    return begin, stop


def _continues(text: str, offset: int) -> bool:
    """Whether the character here belongs to the one before it: a mark, a variation selector, joined emoji."""
    here, before = text[offset], text[offset - 1]
    return (
        unicodedata.category(here) in ("Mn", "Me", "Mc")
        or "\u200d" in (here, before)
        or "\U0001f3fb" <= here <= "\U0001f3ff"
    )


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The union of slices, in order; those that touch become one."""
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], end)
        else:
            merged.append((start, end))
    return tuple(merged)
