"""In which order articles come: the one place where weights live.

A question becomes a sum of features, all computed by the engine (see ``indexer.engine.query``). Function words of an
unspaced run take no part. ``docs/relevance.md`` tells what each feature gains on judged questions, and what was tried
and left out:

- BM25 of its words, a part of a longer word counting less; numbers count more.
- Its grams, which know what segmentation hides, by how early they stand in the article: news says first what it is
  about, and a digest of many stories does not. Only concepts that touch make grams together.
- Neighbouring concepts that stand close together in the article, also in the other order.
- BM25 of each run of several concepts as if it were one term, so that an article that holds it letter for letter comes
  before one that holds its parts scattered, and of each run in the title; both divided by the grams of the run, since
  a whole headline that an article repeats tells no more than a short name.
- Where an article need not hold all of the question, BM25 of its single Han characters.
- For a date in the question, whether the article is of that time.
- Recency, when it is asked for.

A name of several spellings is no words and grams, but one term with all its spellings, so that a rare one tells no more
than a usual one. Those that were not typed count less: among equals the typed one comes first.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise, product

from indexer.engine.query import (
    ConstantScore,
    CountedPhrase,
    Feature,
    Phrase,
    PhraseScore,
    ProximityScore,
    Recency,
    SpellingsScore,
    TermScore,
    TextField,
)
from search_app.query.interpretation import Concept, Interpretation, TextClause

WORD = 1.0
"""A word. The unit of all weights."""

PART = 0.5
"""A word within a longer word of the question (代表 in 代表团), against the longer one: they are no separate facts."""

EARLY = 0.22
"""A gram. One in the first tenth of an article gets two thirds of what a word gets that stands in it once, one in its
second half a quarter."""

NUMBER = 4.0
"""A word or gram that begins with a digit, against others: who names a year or a model means it, yet years are so
frequent in news that their idf is small."""

NEAR = 2.5
"""Two neighbouring concepts within a sentence, against a word, and as much again within a phrase."""

WINDOWS = (4, 24)
"""How many positions may lie between them: about a phrase, and a sentence."""

RUN = 8.0
"""A whole run of several concepts, against a word. High enough that a long article that holds it once seldom comes
after a short one that repeats its parts. Only what is ``literal``: not a clause of several where parts will do, and not
where the order is judged, since a headline stands letter for letter in copies alone."""

TITLE = 3.0
"""A whole run in the title: in addition to its words' weight there (``indexer.text.analyser.TITLE_WEIGHT``)."""

NAME = 5.0
"""A name of several spellings, against a word, at most: what word and grams give a name of one spelling."""

NAME_IN_TITLE = 2.0
"""The same in the title, in addition."""

UNTYPED = 0.8
"""What a spelling counts that was not typed, against the one that was."""

CHARACTER = 1.2
"""A Han character, against a word: 去世 and 过世 share one. Every article that holds all of a question holds all its
characters, so that they tell nothing then."""

CAPTION = 0.5
"""A whole run in a caption, against a word: an article that only shows something comes after those that tell of it."""

DATED = 12.0
"""An article published when the question says, in the unit of all weights: about two rare words."""

DATE = 5.0
"""One that names the date. Neither how often nor how rare it is matters, and its parts are no words: 9 and 10 stand in
any list of figures. What articles call 上周 is another week in each of them."""

RECENCY = 4.0
"""What an article of this moment gains; about as much as a rare word."""

_NAMED: tuple[tuple[TextField, float], ...] = (("text", NAME), ("title", NAME_IN_TITLE))

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


