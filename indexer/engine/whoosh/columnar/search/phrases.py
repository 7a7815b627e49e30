"""Phrases: tokens at consecutive positions."""

from collections.abc import Sequence

from indexer.engine.whoosh.columnar.search.doc_sets import Docs
from indexer.engine.whoosh.columnar.search.positions import Positions
from indexer.engine.whoosh.columnar.search.terms import Term


def phrase(tokens: Sequence[Term], docs: Docs | None) -> Positions:
    """Where all tokens of one field stand, one position after another: the positions of the first.

    The rarest goes first, so that what is left only shrinks; positions outside ``docs`` may be left out.
    """
    (first, term), *others = sorted(enumerate(tokens), key=lambda token: token[1].count)
    found = term.positions
    if docs is not None:
        found = found.within(docs)
    for index, term in others:
        if not len(found):
            break
        found = found.then(term.positions, index - first)
    return found.moved(-first)
