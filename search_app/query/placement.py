"""Operators on places: from what stands beside NEAR and its like to runs and the queries that place them.

What was typed there is looked for as it stands, with each name in it in all its spellings. A spelling that counts only
in some articles makes a query of its own, of the runs that count in the same ones.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal as OneOf

from indexer.engine.query import And, Near, Or, Phrase, Query, Run, Scope, Stands
from indexer.errors import QueryError
from indexer.text.units import units
from search_app.query.interpretation import Spelling, all_of
from search_app.query.tree import AllOf, AnyOf, Clause, Close, Node, Often

MOST_RUNS = 64
"""Ways to write one part; what makes more by its names' spellings is looked for in the first of them."""

_ALLOWED = ("疫苗", '"疫苗接种"', "(疫苗 OR 接种)")


@dataclass(frozen=True, slots=True)
class Placed:
    """Ways to write something: runs, those together that count in the same articles, those typed first."""

    groups: tuple[tuple[Query, tuple[Run, ...]], ...]

    @property
    def runs(self) -> tuple[Run, ...]:
        return tuple(run for _, runs in self.groups for run in runs)


Ways = Callable[[Clause], Iterable[Spelling]]
"""How a clause may stand in a text, the way it was typed first."""


def placed(node: Close | Often, ways: Ways) -> Query:
    """The query of an operator. Raises ``QueryError`` ``bad_operand`` for parts that have no place in a text."""
    match node:
        case Often(part, times):
            scope = _scope([part])
            return _each(part, ways, lambda runs: Stands(runs.runs, scope, times))
        case Close(first, second, together, ordered):
            scope = _scope([first, second])
            return _each(
                first,
                ways,
                lambda a: _each(second, ways, lambda b: _near(a, b, together, ordered, scope)),
            )


def in_scope(spellings: Sequence[Spelling], scope: Scope) -> Query:
    """Articles that have one of the spellings there. Raises ``QueryError`` ``bad_operand``."""
    for spelling in filter(_is_open, spellings):
        raise QueryError("bad_operand", field="q", given=spelling.text + "*", allowed=_ALLOWED)
    return _or([all_of((condition, Stands(runs, scope))) for condition, runs in _grouped(spellings).groups])


def _near(
    first: Placed, second: Placed, together: int | OneOf["sentence", "paragraph"], ordered: bool, scope: Scope
) -> Query:
    pairs = product(first.groups, second.groups)
    return _or([all_of((c1, c2, Near(a, b, together, ordered, scope))) for (c1, a), (c2, b) in pairs])


def _each(node: Node, ways: Ways, ask: Callable[[Placed], Query]) -> Query:
    """What is asked of a part: of each of several that all must hold, of all alternatives at once."""
    match node:
        case AllOf(parts):
            return And(tuple(_each(part, ways, ask) for part in parts))
        case AnyOf(parts) if not all(isinstance(part, Clause) for part in parts):
            return _or([_each(part, ways, ask) for part in parts])
        case AnyOf() | Clause():
            clauses = _clauses(node)
            found = [way for clause in clauses for way in islice(ways(clause), MOST_RUNS)]
            if not 0 < len(found) <= MOST_RUNS or any(map(_is_open, found)):
                raise _bad(node)
            return ask(_grouped(found))
        case _:
            raise _bad(node)


def _is_open(spelling: Spelling) -> bool:
    """Whether it ends with the beginning of a word of several letters, which may be any of thousands."""
    return spelling.phrase.prefix and len(spelling.phrase.grams[-1]) > 1


def _bad(node: Node) -> QueryError:
    position = node.start if isinstance(node, Clause) else None
    return QueryError("bad_operand", field="q", given=_text(node), allowed=_ALLOWED, position=position)


def _grouped(spellings: Sequence[Spelling]) -> Placed:
    groups: dict[Query, dict[Run, None]] = {}
    for spelling in spellings:
        phrase = Phrase(spelling.phrase.grams, spelling.phrase.prefix)
        groups.setdefault(spelling.within, {})[Run(phrase, len(units(spelling.text)))] = None
    return Placed(tuple((condition, tuple(runs)) for condition, runs in groups.items()))


def _scope(parts: Iterable[Node]) -> Scope:
    """Where all clauses are looked for. Raises ``QueryError`` ``bad_operand`` where they differ, or are no text."""
    fields = {clause.field: clause for part in parts for clause in _clauses(part)}
    if len(fields) == 1:
        match next(iter(fields)):
            case "":
                return "text"
            case "title":
                return "title"
            case "lead":
                return "lead"
            case _:
                pass
    clause = next((clause for field, clause in fields.items() if field), Clause(""))
    raise _bad(clause)


def _clauses(node: Node) -> list[Clause]:
    match node:
        case Clause():
            return [node]
        case AllOf(parts) | AnyOf(parts):
            return [clause for part in parts for clause in _clauses(part)]
        case _:
            raise _bad(node)


def _text(node: Node) -> str:
    """Words of the question that tell which part is meant."""
    match node:
        case Clause():
            return f"{node.field}:{node.text}" if node.field else node.text + "*" * (node.kind == "prefix")
        case AllOf(parts) | AnyOf(parts):
            return " ".join(map(_text, parts))
        case Close(first, second):
            return f"{_text(first)} … {_text(second)}"
        case _:
            return _text(node.part)


def _or(parts: Sequence[Query]) -> Query:
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