def features(
    interpretation: Interpretation, settings: Settings, *, partial: bool = False, literal: bool = True
) -> tuple[Feature, ...]:
    """What orders the articles that match, no feature twice. ``partial``: they need not hold all of the question;
    ``literal``: whoever asks may have pasted what an article holds letter for letter."""
    clauses = interpretation.clauses
    found = [
        *_words(word for clause in clauses for word in clause.words),
        *_early(gram for clause in clauses for gram in clause.grams),
        *(feature for clause in clauses for feature in _runs(clause, literal)),
        *(feature for clause in clauses for feature in _spellings(clause)),
        *_pairs([concept for clause in clauses for concept in clause.concepts if not concept.dated]),
        *(feature for clause in clauses for concept in clause.concepts for feature in _dates(concept)),
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


def _early(grams: Iterable[str]) -> Iterator[Feature]:
    for gram in list(dict.fromkeys(grams))[:_TOKENS]:
        yield TermScore("early", gram, EARLY * _weight(gram))


def _weight(token: str) -> float:
    return NUMBER if token[0].isdigit() else 1.0


def _runs(clause: TextClause, literal: bool) -> Iterator[Feature]:
    whole, (first, *others) = clause.whole, clause.concepts
    if first.dated and not others:
        return
    if literal and (others or whole.phrase.prefix or whole.text != first.spellings[0].text):
        yield PhraseScore(replace(whole.phrase, field="text"), RUN / len(whole.phrase.grams))
    if others or len(first.spellings) == 1:
        yield PhraseScore(replace(whole.phrase, field="title"), TITLE / len(whole.phrase.grams))
    if clause.field == "anywhere":
        yield PhraseScore(replace(whole.phrase, field="captions"), CAPTION / len(whole.phrase.grams))


def _spellings(clause: TextClause) -> Iterator[Feature]:
    for concept in clause.concepts:
        if len(concept.spellings) > 1:
            for field, weight in _NAMED:
                typed, *others = (
                    CountedPhrase(replace(spelling.phrase, field=field), UNTYPED, spelling.within)
                    for spelling in concept.spellings
                )
                yield SpellingsScore((replace(typed, share=1.0), *others), weight)


def _dates(concept: Concept) -> Iterator[Feature]:
    if concept.dated:
        [typed] = concept.spellings
        yield ConstantScore(concept.dated.published, DATED)
        if not concept.dated.relative:
            yield ConstantScore(typed.phrase, DATE)


def _pairs(concepts: Iterable[Concept]) -> Iterator[Feature]:
    for first, second in pairwise(concepts):
        for a, b in product(first.spellings[:_NEAR_SPELLINGS], second.spellings[:_NEAR_SPELLINGS]):
            if a != b:
                yield ProximityScore(replace(a.phrase, field="text"), replace(b.phrase, field="text"), WINDOWS, NEAR)


def _characters(characters: Iterable[str]) -> list[Feature]:
    distinct = list(dict.fromkeys(characters))[:_CHARACTERS]
    return [PhraseScore(Phrase((character,), prefix=True), CHARACTER) for character in distinct]


def label(feature: Feature) -> str:
    """A feature in words, for explanations."""
    match feature:
        case TermScore(field, token, _):
            return f"{'word' if field == 'words' else 'early'} {token}"
        case PhraseScore(phrase, _):
            where = {"title": "title ", "captions": "caption "}.get(phrase.field, "")
            return f"{where}run {spelled(phrase)}"
        case SpellingsScore(spellings, _):
            typed = spellings[0].phrase
            return f"{'title ' if typed.field == 'title' else ''}name {spelled(typed)}"
        case ProximityScore(first, second, _, _):
            return f"near {spelled(first)} {spelled(second)}"
        case ConstantScore(query, _):
            return f"date {spelled(query)}" if isinstance(query, Phrase) else "published then"
        case Recency():
            return "recency"


def spelled(phrase: Phrase) -> str:
    """The text of a phrase: overlapping grams joined, others apart."""
    text = phrase.grams[0]
    for before, gram in pairwise(phrase.grams):
        text += gram[1:] if len(before) == 2 and len(gram) == 2 and before[1] == gram[0] else f" {gram}"
    return text + "*" * phrase.prefix
