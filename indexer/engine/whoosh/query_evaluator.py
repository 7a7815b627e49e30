"""Which articles match: the Query tree evaluated over the arrays of a snapshot."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from indexer.engine.query import (
    And,
    Author,
    DiscoveredBetween,
    IdIn,
    Language,
    Length,
    MatchAll,
    Near,
    Not,
    Or,
    Phrase,
    PublishedBetween,
    Query,
    Restriction,
    Site,
    Source,
    Stands,
    Word,
)
from indexer.engine.whoosh import placement
from indexer.engine.whoosh.article_columns import ArticleColumns
from indexer.engine.whoosh.columnar.search import doc_sets
from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.phrases import phrase_positions
from indexer.engine.whoosh.columnar.search.positions import Positions
from indexer.engine.whoosh.columnar.search.snapshot import Snapshot
from indexer.engine.whoosh.columnar.search.terms import Term
from indexer.engine.whoosh.schema import GRAMS, ID, SOURCE, WORDS


class QueryEvaluator:
    """Evaluates parts of one request. Literals that the match has read are kept for the features."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.columns = ArticleColumns.of(snapshot)
        # With each phrase the documents that it was looked for in: None for all.
        self._read: dict[Phrase, tuple[Positions, Docs | None]] = {}

    def docs(self, query: Query, within: Docs | None = None) -> Docs:
        """The live documents that match, of those ``within`` if that is given."""
        snapshot = self.snapshot
        match query:
            case Phrase(field="anywhere"):
                fields = [replace(query, field="text"), replace(query, field="captions")]
                return doc_sets.at_least([self._phrase(each, within) for each in fields], 1, snapshot.size)
            case Phrase():
                return self._phrase(query, within)
            case Word(token):
                found = snapshot.postings(WORDS, token.encode()).docs
                return found if within is None else doc_sets.intersect(within, found, snapshot.size)
            case And(parts):
                return self._all(parts, within)
            case Or(parts, count):
                if parts and count < 1:
                    return self._every(within)
                return doc_sets.at_least([self.docs(part, within) for part in parts], count, snapshot.size)
            case Not(part):
                every = self._every(within)
                return doc_sets.subtract(every, self.docs(part, every), snapshot.size)
            case MatchAll():
                return self._every(within)
            case Stands() | Near():
                return self._placed(query, within)
            case IdIn(ids):
                found = np.unique(np.concatenate([doc_sets.EMPTY, *(self._id(id_) for id_ in ids)]))
                return found if within is None else doc_sets.intersect(within, found, snapshot.size)
            case _:
                return self._restricted(query, self._every(within))

    def positions(self, phrase: Phrase, within: Docs) -> Positions:
        """Where the phrase begins; positions outside ``within`` may be left out."""
        found, covered = self._read.get(phrase, (None, None))
        if found is None or not (covered is None or doc_sets.is_subset(within, covered, self.snapshot.size)):
            found = self._positions(phrase, within)
        return found

    def _every(self, within: Docs | None) -> Docs:
        return self.snapshot.all if within is None else within

    def _restricted(self, query: Restriction, docs: Docs) -> Docs:
        match query:
            case PublishedBetween(from_, before):
                values, present = self.columns.published
                return _in_range(docs, values, present, from_, before)
            case DiscoveredBetween(from_, before):
                return _in_range(docs, self.columns.discovered, None, from_, before)
            case Length(least, most):
                end = None if most is None else most + 1
                return _in_range(docs, self.columns.body_lengths, None, least, end)
            case Source(name):
                return self._filtered(docs, self.columns.with_value(SOURCE, (name,)))
            case Author(name):
                return self._filtered(docs, self.columns.by((name,)))
            case Site(host):
                return self._filtered(docs, self.columns.on_site(host))
            case Language(tag):
                return self._filtered(docs, self.columns.in_languages((tag,)))

    def _filtered(self, docs: Docs, members: NDArray[np.bool_]) -> Docs:
        return docs[members[docs]]

    def _placed(self, query: Stands | Near, within: Docs | None) -> Docs:
        """Only documents that hold something of each part are looked into."""
        docs = within
        for runs in (query.first, query.second) if isinstance(query, Near) else (query.runs,):
            docs = self.docs(Or(tuple(run.phrase for run in runs)), docs)
        assert docs is not None
        return placement.docs(self, query, docs) if len(docs) else docs

    def _id(self, id_: str) -> Docs:
        return self.snapshot.postings(ID, id_.encode()).docs

    def _all(self, parts: Sequence[Query], within: Docs | None) -> Docs:
        """The cheapest parts first; each later one only looks at what the earlier ones have left."""
        phrases, filters, others, last = [], [], [], []
        for part in _flattened(parts):
            match part:
                case Phrase():
                    phrases.append(part)
                case Or() | Stands() | Near():
                    others.append(part)
                case Not():
                    last.append(part)
                case MatchAll():
                    pass
                case _:
                    filters.append(part)
        if len(phrases) > 1:
            phrases.sort(key=self._cost)
        docs = within
        for part in [*phrases[:1], *filters, *phrases[1:], *others, *last]:
            docs = self.docs(part, docs)
            if not len(docs):
                break
        return self._every(docs)

    def _cost(self, phrase: Phrase) -> int:
        """How often the rarest of its tokens that is not a prefix stands in the index."""
        tokens = self._tokens(replace(phrase, field="text") if phrase.field == "anywhere" else phrase)
        if phrase.prefix:
            del tokens[-1]
        return min((token.count for token in tokens), default=self.snapshot.size)

    def _phrase(self, phrase: Phrase, within: Docs | None) -> Docs:
        snapshot = self.snapshot
        if len(phrase.grams) == 1:
            term = gram(snapshot, phrase, 0)
            if within is not None and len(within) * doc_sets.GALLOP_RATIO < term.count:
                return within[term.positions.counts_in(term.positions.space.bounds(within)) > 0]
            found = term.postings.docs
        elif within is None:
            return self._everywhere(phrase)
        else:
            found = self._positions(phrase, within).postings().docs
        return found if within is None else doc_sets.intersect(within, found, snapshot.size)

    def _everywhere(self, phrase: Phrase) -> Docs:
        """All documents that hold a phrase, kept: what no article holds whole is asked for several times, in parts."""
        cache = self.snapshot.cache
        found: Docs | None = cache.get((phrase, "docs"))
        if found is None:
            found = self._positions(phrase, None).postings().docs
            cache.put((phrase, "docs"), found, found.nbytes)
        return found

    def _positions(self, phrase: Phrase, within: Docs | None) -> Positions:
        """As ``positions``. What was found in all documents is kept for later questions on the same snapshot."""
        snapshot = self.snapshot
        found = snapshot.cache.get(phrase)
        if found is None:
            found = phrase_positions(self._tokens(phrase), within)
            if within is None:
                snapshot.cache.put(phrase, found, found.nbytes)
        else:
            within = None
        assert isinstance(found, Positions)
        self._read[phrase] = found, within
        return found

    def _tokens(self, phrase: Phrase) -> list[Term]:
        return [gram(self.snapshot, phrase, index) for index in range(len(phrase.grams))]


def gram(snapshot: Snapshot, phrase: Phrase, index: int) -> Term:
    """One token of a phrase; all tokens that begin with it as one where the phrase says so."""
    term = phrase.grams[index].encode()
    if phrase.prefix and index == len(phrase.grams) - 1:
        return snapshot.prefix(GRAMS[phrase.field], term)
    return snapshot.term(GRAMS[phrase.field], term)


def _in_range(
    docs: Docs,
    values: NDArray[np.integer],
    present: NDArray[np.bool_] | None,
    least: int | None,
    end: int | None,
) -> Docs:
    """The documents whose value is from ``least`` to before ``end``."""
    numbers = values[docs]
    kept = np.ones(len(docs), np.bool_) if least is None else numbers >= least
    if end is not None:
        kept &= numbers < end
    if present is not None:
        kept &= present[docs]
    return docs[kept]


def _flattened(parts: Iterable[Query]) -> Iterable[Query]:
    """The parts with nested conjunctions opened."""
    for part in parts:
        if isinstance(part, And):
            yield from _flattened(part.parts)
        else:
            yield part
