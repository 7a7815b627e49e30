"""In which order articles come: the one place where weights live.

A question becomes a sum of features, all computed by the engine (see ``indexer.engine.query``):

- BM25 of its words and of its grams. Words know meaning, grams know what segmentation hides; both together beat either
  alone on judged questions.
- BM25 of each unspaced run as if it were one term, so that an article that holds it letter for letter comes before one
  that holds its parts scattered; once more for the title.
- Spellings that were not typed count like the one that was.
- Neighbouring segments that stand close together.
- Recency, when it is asked for.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from indexer.engine.query import Bag, Feature, Literal, Near, Recency, Run
from search_app.understanding import FUNCTION_WORDS, Chunk, Understood

WORD = 1.0
"""A word. The unit of all weights."""

GRAM = 0.5
"""A gram: there are about as many as characters, so together they weigh as much as the words."""

RUN = 3.0
"""The whole run. High enough that an article with the literal run rarely comes after one without it."""

TITLE_RUN = 3.0
"""The whole run in the title, in addition."""

SPELLING = 2.0
"""Another spelling of a name, as a run: what word and grams give the spelling that was typed."""

NEAR = 1.0
"""Two neighbouring segments close together, at most."""

RECENCY = 4.0
"""What an article of this moment gains; about as much as a rare word."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the asker decides: ``now`` in UTC epoch seconds, and the half-life of recency in seconds or ``None``."""

    now: int
    half_life: float | None = None


def features(understood: Understood, settings: Settings) -> tuple[Feature, ...]:
    """What orders the articles that match."""
    found = [feature for chunk in understood.chunks for feature in _chunk_features(chunk)]
    if settings.half_life is not None:
        found.append(Recency(settings.now, settings.half_life, RECENCY))
    return tuple(dict.fromkeys(found))


def _chunk_features(chunk: Chunk) -> Iterator[Feature]:
    for word in chunk.words:
        if word not in FUNCTION_WORDS or len(chunk.words) == 1:
            yield Bag("words", word, WORD)
    whole = chunk.whole.literal
    for gram in whole.grams[: len(whole.grams) - whole.prefix]:
        yield Bag("grams", gram, GRAM)
    yield Run(whole, RUN)
    yield Run(replace(whole, field="title"), TITLE_RUN)
    for segment in chunk.segments:
        for spelling in segment.spellings[1:]:
            yield Run(spelling.literal, SPELLING)
    for first, second in pairwise(chunk.segments):
        yield Near(_body(first.spellings[0].literal), _body(second.spellings[0].literal), weight=NEAR)


def _body(literal: Literal) -> Literal:
    return replace(literal, field="text")


def label(feature: Feature) -> str:
    """A feature in words, for explanations."""
    match feature:
        case Bag(field, token, _):
            return f"{'word' if field == 'words' else 'gram'} {token}"
        case Run(literal, _):
            return f"{'title ' if literal.field == 'title' else ''}run {spelled(literal)}"
        case Near(first, second, _, _):
            return f"near {spelled(first)} {spelled(second)}"
        case Recency():
            return "recency"


def spelled(literal: Literal) -> str:
    """The text of a literal: overlapping grams joined, others apart."""
    text = literal.grams[0]
    for before, gram in pairwise(literal.grams):
        text += gram[1:] if len(before) == 2 and len(gram) == 2 and before[1] == gram[0] else f" {gram}"
    return text + "*" * literal.prefix
