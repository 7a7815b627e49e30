"""Plain text as markup, with ``<mark>`` around what was searched."""

from collections.abc import Callable, Iterator, Sequence
from html import escape
from itertools import pairwise

from markupsafe import Markup

Span = tuple[int, int]
Highlighter = Callable[[str], Sequence[Span]]
"""Gets a text and returns slices of it, sorted and apart."""


def nothing(text: str) -> Sequence[Span]:
    return ()


def marked(text: str, spans: Sequence[Span]) -> Markup:
    """Text as markup with ``<mark>`` around the slices (sorted, apart, half-open)."""
    cuts = [0, *(edge for span in spans for edge in span), len(text)]
    parts = [escape(text[start:end], quote=False) for start, end in pairwise(cuts)]
    return Markup("".join(f"<mark>{part}</mark>" if i % 2 and part else part for i, part in enumerate(parts)))


class SpanWalk:
    """The slices of a text, handed out to its parts from first to last: one walk over both."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._next = 0

    def within(self, start: int, end: int) -> list[Span]:
        """The slices inside ``[start, end)``, counted from ``start``, which never goes back from call to call."""
        return list(self._within(start, end))

    def _within(self, start: int, end: int) -> Iterator[Span]:
        spans = self._spans
        while self._next < len(spans) and spans[self._next][1] <= start:
            self._next += 1
        number = self._next
        while number < len(spans) and spans[number][0] < end:
            yield max(spans[number][0], start) - start, min(spans[number][1], end) - start
            number += 1


def paragraphs(text: str, highlight: Highlighter = nothing, spell: Callable[[str], str] = str) -> Markup:
    """One paragraph a line. ``spell`` changes each last, its tags aside: for showing the other script."""
    spans = SpanWalk(highlight(text))
    output: list[str] = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            output.append(f"<p>{spell(marked(line, spans.within(start, start + len(line))))}</p>")
        start += len(line) + 1
    return Markup("\n".join(output))
