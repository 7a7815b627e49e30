"""In which order articles come: the one place where weights live.

A question becomes a sum of features, all computed by the engine (see ``indexer.engine.query``). Function words of an
unspaced run take no part. ``docs/relevance.md`` tells what each feature gains on judged questions, and what was tried
and left out:

- BM25 of its words, a part of a longer word counting less; numbers count more.
- BM25 of its grams, which know what segmentation hides. Only concepts that touch make grams together.
- Neighbouring concepts that stand close together in the article, also in the other order.
- BM25 of each run of several concepts as if it were one term, so that an article that holds it letter for letter comes
  before one that holds its parts scattered; and of each run in the title.
- Where an article need not hold all of the question, BM25 of its single Han characters.
- Recency, when it is asked for.

A name of several spellings is no words and grams, but each spelling is a run. All of them count alike, the one that was
typed too: what an article calls somebody does not tell how much it is about him.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

from indexer.engine.query import Feature, Phrase, PhraseScore, ProximityScore, Recency, TermScore
from search_app.query.interpretation import Concept, Interpretation, TextClause

WORD = 1.0
"""A word. The unit of all weights."""

PART = 0.5
"""A word within a longer word of the question (代表 in 代表团), against the longer one: they are no separate facts."""

GRAM = 0.6
"""A gram, against a word: there are more of them and they say less."""

NUMBER = 2.0
"""A word or gram that begins with a digit, against others: who names a year or a model means it, yet years are so
frequent in news that their idf is small."""

NEAR = 4.0
"""Two neighbouring concepts, at most; an article where they follow each other once gets a third to a half of it."""

WINDOW = 8
"""How many positions may lie between them: about half a sentence."""

RUN = 2.0
"""A whole run of several concepts, against a word. High enough that a long article that holds it once seldom comes
after a short one that repeats its parts."""

TITLE = 1.0
"""A whole run in the title: in addition to its words' weight there (``indexer.text.analyser.TITLE_WEIGHT``)."""

SPELLING = 1.5
"""A spelling of a name that has several, against a word: about what word and grams give a name of one spelling. Divided
by the grams of the spelling, so that long ones do not count more; and once more in the title."""

CHARACTER = 0.3
"""A Han character, against a word: 去世 and 过世 share one. Every article that holds all of a question holds all its
characters, so that they tell nothing then."""

CAPTION = 0.5
"""A whole run in a caption, against a word: an article that only shows something comes after those that tell of it."""

RECENCY = 4.0
"""What an article of this moment gains; about as much as a rare word."""

_NEAR_SPELLINGS = 2
"""Of each concept of a pair, so that two names of many spellings do not make hundreds of pairs."""

_TOKENS = 256
"""Words of a question that are scored, at most, and as many grams."""

_CHARACTERS = 64
"""Characters of a question that are scored, at most."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the asker decides: ``now`` in UTC epoch seconds, and the half-life of recency in seconds or ``None``."""

    now: int
    half_life: float | None = None


def features(interpretation: Interpretation, settings: Settings, *, partial: bool = False) -> tuple[Feature, ...]:
    """What orders the articles that match; ``partial``: they need not hold all of the question. No feature twice."""
    clauses = interpretation.clauses
    found = [
        *_words(word for clause in clauses for word in clause.words),
        *_grams(gram for clause in clauses for gram in clause.grams),
        *(feature for clause in clauses for feature in _runs(clause)),
        *(feature for clause in clauses for feature in _spellings(clause)),
        *_pairs([concept for clause in clauses for concept in clause.concepts]),
    ]
    if partial:
        found += _characters(character for clause in clauses for character in clause.characters)
    if settings.half_life is not None:
        found.append(Recency(settings.now, settings.half_life, RECENCY))
    return tuple(dict.fromkeys(found))


def _words(words: Iterable[str]) -> Iterator[Feature]:
    distinct = list(dict.fromkeys(words))[:_TOKENS]
    for word in distinct:
        is_part = any(word in other and word != other for other in distinct) and not word.isascii()
        yield TermScore("words", word, WORD * (PART if is_part else 1.0) * _weight(word))


def _grams(tokens: Iterable[str]) -> Iterator[Feature]:
    for token in list(dict.fromkeys(tokens))[:_TOKENS]:
        yield TermScore("grams", token, GRAM * _weight(token))


def _weight(token: str) -> float:
    return NUMBER if token[0].isdigit() else 1.0


def _runs(clause: TextClause) -> Iterator[Feature]:
    whole, (first, *others) = clause.whole, clause.concepts
    if others or whole.phrase.prefix or whole.text != first.spellings[0].text:
        yield PhraseScore(replace(whole.phrase, field="text"), RUN)
    if others or len(first.spellings) == 1:
        yield PhraseScore(replace(whole.phrase, field="title"), TITLE)
    if clause.field == "anywhere":
        yield PhraseScore(replace(whole.phrase, field="captions"), CAPTION)


def _spellings(clause: TextClause) -> Iterator[Feature]:
    for concept in clause.concepts:
        if len(concept.spellings) > 1:
            for spelling in concept.spellings:
                weight = SPELLING / len(spelling.phrase.grams)
                yield PhraseScore(replace(spelling.phrase, field="text"), weight)
                yield PhraseScore(replace(spelling.phrase, field="title"), weight)


def _pairs(concepts: Iterable[Concept]) -> Iterator[Feature]:
    for first, second in pairwise(concepts):
        for a, b in product(first.spellings[:_NEAR_SPELLINGS], second.spellings[:_NEAR_SPELLINGS]):
            if a != b:
                yield ProximityScore(replace(a.phrase, field="text"), replace(b.phrase, field="text"), WINDOW, NEAR)


def _characters(characters: Iterable[str]) -> list[Feature]:
    distinct = list(dict.fromkeys(characters))[:_CHARACTERS]
    return [PhraseScore(Phrase((character,), prefix=True), CHARACTER) for character in distinct]


def label(feature: Feature) -> str:
    """A feature in words, for explanations."""
    match feature:
        case TermScore(field, token, _):
            return f"{'word' if field == 'words' else 'gram'} {token}"
        case PhraseScore(phrase, _):
            where = {"title": "title ", "captions": "caption "}.get(phrase.field, "")
            return f"{where}run {spelled(phrase)}"
        case ProximityScore(first, second, _, _):
            return f"near {spelled(first)} {spelled(second)}"
        case Recency():
            return "recency"


def spelled(phrase: Phrase) -> str:
    """The text of a phrase: overlapping grams joined, others apart."""
    text = phrase.grams[0]
    for before, gram in pairwise(phrase.grams):
        text += gram[1:] if len(before) == 2 and len(gram) == 2 and before[1] == gram[0] else f" {gram}"
    return text + "*" * phrase.prefix
