"""Which articles match: the Query tree evaluated over the arrays of a View."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from indexer.engine.query import And, Every, Ids, Language, Literal, Not, Or, Published, Query, Site, Source
from indexer.engine.whoosh.columnar import docsets
from indexer.engine.whoosh.columnar.docsets import Docs
from indexer.engine.whoosh.columnar.positions import documents, phrase, restrict
from indexer.engine.whoosh.columnar.view import Occurrences, Postings, View
from indexer.engine.whoosh.schema import GRAMS, ID, LANGUAGE, PUBLISHED, SITE, SOURCE


class Matcher:
    """Evaluates parts of one request. Literals that the match has read are there for the features to use."""

    def __init__(self, view: View) -> None:
        self.view = view
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
                return self._filtered(within, published_table(view, query))
            case Source(name):
                return self._filtered(within, keyword_table(view, SOURCE, [name]))
            case Site(host):
                return self._filtered(within, keyword_table(view, SITE, [host], separator="."))
            case Language(tag):
                return self._filtered(within, keyword_table(view, LANGUAGE, [tag], separator="-"))
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

    def _id(self, id_: str) -> Docs:
        return self.view.postings(ID, id_.encode()).docs

    def _all(self, parts: Sequence[Query], within: Docs | None) -> Docs:
        """The cheapest parts first; each later one only looks at what the earlier ones have left."""
        flat = list(_flattened(parts))
        literals = [part for part in flat if isinstance(part, Literal)]
        if len(literals) > 1:
            literals.sort(key=self._cost)
        filters = [part for part in flat if isinstance(part, Published | Source | Site | Language | Ids)]
        others = [part for part in flat if isinstance(part, Or)]
        last = [part for part in flat if isinstance(part, Not)]
        docs = within
        for part in [*literals[:1], *filters, *literals[1:], *others, *last]:
            docs = self.docs(part, docs)
            if not len(docs):
                break
        return self._every(docs)

    def _cost(self, literal: Literal) -> int:
        """How many documents hold the rarest of its tokens that is not a prefix."""
        view, field = self.view, GRAMS[literal.field]
        tokens = literal.grams[:-1] if literal.prefix else literal.grams
        return min((len(view.postings(field, token.encode()).docs) for token in tokens), default=view.size)

    def _literal(self, literal: Literal, within: Docs | None) -> Docs:
        view = self.view
        if len(literal.grams) == 1:
            found = gram_postings(view, literal, 0).docs
        else:
            found = documents(self._occurrences(literal, within))[0]
        return found if within is None else docsets.intersect(within, found, view.size)

    def _occurrences(self, literal: Literal, within: Docs | None) -> Occurrences:
        """As ``occurrences``. What was found in all documents is kept for later questions on the same view."""
        cache = self.view.cache
        found = cache.get(literal)
        if found is None:
            tokens = self._tokens(literal)
            rarest = min(range(len(tokens)), key=lambda i: len(tokens[i][1]))
            offset, every = tokens[rarest]
            some = every if within is None else restrict(every, within)
            tokens[rarest] = offset, some
            found = phrase(tokens)
            if len(some) < len(every):
                self._read[literal] = found, within
                return found
            cache.put(literal, found, found.nbytes)
        assert isinstance(found, np.ndarray)
        self._read[literal] = found, None
        return found

    def _tokens(self, literal: Literal) -> list[tuple[int, Occurrences]]:
        """The occurrences of each token and its place; of one token only when that one is nowhere."""
        view, field = self.view, GRAMS[literal.field]
        last = len(literal.grams) - 1
        tokens = []
        for offset, gram in enumerate(literal.grams):
            read = view.prefix_occurrences if literal.prefix and offset == last else view.occurrences
            tokens.append((offset, read(field, gram.encode())))
            if not len(tokens[-1][1]):
                return tokens[-1:]
        return tokens


def gram_postings(view: View, literal: Literal, place: int, field: str | None = None) -> Postings:
    """The postings of one token of a literal; of all tokens that begin with it where the literal says so."""
    field = field or GRAMS[literal.field]
    term = literal.grams[place].encode()
    if literal.prefix and place == len(literal.grams) - 1:
        return view.prefix_postings(field, term)
    return view.postings(field, term)


def keyword_table(view: View, field: str, names: Sequence[str], separator: str = "") -> NDArray[np.bool_]:
    """Which documents, shape (view.size,), have one of the values in a keyword column.

    With a ``separator`` also values below it: for ``.`` those that end with ``.name``, for ``-`` that begin with
    ``name-``.
    """
    wanted = tuple(name.encode() for name in names)
    codes, values = view.keywords(field)
    allowed = np.zeros(len(values) + 1, np.bool_)
    for code, value in enumerate(values):
        allowed[code] = value in wanted or (
            (separator == "." and value.endswith(tuple(b"." + name for name in wanted)))
            or (separator == "-" and value.startswith(tuple(name + b"-" for name in wanted)))
        )
    return allowed[codes]


def published_table(view: View, query: Published) -> NDArray[np.bool_]:
    """Which documents, shape (view.size,), were published in the range."""
    values, present = view.numbers(PUBLISHED)
    members = np.ones(view.size, np.bool_) if present is None else present
    if query.lo is not None:
        members = members & (values >= query.lo)
    if query.hi is not None:
        members = members & (values < query.hi)
    return members


def _flattened(parts: Iterable[Query]) -> Iterable[Query]:
    """The parts with nested conjunctions opened."""
    for part in parts:
        if isinstance(part, And):
            yield from _flattened(part.parts)
        else:
            yield part
