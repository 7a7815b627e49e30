"""Names in a question: found in its tree, and with the conditions under which their other spellings count."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Protocol, TypeVar

from indexer.engine.query import Or, Query, Word
from indexer.text.analyser import Analyser
from indexer.text.variants import Found, may_be_part
from search_app.query.interpretation import Spelling, all_of
from search_app.query.tree import TEXT_FIELDS, AllOf, AnyOf, Clause, Close, Node, NoneOf, Often, is_plain, spaced

_NAME_WORDS = 4
"""Words of the longest name that is written with spaces."""


class NameVariants(Protocol):
    """The names that stand in a folded text: ``indexer.text.variants.Variants``, or a test's own."""

    def find(self, text: str) -> list[Found]: ...


def is_alone(node: Node) -> bool:
    """Whether a question asks for one text, or for any of several, so that nothing stands beside a name in it."""
    return not isinstance(node, AllOf) or sum(map(_is_text, node.parts)) < 2


def without(variants: NameVariants, unwanted: Iterable[str]) -> NameVariants:
    """The same names without some folded spellings, unless they are asked for themselves."""
    return _Without(variants, frozenset(unwanted))


@dataclass(frozen=True, slots=True)
class _Without:
    variants: NameVariants
    unwanted: frozenset[str]

    def find(self, text: str) -> list[Found]:
        found = []
        for name in self.variants.find(text):
            typed, *others = name.spellings
            found.append(replace(name, spellings=(typed, *(o for o in others if o not in self.unwanted))))
        return [name for name in found if len(name.spellings) > 1]


def spellings(
    name: Found, find: Callable[[str], Spelling | None], analyser: Analyser, *, alone: bool
) -> tuple[Spelling, ...]:
    """All ways to write a name as ``find`` finds them, the one that was typed first and without a condition.

    The others count where segmentation sees them as words, if it can: not 德士 in 福德士河. One that also means
    something else needs company in the article: what else is asked for, or, ``alone``, what tells that it is meant.
    """
    company = tuple(replace(found.phrase, field="text") for text in name.company if (found := find(text)))
    ways: list[Spelling] = []
    for text in name.spellings:
        if (spelling := find(text)) is None:
            continue
        conditions: list[Query] = []
        if ways:
            if may_be_part(text) and analyser.cut(text) == [text]:
                conditions.append(Word(text))
            if alone and text in name.doubtful:
                conditions.append(Or(company))
        ways.append(replace(spelling, within=all_of(conditions)))
    return tuple(ways)


def with_names(node: Node, fold: Callable[[str], str], variants: NameVariants) -> Node:
    """The tree, where words in a row may also be one name in another spelling (Donald Trump)."""
    match node:
        case Clause():
            return node
        case NoneOf(part):
            return NoneOf(with_names(part, fold, variants))
        case AnyOf(parts):
            return AnyOf(tuple(with_names(part, fold, variants) for part in parts))
        case Often(part):
            return replace(node, part=with_names(part, fold, variants))
        case Close(first, second):
            first, second = (with_names(part, fold, variants) for part in (first, second))
            return replace(node, first=first, second=second)
        case AllOf(parts):
            widened: list[Node] = []
            start = 0
            while start < len(parts):
                words = list(takewhile(is_plain, parts[start : start + _NAME_WORDS]))
                length = next((n for n in range(len(words), 1, -1) if _is_name(fold(spaced(words[:n])), variants)), 1)
                if length > 1:
                    # Its words apart are no names of their own: Hong in Hong Kong is nobody.
                    apart = tuple(
                        Clause(clause.text, "exact") for clause in words[:length] if isinstance(clause, Clause)
                    )
                    widened.append(AnyOf((AllOf(apart), Clause(spaced(words[:length])))))
                else:
                    widened.append(with_names(parts[start], fold, variants))
                start += length
            return widened[0] if len(widened) == 1 else AllOf(tuple(widened))


def _is_name(folded: str, variants: NameVariants) -> bool:
    return any((found.start, found.end) == (0, len(folded)) for found in variants.find(folded))


def _is_text(node: Node) -> bool:
    return not isinstance(node, NoneOf) and not (isinstance(node, Clause) and node.field not in TEXT_FIELDS)


class Slice(Protocol):
    """A part of a text."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


P = TypeVar("P", bound=Slice)


def between_names(folded: str, names: Iterable[P]) -> list[str | P]:
    """The names (and other slices) and the texts around them, in order."""
    pieces: list[str | P] = []
    position = 0
    for name in names:
        pieces += folded[position : name.start], name
        position = name.end
    return [*pieces, folded[position:]]
