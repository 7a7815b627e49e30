"""Which articles match: the Query tree evaluated over the arrays of a View."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.query import And, Every, Ids, Language, Literal, Not, Or, Published, Query, Site, Source
from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.positions import phrase
from indexer.engine.whoosh.columnar.terms import Occurrences, Term, counts_between
from indexer.engine.whoosh.columnar.view import View
from indexer.engine.whoosh.columns import Columns
from indexer.engine.whoosh.schema import GRAMS, ID, LANGUAGE, SITE, SOURCE


class Matcher:
    """Evaluates parts of one request. Literals that the match has read are there for the features to use."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.columns = Columns.of(view)
        # With each literal the documents that it was looked for in: None for all.
        self._read: dict[Literal, tuple[Occurrences, Docs | None]] = {}

    def docs(self, query: Query, within: Docs | None = None) -> Docs:
        """The live documents that match, of those ``within`` if that is given."""
        view = self.view
        match query:
            case Literal():
                return self._literal(query, within)
            case And(parts):
                return self._all(parts, within)
            case Or(parts, count):
                if parts and count < 1:
                    return self._every(within)
                return docsets.at_least([self.docs(part, within) for part in parts], count, view.size)
            case Not(part):
                every = self._every(within)
                return docsets.subtract(every, self.docs(part, every), view.size)
            case Every():
                return self._every(within)
            case Published():
                return self._published(query, self._every(within))
            case Source(name):
                return self._filtered(within, self.columns.having(SOURCE, (name,)))
            case Site(host):
                return self._filtered(within, self.columns.having(SITE, (host,), "."))
            case Language(tag):
                return self._filtered(within, self.columns.having(LANGUAGE, (tag,), "-"))
            case Ids(ids):
                found = np.unique(np.concatenate([docsets.EMPTY, *(self._id(id_) for id_ in ids)]))
                return found if within is None else docsets.intersect(within, found, view.size)

    def occurrences(self, literal: Literal, within: Docs) -> Occurrences:
        """Where the literal begins; places outside ``within`` may be left out."""
        found, covered = self._read.get(literal, (None, None))
        if found is None or not (covered is None or docsets.is_subset(within, covered, self.view.size)):
            found = self._occurrences(literal, within)
        return found

    def _every(self, within: Docs | None) -> Docs:
        return self.view.all if within is None else within

    def _filtered(self, within: Docs | None, members: NDArray[np.bool_]) -> Docs:
        docs = self._every(within)
        return docs[members[docs]]

    def _published(self, query: Published, docs: Docs) -> Docs:
        values, present = self.columns.published
        seconds = values[docs]
        if query.lo is None:
            kept = np.ones(len(docs), np.bool_) if query.hi is None else seconds < query.hi
        else:
            kept = seconds >= query.lo
            if query.hi is not None:
                kept &= seconds < query.hi
        if present is not None:
            kept &= present[docs]
        return docs[kept]

    def _id(self, id_: str) -> Docs:
        return self.view.postings(ID, id_.encode()).docs

    def _all(self, parts: Sequence[Query], within: Docs | None) -> Docs:
        """The cheapest parts first; each later one only looks at what the earlier ones have left."""
        literals, filters, others, last = [], [], [], []
        for part in _flattened(parts):
            match part:
                case Literal():
                    literals.append(part)
                case Or():
                    others.append(part)
                case Not():
                    last.append(part)
                case Every():
                    pass
                case _:
                    filters.append(part)
        if len(literals) > 1:
            literals.sort(key=self._cost)
        docs = within
        for part in [*literals[:1], *filters, *literals[1:], *others, *last]:
            docs = self.docs(part, docs)
            if not len(docs):
                break
        return self._every(docs)

    def _cost(self, literal: Literal) -> int:
        """How often the rarest of its tokens that is not a prefix stands in the index."""
        tokens = self._tokens(literal)
        if literal.prefix:
            del tokens[-1]
        return min((token.count for token in tokens), default=self.view.size)

    def _literal(self, literal: Literal, within: Docs | None) -> Docs:
        view = self.view
        if len(literal.grams) == 1:
            term = gram(view, literal, 0)
            if within is not None and len(within) * docsets.SKEW < term.count:
                bounds = view.text(GRAMS[literal.field]).bounds(within)
                return within[counts_between(term.occurrences, bounds) > 0]
            found = term.postings.docs
        else:
            found = view.text(GRAMS[literal.field]).documents(self._occurrences(literal, within))[0]
        return found if within is None else docsets.intersect(within, found, view.size)

    def _occurrences(self, literal: Literal, within: Docs | None) -> Occurrences:
        """As ``occurrences``. What was found in all documents is kept for later questions on the same view."""
        view = self.view
        found = view.cache.get(literal)
        if found is None:
            found = phrase(list(enumerate(self._tokens(literal))), within, view.text(GRAMS[literal.field]))
            if within is None:
                view.cache.put(literal, found, found.nbytes)
        else:
            within = None
        assert isinstance(found, np.ndarray)
        self._read[literal] = found, within
        return found

    def _tokens(self, literal: Literal) -> list[Term]:
        return [gram(self.view, literal, place) for place in range(len(literal.grams))]


def gram(view: View, literal: Literal, place: int) -> Term:
    """One token of a literal; all tokens that begin with it as one where the literal says so."""
    term = literal.grams[place].encode()
    if literal.prefix and place == len(literal.grams) - 1:
        return view.prefix(GRAMS[literal.field], term)
    return view.term(GRAMS[literal.field], term)


def _flattened(parts: Iterable[Query]) -> Iterable[Query]:
    """The parts with nested conjunctions opened."""
    for part in parts:
        if isinstance(part, And):
            yield from _flattened(part.parts)
        else:
            yield part
