"""One article as engines count it: which token stands at which position, where sentences begin, and the original text
of each.

Positions are those of ``indexer.text.grams``: of the title, of the token between, of the body.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from indexer.arrays import offsets_of
from indexer.article import Article
from indexer.engine.query import Phrase, Run
from indexer.text.analyser import Analyser
from indexer.text.fold import Folded
from indexer.text.grams import sentence_starts
from indexer.text.units import HAN, LONGEST, Texts, units
from search_app.search.results import Span
from search_app.search.snippets import original

Place = tuple[int, int]
"""Positions of a text, half-open."""

_END = re.compile(r"[^\n。！？!?｡]*[。！？!?｡]+[”’」』）)】》〉\"'＂]*")
"""What of the marks behind the last unit of a sentence belongs to it: its end, and what that closes."""


class SentenceText(NamedTuple):
    """A slice of an article's title or, as ``in_title`` tells, its body."""

    start: int
    end: int
    in_title: bool


class TextPlaces:
    """Finds in one article what queries look for. Members are positions unless they say otherwise."""

    def __init__(self, article: Article, analyser: Analyser) -> None:
        self.article = article
        self._parts = [_Part(text, analyser.fold_with_offsets(text)) for text in (article.title, article.text)]
        title, body = self._parts
        self.body = len(title) + 1
        self._end = self.body + len(body)
        self._starts = [*title.sentences, self.body - 1, *(self.body + start for start in body.sentences)]
        self._slices: tuple[Sequence[Span], Sequence[Span]] | None = None

    def restrict(self, title: Sequence[Span], body: Sequence[Span]) -> None:
        """Find from now on only what lies in these slices of title and body, which are in order and apart."""
        self._slices = title, body

    def __len__(self) -> int:
        """How many sentences there are; the token between title and body is one that says nothing."""
        return len(self._starts)

    def phrase(self, phrase: Phrase) -> list[Place]:
        """Where a phrase stands, in title and body."""
        return self.run(Run(phrase, _width(phrase)))

    def run(self, run: Run) -> list[Place]:
        """Where a run stands whole."""
        title, body = (part.run(run) for part in self._parts)
        found = [*title, *((start + self.body, end + self.body) for start, end in body)]
        return (
            found if self._slices is None else [place for place in found if self._is_inside(self.span_of(place), place)]
        )

    def _is_inside(self, span: Span, place: Place) -> bool:
        assert self._slices is not None
        slices = self._slices[place[0] >= self.body]
        number = bisect_right(slices, span[0], key=lambda each: each[0]) - 1
        return number >= 0 and span[1] <= slices[number][1]

    def sentence(self, place: Place) -> int | None:
        """The number of the sentence that holds a place; ``None`` where several do."""
        number = bisect_right(self._starts, place[0]) - 1
        return number if number == bisect_right(self._starts, place[1] - 1) - 1 else None

    def text_of(self, number: int) -> SentenceText | None:
        """The original of a sentence, with the marks around it; ``None`` for one that says nothing."""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else self._end
        if start == end or start == self.body - 1:
            return None
        in_title = start < self.body
        part, shift = (self._parts[0], 0) if in_title else (self._parts[1], self.body)
        return SentenceText(*part.sentence(start - shift, end - shift), in_title)

    def span_of(self, place: Place) -> Span:
        """The slice of the title or the body at a place that lies in one of them."""
        part, shift = (self._parts[0], 0) if place[0] < self.body else (self._parts[1], self.body)
        return part.original(place[0] - shift, place[1] - shift)

    def key_of(self, number: int) -> str:
        """What is the same of two sentences that say the same: no marks and blanks, in folded characters."""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else self._end
        part, shift = (self._parts[0], 0) if start < self.body else (self._parts[1], self.body)
        return "\n".join(part.unit(position) for position in range(start - shift, min(end - shift, len(part))))


class _Part:
    """The title or the body; positions count from its beginning."""

    def __init__(self, text: str, folded: Folded) -> None:
        self.text = text
        self._folded = folded
        codes = np.frombuffer(folded.text.encode("utf-32-le", "surrogatepass"), np.uint32)
        texts = Texts(codes, offsets_of([len(codes)]))
        self._kinds, self._starts, self._ends = (column.tolist() for column in texts.units)
        self.sentences: list[int] = sentence_starts(texts).tolist()

    def __len__(self) -> int:
        return len(self._starts)

    def run(self, run: Run) -> list[Place]:
        """Where a run stands whole, from first to last."""
        first, *others = run.phrase.grams
        found = []
        for position in self._beginning_with(first):
            end = position + run.width
            if end <= len(self) and all(
                self._is(position + i, gram, run.phrase.prefix and i == len(others))
                for i, gram in enumerate([first, *others])
            ):
                found.append((position, end))
        return found

    def _beginning_with(self, gram: str) -> Iterator[int]:
        """The positions at which the characters of a gram begin."""
        text, starts = self._folded.text, self._starts
        at = text.find(gram)
        while at >= 0:
            position = bisect_left(starts, at)
            if position < len(starts) and starts[position] == at:
                yield position
            at = text.find(gram, at + 1)

    def _is(self, position: int, gram: str, prefix: bool) -> bool:
        """Whether a gram is the token at a position, or its beginning."""
        start, end = self._starts[position], self._ends[position]
        following = position + 1
        if self._kinds[position] == HAN and following < len(self) and self._starts[following] == end:
            end += self._kinds[following] == HAN
        token = self._folded.text[start : min(end, start + LONGEST)]
        return token.startswith(gram) if prefix else token == gram

    def unit(self, position: int) -> str:
        return self._folded.text[self._starts[position] : self._ends[position]]

    def original(self, start: int, end: int) -> Span:
        """The slice of the text from one position to before another."""
        return original(self.text, self._folded, self._starts[start], self._ends[end - 1])

    def sentence(self, start: int, end: int) -> Span:
        """The slice of the text from the first unit to the last, with the marks that belong to it."""
        first, stop = self.original(start, end)
        before = self.original(start - 1, start)[1] if start else 0
        begin = before
        if start and (passed := _END.match(self.text[before:first])):
            begin += passed.end()
        begin = max(begin, self.text.rfind("\n", before, first) + 1)
        while begin < first and self.text[begin].isspace():
            begin += 1
        after = self.original(end, end + 1)[0] if end < len(self) else len(self.text)
        gap = self.text[stop:after]
        passed = _END.match(gap)
        return begin, stop + (passed.end() if passed else len(gap.partition("\n")[0].rstrip()))


def parted(gram: str) -> list[str]:
    """The units of a gram: two Han characters, or one unit of any kind."""
    return [gram[start:end] for _, start, end in units(gram)]


def _width(phrase: Phrase) -> int:
    """How many positions a phrase covers: the second character of its last gram has one of its own."""
    return len(phrase.grams) - 1 + len(parted(phrase.grams[-1]))


def run_of(phrase: Phrase) -> Run:
    """A phrase of the text as what engines place."""
    return Run(Phrase(phrase.grams, phrase.prefix), _width(phrase))


def is_open(phrase: Phrase) -> bool:
    """Whether it ends with the beginning of a word of several letters, which may be any of thousands."""
    return phrase.prefix and len(phrase.grams[-1]) > 1


def apart(places: Sequence[Place]) -> list[Place]:
    """Of places that lie in one another the innermost, in order."""
    kept: list[Place] = []
    for start, end in sorted(set(places), key=lambda place: (-place[0], place[1])):
        if not kept or end < kept[-1][1]:
            kept.append((start, end))
    return kept[::-1]
