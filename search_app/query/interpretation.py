"""What a question means, as data: the concepts that an article must hold, and the query that asks for them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from indexer.engine.query import And, MatchAll, Not, Or, Phrase, PublishedBetween, Query, TextField
from search_app.query.dates import ANY_DAYS, Days
from search_app.query.notes import ActiveFilter, Included, Note


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write something: folded text, and how to find it.

    One that was not typed counts only ``within`` some articles: where it is a word of its own, say.
    """

    text: str
    phrase: Phrase
    within: Query = field(default_factory=MatchAll)

    @property
    def query(self) -> Query:
        return all_of((self.phrase, self.within))


@dataclass(frozen=True, slots=True)
class Dated:
    """The days that a date in the question names, and the articles ``published`` then or soon after.

    ``relative``: it names them from where the asker stands, as 上周 does.
    """

    days: Days
    published: PublishedBetween
    relative: bool = False


@dataclass(frozen=True, slots=True)
class Concept:
    """Something an article must hold in one of its ``spellings``; the first is the one that was typed.

    ``core`` is the word in it that single characters joined (鸟击 in 鸟击指), ``None`` if none did. Of a date an
    article may be ``dated`` instead.
    """

    spellings: tuple[Spelling, ...]
    core: Phrase | None = None
    dated: Dated | None = None

    @property
    def query(self) -> Query:
        ways = [spelling.query for spelling in self.spellings]
        if self.dated:
            ways.append(self.dated.published)
        return ways[0] if len(ways) == 1 else Or(tuple(ways))


@dataclass(frozen=True, slots=True)
class TextClause:
    """A text that was typed without operators: the whole as a phrase, and its concepts.

    For ranking, ``words``, ``grams`` and Han ``characters`` are those of the concepts that have one spelling;
    concepts that touch in the text make grams together.
    """

    whole: Spelling
    concepts: tuple[Concept, ...]
    words: tuple[str, ...]
    grams: tuple[str, ...]
    characters: tuple[str, ...]
    field: TextField = "anywhere"

    @property
    def query(self) -> Query:
        return all_of([concept.query for concept in self.concepts])


@dataclass(frozen=True, slots=True)
class Interpretation:
    """``match`` is what an article must meet, ``filters`` all of it but the text (for partial matches).

    ``clauses`` are the texts to look for, without excluded ones, in the order typed. ``days`` are those that the
    parameters ``from`` and ``to`` came down to; what was typed into the text stands in ``active_filters`` alone.
    ``plain``: the text has no quotes, operators and fields. ``hidden`` are articles that are kept out of all that
    ``shown``, ``partial`` and ``loose`` mean.
    """

    match: Query
    filters: Query
    clauses: tuple[TextClause, ...] = ()
    included: tuple[Included, ...] = ()
    active_filters: tuple[ActiveFilter, ...] = ()
    notes: tuple[Note, ...] = ()
    days: Days = ANY_DAYS
    plain: bool = False
    hidden: Query | None = None

    @property
    def shown(self) -> Query:
        """``match`` without what is hidden."""
        return self.without_hidden(self.match)

    @property
    def concepts(self) -> tuple[Concept, ...]:
        """Each concept once."""
        return tuple(dict.fromkeys(concept for clause in self.clauses for concept in clause.concepts))

    def partial(self, at_least: int) -> Query:
        """Articles that hold at least so many of the concepts, or their cores, within the filters."""
        enough = Or(tuple(concept.core or concept.query for concept in self.concepts), at_least)
        return self.without_hidden(And((self.filters, enough)))

    def without(self, concept: Concept) -> Query:
        """Articles that hold all of the other concepts, within the filters."""
        return self.without_hidden(And((self.filters, *(each.query for each in self.concepts if each != concept))))

    @property
    def loose(self) -> Query:
        """Articles that hold any concept or gram of the question, within the filters."""
        tokens = dict.fromkeys(gram for clause in self.clauses for gram in clause.grams)
        any_of = [Phrase((token,)) for token in tokens] + [concept.query for concept in self.concepts]
        return self.without_hidden(And((self.filters, Or(tuple(any_of)))))

    def without_hidden(self, query: Query) -> Query:
        """The same without what the reader hid."""
        return query if self.hidden is None else And((query, Not(self.hidden)))


def all_of(parts: Iterable[Query]) -> Query:
    """The conjunction, without parts that are no restriction or stand twice."""
    kept = tuple(dict.fromkeys(part for part in parts if part != MatchAll()))
    return MatchAll() if not kept else kept[0] if len(kept) == 1 else And(kept)


def contiguous_texts(folded: str, concepts: Iterable[Concept]) -> list[str]:
    """The texts of the concepts that have one spelling and are no dates; those that touch in ``folded`` as one."""
    texts: list[str] = []
    end = touching = -1
    for concept in concepts:
        typed = concept.spellings[0].text
        start = folded.find(typed, max(end, 0))
        end = max(start, end) + len(typed)
        if len(concept.spellings) > 1 or concept.dated:
            continue
        if start == touching:
            texts[-1] += typed
        else:
            texts.append(typed)
        touching = end
    return texts
